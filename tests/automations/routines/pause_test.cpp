// A pause: everything with force goes off, the score stands still, and it ends by itself if nobody goes on.
#include <gtest/gtest.h>

#include "tests/automations/home.hpp"

namespace lull {
namespace {

Home& massages(Home& home) {
  return home.at(22, 0).in_bed(true).asks(ask::Play{"wind-down"}, Door::phone).passes(12min);
}

TEST(APause, SwitchesOffWhatHasForceAndStandsStill) {
  Home home;
  massages(home).asks(ask::Pause{""}).passes(5min);
  EXPECT_FALSE(home.runs(kPad) || home.runs(kWarmer));
  EXPECT_TRUE(home.thing(kLamp).on) << "a lamp is left as it is";
  EXPECT_EQ(home.hub.plays.at(0).elapsed, 12min);
  EXPECT_TRUE(home.seen().plays[0].paused);
  EXPECT_TRUE(home.said("wind-down: paused by somebody on the page; it ends in 15 min unless somebody goes on"))
      << home.all();
  home.asks(ask::Resume{""}).passes(1min);
  EXPECT_TRUE(home.runs(kPad) && home.runs(kWarmer));
  EXPECT_EQ(home.hub.plays.at(0).elapsed, 13min);
  EXPECT_TRUE(home.said("wind-down: goes on, asked for by somebody on the page")) << home.all();
}

TEST(APause, EndsByItselfAndSaysSo) {
  Home home;
  massages(home).asks(ask::Pause{""}).passes(15min - 1s);
  ASSERT_EQ(home.seen().plays.size(), 1U);
  home.passes(2s);
  EXPECT_TRUE(home.seen().plays.empty()) << "whoever paused it sleeps";
  EXPECT_TRUE(home.said("wind-down: paused for 15 min and nobody went on: it ends after 12 min")) << home.all();
  home.asks(ask::Resume{""}).passes(1min);
  EXPECT_FALSE(home.runs(kPad) || home.runs(kWarmer));
}

TEST(APause, ThatIsAskedForAgainLastsNoLonger) {
  Home home;
  massages(home);
  for (int i = 0; i < 8; ++i) home.asks(ask::Pause{""}).passes(2min);
  EXPECT_TRUE(home.seen().plays.empty());
}

TEST(APause, MayBeTakenAgainAfterGoingOn) {
  Home home;
  massages(home).asks(ask::Pause{""}).passes(10min).asks(ask::Resume{""}).passes(10s);
  home.asks(ask::Pause{""}).passes(10min);
  EXPECT_EQ(home.seen().plays.size(), 1U) << "each has its quarter of an hour";
}

TEST(APause, HoldsAFadeWhereItIs) {
  Home home;
  home.at(22, 0).in_bed(true).asks(ask::Play{"wind-down"}).passes(5min).asks(ask::Pause{""}).passes(5s);
  EXPECT_NEAR(home.thing(kLamp).level.tenths(), 325, 10) << "it would have gone on to 5 % by itself";
  home.passes(5min).asks(ask::Resume{""}).passes(10s);
  EXPECT_EQ(home.thing(kLamp).level, 5_pct) << "and goes on fading";
  EXPECT_FALSE(home.hub.actuators[kLamp.index].hand) << "none of it was a hand";
}

TEST(APause, ThenStopIsStop) {
  Home home;
  massages(home).asks(ask::Pause{""}).passes(1min).asks(ask::StopAll{}).passes(10s);
  EXPECT_TRUE(home.seen().plays.empty());
  home.asks(ask::Resume{""}).asks(ask::Release{}).asks(ask::Resume{""}).passes(1min);
  EXPECT_FALSE(home.runs(kPad) || home.runs(kWarmer)) << "what was stopped does not go on";
}

TEST(APause, OfNothingSaysSo) {
  Home home;
  home.at(22, 0).in_bed(true).asks(ask::Pause{"wind-down"}).asks(ask::Resume{""});
  EXPECT_TRUE(home.said("somebody on the page: wind-down does not play"));
  EXPECT_TRUE(home.said("somebody on the page: nothing plays"));
}

TEST(APause, DoesNotCountAsTimeThatARulesPlayRan) {
  House house = ana();
  house.rules[0].limits.total = 60min;
  Home home(house);
  home.at(22, 0).in_bed(true).at(22, 40).asks(ask::Pause{""}).passes(10min);
  home.asks(ask::StopPlay{""});
  EXPECT_EQ(duration_cast<minutes>(home.hub.rules[0].used.total), 10min);
}

}  // namespace
}  // namespace lull
