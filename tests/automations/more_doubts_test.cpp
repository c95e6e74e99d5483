// More doubts, each of which was a mutant that no story noticed (tests/mutants).
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/automations/home.hpp"

namespace lull {
namespace {

Home warm_home() {
  Home home;
  home.at(22, 0).in_bed(true).asks(ask::SetDevice{kWarmer, 40_pct, "", {}}).passes(5s);
  EXPECT_TRUE(home.runs(kWarmer));
  return home;
}
const DeviceView& warmer(const View& view) { return view.devices[kWarmer.index]; }

TEST(DoubtIsOff, AndARunningHeaterIsAskedEachMinute) {
  Home home = warm_home();
  int asked = 0;
  home.lost = [&](const Effect& e) {
    const auto* a = std::get_if<Ask>(&e);
    asked += a && a->device == kWarmer;
    return false;
  };
  home.passes(90s);
  EXPECT_GE(asked, 1) << "a renewal is no question";
}

TEST(DoubtIsOff, AndAnIdleHeaterThatAHandSwitchedOnUnheardIsFoundWithinALease) {
  Home home;
  home.at(22, 0).in_bed(true).passes(10s);
  ASSERT_TRUE(warmer(home.seen()).off_proved) << home.all();
  home.thing(kWarmer).on = true;  // and its report was lost
  home.thing(kWarmer).level = 40_pct;
  home.thing(kWarmer).lease_until = home.now + 12h;
  home.passes(5min);
  EXPECT_FALSE(home.runs(kWarmer)) << "an idle heater is asked now and then" << home.all();
  EXPECT_TRUE(home.told("was switched on by hand or by itself")) << home.all();
}

TEST(DoubtIsOff, AndOnePublishedOffIsNoProof) {
  Home home = warm_home();
  home.thing(kWarmer).dead = true;  // the bridge speaks, the device does not
  home.asks(ask::SetDevice{kWarmer, 0_pct, "", {}});
  const ActuatorReported off{kWarmer, false, {}, {}, {}, false};
  home.hears(off);
  EXPECT_FALSE(warmer(home.seen()).off_proved) << "a bridge says off though the device refused";
  home.passes(3s).hears(off);
  EXPECT_TRUE(warmer(home.seen()).off_proved) << "the same word after it was asked, or told again";
}

TEST(DoubtIsOff, WhenItSaysOffAndDrawsPower) {
  Home home = warm_home();
  home.asks(ask::SetDevice{kWarmer, 0_pct, "", {}}).passes(20s);
  ASSERT_TRUE(warmer(home.seen()).off_proved);
  home.passes(70s).hears(PowerReported{kWarmer, 60_W});
  EXPECT_TRUE(warmer(home.seen()).faulty);
  EXPECT_TRUE(home.told("it says it is off but draws 60 W")) << "and a person is told";
}

TEST(DoubtIsOff, AndATripOutlivesARestart) {
  Home home = warm_home();
  home.hears(TemperatureReported{kWarmer, 41.0_degC}).passes(5s);
  ASSERT_FALSE(home.runs(kWarmer));
  Home again(ana(), home.disk);
  again.at(22, 40).in_bed(true).asks(ask::SetDevice{kWarmer, 40_pct, "", {}}).passes(30s);
  EXPECT_FALSE(again.runs(kWarmer)) << "it is cool again, but nobody has looked at it";
  EXPECT_EQ(warmer(again.seen()).refusal, Refusal::tripped) << again.all();
}

TEST(DoubtIsOff, AndTheHotterOfTwoThermometersCounts) {
  for (const std::int32_t hot : {0, 1})
    for (const std::int32_t first : {0, 1}) {
      Home home = warm_home();
      for (const std::int32_t sensor : {first, 1 - first})
        home.hears(
            TemperatureReported{.device = kWarmer, .celsius = sensor == hot ? 33.5_degC : 29.0_degC, .sensor = sensor});
      EXPECT_EQ(warmer(home.seen()).surface, 33.5_degC)
          << "a hot spot under sensor " << hot << ", heard after sensor " << first;
    }
}

TEST(DoubtIsOff, WhenADeviceComesBackIntoReach) {
  Home home;
  home.at(22, 0).in_bed(true).hears(ReachabilityChanged{kWarmer, false}).passes(10min);
  home.thing(kWarmer).heard.clear();
  home.hears(ReachabilityChanged{kWarmer, true}).passes(1s);
  ASSERT_FALSE(home.thing(kWarmer).heard.empty()) << "nobody knows what it did meanwhile";
  EXPECT_EQ(home.thing(kWarmer).heard[0], "off");
}

TEST(AWish, IsBoxedInTimeHoweverLongItWantsToBe) {
  Home home;
  home.at(22, 0).in_bed(true).asks(ask::SetDevice{kPad, 40_pct, "", minutes{360}}, Door::voice);
  home.passes(14min);
  EXPECT_TRUE(home.runs(kPad));
  home.passes(70s);
  EXPECT_FALSE(home.runs(kPad)) << "for every voice ON may be an accident";
  EXPECT_TRUE(home.said("the time that a voice asked for is over")) << home.all();
}

TEST(NothingStartsByRestarting, NorWhenTheHostSleptThroughTheTime) {
  Home home;
  home.at(22, 0).in_bed(true).passes(10min);
  home.now = home.now + 3h;  // the lid was closed
  home.hears(Tick{}).passes(20min);
  EXPECT_FALSE(home.runs(kPad));
  EXPECT_TRUE(home.hub.plays.empty()) << "the evening's routine is not for one o'clock\n" << home.all();
}

TEST(AnEmptyBed, EndsWhatPlaysInIt) {
  Home home;
  home.at(22, 0).in_bed(true).asks(ask::Play{"wind-down"}).passes(12min);
  ASSERT_TRUE(home.runs(kPad) && home.runs(kWarmer));
  home.in_bed(false).passes(70s);
  EXPECT_TRUE(home.hub.plays.empty());
  EXPECT_FALSE(home.runs(kPad) || home.runs(kWarmer)) << home.all();
}

TEST(ANight, IsNotTurnedByAClockThatIsSetBack) {
  Home home;
  home.at(22, 0).in_bed(true).passes(2min);
  const std::string night = home.hub.night;
  home.hears(ClockSet{Home::kNoonUtcOffset - 48h}).passes(2min);
  EXPECT_EQ(home.hub.night, night) << "each rule's turns of the night would count anew";
}

TEST(AHandOnAMassagePad, EndsWithItsQuarterOfAnHour) {
  Home home;
  home.at(22, 0).in_bed(true).passes(10s);
  home.thing(kPad).on = true;
  home.thing(kPad).level = 40_pct;
  home.thing(kPad).lease_until = home.now + 12h;
  home.hears(ActuatorReported{kPad, true, 40_pct, {}, {}, true}).passes(14min);
  EXPECT_TRUE(home.runs(kPad)) << "a hand is left alone";
  home.passes(75s);
  EXPECT_FALSE(home.runs(kPad)) << "for as long as a wish would be, and no longer";
}

TEST(AHandOnAMassagePad, ThatSwitchedItOffIsStrongerThanANewerRule) {
  Home home;
  home.at(22, 0).in_bed(true).asks(ask::Play{"wind-down"}, Door::rule).passes(12min);
  ASSERT_TRUE(home.runs(kPad));
  home.thing(kPad).on = false;
  home.hears(ActuatorReported{kPad, false, {}, {}, {}, true}).passes(1min);
  ASSERT_FALSE(home.runs(kPad));
  home.asks(ask::Play{"night-relief"}, Door::rule).passes(3min);
  EXPECT_FALSE(home.runs(kPad)) << "until the next night";
}

}  // namespace
}  // namespace lull
