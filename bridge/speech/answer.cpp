// Which fields of the API's answers are sentences, and which are names of things.
#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <vector>

#include "bridge/speech/german.hpp"

namespace lull {
namespace {

using Json = nlohmann::json;

constexpr std::array<std::string_view, 26> kSentences{
    "advice",   "by_text",        "counting", "detail",     "disagreement",    "ended_by",
    "estimate", "in_words",       "limits",   "next_text",  "off_because",     "no_figures_because",
    "plan",     "refused_answer", "remarks",  "remedy",     "signs_of_waking", "status_why",
    "text",     "until",          "why",      "heart_text", "reason",          "what",
    "note",     "last_failure"};
constexpr std::array<std::string_view, 3> kCalled{"about", "owner", "step"};
constexpr std::array<std::string_view, 2> kAsked{"asked_by", "door"};

template <std::size_t N>
bool is_among(const std::array<std::string_view, N>& all, std::string_view key) {
  return std::find(all.begin(), all.end(), key) != all.end();
}

/// "night-relief (rule Restless at night)"
std::string owner(const std::string& text, const PhraseBook& book) {
  const std::size_t open = text.rfind(" (");
  if (open == text.npos || !text.ends_with(')')) return book.name(text);
  return text.substr(0, open + 2) + book.name(text.substr(open + 2, text.size() - open - 3)) + ")";
}

void translate(Json& value, std::string_view key, const PhraseBook& book, bool remember) {
  if (value.is_object()) {
    for (auto& [name, part] : value.items()) translate(part, name, book, remember);
  } else if (value.is_array()) {
    for (Json& part : value) translate(part, key, book, remember);
  } else if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    if (is_among(kCalled, key))
      value = owner(text, book);
    else if (is_among(kAsked, key))
      value = book.asker(text);
    else if (is_among(kSentences, key))
      if (auto said = book.sentence(text, remember)) value = *std::move(said);
  }
}

}  // namespace

void translate(Json& answer, const PhraseBook& book, bool remember) { translate(answer, "", book, remember); }

const PhraseBook* phrase_book(std::string_view language) {
  if (language != "de") return nullptr;
  static const PhraseBook book = [] {
    std::vector<Phrase> all;
    for (const auto part : {german::of_decisions(), german::of_devices(), german::of_sleepers(), german::of_the_house(),
                            german::of_the_pages()})
      all.insert(all.end(), part.begin(), part.end());
    return PhraseBook(all, german::who(), german::names());
  }();
  return &book;
}

std::string_view language_of(std::string_view accepted) {
  constexpr std::string_view kOurs[] = {"de", "en"};
  const auto part = [](std::string_view& rest, char mark) {
    const std::string_view one = rest.substr(0, rest.find(mark));
    rest.remove_prefix(std::min(one.size() + 1, rest.size()));
    const std::size_t from = std::min(one.find_first_not_of(" \t"), one.size());
    return one.substr(from, one.find_last_not_of(" \t") + 1 - from);
  };
  std::string_view best = "en";
  double most = 0;
  while (!accepted.empty()) {
    std::string_view range = part(accepted, ',');
    std::string_view tag = part(range, ';');
    double wanted = 1;
    while (!range.empty())
      if (const std::string_view weight = part(range, ';'); weight.starts_with("q=") || weight.starts_with("Q="))
        if (std::from_chars(weight.data() + 2, weight.data() + weight.size(), wanted).ec != std::errc{}) wanted = 0;
    const std::string_view primary = part(tag, '-');
    for (const std::string_view ours : kOurs)
      if (wanted > most && std::equal(primary.begin(), primary.end(), ours.begin(), ours.end(),
                                      [](char a, char b) { return (a | 0x20) == b; }))
        best = ours, most = wanted;
  }
  return best;
}

}  // namespace lull
