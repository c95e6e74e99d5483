// The first evening with a heater: it is not used before somebody has watched its set-up test. Byte for byte.
#include <gtest/gtest.h>

#include "tests/stories/night.hpp"

namespace lull {
namespace {

using demo::Mishap;

NightSettings unpacked(std::uint64_t seed = 1) {
  NightSettings settings;
  settings.room.seed = seed;
  settings.tested = false;
  return settings;
}
std::string outcome(const Night& night) {
  return night.trial.empty() ? "" : std::string(word_for(night.trial.back().state)) + ": " + night.trial.back().text;
}
/// Begins the test and waits for its end, as the one who watches does.
std::string tests(Night& night, DeviceId heater) {
  night.asks(ask::Test{heater}, Door::command_line);
  night.until([](const Night& n) { return !n.hub().trial; }, 10min);
  return outcome(night);
}

TEST(AHeaterJustUnpacked, IsNotUsedAndSaysWhatToDo) {
  Night night(unpacked());
  night.until(22, 30);
  EXPECT_EQ(night.seen(kWarmer).standing.dose.kept.on, 0ms) << "the bed stays cold";
  EXPECT_TRUE(night.said("run `lull device test \"Foot warmer\"` and watch it")) << night.all();
  night.until(7, 30).passes(6min);
  EXPECT_EQ(night.seen(kWarmth).standing.dose.kept.on, 0ms);
  EXPECT_GT(night.seen(kMassage).standing.dose.kept.on, 0ms) << "massage needs no test";
  night.promises.morning(night.truth(), &night.hub(), night.disk.kept);
  EXPECT_TRUE(night.promises.broken().empty()) << night.promises.text();
}

TEST(AHeaterJustUnpacked, IsTestedInAMinuteAndWarmsTheBedTheSameEvening) {
  Night night(unpacked());
  night.passes(60s);
  EXPECT_NE(tests(night, kWarmer).find("passed: off by itself after 10 s, from 60 W to 0 W"), std::string::npos)
      << outcome(night) << night.all();
  EXPECT_NE(outcome(night).find("read back"), std::string::npos) << outcome(night);
  EXPECT_NE(tests(night, kWarmth).find("passed: off by itself"), std::string::npos) << outcome(night) << night.all();
  EXPECT_NE(outcome(night).find("its power was not measured"), std::string::npos) << outcome(night);
  night.until(22, 15);
  EXPECT_TRUE(night.truth().plug_on) << night.all();
  night.restarts().passes(10s);
  EXPECT_TRUE(night.seen(kWarmer).standing.trial_passed) << "it is remembered";
  night.until(7, 30).passes(6min);
  night.promises.morning(night.truth(), &night.hub(), night.disk.kept);
  EXPECT_TRUE(night.promises.broken().empty()) << night.promises.text() << night.all();
}

TEST(ASetUpTest, SucceedsOnAPoorRadioBlamesNoGoodDeviceAndNeverBreaksAPromise) {
  int passed = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    NightSettings settings = unpacked(seed);
    settings.room.weather.lost = 0.1;
    settings.room.weather.late = 0.04;
    settings.room.weather.doubled = 0.02;
    Night night(settings);
    night.passes(60s);
    const DeviceId heater = seed % 2 ? kWarmer : kWarmth;
    for (int tries = 0; tries < 3 && outcome(night).find("passed") == std::string::npos; ++tries) {
      tests(night, heater);
      EXPECT_TRUE(night.seen(heater).trial.passed || night.seen(heater).trial.at == Utc{})
          << "seed " << seed << ": a good device was called bad: " << outcome(night) << night.all();
    }
    passed += outcome(night).find("passed") != std::string::npos;
    night.passes(15min);
    EXPECT_TRUE(night.promises.broken().empty()) << "seed " << seed << night.promises.text() << night.all();
  }
  EXPECT_GE(passed, 39) << "a tenth of the frames lost is radio weather, and no verdict on a plug";
}

TEST(APadThatSpeaksForItself, IsUsedAfterARestartOfLullOnceItPassedItsTest) {
  Night night(unpacked());
  night.passes(60s);
  ASSERT_NE(tests(night, kWarmth).find("passed"), std::string::npos) << outcome(night) << night.all();
  night.passes(60s).restarts().passes(31min);  // what it warmed in its test needs a rest, for a restart is none
  night.asks(ask::SetDevice{kWarmth, 40_pct, "", {}}).passes(20s);
  EXPECT_TRUE(night.truth().pad_heat_armed) << night.explained() << night.all();
}

TEST(ASetUpTest, InWhichTheBridgeOrTheBrokerDiesEndsCold) {
  for (const Mishap mishap :
       {Mishap::bridge_crashes, Mishap::broker_gone, Mishap::plug_out_of_reach, Mishap::power_cut})
    for (const milliseconds at : {1s, 4s, 9s, 14s, 20s, 27s, 33s, 38s}) {
      Night night(unpacked());
      night.passes(60s).asks(ask::Test{kWarmer}).passes(at).happens(mishap).passes(40s);
      EXPECT_FALSE(night.truth().plug_on) << static_cast<int>(mishap) << " after " << at.count() << night.all();
      EXPECT_TRUE(night.promises.broken().empty()) << night.promises.text();
    }
}

TEST(ASetUpTest, InWhichLullIsKilledEndsColdAndSaysNothing) {
  for (const milliseconds at : {1s, 4s, 9s, 14s, 20s, 27s, 33s}) {
    Night night(unpacked());
    night.passes(60s).asks(ask::Test{kWarmer}).passes(at).dies(at < 10s).passes(15s);
    EXPECT_FALSE(night.truth().plug_on) << at.count();
    night.starts().passes(20s);
    EXPECT_FALSE(night.seen(kWarmer).standing.trial_passed) << "half a test is none: " << at.count();
    EXPECT_EQ(night.hub().trial, std::nullopt) << "and it is not taken up again";
  }
}

TEST(APlugThatIsGivenToAGroup, IsNotUsedFromThatMomentOn) {
  Night night;
  night.until(22, 12);
  ASSERT_TRUE(night.truth().plug_on) << night.all();
  night.happens_on_the_bridge("groups", R"([{"id":1,"friendly_name":"bedroom","members":[{"ieee_address":")" +
                                            std::string(demo::kPlugIeee) + R"(","endpoint":1}]}])");
  night.passes(2s);
  EXPECT_FALSE(night.truth().plug_on);
  EXPECT_TRUE(night.told("it is in the Zigbee group 'bedroom'")) << night.all();
}

TEST(AnUpdateOfThePlugsFirmware, AsksForTheTestAgain) {
  Night night;
  night.passes(60s);
  std::string devices(demo::kBridgeDevices);
  const auto at = devices.find(R"("software_build_id":"1.0.0")");
  ASSERT_NE(at, devices.npos);
  devices.replace(at, 27, R"("software_build_id":"1.0.1")");
  night.happens_on_the_bridge("devices", devices).until(22, 12);
  EXPECT_FALSE(night.truth().plug_on);
  EXPECT_TRUE(night.told("Foot warmer has changed since its set-up test")) << night.all();
}

}  // namespace
}  // namespace lull
