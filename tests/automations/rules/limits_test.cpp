// How often a rule may, whatever happens: times a night, apart, and minutes in all.
#include <gtest/gtest.h>

#include "tests/automations/rules/rules.hpp"

namespace lull {
namespace {

constexpr auto kLegs = [] { return ask::Word{"legs"}; };

/// "legs": play night-relief (fifteen minutes), within these limits.
House relief(RuleLimits limits) {
  Rule legs = rule("Legs", {when::Said{"legs"}}, {act::Play{"night-relief"}});
  legs.limits = limits;
  return with_rules({legs});
}
Home& legs(Home& home) { return home.asks(kLegs()); }
Home& after_midnight(Home& home) { return home.at(1, 0).in_bed(true); }
const RuleUsed& used(const Home& home) { return home.hub.rules[0].used; }
/// Lull dies and starts anew, ten seconds later: only what is on disk is left.
Home restarted(const Home& home, House house) {
  Home again(std::move(house), home.disk);
  begins_at(again, Utc{home.now.since_boot + Home::kNoonUtcOffset}).in_bed(true);
  return again;
}

// ---- times a night ------------------------------------------------------------------------------------------------

TEST(TimesANight, AreCountedAndToldAndAnewEachNoon) {
  Home home(relief({2, {}, {}}));
  after_midnight(home);
  for (int i = 0; i < 3; ++i) legs(home).passes(20min);
  EXPECT_EQ(used(home).times, 2);
  EXPECT_TRUE(home.said("rule Legs: when somebody says \"legs\": 1 of 2 used tonight")) << home.all();
  EXPECT_TRUE(home.said("rule Legs: when somebody says \"legs\": 2 of 2 times used tonight")) << home.all();
  home.passes(12h);
  legs(home);
  EXPECT_EQ(used(home).times, 1) << "a new night";
}

TEST(TimesANight, SurviveARestart) {
  Home home(relief({2, {}, {}}));
  legs(legs(after_midnight(home)).passes(20min)).passes(20min);
  Home again = restarted(home, relief({2, {}, {}}));
  legs(again).passes(10s);
  EXPECT_TRUE(again.seen().plays.empty()) << again.all();
  EXPECT_TRUE(again.said("2 of 2 times used tonight"));
}

TEST(TimesANight, AreNotUsedByWhatAPersonStarts) {
  Home home(relief({1, {}, {}}));
  after_midnight(home).asks(ask::Play{"night-relief"}).passes(20min).asks(ask::Replay{}).passes(20min);
  EXPECT_EQ(used(home).times, 0);
  legs(home);
  EXPECT_EQ(home.seen().plays.size(), 1U);
}

TEST(TimesANight, AreNotUsedByWhatDidNotBegin) {
  House house = relief({3, {}, {}});
  for (std::size_t i = 0; i < kMaxPlays; ++i) {
    Routine quiet = house.routines[0];
    quiet.name = "quiet " + std::to_string(i);
    quiet.length = 4h;
    quiet.tracks.resize(1);
    house.routines.push_back(quiet);
  }
  Home home(house);
  after_midnight(home);
  for (std::size_t i = 0; i < kMaxPlays; ++i) home.asks(ask::Play{"quiet " + std::to_string(i)});
  ASSERT_EQ(home.seen().plays.size(), kMaxPlays);
  legs(home).passes(1s);
  EXPECT_EQ(used(home).times, 0);
  EXPECT_TRUE(home.said("rule Legs: when somebody says \"legs\": 8 routines play already")) << home.all();
}

TEST(TimesANight, HoldForARuleThatOnlyTellsToo) {
  Rule chatty = tells("Chatty", when::Said{"legs"});
  chatty.limits.per_night = 1;
  Home home(with_rules({chatty}));
  legs(legs(legs(after_midnight(home))));
  EXPECT_EQ(told_times(home, "Chatty acts."), 1);
  EXPECT_TRUE(home.said("1 of 1 times used tonight")) << home.all();
}

TEST(TimesANight, NeverHoldBackAStop) {
  Rule stop = rule("Enough", {when::Said{"enough"}}, {act::StopEverything{}});
  stop.limits.per_night = 1;
  Home home(with_rules({stop}));
  after_midnight(home).asks(ask::Word{"enough"}).asks(ask::Release{});
  home.asks(ask::Word{"enough"});
  EXPECT_TRUE(home.seen().stopped);
}

// ---- apart --------------------------------------------------------------------------------------------------------

TEST(Apart, IsFromStartToStart) {
  Home home(relief({{}, 30min, {}}));
  legs(after_midnight(home)).passes(29min);
  legs(home).passes(1s);
  EXPECT_TRUE(home.seen().plays.empty());
  EXPECT_TRUE(home.said("the last time was 29 min ago, must be 30 min apart")) << home.all();
  legs(home.passes(1min)).passes(1s);
  EXPECT_EQ(home.seen().plays.size(), 1U) << "what did not begin moves nothing";
}

TEST(Apart, HoldsAcrossARestart) {
  Home home(relief({{}, 30min, {}}));
  legs(after_midnight(home)).passes(20min);
  Home again = restarted(home, relief({{}, 30min, {}}));
  legs(again).passes(1s);
  EXPECT_TRUE(again.seen().plays.empty()) << again.all();
  legs(again.passes(11min)).passes(1s);
  EXPECT_EQ(again.seen().plays.size(), 1U);
}

TEST(Apart, HoldsAcrossNoonAlsoWithARestart) {
  Home home(relief({{}, 24h, {}}));
  legs(home.at(22, 0).in_bed(true)).passes(15h);  // one o'clock in the afternoon, and another night
  legs(home).passes(1s);
  EXPECT_TRUE(home.seen().plays.empty()) << "fifteen hours are not a day";
  Home again = restarted(home, relief({{}, 24h, {}}));
  legs(again).passes(1s);
  EXPECT_TRUE(again.seen().plays.empty()) << "nor after a restart: " << again.all();
  EXPECT_EQ(used(again).times, 0) << "but the count is of the new night";
  legs(again.passes(9h)).passes(1s);
  EXPECT_EQ(again.seen().plays.size(), 1U) << again.all();
}

// ---- minutes in all -----------------------------------------------------------------------------------------------

TEST(MinutesInAll, AreThoseThatItsPlaysRan) {
  Home home(relief({{}, {}, 40min}));
  legs(after_midnight(home)).passes(5min).asks(ask::StopPlay{""});  // cut short
  EXPECT_EQ(duration_cast<minutes>(used(home).total), 5min);
  legs(home).passes(20min);
  EXPECT_EQ(duration_cast<minutes>(used(home).total), 20min);
  legs(home).passes(20min);
  EXPECT_EQ(duration_cast<minutes>(used(home).total), 35min);
  legs(home).passes(1s);
  EXPECT_TRUE(home.seen().plays.empty());
  EXPECT_TRUE(home.said("35 min of 40 min used tonight, night-relief would take 15 min")) << home.all();
}

TEST(MinutesInAll, AreNotThoseOfAPerson) {
  Home home(relief({{}, {}, 30min}));
  legs(after_midnight(home)).passes(5min).asks(ask::Play{"night-relief"}).passes(20min);  // a person begins it anew
  EXPECT_EQ(duration_cast<minutes>(used(home).total), 5min);
}

TEST(MinutesInAll, AreNotMoreBecauseATickCameLate) {
  Home home(relief({{}, {}, 30min}));  // room for two of fifteen minutes, and not for one second more
  legs(after_midnight(home));
  home.now = home.now + 700ms;  // no tick falls together with its end
  legs(home.passes(20min)).passes(1s);
  EXPECT_EQ(home.seen().plays.size(), 1U) << home.all();
}

TEST(MinutesInAll, CountAPlayThatLullDiedIn) {
  Home home(relief({{}, {}, 25min}));
  legs(after_midnight(home)).passes(12min);
  Home again = restarted(home, relief({{}, {}, 25min}));
  EXPECT_GE(used(again).total, 11min) << "to the minute";
  EXPECT_LE(used(again).total, 12min);
  legs(again).passes(1s);
  EXPECT_TRUE(again.seen().plays.empty()) << again.all();
}

TEST(MinutesInAll, CountWhatStillPlays) {
  Rule two = rule("Two", {when::Said{"legs"}}, {act::Play{"wind-down"}});
  two.limits.total = 50min;
  Home home(with_rules({two}));
  legs(home.at(22, 0).in_bed(true)).passes(25min).asks(ask::Pause{""}).asks(ask::Resume{""});
  EXPECT_EQ(duration_cast<minutes>(used(home).total), 25min);
}

TEST(MinutesInAll, AreOfAllThatARulePlays) {
  Rule both = rule("Both", {when::Said{"legs"}}, {act::Play{"night-relief"}, act::Play{"wind-down"}});
  both.limits.total = 40min;
  Home home(with_rules({both}));
  legs(home.at(22, 0).in_bed(true)).passes(1s);
  EXPECT_TRUE(home.seen().plays.empty()) << "45 min would be too long: " << home.all();
}

TEST(MinutesInAll, GoOnWithTheNightThatBeginsWhileItPlays) {
  House house = relief({{}, {}, 60min});
  Home home(house);
  home.at(22, 0).in_bed(true).passes(13h + 50min);  // ten to noon
  legs(home).passes(20min);
  EXPECT_EQ(used(home).night, "2026-11-22");
  EXPECT_LE(used(home).total, 6min) << "of fifteen minutes, five lie after noon";
  EXPECT_GE(used(home).total, 4min);
}

}  // namespace
}  // namespace lull
