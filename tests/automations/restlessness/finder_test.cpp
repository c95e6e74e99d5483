// Stories of one sensor: what is a movement, what is not, and what is nonsense.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "automations/restlessness/finder.hpp"

namespace lull {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
Instant at(double second) { return {hours{1} + milliseconds{std::llround(second * 1000)}}; }

struct Listener {
  MovementFinder finder;
  std::vector<Movement> found{};
  Listener& hears(const MovementSample& sample, double second) {
    for (const Movement& m : finder.hear(sample, at(second))) found.push_back(m);
    return *this;
  }
};

TEST(Movements, LessThanSixSecondsApartAreOne) {
  Listener l{{Stream::counts, 1s, 0s}};
  l.hears(Counts{30}, 0).hears(Counts{30}, 5).hears(Counts{30}, 10);
  EXPECT_EQ(l.found.size(), 1u);
  EXPECT_EQ(l.hears(Counts{30}, 16).found.size(), 2u);
}

TEST(Movements, ThatGoOnCountThriceAtMost) {
  Listener l{{Stream::counts, 1s, 0s}};
  for (int t = 0; t < 500; ++t) l.hears(Counts{30}, t);
  EXPECT_EQ(l.found.size(), 3u);
}

TEST(Movements, GrowInStrengthAndNeverPastOne) {
  Listener l{{Stream::counts, 1s, 0s}};
  l.hears(Counts{5}, 0).hears(Counts{20}, 60).hears(Counts{900'000}, 120);
  ASSERT_EQ(l.found.size(), 3u);
  EXPECT_NEAR(l.found[0].strength, 0.2, 0.001);
  EXPECT_NEAR(l.found[1].strength, 0.5, 0.001);
  EXPECT_LE(l.found[2].strength, 1);
}

TEST(ABurstOfOldMessages, DeliveredAtOnceIsOneMovement) {
  for (const seconds epoch : {1s, 10s, 15s, 30s, 60s}) {
    Listener l{{Stream::counts, epoch, 0s}};
    for (int i = 0; i < 100; ++i) l.hears(Counts{200}, 1000 + i * 0.01);
    EXPECT_LE(l.found.size(), 1u) << epoch.count() << " s";
  }
  Listener radar{{Stream::radar, 1s, 0s}}, load{{Stream::load, 1s, 0s}}, buzz{{Stream::vibration, 1s, 65s}};
  for (int i = 0; i < 100; ++i) {
    radar.hears(RadarMovement{i % 2 * 90}, 1000 + i * 0.01);
    load.hears(LoadVariance{i % 2 * 2.0}, 1000 + i * 0.01);
    buzz.hears(Vibration{}, 1000 + i * 0.01);
  }
  EXPECT_EQ(radar.found.size(), 1u);
  EXPECT_EQ(load.found.size(), 1u);
  EXPECT_EQ(buzz.found.size(), 1u);
}

TEST(AMinuteOfCounts, DeliveredTwiceIsOneMovement) {
  Listener l{{Stream::counts, 60s, 0s}};
  l.hears(Counts{200}, 60).hears(Counts{200}, 72);
  EXPECT_EQ(l.found.size(), 1u);
}

TEST(ALateSample, OlderThanAnEpochIsDroppedAndNeverTurnsTimeBack) {
  Listener l{{Stream::counts, 10s, 0s}};
  l.hears(Counts{0}, 100).hears(Counts{50}, 80);
  EXPECT_TRUE(l.found.empty());
  l.hears(Counts{50}, 95);  // within an epoch: it belongs to this moment
  ASSERT_EQ(l.found.size(), 1u);
  EXPECT_EQ(l.found[0].at, at(100));
}

TEST(Nonsense, IsIgnoredAndTeachesNothing) {
  const std::vector<float> bad{std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(), 1e9f};
  std::vector<MovementSample> nonsense{Counts{-1},
                                       Counts{std::numeric_limits<std::int32_t>::max()},
                                       RadarMovement{-1},
                                       RadarMovement{101},
                                       LegAcceleration{50, 90, -1},
                                       RawAcceleration{25, {}}};
  for (const double v : {kNaN, kInfinity, -kInfinity, -1.0, 1e300}) {
    nonsense.insert(nonsense.end(), {LoadVariance{v}, LegAcceleration{v, 1, 25}, LegAcceleration{1, v, 25},
                                     RawAcceleration{v, {{0, 0, 1000}}}});
  }
  for (const float v : bad) nonsense.push_back(RawAcceleration{25, {{v, 0, 0}}});
  nonsense.push_back(RawAcceleration{25, std::vector<std::array<float, 3>>(100'000, {0, 0, 1000})});
  for (const Stream stream : {Stream::none, Stream::counts, Stream::radar, Stream::load, Stream::acceleration,
                              Stream::vibration, Stream::raw}) {
    const MovementFinder fresh{stream, 1s, 0s};
    Listener l{fresh};
    int t = 0;
    for (const auto& sample : nonsense) l.hears(sample, ++t);
    EXPECT_TRUE(l.found.empty()) << static_cast<int>(stream);
    EXPECT_EQ(l.finder, fresh) << static_cast<int>(stream) << ": not even as a sign of life";
  }
}

TEST(Nonsense, InTheConfigurationIsBroughtIntoBounds) {
  const MovementFinder f{Stream::counts, seconds{-5}, seconds{-1}, kNaN};
  EXPECT_EQ(f.epoch, 1s);
  EXPECT_EQ(f.hold_off, 0s);
  EXPECT_GT(f.level_now(), 0);
}

TEST(AVibrationSensor, GivesOneMovementAReportAndADoubledReportNone) {
  Listener l{{Stream::vibration, 1s, 65s}};
  l.hears(Vibration{}, 0).hears(Vibration{}, 0.3).hears(Vibration{}, 20).hears(Vibration{}, 66).hears(Vibration{}, 130);
  EXPECT_EQ(l.found.size(), 3u);
}

TEST(AVibrationSensor, WhoseHoldOffNobodySaidIsTakenForTheCommonModel) {
  EXPECT_EQ((MovementFinder{Stream::vibration, 1s, 0s}).hold_off, 65s);
}

TEST(AQuickVibrationSensor, ReportsOneLongTurnAsOne) {
  Listener l{{Stream::vibration, 1s, 1s}};
  for (int t = 0; t < 20; ++t) l.hears(Vibration{}, t);
  EXPECT_EQ(l.found.size(), 1u);
}

TEST(ARadar, NeedsToFallBelowHalfBeforeItRisesAgain) {
  Listener l{{Stream::radar, 1s, 0s}};
  const int levels[] = {2, 18, 30, 12, 10, 25, 11, 30};
  int t = 0;
  for (const int level : levels) l.hears(RadarMovement{level}, t += 7);
  EXPECT_EQ(l.found.size(), 2u) << "rises, and goes on for more than half a minute: it never fell to 9";
  l.hears(RadarMovement{9}, t + 7).hears(RadarMovement{18}, t + 14);
  EXPECT_EQ(l.found.size(), 3u);
}

TEST(AMinuteOfCounts, IsOneMovementAtFortyAndHalfMinutesAreAddedUp) {
  Listener minutes{{Stream::counts, 60s, 0s}}, halves{{Stream::counts, 30s, 0s}};
  minutes.hears(Counts{39}, 60).hears(Counts{40}, 120).hears(Counts{4000}, 180);
  EXPECT_EQ(minutes.found.size(), 2u);
  halves.hears(Counts{20}, 30).hears(Counts{19}, 60).hears(Counts{40}, 90).hears(Counts{0}, 120);
  EXPECT_EQ(halves.found.size(), 1u);
}

TEST(AMissingHalfMinute, IsNotZeroAndNotAddedOver) {
  Listener l{{Stream::counts, 30s, 0s}};
  l.hears(Counts{30}, 30).hears(Counts{30}, 120);  // two epochs are missing in between
  EXPECT_TRUE(l.found.empty());
}

TEST(AFrozenAnklet, MakesNoMovementOfItsSignsOfLifeAndCountsAsSilentSoon) {
  Listener l{{Stream::acceleration, 1s, 0s}};
  for (int t = 0; t <= 600; t += 10) l.hears(LegAcceleration{61.3, 190.5, 50}, t);
  EXPECT_EQ(l.found.size(), 1u);
  EXPECT_TRUE(l.finder.is_stale(at(40)));
  l.hears(LegAcceleration{3.1, 8.0, 50}, 610).hears(LegAcceleration{61.3, 190.5, 50}, 620);
  EXPECT_EQ(l.found.size(), 2u) << "it speaks again: what it says now counts";
  EXPECT_FALSE(l.finder.is_stale(at(640)));
}

TEST(AMotor, ThatShakesTheAnkletEvenlyIsNoMovementAnewWhenItsSpeedChanges) {
  Listener l{{Stream::acceleration, 1s, 0s}};
  for (int t = 0; t < 600; ++t) l.hears(LegAcceleration{t % 40 < 20 ? 58.25 : 71.5, 180, 50}, t);
  EXPECT_LE(l.found.size(), 3u) << "people pause, and motors do not";
}

TEST(AFrozenBedCell, MakesOneMovement) {
  Listener l{{Stream::load, 10s, 0s}};
  for (int t = 0; t <= 600; t += 10) l.hears(LoadVariance{0.731}, t);
  EXPECT_EQ(l.found.size(), 1u);
}

TEST(AFrozenActigraph, MakesNoMovementAMinuteForEver) {
  Listener l{{Stream::counts, 60s, 0s}};
  for (int t = 0; t <= 3600; t += 60) l.hears(Counts{212}, t);
  EXPECT_EQ(l.found.size(), 3u);
  Listener still{{Stream::counts, 60s, 0s}};
  for (int t = 0; t <= 3600; t += 60) still.hears(Counts{0}, t);
  EXPECT_FALSE(still.finder.is_stale(at(3600))) << "who lies still says zero all night";
}

TEST(ABedCell, LearnsHowLoudItsSilenceIs) {
  Listener l{{Stream::load, 1s, 0s}};
  int t = 0;
  for (; t < 600; ++t) l.hears(LoadVariance{0.04}, t);  // an old bed that creaks
  EXPECT_NEAR(l.finder.level_now(), 0.24, 0.001);
  l.hears(LoadVariance{0.2}, ++t);
  EXPECT_TRUE(l.found.empty());
  l.hears(LoadVariance{0.25}, ++t);
  EXPECT_EQ(l.found.size(), 1u);
}

TEST(ABedCell, HearsAgainTenMinutesAfterAFanWasPutBesideTheBed) {
  Listener l{{Stream::load, 1s, 0s}};
  int t = 0;
  for (; t < 600; ++t) l.hears(LoadVariance{0.01}, t);
  for (; t < 1300; ++t) l.hears(LoadVariance{0.3 + t % 7 * 0.001}, t);
  EXPECT_EQ(l.found.size(), 3u) << "what never pauses is no leg";
  l.hears(LoadVariance{2.5}, ++t);
  EXPECT_EQ(l.found.size(), 4u);
}

TEST(ASkippedSample, IsASignOfLifeAndNothingElse) {
  MovementFinder f{Stream::load, 1s, 0s};
  EXPECT_TRUE(f.is_stale(at(0)));
  f.skip(at(0));
  EXPECT_FALSE(f.is_stale(at(15)));
  EXPECT_TRUE(f.is_stale(at(15.1)));
  EXPECT_EQ(f.floor, QuietFloor{});
}

/// A leg that lies still in 3 mg of noise on each axis, and kicks at 60 mg.
RawAcceleration second_of_leg(int second, double kick_from, double kick_to) {
  RawAcceleration raw{25, {}};
  for (int i = 0; i < 25; ++i) {
    const double t = second + i / 25.0;
    const auto noise = [&](int axis) { return 4.2 * std::sin(t * (37 + 11 * axis) + axis); };
    const double kick = t >= kick_from && t < kick_to ? 85 * std::sin(t * 14) : 0;
    raw.mg.push_back({static_cast<float>(noise(0) + kick), static_cast<float>(noise(1)),
                      static_cast<float>(1000 + noise(2) + kick)});
  }
  return raw;
}
TEST(RawAcceleration, FindsAKickAtItsOnsetAndNoBlink) {
  Listener l{{Stream::raw, 1s, 0s}};
  for (int s = 0; s < 60; ++s) l.hears(second_of_leg(s, 30.4, 32), s + 0.96);
  for (int s = 60; s < 90; ++s) l.hears(second_of_leg(s, 70.0, 70.1), s + 0.96);  // a knock of a tenth
  ASSERT_EQ(l.found.size(), 1u);
  EXPECT_NEAR(static_cast<double>((l.found[0].at - at(0)).count()) / 1000, 30.4, 0.3);
}

TEST(RawAcceleration, OfOverlappingBatchesIsHeardOnce) {
  Listener once{{Stream::raw, 1s, 0s}}, twice = once;
  for (int s = 0; s < 60; ++s) {
    const auto batch = second_of_leg(s, 30.4, 32);
    once.hears(batch, s + 0.96);
    twice.hears(batch, s + 0.96).hears(batch, s + 0.96);
  }
  EXPECT_EQ(once.finder, twice.finder);
}

TEST(RawAcceleration, StaysWithinItsMemory) {
  Listener l{{Stream::raw, 1s, 0s}};
  for (const double hz : {100.0, 5.0, 50.0, 100.0, 12.5})
    for (int s = 0; s < 20; ++s)
      l.hears(RawAcceleration{hz, std::vector<std::array<float, 3>>(256, {0, 0, 1000})}, 100 * hz + s);
  EXPECT_LE(l.finder.recent.size(), 200u);
  EXPECT_LE(l.finder.squares.size(), 24u);
}

}  // namespace
}  // namespace lull
