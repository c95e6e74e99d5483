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

}  // namespace
}  // namespace lull
