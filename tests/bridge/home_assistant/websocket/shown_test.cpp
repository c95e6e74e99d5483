// How the connection to the WebSocket is shown, where there is one.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "bridge/home_assistant/discovery.hpp"
#include "bridge/home_assistant/states.hpp"
#include "tests/bridge/home_assistant/sample.hpp"

namespace lull {
namespace {

using Json = nlohmann::json;

std::string payload_on(const std::string& topic, const Shown& shown) {
  for (const Publish& p : states(sample::house(), sample::view(), shown, sample::kInstall, "0.1.0"))
    if (p.topic == "lull/1a2b3c4d/" + topic) return p.payload;
  return "";
}

TEST(TheWebSocket, IsShownOnlyWhereItIsUsed) {
  HomeAssistant settings = sample::settings();
  EXPECT_EQ(discovery(sample::house(), settings)[0].payload.find("hub/home_assistant"), std::string::npos);
  EXPECT_EQ(payload_on("hub/home_assistant", {}), "");
  settings.websocket = true;
  const Json hub = Json::parse(discovery(sample::house(), settings)[0].payload);
  const Json& link = hub["components"]["link"];
  EXPECT_EQ(link["state_topic"], "lull/1a2b3c4d/hub/home_assistant");
  for (const auto state : {HaStatus::State::connecting, HaStatus::State::connected, HaStatus::State::unreachable,
                           HaStatus::State::refused, HaStatus::State::no_token}) {
    Shown shown;
    shown.home_assistant = HaStatus{};
    shown.home_assistant->state = state;
    const std::string said = payload_on("hub/home_assistant", shown);
    EXPECT_NE(std::find(link["options"].begin(), link["options"].end(), Json(said)), link["options"].end())
        << said << " is no option: Home Assistant would refuse it";
  }
}

TEST(TheWebSocket, SaysOnlyWhatIsKnown) {
  Shown shown;
  shown.home_assistant = HaStatus{};
  EXPECT_EQ(Json::parse(payload_on("hub/home_assistant/attributes", shown)), (Json{{"phones", Json::array()}}));
  HaStatus& is = *shown.home_assistant;
  is.state = HaStatus::State::connected;
  is.looked = true, is.user = "Ana", is.version = "2026.11.0", is.phones = {{"mobile_app_pixel", "missing"}};
  is.refused_answer = "it came too late";
  EXPECT_EQ(Json::parse(payload_on("hub/home_assistant/attributes", shown)),
            (Json{{"phones", {{{"name", "mobile_app_pixel"}, {"reached_by", "missing"}}}},
                  {"version", "2026.11.0"},
                  {"user", "Ana"},
                  {"administrator", false},
                  {"refused_answer", "it came too late"}}));
}

TEST(Ntfy, IsShownOnlyWhereItIsUsedAndInWordsThatHomeAssistantTakes) {
  HomeAssistant settings = sample::settings();
  EXPECT_EQ(discovery(sample::house(), settings)[0].payload.find("hub/ntfy"), std::string::npos);
  EXPECT_EQ(payload_on("hub/ntfy", {}), "");
  settings.ntfy = true;
  const Json hub = Json::parse(discovery(sample::house(), settings)[0].payload);
  const Json& sensor = hub["components"]["ntfy"];
  EXPECT_EQ(sensor["state_topic"], "lull/1a2b3c4d/hub/ntfy");
  EXPECT_EQ(sensor["entity_category"], "diagnostic");
  for (const auto state : {NtfyStatus::State::not_tried, NtfyStatus::State::working, NtfyStatus::State::unreachable,
                           NtfyStatus::State::refused, NtfyStatus::State::not_taken}) {
    Shown shown;
    shown.ntfy = NtfyStatus{};
    shown.ntfy->state = state;
    const std::string said = payload_on("hub/ntfy", shown);
    EXPECT_NE(std::find(sensor["options"].begin(), sensor["options"].end(), Json(said)), sensor["options"].end())
        << said << " is no option: Home Assistant would refuse it";
  }
}

TEST(Ntfy, SaysOnlyWhatIsKnown) {
  Shown shown;
  shown.ntfy = NtfyStatus{};
  EXPECT_EQ(Json::parse(payload_on("hub/ntfy/attributes", shown)), (Json{{"waiting", 0}, {"lost", 0}}));
  shown.ntfy = NtfyStatus{NtfyStatus::State::refused, Utc{1'795'000'000s}, Utc{1'795'000'060s}, "refused: why", 2, 1};
  EXPECT_EQ(Json::parse(payload_on("hub/ntfy/attributes", shown)), (Json{{"last_told", "2026-11-18T11:06:40+00:00"},
                                                                         {"last_failed", "2026-11-18T11:07:40+00:00"},
                                                                         {"last_failure", "refused: why"},
                                                                         {"waiting", 2},
                                                                         {"lost", 1}}));
}

}  // namespace
}  // namespace lull
