// The one clock of the program. Everything else is told the time inside an event.
#pragma once

#include <memory>

#include "devices/units.hpp"

namespace lull {

/// Real time, or a simulated night that runs faster. Not steady_clock, which stands still while Linux is suspended: a
/// lease of five minutes would look fresh after an hour with the lid closed. Copies of a simulated clock are one clock.
class Clock {
 public:
  Clock() = default;
  /// A simulated clock: it shows `begins` now and runs `speed` times faster than the world.
  Clock(Utc begins, double speed);

  Instant now() const;  // CLOCK_BOOTTIME; simulated: as if the machine had been booted an hour before `begins`
  Utc utc() const;
  /// How long the machine was suspended since it was booted, in all.
  static milliseconds asleep();
  bool simulated() const { return run_ != nullptr; }
  double speed() const;
  /// How long the world must be waited for until the clock shows `then`.
  std::chrono::microseconds until(Instant then) const;
  /// A simulated clock goes at least this slowly from now on, or at its own speed again. True when that is a change.
  /// Messages take real time: at 180 times life the 12 s that a device has to answer would be 67 ms.
  bool slow_down(bool slow);
  /// From now on as fast as this. True when that is a change.
  bool go_at(double speed);

 private:
  struct Run {
    Instant real_begin, begin;
    milliseconds utc_minus_boot;
    double full_speed, speed;
  };
  std::shared_ptr<Run> run_;
};

}  // namespace lull
