// A hand on a massage pad, and reports that only look like one.
#include <gtest/gtest.h>

#include "home.hpp"

namespace lull {
namespace {

bool was_told_on(const Thing& thing) {
  return std::any_of(thing.heard.begin(), thing.heard.end(),
                     [](const std::string& s) { return s.substr(0, 2) == "on"; });
}

TEST(AHandOnAMassagePad, IsNeverMadeOfALateReport) {
  Home home;
  home.at(3, 0).in_bed(true).passes(1min);
  home.thing(kPad).heard.clear();
  // The pad is off and proved off; a message of an hour ago arrives, or somebody forges one.
  home.hears(ActuatorReported{kPad, true, 60_pct, {}, {}, true}).passes(2min);
  EXPECT_FALSE(was_told_on(home.thing(kPad))) << "a report must not make Lull switch on: " << home.thing(kPad).heard[0];
  EXPECT_FALSE(home.runs(kPad));
  EXPECT_FALSE(home.hub.actuators[kPad.index].hand->on) << "it was asked, and it is off";
  EXPECT_LE(home.seen().devices[kPad.index].used_tonight, 2min);
}

TEST(AHandOnAMassagePad, IsLeftAloneCountedAndEndedInTime) {
  Home home;
  home.at(3, 0).in_bed(true).passes(1min);
  Thing& pad = home.thing(kPad);
  pad.heard.clear();
  pad.on = true, pad.level = 40_pct, pad.lease_until = home.now + 24h;  // its own switch knows no lease
  home.hears(ActuatorReported{kPad, true, 40_pct, {}, {}, true}).passes(5min);
  EXPECT_TRUE(pad.on && pad.heard.empty()) << "a hand wins";
  EXPECT_GE(home.seen().devices[kPad.index].used_tonight, 5min);
  EXPECT_LE(home.seen().devices[kPad.index].used_tonight, 7min);
  home.passes(26min);
  EXPECT_FALSE(pad.on) << home.all();
  EXPECT_FALSE(was_told_on(pad));
  EXPECT_FALSE(home.told("has not shown that it is off")) << "nobody is alarmed: it obeyed at once";
}

TEST(AHandOnAMassagePad, IsEndedByStopAndByTheEndOfLull) {
  for (const bool stop : {true, false}) {
    Home home;
    home.at(3, 0).in_bed(true).passes(1min);
    Thing& pad = home.thing(kPad);
    pad.on = true, pad.level = 40_pct, pad.lease_until = home.now + 24h;
    home.hears(ActuatorReported{kPad, true, 40_pct, {}, {}, true}).passes(2min);
    ASSERT_TRUE(pad.on);
    stop ? home.asks(ask::StopAll{}) : home.hears(Leaving{});
    home.passes(1s);
    EXPECT_FALSE(pad.on);
    EXPECT_TRUE(home.hub.actuators[kPad.index].off_proved);
  }
}

/// A hand presses the button of the device itself: it reports, and its own switch knows no lease.
void presses(Home& home, DeviceId id, bool on) {
  Thing& thing = home.thing(id);
  thing.on = on;
  thing.level = on ? 40_pct : 0_pct;
  thing.lease_until = home.now + 24h;
  home.hears(ActuatorReported{id, on, thing.level, {}, {}, true});
}

TEST(AHandThatSwitchedTheHeatOff, HidesNoStrangerWhoSwitchesItOnAfterwards) {
  Home home;
  home.at(22, 0).in_bed(true).asks(ask::SetDevice{kWarmer, 40_pct, "", {}}).passes(30s);
  ASSERT_TRUE(home.runs(kWarmer));
  presses(home, kWarmer, false);
  home.passes(20s);
  ASSERT_TRUE(home.hub.actuators[kWarmer.index].hand && home.hub.actuators[kWarmer.index].off_proved) << home.all();
  presses(home, kWarmer, true);
  home.passes(5s);
  EXPECT_FALSE(home.thing(kWarmer).on) << "heat without a lease is ended, whoever switched it off before";
  EXPECT_TRUE(home.told("was switched on by hand or by itself"));
  home.passes(1h);
  EXPECT_FALSE(home.runs(kWarmer)) << "and the hand that switched it off still wins";
}

TEST(AHandOnAMassagePad, ThatSwitchedItOffAndOnAgainIsSeenCountedAndEnded) {
  Home home;
  home.at(3, 0).in_bed(true).asks(ask::SetDevice{kPad, 40_pct, "", {}}).passes(30s);
  ASSERT_TRUE(home.runs(kPad));
  presses(home, kPad, false);
  home.passes(1min);
  const seconds before = home.seen().devices[kPad.index].used_tonight;
  presses(home, kPad, true);
  home.passes(5min);
  EXPECT_TRUE(home.thing(kPad).on) << "a hand wins";
  EXPECT_GE(home.seen().devices[kPad.index].used_tonight, before + 5min - 2s) << "its minutes count";
  home.passes(12min);
  EXPECT_FALSE(home.thing(kPad).on) << "and it ends as any hand on it does" << home.all();
}

}  // namespace
}  // namespace lull
