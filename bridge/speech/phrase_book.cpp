// Patterns are tried the most particular first; parts of sentences are found by trying where the next letters stand.
#include "bridge/speech/phrase_book.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

namespace lull {
namespace {

constexpr std::size_t kLongest = 2000;     // bytes of a sentence
constexpr std::size_t kRemembered = 2048;  // sentences in each of two generations
constexpr std::size_t kParts = 600;        // of one, that are looked at before it is given up: ours have some fifty

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_number(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return !text.empty() && is_digit(text.front()) && is_digit(text.back()) &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || c == '.'; });
}
bool is_clock(std::string_view text) {
  const std::size_t colon = text.find(':');
  return (colon == 1 || colon == 2) && text.size() == colon + 3 && is_digit(text[0]) && is_digit(text[colon + 1]) &&
         is_digit(text[colon + 2]);
}
/// "20 s", "4 min 30 s", "1 h"
bool is_span(std::string_view text) {
  while (!text.empty()) {
    const std::size_t gap = text.find(' ');
    if (gap == text.npos || !is_number(text.substr(0, gap))) return false;
    text.remove_prefix(gap + 1);
    const std::string_view unit = text.substr(0, text.find(' '));
    if (unit != "s" && unit != "min" && unit != "h") return false;
    text.remove_prefix(std::min(unit.size() + 1, text.size()));
  }
  return true;
}
/// A name has no mark that parts sentences: else it would swallow one that nobody translated.
bool is_name(std::string_view text) {
  constexpr std::string_view kNone[] = {", ",   "; ",    ": ",   ". ",      "\"",      " is ",    " was ",
                                        " it ", " has ", " if ", " after ", " would ", " asked ", " between "};
  return !text.empty() && text.size() <= 120 && text.front() != ' ' &&
         std::string_view(" .,;:").find(text.back()) == std::string_view::npos &&
         std::none_of(std::begin(kNone), std::end(kNone),
                      [&](std::string_view mark) { return text.find(mark) != text.npos; });
}

struct Pattern {
  std::vector<std::string_view> letters;  // one more than there are slots
  std::string slots;
  std::size_t own = 0;
  std::string_view other;
};
Pattern parsed(const Phrase& phrase) {
  Pattern p;
  p.other = phrase.other;
  std::string_view rest = phrase.english;
  for (;;) {
    std::size_t at = rest.find('{');
    while (at != rest.npos && (at + 2 >= rest.size() || rest[at + 2] != '}')) at = rest.find('{', at + 1);
    p.letters.push_back(rest.substr(0, at));
    p.own += p.letters.back().size();
    if (at == rest.npos) return p;
    p.slots += rest[at + 1];
    rest.remove_prefix(at + 3);
  }
}

std::string with_comma(std::string_view number) {
  std::string text(number);
  std::replace(text.begin(), text.end(), '.', ',');
  return text;
}

}  // namespace

struct PhraseBook::Impl {
  std::vector<Pattern> patterns{};
  /// By the first letter of a sentence, in their order; those that begin with a slot are in each.
  std::array<std::vector<const Pattern*>, 256> beginning_with{};
  std::unordered_map<std::string_view, std::string_view> who{}, names{};

  struct Asked : std::unordered_map<std::string_view, std::optional<std::string>> {
    std::deque<std::string> made{};  // what was asked for beyond the parts of the text itself
  };

  std::optional<std::string> part(char slot, std::string_view text, Asked& asked) const {
    const auto if_so = [&](bool is) { return is ? std::optional(std::string(text)) : std::nullopt; };
    switch (slot) {
      case 'n': return is_number(text) ? std::optional(with_comma(text)) : std::nullopt;
      case 'd': return if_so(is_span(text));
      case 'c': return if_so(is_clock(text));
      case 'w': return is_name(text) ? std::optional(name(text)) : std::nullopt;
      case 'q': return if_so(true);
      case 'b': {
        const auto found = who.find(text);
        if (found != who.end()) return std::string(found->second);
        return is_name(text) ? std::optional(name(text)) : std::nullopt;
      }
      case 'f':
        return text.empty() ? std::nullopt : sentence(asked.made.emplace_back("if " + std::string(text)), asked);
      default: return text.empty() ? std::nullopt : sentence(text, asked);
    }
  }

  /// The slots from `i` on, of which the text from `from` on is made.
  bool fill(const Pattern& p, std::size_t i, std::string_view text, std::vector<std::string>& parts,
            Asked& asked) const {
    if (i == p.slots.size()) return text.empty();
    const std::string_view next = p.letters[i + 1];
    const bool last = i + 1 == p.slots.size();
    for (std::size_t at = last ? text.size() - std::min(next.size(), text.size()) : 0;; ++at) {
      at = next.empty() ? (last ? text.size() : at) : text.find(next, at);
      if (at == text.npos || at > text.size()) return false;
      if (auto one = part(p.slots[i], text.substr(0, at), asked)) {
        parts.resize(i);
        parts.push_back(*std::move(one));
        if (fill(p, i + 1, text.substr(at + next.size()), parts, asked)) return true;
      }
      if (last) return false;
    }
  }

