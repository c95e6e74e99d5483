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

TEST(AnAlarm, InTheNightIsToldAtOnce) {
  Home home(without_preflight());
  home.at(23, 30).in_bed(true).passes(1min);
  home.surface = 42.0_degC;
  home.passes(10s);
  EXPECT_TRUE(home.told("Foot warmer reached 42 °C")) << home.all();
}

TEST(AnAlarm, WithoutABrokerIsToldAsSoonAsThereIsOne) {
  Home home(without_preflight());
  home.at(2, 0).in_bed(true).passes(1min).hears(LinkChanged{false});
  home.hears(TemperatureReported{kWarmer, 42.0_degC}).passes(1min);
  EXPECT_FALSE(home.told("reached 42")) << "it would be lost";
  home.hears(LinkChanged{true}).passes(1s);
  EXPECT_TRUE(home.told("Foot warmer reached 42 °C")) << home.all();
}

TEST(WhatIsKept, ReadsBackAndIsBounded) {
  Hush hush;
  hush.held = {{SleeperId{1}, "Füße: kalt", false}, {std::nullopt, "a\tb", true}};
  hush.more = 3;
  Hush back = hush_from(to_text(hush));
  EXPECT_EQ(back, hush);
  EXPECT_EQ(hush_from("nonsense\n\n-\n!\n+ x\n99999999999 y\n"), Hush{}) << "a damaged disk keeps nobody from sleeping";
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "- fault " + std::to_string(i) + "\n";
  EXPECT_EQ(hush_from(many).held.size(), kMostHeld);
}

}  // namespace
}  // namespace lull
