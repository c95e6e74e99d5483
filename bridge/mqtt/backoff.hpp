// How long to wait before the next attempt: a quick first one, then longer and longer, up to a bound.
#pragma once

#include <algorithm>
#include <chrono>

namespace lull {

class Backoff {
 public:
  using milliseconds = std::chrono::milliseconds;
  Backoff(milliseconds first, milliseconds second, milliseconds longest)
      : first_(first), second_(second), longest_(longest), next_(first) {}
  milliseconds next() {
    const milliseconds now = next_;
    next_ = now == first_ ? second_ : std::min(now * 2, longest_);
    return now;
  }
  void reset() { next_ = first_; }

 private:
  milliseconds first_, second_, longest_, next_;
};

}  // namespace lull
