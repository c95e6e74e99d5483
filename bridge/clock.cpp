// The two now() of the program: since boot, and since 1970.
#include "bridge/clock.hpp"

#include <time.h>

#include <algorithm>

namespace lull {
namespace {

constexpr double kSlow = 20;  // 12 s are 600 ms of the world

std::chrono::nanoseconds read(clockid_t which) {
  timespec t{};
  clock_gettime(which, &t);
  return std::chrono::seconds{t.tv_sec} + std::chrono::nanoseconds{t.tv_nsec};
}
Instant real() { return {duration_cast<milliseconds>(read(CLOCK_BOOTTIME))}; }

}  // namespace

milliseconds Clock::asleep() { return duration_cast<milliseconds>(read(CLOCK_BOOTTIME) - read(CLOCK_MONOTONIC)); }

Clock::Clock(Utc begins, double speed)
    : run_(std::make_shared<Run>(Run{real(), Instant{1h}, begins.since_epoch - milliseconds{1h}, speed, speed})) {}

double Clock::speed() const { return run_ ? run_->speed : 1; }

Instant Clock::now() const {
  if (!run_) return real();
  const double passed = static_cast<double>((real() - run_->real_begin).count()) * run_->speed;
  return run_->begin + milliseconds{static_cast<std::int64_t>(passed)};
}

Utc Clock::utc() const {
  if (!run_) return {duration_cast<milliseconds>(read(CLOCK_REALTIME))};
  return {now().since_boot + run_->utc_minus_boot};
}

std::chrono::microseconds Clock::until(Instant then) const {
  const auto wait = static_cast<double>((then - now()).count()) * 1000.0 / speed();
  return std::chrono::microseconds{static_cast<std::int64_t>(std::max(0.0, wait))};
}

bool Clock::go_at(double speed) {
  if (!run_) return false;
  run_->full_speed = speed;
  return slow_down(speed > kSlow && run_->speed == kSlow);
}

bool Clock::slow_down(bool slow) {
  if (!run_) return false;
  const double wanted = slow ? std::min(kSlow, run_->full_speed) : run_->full_speed;
  if (wanted == run_->speed) return false;
  const Instant here = now();
  run_->real_begin = real();
  run_->begin = here;
  run_->speed = wanted;
  return true;
}

}  // namespace lull
