// Doubts that a whole night rarely meets: each was a mutant of the interlock that no other story noticed.
#include <gtest/gtest.h>

#include "tests/automations/home.hpp"

namespace lull {
namespace {

TEST(DoubtIsOff, WhenAHeaterHasNothingButItsMakersCutOff) {
  House house = ana();
  house.devices[kWarmer.index].own_cut_off = 20min;
  house.devices[kPad.index].own_cut_off = 20min;
  Home home(house);
  home.at(22, 0).in_bed(true);
  for (DeviceId id : {kPad, kWarmer}) home.hears(TimerLearned{id, Timer::product, "only its maker's own cut-off"});
  home.at(22, 45);
  EXPECT_FALSE(home.runs(kWarmer)) << "promise 1 is a lease of minutes; a maker's twelve hours are no guard";
  EXPECT_TRUE(home.said("Foot warmer: only its maker's own cut-off")) << home.all();
  EXPECT_TRUE(home.runs(kPad)) << "a massage may, when that cut-off is within its session";
}

TEST(DoubtIsOff, WhenAMakersCutOffIsLongerThanASession) {
  House house = ana();
  house.devices[kPad.index].own_cut_off = 30min;
  Home home(house);
  home.at(22, 0).in_bed(true).hears(TimerLearned{kPad, Timer::product, ""}).at(22, 45);
  EXPECT_FALSE(home.runs(kPad));
  EXPECT_TRUE(home.said("its own cut-off is longer than a session of 20 min")) << home.all();
}

TEST(DoubtIsOff, WhenAFlagAllowsOnlyAnEmptyBedAndNobodyCanTellWhetherItIs) {
  House house = ana();
  house.sleepers[0].limits.heat_only_preheat = true;
  Home home(house);
  home.at(22, 0).asks(ask::SetDevice{kWarmer, 40_pct, "", {}}).passes(5s);
  EXPECT_FALSE(home.runs(kWarmer)) << "unknown is not empty, with a thermometer too";
  EXPECT_TRUE(home.said("a limit allows heat only in an empty bed")) << home.all();
  home.in_bed(false).passes(5s);
  EXPECT_TRUE(home.runs(kWarmer));
  home.in_bed(true);
  EXPECT_FALSE(home.runs(kWarmer));
}

TEST(NothingStartsByRestarting, AndADeviceThatDoesNotAnswerIsNotSwitchedOn) {
  Home home;
  home.at(22, 0).in_bed(true).at(22, 45);
  ASSERT_TRUE(home.runs(kPad));
  home.hears(LinkChanged{false}).passes(5s);
  home.thing(kPad).heard.clear();
  home.thing(kPad).dead = true;  // it neither hears nor answers: nobody knows what it does
  int on = 0;
  home.lost = [&](const Effect& e) {
    if (const auto* c = std::get_if<SafeCommand>(&e)) on += c->device() == kPad && !c->off();
    return false;
  };
  home.hears(LinkChanged{true}).hears(TimerLearned{kPad, Timer::on_time, ""}).passes(90s);
  EXPECT_EQ(on, 0) << "first it must show that it is off";
  EXPECT_TRUE(home.said("it has not yet shown that it is off")) << home.all();
  home.thing(kPad).dead = false;
  home.passes(40s);
  EXPECT_GT(on, 0) << "then the routine, which still plays, goes on";
}

TEST(NothingStartsByRestarting, AndWhatIsOutOfReachIsNotSaidToBeProvedOff) {
  Home home;
  home.thing(kWarmer).dead = true;  // its bridge is not there: it can be neither told nor asked
  home.at(22, 0).hears(ReachabilityChanged{kWarmer, false}).passes(2s);
  EXPECT_FALSE(home.said("everything Lull drives is proved off")) << home.all();
  EXPECT_TRUE(home.said("rules may act; what has not shown that it is off stays off")) << home.all();
}

TEST(HeatIsLeased, AndHeatThatSomebodyElseSwitchedOnIsEnded) {
  Home home;
  home.at(22, 0).in_bed(true).passes(10s);
  home.thing(kWarmer).on = true;  // a hand on the plug, or a group it is in
  home.thing(kWarmer).lease_until = home.now + 12h;
  home.hears(ActuatorReported{kWarmer, true, {}, {}, {}, false}).passes(3s);
  EXPECT_FALSE(home.runs(kWarmer));
  EXPECT_TRUE(home.said("heat without a lease is ended at once")) << home.all();
  EXPECT_TRUE(home.told("Foot warmer was switched on by hand or by itself"));
}

TEST(DoseIsKept, AndARestartIsNoRest) {
  Home home;
  home.at(22, 0).in_bed(true).asks(ask::SetDevice{kPad, 40_pct, "", {}}).passes(5min);
  ASSERT_TRUE(home.runs(kPad));
  home.asks(ask::SetDevice{kPad, 0_pct, "", {}}).passes(5s);
  Home again(ana(), home.disk);
  again.at(22, 7).in_bed(true).asks(ask::SetDevice{kPad, 40_pct, "", {}}).passes(30s);
  EXPECT_FALSE(again.runs(kPad)) << "nobody knows how long the session before was, so it rests first";
  EXPECT_TRUE(again.said("it rests for another")) << again.all();
  again.passes(9min);
  EXPECT_TRUE(again.runs(kPad)) << "ten minutes after the last use";
}

TEST(DoseIsKept, AndAHouseholdsLongerRestIsARest) {
  House house = ana();
  house.sleepers[0].limits.massage_rest = 30min;
  Home home(house);
  const auto use = [](Home& h) { h.asks(ask::SetDevice{kPad, 40_pct, "", {}}).passes(16min); };
  home.at(21, 0).in_bed(true);
  use(home);
  home.asks(ask::SetDevice{kPad, 40_pct, "", {}}).passes(6min);
  ASSERT_TRUE(home.said("a session is 20 min, then it rests for 30 min")) << home.all();
  home.passes(15min).asks(ask::SetDevice{kPad, 40_pct, "", {}}).passes(30s);
  EXPECT_FALSE(home.runs(kPad)) << "ten minutes would do for Lull, but not for this household";
  Home again(house, home.disk);
  again.at(21, 40).in_bed(true).asks(ask::SetDevice{kPad, 40_pct, "", {}}).passes(30s);
  EXPECT_FALSE(again.runs(kPad)) << "and a restart makes it no shorter";
  again.passes(11min).asks(ask::SetDevice{kPad, 40_pct, "", {}}).passes(30s);
  EXPECT_TRUE(again.runs(kPad));
}

TEST(DoseIsKept, AndANightEndsAtItsCapWithThatReason) {
  Home home;
  home.at(20, 0).in_bed(true);
  milliseconds ran{};
  for (int use = 0; use < 6; ++use) {
    home.asks(ask::SetDevice{kPad, 40_pct, "", {}});
    for (int s = 0; s < 26 * 60; ++s) {  // a quarter of an hour, then a rest
      home.passes(1s);
      if (home.runs(kPad)) ran += 1s;
    }
  }
  EXPECT_LE(ran, kHard.massage_night);
  EXPECT_GE(ran, kHard.massage_night - 5s) << "and what is allowed is given";
  EXPECT_TRUE(home.said("60 min of 60 min used tonight")) << home.all();
}

}  // namespace
}  // namespace lull
