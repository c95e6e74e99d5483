// How old a message is when senders' clocks are wrong, and when Lull knows that it has caught up.
#include "bridge/timeliness.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "devices/dialects/stamp.hpp"
#include "tests/source.hpp"

namespace lull {
namespace {

constexpr milliseconds kEpoch{1'795'300'000'000};
Sent stamped(Instant at, milliseconds wrong = 0ms) {
  return {Sent::By::utc, kEpoch + at.since_boot + wrong, "zigbee2mqtt"};
}
Utc utc_at(Instant at) { return {kEpoch + at.since_boot}; }

TEST(AStampedMessage, IsAsOldAsItsStampSays) {
  SenderClocks clocks;
  const Instant now{1h};
  EXPECT_EQ(clocks.age(stamped(now - 80ms), now, utc_at(now)), 80ms);
  EXPECT_EQ(clocks.age(stamped(now - 10min), now, utc_at(now)), 10min);
}

TEST(AStampedMessage, OfAQueueThatIsFlushedIsOldFromTheFirstToTheLast) {
  SenderClocks clocks;  // 200 reports of the last hour, at once, from a bridge that Lull has never heard before
  const Instant now{2h};
  for (int i = 200; i > 0; --i)
    EXPECT_EQ(
        clocks.age(stamped(now - seconds{18 * i}), now + milliseconds{200 - i}, utc_at(now + milliseconds{200 - i})),
        seconds{18 * i} + milliseconds{200 - i});
}

TEST(AStampedMessage, OfAClockThatIsFourMinutesSlowIsTakenAsFreshWhenItStaysSo) {
  SenderClocks clocks;
  Instant now{1h};
  EXPECT_EQ(clocks.age(stamped(now, -4min), now, utc_at(now)), 4min) << "doubted at first";
  for (int i = 0; i < 40; ++i) now = now + 5s, clocks.age(stamped(now, -4min), now, utc_at(now));
  EXPECT_EQ(clocks.age(stamped(now, -4min), now, utc_at(now)), 0ms);
  EXPECT_EQ(clocks.age(stamped(now - 3min, -4min), now, utc_at(now)), 3min) << "and a late one is still late";
}

TEST(AStampedMessage, OfAClockThatIsFastIsNotTakenForYounger) {
  SenderClocks clocks;
  Instant now{1h};
  EXPECT_EQ(clocks.age(stamped(now, 90s), now, utc_at(now)), 0ms);
  now = now + 1min;
  EXPECT_EQ(clocks.age(stamped(now - 60s, 90s), now, utc_at(now)), 60s);
}

TEST(TheTrafficOfARealZigbee2mqtt, IsFreshButForStatesThatNoDeviceSaid) {
  std::ifstream file(in_source("tests/peers/zigbee2mqtt/traffic-sample.ndjson"));
  SenderClocks clocks;
  std::optional<milliseconds> origin;  // of the recording's seconds
  int fresh = 0, old = 0;
  for (std::string line; std::getline(file, line);) {
    const auto message = nlohmann::json::parse(line);
    if (!message.contains("payload")) continue;  // a note of who recorded it
    const auto said = nlohmann::json::parse(message["payload"].get<std::string>(), nullptr, false);
    if (!said.is_object() || !said.contains("last_seen")) continue;
    const auto stamp = utc_stamp(said["last_seen"]);
    if (!stamp) continue;
    const Instant at{milliseconds{static_cast<std::int64_t>(message["t"].get<double>() * 1000)}};
    if (!origin) origin = *stamp - at.since_boot;
    const auto age = clocks.age({Sent::By::utc, *stamp, "zigbee2mqtt"}, at, {*origin + at.since_boot});
    age < kFresh ? ++fresh : ++old;
    EXPECT_TRUE(age < kProofLives || message["topic"] != "zigbee2mqtt/foot_warmer") << line;
  }
  EXPECT_GT(fresh, 490);
  EXPECT_GE(old, 4) << "a cached state, a vibration that Zigbee2MQTT ended by itself, an order that nobody obeyed";
  EXPECT_LE(old, 8);
}

TEST(AnUptime, TellsAgesOnceTheSenderIsKnownAndForgetsAtItsReset) {
  SenderClocks clocks;
  const auto up = [](milliseconds at) { return Sent{Sent::By::uptime, at, "lull/anklet/left"}; };
  EXPECT_EQ(clocks.age(up(5s), Instant{1h}, {}), 0ms);
  EXPECT_EQ(clocks.age(up(6s), Instant{1h + 1s}, {}), 0ms);
  EXPECT_EQ(clocks.age(up(7s), Instant{1h + 12s}, {}), 10s) << "ten seconds in somebody's buffer";
  EXPECT_EQ(clocks.age(up(17s), Instant{1h + 12s}, {}), 0ms);
  EXPECT_EQ(clocks.age(up(1s), Instant{1h + 60s}, {}), 0ms) << "it began anew";
  EXPECT_EQ(clocks.age(up(2s), Instant{1h + 64s}, {}), 3s);
}

TEST(AnUptime, OfAQuartzThatDriftsIsNotOldAfterAWeek) {
  SenderClocks clocks;  // 50 in a million slow: 30 s a week
  Instant now{1h};
  for (int minute = 0; minute < 7 * 24 * 60; ++minute) {
    now = now + 1min;
    const auto at = milliseconds{static_cast<std::int64_t>(static_cast<double>(now.since_boot.count()) * 0.99995)};
    ASSERT_LT(clocks.age({Sent::By::uptime, at, "slow"}, now, {}), 100ms);
  }
}

TEST(MoreClocksThanAnybodyHas, AreBounded) {
  SenderClocks clocks;
  const Instant now{1h};
  for (int i = 0; i < 1000; ++i)
    clocks.age({Sent::By::utc, kEpoch + now.since_boot, "bridge " + std::to_string(i)}, now, utc_at(now));
  EXPECT_EQ(clocks.age({Sent::By::utc, kEpoch + now.since_boot - 1min, "one more"}, now, utc_at(now)), 1min);
}

TEST(ABacklog, IsOverWhenNothingLateWasReadForTwoSeconds) {
  Backlog backlog;
  const Instant now{1h};
  backlog.read(300ms, now);
  EXPECT_FALSE(backlog.look(now)) << "a loop may be busy for a moment";
  backlog.read(1500ms, now);
  const auto began = backlog.look(now);
  ASSERT_TRUE(began);
  EXPECT_TRUE(began->behind);
  EXPECT_FALSE(began->of_unknown_age) << "it waited at our own door: we know for how long";
  EXPECT_FALSE(backlog.look(now + 1s)) << "said once";
  backlog.read(1200ms, now + 1s);
  EXPECT_FALSE(backlog.look(now + 2500ms));
  const auto over = backlog.look(now + 3s);
  ASSERT_TRUE(over);
  EXPECT_FALSE(over->behind);
}

TEST(ABacklog, AfterAConnectIsOfUnknownAge) {
  Backlog backlog;
  backlog.connected(Instant{1h});
  const auto began = backlog.look(Instant{1h});
  ASSERT_TRUE(began);
  EXPECT_TRUE(began->behind && began->of_unknown_age);
  EXPECT_FALSE(backlog.look(Instant{1h + 2s})->behind);
}

TEST(AStall, IsTimeBetweenTwoTicksThatNobodyLived) {
  Stall stall;
  EXPECT_FALSE(stall.look(Instant{1h}, 0ms)) << "before the first tick everything may take its time";
  stall.ticked(Instant{1h}, 10min);
  EXPECT_FALSE(stall.look(Instant{1h + 5s}, 10min));
  const auto lost = stall.look(Instant{2h}, 10min + 59min);
  ASSERT_TRUE(lost);
  EXPECT_EQ(lost->lost, 1h);
  EXPECT_EQ(lost->asleep, 59min);
  EXPECT_FALSE(stall.look(Instant{2h}, 69min)) << "said once";
}

TEST(AnAge, IsLeftOutWhileItIsFresh) {
  News fresh = ButtonPressed{DeviceId{1}, "single"}, old = fresh, none = Tick{};
  set_age(fresh, 999ms);
  set_age(old, 1s);
  set_age(none, 1h);
  EXPECT_FALSE(std::get<ButtonPressed>(fresh).age);
  EXPECT_EQ(std::get<ButtonPressed>(old).age, 1s);
}

}  // namespace
}  // namespace lull
