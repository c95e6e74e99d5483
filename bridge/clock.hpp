// The one clock of the program. Everything else is told the time inside an event.
#pragma once

#include "devices/units.hpp"

namespace lull {

/// Real time, or a simulated night that runs faster. Not steady_clock, which stands still while Linux is suspended: a
/// lease of five minutes would look fresh after an hour with the lid closed.
class Clock {
 public:
  Clock() = default;
  /// A simulated clock: it shows `begins` now and runs `speed` times faster than the world.
  Clock(Utc begins, double speed);
  Instant now() const;  // CLOCK_BOOTTIME; simulated: as if the machine had been booted an hour before `begins`
  Utc utc() const;
  double speed() const { return speed_; }
  /// How long the world must be waited for until the clock shows `then`.
  std::chrono::microseconds until(Instant then) const;

 private:
  Instant real_begin_{}, begin_{};
  Utc utc_begin_{};
  double speed_ = 1;
};

}  // namespace lull
