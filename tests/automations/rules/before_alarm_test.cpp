// Rules that wait for so long before somebody's alarm.
#include <gtest/gtest.h>

#include "automations/alarm_clock.hpp"
#include "automations/outlook.hpp"
#include "automations/snapshot.hpp"
#include "tests/automations/rules/rules.hpp"

namespace lull {
namespace {

constexpr DeviceId kPhone{6};
constexpr Utc kMidnight{Home::kNoonUtcOffset};  // of the 21st in Berlin

/// 06:30 of the 22nd, 7:00 ...
Utc morning(int hour, int minute) { return kMidnight + hours{24 + hour} + minutes{minute}; }

House with_a_phone(std::vector<Rule> rules) {
  House house = with_rules(std::move(rules));
  Device phone;
  phone.id = "anas_phone", phone.name = "Ana's phone", phone.kind = Kind::alarm_clock, phone.sleeper = kAna;
  house.devices.push_back(phone);
  return house;
}
House bedtime() { return with_a_phone({tells("Bedtime", when::BeforeAlarm{kAna, 8h + 30min})}); }

Home& set(Home& home, std::optional<Utc> rings) { return home.hears(AlarmClockReported{kPhone, rings}); }
auto acts(const Home& home) { return told_times(home, "Bedtime acts."); }

TEST(BeforeAnAlarm, TheRuleActsOnce) {
  Home home(bedtime());
  set(home.at(21, 0), morning(7, 0)).at(22, 29);
  EXPECT_EQ(acts(home), 0);
  home.passes(2min);
  EXPECT_EQ(acts(home), 1) << home.all();
  EXPECT_TRUE(home.said("8 h 30 min before Ana's alarm")) << home.all();
  set(home, morning(7, 0)).passes(10h);
  EXPECT_EQ(acts(home), 1) << "told again, it is the same alarm";
}

TEST(BeforeAnAlarm, AMovedAlarmMovesTheRule) {
  Home home(bedtime());
  set(home.at(21, 0), morning(6, 0));
  set(home.passes(10min), morning(7, 30)).at(22, 50);
  EXPECT_EQ(acts(home), 0);
  home.at(23, 1);
  EXPECT_EQ(acts(home), 1);
}

TEST(BeforeAnAlarm, AMoveAfterItActedBeginsNothingAgain) {
  Home home(bedtime());
  set(home.at(21, 0), morning(7, 0)).at(22, 40);
  ASSERT_EQ(acts(home), 1);
  set(home, morning(7, 30)).at(23, 30);
  EXPECT_EQ(acts(home), 1);
  EXPECT_TRUE(home.said("it acted for the alarm at 07:00 already, which has not rung yet")) << home.all();
  set(home, std::nullopt).passes(1min);
  set(home, morning(8, 30)).at(0, 30);
  EXPECT_EQ(acts(home), 1) << "nor does one that was switched off and set anew";
}

TEST(BeforeAnAlarm, ARuleThatWasRefusedHasNotActed) {
  House house = bedtime();
  house.rules[0].only_if = {ana_in_bed()};
  Home home(house);
  set(home.at(22, 0).in_bed(false), morning(7, 0)).at(22, 35);
  ASSERT_EQ(acts(home), 0) << home.all();
  set(home.in_bed(true), morning(7, 0)).passes(5min);
  EXPECT_EQ(acts(home), 0) << "for that alarm its time is over";
  Home again(house, home.disk);
  set(set(home, morning(8, 0)).at(23, 29), morning(8, 0));
  EXPECT_EQ(chances(home.hub)[0].at, morning(8, 0) - (8h + 30min));
  home.at(0, 30);
  EXPECT_EQ(acts(home), 1) << home.all();
  EXPECT_FALSE(home.said("acted for the alarm")) << home.all();
  set(home, morning(9, 0)).at(1, 0);
  EXPECT_EQ(acts(home), 1) << "and now it has";
  set(again.at(22, 50).in_bed(true), morning(8, 0)).at(23, 31);
  EXPECT_EQ(acts(again), 1) << "nor does the disk say that it acted\n" << again.all();
}

TEST(BeforeAnAlarm, ARuleThatActedAtThatMomentAnywayHasActedForIt) {
  House house = bedtime();
  house.rules[0].when.insert(house.rules[0].when.begin(), when::Time{clock_at(22, 30), kEveryDay});
  Home home(house);
  set(home.at(21, 0), morning(7, 0)).at(22, 31);
  ASSERT_EQ(acts(home), 1) << home.all();
  set(home, morning(8, 0)).at(23, 45);
  EXPECT_EQ(acts(home), 1);
}

TEST(BeforeAnAlarm, TheNextNightIsAnother) {
  Home home(bedtime());
  set(home.at(21, 0), morning(7, 0)).at(7, 5);
  set(home, morning(7, 0) + 24h).passes(17h);
  EXPECT_EQ(acts(home), 2) << home.all();
}

TEST(BeforeAnAlarm, ACancelledAlarmBeginsNothing) {
  Home home(bedtime());
  set(home.at(21, 0), morning(7, 0));
  set(home.at(22, 0), std::nullopt).at(23, 0);
  EXPECT_EQ(acts(home), 0);
}

TEST(BeforeAnAlarm, WhatIsSetTooLateIsSaidAndNotMadeUpFor) {
  Home home(bedtime());
  set(home.at(23, 0), morning(7, 0)).passes(1min);
  EXPECT_EQ(acts(home), 0);
  EXPECT_TRUE(home.said("the alarm at 07:00 became known 30 min after its time had come")) << home.all();
  EXPECT_EQ(std::count_if(home.decisions.begin(), home.decisions.end(),
                          [](const std::string& d) { return d.find("became known") != d.npos; }),
            1);
}

TEST(BeforeAnAlarm, OneOfThePastIsNone) {
  Home home(bedtime());
  set(home.at(22, 0), kMidnight + 7h).passes(1h);
  EXPECT_EQ(acts(home), 0);
  EXPECT_FALSE(home.said("became known")) << home.all();
}

TEST(BeforeAnAlarm, ARestartBeginsNothing) {
  Home home(bedtime());
  set(home.at(21, 0), morning(7, 0)).at(22, 29);
  Home late(bedtime(), home.disk);
  set(late.at(22, 31), morning(7, 0)).passes(10min);
  EXPECT_EQ(acts(late), 0) << "its time passed while Lull was away";
  Home early(bedtime(), home.disk);
  set(early.at(22, 20), morning(7, 0)).at(22, 40);
  EXPECT_EQ(acts(early), 1) << "but its time is still to come";
  Home third(bedtime(), early.disk);
  set(third.at(22, 50), morning(7, 30)).at(23, 30);
  EXPECT_EQ(acts(third), 0) << "what it acted for is kept on disk";
}

TEST(BeforeAnAlarm, ABacklogOfOldAlarmsEndsInTheLastOne) {
  Home home(bedtime());
  set(home.at(22, 0), morning(7, 0));
  set(home, std::nullopt).at(22, 40);  // the connection was lost, and with it what is known
  for (const int minute : {0, 30, 45}) set(home, morning(7, minute));
  home.at(23, 14);
  EXPECT_EQ(acts(home), 0) << home.all();
  home.at(23, 16);
  EXPECT_EQ(acts(home), 1);
}

TEST(BeforeAnAlarm, EightHoursAreEightHoursWhenTheClocksChange) {
  // 07:00 of that morning is 06:00 UTC; 8 h 30 min before it is 21:30 UTC, 23:30 on the wall.
  Home home(bedtime());
  begins_at(home, kAutumnChange - 5h);  // 22:00
  set(home, kAutumnChange + 5h).passes(89min);
  EXPECT_EQ(acts(home), 0);
  home.passes(2min);
  EXPECT_EQ(acts(home), 1) << home.all();
}

TEST(BeforeAnAlarm, AClockThatIsSetBackDoesNotMakeItActTwice) {
  Home home(bedtime());
  set(home.at(21, 0), morning(7, 0)).at(22, 31);
  ASSERT_EQ(acts(home), 1);
  home.hears(ClockSet{Home::kNoonUtcOffset - 1h}).passes(2h);
  EXPECT_EQ(acts(home), 1);
}

TEST(BeforeAnAlarm, OnlyTheAlarmOfThatSleeperCounts) {
  House house = bedtime();
  house.sleepers.push_back({"ben", "Ben", "right", {}, kHard, {}});
  house.devices[kPhone.index].sleeper = SleeperId{1};
  Home home(std::move(house));
  set(home.at(21, 0), morning(7, 0)).at(23, 0);
  EXPECT_EQ(acts(home), 0);
}

TEST(BeforeAnAlarm, TheFirstOfTwoPhonesCounts) {
  House house = bedtime();
  house.devices.push_back(house.devices.back());
  Home home(std::move(house));
  set(home.at(21, 0), morning(8, 0)).hears(AlarmClockReported{DeviceId{7}, morning(7, 0)}).at(22, 40);
  EXPECT_EQ(acts(home), 1);
}

TEST(BeforeAnAlarm, ARuleIsReadAloudAndItsNextChanceIsKnown) {
  Home home(bedtime());
  home.at(21, 0);
  EXPECT_EQ(in_words(home.house_->rules[0], *home.house_), "8 h 30 min before Ana's alarm: tell \"Bedtime acts.\".");
  EXPECT_FALSE(chances(home.hub)[0].at);
  EXPECT_NE(chances(home.hub)[0].text.find("no alarm of Ana's is known"), std::string::npos);
  set(home, morning(7, 0));
  const Chance chance = chances(home.hub)[0];
  EXPECT_EQ(chance.at, morning(7, 0) - (8h + 30min));
  EXPECT_NE(chance.text.find("Ana's alarm rings at 07:00"), std::string::npos) << chance.text;
  home.at(22, 40);
  set(home, morning(7, 30));
  EXPECT_FALSE(chances(home.hub)[0].at) << "it acted, and that alarm has not rung";
}

TEST(BeforeAnAlarm, ThePlanNamesNoTimeThatWillNotBe) {
  House house = bedtime();
  house.rules[0].then.emplace_back(act::Set{kLamp, 20_pct, {}});
  Home home(house);
  set(home.at(21, 0), morning(7, 0));
  const auto plan = [&] { return plan_of_the_night(home.hub); };
  ASSERT_EQ(plan().size(), 1u);
  EXPECT_EQ(plan()[0].rfind("22:30 ", 0), 0u) << plan()[0];
  home.at(22, 40);
  ASSERT_EQ(acts(home), 1) << home.all();
  set(home, morning(8, 0));
  EXPECT_EQ(plan(), std::vector<std::string>{"Nothing begins by itself any more tonight."})
      << "it acted, and that alarm has not rung";
}

TEST(BeforeAnAlarm, ASnapshotKeepsWhatIsKnown) {
  Home home(bedtime());
  set(home.at(21, 0), morning(7, 0)).at(22, 40);
  const auto back = hub_from(to_text(home.hub), home.house_);
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, home.hub);
}

}  // namespace
}  // namespace lull
