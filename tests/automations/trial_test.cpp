// The set-up test: a heater proves, while somebody watches, that it switches itself off. Until then there is no heat.
#include <gtest/gtest.h>

#include "tests/automations/home.hpp"

namespace lull {
namespace {

/// A home whose heater nobody has tested, at ten in the evening, and the test begun by somebody at a terminal.
Home tested_by_hand(const std::function<void(Home&)>& beforehand = {}) {
  Home home = Home::untested();
  home.at(22, 0);
  if (beforehand) beforehand(home);
  home.asks(ask::Test{kWarmer}, Door::command_line);
  return home;
}
std::string last(const Home& home) { return home.trial.empty() ? "" : home.trial.back(); }
TrialView seen(const Home& home) { return home.seen().devices[kWarmer.index].trial; }
bool ends_with(const Home& home, std::string_view state, std::string_view part) {
  return last(home).starts_with(state) && last(home).find(part) != std::string::npos;
}

TEST(TheSetUpTest, IsNeededBeforeAnyHeat) {
  Home home = Home::untested();
  home.at(22, 0).asks(ask::SetDevice{kWarmer, 40_pct, "", {}}).passes(60s);
  EXPECT_TRUE(home.thing(kWarmer).heard == std::vector<std::string>(home.thing(kWarmer).heard.size(), "off"));
  EXPECT_EQ(home.hub.actuators[kWarmer.index].refusal, Refusal::trial_needed);
  EXPECT_TRUE(home.said("run `lull device test \"Foot warmer\"` and watch it")) << home.all();
}

TEST(TheSetUpTest, IsPassedByAHeaterThatKeepsItsTimeLimitTwice) {
  Home home = tested_by_hand();
  home.passes(60s);
  EXPECT_TRUE(ends_with(home, "passed", "off by itself after 10 s")) << last(home);
  const std::vector<std::string> told{"on 40 10s", "on 40 10s", "on 40 10s"};
  std::vector<std::string> ons;
  for (const std::string& word : home.thing(kWarmer).heard)
    if (word != "off") ons.push_back(word);
  EXPECT_EQ(ons, told) << "one to lapse, one to be renewed, its renewal: each of ten seconds";
  EXPECT_EQ(home.thing(kWarmer).heard.back(), "on 40 10s") << "its own timer ended it, not an OFF of ours";
  EXPECT_FALSE(home.runs(kWarmer));
  EXPECT_EQ(seen(home).state, TrialView::State::passed);
  const Note note{Lane::note, {}, kWarmer, 0, "set-up test passed"};
  EXPECT_EQ(std::count(home.notes.begin(), home.notes.end(), note), 1) << "the picture adds the name";
  home.asks(ask::SetDevice{kWarmer, 40_pct, "", {}}).passes(10s);
  EXPECT_TRUE(home.runs(kWarmer)) << home.all();
}

TEST(TheSetUpTest, FailsAPlugThatForgetsItsTimeLimit) {
  Home home = tested_by_hand([](Home& h) { h.thing(kWarmer).forgets = true; });
  home.passes(40s);
  EXPECT_TRUE(ends_with(home, "failed", "it stayed on: 20 s after an ON for 10 s")) << last(home);
  EXPECT_FALSE(home.thing(kWarmer).on) << "and it was switched off";
  home.asks(ask::SetDevice{kWarmer, 40_pct, "", {}}).passes(10s);
  EXPECT_FALSE(home.thing(kWarmer).on);
  EXPECT_EQ(seen(home).state, TrialView::State::failed);
}

TEST(TheSetUpTest, FailsAPlugWhoseRenewalsDoNotCount) {
  Home home = tested_by_hand([](Home& h) { h.thing(kWarmer).drops_renewal = true; });
  home.passes(2min);
  EXPECT_TRUE(ends_with(home, "failed", "at its first time limit though that was renewed")) << last(home);
}

TEST(TheSetUpTest, FailsADeviceThatNeverComesOnAfterThreeTries) {
  Home home = tested_by_hand([](Home& h) { h.thing(kWarmer).deaf = true; });
  home.passes(60s);
  EXPECT_TRUE(ends_with(home, "failed", "3 times: it knows none")) << last(home);
}

TEST(TheSetUpTest, ForgivesOneLostMessage) {
  Home home = Home::untested();
  home.at(22, 0);
  int ons = 0;
  home.lost = [&ons](const Effect& e) {
    const auto* command = std::get_if<SafeCommand>(&e);
    return command && !command->off() && ++ons == 1;
  };
  home.asks(ask::Test{kWarmer}).passes(80s);
  EXPECT_TRUE(ends_with(home, "passed", "")) << last(home);
}

TEST(TheSetUpTest, FailsADeviceThatGoesSilentWhileItIsOn) {
  Home home = tested_by_hand();
  home.passes(2s);
  ASSERT_TRUE(home.thing(kWarmer).on);
  home.thing(kWarmer).dead = true;
  home.passes(25s);
  EXPECT_TRUE(ends_with(home, "runs", "it went silent")) << "perhaps a message was lost: " << last(home);
  home.passes(45s);
  EXPECT_TRUE(ends_with(home, "failed", "could not be judged: it did not show within 40 s that it is off"))
      << last(home);
  EXPECT_EQ(seen(home).state, TrialView::State::never) << "that says nothing about the device";
}

TEST(TheSetUpTest, FailsADeviceThatGoesOffMuchTooEarly) {
  Home home = tested_by_hand();
  home.passes(2s);
  home.every_second = [](Home& h) {  // each time
    if (h.thing(kWarmer).on) h.thing(kWarmer).lease_until = std::min(h.thing(kWarmer).lease_until, h.now + 1s);
  };
  home.passes(60s);
  EXPECT_TRUE(ends_with(home, "failed", "though it was told 10 s")) << last(home);
}

TEST(TheSetUpTest, ForgivesARenewalThatWasLost) {
  Home home = Home::untested();
  home.at(22, 0);
  home.lost = [ons = 0](const Effect& e) mutable {
    const auto* command = std::get_if<SafeCommand>(&e);
    return command && !command->off() && ++ons == 3;
  };
  home.asks(ask::Test{kWarmer}).passes(80s);
  EXPECT_TRUE(ends_with(home, "passed", "")) << last(home);
}

TEST(TheSetUpTest, ForgivesAnOffOfBeforeThatComesLate) {
  for (const milliseconds late : {500ms, 1500ms, 2800ms}) {
    Home home = tested_by_hand();
    home.passes(1s);
    ASSERT_TRUE(home.thing(kWarmer).on);
    home.now = home.now + late;
    home.hears(ActuatorReported{kWarmer, false, 0_pct, {}, {}, false}).passes(80s);
    EXPECT_TRUE(ends_with(home, "passed", "off by itself after 1")) << last(home);
  }
}

/// A plug that measures: it reports what it draws two seconds after a change.
std::function<void(Home&)> draws(int on, int off) {
  return [on, off, was = -1, since = Instant{}](Home& home) mutable {
    const int now = home.thing(kWarmer).on ? on : off;
    if (now != was) was = now, since = home.now;
    if (home.now - since == 2s) home.hears(PowerReported{kWarmer, *Watts::from(now)});
  };
}
TEST(TheSetUpTest, LooksAtThePowerWhereItIsMeasured) {
  Home home = tested_by_hand([](Home& h) { h.every_second = draws(60, 0); });
  home.passes(80s);
  EXPECT_TRUE(ends_with(home, "passed", "from 60 W to 0 W")) << last(home);
  Home stuck = tested_by_hand([](Home& h) { h.every_second = draws(60, 58); });
  stuck.passes(3min);
  EXPECT_TRUE(ends_with(stuck, "failed", "it says it is off and draws 58 W")) << last(stuck);
  Home empty = tested_by_hand([](Home& h) { h.every_second = draws(0, 0); });
  empty.passes(80s);
  EXPECT_TRUE(ends_with(empty, "passed", "is the pad plugged in")) << last(empty);
}

TEST(TheSetUpTest, IsEndedByStopAndThenSaysNothingAboutTheDevice) {
  Home home = tested_by_hand();
  home.passes(2s);
  ASSERT_TRUE(home.thing(kWarmer).on);
  home.asks(ask::StopAll{}, Door::voice);
  EXPECT_FALSE(home.thing(kWarmer).on) << "in the same step";
  EXPECT_TRUE(ends_with(home, "failed", "broken off: STOP by a voice")) << last(home);
  EXPECT_EQ(seen(home).state, TrialView::State::never);
  home.asks(ask::Test{kWarmer}).passes(20s);
  EXPECT_TRUE(ends_with(home, "failed", "STOP is on")) << last(home);
  EXPECT_FALSE(home.thing(kWarmer).on);
}

TEST(TheSetUpTest, LetsNobodyElseUseTheDeviceAndAnOffEndIt) {
  Home home = tested_by_hand();
  home.passes(1s).asks(ask::SetDevice{kWarmer, 100_pct, "", {}}).passes(60s);
  EXPECT_TRUE(ends_with(home, "passed", "")) << last(home);
  EXPECT_FALSE(home.runs(kWarmer)) << "the wish in between was refused, not kept";
  home.asks(ask::Test{kWarmer}).passes(2s).asks(ask::SetDevice{kWarmer, 0_pct, "", {}}, Door::home_assistant);
  EXPECT_TRUE(ends_with(home, "failed", "Home Assistant switched it off")) << last(home);
  EXPECT_FALSE(home.thing(kWarmer).on);
  EXPECT_EQ(seen(home).state, TrialView::State::passed) << "what was passed stays passed";
}

TEST(TheSetUpTest, IsNoBusinessOfARuleNorOfABedWithSomebodyInIt) {
  Home home = Home::untested();
  home.at(22, 0).asks(ask::Test{kWarmer}, Door::rule).passes(5s);
  EXPECT_TRUE(home.trial.empty());
  home.asks(ask::Test{kAnkle}).passes(1s);
  EXPECT_TRUE(ends_with(home, "failed", "only what heats or shakes")) << last(home);
  home.asks(ask::Play{"wind-down"}).asks(ask::Test{kPad}).passes(1s);
  EXPECT_TRUE(ends_with(home, "failed", "wind-down is playing")) << last(home);
}

TEST(TheSetUpTest, IsEndedByADoubtAsAnyOtherUse) {
  Home home = tested_by_hand();
  home.passes(2s);
  home.hears(GuardChanged{kWarmer, false});
  EXPECT_TRUE(ends_with(home, "failed", "the session that would switch it off")) << last(home);
  EXPECT_FALSE(home.thing(kWarmer).on);
}

TEST(TheSetUpTest, CountsAsHeat) {
  Home home = tested_by_hand();
  home.passes(60s);
  const milliseconds used = home.hub.actuators[kWarmer.index].standing.dose.kept.on;
  EXPECT_GE(used, 20s);
  EXPECT_LE(used, 40s);
}

TEST(TheSetUpTest, SurvivesARestartAndIsAskedAgainOfAnotherFirmware) {
  Home home = tested_by_hand([](Home& h) { h.hears(DeviceIdentified{kWarmer, "E2206", "2.4.45", "0x01", false}); });
  home.passes(60s);
  ASSERT_TRUE(ends_with(home, "passed", "")) << last(home);
  Home next(ana(), home.disk);
  next.at(23, 0).hears(DeviceIdentified{kWarmer, "E2206", "2.4.45", "0x01", false}).passes(5s);
  next.phone.clear();
  next.asks(ask::SetDevice{kWarmer, 40_pct, "", {}}).passes(5s);
  EXPECT_TRUE(next.runs(kWarmer)) << next.all();
  next.hears(DeviceIdentified{kWarmer, "E2206", "2.5.0", "0x01", false});
  EXPECT_FALSE(next.runs(kWarmer)) << "an update in the middle of the night ends the heat";
  EXPECT_TRUE(next.told("has changed since its set-up test"));
  EXPECT_EQ(seen(next).state, TrialView::State::changed);
  next.passes(10min).hears(DeviceIdentified{kWarmer, "E2206", "2.5.0", "0x01", false});
  EXPECT_EQ(std::count_if(next.phone.begin(), next.phone.end(),
                          [](const auto& s) { return s.find("has changed") != s.npos; }),
            1)
      << "said once";
}

TEST(TheSetUpTest, ArmsAnAutoOffForTenSecondsAndForALeaseAgainAfterwards) {
  Home home = Home::untested();
  home.at(22, 0).hears(TimerLearned{kWarmer, Timer::turn_off_countdown, ""}).passes(5s);
  ASSERT_EQ(home.hub.actuators[kWarmer.index].standing.armed, 300s);
  home.asks(ask::Test{kWarmer}).passes(3s);
  EXPECT_EQ(home.hub.actuators[kWarmer.index].standing.armed, 10s);
  home.passes(60s);
  EXPECT_TRUE(ends_with(home, "passed", "")) << last(home);
  EXPECT_EQ(home.hub.actuators[kWarmer.index].standing.armed, 300s);
}

TEST(TheSetUpTest, WantsThePowerOnBehaviourReadBackAsOff) {
  const auto with = [](std::optional<bool> wakes_off) {
    Home home = Home::untested();
    home.at(22, 0).hears(DeviceIdentified{kWarmer, "E2206", "1", "0x01", true});
    home.every_second = [wakes_off](Home& h) {
      ActuatorReported report{kWarmer};
      report.wakes_off = wakes_off;
      if (wakes_off) h.hears(report);
    };
    home.asks(ask::Test{kWarmer}).passes(90s);
    return last(home);
  };
  EXPECT_NE(with(true).find("passed"), std::string::npos) << with(true);
  EXPECT_NE(with(true).find("after a power cut it stays off, read back"), std::string::npos);
  EXPECT_NE(with(false).find("it would come back on after a power cut"), std::string::npos) << with(false);
  EXPECT_NE(with({}).find("its power-on behaviour was not read back"), std::string::npos) << with({});
}

TEST(AStoredSetUpTest, ThatCannotBeReadIsNone) {
  const TrialResult result{true, Utc{1795215600000ms}, "zigbee2mqtt 0x01 E22xx - on_time", "passed: off\nagain"};
  EXPECT_EQ(trial_from_setting(to_setting(result)), result);
  for (const char* text :
       {"", "passed", "passed\n1\nx", "maybe\n1\nx\ny", "passed\n\nx\ny", "passed\n1x\nx\ny", "passed\nx\nx\ny"})
    EXPECT_FALSE(trial_from_setting(text)) << text;
}

}  // namespace
}  // namespace lull
