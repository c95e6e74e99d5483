// A backlog is not news: what arrives late may end something, and begins, proves and counts nothing.
#include <gtest/gtest.h>

#include "tests/automations/home.hpp"

namespace lull {
namespace {

Home& behind(Home& home, bool of_unknown_age) { return home.hears(BacklogChanged{true, of_unknown_age, "a flood"}); }

/// A night in which Ana kicks seven times in five minutes: enough to be restless, when it happens now.
int episodes_after_kicks(std::optional<milliseconds> age) {
  Home home;
  home.at(22, 0).in_bed(true).sleeps_quietly(10min);
  for (int i = 0; i < 15; ++i) home.hears(MovementReported{kAnkle, Counts{120}, age}).passes(20s);
  return home.seen().sleepers[0].episodes_tonight;
}

TEST(ABacklog, OfMovementIsNoRestlessness) {
  EXPECT_EQ(episodes_after_kicks({}), 1) << "the same movements, fresh, are an episode";
  EXPECT_EQ(episodes_after_kicks(kNewsLives), 0);
  EXPECT_EQ(episodes_after_kicks(5min), 0);
}

TEST(ABacklog, OfTwoHundredMovementsInOneSecondIsAtMostOne) {
  Home home;  // nobody stamped them: they count as sent when they arrived
  home.at(22, 0).in_bed(true).sleeps_quietly(10min);
  for (int i = 0; i < 200; ++i) home.hears(MovementReported{kAnkle, Counts{120}});
  home.passes(10s);
  EXPECT_LE(home.seen().sleepers[0].detector.count, 3);
  EXPECT_EQ(home.seen().sleepers[0].episodes_tonight, 0);
}

TEST(ABacklog, AfterTheBridgeCameBackIsNotCountedThoughNobodyStampedIt) {
  Home home;
  home.at(22, 0).in_bed(true).sleeps_quietly(10min);
  home.hears(ReachabilityChanged{kAnkle, false}).passes(5min).hears(ReachabilityChanged{kAnkle, true});
  for (int i = 0; i < 200; ++i) home.hears(MovementReported{kAnkle, Counts{120}});
  EXPECT_EQ(home.seen().sleepers[0].detector.count, 0);
  home.passes(kBackWithBacklog).kicks(30s);
  EXPECT_GT(home.seen().sleepers[0].detector.count, 0) << "what comes after that is news again";
}

House with_buttons() {
  House house = ana();
  house.rules.push_back({"Press", {when::Button{kButton, "single"}}, {}, {}, {act::Play{"wind-down"}}});
  house.rules.push_back({"Help", {when::Button{kButton, "double"}}, {}, {}, {act::StopEverything{}}});
  return house;
}

TEST(AnOldPress, BeginsNothingAndSaysWhy) {
  Home home(with_buttons());
  home.at(21, 0).hears(ButtonPressed{kButton, "single", 11s}).passes(2s);
  EXPECT_TRUE(home.seen().plays.empty());
  EXPECT_TRUE(home.said("that was 11 s ago, and what is older than 10 s begins nothing")) << home.all();
  home.hears(ButtonPressed{kButton, "single", 9s});
  EXPECT_EQ(home.seen().plays.size(), 1u);
}

TEST(AnOldPress, StillStopsEverything) {
  Home home(with_buttons());
  home.at(21, 0).asks(ask::Play{"wind-down"}).passes(10s);
  home.hears(ButtonPressed{kButton, "double", 40s});
  EXPECT_TRUE(home.seen().stopped);
}

TEST(AnOldPress, OfUnknownAgeBeginsNothing) {
  Home home(with_buttons());
  behind(home.at(21, 0), true).hears(ButtonPressed{kButton, "single"});
  EXPECT_TRUE(home.seen().plays.empty()) << "it may have waited at the broker for an hour";
  home.hears(BacklogChanged{false, false, ""}).hears(ButtonPressed{kButton, "single"});
  EXPECT_EQ(home.seen().plays.size(), 1u);
}

TEST(AnOldWish, BeginsNothingButStopsWhatRuns) {
  Home home;
  home.at(21, 0).hears(Asked{Door::mqtt, ask::Play{"wind-down"}, 30s}).passes(2s);
  EXPECT_TRUE(home.seen().plays.empty());
  EXPECT_TRUE(home.said("asked for something 30 s ago")) << home.all();
  home.asks(ask::Play{"wind-down"}).passes(10s);
  home.hears(Asked{Door::mqtt, ask::StopPlay{""}, 30s});
  EXPECT_TRUE(home.seen().plays.empty()) << "an end is always welcome";
  home.hears(Asked{Door::voice, ask::StopAll{}, 10min});
  EXPECT_TRUE(home.seen().stopped);
}

TEST(AnOldArrivalInBed, IsKnownButWakesNoRule) {
  House house = ana();
  house.rules.push_back({"Warm welcome", {when::InBed{kAna, true}}, {}, {}, {act::Play{"wind-down"}}});
  Home home(std::move(house));
  home.at(21, 0).in_bed(false).passes(10s).hears(OccupancyReported{kBed, true, 10min});
  EXPECT_EQ(home.seen().sleepers[0].in_bed, true);
  EXPECT_TRUE(home.seen().plays.empty()) << home.all();
  home.in_bed(false).passes(10s).in_bed(true);
  EXPECT_EQ(home.seen().plays.size(), 1u);
}

TEST(AnOldTemperature, IsNoFreshReadingButCanStillBeTooHot) {
  Home home;
  home.at(22, 0);
  home.thermometer_talks = false;
  home.passes(61s).hears(TemperatureReported{kWarmer, 28.0_degC, 50s});
  home.asks(ask::SetDevice{kWarmer, 40_pct, "", {}}).passes(9s);
  EXPECT_TRUE(home.runs(kWarmer)) << "50 s old is still a reading";
  home.hears(TemperatureReported{kWarmer, 28.0_degC, 55s}).passes(10s);
  EXPECT_FALSE(home.runs(kWarmer)) << "its age counts, not when it came";
  home.hears(TemperatureReported{kWarmer, 42.0_degC, 10min});
  EXPECT_TRUE(home.seen().devices[kWarmer.index].tripped) << "it was that hot, whenever it was";
}

TEST(AnOldState, ProvesNothingAndTheDeviceIsAsked) {
  Home home;
  home.at(22, 0).asks(ask::SetDevice{kPad, 40_pct, "", {}}).passes(20s);
  ASSERT_TRUE(home.runs(kPad));
  int asked = 0;
  home.lost = [&](const Effect& e) { return std::holds_alternative<Ask>(e) && ++asked > 0; };
  home.hears(ActuatorReported{.device = kPad, .on = false, .age = 8s});
  EXPECT_EQ(asked, 1);
  EXPECT_TRUE(home.seen().devices[kPad.index].on.value_or(false)) << "an old OFF is no hand on the device";
  EXPECT_FALSE(home.seen().devices[kPad.index].hand);
  for (int i = 0; i < 50; ++i) home.hears(ActuatorReported{.device = kPad, .on = false, .age = 8s});
  EXPECT_EQ(asked, 1) << "a bridge that tells nothing else is not asked for ever more of it";
}

TEST(CatchingUp, LetsNothingBeginAndWhatRunsGoOn) {
  Home home;
  home.at(22, 0).asks(ask::SetDevice{kPad, 40_pct, "", {}}).passes(20s);
  ASSERT_TRUE(home.runs(kPad));
  behind(home, false).asks(ask::SetDevice{kWarmer, 40_pct, "", {}}).passes(3min);
  EXPECT_TRUE(home.runs(kPad)) << "its lease is paid, and every doubt about it still ends it";
  EXPECT_FALSE(home.runs(kWarmer));
  EXPECT_EQ(home.seen().devices[kWarmer.index].refusal, Refusal::catching_up);
  home.hears(BacklogChanged{false, false, ""}).passes(5s);
  EXPECT_TRUE(home.runs(kWarmer)) << "the wish was kept";
}

TEST(ALaptopLid, ClosedForAnHourInTheMiddleOfHeatIsOffFirstAndNothingComesBack) {
  Home home;
  home.at(22, 0).asks(ask::Play{"wind-down"}).passes(10min);
  ASSERT_TRUE(home.runs(kWarmer) && home.runs(kPad));
  home.now = home.now + 1h;  // the devices' own leases ended what ran; nobody ticked
  std::vector<std::string> first;
  home.lost = [&](const Effect& e) {
    if (const auto* c = std::get_if<SafeCommand>(&e); c && first.size() < 3)
      first.push_back((c->off() ? "off " : "on ") + std::to_string(c->device().index));
    return false;
  };
  home.hears(Stalled{1h, 59min});
  EXPECT_NE(std::find(first.begin(), first.end(), "off 1"), first.end()) << "the heater's OFF is in the first step";
  EXPECT_EQ(std::find(first.begin(), first.end(), "on 0"), first.end());
  EXPECT_TRUE(home.said("the machine slept for 60 min")) << home.all();
  home.passes(10min);
  EXPECT_FALSE(home.runs(kWarmer) || home.runs(kPad)) << home.all();
  EXPECT_TRUE(home.seen().plays.empty());
}

TEST(AShortStall, IsDoubtedProvedOffAndThenGoesOn) {
  Home home;
  home.at(22, 0).asks(ask::Play{"wind-down"}).passes(10min);
  home.now = home.now + 20s;
  home.hears(Stalled{20s, 0ms}).hears(BacklogChanged{true, true, "Lull stood still"});
  EXPECT_FALSE(home.seen().devices[kWarmer.index].off_proved) << "what was in our socket proves nothing";
  EXPECT_TRUE(home.seen().devices[kPad.index].wanted > 0_pct);
  EXPECT_EQ(home.thing(kWarmer).heard.back(), "off");
  home.passes(3s).hears(BacklogChanged{false, false, ""}).passes(15s);
  EXPECT_TRUE(home.runs(kWarmer)) << home.all();
}

TEST(AShortStall, MakesEveryWishThatWaitedTooOldWhateverItsDoor) {
  for (const Door door : {Door::mqtt, Door::voice, Door::home_assistant, Door::page, Door::command_line}) {
    Home home;
    home.at(22, 0).hears(Stalled{20s, 0ms}).hears(Asked{door, ask::Play{"wind-down"}});
    EXPECT_TRUE(home.seen().plays.empty()) << "it may have waited in our own socket: " << word_for(door);
    EXPECT_TRUE(home.said("while Lull stood still")) << home.all();
    home.passes(3s).hears(Asked{door, ask::Play{"wind-down"}});
    EXPECT_EQ(home.seen().plays.size(), 1u) << "what comes after that is a wish again";
  }
}

TEST(AShortStall, StillHearsAStop) {
  Home home;
  home.at(22, 0).asks(ask::Play{"wind-down"}).passes(10min).hears(Stalled{20s, 0ms});
  home.hears(Asked{Door::page, ask::StopAll{}});
  EXPECT_TRUE(home.seen().stopped);
}

TEST(AShortStall, MakesAPressAndAnArrivalThatWaitedTooOld) {
  House house = with_buttons();
  house.rules.push_back({"Warm welcome", {when::InBed{kAna, true}}, {}, {}, {act::Play{"wind-down"}}});
  Home home(house);
  home.at(22, 0).in_bed(false).passes(10s).hears(Stalled{20s, 0ms}).hears(ButtonPressed{kButton, "single"});
  EXPECT_TRUE(home.seen().plays.empty()) << home.all();
  home.hears(OccupancyReported{kBed, true});
  EXPECT_TRUE(home.seen().plays.empty()) << home.all();
  EXPECT_EQ(home.seen().sleepers[0].in_bed, true) << "though it is known";
}

TEST(AStall, LetsNoReadingThatWaitedProveThatItIsOff) {
  Home home;
  home.at(22, 0).asks(ask::SetDevice{kPad, 40_pct, "", {}}).hears(PowerReported{kPad, 30_W}).passes(20s);
  ASSERT_TRUE(home.runs(kPad));
  home.thing(kPad).dead = true;
  home.now = home.now + 20s;
  home.hears(Stalled{20s, 0ms})
      .hears(ActuatorReported{kPad, false, 0_pct, {}, {}, true})
      .hears(PowerReported{kPad, 0_W});
  home.passes(5s);
  EXPECT_FALSE(home.hub.actuators[kPad.index].off_proved) << "both were said at any time since";
  EXPECT_FALSE(home.hub.actuators[kPad.index].watch.nothing_after);
}

/// Ana said each of these to be spared something; taken back by a message that comes late, it would be taken from her.
TEST(AnOldWish, LiftsNothingThatProtects) {
  Home home;
  home.at(22, 0).in_bed(true);
  home.asks(ask::FlagTonight{kAna, "sedatives", true}).asks(ask::NotTonight{true});
  home.asks(ask::AllowTonight{"Bedtime", "", false}).asks(ask::AllowRule{"Restless at night", false});
  home.asks(ask::AllowRoutine{"night-relief", false}).asks(ask::AllowNightReplay{false});
  const auto late = [&](Command command) { home.hears(Asked{Door::mqtt, std::move(command), 15s}); };
  late(ask::FlagTonight{kAna, "sedatives", false});
  late(ask::NotTonight{false});
  late(ask::AllowTonight{"Bedtime", "", true});
  late(ask::AllowRule{"Restless at night", true});
  late(ask::AllowRoutine{"night-relief", true});
  late(ask::AllowNightReplay{true});
  EXPECT_EQ(home.hub.sleepers[0].tonight, std::vector<Flag>{Flag::sedatives});
  EXPECT_TRUE(home.hub.not_tonight);
  EXPECT_TRUE(home.hub.rules[0].resting);
  EXPECT_FALSE(home.hub.rules[1].allowed);
  EXPECT_FALSE(home.hub.routines[1].allowed);
  EXPECT_FALSE(home.hub.night_replay);
  EXPECT_TRUE(home.said("15 s ago: what is older than 10 s begins nothing")) << home.all();
}

TEST(AnOldWish, StillProtects) {
  Home home;
  home.at(22, 0).in_bed(true);
  home.hears(Asked{Door::mqtt, ask::FlagTonight{kAna, "sedatives", true}, 15s});
  home.hears(Asked{Door::mqtt, ask::NotTonight{true}, 15s});
  home.hears(Asked{Door::mqtt, ask::AllowTonight{"Bedtime", "", false}, 15s});
  home.hears(Asked{Door::mqtt, ask::AllowRule{"Restless at night", false}, 15s});
  home.hears(Asked{Door::mqtt, ask::AllowRoutine{"night-relief", false}, 15s});
  home.hears(Asked{Door::mqtt, ask::AllowNightReplay{false}, 15s});
  EXPECT_EQ(home.hub.sleepers[0].tonight, std::vector<Flag>{Flag::sedatives});
  EXPECT_TRUE(home.hub.not_tonight && home.hub.rules[0].resting);
  EXPECT_FALSE(home.hub.rules[1].allowed || home.hub.routines[1].allowed || home.hub.night_replay);
}

}  // namespace
}  // namespace lull
