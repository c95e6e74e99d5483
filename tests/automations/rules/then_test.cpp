// What a rule does, and what it leaves: each with its reason.
#include <gtest/gtest.h>

#include "tests/automations/rules/rules.hpp"

namespace lull {
namespace {

Home& after_midnight(Home& home) { return home.at(1, 0).in_bed(true); }
Rule said(std::string name, std::vector<Action> then) {
  return rule(std::move(name), {when::Said{"go"}}, std::move(then));
}

TEST(ARule, DoesNotBeginAnewWhatAlreadyPlays) {
  Home home;
  home.at(22, 0).in_bed(true).asks(ask::Play{"wind-down"}, Door::voice).at(22, 12);
  EXPECT_LE(home.thing(kLamp).level, 5_pct);
  home.at(22, 31);  // Bedtime, at half past ten
  ASSERT_EQ(home.hub.plays.size(), 0U);
  EXPECT_FALSE(home.said("begins anew"));
  Home other;
  other.at(22, 15).in_bed(true).asks(ask::Play{"wind-down"}, Door::voice).at(22, 31);
  ASSERT_EQ(other.hub.plays.size(), 1U);
  EXPECT_EQ(other.hub.plays[0].by, "a voice") << "the lamp does not go bright again for her";
  EXPECT_GE(other.hub.plays[0].elapsed, 15min);
  EXPECT_TRUE(other.said("rule Bedtime: at 22:30: wind-down plays already")) << other.all();
  EXPECT_EQ(other.hub.rules[0].used.times, 0);
}

TEST(ARule, WithMoreToDoDoesThatWhenItsRoutinePlaysAlready) {
  Home home(with_rules({said("Go", {act::Play{"night-relief"}, act::Notify{"Sleep well."}})}));
  after_midnight(home).asks(ask::Play{"night-relief"}).passes(2min).asks(ask::Word{"go"}).passes(1s);
  EXPECT_TRUE(home.told("Sleep well."));
  EXPECT_EQ(home.hub.plays.at(0).by, "somebody on the page");
  EXPECT_TRUE(home.said("rule Go: night-relief plays already")) << home.all();
}

TEST(ARule, StopsOneRoutineOrAll) {
  Home home(with_rules(
      {rule("One", {when::Said{"one"}}, {act::Stop{"wind-down"}}), rule("All", {when::Said{"all"}}, {act::Stop{""}})}));
  after_midnight(home).asks(ask::Play{"wind-down"}).asks(ask::Play{"night-relief"}).asks(ask::Word{"one"});
  ASSERT_EQ(home.seen().plays.size(), 1U);
  EXPECT_EQ(home.seen().plays[0].routine, "night-relief");
  home.asks(ask::Word{"all"});
  EXPECT_TRUE(home.seen().plays.empty());
  EXPECT_FALSE(home.seen().stopped);
}

TEST(ARule, SetsADeviceForATime) {
  Home home(with_rules({said("Go", {act::Set{kPad, 30_pct, 5min}})}));
  after_midnight(home).asks(ask::Word{"go"}).passes(1min);
  EXPECT_EQ(home.thing(kPad).level, 30_pct);
  home.passes(5min);
  EXPECT_FALSE(home.runs(kPad));
  EXPECT_TRUE(home.said("Leg massage: the time that rule Go asked for is over")) << home.all();
}

TEST(ARule, DoesSeveralThingsInTheirOrder) {
  Home home(with_rules({said("Go", {act::Stop{""}, act::Play{"night-relief"}, act::Notify{"Legs again."}})}));
  after_midnight(home).asks(ask::Play{"wind-down"}).passes(1min).asks(ask::Word{"go"}).passes(1s);
  ASSERT_EQ(home.seen().plays.size(), 1U);
  EXPECT_EQ(home.seen().plays[0].routine, "night-relief");
  EXPECT_TRUE(home.told("Legs again."));
}

// ---- STOP and not tonight -----------------------------------------------------------------------------------------

TEST(WhileStopIsOn, ARuleStartsNothingAndSaysWhy) {
  Home home(with_rules({said("Go", {act::Play{"night-relief"}})}));
  after_midnight(home).asks(ask::StopAll{}).asks(ask::Word{"go"}).passes(1s);
  EXPECT_TRUE(home.said("rule Go: when somebody says \"go\": STOP is on")) << home.all();
  EXPECT_EQ(home.hub.rules[0].used.times, 0);
  home.asks(ask::Release{}).passes(1min);
  EXPECT_FALSE(home.runs(kPad)) << "nor afterwards";
}

TEST(WhatARuleStarts, NeverFollowsItsOwnStop) {
  Home home(with_rules({said("Go", {act::StopEverything{}, act::Play{"night-relief"}, act::Set{kPad, 40_pct, {}}})}));
  after_midnight(home).asks(ask::Word{"go"}).passes(1min);
  EXPECT_TRUE(home.seen().stopped);
  EXPECT_TRUE(home.seen().plays.empty());
  home.asks(ask::Release{}).passes(1min);
  EXPECT_FALSE(home.runs(kPad)) << "a release starts nothing: " << home.all();
}

TEST(AStopByARule, NeedsNoReadyHouse) {
  Home home(with_rules({rule("Enough", {when::Button{kButton, "hold"}}, {act::StopEverything{}})}));
  after_midnight(home).asks(ask::Play{"night-relief"}).passes(1min);
  home.thing(kWarmer).dead = true;  // it never shows that it is off, and the house waits for it
  home.hears(LinkChanged{false}).hears(LinkChanged{true}).passes(20s);
  ASSERT_FALSE(home.hub.ready);
  home.hears(ButtonPressed{kButton, "hold"});
  EXPECT_TRUE(home.seen().stopped) << "on the first try: " << home.all();
}

TEST(NotTonight, RulesStartNothingAndSayWhyButMayStopAndTell) {
  Home home(with_rules({said("Go", {act::Play{"night-relief"}}), said("Tell", {act::Notify{"Still awake?"}}),
                        said("Stop", {act::Stop{"wind-down"}})}));
  after_midnight(home).asks(ask::Play{"wind-down"}).asks(ask::NotTonight{true}).asks(ask::Word{"go"}).passes(1s);
  EXPECT_TRUE(home.said("rule Go: when somebody says \"go\": a person said: not tonight")) << home.all();
  EXPECT_TRUE(home.seen().plays.empty());
  EXPECT_TRUE(home.told("Still awake?"));
  home.passes(12h).in_bed(true).asks(ask::Word{"go"}).passes(1s);
  EXPECT_EQ(home.seen().plays.size(), 1U) << "until noon";
}

TEST(NotTonight, ARuleMayStillSwitchOff) {
  Home home(with_rules({said("Off", {act::Set{kPad, 0_pct, {}}})}));
  after_midnight(home).asks(ask::Play{"night-relief"}, Door::rule).passes(1min).asks(ask::NotTonight{true});
  home.asks(ask::Word{"go"}).passes(10s);
  EXPECT_FALSE(home.runs(kPad)) << home.all();
}

TEST(ARule, ThatAPersonSwitchedOffDoesNothingAndSaysSo) {
  Home home(with_rules({said("Go", {act::Notify{"Here."}})}));
  after_midnight(home).asks(ask::AllowRule{"Go", false}).asks(ask::Word{"go"});
  EXPECT_FALSE(home.told("Here."));
  EXPECT_TRUE(home.said("rule Go: when somebody says \"go\": a person switched this rule off"));
}

TEST(AReplayThatOnlySets, IsAsShortAsAnyOther) {
  Home home(with_rules({rule("Legs", {when::Restless{kAna, true}}, {act::Set{kPad, 20_pct, 15min}})}));
  milliseconds ran{};
  home.every_second = [&](Home& h) { ran += h.runs(kPad) ? 1s : 0s; };
  after_midnight(home).passes(10min).kicks(6min).passes(30min);
  EXPECT_GT(ran, 5min) << home.all();
  EXPECT_LE(ran, kHard.replay_session + 2s);
}

}  // namespace
}  // namespace lull
