// What must survive: doubts about a device outlive a restart of Lull, what it was tested for does, and an OFF that
// nobody saw is not forgotten either.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/automations/warm_home.hpp"

namespace lull {
namespace {

/// A new Lull with what is on the disk; the bedroom is as it was.
Home after_restart(const Home& home, int hour, int minute, House house = ana()) {
  Home again(std::move(house), home.disk);
  again.surface = home.surface;
  again.wavers = home.wavers;
  again.at(hour, minute).in_bed(true).passes(10s);
  return again;
}
bool warms(Home& home) {
  home.asks(ask::SetDevice{kWarmer, 40_pct, "", {}}).passes(10s);
  return home.runs(kWarmer);
}
std::string code(const Home& home) { return std::string(code_of(home.seen().devices[kWarmer.index].refusal)); }

// ---- doubts ---------------------------------------------------------------------------------------------------------

TEST(ARestart, RemembersThatAThermometerFrozeUntilItMoves) {
  Home home;
  warm(home).wavers = false;
  home.passes(7min);
  ASSERT_EQ(code(home), "reading_frozen");
  Home again = after_restart(home, 22, 20);
  EXPECT_FALSE(warms(again)) << "no restart mends a thermometer";
  EXPECT_EQ(code(again), "reading_frozen") << again.all();
  EXPECT_TRUE(again.said("stood still at 28.0")) << again.all();
  Home third = after_restart(again, 22, 40);
  EXPECT_FALSE(warms(third)) << "nor do two";
  third.warms(28.5_degC);
  EXPECT_TRUE(third.runs(kWarmer)) << "it moves, so it lives: as without a restart" << third.all();
  Home fourth = after_restart(third, 23, 30);
  EXPECT_TRUE(warms(fourth)) << "and that is kept, too" << fourth.all();
}

TEST(ARestart, RemembersWhichOfTwoThermometersFroze) {
  Home home(with_probe());
  home.every_second = [](Home& h) {
    if (h.now.since_boot.count() % 10000 == 0) h.hears(TemperatureReported{.device = kProbe, .celsius = 27.0_degC});
  };
  warm(home).passes(7min);
  ASSERT_EQ(code(home), "reading_frozen") << home.all();
  Home again(with_probe(), home.disk);
  again.at(22, 45).in_bed(true).passes(30s);  // the other one moves, as it always did
  again.hears(TemperatureReported{.device = kProbe, .celsius = 27.0_degC});
  EXPECT_FALSE(warms(again)) << again.all();
  again.hears(TemperatureReported{.device = kProbe, .celsius = 27.4_degC}).passes(10s);
  EXPECT_TRUE(again.runs(kWarmer)) << again.all();
}

TEST(ARestart, RemembersThatASurfaceStayedColdUntilAPersonLookedOrTheNextNight) {
  for (const bool next_night : {false, true}) {
    Home home;
    home.surface = 20.0_degC;
    home.at(22, 0).hears(TemperatureReported{kWarmer, 20.0_degC});
    home.in_bed(true).passes(6min).asks(ask::SetDevice{kWarmer, 40_pct, "", {}}).passes(17min);
    ASSERT_EQ(code(home), "stays_cold");
    Home again(ana(), home.disk);
    again.surface = 20.0_degC;
    again.at(23, 30).hears(TemperatureReported{kWarmer, 20.0_degC}).in_bed(true).passes(6min);
    EXPECT_FALSE(warms(again));
    EXPECT_EQ(code(again), "stays_cold") << again.all();
    if (next_night)
      again.passes(14h).asks(ask::SetDevice{kWarmer, 40_pct, "", {}}).passes(10s);
    else
      again.asks(ask::Release{}).passes(10s);
    EXPECT_TRUE(again.runs(kWarmer)) << again.all();
    Home third(ana(), again.disk);
    EXPECT_FALSE(third.at(23, 50).hub.actuators[kWarmer.index].standing.watch.cold) << "and stays released";
  }
}

TEST(ARestart, RemembersARelayThatSticksUntilAPersonReleasesIt) {
  Home home;
  home.at(22, 0)
      .in_bed(true)
      .hears(PowerReported{kWarmer, 0_W})
      .asks(ask::SetDevice{kWarmer, 40_pct, "", {}})
      .passes(30s);
  home.hears(PowerReported{kWarmer, 58_W}).asks(ask::SetDevice{kWarmer, 0_pct, "", {}}).passes(30s);
  home.hears(PowerReported{kWarmer, 58_W}).passes(50s);
  ASSERT_TRUE(home.hub.actuators[kWarmer.index].watch.stuck) << home.all();

  Home again = after_restart(home, 22, 30);
  EXPECT_FALSE(again.hub.actuators[kWarmer.index].off_proved) << "it was seen to lie: its word is not enough";
  EXPECT_FALSE(warms(again));
  EXPECT_EQ(code(again), "not_proved_off") << again.all();
  again.asks(ask::Release{}).passes(2s);
  EXPECT_TRUE(again.hub.actuators[kWarmer.index].watch.stuck) << "a release of what still draws releases nothing";
  again.hears(PowerReported{kWarmer, 0_W}).passes(2s);
  EXPECT_TRUE(again.hub.actuators[kWarmer.index].off_proved) << again.all();
  again.passes(40min);
  EXPECT_FALSE(warms(again)) << "forty quiet minutes are no release";
  EXPECT_EQ(code(again), "faulty");
  EXPECT_TRUE(again.said("still draws 58 W") || again.said("draws 58 W")) << again.all();
  again.asks(ask::Release{}).passes(10s);
  EXPECT_TRUE(again.runs(kWarmer)) << again.all();
  Home third = after_restart(again, 23, 59);
  EXPECT_FALSE(third.hub.actuators[kWarmer.index].standing.faulty) << "released is released";
}

TEST(ARelayThatStuck, AndWasProvedOffByItsWattsCanBeProvedOffAgain) {
  Home home;
  home.at(22, 0).in_bed(true).hears(PowerReported{kWarmer, 0_W}).asks(ask::SetDevice{kWarmer, 40_pct, "", {}});
  home.passes(30s).hears(PowerReported{kWarmer, 58_W}).asks(ask::SetDevice{kWarmer, 0_pct, "", {}}).passes(30s);
  home.hears(PowerReported{kWarmer, 58_W}).passes(50s);
  ASSERT_TRUE(home.hub.actuators[kWarmer.index].watch.stuck) << home.all();
  home.hears(PowerReported{kWarmer, 0_W}).passes(2s);
  ASSERT_EQ(proof_of(home.hub.actuators[kWarmer.index]), OffProof::watts);
  home.hears(LinkChanged{false}).passes(3s).hears(LinkChanged{true}).passes(30s);
  EXPECT_TRUE(home.hub.actuators[kWarmer.index].off_proved) << "its meter has nothing new to say: " << home.all();
  EXPECT_TRUE(home.hub.actuators[kWarmer.index].standing.faulty) << "but it still waits for a person";
}

TEST(ADoubtOnDisk, ThatCannotBeReadDoubtsNothingAndEndsNothing) {
  for (const char* text : {"", "frozen", "frozen probe x y", "frozen nobody 0 280", "frozen foot_warmer 0 99999",
                           "stuck", "stuck x y", "cold", "\n\n", "frozen foot_warmer 0 280 1"}) {
    Started kept;
    kept.settings.push_back({"doubts:foot_warmer", text});
    Home home(ana(), kept);
    home.at(22, 0).in_bed(true);
    EXPECT_TRUE(warms(home)) << text << home.all();
  }
}

// ---- what was tested ------------------------------------------------------------------------------------------------

House with_pad() {
  House house = ana();
  house.devices[kWarmer.index].speaks = "esphome";
  house.devices[kWarmer.index].at = "lull/pad/left";
  return house;
}
/// As the shell of a new Lull: the guard's session is often there first, and what it brought the main one does not
/// bring a second time.
Home& starts_guard_first(Home& home) {
  home.now = Instant{hours{22}};
  Started kept;
  const TrialResult passed{true, Utc{1s}, "esphome lull/pad/left - - lease", "passed"};
  kept.settings.push_back({"trial:foot_warmer", to_setting(passed)});
  home.hears(ClockSet{Home::kNoonUtcOffset}).hears(kept);
  home.hears(GuardChanged{kWarmer, true}).hears(ReachabilityChanged{kWarmer, true});
  home.hears(TimerLearned{kWarmer, Timer::lease, ""});
  return home.hears(LinkChanged{true}).hears(TemperatureReported{kWarmer, 28.0_degC}).passes(5s).in_bed(true);
}

TEST(APadThatSpeaksForItself, IsUsedAfterARestartWhicheverSessionHeardItFirst) {
  Home home(with_pad());
  EXPECT_TRUE(warms(starts_guard_first(home))) << code(home) << home.all();
}

TEST(APadThatSpeaksForItself, IsUsedAfterTheMainSessionAloneWasAway) {
  Home home(with_pad());
  starts_guard_first(home);
  home.hears(LinkChanged{false}).passes(3s).hears(LinkChanged{true}).passes(5s);
  EXPECT_TRUE(warms(home)) << "its status is retained, and was heard before" << home.all();
}

TEST(ADeviceBehindABridge, IsUsedOnlyAfterItsBridgeHasToldItAnew) {
  House house = ana();
  house.devices[kWarmer.index].speaks = "zigbee2mqtt";
  Home home(house);
  home.at(22, 0).in_bed(true).hears(LinkChanged{false}).passes(3s).hears(LinkChanged{true}).passes(5s);
  EXPECT_FALSE(warms(home)) << "another plug may bear its name by now";
}

// ---- an OFF that nobody saw -----------------------------------------------------------------------------------------

TEST(AnOffThatWasNotProved, AndWasToldToAPersonLetsNothingOnUntilItIsProved) {
  Home home;
  home.at(22, 0).in_bed(true).asks(ask::SetDevice{kPad, 40_pct, "", {}}).passes(20s);
  ASSERT_TRUE(home.runs(kPad));
  home.thing(kPad).dead = true;
  home.asks(ask::SetDevice{kPad, 0_pct, "", {}}).passes(61s);
  ASSERT_TRUE(home.hub.actuators[kPad.index].alarmed) << home.all();
  int ons = 0;
  home.lost = [&](const Effect& e) {
    const auto* c = std::get_if<SafeCommand>(&e);
    if (c && c->device() == kPad && !c->off()) ++ons;
    return false;
  };
  home.passes(54s).asks(ask::SetDevice{kPad, 40_pct, "", {}}).passes(5min);
  home.asks(ask::Play{"wind-down"}).passes(12min);
  EXPECT_EQ(ons, 0) << home.all();
  EXPECT_EQ(code_of(home.seen().devices[kPad.index].refusal), "not_proved_off");
  home.asks(ask::SetDevice{kPad, 0_pct, "", {}}).passes(1min);
  home.thing(kPad).dead = false;
  home.passes(1min);
  ASSERT_TRUE(home.hub.actuators[kPad.index].off_proved) << home.all();
  home.asks(ask::SetDevice{kPad, 40_pct, "", {}}).passes(5s);
  EXPECT_GT(ons, 0) << "it is seen now, and used again";
}

}  // namespace
}  // namespace lull
