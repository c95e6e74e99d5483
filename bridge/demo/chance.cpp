// Chance from a seed: xoshiro256** and what we make of its bits.
#include "bridge/demo/chance.hpp"

#include <bit>
#include <cmath>

namespace lull::demo {

Chance::Chance(std::uint64_t seed, std::uint64_t stream) {
  std::uint64_t x = seed * 0x9e3779b97f4a7c15u + stream * 0xd1b54a32d192ed03u;
  for (auto& word : state_) {
    x += 0x9e3779b97f4a7c15u;
    std::uint64_t z = x;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    word = z ^ (z >> 31);
  }
}

std::uint64_t Chance::bits() {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t t = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= t;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

int Chance::whole(int low, int high) { return low + static_cast<int>(uniform() * (high - low + 1)); }

double Chance::exponential(double mean) { return -mean * std::log(1.0 - uniform()); }

double Chance::normal(double mean, double deviation) {
  double sum = -6.0;
  for (int i = 0; i < 12; ++i) sum += uniform();
  return mean + deviation * sum;
}

}  // namespace lull::demo
