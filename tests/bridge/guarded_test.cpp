// Which topics are heard twice: every one that can carry a stop, and no other's flood.
#include "bridge/guarded.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bridge/home_assistant/discovery.hpp"
#include "bridge/topics.hpp"
#include "config/load.hpp"

namespace lull {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kHome = R"(
home: {time_zone: UTC}
sleepers: [{name: Ana}]
devices:
  - {name: Leg massage, is: massage_pad, speaks: esphome, at: lull/pad/left, for: Ana}
  - {name: Calf massage, is: massage_pad, speaks: esphome, at: lull/pad/right, for: Ana}
  - {name: Foot warmer, is: heat_pad, speaks: zigbee2mqtt, at: Foot warmer plug, thermometer: Probe, for: Ana}
  - {name: Probe, is: thermometer, speaks: zigbee2mqtt, at: Probe}
  - {name: Lamp, is: light, speaks: zigbee2mqtt, at: Lamp}
  - {name: Bed, is: presence, speaks: zigbee2mqtt, at: Bed}
  - {name: Button, is: button, speaks: zigbee2mqtt, at: Button}
routines:
  calm: {for: 10min, tracks: [{massage: Leg massage, level: 40%, at: 0min}]}
rules:
  - {name: Bedtime, when: {time: "22:30"}, play: calm}
)";

struct WhatIsGuarded : ::testing::Test {
  Settings settings = *load_text(kHome, "home").settings;
  Router router{settings.house};
  HomeAssistant face = [] {
    HomeAssistant h;
    h.install = "x1";
    return h;
  }();
  Guarded guarded{settings.house, router, face};
};

TEST_F(WhatIsGuarded, IsEveryTopicOnWhichHomeAssistantMayStopSomething) {
  for (const char* topic :
       {"lull/x1/command", "lull/x1/hub/on/set", "lull/x1/hub/stop_massage/set", "lull/x1/massage/on/set",
        "lull/x1/massage/level/set", "lull/x1/device/leg_massage/on/set", "lull/x1/device/leg_massage/level/set",
        "lull/x1/device/foot_warmer/on/set", "lull/x1/device/foot_warmer/heat/set", "lull/x1/routine/calm/on/set"})
    EXPECT_THAT(guarded.topics(), Contains(topic));
}

TEST_F(WhatIsGuarded, IsWhatHeatersThermometersAndButtonsSay) {
  for (const char* topic : {"zigbee2mqtt/Foot warmer plug", "zigbee2mqtt/Probe", "zigbee2mqtt/Button"})
    EXPECT_THAT(guarded.topics(), Contains(topic));
  for (const std::string& topic : guarded.topics()) {
    EXPECT_THAT(topic, Not(HasSubstr("+")));
    EXPECT_THAT(topic, Not(HasSubstr("#")));
    EXPECT_THAT(topic, Not(HasSubstr("/bridge/"))) << "a bridge's list of devices is no urgent matter";
    EXPECT_THAT(topic, Not(HasSubstr("Lamp"))) << "nor is what a lamp says";
    EXPECT_THAT(topic, Not(HasSubstr("Bed"))) << "nor a bed";
  }
}

TEST_F(WhatIsGuarded, KeepsAllThatPeopleSayInOneOrder) {
  ASSERT_TRUE(guarded.lane("lull/x1/command"));
  EXPECT_EQ(*guarded.lane("lull/x1/command"), *guarded.lane("lull/x1/hub/on/set"));
  EXPECT_EQ(*guarded.lane("lull/x1/command"), *guarded.lane("zigbee2mqtt/Button"));
  EXPECT_NE(*guarded.lane("lull/x1/command"), *guarded.lane("zigbee2mqtt/Probe"));
  EXPECT_FALSE(guarded.lane("zigbee2mqtt/Lamp"));
}

TEST_F(WhatIsGuarded, KnowsAWordThatOnlyStops) {
  const auto stops = [&](const char* topic, const char* payload) {
    return guarded.stops(std::string("lull/x1/") + topic, payload);
  };
  EXPECT_TRUE(stops("command", "stop"));
  EXPECT_TRUE(stops("command", R"({"do":"stop","nonsense":1})"));
  EXPECT_TRUE(stops("command", "stop_massage"));
  EXPECT_TRUE(stops("command", R"({"do":"set","device":"Foot warmer","level":0})"));
  EXPECT_TRUE(stops("hub/on/set", "OFF"));
  EXPECT_TRUE(stops("massage/on/set", "off"));
  EXPECT_TRUE(stops("device/leg_massage/level/set", "0"));
  EXPECT_TRUE(stops("device/foot_warmer/heat/set", "Off"));
  EXPECT_TRUE(stops("routine/calm/on/set", "OFF"));
  EXPECT_TRUE(guarded.stops("zigbee2mqtt/Button", R"({"action":"hold"})"));
  for (const char* word : {"release", "play", "", "nonsense", R"({"do":"set","device":"Foot warmer","level":1})",
                           R"({"do":"set","device":"Foot warmer"})", R"({"do":"not_tonight"})"})
    EXPECT_FALSE(stops("command", word)) << word;
  EXPECT_FALSE(stops("hub/on/set", "ON"));
  EXPECT_FALSE(guarded.stops("zigbee2mqtt/Button", R"({"action":"single"})"));
  EXPECT_FALSE(guarded.stops("zigbee2mqtt/Foot warmer plug", R"({"state":"OFF"})")) << "a report stops nothing";
}

}  // namespace
}  // namespace lull
