// What one sensor learned of one person's quiet nights: how much movement is usual at this time of night, how often it
// came near to an episode without being one, and what that asks of the threshold. Facts: docs/RESTLESSNESS.md.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "devices/units.hpp"

namespace lull {

/// Times of night, by the local clock: people lie differently before midnight and towards the morning.
inline constexpr std::size_t kParts = 5;
std::int32_t part_of(std::int32_t minute_of_day);
std::string_view words_for_part(std::int32_t part);  // "between 0:00 and 3:00"

/// What was seen in one part of one night, outside of episodes and of everything that is gated.
struct QuietTime {
  std::int32_t seconds = 0, movements = 0;
  std::int32_t near = 0, fired = 0;  // stirs that came within one movement of the need; that reached it and were short
  std::array<std::int32_t, 2> louder{};  // movements of 1.3 and 1.7 times the level that counts
  bool operator==(const QuietTime&) const = default;
};
struct QuietNight {
  std::array<QuietTime, kParts> parts{};
  bool operator==(const QuietNight&) const = default;
};

/// A sensor's baseline. Bounded: 14 nights, and it can only ever ask for a little more than the default.
struct Baseline {
  static constexpr std::size_t kMostNights = 14, kLeastNights = 3;
  static constexpr std::int32_t kMostRaised = 1;
  static constexpr std::int32_t kALittle = 3 * 3600;  // less of a night was watched: not a night

  std::deque<QuietNight> nights{};  // finished ones, the oldest first
  QuietNight tonight{};
  std::array<std::int32_t, kParts> raise{};  // what it asks for above the default need, by part of the night
  double level = 1;                          // and times the default level; minute counts only, 1 to 1.7
  bool operator==(const Baseline&) const = default;

  bool knows() const { return nights.size() >= kLeastNights; }
  /// Quiet movements an hour in this part of the night (nothing = not known yet).
  std::optional<double> usual_an_hour(std::int32_t part) const;
  /// The night is over: it counts if enough of it was watched by a sensor that can be believed.
  void end_night(std::int32_t need, bool slow);
  /// Makes `raise` and `level` anew from the nights.
  void settle(std::int32_t need, bool slow);
};

}  // namespace lull
