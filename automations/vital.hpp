// Whether a device is alive: when it last spoke, how long it is usually silent, and what its battery says.
#pragma once

#include <cstdint>
#include <optional>

#include "devices/device.hpp"
#include "devices/units.hpp"

namespace lull {

struct Vital {
  std::optional<Instant> heard{};
  std::optional<Percent> battery{};
  std::optional<Instant> back_since{};       // when it, or its bridge, came back into reach
  std::optional<Instant> bridge_answered{};  // its bridge, when it last said how it is
  bool bridge_healthy = false;
  /// The longest silence between two of its messages lately. Only silences of kPause and more count: a night full of
  /// movement says nothing about how often a sensor speaks when nothing moves.
  milliseconds longest_pause{};
  std::int32_t pauses = 0;     // how many were seen, up to kPausesKnown
  std::optional<Utc> rings{};  // an alarm clock: when next, by its last word; it may be past
  bool operator==(const Vital&) const = default;

  static constexpr minutes kPause{10};
  static constexpr std::int32_t kPausesKnown = 3;

  void hears(Instant now) {
    if (heard && now - *heard >= kPause) {
      // Forgotten by a quarter at each pause: a weekend with the bed unused must not hide a dead battery for a month.
      longest_pause =
          now - *heard > longest_pause ? now - *heard : longest_pause - (longest_pause - (now - *heard)) / 4;
      if (pauses < kPausesKnown) ++pauses;
    }
    heard = now;
  }
};

/// Who comes back may bring what he could not say meanwhile: a bridge flushes its queue at once.
inline constexpr seconds kBackWithBacklog{5};

/// How long this device may be silent before something is wrong with it, by its kind and by what was seen of it.
milliseconds may_be_silent(const Device& device, const Vital& vital);

}  // namespace lull
