// Off for tonight: one rule, or one routine, until the next noon; and for good.
#include <gtest/gtest.h>

#include "automations/outlook.hpp"
#include "automations/snapshot.hpp"
#include "tests/automations/rules/rules.hpp"

namespace lull {
namespace {

Home& after_midnight(Home& home) { return home.at(1, 0).in_bed(true); }
/// Lull dies and starts anew after this time: only what is on disk is left.
Home restarted(const Home& home, milliseconds later) {
  Home again(*home.house_, home.disk);
  begins_at(again, Utc{home.now.since_boot + Home::kNoonUtcOffset + later}).in_bed(true);
  return again;
}
Rule said(std::string name, std::vector<Action> then) {
  return rule(std::move(name), {when::Said{"go"}}, std::move(then));
}
Home with_two() { return Home(with_rules({tells("Go", when::Said{"go"}), tells("Other", when::Said{"go"})})); }
std::string joined(const std::vector<std::string>& all) {
  std::string text;
  for (const std::string& one : all) text += one + "\n";
  return text;
}

TEST(ARuleThatIsOffForTonight, RestsUntilNoonAndSaysSoWhileTheOthersAct) {
  Home home = with_two();
  after_midnight(home).asks(ask::AllowTonight{"Go", "", false}).asks(ask::Word{"go"}).passes(1s);
  EXPECT_FALSE(home.told("Go acts.")) << home.all();
  EXPECT_TRUE(home.told("Other acts."));
  EXPECT_TRUE(home.said("rule Go: off until noon, says somebody on the page")) << home.all();
  EXPECT_TRUE(home.said("rule Go: when somebody says \"go\": a person switched this rule off for tonight"));
  EXPECT_TRUE(home.hub.rules[0].allowed) << "for good it stays on";
  home.passes(13h).asks(ask::Word{"go"}).passes(1s);
  EXPECT_TRUE(home.told("Go acts.")) << "it is back at noon";
}

TEST(ARuleThatIsOffForTonight, ComesBackWhenSomebodyWantsItBack) {
  Home home = with_two();
  after_midnight(home).asks(ask::AllowTonight{"Go", "", false}).asks(ask::AllowTonight{"Go", "", true});
  home.asks(ask::Word{"go"}).passes(1s);
  EXPECT_TRUE(home.told("Go acts.")) << home.all();
  home.asks(ask::AllowTonight{"Go", "", false}).asks(ask::AllowRule{"Go", true});
  EXPECT_FALSE(home.hub.rules[0].resting) << "who switches it on for good means tonight, too";
}

TEST(ARuleThatIsOffForGood, IsNotBroughtBackForOneNight) {
  Home home = with_two();
  after_midnight(home).asks(ask::AllowRule{"Go", false}).asks(ask::AllowTonight{"Go", "", true}).asks(ask::Word{"go"});
  EXPECT_FALSE(home.told("Go acts."));
  EXPECT_TRUE(home.said("was to act again tonight, but a person switched it off for good")) << home.all();
}

TEST(ARuleThatIsOffForTonight, IsSoAfterARestartAndBackAfterOneAfterNoon) {
  Home home = with_two();
  after_midnight(home).asks(ask::AllowTonight{"Go", "", false});
  Home next = restarted(home, 1h);
  next.asks(ask::Word{"go"}).passes(1s);
  EXPECT_FALSE(next.told("Go acts.")) << next.all();
  EXPECT_TRUE(next.told("Other acts."));
  Home later = restarted(home, 14h);
  later.asks(ask::Word{"go"}).passes(1s);
  EXPECT_TRUE(later.told("Go acts.")) << "what was off for a night that is over says nothing of the next";
}

TEST(ARoutineThatIsOffForTonight, IsBegunByNoRuleButByAPerson) {
  Home home(with_rules({said("Go", {act::Play{"night-relief"}, act::Notify{"Here."}})}));
  after_midnight(home).asks(ask::AllowTonight{"", "night-relief", false}).asks(ask::Word{"go"}).passes(1s);
  EXPECT_TRUE(home.seen().plays.empty()) << home.all();
  EXPECT_TRUE(home.told("Here.")) << "the rest of the rule is not off";
  EXPECT_TRUE(home.said("a person switched night-relief off for tonight")) << home.all();
  home.asks(ask::Play{"night-relief"}).passes(1s);
  EXPECT_EQ(home.seen().plays.size(), 1U);
}

TEST(ARoutineThatIsOffForGood, KeepsARuleThatOnlyPlaysItAwakeToNoPurpose) {
  Home home(with_rules({said("Go", {act::Play{"night-relief"}})}));
  after_midnight(home).asks(ask::AllowRoutine{"night-relief", false}).asks(ask::Word{"go"}).passes(1s);
  EXPECT_TRUE(home.said("rule Go: when somebody says \"go\": a person switched night-relief off")) << home.all();
  EXPECT_EQ(home.hub.rules[0].used.times, 0) << "it did nothing, and no limit counts it";
  home.passes(13h);
  EXPECT_FALSE(home.hub.routines.at(1).allowed && home.hub.routines.at(0).allowed) << "noon is nothing to it";
  home.in_bed(true).asks(ask::AllowRoutine{"night-relief", true}).asks(ask::Word{"go"}).passes(1s);
  EXPECT_EQ(home.seen().plays.size(), 1U) << home.all();
}

TEST(WhatIsOffForTonight, IsInThePlanAndInWhy) {
  Home home(with_rules({rule("Bedtime", {when::Time{clock_at(22, 30)}}, {act::Play{"wind-down"}})}));
  home.at(21, 0).asks(ask::AllowTonight{"Bedtime", "", false}).passes(1s);
  EXPECT_EQ(joined(plan_of_the_night(home.hub)),
            "Nothing begins by itself any more tonight.\nBedtime: off for tonight; back tomorrow at noon\n");
  const Chance chance = chances(home.hub).at(0);
  EXPECT_EQ(chance.text, "off for tonight; back tomorrow at noon");
  ASSERT_TRUE(chance.at);
  EXPECT_NEAR(static_cast<double>((*chance.at - *utc(home.hub)).count()), 25.5 * 3'600'000, 60'000) << "tomorrow's";
  home.passes(4h);
  EXPECT_EQ(chances(home.hub).at(0).text, "off for tonight; back at noon");
  home.asks(ask::AllowTonight{"Bedtime", "", true}).asks(ask::AllowTonight{"", "wind-down", false}).passes(1s);
  std::string why;
  for (const Standpoint& s : explain(home.hub, home.now)) why += s.about + ": " + s.text + "\n";
  EXPECT_NE(why.find("routine wind-down: a person switched it off for tonight; a person may begin it"),
            std::string::npos)
      << why;
  EXPECT_NE(why.find("It could not have acted: a person switched wind-down off for tonight"), std::string::npos) << why;
}

TEST(WhatIsOffForTonight, IsKeptByASnapshotAndAnOlderOneOpensWithoutIt) {
  Home home = with_two();
  after_midnight(home).asks(ask::AllowTonight{"Go", "", false}).asks(ask::AllowTonight{"", "wind-down", false});
  const auto opened = hub_from(to_text(home.hub), home.house_);
  ASSERT_TRUE(opened) << opened.error().what;
  EXPECT_EQ(*opened, home.hub);
  std::string old = to_text(home.hub);
  for (const std::string gone : {R"(,"resting":true)", R"(,"resting":false)"})
    for (std::size_t at = 0; (at = old.find(gone)) != std::string::npos;) old.erase(at, gone.size());
  const std::size_t routines = old.find("\"routines\":[");
  old.erase(routines, old.find(']', routines) + 2 - routines);
  const auto before = hub_from(old, home.house_);
  ASSERT_TRUE(before) << before.error().what << "\n" << old;
  EXPECT_FALSE(before->rules.at(0).resting);
  EXPECT_EQ(before->routines.size(), home.house_->routines.size());
}

TEST(ATouchOnAPage, ThatComesLateBeginsNothing) {
  const auto asked = [](Home& home, Command command, milliseconds age, Door door = Door::page) {
    home.hears(Asked{door, std::move(command), age}).passes(1s);
  };
  Home home(with_rules({}));
  after_midnight(home);
  asked(home, ask::Play{"night-relief"}, 4s);
  EXPECT_TRUE(home.seen().plays.empty()) << home.all();
  EXPECT_TRUE(home.said("asked for something 4 s ago: what is older than 4 s begins nothing")) << home.all();
  asked(home, ask::Play{"night-relief"}, 9s, Door::mqtt);
  EXPECT_EQ(home.seen().plays.size(), 1U) << "others have not told anybody that it was lost";
  asked(home, ask::StopAll{}, 10min);
  EXPECT_TRUE(home.seen().stopped) << "a STOP is never too late";
}

}  // namespace
}  // namespace lull
