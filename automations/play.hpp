// A routine that is playing: where it is on its time line, and who asked for it.
#pragma once

#include <optional>
#include <string>

#include "automations/routines/score.hpp"
#include "devices/event.hpp"
#include "devices/units.hpp"

namespace lull {

inline constexpr std::size_t kMaxPlays = 8;
inline constexpr minutes kMaxExtension{60};
inline constexpr minutes kPauseEnds{15};  // whoever paused it may have fallen asleep: then the play is over

struct Play {
  std::string routine;
  Door door{};
  std::string by;  // "rule Bedtime", "voice"
  std::optional<std::size_t> rule{};
  Instant began;
  milliseconds elapsed{};   // on the score's time line
  milliseconds hold{};      // extension that is still to be spent at `elapsed`
  milliseconds extended{};  // in all, at most kMaxExtension
  milliseconds ran{};       // real time it played, without its pauses
  bool paused = false;
  milliseconds paused_for{};    // this pause so far
  bool replay = false;          // a rule on restlessness began it: somebody is asleep (night_replay.cpp)
  bool spoken = false;          // a voice began it or made it go on, or may have: the same for its heat
  Percent strength = 100_pct;   // softer and stronger
  milliseconds words_upto{-1};  // words until here were said
  bool operator==(const Play&) const = default;
};

}  // namespace lull
