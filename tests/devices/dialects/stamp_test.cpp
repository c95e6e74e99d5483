// The times that devices and bridges stamp on their messages.
#include "devices/dialects/stamp.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "devices/dialects/dialect.hpp"

namespace lull {
namespace {

constexpr milliseconds kThen{1'795'296'605'123};  // 2026-11-21 21:30:05.123 UTC

TEST(AStamp, IsReadInEveryFormThatZigbee2mqttWrites) {
  EXPECT_EQ(iso_8601("2026-11-21T21:30:05.123Z"), kThen);
  EXPECT_EQ(iso_8601("2026-11-21T22:30:05.123+01:00"), kThen);
  EXPECT_EQ(iso_8601("2026-11-21T16:30:05-05:00"), kThen - 123ms);
  EXPECT_EQ(utc_stamp(1'795'296'605'123), kThen);
}

TEST(AStamp, ThatIsNoneIsNone) {
  for (const char* bad : {"", "2026-11-21", "2026-11-21T21:30:05", "2026-02-30T21:30:05Z", "2026-11-21 21:30:05Z",
                          "1970-01-01T00:00:00Z", "2026-11-21T25:30:05Z", "2026-11-21T21:30:05.Z", "21:30",
                          "2026-11-21T21:30:05+99:00", "2026-11-21T21:30:05Zjunk", "-026-11-21T21:30:05Z"})
    EXPECT_FALSE(iso_8601(bad)) << bad;
  for (const nlohmann::json& bad : {nlohmann::json(nullptr), nlohmann::json(true), nlohmann::json(1'795'296'605),
                                    nlohmann::json(1e300), nlohmann::json(-5), nlohmann::json::object()})
    EXPECT_FALSE(utc_stamp(bad)) << bad;
}

Heard heard(const Device& device, std::string_view topic, std::string_view payload) {
  const Listener to{DeviceId{0}, &device};
  return dialect_called(device.speaks)->hear({&to, 1}, {topic, payload, false});
}

TEST(LastSeen, SaysWhenAMessageWasSentAndBatteryWhatIsLeft) {
  Device bed;
  bed.kind = Kind::movement, bed.speaks = "zigbee2mqtt", bed.at = "Bed", bed.stream = Stream::vibration;
  const Heard all = heard(bed, "zigbee2mqtt/Bed",
                          R"({"action":"vibration","battery":12,"last_seen":"2026-11-21T22:30:05.123+01:00"})");
  ASSERT_TRUE(all.sent);
  EXPECT_EQ(*all.sent, (Sent{Sent::By::utc, kThen, "zigbee2mqtt"}));
  ASSERT_EQ(all.news.size(), 2u);
  EXPECT_EQ(all.news[0], News(BatteryReported{DeviceId{0}, 12_pct}));
  EXPECT_FALSE(heard(bed, "zigbee2mqtt/Bed", R"({"action":"vibration"})").sent) << "the option is off by default";
  EXPECT_EQ(heard(bed, "zigbee2mqtt/Bed", R"({"battery_low":true})").news.at(0),
            News(BatteryReported{DeviceId{0}, kBatteryLow}));
  EXPECT_TRUE(heard(bed, "zigbee2mqtt/Bed", R"({"battery":101})").news.empty());
}

TEST(TheAnklet, StampsItsUptime) {
  Device ankle;
  ankle.kind = Kind::movement, ankle.speaks = "esphome", ankle.at = "lull/anklet/left";
  const Heard all =
      heard(ankle, "lull/anklet/left/movement", R"({"seq":7,"up_ms":7012,"n":25,"rms_mg":3.5,"peak_mg":9})");
  ASSERT_TRUE(all.sent);
  EXPECT_EQ(*all.sent, (Sent{Sent::By::uptime, 7012ms, "lull/anklet/left"}));
}

TEST(ABridge, IsAskedWhetherItLivesAndItsAnswerIsHeard) {
  Device plug;
  plug.kind = Kind::heat_pad, plug.speaks = "zigbee2mqtt", plug.at = "Warmer", plug.base = "home/z2m";
  const auto words = dialect_called("zigbee2mqtt")->ask_bridge(plug);
  ASSERT_EQ(words.size(), 1u);
  EXPECT_EQ(words[0].topic, "home/z2m/bridge/request/health_check");
  const std::string answer = "home/z2m/bridge/response/health_check";
  const auto topics = dialect_called("zigbee2mqtt")->topics(plug);
  EXPECT_NE(std::find(topics.begin(), topics.end(), answer), topics.end());
  EXPECT_EQ(heard(plug, answer, R"({"data":{"healthy":true},"status":"ok","transaction":"lull"})").news.at(0),
            News(BridgeAnswered{DeviceId{0}, true}));
  EXPECT_EQ(heard(plug, answer, R"({"data":{"healthy":false},"status":"ok"})").news.at(0),
            News(BridgeAnswered{DeviceId{0}, false}));
}

}  // namespace
}  // namespace lull
