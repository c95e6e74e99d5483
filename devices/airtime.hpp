// How much may be said on one radio network, so that a wave on ten pads never floods it and an OFF finds it free.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "devices/units.hpp"

namespace lull {

/// The air of one bridge. A Zigbee coordinator loses messages beyond some five a second, and a queue would send old
/// ones late. So nothing is queued here: who is told to wait asks again with whatever is wanted then, and the newest
/// wins. OFF needs no permission; it is only counted, and what waits then waits longer.
class Airtime {
 public:
  static constexpr std::size_t kASecond = 3;
  static constexpr seconds kIdleAskEvery{10};

  /// Whether one more message may leave now.
  bool free(Instant now) const { return !oldest() || now - *oldest() >= 1s; }
  /// One left, with permission or without.
  void took(Instant now) {
    last_[static_cast<std::size_t>(next_)] = now;
    next_ = (next_ + 1) % static_cast<std::int32_t>(kASecond);
  }
  /// Whether a device that does nothing may be asked what it does. Counts it, too.
  bool may_ask_idle(Instant now) {
    if (!free(now) || (idle_asked_ && now - *idle_asked_ < kIdleAskEvery)) return false;
    idle_asked_ = now;
    took(now);
    return true;
  }

  bool operator==(const Airtime&) const = default;

  const std::optional<Instant>& oldest() const { return last_[static_cast<std::size_t>(next_)]; }

  // For the snapshot only.
  std::array<std::optional<Instant>, kASecond> last_{};  // a ring; `next_` is the oldest
  std::int32_t next_ = 0;
  std::optional<Instant> idle_asked_{};
};

}  // namespace lull
