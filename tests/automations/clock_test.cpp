// When UTC jumps: no rule is made up for, none acts twice, and no dose is bought.
#include <gtest/gtest.h>

#include "tests/automations/home.hpp"

namespace lull {
namespace {

constexpr milliseconds kTrue = Home::kNoonUtcOffset;

Home& in_bed_at(Home& home, int hour, int minute) { return home.at(hour, minute).in_bed(true); }

TEST(TheClock, SetForwardOverATimeByTwoHoursMakesNothingUp) {
  Home home;
  in_bed_at(home, 22, 29).hears(ClockSet{kTrue + 2h}).passes(10min);
  EXPECT_TRUE(home.seen().plays.empty()) << "it is half past midnight now";
  EXPECT_TRUE(home.said("the time was set forward by 120 min")) << home.all();
  EXPECT_TRUE(home.said("rule Bedtime: its time passed")) << home.all();
}

TEST(TheClock, SetForwardOverATimeByASecondLosesNothing) {
  Home home;
  in_bed_at(home, 22, 29).passes(49s);  // 22:29:59
  home.hears(ClockSet{kTrue + 2s}).passes(3s);
  EXPECT_EQ(home.seen().plays.size(), 1u) << home.all();
}

TEST(TheClock, SetBackOverATimeDoesNotPlayItTwice) {
  Home home;
  in_bed_at(home, 22, 29).passes(5min);
  ASSERT_EQ(home.seen().plays.size(), 1u);
  home.hears(ClockSet{kTrue - 2h}).asks(ask::StopPlay{""}).passes(3h);
  EXPECT_TRUE(home.said("it acted at this time already, before the clock was set back")) << home.all();
  EXPECT_TRUE(home.seen().plays.empty());
  home.passes(12h).in_bed(true).passes(12h);
  EXPECT_EQ(home.hub.rules[0].used.times, 1) << "and the next evening it acts as ever";
}

TEST(TheClock, SetBackWhileLullWasAwayDoesNotPlayItTwice) {
  Home before;
  in_bed_at(before, 22, 29).passes(5min);
  ASSERT_EQ(before.seen().plays.size(), 1u);
  Home after(ana(), before.disk);
  after.now = before.now + 10s;
  after.hears(ClockSet{kTrue - 30min}).hears(before.disk).hears(LinkChanged{true});
  after.in_bed(true).passes(40min);
  EXPECT_TRUE(after.seen().plays.empty()) << after.all();
}

TEST(TheClock, ThatWasNeverSetDoesNotMakeUpForYears) {
  Home home;
  home.now = Instant{1h};
  home.hears(ClockSet{milliseconds{0}}).hears(Started{}).hears(LinkChanged{true}).passes(30s);
  home.hears(ClockSet{kTrue}).passes(2min);
  EXPECT_FALSE(home.said("its time passed")) << home.all();
}

TEST(TheClock, ThatJumpsToAndFroBuysNoDose) {
  Home home;
  home.at(22, 0).asks(ask::SetDevice{kWarmer, 40_pct, "", {}}).passes(20min);
  const milliseconds used = home.hub.actuators[kWarmer.index].standing.dose.kept.on;
  ASSERT_GE(used, 19min);
  for (const milliseconds off : {milliseconds{30h}, milliseconds{-30h}, milliseconds{60h}, milliseconds{0}})
    home.hears(ClockSet{kTrue + off}).passes(2min);
  EXPECT_GE(home.hub.actuators[kWarmer.index].standing.dose.kept.on, used);
}

// ---- a board without a battery wakes in the past --------------------------------------------------------------------

/// It is two o'clock, and so the board thinks, but of a night long ago.
Home wakes_in_the_past(const Started& disk) {
  Home home(ana(), disk);
  home.now = Instant{26h};
  home.hears(ClockSet{kTrue - hours{24 * 9800}}).hears(disk).hears(LinkChanged{true});
  return home;
}
milliseconds given(const Home& home, DeviceId id) { return home.hub.actuators[id.index].standing.dose.kept.on; }
Utc at_true(milliseconds since_midnight) { return Utc{kTrue + since_midnight}; }

TEST(ADose, GoesOnUnderItsNightWhileTheClockIsWrongAndIsFoundAgain) {
  Started disk;
  disk.dose.push_back({"leg_massage", "2026-11-21", 45min, 0, at_true(25h)});
  Home home = wakes_in_the_past(disk);
  EXPECT_EQ(given(home, kPad), 45min);
  home.passes(20min).hears(ClockSet{kTrue});
  home.hub.actuators[kPad.index].standing.dose.charge(home.now, home.now + 10min, 40_pct, at_true(26h + 20min));
  const DoseUsed kept = home.hub.actuators[kPad.index].standing.dose.kept;
  EXPECT_EQ(kept.night, "2026-11-21") << "under another name a restart would not find it";
  EXPECT_EQ(kept.on, 55min);
}

TEST(ADose, WhoseLastMomentWasNotedByAWrongClockIsFoundByAnother) {
  Started disk;  // given in the evening; then the clock was lost, and the last of it was noted in 1999
  disk.dose.push_back({"leg_massage", "2026-11-21", 45min, 0, Utc{kTrue + 22h - hours{24 * 9800}}});
  const Home home = wakes_in_the_past(disk);
  EXPECT_EQ(given(home, kPad), 45min) << "no clock can lie about which night is the newest on the disk";
}

// ---- what holds for tonight is not over because a clock says so -----------------------------------------------------

const SleeperState& ana_of(const Home& home) { return home.hub.sleepers[kAna.index]; }
bool sedated(const Home& home) { return ana_of(home).tonight == std::vector<Flag>{Flag::sedatives}; }
std::string on_disk(const Home& home, std::string_view name) {
  for (const Setting& s : home.disk.settings)
    if (s.name == name) return s.value;
  return "";
}
/// All that Ana said for tonight.
void expect_tonight(const Home& home, bool holds, const char* when) {
  EXPECT_EQ(sedated(home), holds) << when;
  EXPECT_EQ(home.hub.not_tonight, holds) << when;
  EXPECT_EQ(home.hub.rules[0].resting, holds) << when;
  EXPECT_EQ(home.hub.routines[1].resting, holds) << when;
  for (const char* name : {"flag:ana:sedatives", "not_tonight", "tonight:rule:Bedtime", "tonight:routine:night-relief"})
    EXPECT_EQ(!on_disk(home, name).empty(), holds) << name << " on the disk, " << when;
}
void expect_counts(const Home& home, int acted, int replays, const char* when) {
  EXPECT_EQ(home.hub.rules[1].used.times, acted) << when;
  EXPECT_EQ(ana_of(home).replayed.times, replays) << when;
}
Started said_for(const std::string& night) {
  Started disk;
  for (const char* name : {"flag:ana:sedatives", "not_tonight", "tonight:rule:Bedtime", "tonight:routine:night-relief"})
    disk.settings.push_back({name, night});
  disk.rules.push_back({"Restless at night", night, 4, 40min, at_true(25h)});
  disk.rules.push_back({"replays:ana", night, 3, 0ms, at_true(25h)});
  return disk;
}
Home& says_for_tonight(Home& home) {
  home.asks(ask::FlagTonight{kAna, "sedatives", true}).asks(ask::NotTonight{true});
  return home.asks(ask::AllowTonight{"Bedtime", "", false}).asks(ask::AllowTonight{"", "night-relief", false});
}

TEST(WhatHoldsForTonight, HoldsOnWhenAWrongClockIsCorrected) {
  Home home = wakes_in_the_past(said_for("2026-11-21"));
  expect_tonight(home, true, "while the clock is wrong");
  home.passes(5min).hears(ClockSet{kTrue}).passes(2min);
  expect_tonight(home, true, "when it is right again: it is still that night");
  expect_counts(home, 4, 3, "she had these replays");
  home.passes(9h + 50min);
  expect_tonight(home, true, "until noon");
  home.passes(5min);
  expect_tonight(home, false, "at noon");
  expect_counts(home, 0, 0, "at noon");
}

TEST(WhatHoldsForTonight, IsOverWhenACorrectedClockSaysThatItsNightIs) {
  Home home = wakes_in_the_past(said_for("2026-11-20"));
  expect_tonight(home, true, "nobody can tell yet");
  home.hears(ClockSet{kTrue}).passes(2min);
  expect_tonight(home, false, "it was said the night before");
  expect_counts(home, 0, 0, "these were of the night before");
}

TEST(WhatHoldsForTonight, AndWasSaidWhileTheClockWasWrongGoesOnUnderTheRightNight) {
  Home home = wakes_in_the_past({});
  home.passes(1min);
  says_for_tonight(home).hears(ClockSet{kTrue}).passes(2min);
  expect_tonight(home, true, "the clock was set, and she took no fewer tablets");
  EXPECT_EQ(on_disk(home, "flag:ana:sedatives"), "2026-11-21") << "so that a restart finds it";
  home.passes(9h + 50min);
  expect_tonight(home, true, "until noon");
  home.passes(10min);
  expect_tonight(home, false, "at noon");
}

TEST(WhatHoldsForTonight, HoldsOnThroughAMistakenJumpOverNoonThatIsTakenBack) {
  Home home;
  says_for_tonight(home.at(22, 0).in_bed(true)).hears(ClockSet{kTrue + 20h}).passes(2min);
  expect_tonight(home, true, "no clock makes a noon of an evening");
  home.hears(ClockSet{kTrue}).passes(2min);
  expect_tonight(home, true, "nor when it is set back");
  home.at(11, 58);
  expect_tonight(home, true, "until noon");
  home.passes(4min);
  expect_tonight(home, false, "at noon");
}

TEST(WhatHoldsForTonight, IsOverAfterADayWhateverNightTheClockSaid) {
  Home home;
  home.at(22, 0).hears(ClockSet{kTrue + hours{24 * 400}}).passes(2min);
  says_for_tonight(home).hears(ClockSet{kTrue}).passes(24h);
  expect_tonight(home, true, "its noon is over a year away by the clock of then");
  home.passes(1h + 1min);
  expect_tonight(home, false, "no night is longer");
}

TEST(WhatIsCountedTonight, IsCountedOnThroughAJumpOverNoonAndAnewFromTheNextNoon) {
  Home home;
  in_bed_at(home, 22, 29).passes(5min).asks(ask::StopPlay{""}).at(23, 30).kicks(10min);
  ASSERT_EQ(home.hub.rules[0].used.times, 1);
  expect_counts(home, 1, 1, "she was restless");
  home.hears(ClockSet{kTrue + 14h}).passes(2min);
  EXPECT_EQ(home.hub.rules[0].used.times, 1) << "a jump over noon is no noon";
  expect_counts(home, 1, 1, "a jump over noon is no noon");
  home.hears(ClockSet{kTrue}).at(11, 58);
  EXPECT_EQ(home.hub.rules[0].used.times, 1);
  expect_counts(home, 1, 1, "nor is its way back");
  home.passes(4min);
  EXPECT_EQ(home.hub.rules[0].used.times, 0);
  expect_counts(home, 0, 0, "at noon");
}

TEST(ADevice, ThatFailedTonightIsNotForgivenByAClock) {
  Home home;
  home.at(22, 0);
  Actuator& warmer = home.hub.actuators[kWarmer.index];
  warmer.faults_tonight = 3, warmer.standing.warmed_empty = 20min, warmer.standing.watch.cold = true;
  warmer.hand = Hand{false, 0_pct, home.now};
  home.hears(ClockSet{kTrue + 15h}).passes(2min);
  const Actuator& then = home.hub.actuators[kWarmer.index];
  EXPECT_EQ(then.faults_tonight, 3);
  EXPECT_GE(then.standing.warmed_empty, 20min);
  EXPECT_TRUE(then.standing.watch.cold);
  EXPECT_TRUE(then.hand) << "whoever switched it off by hand meant this night";
}

}  // namespace
}  // namespace lull
