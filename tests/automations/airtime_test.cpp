// The radio's time: a wave on ten pads never floods a bridge, the newest value wins, and OFF waits for nobody.
#include "devices/airtime.hpp"

#include <gtest/gtest.h>

#include "automations/turn.hpp"
#include "tests/automations/home.hpp"

namespace lull {
namespace {

TEST(TheAir, HasRoomForThreeMessagesASecond) {
  Airtime air;
  const Instant t{1h};
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(air.free(t));
    air.took(t);
  }
  EXPECT_FALSE(air.free(t));
  EXPECT_FALSE(air.free(t + 999ms));
  EXPECT_TRUE(air.free(t + 1s));
  air.took(t + 500ms);  // an OFF, without permission
  EXPECT_TRUE(air.free(t + 1s)) << "two of the three are a second old";
  air.took(t + 1s), air.took(t + 1s);
  EXPECT_FALSE(air.free(t + 1499ms)) << "what left without permission counts";
  EXPECT_TRUE(air.free(t + 1500ms));
}

TEST(TheAir, LetsIdleDevicesBeAskedOnceInTenSeconds) {
  Airtime air;
  EXPECT_TRUE(air.may_ask_idle(Instant{1h}));
  EXPECT_FALSE(air.may_ask_idle(Instant{1h + 9s}));
  EXPECT_TRUE(air.may_ask_idle(Instant{1h + 10s}));
}

/// Ten massage pads on one Zigbee bridge.
House ten_pads() {
  House house = ana();
  house.devices.clear();
  house.routines.clear();
  house.rules.clear();
  for (int i = 0; i < 10; ++i) {
    Device d;
    d.id = "pad_" + std::to_string(i);
    d.name = "Pad " + std::to_string(i);
    d.kind = Kind::massage_pad;
    d.speaks = "zigbee2mqtt";
    house.devices.push_back(d);
  }
  return house;
}

/// What their bridge tells before anything is relied on.
void bridge_is_fine(Home& home) {
  home.at(22, 0);
  for (std::uint16_t i = 0; i < 10; ++i)
    for (const Source from : {Source::list, Source::settings, Source::groups}) home.hears(GateJudged{{i}, from, {}});
}

TEST(AWaveOnTenPads, NeverFloodsTheirBridgeAndEveryPadGetsItsTurn) {
  Home home(ten_pads());
  bridge_is_fine(home);
  std::map<milliseconds, int> in_second;
  std::map<DeviceId, std::vector<Instant>> told;
  std::map<DeviceId, Percent> last;
  home.lost = [&](const Effect& e) {
    const auto* c = std::get_if<SafeCommand>(&e);
    if ((c && !c->off()) || std::holds_alternative<Ask>(e)) ++in_second[home.now.since_boot / 1000];
    if (c && !c->off()) told[c->device()].push_back(home.now), last[c->device()] = c->output().level;
    return false;
  };
  for (std::uint16_t i = 0; i < 10; ++i) home.asks(ask::SetDevice{{i}, 60_pct, "wave", {}});
  home.passes(3min);
  for (const auto& [second, n] : in_second) EXPECT_LE(n, 4) << second.count();
  std::size_t fewest = 1000, most = 0;
  for (std::uint16_t i = 0; i < 10; ++i) {
    const std::vector<Instant>& times = told[{i}];
    fewest = std::min(fewest, times.size()), most = std::max(most, times.size());
    for (std::size_t n = 1; n < times.size(); ++n) EXPECT_GE(times[n] - times[n - 1], 1s) << "pad " << i;
    EXPECT_TRUE(home.runs({i})) << "pad " << i;
  }
  EXPECT_GE(fewest, 8u);
  EXPECT_LE(most, fewest * 2) << "none is starved by those before it in the list";
}

TEST(AWaveOnTenPads, IsStoppedInOneStep) {
  Home home(ten_pads());
  bridge_is_fine(home);
  for (std::uint16_t i = 0; i < 10; ++i) home.asks(ask::SetDevice{{i}, 60_pct, "wave", {}});
  home.passes(1min);
  int off = 0, on = 0;
  home.lost = [&](const Effect& e) {
    if (const auto* c = std::get_if<SafeCommand>(&e)) c->off() ? ++off : ++on;
    return false;
  };
  home.asks(ask::StopAll{});
  EXPECT_EQ(off, 10) << "an OFF waits for no air";
  home.passes(1min);
  EXPECT_EQ(on, 0) << "and nothing that had to wait switches on later";
}

TEST(AnAskedLevel, ThatHadToWaitIsTheNewestWhenItLeaves) {
  Home home(ten_pads());
  bridge_is_fine(home);
  std::vector<Percent> said;
  home.lost = [&](const Effect& e) {
    if (const auto* c = std::get_if<SafeCommand>(&e); c && c->device() == DeviceId{9} && !c->off())
      said.push_back(c->output().level);
    return false;
  };
  for (std::uint16_t i = 0; i < 10; ++i) home.asks(ask::SetDevice{{i}, 20_pct, "steady", {}});
  home.asks(ask::SetDevice{{9}, 50_pct, "steady", {}}).passes(40s);
  ASSERT_FALSE(said.empty());
  EXPECT_EQ(said.back(), 50_pct);
  for (std::size_t i = 1; i < said.size(); ++i) EXPECT_GE(said[i], said[i - 1]) << "never back to an older wish";
}

TEST(AnOff, OfHeatLeavesBeforeAllOthers) {
  Home home;
  home.at(22, 0).in_bed(true).at(22, 45);
  ASSERT_TRUE(home.runs(kPad) && home.runs(kWarmer)) << home.all();
  std::vector<DeviceId> order;
  home.lost = [&](const Effect& e) {
    if (const auto* c = std::get_if<SafeCommand>(&e); c && c->off()) order.push_back(c->device());
    return false;
  };
  home.hears(Stalled{20s, 0ms});
  ASSERT_GE(order.size(), 2u);
  EXPECT_EQ(order.front(), kWarmer) << "a stall, a STOP: what can burn goes off first";
}

}  // namespace
}  // namespace lull
