// Chance from a seed: the same numbers on every machine, which the distributions of <random> do not promise.
#pragma once

#include <cstdint>

namespace lull::demo {

/// xoshiro256** (Blackman and Vigna), seeded by splitmix64. `stream` keeps the parts of a bedroom apart: a lost message
/// more must not change how its sleeper sleeps.
class Chance {
 public:
  Chance(std::uint64_t seed, std::uint64_t stream);

  std::uint64_t bits();
  /// 0 <= x < 1, in steps of 2^-53.
  double uniform() { return static_cast<double>(bits() >> 11) * 0x1p-53; }
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  /// low..high, both possible.
  int whole(int low, int high);
  bool happens(double probability) { return uniform() < probability; }
  double exponential(double mean);
  /// Twelve uniforms added up: near enough to a bell, never beyond 6 deviations, and free of libm.
  double normal(double mean, double deviation);

 private:
  std::uint64_t state_[4];
};

}  // namespace lull::demo
