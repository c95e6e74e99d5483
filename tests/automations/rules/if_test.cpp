// What has to hold: yes, no, and "nobody can tell", each with its sentence.
#include <gtest/gtest.h>

#include "automations/rules/conditions.hpp"
#include "tests/automations/rules/rules.hpp"

namespace lull {
namespace {

using Is = Condition::Is;

constexpr std::optional<bool> kYes = true, kNo = false, kUnknown = std::nullopt;

TEST(Between, IsFromTheFirstToBeforeTheLastAcrossMidnight) {
  Home home;
  const Condition night = between(clock_at(23, 0), clock_at(6, 30));
  home.at(22, 59);
  EXPECT_EQ(holds(night, home.hub).holds, kNo);
  EXPECT_EQ(holds(night, home.hub).text, "22:59 is not between 23:00 and 06:30");
  EXPECT_EQ(holds(night, home.at(23, 0).hub).holds, kYes);
  EXPECT_EQ(holds(night, home.at(0, 0).hub).holds, kYes);
  EXPECT_EQ(holds(night, home.at(6, 29).hub).holds, kYes);
  EXPECT_EQ(holds(night, home.at(6, 30).hub).holds, kNo);
}

TEST(Between, OfOneDayIsNotTheRestOfIt) {
  Home home;
  const Condition evening = between(clock_at(20, 0), clock_at(22, 0));
  EXPECT_EQ(holds(evening, home.at(21, 59).hub).holds, kYes);
  EXPECT_EQ(holds(evening, home.at(22, 0).hub).holds, kNo);
  EXPECT_EQ(holds(evening, home.at(2, 0).hub).holds, kNo);
}

TEST(Between, FollowsTheWallClockThroughAChange) {
  const Condition early = between(clock_at(2, 30), clock_at(3, 0));
  Home autumn;
  begins_at(autumn, kAutumnChange + -20min);
  EXPECT_EQ(holds(early, autumn.hub).holds, kYes);
  EXPECT_EQ(holds(early, autumn.passes(25min).hub).holds, kNo) << "02:05 once more";
  EXPECT_EQ(holds(early, autumn.passes(30min).hub).holds, kYes);
  Home spring;
  begins_at(spring, kSpringChange + -1min);
  EXPECT_EQ(holds(early, spring.hub).holds, kNo);
  EXPECT_EQ(holds(early, spring.passes(2min).hub).holds, kNo) << "that half hour did not happen";
}

TEST(InBed, IsUnknownUntilASensorSaidSo) {
  Home home;
  home.at(1, 0);
  EXPECT_EQ(holds(ana_in_bed(), home.hub).holds, kUnknown);
  EXPECT_EQ(holds(ana_in_bed(false), home.hub).holds, kUnknown) << "not to know is neither";
  EXPECT_EQ(holds(ana_in_bed(), home.hub).text, "nobody can tell whether Ana is in bed");
  home.in_bed(true);
  EXPECT_EQ(holds(ana_in_bed(), home.hub).holds, kYes);
  EXPECT_EQ(holds(ana_in_bed(false), home.hub).holds, kNo);
}

TEST(ADevice, IsOnOrOffOrHasNotSaid) {
  Home home;
  Condition lit = condition(Is::device_on);
  lit.device = kLamp;
  home.at(1, 0);
  home.hub.actuators[kLamp.index].on.reset();
  EXPECT_EQ(holds(lit, home.hub).holds, kUnknown);
  EXPECT_EQ(holds(lit, home.hub).text, "Bedside lamp has not said whether it is on");
  EXPECT_EQ(holds(lit, home.hears(ActuatorReported{kLamp, true, 40_pct, {}, {}, true}).hub).holds, kYes);
  lit.wanted = false;
  EXPECT_EQ(holds(lit, home.hub).holds, kNo);
}

TEST(ARoutine, PlaysAlsoWhileItPauses) {
  Home home;
  Condition plays = condition(Is::playing), any = plays;
  plays.name = "wind-down";
  home.at(22, 0).in_bed(true);
  EXPECT_EQ(holds(plays, home.hub).holds, kNo);
  EXPECT_EQ(holds(plays, home.hub).text, "wind-down does not play");
  home.asks(ask::Play{"wind-down"}).asks(ask::Pause{""});
  EXPECT_EQ(holds(plays, home.hub).holds, kYes);
  EXPECT_EQ(holds(any, home.hub).holds, kYes);
  plays.name = "night-relief";
  EXPECT_EQ(holds(plays, home.hub).holds, kNo);
}

TEST(CountTonight, IsOfTheOtherRuleAndAnewEachNoon) {
  Condition few = condition(Is::count_tonight);
  few.name = "Legs", few.below = 2;
  Home home(with_rules({tells("Legs", when::Said{"legs"})}));
  home.at(22, 0).asks(ask::Word{"legs"});
  EXPECT_EQ(holds(few, home.hub).holds, kYes);
  home.asks(ask::Word{"legs"});
  EXPECT_EQ(holds(few, home.hub).holds, kNo);
  EXPECT_EQ(holds(few, home.hub).text, "rule Legs acted 2 times tonight, wanted fewer than 2");
  EXPECT_EQ(holds(few, home.passes(15h).hub).holds, kYes);
}

TEST(AndOrNot, KnowWhatIsUnknown) {
  Home home;
  home.at(22, 0);  // whether Ana is in bed nobody knows
  const Condition yes = between(clock_at(21, 0), clock_at(23, 0)), no = between(clock_at(3, 0), clock_at(4, 0));
  const Condition unknown = ana_in_bed();
  const auto is = [&](Is what, std::vector<Condition> of) { return holds(group(what, std::move(of)), home.hub).holds; };
  EXPECT_EQ(is(Is::all, {yes, yes}), kYes);
  EXPECT_EQ(is(Is::all, {yes, unknown}), kUnknown);
  EXPECT_EQ(is(Is::all, {unknown, no}), kNo);
  EXPECT_EQ(is(Is::any, {no, yes}), kYes);
  EXPECT_EQ(is(Is::any, {unknown, yes}), kYes);
  EXPECT_EQ(is(Is::any, {no, unknown}), kUnknown);
  EXPECT_EQ(is(Is::any, {no, no}), kNo);
  EXPECT_EQ(is(Is::none, {no, no}), kYes);
  EXPECT_EQ(is(Is::none, {no, unknown}), kUnknown);
  EXPECT_EQ(is(Is::none, {unknown, yes}), kNo);
  EXPECT_EQ(is(Is::none, {group(Is::all, {yes, group(Is::none, {no})})}), kNo) << "and inside each other";
}

TEST(ARule, ActsOnlyOnATrueAnswerAndSaysWhichOneWasNot) {
  Rule careful = tells("Careful", when::Said{"go"});
  careful.only_if = {between(clock_at(21, 0), clock_at(6, 0)), ana_in_bed()};
  Home home(with_rules({careful}));
  home.at(22, 0).asks(ask::Word{"go"});
  EXPECT_TRUE(home.said("rule Careful: when somebody says \"go\": nobody can tell whether Ana is in bed"))
      << home.all();
  EXPECT_FALSE(home.told("Careful acts."));
  home.in_bed(true).asks(ask::Word{"go"});
  EXPECT_TRUE(home.said("when somebody says \"go\": 22:00 is between 21:00 and 06:00, Ana is in bed")) << home.all();
  EXPECT_TRUE(home.told("Careful acts."));
}

}  // namespace
}  // namespace lull
