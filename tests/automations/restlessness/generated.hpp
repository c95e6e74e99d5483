// Nights of our own making, with other statistics than any recording: people, beds, partners and radios that differ.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <random>
#include <vector>

#include "measure.hpp"

namespace lull::measure {

/// What kind of person sleeps in what kind of bed.
struct Household {
  const char* name;
  double quiet_an_hour = 9;    // single movements in quiet sleep
  double turns_an_hour = 1.5;  // long ones, 5 to 25 s
  double strength = 1;         // of every movement
  double interval = 28;        // median seconds between an episode's movements
  double spread = 0.4;         // of its logarithm
  double noise = 1;            // of every sensor
  double partner = 0;          // 1: somebody else moves as much in the same bed
  double lost = 0.01;          // messages that never arrive
};
inline constexpr Household kHouseholds[] = {
    {.name = "as the book says"},
    {.name = "lively sleeper", .quiet_an_hour = 16, .turns_an_hour = 3},
    {.name = "faint, slow legs", .quiet_an_hour = 7, .strength = 0.5, .interval = 34, .spread = 0.3},
    {.name = "noisy sensor, poor radio", .noise = 3, .lost = 0.08},
    {.name = "with a partner", .partner = 1},
};

/// std's distributions differ between standard libraries; these do not, so a seed is the same night everywhere.
struct Dice {
  std::mt19937 engine;
  double flat() { return (static_cast<double>(engine()) + 0.5) / 4294967296.0; }
  double between(double low, double high) { return low + flat() * (high - low); }
  double normal() { return std::sqrt(-2 * std::log(flat())) * std::cos(2 * std::numbers::pi * flat()); }
  double exponential(double mean) { return -mean * std::log(flat()); }
};

/// The truth of one night: how strongly the sleeper and the partner move, second by second.
struct Truth {
  Night night;  // without samples
  std::vector<float> self, other;
  Household home;
};

inline Truth generate(const Household& home, unsigned seed) {
  Dice dice{std::mt19937{seed * 7919 + 17}};
  constexpr int kSeconds = 7 * 3600;
  Truth truth{{}, std::vector<float>(kSeconds), std::vector<float>(kSeconds), home};
  Night& night = truth.night;
  night.occupied.assign(kSeconds, true), night.pad.assign(kSeconds, false);
  night.onset = static_cast<int>(dice.between(600, 2400)),
  night.wake = kSeconds - static_cast<int>(dice.between(200, 1500));

  const auto move = [&](std::vector<float>& who, double at, double length, double strong) {
    for (int t = static_cast<int>(at); t < at + length && t < kSeconds; ++t) {
      const double shape = 0.3 + std::sin(std::numbers::pi * (t - at + 0.5) / (length + 1));
      auto& cell = who[static_cast<std::size_t>(std::max(0, t))];
      cell = static_cast<float>(std::max<double>(static_cast<double>(cell), strong * shape * dice.between(0.6, 1.4)));
    }
  };
  const auto strong = [&](double mean) { return mean * home.strength * std::exp(0.5 * dice.normal()); };
  const auto sleep = [&](std::vector<float>& who) {
    for (double t = dice.exponential(3600 / home.quiet_an_hour); t < kSeconds;
         t += dice.exponential(3600 / home.quiet_an_hour))
      move(who, t, dice.between(0.6, 4), strong(28));
    for (double t = dice.exponential(3600 / home.turns_an_hour); t < kSeconds;
         t += dice.exponential(3600 / home.turns_an_hour))
      move(who, t, dice.between(5, 25), strong(90));
    for (double t = 0; t < night.onset; t += dice.exponential(45)) move(who, t, dice.between(1, 15), strong(60));
    for (double t = night.wake; t < kSeconds; t += dice.exponential(30)) move(who, t, dice.between(1, 15), strong(80));
    for (int n = 0; n < 2; ++n) {  // awake for a minute and a half
      const double from = dice.between(night.onset + 900, night.wake - 900);
      night.awake.push_back({static_cast<int>(from), static_cast<int>(from) + 90, false});
      for (double t = from; t < from + 90; t += dice.exponential(14)) move(who, t, dice.between(1, 8), strong(70));
    }
  };
  sleep(truth.self);
  if (home.partner > 0) sleep(truth.other);

  const int episodes = static_cast<int>(dice.between(0, 3.999));
  for (int n = 0; n < episodes; ++n) {  // one in each part of the night, so that they never touch
    const double part = (night.wake - night.onset - 1200.0) / 3;
    const double length = dice.between(480, std::min(1500.0, part - 700));
    const double from = night.onset + 900 + n * part + dice.between(0, part - length - 600);
    const bool fidgets = dice.flat() < 0.3;
    for (double t = from; t < from + length;) {
      const double lasts = fidgets ? dice.between(1, 12) : dice.between(0.7, 4);
      move(truth.self, t, lasts, strong(40));
      t += lasts + (fidgets ? 6 + dice.exponential(home.interval * 0.7)
                            : std::clamp(home.interval * std::exp(home.spread * dice.normal()) - lasts, 5.0, 90.0));
    }
    night.episodes.push_back({static_cast<int>(from), static_cast<int>(from + length), false});
  }
  return truth;
}

/// One sensor beside that bed. Call it once a second, in order; a running pad shakes it too.
struct Sensor {
  Stream stream;
  int epoch = 1;
  int hold_off = 0;
  Dice dice;
  double radar = 0, sum = 0;
  int deaf_until = 0;

