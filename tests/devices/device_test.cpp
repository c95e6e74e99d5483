// The words of a household, there and back.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "devices/event.hpp"

namespace lull {
namespace {

TEST(TheWordsOfAHousehold, ComeBackAsWhatTheyMeant) {
  for (int i = 0; i <= static_cast<int>(Kind::alarm_clock); ++i) EXPECT_EQ(kind_for(word_for(Kind(i))), Kind(i));
  for (int i = 0; i <= static_cast<int>(Stream::raw); ++i) EXPECT_EQ(stream_for(word_for(Stream(i))), Stream(i));
  for (int i = 0; i <= static_cast<int>(Door::scene); ++i) EXPECT_EQ(door_for(word_for(Door(i))), Door(i));
  EXPECT_EQ(word_for(Kind::massage_pad), "massage_pad");
  EXPECT_EQ(word_for(Stream::acceleration), "acceleration");
  EXPECT_EQ(word_for(Door::command_line), "command_line");
}
TEST(TheWordsOfAHousehold, AreExact) {
  for (const char* wrong : {"", "heat", "Heat_pad", "heat_pad ", "heatpad"}) EXPECT_FALSE(kind_for(wrong)) << wrong;
  EXPECT_FALSE(door_for("rules"));
  EXPECT_FALSE(stream_for("vibrations"));
}
TEST(TheWordsOfAHousehold, AreDifferentForEachTimer) {
  std::set<std::string> words;
  for (int i = 0; i <= static_cast<int>(Timer::none); ++i) words.insert(std::string(word_for(Timer(i))));
  EXPECT_EQ(words.size(), 9u);
  EXPECT_EQ(word_for(Timer::turn_off_countdown), "turn_off_countdown");
}

}  // namespace
}  // namespace lull
