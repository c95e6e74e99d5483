// Two who want one device: a hand, then a person, then a rule; of two equals the newer; and why the others lost.
#include <gtest/gtest.h>

#include "tests/automations/home.hpp"

namespace lull {
namespace {

House with_a_rule_that_sets(Percent level) {
  House house = ana();
  house.rules.push_back({"Warm words", {when::Said{"legs"}}, {}, {}, {act::Set{kPad, level, {}}}});
  return house;
}

TEST(APersonsPlay, GoesBeforeARulesPlay) {
  Home home;
  home.at(22, 0).in_bed(true).asks(ask::Play{"night-relief"}).passes(5min);
  ASSERT_EQ(home.hub.actuators[kPad.index].owner, "night-relief (somebody on the page)");
  home.passes(5min).at(22, 39);  // Bedtime at 22:30; its massage begins at 22:38
  home.asks(ask::Play{"night-relief"}).passes(20s);
  EXPECT_EQ(home.hub.actuators[kPad.index].owner, "night-relief (somebody on the page)");
  EXPECT_TRUE(home.said("Leg massage: wind-down (rule Bedtime) wants")) << home.all();
  EXPECT_EQ(home.hub.actuators[kWarmer.index].owner, "wind-down (rule Bedtime)") << "what nobody else wants is its own";
}

TEST(OfTwoPlaysOfAPerson, TheNewerHasTheDevice) {
  Home home;
  home.at(22, 0).in_bed(true).asks(ask::Play{"wind-down"}).passes(10min).asks(ask::Play{"night-relief"}).passes(2min);
  EXPECT_EQ(home.hub.actuators[kPad.index].owner, "night-relief (somebody on the page)");
  EXPECT_EQ(home.thing(kPad).level, 24_pct);
  home.asks(ask::StopPlay{"night-relief"}).passes(30s);
  EXPECT_EQ(home.hub.actuators[kPad.index].owner, "wind-down (somebody on the page)");
  EXPECT_EQ(home.thing(kPad).level, 40_pct);
}

TEST(APersonsOff, IsNotUndoneByARuleThatSets) {
  Home home(with_a_rule_that_sets(40_pct));
  home.at(22, 0).in_bed(true).asks(ask::SetDevice{kPad, 0_pct, "", {}}, Door::voice).passes(5min);
  home.asks(ask::Word{"legs"}).passes(1min);
  EXPECT_FALSE(home.runs(kPad)) << "somebody said: off";
  EXPECT_TRUE(home.said("Leg massage: rule Warm words wants 40 %, but a voice has it")) << home.all();
}

TEST(APersonsLevel, IsNotChangedByARuleThatSets) {
  Home home(with_a_rule_that_sets(60_pct));
  home.at(22, 0).in_bed(true).asks(ask::SetDevice{kPad, 20_pct, "", {}}, Door::voice).passes(1min);
  home.asks(ask::Word{"legs"}).passes(1min);
  EXPECT_EQ(home.thing(kPad).level, 20_pct);
}

TEST(ARuleThatSets, MayDoSoAgainWhenThePersonsTimeIsOver) {
  Home home(with_a_rule_that_sets(40_pct));
  home.at(22, 0).in_bed(true).asks(ask::SetDevice{kPad, 20_pct, "", 5min}).passes(6min);
  home.asks(ask::Word{"legs"}).passes(1min);
  EXPECT_EQ(home.thing(kPad).level, 40_pct);
}

TEST(AHandDuringAPlay, WinsUntilTheNextNight) {
  Home home;
  home.at(22, 0).in_bed(true).at(22, 42);
  ASSERT_TRUE(home.runs(kPad));
  home.thing(kPad).on = false;  // its own button
  home.hears(ActuatorReported{kPad, false, {}, {}, {}, true}).passes(5min);
  EXPECT_FALSE(home.runs(kPad));
  EXPECT_TRUE(home.said("Leg massage: wind-down (rule Bedtime) wants 40 %, but a hand has it until the next night"))
      << home.all();
  EXPECT_TRUE(home.runs(kWarmer)) << "only what was touched";
  home.passes(23h).in_bed(true).passes(1h);
  EXPECT_TRUE(home.runs(kPad)) << "the next evening it plays as ever: " << home.all();
}

TEST(AHandOnTheLamp, EndsItsFadeAndNotTheMassage) {
  Home home;
  home.at(22, 0).in_bed(true).asks(ask::Play{"wind-down"}).passes(12min);
  home.thing(kLamp).level = 80_pct;  // somebody turned it up to read
  home.hears(ActuatorReported{kLamp, true, 80_pct, {}, {}, true}).passes(30min);
  EXPECT_EQ(home.thing(kLamp).level, 80_pct);
  EXPECT_TRUE(home.thing(kLamp).on) << "nor does the end of the routine switch it off";
}

}  // namespace
}  // namespace lull
