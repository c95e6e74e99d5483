// The heart beside the movements: whether somebody who moves is rather awake. An optional witness, never a reason to
// act: it only takes part in the estimate of what a movement may be.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "devices/units.hpp"

namespace lull {

struct HeartSample {
  Instant at;
  std::int32_t bpm = 0;
  bool operator==(const HeartSample&) const = default;
};

/// One sleeper's heart rate of this night. A gap is no rate: nothing is carried on, and nothing is guessed.
struct Heart {
  static constexpr std::size_t kMost = 40;  // samples of the last minutes; more are thinned
  static constexpr std::int32_t kFirst = 30, kWidth = 2;

  std::deque<HeartSample> recent{};
  std::optional<Instant> heard{}, unchanged_since{};
  std::array<std::int32_t, 50> quiet{};  // minutes without a movement, by their rate: from kFirst, kWidth each
  std::int32_t minutes_in_bed = 0, minutes_known = 0;  // tonight

  void hear(std::int32_t bpm, Instant at);
  /// A minute in bed is over. `was_quiet`: nothing moved in it, and it could be seen.
  void minute(bool was_quiet, Instant now);
  void end_night() { *this = {}; }

  /// The median of the last minutes; nothing while it is silent, too seldom or stuck.
  std::optional<std::int32_t> rate(Instant now) const;
  /// The lower quartile of tonight's quiet minutes; nothing before there are twenty.
  std::optional<std::int32_t> resting() const;
  bool operator==(const Heart&) const = default;
};

/// What it speaks for: awake, asleep, or nothing.
enum class HeartSays : std::uint8_t { nothing, awake, asleep };
HeartSays says(const Heart& heart, Instant now);
/// "heart rate 66, 54 when quiet tonight; known in 97 % of tonight"; "" = none ever spoke.
std::string heart_text(const Heart& heart, Instant now);
/// Percent of tonight's minutes in bed in which the rate was known.
std::optional<double> heart_coverage(const Heart& heart);

}  // namespace lull
