// The promises of leases, doubt, timers and restarts, each as a story (docs/SAFETY.md names these tests).
#include <gtest/gtest.h>

#include "tests/automations/home.hpp"

namespace lull {
namespace {

// ---- 1. Heat is leased, never switched on ---------------------------------------------------------------------------

TEST(HeatIsLeased, AndLapsesWithinOneLeaseWhenTheHubDies) {
  Home home;
  home.at(22, 0).in_bed(true).at(22, 40);
  ASSERT_TRUE(home.runs(kWarmer)) << home.all();
  const Instant died = home.now;
  home.now = died + kHard.heat_lease;  // nobody is left to tick
  EXPECT_FALSE(home.runs(kWarmer)) << "cold within one lease, without anyone's help";
}

TEST(HeatIsLeased, AndTheLeaseIsRenewedBeforeItRunsOut) {
  Home home;
  home.at(22, 0).in_bed(true).at(22, 31);
  for (int minute = 31; minute < 50; ++minute) {
    home.at(22, minute);
    ASSERT_TRUE(home.runs(kWarmer)) << "minute " << minute;
  }
  for (const std::string& said : home.thing(kWarmer).heard)
    if (said != "off") {
      const int lease = std::stoi(said.substr(said.rfind(' ') + 1));
      EXPECT_LE(lease, kHard.heat_lease.count()) << said;
    }
}

TEST(HeatIsLeased, NotWithoutAGuardThatWouldSayOff) {
  Home home;
  home.at(22, 0).in_bed(true).hears(GuardChanged{kWarmer, false}).at(22, 40);
  EXPECT_FALSE(home.runs(kWarmer));
  EXPECT_TRUE(home.said("switch it off if Lull died")) << home.all();
  home.hears(GuardChanged{kWarmer, true}).passes(5s);
  EXPECT_TRUE(home.runs(kWarmer)) << "the routine still plays, and the guard is back";
}

TEST(HeatIsLeased, AndEndsAtOnceWhenItsGuardIsLost) {
  Home home;
  home.at(22, 0).in_bed(true).at(22, 40);
  ASSERT_TRUE(home.runs(kWarmer));
  home.hears(GuardChanged{kWarmer, false});
  EXPECT_FALSE(home.runs(kWarmer));
}

// ---- 2. Doubt is OFF ------------------------------------------------------------------------------------------------

TEST(DoubtIsOff, WhenTheThermometerFallsSilent) {
  Home home;
  home.at(22, 0).in_bed(true).at(22, 35);
  ASSERT_TRUE(home.runs(kWarmer));
  home.thermometer_talks = false;
  home.passes(kHard.reading_lives);
  home.passes(15s);
  EXPECT_FALSE(home.runs(kWarmer));
  EXPECT_TRUE(home.said("the thermometer went quiet")) << home.all();
}

TEST(DoubtIsOff, WhenNoTemperatureWasEverSeen) {
  House house = ana();
  house.devices[kWarmer.index].thermometer = kAnkle;  // one that never speaks of temperature
  Home home(house);
  home.thermometer_talks = false;
  home.at(22, 0).in_bed(true);
  home.hub.actuators[kWarmer.index].standing.surface.reset();
  home.at(22, 40);
  EXPECT_FALSE(home.runs(kWarmer));
  EXPECT_TRUE(home.said("no temperature seen yet")) << home.all();
}

TEST(DoubtIsOff, WhenAnOnIsNeverConfirmed) {
  Home home;
  home.at(22, 0).in_bed(true);
  home.thing(kPad).deaf = true;  // takes commands and does nothing, yet answers that it is off
  home.at(22, 40);
  EXPECT_FALSE(home.runs(kPad));
  EXPECT_TRUE(home.said("did not confirm")) << home.all();
  EXPECT_TRUE(home.said("kept for the morning: Leg massage: it did not confirm")) << "a person is told, not woken";
  EXPECT_EQ(home.thing(kPad).heard.back(), "off") << "the last word is OFF";
}

TEST(DoubtIsOff, AndOffIsSentUntilItIsProved) {
  Home home;
  home.at(22, 0).in_bed(true).at(22, 45);
  ASSERT_TRUE(home.runs(kPad));
  home.lost = [](const Effect& e) {
    if (const auto* c = std::get_if<SafeCommand>(&e)) return c->device() == kPad;
    if (const auto* a = std::get_if<Ask>(&e)) return a->device == kPad;
    return false;
  };
  home.asks(ask::StopAll{}).passes(65s);
  EXPECT_TRUE(home.runs(kPad)) << "nothing reached it";
  EXPECT_TRUE(home.told("has not shown that it is off")) << "a person is told after a minute";
  home.lost = nullptr;
  home.passes(31s);
  EXPECT_FALSE(home.runs(kPad)) << "the next repeat arrived";
  EXPECT_TRUE(home.told("proved off now"));
}

TEST(DoubtIsOff, WhenItsSurfaceIsTooHotAndThatIsLatched) {
  Home home;
  home.at(22, 0).in_bed(true).at(22, 35);
  ASSERT_TRUE(home.runs(kWarmer));
  home.warms(41.5_degC);
  EXPECT_FALSE(home.runs(kWarmer));
  home.warms(30.0_degC).passes(4min);
  EXPECT_FALSE(home.runs(kWarmer)) << "latched: a person must look";
  home.asks(ask::Release{}).passes(5s);
  EXPECT_TRUE(home.runs(kWarmer)) << "released by a person while the routine still plays";
}

TEST(DoubtIsOff, AtTheCeilingAndOnAgainOnlyWhenItHasCooled) {
  Home home;
  home.at(22, 0).in_bed(true).at(22, 35);
  home.warms(39.0_degC);
  EXPECT_FALSE(home.runs(kWarmer));
  home.warms(38.5_degC);
  EXPECT_FALSE(home.runs(kWarmer)) << "no chatter around the ceiling";
  home.warms(37.0_degC);
  EXPECT_TRUE(home.runs(kWarmer));
}

TEST(DoubtIsOff, WithoutAThermometerAsSoonAsSomebodyIsInBed) {
  Home home;
  home.thermometer_talks = false;
  home.at(22, 0);
  home.hub.actuators[kWarmer.index].standing.measures_surface = false;
  home.in_bed(false).asks(ask::SetDevice{kWarmer, 40_pct, "", {}}).passes(2s);
  EXPECT_TRUE(home.runs(kWarmer)) << "it warms the empty bed";
  home.in_bed(true);
  EXPECT_FALSE(home.runs(kWarmer));
  EXPECT_TRUE(home.said("somebody is in it")) << home.all();
}

TEST(DoubtIsOff, WithoutAThermometerWhenNobodyCanTellWhetherSomebodyIsInBed) {
  Home home;
  home.thermometer_talks = false;
  home.at(22, 0);
  home.hub.actuators[kWarmer.index].standing.measures_surface = false;
  home.asks(ask::SetDevice{kWarmer, 40_pct, "", {}}).passes(2s);
  EXPECT_FALSE(home.runs(kWarmer));
}

// ---- 3. A device that cannot stop by itself is not trusted
// ------------------------------------------------------------

TEST(ADeviceThatCannotStopByItself, GetsNoHeatAndTheRefusalSaysWhy) {
  Home home;
  home.at(22, 0)
      .in_bed(true)
      .hears(TimerLearned{kWarmer, Timer::none, "this plug has no timer: choose one with on_time"})
      .at(22, 40);
  EXPECT_FALSE(home.runs(kWarmer));
  EXPECT_TRUE(home.said("choose one with on_time")) << home.all();
  home.hears(TimerLearned{kWarmer, Timer::on_time, ""}).passes(5s);
  EXPECT_TRUE(home.runs(kWarmer)) << "what was mended needs no restart";
}

TEST(ADeviceThatCannotStopByItself, IsArmedAndReadBackBeforeTheFirstHeat) {
  Home home;
  home.at(22, 0).in_bed(true).hears(LinkChanged{false}).hears(LinkChanged{true});
  for (DeviceId id : {kPad, kLamp}) home.hears(TimerLearned{id, Timer::on_time, ""});
  std::string order;
  home.lost = [&](const Effect& e) {
    if (const auto* arm = std::get_if<Arm>(&e); arm && arm->device == kWarmer) order += "arm ";
    if (const auto* c = std::get_if<SafeCommand>(&e); c && c->device() == kWarmer && !c->off()) order += "on ";
    return false;
  };
  home.hears(TimerLearned{kWarmer, Timer::turn_off_countdown, ""}).passed_its_test().at(22, 40);
  EXPECT_EQ(order.substr(0, 7), "arm on ") << order;
  EXPECT_TRUE(home.runs(kWarmer));
}

TEST(ADeviceThatCannotStopByItself, IsNotUsedWhenItsTimerReadsBackWrong) {
  Home home;
  home.at(22, 0).in_bed(true).hears(LinkChanged{false}).hears(LinkChanged{true});
  home.hears(TimerLearned{kWarmer, Timer::turn_off_countdown, ""}).passed_its_test().passes(10s);
  home.lost = [](const Effect& e) { return std::holds_alternative<Arm>(e); };
  home.hears(TimerReadBack{kWarmer, 30000s}).at(22, 40);
  EXPECT_FALSE(home.runs(kWarmer));
  EXPECT_TRUE(home.said("its own timer reads 30000 s")) << home.all();
}

// ---- 4. Nothing starts because something restarted
// ---------------------------------------------------------------------

TEST(NothingStartsByRestarting, EverythingGoesOffFirst) {
  Home home;
  home.at(22, 0).in_bed(true).at(22, 45);
  ASSERT_TRUE(home.runs(kPad));
  Home again(ana(), home.disk);
  again.things = home.things;  // the pads go on by themselves while Lull restarts
  for (Thing& thing : again.things) thing.heard.clear();
  again.at(22, 46);
  EXPECT_EQ(again.thing(kPad).heard.front(), "off");
  EXPECT_EQ(again.thing(kWarmer).heard.front(), "off");
  again.in_bed(true).at(22, 59);
  EXPECT_FALSE(again.runs(kPad)) << "the wind-down of before is not taken up again";
}

TEST(NothingStartsByRestarting, ATimeThatPassedMeanwhileIsNotMadeUpFor) {
  House house = ana();
  house.rules[0].only_if.clear();  // whoever is in bed: the time alone would do
  Home home(house);
  home.at(22, 0).in_bed(true).at(22, 20);
  Home stayed = home;
  stayed.at(22, 31);
  ASSERT_TRUE(stayed.said("wind-down: begins")) << "had nobody restarted it" << stayed.all();
  Home again(house, home.disk);
  again.at(22, 31).in_bed(true).at(22, 59);
  EXPECT_FALSE(again.said("wind-down: begins")) << again.all();
  EXPECT_TRUE(again.hub.plays.empty());
  EXPECT_FALSE(again.runs(kPad) || again.runs(kWarmer));
}

TEST(NothingStartsByRestarting, ThePresenceFirstHeardIsNoArrival) {
  House house = ana();
  house.rules.push_back({"Welcome", {when::InBed{kAna, true}}, {}, {}, {act::Play{"wind-down"}}});
  Home home(house);
  home.at(22, 0).in_bed(true).passes(10s);
  EXPECT_FALSE(home.said("rule Welcome: when")) << home.all();
  home.in_bed(false).in_bed(true);
  EXPECT_TRUE(home.said("rule Welcome: when Ana gets into bed")) << home.all();
}

TEST(NothingStartsByRestarting, AfterAReconnectEverythingIsProvedOffBeforeItGoesOn) {
  Home home;
  home.at(22, 0).in_bed(true).at(22, 45);
  home.thing(kPad).heard.clear();
  home.hears(LinkChanged{false}).passes(5s).hears(LinkChanged{true}).hears(TimerLearned{kPad, Timer::on_time, ""});
  home.passes(10s);
  ASSERT_GE(home.thing(kPad).heard.size(), 2u);
  EXPECT_EQ(home.thing(kPad).heard[0], "off");
  EXPECT_TRUE(home.runs(kPad)) << "then the routine, which still plays, goes on";
}

}  // namespace
}  // namespace lull
