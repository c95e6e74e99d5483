// A routine that plays: skip, extend, stop, softer, stronger, its words and its lamp, each as a story.
#include <gtest/gtest.h>

#include "tests/automations/home.hpp"

namespace lull {
namespace {

constexpr std::size_t kWindDown = 0;

/// Ana in bed at ten, and her wind-down plays.
Home& plays_at_ten(Home& home) { return home.at(22, 0).in_bed(true).asks(ask::Play{"wind-down"}, Door::voice); }
House with_words(std::vector<std::pair<milliseconds, std::string>> all) {
  House house = ana();
  for (auto& [at, text] : all) {
    Track track;
    track.kind = TrackKind::words, track.at = at, track.words = text;
    house.routines[kWindDown].tracks.push_back(track);
  }
  return house;
}
int lamp_off(const Home& home) {
  return static_cast<int>(
      std::count(home.things[kLamp.index].heard.begin(), home.things[kLamp.index].heard.end(), "off"));
}

TEST(APlay, BeginsAtItsBeginningHoweverLongNothingHappenedBefore) {
  Home home;
  home.at(22, 0).in_bed(true);
  home.now = home.now + 40s;  // nobody ticked for a while, then a person asks
  home.asks(ask::Play{"wind-down"});
  ASSERT_EQ(home.hub.plays.size(), 1U);
  EXPECT_EQ(home.hub.plays[0].elapsed, 0ms);
  EXPECT_EQ(home.hub.plays[0].ran, 0ms);
}

TEST(APlay, ShowsItsStepAndTheTimeThatIsLeft) {
  Home home;
  plays_at_ten(home).passes(9min);
  const PlayView seen = home.seen().plays.at(0);
  EXPECT_EQ(seen.step, "dimming and warmth and massage");
  EXPECT_EQ(seen.step_left, 1min);
  EXPECT_EQ(seen.left, 21min);
  EXPECT_EQ(seen.door, "a voice");
}

TEST(APlay, SaysItsWordsOnceAtTheirTime) {
  Home home(with_words({{0min, "Lie down."}, {5min, "Stretch your calves."}}));
  plays_at_ten(home).passes(4min);
  EXPECT_EQ(std::count(home.phone.begin(), home.phone.end(), "Lie down."), 1);
  EXPECT_FALSE(home.told("Stretch"));
  home.passes(20min);
  EXPECT_EQ(std::count(home.phone.begin(), home.phone.end(), "Stretch your calves."), 1);
}

TEST(Skipping, LeavesOutTheWordsOfWhatWasSkipped) {
  Home home(with_words({{5min, "Stretch your calves."}, {8min, "Now the massage."}}));
  plays_at_ten(home).passes(1min).asks(ask::Skip{""}).passes(1min);
  EXPECT_EQ(home.hub.plays.at(0).elapsed, 9min);
  EXPECT_FALSE(home.told("Stretch")) << "nobody wants to hear all of it at once";
  EXPECT_TRUE(home.told("Now the massage."));
  EXPECT_TRUE(home.said("wind-down: skipped by somebody on the page to: dimming and warmth and massage")) << home.all();
}

TEST(Skipping, PastTheEndIsTheEndAsTheScoreHasIt) {
  Home home;
  plays_at_ten(home).passes(29min);
  ASSERT_TRUE(home.thing(kLamp).on);
  home.asks(ask::Skip{""}).passes(5s);
  EXPECT_TRUE(home.seen().plays.empty());
  EXPECT_FALSE(home.thing(kLamp).on) << "`then: off`, at the end, however it was reached";
  EXPECT_TRUE(home.said("wind-down: skipped to its end by somebody on the page")) << home.all();
  home.asks(ask::Skip{""});
  EXPECT_TRUE(home.said("somebody on the page: nothing plays"));
}

TEST(Stopping, APlayLeavesTheLampAsItIs) {
  Home home;
  plays_at_ten(home).passes(12min).asks(ask::StopPlay{""}).passes(5min);
  EXPECT_TRUE(home.thing(kLamp).on) << "darkness can hurt more than light";
  EXPECT_EQ(lamp_off(home), 0);
  EXPECT_FALSE(home.runs(kPad) || home.runs(kWarmer));
  EXPECT_TRUE(home.said("wind-down: stopped by somebody on the page after 12 min")) << home.all();
}

TEST(TheEndOfAPlay, TakesNoLampFromAnotherPlay) {
  House house = ana();
  Routine reading{"reading", 60min, {}, false};
  Track light;
  light.kind = TrackKind::light, light.device = kLamp, light.length = 60min, light.to = 70_pct;
  reading.tracks = {light};
  house.routines.push_back(reading);
  Home home(house);
  plays_at_ten(home).passes(10min).asks(ask::Play{"reading"}).passes(25min);
  EXPECT_EQ(home.seen().plays.size(), 1U);
  EXPECT_TRUE(home.thing(kLamp).on);
  EXPECT_EQ(lamp_off(home), 0) << "wind-down ended, but the lamp was no longer its own";
}

TEST(TheEndOfAPlay, LeavesALampOnWhoseLastTrackDoes) {
  House house = ana();
  Track again = house.routines[kWindDown].tracks[0];
  again.at = 25min, again.length = 5min, again.from.reset(), again.to = 10_pct, again.over = 0ms,
  again.then_off = false;
  house.routines[kWindDown].tracks[0].length = 20min;
  house.routines[kWindDown].tracks.push_back(again);
  Home home(house);
  plays_at_ten(home).passes(35min);
  EXPECT_TRUE(home.thing(kLamp).on) << "off at minute 20, but on again at 25 and left so";
}

TEST(TheEndOfAPlay, HoldsNoLampFromTheNextOne) {
  Home home;
  plays_at_ten(home).passes(30min);
  ASSERT_TRUE(home.seen().plays.empty());
  home.passes(2s).hears(Asked{Door::page, ask::Play{"wind-down"}}).passes(3s);
  EXPECT_TRUE(home.thing(kLamp).on);
  EXPECT_EQ(home.hub.actuators[kLamp.index].owner, "wind-down (somebody on the page)");
}

TEST(MoreTime, IsSpentWhereItWasAskedFor) {
  House house = ana();
  house.routines[kWindDown].tracks[2].length = 10min;  // a massage of ten minutes: 8 to 18
  house.routines[kWindDown].tracks[1].length = 10min;
  Home home(house);
  plays_at_ten(home).passes(10min).asks(ask::Extend{"", 5min}).passes(10s);
  EXPECT_EQ(home.seen().plays.at(0).left, 25min - 10s);
  home.passes(12min);
  EXPECT_TRUE(home.runs(kPad)) << "it would have ended at minute 18, and ends at 23";
  home.passes(1min);
  EXPECT_FALSE(home.runs(kPad));
}

TEST(MoreTime, ThatIsAskedForWhileTheMassageStillGrowsIsSpentAtItsStrength) {
  House house = ana();
  Track& massage = house.routines[kWindDown].tracks[2];
  massage.at = 0min, massage.length = 8min, massage.ramp_up = 90s, massage.ramp_down = 2min;
  massage.program = Program::steady;
  Home home(house);
  plays_at_ten(home).passes(10s).asks(ask::Extend{"", 10min}).passes(2min);
  EXPECT_EQ(home.seen().devices.at(kPad.index).wanted, massage.to) << "not ten minutes of its first seconds";
  home.passes(13min);
  EXPECT_TRUE(home.runs(kPad)) << "it would have ended at minute 8, and ends at 18";
  home.passes(3min);
  EXPECT_FALSE(home.runs(kPad));
}

TEST(MoreTime, KeepsAWaveWaving) {
  House house = ana();
  Track& massage = house.routines[kWindDown].tracks[2];
  massage.at = 0min, massage.length = 10min, massage.ramp_up = 1min, massage.ramp_down = 1min;
  massage.program = Program::wave;
  Home home(house);
  plays_at_ten(home).passes(5min).asks(ask::Extend{"", 5min}).passes(10s);
  Percent low = 100_pct, high = 0_pct;
  for (int s = 0; s < 60; ++s) {
    const Percent wanted = home.passes(1s).seen().devices.at(kPad.index).wanted;
    low = std::min(low, wanted), high = std::max(high, wanted);
  }
  EXPECT_EQ(high, massage.to);
  EXPECT_LT(low.tenths(), high.tenths() / 2) << "five minutes of one level are no wave";
  home.passes(5min).asks(ask::Skip{});
  EXPECT_FALSE(home.said("finished")) << "and it all takes as long as it was told to";
}

TEST(MoreTime, IsNoneBeyondTheHardLimitOfAMassage) {
  Home home;
  plays_at_ten(home).passes(12min);  // its massage takes the twenty minutes that one may take
  home.asks(ask::Extend{"", 60min}).passes(1s);
  EXPECT_TRUE(home.said("Leg massage may run 20 min at a time")) << home.all();
  EXPECT_LE(home.seen().plays.at(0).left, 18min);
  milliseconds ran{};
  for (int s = 0; s < 60 * 60; ++s) ran += home.passes(1s).runs(kPad) ? 1s : 0s;
  EXPECT_LE(ran, kHard.massage_session);
}

TEST(MoreTime, IsAnHourAtMostInAll) {
  House house = ana();
  house.routines[kWindDown].tracks.resize(1);  // the lamp alone
  Home home(house);
  plays_at_ten(home).passes(10min).asks(ask::Extend{"", 50min}).asks(ask::Extend{"", 50min}).passes(1s);
  EXPECT_EQ(home.seen().plays.at(0).left, 80min - 1s);
  home.asks(ask::Extend{"", 10min}).passes(1s);
  EXPECT_EQ(home.seen().plays.at(0).left, 80min - 2s);
  EXPECT_TRUE(home.said("60 min is the most there is, and it has 60 min already")) << home.all();
}

TEST(ARoutine, ThatIsAskedForAnewBeginsAnew) {
  Home home;
  plays_at_ten(home).passes(12min).asks(ask::Softer{}).asks(ask::Play{"wind-down"}).passes(1s);
  ASSERT_EQ(home.seen().plays.size(), 1U);
  EXPECT_LE(home.hub.plays[0].elapsed, 1s);
  EXPECT_EQ(home.hub.plays[0].strength, 100_pct) << "softer was meant for the one that ended";
}

// ---- softer and stronger ------------------------------------------------------------------------------------------

TEST(Softer, IsAFifthOfTheMassageAndStrongerTakesItBack) {
  Home home;
  plays_at_ten(home).passes(15min);
  EXPECT_EQ(home.thing(kPad).level, 40_pct);
  home.asks(ask::Softer{}).passes(15s);
  EXPECT_EQ(home.thing(kPad).level, 32_pct);
  home.asks(ask::Stronger{}).asks(ask::Stronger{}).passes(15s);
  EXPECT_EQ(home.thing(kPad).level, 40_pct) << "never more than its score";
  EXPECT_TRUE(home.said("somebody on the page: as strong as it was asked for already")) << home.all();
}

TEST(Softer, EndsAtItsLeastAndSaysSo) {
  Home home;
  plays_at_ten(home).passes(15min);
  for (int i = 0; i < 10; ++i) home.asks(ask::Softer{});
  home.passes(15s);
  EXPECT_EQ(home.thing(kPad).level, 8_pct);
  EXPECT_TRUE(home.said("somebody on the page: as soft as it gets already")) << home.all();
  home.asks(ask::Stronger{}).passes(15s);
  EXPECT_EQ(home.thing(kPad).level, 16_pct) << "and the first word back is felt";
}

TEST(Softer, KeepsTheShapeOfARamp) {
  Home home;
  plays_at_ten(home).passes(8min + 30s).asks(ask::Softer{}).passes(30s);
  EXPECT_NEAR(home.thing(kPad).level.tenths(), 400 * 8 / 10 / 2, 40);
  home.passes(90s);
  EXPECT_EQ(home.thing(kPad).level, 32_pct);
  home.passes(16min + 30s);  // a minute before its end
  EXPECT_NEAR(home.thing(kPad).level.tenths(), 400 * 8 / 10 / 5, 40);
}

TEST(Softer, NeverTouchesHeatNorALamp) {
  Home home;
  home.at(22, 0).in_bed(true);
  home.asks(ask::SetDevice{kWarmer, 40_pct, "", {}}).asks(ask::SetDevice{kLamp, 50_pct, "", {}}).passes(10s);
  home.asks(ask::Stronger{}).asks(ask::Stronger{}).passes(15s);
  EXPECT_EQ(home.thing(kWarmer).level, 40_pct) << "nobody who wants more massage wants more heat";
  EXPECT_EQ(home.thing(kLamp).level, 50_pct);
  home.asks(ask::Softer{}).passes(15s);
  EXPECT_EQ(home.thing(kWarmer).level, 40_pct);
  EXPECT_TRUE(home.said("somebody on the page: no massage plays")) << home.all();
}

TEST(Softer, OfAMassageThatWasAskedForAloneIsNeverMore) {
  Home home;
  home.at(22, 0).in_bed(true).asks(ask::SetDevice{kPad, 5_pct, "", {}}).passes(20s);
  home.asks(ask::Softer{}).passes(20s);
  EXPECT_LE(home.thing(kPad).level, 5_pct);
}

TEST(Stronger, ThanTheHardLimitTakesNoExtraWordsBack) {
  Home home;
  home.at(22, 0).in_bed(true).asks(ask::SetDevice{kPad, 50_pct, "", {}}).passes(30s);
  for (int i = 0; i < 6; ++i) home.asks(ask::Stronger{});
  home.passes(30s);
  EXPECT_EQ(home.thing(kPad).level, kHard.massage_level);
  home.asks(ask::Softer{}).passes(15s);
  EXPECT_EQ(home.thing(kPad).level, 50_pct) << "the first word is felt";
}

}  // namespace
}  // namespace lull
