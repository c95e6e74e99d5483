// Topics and filters: the rule of MQTT 5.0 section 4.7, with its own examples.
#include "bridge/mqtt/topic.hpp"

#include <gtest/gtest.h>

#include <string>

namespace lull {
namespace {

TEST(ATopicFilter, MatchesAsTheStandardSays) {
  EXPECT_TRUE(topic_matches("sport/tennis/player1/#", "sport/tennis/player1"));
  EXPECT_TRUE(topic_matches("sport/tennis/player1/#", "sport/tennis/player1/ranking"));
  EXPECT_TRUE(topic_matches("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon"));
  EXPECT_TRUE(topic_matches("#", "a/b"));
  EXPECT_TRUE(topic_matches("sport/+", "sport/"));
  EXPECT_FALSE(topic_matches("sport/+", "sport"));
  EXPECT_TRUE(topic_matches("+/+", "/finance"));
  EXPECT_TRUE(topic_matches("/+", "/finance"));
  EXPECT_FALSE(topic_matches("+", "/finance"));
  EXPECT_TRUE(topic_matches("sport/tennis/+", "sport/tennis/player1"));
  EXPECT_FALSE(topic_matches("sport/tennis/+", "sport/tennis/player1/ranking"));
}

TEST(ATopicFilter, DoesNotReachSystemTopicsByWildcard) {
  EXPECT_FALSE(topic_matches("#", "$SYS/broker"));
  EXPECT_FALSE(topic_matches("+/monitor", "$SYS/monitor"));
  EXPECT_TRUE(topic_matches("$SYS/#", "$SYS/broker/load"));
}

TEST(ATopicFilter, IsExactWithoutWildcards) {
  EXPECT_TRUE(topic_matches("bed/left", "bed/left"));
  EXPECT_FALSE(topic_matches("bed/left", "bed/left/"));
  EXPECT_FALSE(topic_matches("bed/left/", "bed/left"));
  EXPECT_FALSE(topic_matches("bed/left", "bed"));
  EXPECT_FALSE(topic_matches("bed/left", "Bed/left"));
}

TEST(ATopicFilter, IsRefusedWhenNoBrokerWouldTakeIt) {
  for (const std::string& wrong : {std::string{}, std::string{"a/#/b"}, std::string{"a#"}, std::string{"a/b+"},
                                   std::string{"a\0b", 3}, std::string(65536, 'a')})
    EXPECT_FALSE(is_topic_filter(wrong)) << wrong.substr(0, 10);
  for (const char* right : {"a", "/", "a//b", "+/a/#", "#", "+"}) EXPECT_TRUE(is_topic_filter(right)) << right;
}

TEST(ATopic, HasNoWildcards) {
  EXPECT_TRUE(is_topic("zigbee2mqtt/Foot warmer/set"));
  EXPECT_FALSE(is_topic("zigbee2mqtt/+/set"));
  EXPECT_FALSE(is_topic("zigbee2mqtt/#"));
}

TEST(ALineOfLog, ShowsNothingThatATerminalWouldObey) {
  EXPECT_EQ(readable("a\x1b[31m\n\xff z"), "a?[31m?? z");
  EXPECT_EQ(readable(std::string(500, 'x')).size(), 123u) << "120 and three dots";
}

}  // namespace
}  // namespace lull
