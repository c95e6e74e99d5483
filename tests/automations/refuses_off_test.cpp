// Devices that hear OFF and go on. Each of these was found by a simulated night.
#include <gtest/gtest.h>

#include "tests/automations/home.hpp"

namespace lull {
namespace {

/// Ana's pad shakes, and from now on takes no OFF. Something else, its maker's remote perhaps, keeps its lease alive.
Home a_pad_that_refuses_off(House house = ana()) {
  Home home(std::move(house));
  home.at(22, 0).in_bed(true).asks(ask::SetDevice{kPad, 40_pct, "", {}}).passes(2min);
  EXPECT_TRUE(home.runs(kPad));
  home.thing(kPad).deaf = true;
  home.thing(kPad).lease_until = home.now + 12h;
  return home;
}

TEST(DoseIsKept, AndWhatADeviceGivesThatRefusesItsOffIsCounted) {
  Home home = a_pad_that_refuses_off();
  home.asks(ask::StopAll{}).passes(10min);
  ASSERT_EQ(home.disk.dose.size(), 2u) << "of the pad, and of its sleeper";
  const auto on = [&] { return home.disk.dose[home.disk.dose[0].device == "leg_massage" ? 0 : 1].on; };
  EXPECT_GE(on(), 12min) << "its lease was over long ago, but it says that it still runs";
  EXPECT_LE(on(), 14min);
  home.thing(kPad).deaf = false;
  home.passes(35s);
  EXPECT_FALSE(home.runs(kPad));
  EXPECT_LE(on(), 13min) << "and what was charged ahead is given back";
}

/// One pad with a motor and a heater has one lease: renewed for the one, it holds the other too.
House one_pad_for_both() {
  House house = ana();
  for (DeviceId id : {kPad, kWarmer}) {
    house.devices[id.index].speaks = "esphome";
    house.devices[id.index].at = "lull/pad/left";
  }
  return house;
}

TEST(HeatIsLeased, AndALeaseThatTwoShareLapsesWhenOneOfThemRefusesItsOff) {
  Home home(one_pad_for_both());
  home.at(22, 0).in_bed(true).asks(ask::SetDevice{kPad, 40_pct, "", {}}).asks(ask::SetDevice{kWarmer, 40_pct, "", {}});
  for (DeviceId id : {kPad, kWarmer}) home.hears(TimerLearned{id, Timer::lease, ""});
  home.passed_its_test();
  home.passes(2min);
  ASSERT_TRUE(home.runs(kPad) && home.runs(kWarmer));
  home.thing(kPad).deaf = true;
  home.asks(ask::SetDevice{kPad, 0_pct, "", {}}).passes(10s);
  EXPECT_TRUE(home.runs(kWarmer)) << "a lost message or two is no reason to let the bed go cold";
  home.thing(kWarmer).heard.clear();
  home.passes(20s);
  EXPECT_FALSE(home.runs(kWarmer)) << "each renewal of the heat would keep the motor running";
  EXPECT_TRUE(home.said("Foot warmer: it shares a lease with Leg massage, which does not go off")) << home.all();
  for (const std::string& word : home.thing(kWarmer).heard) EXPECT_EQ(word, "off");
}

}  // namespace
}  // namespace lull
