// One presence sensor as a sleeper's bed knows it: what it said, when, and how long it is usually silent.
#pragma once

#include <optional>

#include "devices/device.hpp"
#include "devices/units.hpp"

namespace lull {

// A sensor that speaks by itself now and then is believed for three of its longest pauses, for two of three heartbeats
// may be lost. One whose rhythm nobody knows yet is believed for as long as Limits::presence_lives.
inline constexpr int kBeatsBelieved = 3;
inline constexpr hours kBeatsWatched{6};  // after so long its longest pause is its rhythm
inline constexpr std::int32_t kBeatsCounted = 6;
inline constexpr hours kBelievedAtLeast{2};

struct PresenceSensor {
  DeviceId device;
  std::optional<bool> said{};
  std::optional<Instant> heard{}, watched_since{};
  milliseconds longest_pause{};
  std::int32_t words = 0;
  bool silent = false;  // it was believed for long enough

  void speaks(bool occupied, Instant now);
  /// For how long its last word holds.
  milliseconds lives(milliseconds at_most) const;
  bool operator==(const PresenceSensor&) const = default;
};

}  // namespace lull
