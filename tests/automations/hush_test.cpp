// At night only what cannot wait reaches a phone; the rest is told in the morning, whatever happens in between.
#include "automations/hush.hpp"

#include <gtest/gtest.h>

#include "tests/automations/home.hpp"

namespace lull {
namespace {

/// A fault of the pad: it does not do as told.
Home& pad_fails(Home& home) {
  home.thing(kPad).dead = true;
  return home.asks(ask::SetDevice{kPad, 40_pct, "", {}}).passes(20s);
}
House without_preflight() {
  House house = ana();
  house.preflight.on = false;
  return house;
}

TEST(AFault, BeforeBedtimeIsToldAtOnce) {
  Home home(without_preflight());
  pad_fails(home.at(21, 0).in_bed(true));
  EXPECT_TRUE(home.told("Leg massage: it did not confirm")) << home.all();
}

TEST(AFault, InTheNightIsKeptAndToldInTheMorning) {
  Home home(without_preflight());
  home.at(22, 40).in_bed(true).passes(1min);
  pad_fails(home);
  EXPECT_FALSE(home.told("did not confirm"));
  EXPECT_TRUE(home.said("kept for the morning: Leg massage: it did not confirm")) << home.all();
  home.at(3, 0).in_bed(false).passes(10min);  // a bathroom is no morning
  EXPECT_FALSE(home.told("did not confirm"));
  home.in_bed(true).at(6, 50).in_bed(false).passes(25min);
  EXPECT_TRUE(home.told("Kept until now: Leg massage: it did not confirm")) << home.all();
  home.passes(2h);
  EXPECT_EQ(std::count_if(home.phone.begin(), home.phone.end(),
                          [](const std::string& p) { return p.find("did not confirm") != p.npos; }),
            1)
      << "told once";
}

TEST(AFault, InTheNightOutlivesARestart) {
  Home home(without_preflight());
  home.at(22, 40).in_bed(true).passes(1min);
  pad_fails(home);
  Home again(without_preflight(), home.disk);
  again.at(2, 0).passes(1h);  // nobody has said yet who is in bed: it is night by the clock
  EXPECT_FALSE(again.told("did not confirm"));
  again.at(7, 1);
  EXPECT_TRUE(again.told("Kept until now: Leg massage: it did not confirm")) << again.all();
  Home third(without_preflight(), again.disk);
  third.at(8, 0).passes(1min);
  EXPECT_FALSE(third.told("did not confirm")) << "told, so it is gone from the disk";
}

TEST(AFault, IsStillKeptWhenTheRuleThatBeginsTheNightIsToRest) {
  House house = without_preflight();
  house.rules[0].when = {when::Time{{21 * 60}, kEveryDay}};
  Home home(house);
  home.at(20, 50).in_bed(true).at(21, 1).asks(ask::StopPlay{""}).at(21, 29);
  pad_fails(home);
  ASSERT_TRUE(home.said("kept for the morning: Leg massage: it did not confirm")) << home.all();
  home.asks(ask::AllowTonight{"Bedtime", "", false}).passes(2min);
  EXPECT_FALSE(home.told("did not confirm")) << "she wants it quieter, not louder";
  home.asks(ask::AllowTonight{"Bedtime", "", true}).passes(2min);
  EXPECT_FALSE(home.told("did not confirm"));
}

TEST(AnAlarm, InTheNightIsToldAtOnce) {
  Home home(without_preflight());
  home.at(23, 30).in_bed(true).passes(1min);
  home.surface = 42.0_degC;
  home.passes(10s);
  EXPECT_TRUE(home.told("Foot warmer reached 42 °C")) << home.all();
}

/// How often a phone heard it, by every road or by the broker alone.
int heard(const Home& home, std::string_view words, std::optional<Notify::Road> only = {}) {
  return static_cast<int>(std::count_if(home.letters.begin(), home.letters.end(), [&](const Notify& n) {
    return n.text.find(words) != n.text.npos && n.only == only;
  }));
}

TEST(AnAlarm, WithoutABrokerGoesByTheOtherRoadsAtOnceAndByTheBrokerWhenItIsBack) {
  Home home(without_preflight());
  home.at(2, 0).in_bed(true).passes(1min).hears(LinkChanged{false});
  home.hears(TemperatureReported{kWarmer, 42.0_degC}).passes(1min);
  EXPECT_EQ(heard(home, "reached 42"), 1) << home.all();
  EXPECT_EQ(heard(home, "reached 42", Notify::Road::broker), 0) << "it would be lost";
  home.hears(LinkChanged{true}).passes(1s);
  EXPECT_EQ(heard(home, "Foot warmer reached 42 °C", Notify::Road::broker), 1) << home.all();
  EXPECT_EQ(heard(home, "reached 42"), 1) << "who heard it already does not hear it twice";
}

TEST(AnAlarm, WithoutABrokerIsToldByEveryRoadAfterARestart) {
  Home home(without_preflight());
  home.at(2, 0).in_bed(true).passes(1min).hears(LinkChanged{false});
  home.hears(TemperatureReported{kWarmer, 42.0_degC}).passes(1s);
  Home again(without_preflight(), home.disk);
  again.at(2, 5).passes(1s);
  EXPECT_EQ(heard(again, "reached 42"), 1) << "nobody knows whether the others had told it before the end";
}

/// The broker is gone: nothing that is said arrives, nothing is heard.
Home& broker_dies(Home& home) {
  home.lost = [](const Effect& e) { return std::holds_alternative<SafeCommand>(e) || std::holds_alternative<Ask>(e); };
  home.thermometer_talks = false;
  return home.hears(GuardChanged{kWarmer, false}).hears(LinkChanged{false});
}

TEST(AHeater, ThatRanWhenTheBrokerDiedIsToldOfAtAnyHour) {
  Home home(without_preflight());
  home.at(22, 0).in_bed(true).at(22, 35);
  ASSERT_TRUE(home.runs(kWarmer)) << home.all();
  broker_dies(home).passes(59s);
  EXPECT_EQ(heard(home, "Foot warmer has not shown that it is off"), 0) << "a broker that restarts is back by then";
  home.passes(2s);
  ASSERT_EQ(heard(home, "Foot warmer has not shown that it is off"), 1) << home.all();
  EXPECT_EQ(home.letters.back().urgency, Notify::Urgency::alarm);
  EXPECT_NE(home.letters.back().text.find("its own timer ends it; please look at it"), std::string::npos);
  EXPECT_EQ(heard(home, "Bedside lamp"), 0);
}

TEST(AHeater, ThatWasOffWhenTheBrokerDiedWakesNobody) {
  Home home(without_preflight());
  home.at(2, 0).in_bed(true).passes(10min);
  ASSERT_FALSE(home.runs(kWarmer));
  broker_dies(home).passes(20min);
  EXPECT_EQ(heard(home, "Foot warmer"), 0) << home.all();
  EXPECT_FALSE(home.said("Foot warmer has not shown that it is off")) << "nor is anything kept for the morning";
}

TEST(AMassage, ThatRanWhenTheBrokerDiedWaitsForTheMorning) {
  Home home(without_preflight());
  home.at(22, 0).in_bed(true).at(22, 45);
  ASSERT_TRUE(home.runs(kPad));
  broker_dies(home).passes(3min);
  EXPECT_EQ(heard(home, "Leg massage has not shown"), 0) << "its own timer ends it, and she sleeps";
  EXPECT_TRUE(home.said("Leg massage has not shown that it is off")) << home.all();
  home.at(6, 40).in_bed(false).at(7, 5);
  EXPECT_EQ(heard(home, "Kept until now: "), 1) << "the broker is still dead, and other roads are not";
  EXPECT_EQ(heard(home, "Leg massage has not shown"), 1) << home.all();
  home.passes(1h);
  EXPECT_EQ(heard(home, "Leg massage has not shown"), 1) << "once";
  home.hears(LinkChanged{true}).passes(1s);
  EXPECT_EQ(heard(home, "Leg massage has not shown", Notify::Road::broker), 1) << "and by the broker when it is back";
  EXPECT_EQ(heard(home, "Leg massage has not shown"), 1);
}

/// Sixteen faults that wait, and three more that were only counted.
Hush full() {
  Hush hush;
  for (std::size_t i = 0; i < kMostHeld; ++i) hush.held.push_back({std::nullopt, "fault " + std::to_string(i) + "."});
  hush.more = 3;
  return hush;
}

TEST(TooManyFaults, AreCountedAlsoWhileTheBrokerIsDeadInTheMorning) {
  Home home(without_preflight());
  home.at(22, 0).in_bed(true).at(23, 30).hears(LinkChanged{false});
  home.hub.hush.held = full().held, home.hub.hush.more = 3;
  home.at(6, 40).in_bed(false).at(7, 5);
  EXPECT_EQ(heard(home, "fault 15. And 3 more."), 1) << home.all();
  home.hears(LinkChanged{true}).passes(1s);
  EXPECT_EQ(heard(home, "fault 15. And 3 more.", Notify::Road::broker), 1);
  EXPECT_EQ(heard(home, "fault 15. And 3 more."), 1);
}

TEST(TooManyFaults, HideNoAlarmThatWaitsForABroker) {
  Home home(without_preflight());
  home.at(2, 0).in_bed(true).passes(1min).hears(LinkChanged{false});
  home.hub.hush.held = full().held, home.hub.hush.more = 3;
  home.hears(TemperatureReported{kWarmer, 42.0_degC}).passes(1min);
  EXPECT_EQ(home.hub.hush.held.size(), kMostHeld);
  EXPECT_EQ(home.hub.hush.more, 4) << "a fault made room for it, and is counted";
  home.hears(LinkChanged{true}).passes(1s);
  EXPECT_EQ(heard(home, "Foot warmer reached 42 °C", Notify::Road::broker), 1) << home.all();
}

TEST(AnAlarm, OfAnHourAgoRingsNoPhoneOnceMoreAfterARestart) {
  Home home(without_preflight());
  home.at(2, 0).in_bed(true).passes(1min).hears(LinkChanged{false});
  home.hears(TemperatureReported{kWarmer, 42.0_degC}).passes(1h);
  Home again(without_preflight(), home.disk);
  again.at(3, 5).passes(1s);
  EXPECT_EQ(heard(again, "reached 42"), 0) << "they all heard it an hour ago";
  EXPECT_EQ(heard(again, "reached 42", Notify::Road::broker), 1) << "and by the broker it comes now";
}

TEST(WhatIsKept, ReadsBackAndIsBounded) {
  Hush hush;
  hush.held = {{SleeperId{1}, "Füße: kalt", false}, {std::nullopt, "a\tb", true}};
  hush.more = 3;
  Hush back = hush_from(to_text(hush));
  EXPECT_EQ(back, hush);
  hush.held.push_back({SleeperId{0}, "told", true, true});
  hush.held.push_back({std::nullopt, "* told, too", false, true});
  EXPECT_EQ(hush_from(to_text(hush)), hush) << "who was told already is not told again";
  EXPECT_EQ(hush_from("!0 of an older Lull\n").held.at(0), (Held{SleeperId{0}, "of an older Lull", true}));
  EXPECT_EQ(hush_from(to_text(full())), full()) << "those that were only counted, too";
  EXPECT_EQ(hush_from("nonsense\n\n-\n!\n+ x\n99999999999 y\n"), Hush{}) << "a damaged disk keeps nobody from sleeping";
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "- fault " + std::to_string(i) + "\n";
  EXPECT_EQ(hush_from(many).held.size(), kMostHeld);
}

}  // namespace
}  // namespace lull