  std::optional<MovementSample> sense(const Truth& truth, int t, bool pad) {
    const auto i = static_cast<std::size_t>(t);
    const double shaken = pad ? dice.between(40, 90) : 0;
    const double self = std::max(static_cast<double>(truth.self[i]), shaken);
    const double other = static_cast<double>(truth.other[i]), noise = truth.home.noise;
    const auto sample = [&]() -> std::optional<MovementSample> {
      switch (stream) {
        case Stream::counts:  // on the leg: hardly feels a partner
          sum += std::max(0.0, self + 0.08 * other - 2 + noise * 0.5 * std::abs(dice.normal()));
          if ((t + 1) % epoch) return {};
          return Counts{static_cast<std::int32_t>(std::exchange(sum, 0.0))};
        case Stream::acceleration: {
          const double rms = std::hypot(1.5 * noise * dice.between(0.8, 1.2), 1.3 * self + 0.05 * other);
          if (rms < 15 && t % 10) return {};
          return LegAcceleration{rms, 2.5 * rms, 25};
        }
        case Stream::radar:
          radar = std::max({0.72 * radar, 1.1 * self, 0.35 * other, noise * 1.5 * dice.flat()});
          return RadarMovement{static_cast<std::int32_t>(std::min(100.0, radar))};
        case Stream::load:
          return LoadVariance{0.012 * noise * dice.between(0.3, 1.8) + std::pow(self / 38, 2) +
                              std::pow(other / 110, 2)};
        case Stream::vibration:
          if (self + 0.3 * other < 14 || t < deaf_until) return {};
          deaf_until = t + hold_off;
          return Vibration{};
        default: return {};
      }
    }();
    return dice.flat() < truth.home.lost ? std::nullopt : sample;
  }
};

/// Plays one night to a detector, which may start a pad for `relief` seconds ten seconds after it said "restless".
inline std::vector<int> play(Detector detector, Truth& truth, Sensor sensor, int relief = 0,
                             std::optional<Sensor> second = {}) {
  std::vector<int> on;
  int pad_from = 0, pad_until = 0;
  for (int t = 0; t < static_cast<int>(truth.self.size()); ++t) {
    const auto i = static_cast<std::size_t>(t);
    const bool pad = t >= pad_from && t < pad_until;
    truth.night.pad[i] = pad;
    const Instant now = at_second(t);
    detector.presence(true, now);
    if (pad) detector.pad_runs(now);
    if (const auto sample = sensor.sense(truth, t, pad)) detector.hear({0}, *sample, now);
    if (second)
      if (const auto sample = second->sense(truth, t, pad)) detector.hear({1}, *sample, now);
    const auto change = detector.tick(now);
    if (!change || !change->restless) continue;
    on.push_back(t);
    if (relief) pad_from = t + 10, pad_until = t + 10 + relief;
  }
  for (Episode& e : truth.night.episodes)
    for (int t = e.start; t < e.end; ++t) e.treated = e.treated || truth.night.pad[static_cast<std::size_t>(t)];
  return on;
}

}  // namespace lull::measure
