// The simulated sleeper: nights that are plausible over hundreds of seeds, and legs that massage calms, not always.
#include "bridge/demo/sleeper.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace lull::demo {
namespace {

constexpr int kHour = 3600;

struct Seen {  // one whole night, second by second
  Sleeper sleeper;
  std::vector<int> movements;  // distinct ones: less than six seconds apart are one
  int treated_from = -1;
  explicit Seen(std::uint64_t seed, double massage_in_episodes = 0, bool partner = false)
      : sleeper({.seed = seed, .partner = partner}) {
    int last_moved = -100;
    bool restless = false;
    for (int s = 0; s < 9 * kHour + 1800; ++s) {
      const Moment m = sleeper.second(s, restless ? massage_in_episodes : 0);
      restless = m.restless;
      if (m.rms_mg < 20 || !m.in_bed) continue;
      if (s - last_moved >= 6) movements.push_back(s);
      last_moved = s;
    }
  }
  bool in_episode(int s, int margin = 0) const {
    for (const Episode& e : sleeper.episodes())
      if (s >= e.start - margin && s < e.end + margin) return true;
    return false;
  }
};

TEST(TwoHundredSimulatedNights, ArePlausible) {
  double quiet_rate = 0, episode_count = 0, episode_minutes = 0, gap_sum = 0;
  int gaps = 0, up_at_night = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const Seen night(seed);
    const Sleeper& s = night.sleeper;
    EXPECT_GE(s.into_bed(), 20 * 60) << "22:20, seen from 22:00";
    EXPECT_LE(s.into_bed(), 40 * 60);
    EXPECT_GE(s.falls_asleep() - s.into_bed(), 18 * 60);
    EXPECT_GE(s.gets_up(), 8 * kHour + 1800) << "06:30";
    EXPECT_LE(s.gets_up(), 9 * kHour);
    EXPECT_GE(s.episodes().size(), 1u) << "seed " << seed;
    EXPECT_LE(s.episodes().size(), 5u);
    up_at_night += s.up_from() < s.up_until();

    double quiet_seconds = 0;
    int quiet = 0;
    for (int t = s.falls_asleep(); t < s.gets_up(); ++t) quiet_seconds += !night.in_episode(t, 60);
    int before = -1000;
    for (const int t : night.movements) {
      if (t < s.falls_asleep()) continue;
      quiet += !night.in_episode(t, 60);
      if (night.in_episode(t) && night.in_episode(before)) gap_sum += t - before, ++gaps;
      before = t;
    }
    quiet_rate += quiet / quiet_seconds * kHour / 200;
    episode_count += static_cast<double>(s.episodes().size()) / 200;
    for (const Episode& e : s.episodes()) {
      EXPECT_GE(e.end - e.start, 6 * 60);
      EXPECT_LE(e.end - e.start, 30 * 60);
      episode_minutes += (e.end - e.start) / 60.0;
    }
  }
  EXPECT_GT(quiet_rate, 6.5) << "ordinary sleep moves 7 to 13 times an hour";
  EXPECT_LT(quiet_rate, 12.0);
  EXPECT_GT(episode_count, 2.5);
  EXPECT_LT(episode_count, 4.5);
  EXPECT_NEAR(episode_minutes / episode_count / 200, 14, 4);
  EXPECT_NEAR(gap_sum / gaps, 26, 6) << "restless legs move each 15 to 40 s";
  EXPECT_NEAR(up_at_night, 70, 25);
}
TEST(TwoHundredSimulatedNights, AreCalmedByMassageOftenButNotAlways) {
  int treated = 0, calmed = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const Seen with(seed, 0.3), without(seed);
    for (std::size_t i = 0; i < with.sleeper.episodes().size(); ++i) {
      const Episode &e = with.sleeper.episodes()[i], &untouched = without.sleeper.episodes()[i];
      ASSERT_EQ(e.start, untouched.start);
      ASSERT_LE(e.end, untouched.end);
      ASSERT_EQ(e.calmed, e.end < untouched.end);
      ASSERT_FALSE(untouched.treated);
      treated += e.treated;
      calmed += e.calmed;
    }
  }
  EXPECT_GT(treated, 500);
  EXPECT_NEAR(static_cast<double>(calmed) / treated, 0.7, 0.12);
}
TEST(ASimulatedNight, IsTheSameWithAPartnerButForThePartner) {
  const Seen alone(11), together(11, 0, true);
  EXPECT_EQ(alone.sleeper.episodes(), together.sleeper.episodes());
  EXPECT_EQ(alone.sleeper.gets_up(), together.sleeper.gets_up());
  EXPECT_GT(together.movements.size(), alone.movements.size());
}
TEST(ASimulatedNight, HasAnEmptyBedBeforeAndAfterAndWhenItsSleeperIsUp) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    Sleeper s({.seed = seed});
    for (int t = 0; t < 10 * kHour; ++t) {
      const Moment m = s.second(t, 0);
      const bool up = t >= s.up_from() && t < s.up_until();
      ASSERT_EQ(m.in_bed, t >= s.into_bed() && t < s.gets_up() && !up);
      ASSERT_TRUE(m.in_bed || !m.asleep);
      ASSERT_TRUE(m.in_bed || !m.restless);
    }
  }
}
TEST(ASimulatedNight, CanBeginAtAnyTimeByTheClock) {
  for (const int clock : {18 * 60, 21 * 60 + 30, 22 * 60, 23 * 60 + 30, 30}) {
    Sleeper s({.seed = 5, .clock = minutes{clock}});
    EXPECT_GE(s.into_bed(), 0);
    EXPECT_GT(s.falls_asleep(), s.into_bed());
    EXPECT_GT(s.gets_up(), s.falls_asleep());
  }
}

}  // namespace
}  // namespace lull::demo
