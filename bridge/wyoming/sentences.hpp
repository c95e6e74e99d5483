// Which wish a sentence is, by the very sentences that are shipped for Assist (docs/home_assistant/blueprints): they
// are packed into the program while it is compiled, so that both roads understand the same. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lull {

/// In the order in which a sentence is judged: whatever ends something first, then what must begin nothing.
enum class Said : std::uint8_t {
  stop_all,
  stop_massage,
  heat_off,
  wind_down_stop,
  stop,  // nothing but that: of what massages and what warms. Here there is nobody else whom it could mean
  never,
  not_tonight,
  softer,
  stronger,
  longer,
  last_night,
  replay,
  wind_down,
  release,
};
std::string_view word_for(Said said);
constexpr bool ends_something(Said said) { return said <= Said::stop; }

struct Understood {
  Said said{};
  std::chrono::minutes more{};     // longer
  std::string_view language = {};  // of the sentence: "en", "de"
  bool operator==(const Understood&) const = default;
};

inline constexpr std::size_t kLongestSentence = 200;  // letters of one, or of a part of one
inline constexpr std::size_t kMostParts = 12;         // that are looked through for a stop
inline constexpr std::size_t kLongestText = 2000;     // bytes; of more nobody expects to be understood

/// Nothing: no sentence of ours. A language of ours ("de", "de-AT") is the only one in which something may begin; of
/// another ("fr") none is, and of none ("") any. A stop is one in every language, and also as a part of what is said:
/// "Ow. Stop the massage, please!"
std::optional<Understood> understand(std::string_view text, std::string_view language);

/// Whether one of its words is about an end, or a bed too hot: who is not understood then must hear it.
bool may_be_a_stop(std::string_view text);

/// Which of our languages that is: "de-AT" is "de". "" for another.
std::string_view language_for(std::string_view tag);

/// Whether those words (plain.hpp) are one of a template's sentences: "(stop|end) [the|my] massage".
bool matches(std::string_view form, std::string_view words);

/// The packed sentences: "=en stop_massage", then its templates, a line each, in plain letters.
extern const std::string_view kSentences;

}  // namespace lull
