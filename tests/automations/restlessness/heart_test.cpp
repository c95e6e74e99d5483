// A heart rate beside the movements: what it may say, and when it says nothing.
#include "automations/restlessness/heart.hpp"

#include <gtest/gtest.h>

#include "tests/automations/home.hpp"

namespace lull {
namespace {

constexpr DeviceId kStrap{6};

House with_a_strap() {
  House house = ana();
  Device strap;
  strap.id = "anas_strap", strap.name = "Ana's strap", strap.kind = Kind::heart_rate, strap.sleeper = kAna;
  house.devices.push_back(strap);
  return house;
}

struct Slept {
  Heart heart;
  Instant now{hours{1}};
  /// So many quiet minutes at this rate, told every 20 s.
  Slept& quiet(int minutes, int bpm) {
    for (int m = 0; m < minutes; ++m) {
      beats(60, bpm);
      heart.minute(true, now);
    }
    return *this;
  }
  Slept& beats(int seconds, int bpm, int every = 20) {
    for (int s = 0; s < seconds; ++s) {
      if (s % every == 0) heart.hear(bpm + s / every % 2, now);  // a heart is no metronome
      now = now + 1s;
    }
    return *this;
  }
};

TEST(AHeartRate, ClearlyAboveTonightsQuietMinutesSpeaksForAwake) {
  Slept ana = Slept{}.quiet(40, 54);
  EXPECT_EQ(ana.heart.rate(ana.now), 54);
  EXPECT_EQ(says(ana.heart, ana.now), HeartSays::asleep);
  ana.beats(180, 66);
  EXPECT_EQ(says(ana.heart, ana.now), HeartSays::awake);
  EXPECT_EQ(heart_text(ana.heart, ana.now), "heart rate 66, 55 when quiet tonight; known in 100 % of tonight");
  ana.beats(180, 60);
  EXPECT_EQ(says(ana.heart, ana.now), HeartSays::nothing) << "neither clearly up nor down";
}

TEST(AHeartRate, ThatRisesForTenSecondsAfterEachKickIsStillThatOfASleeper) {
  Slept ana = Slept{}.quiet(40, 54);
  for (int kick = 0; kick < 8; ++kick) ana.beats(10, 66, 5).beats(20, 54, 5);
  EXPECT_EQ(says(ana.heart, ana.now), HeartSays::asleep);
}

TEST(AHeartRate, SaysNothingBeforeTwentyQuietMinutes) {
  Slept ana = Slept{}.quiet(19, 54).beats(180, 80);
  EXPECT_EQ(says(ana.heart, ana.now), HeartSays::nothing);
  EXPECT_EQ(heart_text(ana.heart, ana.now), "heart rate 80; known in 100 % of tonight");
}

TEST(AHeartRate, ThatIsSilentStuckOrSeldomIsAGapAndNothingIsCarriedOn) {
  Slept silent = Slept{}.quiet(40, 54);
  silent.now = silent.now + 2min;
  EXPECT_FALSE(silent.heart.rate(silent.now));
  EXPECT_EQ(says(silent.heart, silent.now), HeartSays::nothing);
  for (int m = 0; m < 10; ++m) silent.now = silent.now + 1min, silent.heart.minute(true, silent.now);
  EXPECT_EQ(heart_text(silent.heart, silent.now), "heart rate not heard for 12 min; known in 80 % of tonight");

  Slept stuck = Slept{}.quiet(30, 54);
  for (int s = 0; s < 25 * 60; s += 10) stuck.heart.hear(70, stuck.now), stuck.now = stuck.now + 10s;
  EXPECT_FALSE(stuck.heart.rate(stuck.now)) << "no heart beats alike for twenty minutes";
  EXPECT_NE(heart_text(stuck.heart, stuck.now).find("stuck at one number"), std::string::npos);

  Slept seldom;
  for (int m = 0; m < 60; m += 5) seldom.heart.hear(54 + m, seldom.now), seldom.now = seldom.now + 5min;
  EXPECT_FALSE(seldom.heart.rate(seldom.now)) << "one in five minutes cannot say how it is now";
}

TEST(AHeartRate, ThatIsNoneIsNotHeard) {
  Heart heart;
  for (const int bpm : {0, -1, 24, 241, 2147483647}) heart.hear(bpm, Instant{1h});
  EXPECT_EQ(heart, Heart{});
  heart.hear(60, Instant{2h});
  heart.hear(99, Instant{1h});  // a clock that jumped, a message out of order
  heart.hear(99, Instant{2h});
  EXPECT_EQ(heart.recent.size(), 1u);
  for (int s = 0; s < 100'000; ++s) heart.hear(50 + s % 3, Instant{3h + seconds{s}});
  EXPECT_LE(heart.recent.size(), Heart::kMost) << "bounded, however often it tells";
}

/// Ana sleeps for an hour with her strap on, and then her legs begin; meanwhile her heart does this.
std::string estimate(int bpm) {
  Home home(with_a_strap());
  int seconds = 0, now_bpm = 54;
  home.every_second = [&](Home& h) {
    if (++seconds % 20 == 0) h.hears(HeartRateReported{kStrap, now_bpm + seconds / 20 % 2});
  };
  home.at(23, 0).in_bed(true).sleeps_quietly(60min);
  now_bpm = bpm;
  home.kicks(8min);
  for (const std::string& said : home.decisions)
    if (const auto at = said.find("estimated restless"); at != std::string::npos) return said.substr(at);
  return "not noticed";
}

TEST(AHeartRate, TakesPartInTheEstimateOfAwakeOrAsleepAndContradictsAloud) {
  const std::string asleep = estimate(54), awake = estimate(75), unclear = estimate(60);
  EXPECT_NE(asleep.find("estimated movement in sleep (evenly spaced, about every 20 s"), std::string::npos) << asleep;
  EXPECT_NE(asleep.find(", heart rate 54, 55 when quiet tonight)"), std::string::npos) << asleep;
  EXPECT_NE(awake.find("awake or asleep cannot be told: for awake heart rate 75, 55 when quiet tonight; for asleep "
                       "evenly spaced"),
            std::string::npos)
      << awake;
  EXPECT_EQ(unclear.find("heart rate"), std::string::npos) << "not clear: it says nothing: " << unclear;
}

TEST(AHeartRate, BeginsNoReliefAndIsShownWithItsCoverage) {
  Home home(with_a_strap());
  home.at(23, 30).in_bed(true);
  for (int i = 0; i < 180; ++i) home.hears(HeartRateReported{kStrap, 110 + i % 2}).passes(20s);
  EXPECT_EQ(home.hub.sleepers[0].episodes, 0) << "a fast heart alone is none of our business";
  const DetectorView d = home.seen().sleepers[0].detector;
  EXPECT_EQ(d.heart_rate.value_or(0) / 2, 55);
  EXPECT_NEAR(d.heart_coverage.value_or(0), 100, 5);
  std::string why;
  for (const Standpoint& s : explain(home.hub, home.now))
    if (s.about == "Ana") why = s.text;
  EXPECT_NE(why.find("heart rate 11"), std::string::npos) << why;
}

TEST(AHeartRate, OfAnEmptyBedOrOfSomebodyElseDoesNotCount) {
  Home home(with_a_strap());
  home.at(23, 30).in_bed(false);
  for (int i = 0; i < 10; ++i) home.hears(HeartRateReported{kStrap, 70 + i % 2}).passes(20s);
  EXPECT_FALSE(home.hub.sleepers[0].detector.heart.heard);
  House two = with_a_strap();
  two.sleepers.push_back(two.sleepers[0]);
  two.sleepers[1].id = two.sleepers[1].name = "Ben";
  two.devices.back().sleeper.reset();  // whose it is was not said, and there are two
  Home both(two);
  both.at(23, 30).in_bed(true).hears(HeartRateReported{kStrap, 70});
  EXPECT_FALSE(both.hub.sleepers[0].detector.heart.heard);
}

}  // namespace
}  // namespace lull
