// What was said, made plain enough to be compared letter by letter: however a speech to text, a keyboard or another
// alphabet of blanks wrote it. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lull {

/// Letters small, ä ö ü ß as ae oe ue ss (also where the dots are a character of their own); everything else stays.
std::string plain_letters(std::string_view utf8);

/// The words of each sentence or part of one, a single blank between them, without punctuation: "Nicht so fest, bitte!"
/// is {"nicht so fest", "bitte"}. What is no UTF-8 has none.
std::vector<std::string> plain_parts(std::string_view utf8);

}  // namespace lull
