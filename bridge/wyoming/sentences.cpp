// A small matcher of Assist's templates, without backtracking: it walks a template once, with all places of the text at
// which it may be.
#include "bridge/wyoming/sentences.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <charconv>
#include <vector>

#include "bridge/wyoming/plain.hpp"

namespace lull {
namespace {

/// What Home Assistant understands itself, and the blueprints therefore leave out.
constexpr std::string_view kOurs =
    "=en stop\n"
    "[please|okay|hey|no] (stop|halt|enough|quit) [it|that|this|stop] [now|please]\n"
    "[please] (turn|switch) (it|that|this) off [now|please]\n"
    "=de stop\n"
    "[bitte|nein] (stopp|stop|stoppen|halt|aufhoeren|schluss|genug|aus) [damit|stopp|stop] [bitte|jetzt|sofort]\n"
    "[bitte] hoer [bitte|jetzt|sofort] auf [damit] [bitte|jetzt|sofort]\n"
    "[bitte] (mach|schalt|schalte) (es|das) [bitte|jetzt] aus [bitte]\n"
    "=en release\n"
    "[please] (turn|switch) on lull [again] [please]\n"
    "[please] (turn|switch) lull on [again] [please]\n"
    "=de release\n"
    "[bitte] (schalt|schalte|mach|mache) [bitte] lull [bitte|wieder] (an|ein) [bitte]\n"
    "lull [bitte|wieder] (an|ein|anschalten|einschalten|anmachen)\n";

constexpr std::array<std::string_view, 14> kWords{"stop_all",   "stop_massage", "heat_off",  "wind_down_stop", "stop",
                                                  "never",      "not_tonight",  "softer",    "stronger",       "longer",
                                                  "last_night", "replay",       "wind_down", "release"};

using Places = std::bitset<kLongestSentence + 1>;

class Matcher {
 public:
  explicit Matcher(std::string_view words) {
    for (std::size_t p = 0; p < words.size(); ++p) {
      const auto c = static_cast<unsigned char>(words[p]);
      if (c < at_.size()) at_[c].set(p);
      if (c == ' ') word_begins_.set(p + 1);
    }
    word_begins_.set(0);
    word_begins_.set(words.size());
    end_ = words.size();
  }
  bool fits(std::string_view form) {
    rest_ = form, depth_ = 0;
    Places begin;
    begin.set(0);
    return choice(begin).test(end_);
  }

 private:
  /// Where one may be behind any of "one|other".
  Places choice(const Places& from) {
    Places reached = sequence(from);
    while (rest_.starts_with('|')) {
      rest_.remove_prefix(1);
      reached |= sequence(from);
    }
    return reached;
  }
  Places sequence(Places at) {
    while (!rest_.empty() && std::string_view("|)]").find(rest_.front()) == std::string_view::npos) {
      const char c = rest_.front();
      rest_.remove_prefix(1);
      if (c != '[' && c != '(') {
        at = behind(at, c);
      } else {
        ++depth_;
        const Places inside = choice(at);
        --depth_;
        if (!rest_.empty()) rest_.remove_prefix(1);
        at = c == '[' ? at | inside : inside;
      }
      if (depth_ == 0 && at.none()) break;  // most are done after a word
    }
    return at;
  }
  /// A blank is where a word begins or ends, be it that the word before it was left out.
  Places behind(const Places& at, char c) const {
    const auto letter = static_cast<unsigned char>(c);
    const Places one = letter < at_.size() ? (at & at_[letter]) << 1 : Places{};
    return c == ' ' ? one | (at & word_begins_) : one;
  }

  std::array<Places, 128> at_{};
  Places word_begins_{};
  std::size_t end_ = 0;
  std::string_view rest_{};
  int depth_ = 0;  // of brackets
};

struct Sentences {
  Said said{};
  std::chrono::minutes more{};
  std::string_view language;
  std::vector<std::string_view> forms{};
};

void read(std::string_view lines, std::vector<Sentences>& all) {
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
    if (!line.starts_with('=')) {
      all.back().forms.push_back(line);
      continue;
    }
    const std::string_view id = line.substr(4), word = id.substr(0, id.find(' '));  // "=en longer 5"
    int more = 0;
    if (word.size() < id.size()) std::from_chars(id.data() + word.size() + 1, id.data() + id.size(), more);
    const auto found = std::find(kWords.begin(), kWords.end(), word);
    const Said said = found == kWords.end() ? Said::never : static_cast<Said>(found - kWords.begin());
    all.push_back({said, std::chrono::minutes{more}, line.substr(1, 2), {}});
  }
}

/// Whatever ends something first.
const std::vector<Sentences>& sentences() {
  static const std::vector<Sentences> all = [] {
    std::vector<Sentences> made;
    read(kSentences, made);
    read(kOurs, made);
    std::stable_sort(made.begin(), made.end(), [](const auto& a, const auto& b) { return a.said < b.said; });
    return made;
  }();
  return all;
}

template <class Wanted>
std::optional<Understood> find(std::string_view words, Wanted&& wanted) {
  if (words.empty() || words.size() > kLongestSentence) return std::nullopt;
  Matcher matcher(words);
  for (const Sentences& s : sentences())
    if (wanted(s) && std::any_of(s.forms.begin(), s.forms.end(), [&](std::string_view f) { return matcher.fits(f); }))
      return Understood{s.said, s.more, s.language};
  return std::nullopt;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string all;
  for (const std::string& part : parts) all += (all.empty() ? "" : " ") + part;
  return all;
}

}  // namespace

std::string_view word_for(Said said) { return kWords[static_cast<std::size_t>(said)]; }

bool matches(std::string_view form, std::string_view words) {
  return !words.empty() && words.size() <= kLongestSentence && Matcher(words).fits(form);
}

std::string_view language_for(std::string_view tag) {
  const std::string main = plain_letters(tag.substr(0, tag.find_first_of("-_")));
  return main == "en" ? "en" : main == "de" ? "de" : "";
}

std::optional<Understood> understand(std::string_view text, std::string_view language) {
  if (text.size() > kLongestText) return std::nullopt;
  const std::vector<std::string> parts = plain_parts(text);
  const std::string whole = joined(parts);
  const auto ends = [](const Sentences& s) { return ends_something(s.said); };
  if (auto stop = find(whole, ends)) return stop;
  for (std::size_t i = 0; i < parts.size() && i < kMostParts; ++i)
    if (auto stop = find(parts[i], ends)) return stop;
  const std::string_view ours = language_for(language);
  return find(whole,
              [&](const Sentences& s) { return !ends_something(s.said) && (language.empty() || s.language == ours); });
}

bool may_be_a_stop(std::string_view text) {
  constexpr std::string_view kEnds[] = {"stop",      "stopp", "stoppe",  "stoppen", "halt", "off",    "aus",
                                        "enough",    "genug", "schluss", "end",     "quit", "cancel", "beende",
                                        "aufhoeren", "auf",   "hot",     "heiss",   "warm", "hurts",  "weh"};
  if (text.size() > kLongestText) return false;
  std::string whole = joined(plain_parts(text));
  for (std::string_view rest = whole; !rest.empty();) {
    const std::string_view word = rest.substr(0, rest.find(' '));
    if (std::find(std::begin(kEnds), std::end(kEnds), word) != std::end(kEnds)) return true;
    rest.remove_prefix(std::min(word.size() + 1, rest.size()));
  }
  return false;
}

}  // namespace lull
