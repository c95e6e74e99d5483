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

}  // namespace
}  // namespace lull
