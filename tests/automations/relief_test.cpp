// When a replay does no good: what can be seen of it, what follows, and what gives it back.
#include "automations/relief.hpp"

#include <gtest/gtest.h>

#include "tests/automations/home.hpp"

namespace lull {
namespace {

/// Ana's evenings and mornings, one after the other.
struct Weeks {
  Home home;
  int night = 0;
  explicit Weeks(House house = ana(), Started kept = {}) : home(std::move(house), std::move(kept)) {}

  /// To this time of the running night.
  Weeks& until(int hour, int minute) {
    const Instant then{hours{24 * night + (hour < 12 ? hour + 24 : hour)} + minutes{minute}};
    if (home.now == Instant{}) home.at(hour, minute);
    if (then > home.now) home.passes(then - home.now);
    return *this;
  }
  /// A night with one replay; afterwards her legs move once each `after`, or she does what `during` does.
  template <class F>
  Weeks& with_a_replay(milliseconds after, F&& during) {
    until(23, 30);
    home.in_bed(true);
    home.sleeps_quietly(20min).kicks(5min);  // 7 in 5 min: restless
    EXPECT_FALSE(home.hub.plays.empty()) << "night " << night << home.all();
    during(home);
    home.sleeps_quietly(10min).kicks(16min, after);
    home.in_bed(false);
    until(7, 0);
    home.in_bed(true).passes(1s).in_bed(false);
    home.passes(Instant{hours{24 * (night + 1) + 13}} - home.now);  // past noon: the night has turned
    ++night;
    return *this;
  }
  Weeks& with_a_replay(milliseconds after) {
    return with_a_replay(after, [](Home&) {});
  }
  const Relief& relief() const { return home.hub.sleepers[0].relief; }
  std::string why() const {
    for (const Standpoint& s : explain(home.hub, home.now))
      if (s.about == "replays for Ana") return s.text;
    return "";
  }
};

int strongest(const Home& home) {
  int most = 0;
  for (const std::string& heard : home.things[kPad.index].heard)
    if (heard.rfind("on ", 0) == 0) most = std::max(most, std::stoi(heard.substr(3)));
  return most;
}

TEST(AReplay, ThatSeemsToWakeOnThreeNightsOfFiveIsHalvedAndSaidInTheMorning) {
  Weeks weeks;
  weeks.with_a_replay(30min);
  const int chosen = strongest(weeks.home);
  ASSERT_GT(chosen, 10);
  for (int i = 0; i < 2; ++i) {
    weeks.with_a_replay(8s);  // many more than before it
    EXPECT_EQ(weeks.relief().weaker, 0) << "two nights prove nothing";
  }
  EXPECT_EQ(weeks.why(), "");
  weeks.with_a_replay(8s);
  EXPECT_EQ(weeks.relief().weaker, 1) << to_setting(weeks.relief());
  EXPECT_EQ(weeks.why(),
            "level halved since 25 Nov: movement rose right after it on 3 of 4 nights; until 7 nights in a row "
            "with a replay and no sign of waking (0 so far), or a person wants replays as they were chosen");
  EXPECT_TRUE(weeks.home.told("Replays for Ana: their level is halved, because movement rose right after it"));
  weeks.home.thing(kPad).heard.clear();
  weeks.with_a_replay(30min);
  EXPECT_NEAR(strongest(weeks.home), chosen / 2.0, 1.5) << "gentler, and still there";
}

TEST(AReplay, AfterWhichTheBedIsLeftCountsAsOneThatWoke) {
  Weeks weeks;
  const auto leaves = [](Home& home) { home.sleeps_quietly(5min).in_bed(false).passes(3min).in_bed(true); };
  for (int i = 0; i < 3; ++i) weeks.with_a_replay(30min, leaves);
  EXPECT_EQ(weeks.relief().weaker, 1) << to_setting(weeks.relief());
  EXPECT_NE(weeks.why().find("the bed was left on 3 of 3 nights"), std::string::npos) << weeks.why();
}

TEST(AReplay, ThatSomebodyStopsOrMakesSofterCountsAsOneThatWoke) {
  Weeks weeks;
  weeks.with_a_replay(30min, [](Home& home) { home.sleeps_quietly(3min).asks(ask::Softer{}, Door::voice); });
  weeks.with_a_replay(30min, [](Home& home) { home.sleeps_quietly(3min).asks(ask::StopMassage{}, Door::voice); });
  weeks.with_a_replay(30min, [](Home& home) { home.sleeps_quietly(3min).asks(ask::StopPlay{""}, Door::page); });
  EXPECT_EQ(weeks.relief().weaker, 1) << to_setting(weeks.relief());
}

TEST(AReplay, AfterWhichLegsAreNoCalmerIsPlayedLessOftenAndNotGivenUpInSilence) {
  Weeks weeks;
  // Before: the seven kicks of a quarter of an hour that make an episode, 28 an hour. After: 40 an hour.
  for (int i = 0; i < 4; ++i) weeks.with_a_replay(90s);
  EXPECT_EQ(weeks.relief().apart, 0) << to_setting(weeks.relief());
  weeks.with_a_replay(90s);
  EXPECT_EQ(weeks.relief().apart, 1) << to_setting(weeks.relief());
  EXPECT_EQ(weeks.relief().weaker, 0);
  EXPECT_NE(weeks.why().find("twice as far apart since 26 Nov: movement was no lower after them on 5 of 5 nights"),
            std::string::npos)
      << weeks.why();
  EXPECT_TRUE(weeks.home.told("twice as far apart"));
  weeks.until(23, 30);
  weeks.home.in_bed(true).sleeps_quietly(20min).kicks(5min).sleeps_quietly(30min);
  weeks.home.kicks(10min);
  EXPECT_TRUE(weeks.home.said("they are 60 min apart")) << weeks.home.all();
}

TEST(AReplay, ThatCalmsIsLeftAsItWasChosen) {
  Weeks weeks;
  for (int i = 0; i < 8; ++i) weeks.with_a_replay(30min);
  EXPECT_EQ(weeks.relief().weaker + weeks.relief().apart, 0) << to_setting(weeks.relief());
  EXPECT_LE(weeks.relief().nights.size(), kReliefCalm) << "bounded";
  EXPECT_EQ(weeks.why(), "");
}

TEST(AReplayThatWasHalved, IsGivenBackByNightsWithoutASign) {
  Weeks weeks;
  for (int i = 0; i < 3; ++i) weeks.with_a_replay(8s);
  ASSERT_EQ(weeks.relief().weaker, 1);
  for (std::size_t i = 0; i + 1 < kReliefCalm; ++i) weeks.with_a_replay(30min);
  EXPECT_EQ(weeks.relief().weaker, 1) << "not in a hurry";
  weeks.with_a_replay(30min);
  EXPECT_EQ(weeks.relief().weaker, 0);
  EXPECT_TRUE(weeks.home.told("the level is what was chosen again"));
}

TEST(AReplayThatWasHalved, IsGivenBackByAPerson) {
  for (const bool by_switch : {false, true}) {
    Weeks weeks;
    for (int i = 0; i < 3; ++i) weeks.with_a_replay(8s);
    ASSERT_EQ(weeks.relief().weaker, 1);
    if (by_switch)
      weeks.home.asks(ask::AllowNightReplay{false}).asks(ask::AllowNightReplay{true});
    else
      weeks.home.asks(ask::ReplaysAsChosen{}, Door::mqtt);
    EXPECT_EQ(weeks.relief().weaker, 0);
    EXPECT_EQ(weeks.relief().nights.size(), 0u);
  }
}

TEST(AReplayThatWasHalved, IsStillSoAfterARestart) {
  Weeks weeks;
  for (int i = 0; i < 3; ++i) weeks.with_a_replay(8s);
  ASSERT_EQ(weeks.relief().weaker, 1);
  weeks.with_a_replay(30min);
  Home again(ana(), weeks.home.disk);
  again.at(22, 0);
  EXPECT_EQ(again.hub.sleepers[0].relief.weaker, 1);
  EXPECT_EQ(again.hub.sleepers[0].relief.nights, weeks.relief().nights);
  EXPECT_EQ(again.hub.sleepers[0].relief.why, weeks.relief().why);
}

TEST(AReplayThatGoesOnWaking, BecomesAQuarterThenRarerAndThenAPersonIsAsked) {
  Weeks weeks;
  for (int i = 0; i < 16; ++i) weeks.with_a_replay(8s);
  EXPECT_EQ(weeks.relief().weaker, kReliefSteps);
  EXPECT_EQ(weeks.relief().apart, kReliefSteps);
  EXPECT_TRUE(weeks.home.told("the night replay can be switched off"));
}

House with(BackOff household) {
  House house = ana();
  house.sleepers[0].back_off = household;
  return house;
}

TEST(BackOffOfAHousehold, ThatWantsItSoonerComesAfterTwoNights) {
  Weeks weeks(with({true, 2, 3, true}));
  weeks.with_a_replay(8s);
  EXPECT_EQ(weeks.relief().weaker, 0) << "one night proves nothing";
  weeks.with_a_replay(8s);
  EXPECT_EQ(weeks.relief().weaker, 1) << to_setting(weeks.relief());
  Weeks rarer(with({true, 3, 3, true}));
  for (int i = 0; i < 3; ++i) rarer.with_a_replay(90s);
  for (int i = 0; i < 2; ++i) rarer.with_a_replay(30min);
  EXPECT_EQ(rarer.relief().apart, 1) << "no lower on 3 of 5: " << to_setting(rarer.relief());
}

TEST(BackOffOfAHousehold, ThatSwitchedItOffLeavesReplaysAsTheyWereChosenAndSaysSo) {
  Weeks weeks;
  for (int i = 0; i < 3; ++i) weeks.with_a_replay(8s);
  ASSERT_EQ(weeks.relief().weaker, 1);
  Started kept;  // but not when the last replay was: these nights begin anew
  for (const Setting& s : weeks.home.disk.settings)
    if (s.name == "relief:ana") kept.settings.push_back(s);
  ASSERT_EQ(kept.settings.size(), 1u);
  Weeks off(with({false, 3, 4, true}), kept);
  for (int i = 0; i < 4; ++i) off.with_a_replay(8s);
  EXPECT_EQ(off.relief().weaker, 1) << "kept for when it is switched on again, and it goes no further";
  EXPECT_EQ(off.why(), "as they were chosen: back-off is switched off in the configuration");
  EXPECT_FALSE(off.home.told("Replays for Ana"));
  Weeks never;
  never.with_a_replay(30min);
  EXPECT_EQ(strongest(off.home), strongest(never.home)) << "and nothing is halved any more";
}

TEST(BackOffOfAHousehold, ThatWantsToGiveItBackItselfIsNotUndoneByQuietNights) {
  Weeks weeks(with({true, 3, 4, false}));
  for (int i = 0; i < 3; ++i) weeks.with_a_replay(8s);
  ASSERT_EQ(weeks.relief().weaker, 1);
  for (std::size_t i = 0; i < kReliefCalm + 1; ++i) weeks.with_a_replay(30min);
  EXPECT_EQ(weeks.relief().weaker, 1);
  EXPECT_NE(weeks.why().find("; until a person wants replays as they were chosen"), std::string::npos) << weeks.why();
  weeks.home.asks(ask::ReplaysAsChosen{}, Door::mqtt);
  EXPECT_EQ(weeks.relief().weaker, 0);
}

TEST(BackOffShown, SaysWhetherWhyAndUntilWhen) {
  Weeks weeks;
  const auto shown = [&] { return view(weeks.home.hub, weeks.home.now).sleepers[0].back_off; };
  EXPECT_EQ(word_for(shown().state), "as_chosen");
  EXPECT_EQ(shown().until + shown().why + shown().since, "");
  weeks.with_a_replay(8s).with_a_replay(8s);
  EXPECT_EQ(shown().signs, "movement rose right after it on 2 of 2 nights") << "what may lead to a step";
  weeks.with_a_replay(8s);
  EXPECT_EQ(word_for(shown().state), "weaker");
  EXPECT_EQ(shown().level, 50_pct);
  EXPECT_EQ(shown().times_as_far_apart, 1);
  weeks.with_a_replay(30min).with_a_replay(30min);
  EXPECT_EQ(shown().until,
            "until 7 nights in a row with a replay and no sign of waking (2 so far), or a person wants replays as they "
            "were chosen");
  for (int i = 0; i < 16; ++i) weeks.with_a_replay(8s);
  EXPECT_EQ(word_for(shown().state), "weaker_and_further_apart");
  EXPECT_EQ(shown().level, 25_pct);
  EXPECT_EQ(shown().times_as_far_apart, 4);
}

TEST(WhatIsKeptOfReplays, ReadsBackAndADamagedTextStaysWithinItsBounds) {
  Relief r;
  r.weaker = 1, r.apart = 2, r.since = "2026-11-24", r.why = "movement rose right after it on 3 of 5 nights";
  r.nights = {{"2026-11-21", 3, 1, 0, 2, 3, 250, 190}, {"2026-11-23", 1, 0, 1, 0, 0, 0, 0}};
  r.tonight = {"2026-11-24", 1, 0, 0, 0, 1, 80, 20};
  EXPECT_EQ(relief_from(to_setting(r)), r);
  EXPECT_EQ(relief_from(to_setting(Relief{})), Relief{});
  EXPECT_EQ(relief_from(""), Relief{});
  const Relief odd = relief_from("99 -5 tomorrow-and-more\nx\n2026-11-21 99999999999 -4 a 1\nnight 1\n*\n\n1 2 3\n");
  EXPECT_LE(odd.weaker, kReliefSteps);
  EXPECT_GE(odd.apart, 0);
  std::string many = to_setting(r);
  for (int i = 0; i < 100; ++i) many += "2026-11-21 1 1 1 1 1 1 1\n";
  EXPECT_LE(relief_from(many).nights.size(), kReliefCalm);
}

}  // namespace
}  // namespace lull
