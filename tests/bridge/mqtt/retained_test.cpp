// Commands that lie retained on a device's topic: found, and cleared by the right message.
#include "bridge/mqtt/retained.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace lull {
namespace {

struct RetainedCommand : ::testing::Test {
  RetainedCommands commands;
  void SetUp() override {
    commands.watch(DeviceId{1}, std::vector<std::string>{"zigbee2mqtt/Foot warmer/set"});
    commands.watch(DeviceId{2}, std::vector<std::string>{"lull/pad/left/set", "lull/pad/left/lease"});
  }
};

TEST_F(RetainedCommand, IsFoundWithItsDeviceAndClearedByAnEmptyRetainedMessage) {
  const auto found = commands.look("lull/pad/left/lease", "300", true);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->device, DeviceId{2});
  EXPECT_EQ(found->clear.topic, "lull/pad/left/lease");
  EXPECT_TRUE(found->clear.payload.empty());
  EXPECT_TRUE(found->clear.retain);
}

TEST_F(RetainedCommand, IsNotALiveCommandNorTheClearingNorAnotherTopic) {
  EXPECT_FALSE(commands.look("zigbee2mqtt/Foot warmer/set", "ON", false)) << "said now, by somebody who may";
  EXPECT_FALSE(commands.look("zigbee2mqtt/Foot warmer/set", "", true));
  EXPECT_FALSE(commands.look("zigbee2mqtt/Foot warmer", "ON", true)) << "a state may well be retained";
}

TEST_F(RetainedCommand, IsWatchedForOnEveryCommandTopic) {
  EXPECT_EQ(commands.topics().size(), 3u);
  EXPECT_TRUE(commands.is_command("lull/pad/left/set"));
  EXPECT_FALSE(commands.is_command("lull/pad/left"));
}

}  // namespace
}  // namespace lull
