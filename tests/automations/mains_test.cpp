// A plug in front of a pad: on just before it, off with it, and the last way off.
#include <gtest/gtest.h>

#include "automations/turn.hpp"
#include "tests/automations/home.hpp"

namespace lull {
namespace {

constexpr DeviceId kPlug{6};

House with_plug(bool stays_on = false) {
  House house = ana();
  Device plug;
  plug.id = "bed_plug";
  plug.name = "Bed plug";
  plug.kind = Kind::mains;
  plug.at = "bed_plug";  // an address of its own
  plug.stays_on = stays_on;
  house.devices.push_back(plug);
  house.devices[kWarmer.index].behind = kPlug;
  return house;
}

/// A foot warmer that has no timer of its own, and no power while its plug is off.
struct Behind {
  Home home;
  bool wakes_on = false;  // as a pad with a mechanical switch does
  std::string order;
  explicit Behind(House house = with_plug(), Timer timer = Timer::none) : home(std::move(house)) {
    home.lost = [this](const Effect& e) {
      const auto* c = std::get_if<SafeCommand>(&e);
      if (c && c->device() == kPlug) order += c->off() ? "plug-off " : "plug-on ";
      if (c && c->device() == kWarmer) order += c->off() ? "off " : "on ";
      const auto* a = std::get_if<Ask>(&e);
      const bool for_it = (c && c->device() == kWarmer) || (a && a->device == kWarmer);
      return for_it && !home.runs(kPlug);
    };
    home.every_second = [this](Home& h) {
      if (!h.runs(kPlug)) h.thing(kWarmer).on = false;
      if (h.runs(kPlug) && wakes_on) h.thing(kWarmer).on = true, h.thing(kWarmer).lease_until = h.now + 12h;
    };
    home.at(22, 0).in_bed(true).hears(TimerLearned{kWarmer, timer, "it has no timer"}).passes(20s);
    order.clear();
    home.phone.clear();  // that it is another device than the one that was tested
  }
  const Actuator& plug() const { return home.hub.actuators[kPlug.index]; }
  const Actuator& warmer() const { return home.hub.actuators[kWarmer.index]; }
};

TEST(APadBehindAPlug, IsUsedThoughItHasNoTimerOfItsOwn) {
  Behind behind;
  Home& home = behind.home;
  home.asks(ask::SetDevice{kWarmer, 40_pct, "", {}}).passes(12s);
  EXPECT_TRUE(home.runs(kWarmer)) << home.all();
  EXPECT_TRUE(home.runs(kPlug));
  EXPECT_LT(behind.order.find("plug-on "), behind.order.find(" on ")) << behind.order;
  EXPECT_LE(home.thing(kPlug).lease_until - home.now, kHard.heat_lease) << "the plug holds the lease";
  home.passes(10min);
  EXPECT_TRUE(home.runs(kWarmer) && home.runs(kPlug)) << "and it is renewed with it";
  home.asks(ask::SetDevice{kWarmer, 0_pct, "", {}}).passes(3s);
  EXPECT_FALSE(home.runs(kWarmer) || home.runs(kPlug)) << "off together";
  EXPECT_TRUE(behind.plug().off_proved && behind.warmer().off_proved);
  EXPECT_TRUE(home.phone.empty()) << home.phone.front();
}

TEST(APadBehindAPlug, IsColdWithinOneLeaseWhenTheHubDies) {
  Behind behind;
  behind.home.asks(ask::SetDevice{kWarmer, 40_pct, "", {}}).passes(7min);
  ASSERT_TRUE(behind.home.runs(kPlug));
  behind.home.now = behind.home.now + kHard.heat_lease;
  EXPECT_FALSE(behind.home.runs(kPlug));
}

TEST(APadBehindAPlug, IsChargedFromTheMomentItGetsPower) {
  Behind behind;
  behind.wakes_on = true;
  Home& home = behind.home;
  home.thing(kWarmer).dead = true;  // it never says a word
  home.asks(ask::SetDevice{kWarmer, 40_pct, "", {}}).passes(30s);
  EXPECT_GE(behind.warmer().standing.dose.kept.on, 30s - 1s) << "it may warm somebody already";
  home.passes(50s);
  EXPECT_FALSE(home.runs(kPlug)) << "a minute to show that it is there and off, and no more";
  EXPECT_TRUE(home.told("its plug went on, but it did not show that it is there and off within 60 s")) << home.all();
  behind.order.clear();
  home.passes(5min);
  EXPECT_EQ(behind.order.find("plug-on"), std::string::npos) << "and it is not tried again and again: " << behind.order;
}

TEST(APadBehindAPlug, IsRefusedWithItsPlug) {
  Behind behind;
  Home& home = behind.home;
  home.hears(GuardChanged{kPlug, false}).asks(ask::SetDevice{kWarmer, 40_pct, "", {}}).passes(12s);
  EXPECT_FALSE(home.runs(kPlug) || home.runs(kWarmer));
  EXPECT_TRUE(home.said("its plug Bed plug is not used: the session that would switch it off")) << home.all();
  EXPECT_EQ(behind.warmer().refusal, Refusal::mains_refused);
}

TEST(APadBehindAPlug, LosesItsPowerWhenItsOwnOffIsNotProved) {
  Behind behind(with_plug(true), Timer::on_time);  // a plug that stays on, and a pad with a timer
  Home& home = behind.home;
  home.thing(kPlug).on = true;
  home.thing(kPlug).lease_until = home.now + 24h;
  home.hears(ActuatorReported{kPlug, true, {}, {}, {}, true}).asks(ask::SetDevice{kWarmer, 40_pct, "", {}}).passes(5s);
  ASSERT_TRUE(home.runs(kWarmer)) << home.all();
  EXPECT_EQ(behind.order.find("plug"), std::string::npos) << "it is left alone: " << behind.order;
  home.thing(kWarmer).deaf = true;
  home.asks(ask::StopAll{}).passes(9s);
  EXPECT_TRUE(home.runs(kPlug));
  home.passes(4s);
  EXPECT_FALSE(home.runs(kPlug)) << "after ten seconds without proof";
  EXPECT_TRUE(home.told("Bed plug is switched off, because Foot warmer behind it has not shown that it is off"));
  EXPECT_EQ(proof_of(behind.warmer()), OffProof::mains) << home.all();
  behind.order.clear();
  home.asks(ask::Release{}).asks(ask::SetDevice{kWarmer, 40_pct, "", {}}).passes(20s);
  EXPECT_EQ(behind.order.find("plug-on"), std::string::npos) << "only a person gives the power back";
}

TEST(AMainsPlug, IsSwitchedByNobodyElse) {
  Behind behind;
  Home& home = behind.home;
  home.asks(ask::SetDevice{kPlug, 100_pct, "", {}}).passes(5s);
  EXPECT_FALSE(home.runs(kPlug));
  EXPECT_TRUE(home.said("a mains plug goes on and off with what stands behind it")) << home.all();
  home.thing(kPlug).on = true;
  home.thing(kPlug).lease_until = home.now + 12h;
  home.hears(ActuatorReported{kPlug, true, {}, {}, {}, true}).passes(3s);
  EXPECT_FALSE(home.runs(kPlug)) << "a hand holds no lease";
}

TEST(AMainsPlug, ThatAHandSwitchedOffIsSeenWhenAStrangerSwitchesItOn) {
  Behind behind;
  Home& home = behind.home;
  home.asks(ask::SetDevice{kWarmer, 40_pct, "", {}}).passes(12s);
  ASSERT_TRUE(home.runs(kPlug)) << home.all();
  home.thing(kPlug).on = false;
  home.hears(ActuatorReported{kPlug, false, 0_pct, {}, {}, true}).passes(20s);
  ASSERT_TRUE(behind.plug().hand && behind.plug().off_proved) << home.all();
  home.thing(kPlug).on = true;
  home.thing(kPlug).lease_until = home.now + 12h;
  home.hears(ActuatorReported{kPlug, true, {}, {}, {}, true}).passes(5s);
  EXPECT_FALSE(home.runs(kPlug)) << "power that nobody bounds is power for a pad";
}

// ---- its set-up test ------------------------------------------------------------------------------------------------

/// The same, but nobody has tested the plug yet.
struct Untested : Behind {
  Untested() {
    home.hears(DeviceIdentified{kPlug, "another plug", "1", "0x07", false}).passes(5s);
    home.trial.clear();
    home.phone.clear();
    order.clear();
  }
  std::string outcome() const { return home.trial.empty() ? "" : home.trial.back(); }
};

TEST(AMainsPlug, PassesItsSetUpTestAndThenGivesPower) {
  Untested untested;
  Home& home = untested.home;
  home.asks(ask::SetDevice{kWarmer, 40_pct, "", {}}).passes(12s);
  EXPECT_FALSE(home.runs(kPlug));
  EXPECT_TRUE(home.said("run `lull device test \"Bed plug\"`")) << home.all();
  home.asks(ask::SetDevice{kWarmer, 0_pct, "", {}}).in_bed(false).passes(5s);
  home.asks(ask::Test{kPlug}, Door::command_line).passes(90s);
  EXPECT_NE(untested.outcome().find("passed: off by itself"), std::string::npos) << untested.outcome() << home.all();
  EXPECT_FALSE(home.runs(kPlug) || home.runs(kWarmer));
  EXPECT_TRUE(untested.plug().off_proved && untested.warmer().off_proved);
  EXPECT_FALSE(home.told("has not shown")) << home.all();
  home.in_bed(true).asks(ask::SetDevice{kWarmer, 40_pct, "", {}}).passes(15s);
  EXPECT_TRUE(home.runs(kPlug) && home.runs(kWarmer)) << home.all();
}

TEST(AMainsPlug, ThatForgetsItsTimeLimitFailsItsSetUpTestAndIsOff) {
  Untested untested;
  Home& home = untested.home;
  home.thing(kPlug).forgets = true;
  home.in_bed(false).asks(ask::Test{kPlug}).passes(60s);
  EXPECT_EQ(untested.outcome().find("failed"), 0u) << untested.outcome();
  EXPECT_NE(untested.outcome().find("it stayed on"), std::string::npos) << untested.outcome();
  EXPECT_FALSE(home.runs(kPlug));
  home.asks(ask::SetDevice{kWarmer, 40_pct, "", {}}).passes(12s);
  EXPECT_FALSE(home.runs(kPlug));
}

TEST(AMainsPlug, InItsSetUpTestCountsWhatMayWarmBehindIt) {
  Untested untested;
  untested.wakes_on = true;  // a mechanical switch: it is warm whenever it has power, and never says a word
  Home& home = untested.home;
  home.thing(kWarmer).dead = true;
  const milliseconds before = untested.warmer().standing.dose.kept.on;
  bool charged_first = true;
  home.lost = [&, was = home.lost](const Effect& e) {
    const auto* c = std::get_if<SafeCommand>(&e);
    if (c && c->device() == kPlug && !c->off())
      charged_first = charged_first && untested.warmer().standing.dose.charged_until >= c->expires();
    return was(e);
  };
  home.in_bed(false).asks(ask::Test{kPlug}).passes(90s);
  EXPECT_EQ(untested.outcome().find("passed"), 0u) << untested.outcome() << home.all();
  EXPECT_TRUE(charged_first);
  EXPECT_GE(untested.warmer().standing.dose.kept.on - before, 20s) << "two times on, the second one renewed";
  EXPECT_LE(untested.warmer().standing.dose.kept.on - before, 40s);
}

TEST(AMainsPlug, IsNotTestedWhileWhatIsBehindItMayHurt) {
  Untested untested;
  Home& home = untested.home;
  home.hears(TemperatureReported{kWarmer, 41.5_degC}).passes(1s);
  untested.order.clear();
  home.in_bed(false).asks(ask::Test{kPlug}).passes(30s);
  EXPECT_NE(untested.outcome().find("Foot warmer behind it: it was at 41"), std::string::npos) << untested.outcome();
  EXPECT_EQ(untested.order.find("plug-on"), std::string::npos) << untested.order;

  House house = with_plug();
  house.sleepers[0].flags = {Flag::neuropathy};
  Behind flagged(house);
  flagged.home.in_bed(true).asks(ask::Test{kPlug}).passes(30s);
  EXPECT_EQ(flagged.order.find("plug-on"), std::string::npos) << "somebody who does not feel it lies there";
  EXPECT_NE(flagged.home.trial.back().find("allows heat only in an empty bed"), std::string::npos)
      << flagged.home.trial.back();

  Behind unguarded;
  unguarded.home.in_bed(false).hears(GuardChanged{kPlug, false}).asks(ask::Test{kPlug}).passes(30s);
  EXPECT_EQ(unguarded.order.find("plug-on"), std::string::npos) << "nobody would say OFF for it";
}

TEST(AMainsPlug, InItsSetUpTestLetsNobodyUseWhatIsBehindItAndStopEndsIt) {
  Untested untested;
  Home& home = untested.home;
  home.in_bed(false).asks(ask::Test{kPlug}).passes(3s);
  ASSERT_TRUE(home.runs(kPlug)) << home.all();
  home.asks(ask::SetDevice{kWarmer, 40_pct, "", {}}).passes(3s);
  EXPECT_FALSE(home.runs(kWarmer)) << untested.order;
  home.asks(ask::StopAll{});
  EXPECT_FALSE(home.runs(kPlug));
  EXPECT_NE(untested.outcome().find("broken off: STOP"), std::string::npos) << untested.outcome();
  home.passes(30s);
  EXPECT_TRUE(untested.plug().off_proved && untested.warmer().off_proved) << home.all();
  const milliseconds used = untested.warmer().standing.dose.kept.on;
  EXPECT_LE(used, 10s) << "and what was not used is given back";
}

TEST(AMainsPlug, ThatStaysOnHasNoSetUpTest) {
  Behind behind(with_plug(true), Timer::on_time);
  behind.home.asks(ask::Test{kPlug}).passes(2s);
  EXPECT_NE(behind.home.trial.back().find("it stays on"), std::string::npos) << behind.home.trial.back();
}

}  // namespace
}  // namespace lull
