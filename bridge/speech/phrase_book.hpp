// Lull's sentences in another language. The core speaks English, also into the journal; a phrase book knows its
// sentences as patterns, so that a page can show a night of last year in German, too. Pure: text in, text out.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace lull {

/// "{w} is in bed" -> "{1} ist im Bett". What may stand in a pattern, in the order in which the translation counts it:
///   {n} a number   {d} "20 s", "1 h 5 min"   {c} "22:30"   {w} a name, left as it is   {q} anything, left as it is
///   {b} who asked  {t} a sentence or a part of one, translated by itself  {f} likewise, as it is said after an "if"
/// Of two patterns that fit, the one with more of its own letters is meant; of equals, the earlier in the list.
struct Phrase {
  std::string_view english, other;
};

class PhraseBook {
 public:
  /// `who`: how those who ask are called after "of". `names`: what things are called that are not the household's.
  PhraseBook(std::span<const Phrase> sentences, std::span<const Phrase> who, std::span<const Phrase> names);
  ~PhraseBook();
  PhraseBook(const PhraseBook&) = delete;
  PhraseBook& operator=(const PhraseBook&) = delete;

  /// Nothing: this sentence is not known, in whole or in part. What was asked once is answered from memory; what a
  /// stranger can make up is not to be remembered. From any thread.
  std::optional<std::string> sentence(std::string_view english, bool remember = true) const;
  /// What something is called; a name of the household is left as it is.
  std::string name(std::string_view english) const;
  /// Who asked, as it is called after "of".
  std::string asker(std::string_view english) const;

 private:
  struct Impl;
  struct Memory;
  std::unique_ptr<Impl> impl_;
  std::unique_ptr<Memory> memory_;
};

/// "de"; null for what has no book. English needs none.
const PhraseBook* phrase_book(std::string_view language);
/// The language of Accept-Language (RFC 9110, 12.5.4) that we speak and that is wanted most; of equals the first; "en"
/// when none is.
std::string_view language_of(std::string_view accepted);

/// All sentences of an answer of the API, by the names of its fields. What is not known stays English.
void translate(nlohmann::json& answer, const PhraseBook& book, bool remember = true);

}  // namespace lull
