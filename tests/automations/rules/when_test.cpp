// What wakes a rule, and that it wakes it once.
#include <gtest/gtest.h>

#include "tests/automations/rules/rules.hpp"

namespace lull {
namespace {

constexpr Weekdays kSunday = 1, kSaturday = 0x40;  // 2026-11-21 is a Saturday

// ---- at a time ----------------------------------------------------------------------------------------------------

TEST(TwoRulesAtTheSameTime, ActOnceEach) {
  const when::Time at{clock_at(22, 30), kEveryDay};
  Home home(with_rules({tells("One", at), tells("Two", at), tells("Three", at)}));
  home.at(22, 29).at(22, 40);
  for (const char* text : {"One acts.", "Two acts.", "Three acts."}) EXPECT_EQ(told_times(home, text), 1) << text;
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(home.hub.rules[i].used.times, 1);
}

TEST(OneRule, WithTwoTimesThatAreOneActsOnce) {
  Rule twice = tells("Bed", when::Time{clock_at(22, 30), kEveryDay});
  twice.when.push_back(when::Time{clock_at(22, 30), kSaturday});
  twice.when.push_back(when::Time{clock_at(22, 30), kEveryDay});
  Home home(with_rules({twice}));
  home.at(22, 29).at(22, 40);
  EXPECT_EQ(told_times(home, "Bed acts."), 1);
  EXPECT_EQ(home.hub.rules[0].used.times, 1);
}

TEST(OneRule, WithTwoTimesActsAtBoth) {
  Rule both = tells("Bed", when::Time{clock_at(22, 30), kEveryDay});
  both.when.push_back(when::Time{clock_at(22, 31), kEveryDay});
  Home home(with_rules({both}));
  home.at(22, 29).at(22, 40);
  EXPECT_EQ(told_times(home, "Bed acts."), 2);
}

TEST(OneRule, WhoseTwoTimesPassAtOnceActsOnce) {  // the clock was set over both
  Rule both = tells("Bed", when::Time{clock_at(22, 30), kEveryDay});
  both.when.push_back(when::Time{clock_at(22, 31), kEveryDay});
  Home home(with_rules({both}));
  home.at(22, 29).hears(ClockSet{Home::kNoonUtcOffset + 3min}).passes(5s);
  EXPECT_EQ(told_times(home, "Bed acts."), 1);
  EXPECT_EQ(home.hub.rules[0].used.times, 1);
}

TEST(OneRule, ThatTwoThingsWakeInOneStepActsOnce) {
  Rule both = tells("Bed", when::Time{clock_at(22, 30), kEveryDay});
  both.when.push_back(when::Said{"bed"});
  Home home(with_rules({both}));
  home.at(22, 29).passes(49s);  // 22:29:59
  home.now = home.now + 1s;
  home.asks(ask::Word{"bed"}).passes(5s);
  EXPECT_EQ(told_times(home, "Bed acts."), 1);
  EXPECT_EQ(home.hub.rules[0].used.times, 1);
}

TEST(ATime, ActsOnItsDaysOnly) {
  Home home(with_rules({tells("Weekend", when::Time{clock_at(22, 30), kSaturday}),
                        tells("Church", when::Time{clock_at(22, 30), kSunday})}));
  home.at(22, 0).at(22, 40);
  EXPECT_TRUE(home.told("Weekend acts."));
  EXPECT_FALSE(home.told("Church acts."));
  home.passes(24h);
  EXPECT_TRUE(home.told("Church acts."));
  EXPECT_EQ(told_times(home, "Weekend acts."), 1);
}

TEST(ATimeAfterMidnight, IsOnTheDayOfTheCalendarInTheNightBefore) {
  // Half past midnight on a Sunday lies in the night that began on Saturday evening.
  Home home(with_rules(
      {tells("Sat", when::Time{clock_at(0, 30), kSaturday}), tells("Sun", when::Time{clock_at(0, 30), kSunday})}));
  home.at(22, 0).at(0, 40);
  EXPECT_EQ(home.hub.night, "2026-11-21");
  EXPECT_FALSE(home.told("Sat acts."));
  EXPECT_TRUE(home.told("Sun acts."));
  EXPECT_EQ(home.hub.rules[1].used.night, "2026-11-21") << "and counts there";
}

TEST(ATimeThatSpringSkips, IsAtTheChangeAndOnce) {
  Home home(with_rules({tells("Half past two", when::Time{clock_at(2, 30), kEveryDay})}));
  begins_at(home, kSpringChange + -30min).passes(29min);
  EXPECT_FALSE(home.told("Half past two acts."));
  home.passes(2min);
  EXPECT_EQ(told_times(home, "Half past two acts."), 1) << "it is three o'clock";
  home.passes(3h);
  EXPECT_EQ(told_times(home, "Half past two acts."), 1);
  home.passes(21h);
  EXPECT_EQ(told_times(home, "Half past two acts."), 2) << "and the next night at its time";
}

TEST(ATimeThatAutumnRepeats, IsTheFirstOfTheTwo) {
  Home home(with_rules({tells("Half past two", when::Time{clock_at(2, 30), kEveryDay})}));
  begins_at(home, kAutumnChange + -1h).passes(31min);
  EXPECT_EQ(told_times(home, "Half past two acts."), 1);
  home.passes(3h);
  EXPECT_EQ(told_times(home, "Half past two acts."), 1) << "half past two came again, an hour later";
  home.passes(22h);
  EXPECT_EQ(told_times(home, "Half past two acts."), 2);
}

TEST(ATimeThatAutumnRepeats, IsNotPlayedByAStartBetweenTheTwo) {
  Home home(with_rules({tells("Half past two", when::Time{clock_at(2, 30), kEveryDay})}));
  begins_at(home, kAutumnChange + -10min).passes(2h);
  EXPECT_FALSE(home.told("Half past two acts."));
}

TEST(ANight, ThatIsAnHourLongerIsStillOneNightForItsLimits) {
  Rule once = tells("Hourly", when::Time{clock_at(23, 0), kEveryDay});
  for (const int hour : {1, 2, 3, 4}) once.when.push_back(when::Time{clock_at(hour, 15), kEveryDay});
  once.limits.per_night = 3;
  Home home(with_rules({once}));
  begins_at(home, kAutumnChange + -5h).passes(10h);
  EXPECT_EQ(told_times(home, "Hourly acts."), 3);
  EXPECT_EQ(home.hub.night, "2026-10-24");
  EXPECT_TRUE(home.said("rule Hourly: at 03:15: 3 of 3 times used tonight")) << home.all();
}

TEST(ATime, ThatPassedBeforeTheStartIsNotMadeUp) {
  Home home(with_rules({tells("Bed", when::Time{clock_at(22, 30), kEveryDay})}));
  home.at(22, 31).passes(10min);
  EXPECT_FALSE(home.told("Bed acts."));
}

// ---- somebody moves -----------------------------------------------------------------------------------------------

TEST(GettingIntoBed, AndOutOfItWakeTheirRules) {
  Home home(with_rules({tells("In", when::InBed{kAna, true}), tells("Out", when::InBed{kAna, false})}));
  home.at(22, 0).in_bed(false).passes(1min).in_bed(true).in_bed(true).passes(1min);
  EXPECT_EQ(told_times(home, "In acts."), 1) << "a sensor that says it again says nothing new";
  EXPECT_FALSE(home.told("Out acts."));
  home.in_bed(false).passes(1min);
  EXPECT_EQ(told_times(home, "Out acts."), 1);
}

TEST(GettingIntoBed, IsNotWhatASensorSaysFirst) {
  Home home(with_rules({tells("In", when::InBed{kAna, true})}));
  home.at(22, 0).in_bed(true).passes(1min);
  EXPECT_FALSE(home.told("In acts.")) << "how things are is not that they changed";
}

TEST(RestlessLegs, WakeARuleWhenTheyBeginAndOneWhenTheyAreCalm) {
  Home home(with_rules({tells("Begins", when::Restless{kAna, true}), tells("Calm", when::Restless{kAna, false})}));
  home.at(1, 0).in_bed(true).passes(10min).kicks(6min);
  EXPECT_EQ(told_times(home, "Begins acts."), 1);
  EXPECT_FALSE(home.told("Calm acts."));
  home.sleeps_quietly(15min);
  EXPECT_EQ(told_times(home, "Calm acts."), 1);
  EXPECT_EQ(told_times(home, "Begins acts."), 1);
}

// ---- buttons, devices, words --------------------------------------------------------------------------------------

TEST(AButton, WakesItsRuleByItsPressOnly) {
  Home home(with_rules({tells("Double", when::Button{kButton, "double"})}));
  home.at(1, 0).hears(ButtonPressed{kButton, "single"}).passes(1s);
  EXPECT_FALSE(home.told("Double acts."));
  home.hears(ButtonPressed{kButton, "double"}).passes(1s);
  EXPECT_EQ(told_times(home, "Double acts."), 1);
}

TEST(ADevice, WakesARuleWhenItChangesAndNotWhenItSaysTheSame) {
  Home home(with_rules({tells("Lit", when::DeviceIs{kLamp, true}), tells("Dark", when::DeviceIs{kLamp, false})}));
  home.at(1, 0).hears(ActuatorReported{kLamp, false, {}, {}, {}, true});
  EXPECT_FALSE(home.told("Dark acts.")) << "its first word is how it is";
  for (int i = 0; i < 3; ++i) home.hears(ActuatorReported{kLamp, true, 40_pct, {}, {}, true}).passes(5s);
  EXPECT_EQ(told_times(home, "Lit acts."), 1);
  home.hears(ActuatorReported{kLamp, false, {}, {}, {}, true}).passes(5s);
  EXPECT_EQ(told_times(home, "Dark acts."), 1);
}

TEST(ADevice, ThatSpeaksOutOfABacklogBeginsNothing) {
  Home home(with_rules({rule("Lit", {when::DeviceIs{kLamp, true}}, {act::Play{"night-relief"}})}));
  home.at(1, 0).in_bed(true).hears(ActuatorReported{kLamp, false, {}, {}, {}, true}).passes(10s);
  home.hears(BacklogChanged{true, true, "just connected"});
  home.hears(ActuatorReported{kLamp, true, 40_pct, {}, {}, false}).hears(BacklogChanged{false, false, ""});
  home.passes(1min);
  EXPECT_TRUE(home.seen().plays.empty()) << home.all();
  EXPECT_TRUE(home.said("rule Lit: when Bedside lamp goes on: but nobody knows how long that waited")) << home.all();
}

TEST(AWord, WakesItsRuleThroughEveryDoor) {
  for (const Door door : {Door::voice, Door::mqtt, Door::page, Door::home_assistant, Door::phone}) {
    Home home(with_rules({tells("Legs", when::Said{"legs"})}));
    home.at(1, 0).asks(ask::Word{"arms"}, door).asks(ask::Word{"legs"}, door).passes(1s);
    EXPECT_EQ(told_times(home, "Legs acts."), 1) << word_for(door);
    EXPECT_TRUE(home.said("rule Legs: when somebody says \"legs\"")) << home.all();
  }
}

TEST(WhatARuleDoes, WakesNoOtherRuleInTheSameStep) {
  Home home(with_rules({rule("Stop", {when::Said{"enough"}}, {act::Stop{""}, act::Notify{"Stopped."}}),
                        rule("Go", {when::Said{"enough"}}, {act::Play{"night-relief"}})}));
  home.at(1, 0).in_bed(true).asks(ask::Play{"wind-down"}).passes(1min).asks(ask::Word{"enough"}).passes(1min);
  ASSERT_EQ(home.seen().plays.size(), 1U) << "the first stopped what played, the second began its own";
  EXPECT_EQ(home.seen().plays[0].routine, "night-relief");
}

}  // namespace
}  // namespace lull
