// The button beside the bed: a long press is STOP, whatever its maker calls it.
#include "automations/stop_button.hpp"

#include <gtest/gtest.h>

#include "automations/hub.hpp"

namespace lull {
namespace {

House bedroom() {
  House house;
  Device button, lamp;
  button.name = "Bedside button";
  button.kind = Kind::button;
  lamp.kind = Kind::light;
  house.devices = {button, lamp};
  return house;
}

TEST(ALongPress, IsKnownByEveryNameThatRemotesHaveForIt) {
  for (const char* yes : {"hold", "long", "button_1_hold", "arrow_left_hold", "on_hold", "off_long", "1_hold",
                          "hold_left", "long_press", "longpress", "dot_hold", "hold_both"})
    EXPECT_TRUE(is_long_press(yes)) << yes;
  for (const char* no : {"single", "double", "press", "hold_release", "long_release", "button_2_hold_release",
                         "release", "on", "brightness_move_up", "threshold", "along", ""})
    EXPECT_FALSE(is_long_press(no)) << no;
}

TEST(ABedsideButton, StopsWithoutAnyRule) {
  const House house = bedroom();
  EXPECT_TRUE(is_stop(house, DeviceId{0}, "hold"));
  EXPECT_FALSE(is_stop(house, DeviceId{0}, "single"));
  EXPECT_FALSE(is_stop(house, DeviceId{1}, "hold")) << "a lamp is no button";
  EXPECT_FALSE(is_stop(house, DeviceId{7}, "hold")) << "nor is what does not exist";
}

TEST(ABedsideButton, StopsOnWhatTheHouseholdChose) {
  House house = bedroom();
  house.devices[0].stop_on = {"double", "brightness_move_down"};
  EXPECT_TRUE(is_stop(house, DeviceId{0}, "brightness_move_down"));
  EXPECT_FALSE(is_stop(house, DeviceId{0}, "hold"));
  house.devices[0].stop_on->clear();
  EXPECT_FALSE(is_stop(house, DeviceId{0}, "hold"));
}

TEST(ABedsideButton, LeavesALongPressToTheRuleThatUsesIt) {
  House house = bedroom();
  Rule rule;
  rule.when = {when::Button{DeviceId{0}, "up_hold"}};
  house.rules = {rule};
  EXPECT_FALSE(is_stop(house, DeviceId{0}, "up_hold"));
  EXPECT_TRUE(is_stop(house, DeviceId{0}, "down_hold"));
}

TEST(ABedsideButton, HeldLatchesStopAndSaysWhoDidIt) {
  Hub hub = begin(std::make_shared<const House>(bedroom()));
  hub = step(std::move(hub), {Instant{1s}, Started{}}).hub;
  auto [after, effects] = step(std::move(hub), {Instant{2s}, ButtonPressed{DeviceId{0}, "hold"}});
  EXPECT_TRUE(after.stopped);
  bool kept = false, said = false;
  for (const Effect& effect : effects) {
    if (const auto* keep = std::get_if<KeepSetting>(&effect)) kept = kept || keep->setting == Setting{"stopped", "1"};
    if (const auto* d = std::get_if<Decision>(&effect))
      said = said || d->why.find("Bedside button") != std::string::npos;
  }
  EXPECT_TRUE(kept) << "it survives a restart";
  EXPECT_TRUE(said);
  after = step(std::move(after), {Instant{3s}, ButtonPressed{DeviceId{0}, "single"}}).hub;
  EXPECT_TRUE(after.stopped) << "and no other press releases it";
}

}  // namespace
}  // namespace lull
