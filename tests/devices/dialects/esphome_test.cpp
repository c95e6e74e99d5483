// The reference pad and anklet: one lease for two functions, applied values as answers, silence as a failure.
#include <algorithm>

#include "tests/devices/dialects/bedside.hpp"

namespace lull {
namespace {

const Dialect& esphome() { return *dialect_called("esphome"); }
Device on_the_pad(Kind kind) {
  Device d;
  d.at = "lull/pad/left";
  d.kind = kind;
  d.speaks = "esphome";
  return d;
}
const Device kHeat = on_the_pad(Kind::heat_pad), kMassage = on_the_pad(Kind::massage_pad);

TEST(ThePad, GetsItsLeaseBeforeWhatTheLeaseAllows) {
  EXPECT_EQ(in_words(esphome().say(kMassage, granted(Kind::massage_pad, Timer::lease, 37_pct), kNow)),
            (Lines{"lull/pad/left/number/lease/command 300", "lull/pad/left/number/vibration/command 37"}));
  EXPECT_EQ(in_words(esphome().say(kHeat, granted(Kind::heat_pad, Timer::lease, 40_pct), kNow)),
            (Lines{"lull/pad/left/number/lease/command 300", "lull/pad/left/number/heat_target/command 33.2"}));
}
TEST(ThePad, IsNeverAskedForMoreThanOurLimit) {
  EXPECT_EQ(in_words(esphome().say(kHeat, granted(Kind::heat_pad, Timer::lease, 100_pct), kNow)).back(),
            "lull/pad/left/number/heat_target/command 38");
}
TEST(ThePad, EndsOneFunctionWithoutTheOther) {
  EXPECT_EQ(in_words(off_words(esphome(), kId, kMassage)), Lines{"lull/pad/left/number/vibration/command 0"});
  EXPECT_EQ(in_words(off_words(esphome(), kId, kHeat)), Lines{"lull/pad/left/number/heat_target/command 0"})
      << "a lease of 0 would end the massage of whoever lies on it as well";
}
TEST(ThePad, GetsNoOnOfAnotherKindOfTimer) {
  for (const Timer timer : {Timer::on_time, Timer::turn_off_countdown, Timer::mapped_duration})
    EXPECT_EQ(esphome().say(kHeat, granted(Kind::heat_pad, timer, 40_pct), kNow), off_words(esphome(), kId, kHeat));
}
TEST(ThePad, EchoesEveryLevelBackAsTheLevelThatWasSaid) {
  for (int percent = 1; percent <= 100; ++percent) {
    const Percent level = *Percent::from(percent);
    const auto said = esphome().say(kHeat, granted(Kind::heat_pad, Timer::lease, level), kNow).back();
    const Heard h = heard(kHeat, "lull/pad/left/number/heat_target/state", std::to_string(std::stof(said.payload)));
    ASSERT_EQ(h.news.size(), 1u) << said.payload;
    const auto& report = std::get<ActuatorReported>(h.news[0]);
    EXPECT_TRUE(report.on == true);
    EXPECT_NEAR(report.level->value(), percent, 1.25) << "a tenth of a degree is 1.25 %";
  }
}
TEST(ThePad, TellsOfItsLeaseWhenItComesBack) {
  EXPECT_EQ(in_words(heard(kHeat, "lull/pad/left/status", "online").news), (Lines{"reachable", "timer lease"}));
  EXPECT_EQ(in_words(heard(kHeat, "lull/pad/left/status", "offline", true).news), Lines{"unreachable"});
}
TEST(ThePad, ProvesNothingByWhatTheBrokerRemembers) {
  const auto fresh = [](bool retained) {
    return std::get<ActuatorReported>(
               heard(kHeat, "lull/pad/left/number/heat_target/state", "0.000000", retained).news.at(0))
        .answers_ask;
  };
  EXPECT_TRUE(fresh(false));
  EXPECT_FALSE(fresh(true));
  EXPECT_TRUE(heard(kHeat, "lull/pad/left/number/lease/state", "300.000000", true).news.empty())
      << "what is left of it now?";
  EXPECT_TRUE(heard(kHeat, "lull/pad/left/sensor/pad_temperature_a/state", "31.0", true).news.empty()) << "no reading";
}
TEST(ThePad, IsHeardOnlyByTheFunctionThatAMessageConcerns) {
  EXPECT_TRUE(heard(kMassage, "lull/pad/left/number/heat_target/state", "35.000000").news.empty());
  EXPECT_TRUE(heard(kMassage, "lull/pad/left/sensor/interlock/state", "over_temp").news.empty())
      << "massage still works";
  EXPECT_TRUE(heard(kHeat, "lull/pad/left/sensor/interlock/state", "motor_rest").news.empty());
  EXPECT_TRUE(heard(kHeat, "lull/pad/right/number/heat_target/state", "35.000000").news.empty())
      << "the neighbour's pad";
}
TEST(AnEsphomeDevice, IsCheckedWithARemedy) {
  Device d = on_the_pad(Kind::light);
  EXPECT_NE(in_words(esphome().check(d)).at(0).find("speaks: mqtt"), std::string::npos);
  d = on_the_pad(Kind::heat_pad), d.at = "lull/pad/#";
  EXPECT_NE(in_words(esphome().check(d)).at(0).find("topic_prefix"), std::string::npos);
  d = on_the_pad(Kind::movement), d.stream = Stream::raw;
  EXPECT_EQ(esphome().check(d).size(), 1u);
  d = on_the_pad(Kind::massage_pad), d.steps_levels = false;
  EXPECT_EQ(esphome().check(d).size(), 1u);
}
TEST(AnAnklet, SpeaksAccelerationUnlessItIsSaidOtherwise) {
  const auto topics = esphome().topics(on_the_pad(Kind::movement));
  EXPECT_NE(std::find(topics.begin(), topics.end(), "lull/pad/left/movement"), topics.end());
}

}  // namespace
}  // namespace lull