  static bool may_fit(const Pattern& p, std::string_view text) {
    if (text.size() < p.own || !text.starts_with(p.letters.front()) || !text.ends_with(p.letters.back())) return false;
    std::size_t at = 0;
    for (const std::string_view letters : p.letters) {
      at = text.find(letters, at);
      if (at == text.npos) return false;
      at += letters.size();
    }
    return true;
  }

  static std::string filled(const Pattern& p, const std::vector<std::string>& parts) {
    std::string out;
    for (std::size_t i = 0; i < p.other.size(); ++i) {
      if (p.other[i] != '{' || i + 2 >= p.other.size() || !is_digit(p.other[i + 1])) {
        out += p.other[i];
        continue;
      }
      out += parts[static_cast<std::size_t>(p.other[i + 1] - '1')];
      i += 2;
    }
    return out;
  }

  std::optional<std::string> sentence(std::string_view text, Asked& asked) const {
    if (const auto found = asked.find(text); found != asked.end()) return found->second;
    if (asked.size() >= kParts) return std::nullopt;
    asked[text] = std::nullopt;  // it is no part of itself
    std::vector<std::string> parts;
    if (text.empty()) return std::nullopt;
    for (const Pattern* p : beginning_with[static_cast<unsigned char>(text.front())]) {
      if (!may_fit(*p, text)) continue;
      parts.clear();
      if (fill(*p, 0, text.substr(p->letters.front().size()), parts, asked)) return asked[text] = filled(*p, parts);
    }
    return std::nullopt;
  }

  std::string name(std::string_view text) const {
    const auto found = names.find(text);
    if (found != names.end()) return std::string(found->second);
    if (const std::size_t at = text.rfind(", "); at != text.npos && names.contains(text.substr(at + 2)))
      return name(text.substr(0, at)) + ", " + name(text.substr(at + 2));  // "Ana, measured"
    if (const std::size_t at = text.find(" and "); at != text.npos) {  // "dimming and warmth", but not "Ana and Ben"
      const std::string_view first = text.substr(0, at), rest = text.substr(at + 5);
      if (const std::string other = names.contains(first) ? name(rest) : std::string(rest); other != rest)
        return name(first) + " und " + other;
    }
    for (const auto& [english, other] : names) {  // "rule Bedtime"
      if (english.ends_with(' ') && text.size() > english.size() && text.starts_with(english))
        return std::string(other) + name(text.substr(english.size()));
    }
    return std::string(text);
  }
};

/// Two generations: when the newer is full the older goes. Who asks for one of the older moves it into the newer, so a
/// long night that somebody looks at does not push out what the state says all the time. Locked for a look only: the
/// loop, where a STOP may be waiting, never waits for a sentence that a worker makes.
struct PhraseBook::Memory {
  using Sentences = std::unordered_map<std::string, std::optional<std::string>>;
  std::mutex guard{};
  Sentences newer{}, older{};

  const std::optional<std::string>* find(const std::string& english) {
    if (const auto found = newer.find(english); found != newer.end()) return &found->second;
    const auto found = older.find(english);
    if (found == older.end()) return nullptr;
    return put(english, std::move(found->second));
  }
  const std::optional<std::string>* put(const std::string& english, std::optional<std::string> said) {
    if (newer.size() >= kRemembered) older = std::exchange(newer, {});
    return &newer.insert_or_assign(english, std::move(said)).first->second;
  }
};

PhraseBook::PhraseBook(std::span<const Phrase> sentences, std::span<const Phrase> who, std::span<const Phrase> names)
    : impl_(std::make_unique<Impl>()), memory_(std::make_unique<Memory>()) {
  for (const Phrase& phrase : sentences) impl_->patterns.push_back(parsed(phrase));
  std::stable_sort(impl_->patterns.begin(), impl_->patterns.end(),
                   [](const Pattern& a, const Pattern& b) { return a.own > b.own; });
  for (const Pattern& pattern : impl_->patterns)
    for (std::size_t first = 0; first < impl_->beginning_with.size(); ++first)
      if (pattern.letters.front().empty() || static_cast<unsigned char>(pattern.letters.front().front()) == first)
        impl_->beginning_with[first].push_back(&pattern);
  for (const Phrase& phrase : who) impl_->who.emplace(phrase.english, phrase.other);
  for (const Phrase& phrase : names) impl_->names.emplace(phrase.english, phrase.other);
}
PhraseBook::~PhraseBook() = default;

std::optional<std::string> PhraseBook::sentence(std::string_view english, bool remember) const {
  if (english.size() > kLongest) return std::nullopt;
  const std::string key(english);
  {
    const std::lock_guard lock(memory_->guard);
    if (const auto* known = memory_->find(key)) return *known;
  }
  Impl::Asked asked;
  auto said = impl_->sentence(english, asked);
  if (remember) {
    const std::lock_guard lock(memory_->guard);
    memory_->put(key, said);
  }
  return said;
}
std::string PhraseBook::name(std::string_view english) const { return impl_->name(english); }
std::string PhraseBook::asker(std::string_view english) const {
  const auto found = impl_->who.find(english);
  return found == impl_->who.end() ? name(english) : std::string(found->second);
}

}  // namespace lull
