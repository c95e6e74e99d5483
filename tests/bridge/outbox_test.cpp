// The way out: an ON waits for its dose, an OFF waits for nothing.
#include "bridge/outbox.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace lull {
namespace {

constexpr DeviceId kPad{0}, kOther{1};

SafeCommand on(DeviceId id) {
  Standing is;
  is.kind = Kind::massage_pad;
  is.timer = Timer::on_time;
  is.link_up = is.proved_off_since_start = true;
  return Interlock(kHard).review(id, Output{40_pct, {}, {}, 0ms}, is, Instant{1h}).command;
}

struct AnOutbox : testing::Test {
  std::vector<std::string> left;
  Outbox outbox{
      [this](const SafeCommand& c) { left.push_back((c.off() ? "off " : "on ") + std::to_string(c.device().index)); }};
};

TEST_F(AnOutbox, HoldsAnOnUntilItsDoseIsOnTheDisk) {
  outbox.send(on(kPad), 7);
  EXPECT_TRUE(left.empty());
  outbox.durable(6);
  EXPECT_TRUE(left.empty()) << "what is on the disk is not its dose";
  outbox.durable(7);
  EXPECT_EQ(left, std::vector<std::string>{"on 0"});
  EXPECT_EQ(outbox.waiting(), 0u);
}

TEST_F(AnOutbox, LetsAnOffLeaveAtOnceAndForgetsTheOnBeforeIt) {
  outbox.send(on(kPad), 7);
  outbox.send(on(kOther), 7);
  outbox.send(Interlock::off(kPad), 8);
  EXPECT_EQ(left, std::vector<std::string>{"off 0"}) << "it waits for no disk";
  outbox.durable(9);
  EXPECT_EQ(left, (std::vector<std::string>{"off 0", "on 1"})) << "an older ON never comes after an OFF";
}

TEST_F(AnOutbox, KeepsOnlyTheNewestOfADevice) {
  for (std::uint64_t ticket = 1; ticket <= 1000; ++ticket) outbox.send(on(kPad), ticket);
  EXPECT_EQ(outbox.waiting(), 1u);
  outbox.durable(999);
  EXPECT_TRUE(left.empty());
  outbox.durable(1000);
  EXPECT_EQ(left, std::vector<std::string>{"on 0"});
}

TEST_F(AnOutbox, LetsAnOnThatCostsNothingNewLeaveAtOnce) {
  outbox.durable(7);
  outbox.send(on(kPad), 7);
  EXPECT_EQ(left, std::vector<std::string>{"on 0"});
}

}  // namespace
}  // namespace lull
