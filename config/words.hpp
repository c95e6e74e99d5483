// Words for people: the nearest known name, ids made from names, texts that can be shown.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lull::config {

/// The first byte that is not part of valid UTF-8, or the text's size.
std::size_t first_bad_utf8(std::string_view text);
/// How many characters it has (code points).
std::size_t length_of(std::string_view utf8);

/// In quotes, cut to 60 characters, control characters shown as a dot.
std::string in_quotes(std::string_view text);
/// "a", "a or b", "a, b or c"
std::string listed(const std::vector<std::string>& words, std::string_view last = " or ");

/// The known word nearest to this one (case apart), or nothing when none is near enough to be meant.
std::string nearest(std::string_view word, const std::vector<std::string>& known);
/// "; did you mean "Bedside lamp"?", or "".
std::string did_you_mean(std::string_view word, const std::vector<std::string>& known);

/// An id from a name: lower case, [a-z0-9_], accents and umlauts as their usual letters, at most 40 characters.
/// "Ana's Fußwärmer" becomes "ana_s_fusswaermer". Empty when nothing of the name can be written so.
std::string slug(std::string_view name);

}  // namespace lull::config
