// The two now() of the program: since boot, and since 1970.
#include "bridge/clock.hpp"

#include <time.h>

#include <algorithm>

namespace lull {
namespace {

std::chrono::nanoseconds read(clockid_t which) {
  timespec t{};
  clock_gettime(which, &t);
  return std::chrono::seconds{t.tv_sec} + std::chrono::nanoseconds{t.tv_nsec};
}
Instant real() { return {duration_cast<milliseconds>(read(CLOCK_BOOTTIME))}; }

}  // namespace

Clock::Clock(Utc begins, double speed) : real_begin_(real()), begin_{1h}, utc_begin_(begins), speed_(speed) {}

Instant Clock::now() const {
  if (begin_ == Instant{}) return real();
  const double passed = static_cast<double>((real() - real_begin_).count()) * speed_;
  return begin_ + milliseconds{static_cast<std::int64_t>(passed)};
}

Utc Clock::utc() const {
  if (begin_ == Instant{}) return {duration_cast<milliseconds>(read(CLOCK_REALTIME))};
  return utc_begin_ + (now() - begin_);
}

std::chrono::microseconds Clock::until(Instant then) const {
  const auto wait = static_cast<double>((then - now()).count()) * 1000.0 / speed_;
  return std::chrono::microseconds{static_cast<std::int64_t>(std::max(0.0, wait))};
}

}  // namespace lull
