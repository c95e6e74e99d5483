// Topics to dialects: each message reaches whoever listens, and keeps what its sender stamped on it.
#include "bridge/router.hpp"

#include <gtest/gtest.h>

#include "config/load.hpp"

namespace lull {
namespace {

constexpr const char* kHome = R"(
home: {time_zone: UTC}
sleepers: [{name: Ana}]
devices:
  - {name: Ankle, is: movement, speaks: esphome, at: lull/anklet/ana, for: Ana}
  - {name: Foot warmer, is: heat_pad, speaks: zigbee2mqtt, at: Foot warmer plug, thermometer: Probe, for: Ana}
  - {name: Probe, is: thermometer, speaks: zigbee2mqtt, at: Probe}
  - {name: Bed, is: presence, speaks: zigbee2mqtt, at: Bed}
  - {name: Button, is: button, speaks: zigbee2mqtt, at: Button}
  - name: Mirror
    is: button
    speaks: mqtt
    at: Button
    hears: [{topic: zigbee2mqtt/Button, pointer: /action, means: action}]
  - name: Doorbell
    is: button
    speaks: mqtt
    at: doorbell
    hears: [{topic: doorbell/press, means: action}]
)";

struct ARouter : ::testing::Test {
  Loaded loaded = load_text(kHome, "home");
  std::optional<Router> router;
  void SetUp() override {
    ASSERT_TRUE(loaded.settings) << loaded.problems.front().what;
    router.emplace(loaded.settings->house);
  }
  Heard hear(std::string_view topic, std::string_view payload) const { return router->hear({topic, payload, false}); }
};

TEST_F(ARouter, HandsOnWhenABridgesDeviceWasLastHeard) {
  for (const auto& [topic, said] : {std::pair{"zigbee2mqtt/Foot warmer plug", R"({"state":"OFF")"},
                                    {"zigbee2mqtt/Probe", R"({"temperature":31)"},
                                    {"zigbee2mqtt/Bed", R"({"occupancy":true)"}}) {
    const Heard heard = hear(topic, std::string(said) + R"(,"last_seen":1795300000000})");
    EXPECT_FALSE(heard.news.empty()) << topic;
    EXPECT_EQ(heard.sent, (Sent{Sent::By::utc, milliseconds{1795300000000}, "zigbee2mqtt"})) << topic;
  }
}

TEST_F(ARouter, HandsOnTheUptimeOfAnAnklet) {
  const Heard heard = hear("lull/anklet/ana/movement", R"({"rms_mg":3,"peak_mg":9,"n":25,"up_ms":61000})");
  EXPECT_EQ(heard.news.size(), 1u);
  EXPECT_EQ(heard.sent, (Sent{Sent::By::uptime, milliseconds{61000}, "lull/anklet/ana"}));
}

TEST_F(ARouter, LetsTheStampOfOneDialectCountForAllThatHearTheMessage) {
  const Heard heard = hear("zigbee2mqtt/Button", R"({"action":"single","last_seen":1795300000000})");
  EXPECT_EQ(heard.news.size(), 2u) << "the button, and the mirror that is mapped to the same topic";
  ASSERT_TRUE(heard.sent);
  EXPECT_EQ(heard.sent->at, milliseconds{1795300000000});
}

TEST_F(ARouter, KnowsNoTimeOfWhatNobodyStamped) {
  const Heard heard = hear("doorbell/press", "single");
  EXPECT_EQ(heard.news.size(), 1u);
  EXPECT_FALSE(heard.sent);
  EXPECT_FALSE(hear("zigbee2mqtt/Bed", R"({"occupancy":true})").sent);
}

/// Whoever may publish on the broker must not be able to speak as Home Assistant.
TEST(TwoRoads, AreNotMixedUp) {
  const Loaded loaded = load_text(R"(
home: {time_zone: UTC}
sleepers: [{name: Ana}]
home_assistant: {url: "http://h"}
devices:
  - {name: Lamp, is: light, speaks: home_assistant, at: light.bedside}
  - {name: Feet, is: massage_pad, speaks: home_assistant, at: number.feet, full: 10, own_cut_off: 10min,
     hears: [{topic: sensor.feet_power, means: watts}]}
  - {name: Bed, is: presence, speaks: zigbee2mqtt, at: Bed}
)",
                                  "home");
  ASSERT_TRUE(loaded.settings) << loaded.problems.front().what;
  const Router router(loaded.settings->house);
  EXPECT_EQ(router.topics().entities, (std::vector<std::string>{"light.bedside", "number.feet", "sensor.feet_power"}));
  for (const std::string& topic : router.topics().devices) EXPECT_EQ(topic.find("light."), topic.npos);
  const Incoming on{"light.bedside", R"({"state":"on","attributes":{}})", false};
  EXPECT_TRUE(router.hear(on).news.empty()) << "on the broker that is nobody's topic";
  EXPECT_FALSE(router.hear(on, Router::Road::home_assistant).news.empty());
  EXPECT_TRUE(router.command_topics(DeviceId{0}).empty()) << "nothing to watch on the broker";
  EXPECT_TRUE(router.topics_of(DeviceId{1}).empty());
}

}  // namespace
}  // namespace lull
