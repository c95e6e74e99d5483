// What the real Home Assistant said by MQTT to the entities that Lull announces, word for word, and what Lull takes it
// for. tests/e2e/transcript.py has written it down, and asks the real one again under --peers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "bridge/home_assistant/commands.hpp"
#include "bridge/topics.hpp"
#include "tests/bridge/home_assistant/sample.hpp"
#include "tests/source.hpp"

namespace lull {
namespace {

using testing::ElementsAre;

struct Moment {
  std::vector<Command> wishes;
  std::vector<std::string> births;
};

/// Every moment by its name: what is wished for then, and what Home Assistant says of itself.
std::map<std::string, Moment> replay() {
  const House house = sample::house();
  const std::string base = Topics(sample::kInstall).base();
  std::map<std::string, Moment> all;
  std::ifstream file(in_source("tests/bridge/home_assistant/mqtt.ndjson"));
  EXPECT_TRUE(file);
  for (std::string line; std::getline(file, line);) {
    const auto json = nlohmann::json::parse(line);
    Moment& moment = all[json["moment"]];
    for (const auto& said : json["said"]) {
      const std::string topic = said[0], payload = said[1];
      if (topic == "homeassistant/status") moment.births.push_back(payload + (said[2] ? ", kept" : ""));
      if (!topic.starts_with(base)) continue;
      const auto wish = wish_from(topic, payload, said[2], house, sample::kInstall);
      EXPECT_TRUE(wish) << json["moment"] << ": " << topic << " " << payload
                        << " is not understood: " << (wish ? "" : wish.error().what);
      if (wish) moment.wishes.insert(moment.wishes.end(), wish->commands.begin(), wish->commands.end());
    }
  }
  return all;
}
Command set(std::uint16_t device, std::optional<Percent> level, std::string program = "") {
  return ask::SetDevice{DeviceId{device}, level, std::move(program), {}};
}

TEST(TheMqttTranscript, OfTheRealOneIsUnderstoodToTheLastWord) {
  auto all = replay();
  const auto wishes = [&](const std::string& moment) {
    EXPECT_TRUE(all.contains(moment)) << moment;
    return all[moment].wishes;
  };
  EXPECT_THAT(wishes("fan.turn_on fan.left_leg_massage {}"), ElementsAre(set(0, std::nullopt)));
  EXPECT_THAT(wishes(R"(fan.turn_on fan.left_leg_massage {"percentage": 40})"),
              ElementsAre(set(0, std::nullopt), set(0, 40_pct)))
      << "it says ON first";
  EXPECT_THAT(wishes(R"(fan.turn_on fan.left_leg_massage {"preset_mode": "wave"})"),
              ElementsAre(set(0, std::nullopt), set(0, std::nullopt, "wave")));
  EXPECT_THAT(wishes(R"(fan.set_percentage fan.left_leg_massage {"percentage": 0})"), ElementsAre(set(0, 0_pct)));
  EXPECT_THAT(wishes("fan.turn_off fan.left_leg_massage {}"), ElementsAre(set(0, 0_pct)));
  EXPECT_THAT(wishes("fan.turn_off fan.leg_massage {}"), ElementsAre(Command(ask::StopMassage{})));
  EXPECT_THAT(wishes("switch.turn_off switch.lull {}"), ElementsAre(Command(ask::StopAll{})));
  EXPECT_THAT(wishes("switch.turn_on switch.lull {}"), ElementsAre(Command(ask::Release{})));
  EXPECT_THAT(wishes(R"(select.select_option select.foot_warmer_level {"option": "Low"})"),
              ElementsAre(set(2, 40_pct)));
  EXPECT_THAT(wishes("switch.turn_off switch.foot_warmer {}"), ElementsAre(set(2, 0_pct)));
  EXPECT_THAT(wishes("button.press button.stop_massage {}"), ElementsAre(Command(ask::StopMassage{})));
  EXPECT_THAT(wishes("scene.turn_on scene.replay_massage {}"), ElementsAre(Command(ask::Replay{})));
  EXPECT_THAT(wishes("scene.turn_on scene.wind_down {}"), ElementsAre(Command(ask::Play{"wind-down"})));
  EXPECT_THAT(wishes("switch.turn_on switch.wind_down {}"), ElementsAre(Command(ask::Play{"wind-down"})));
}

/// What is said aloud arrives as the same commands, by Home Assistant's sentences and by ours.
TEST(TheMqttTranscript, OfAVoiceIsUnderstood) {
  auto all = replay();
  EXPECT_THAT(all["say set leg massage to 0 percent"].wishes, ElementsAre(Command(ask::StopMassage{})));
  EXPECT_THAT(all["say leg massage"].wishes, ElementsAre(set(0, std::nullopt), set(1, std::nullopt))) << "each pad";
  EXPECT_EQ(all["say all off"].wishes, all["scene.turn_on scene.all_off {}"].wishes);
  EXPECT_EQ(all["say activate bedtime"].wishes, all["scene.turn_on scene.bedtime {}"].wishes);
}

TEST(TheMqttTranscript, OfABirthIsSaidAndNotKept) {
  const auto births = replay()["Home Assistant starts again"].births;
  EXPECT_EQ(births, (std::vector<std::string>{"offline", "online"})) << "and neither is kept by the broker";
}

}  // namespace
}  // namespace lull
