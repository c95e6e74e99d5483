// The queue between the broker and the loop, when a broker sends more, or larger, than a bedroom should.
#include "bridge/mqtt/inbox.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>

namespace lull {
namespace {

TEST(AnInbox, WakesTheLoopOnceForAllThatWaits) {
  Inbox inbox;
  EXPECT_TRUE(inbox.push("a", "1", false));
  EXPECT_FALSE(inbox.push("a", "2", true)) << "it is awake already";
  const auto taken = inbox.take(10);
  ASSERT_EQ(taken.messages.size(), 2u);
  EXPECT_EQ(taken.messages[0].payload, "1");
  EXPECT_TRUE(taken.messages[1].retained);
  EXPECT_FALSE(taken.more);
  EXPECT_TRUE(inbox.push("a", "3", false)) << "asleep again";
}

TEST(AnInbox, IsReadInPortionsWithoutASecondWaking) {
  Inbox inbox;
  for (int i = 0; i < 5; ++i) inbox.push("a", std::to_string(i), false);
  EXPECT_TRUE(inbox.take(3).more);
  EXPECT_FALSE(inbox.push("a", "5", false)) << "whoever was told `more` comes again";
  EXPECT_FALSE(inbox.take(3).more);
}

TEST(AnInbox, PutsTheUrgentFirst) {
  Inbox inbox;
  inbox.expect("lull/+/stop", Intake{kMaxPayload, true});
  for (int i = 0; i < 100; ++i) inbox.push("noise", std::to_string(i), false);
  inbox.push("lull/home/stop", "STOP", false);
  const auto taken = inbox.take(2);
  ASSERT_EQ(taken.messages.size(), 2u);
  EXPECT_EQ(taken.messages[0].payload, "STOP");
  EXPECT_EQ(taken.messages[1].payload, "0");
}

TEST(AnInbox, DropsTheOldestOfAFloodButNothingUrgent) {
  Inbox inbox;
  inbox.expect("stop", Intake{kMaxPayload, true});
  inbox.push("stop", "STOP", false);
  for (std::size_t i = 0; i < Inbox::kMessages + 10; ++i) inbox.push("noise", std::to_string(i), false);
  auto taken = inbox.take(2);
  EXPECT_EQ(taken.messages[0].payload, "STOP");
  EXPECT_EQ(taken.messages[1].payload, "10") << "the first ten are gone";
  EXPECT_EQ(taken.complaints.size(), 1u) << "said once for the flood";
  EXPECT_EQ(inbox.counts().dropped, 10u);
}

TEST(AnInbox, HoldsNoMoreBytesThanItMay) {
  Inbox inbox;
  const std::string large(kMaxPayload, 'x');
  for (int i = 0; i < 1000; ++i) inbox.push("a", large, false);
  std::size_t bytes = 0;
  for (const auto& m : inbox.take(10'000).messages) bytes += m.topic.size() + m.payload.size();
  EXPECT_LE(bytes, Inbox::kBytes);
  EXPECT_GT(bytes, Inbox::kBytes - 2 * kMaxPayload);
}

TEST(AnInbox, LeavesALargeMessageOutUnlessItsTopicMayBeLarge) {
  Inbox inbox;
  inbox.expect("zigbee2mqtt/bridge/devices", Intake{kMaxBridgePayload});
  inbox.push("bed", std::string(kMaxPayload + 1, 'x'), false);
  inbox.push("bed", std::string(kMaxPayload + 1, 'x'), false);
  inbox.push("bed", std::string(kMaxPayload, 'x'), false);
  inbox.push("zigbee2mqtt/bridge/devices", std::string(kMaxBridgePayload, 'x'), false);
  inbox.push("zigbee2mqtt/bridge/devices", std::string(kMaxBridgePayload + 1, 'x'), false);
  const auto taken = inbox.take(10);
  EXPECT_EQ(taken.messages.size(), 2u);
  EXPECT_EQ(taken.complaints.size(), 2u) << "once for each topic";
  EXPECT_EQ(inbox.counts().too_large, 3u);
}

TEST(AnInbox, ComplainsAboutABoundedNumberOfTopics) {
  Inbox inbox;
  for (int i = 0; i < 1000; ++i) inbox.push("forged/" + std::to_string(i), std::string(kMaxPayload + 1, 'x'), false);
  EXPECT_EQ(inbox.take(10).complaints.size(), Inbox::kComplaints);
  EXPECT_EQ(inbox.counts().too_large, 1000u);
}

TEST(AnInbox, LosesNothingBetweenTwoThreads) {
  Inbox inbox;
  constexpr int kAll = 2000;
  std::thread paho([&] {
    for (int i = 0; i < kAll; ++i) inbox.push("a", std::to_string(i), false);
  });
  int next = 0;
  while (next < kAll)
    for (const auto& m : inbox.take(64).messages) ASSERT_EQ(m.payload, std::to_string(next++)) << "in order";
  paho.join();
}

}  // namespace
}  // namespace lull
