// The simulated bedroom: devices that keep their own promises, and a night that a seed repeats byte for byte.
#include "bridge/demo/bedroom.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace lull::demo {
namespace {

constexpr Utc kEvening{milliseconds{1'795'298'400'000}};  // 2026-11-21 22:00 UTC
constexpr Instant kBegins{1h};

struct Room {
  Bedroom bedroom;
  Instant now = kBegins;
  std::vector<BedroomSays> said{};
  explicit Room(BedroomSettings settings = {}) : bedroom((settings.begins = kBegins, settings), kEvening) {
    passes(1s);
  }
  Room& passes(milliseconds span) {
    now = now + span;
    for (auto& message : bedroom.passes(now)) said.push_back(std::move(message));
    return *this;
  }
  Room& tell(std::string_view topic, std::string_view payload) {
    bedroom.hear(topic, payload, now);
    return passes(100ms);
  }
  Room& lease(std::string_view s) { return tell("lull/pad/left/number/lease/command", s); }
  Room& heat(std::string_view degrees) { return tell("lull/pad/left/number/heat_target/command", degrees); }
  Room& massage(std::string_view percent) { return tell("lull/pad/left/number/vibration/command", percent); }
  Room& plug(std::string_view payload) { return tell("zigbee2mqtt/Foot warmer plug/set", payload); }
  Room& lamp(std::string_view payload) { return tell("zigbee2mqtt/Bedside lamp/set", payload); }
  Truth truth() const { return bedroom.truth(); }
  std::string last(std::string_view topic) const {
    for (auto m = said.rbegin(); m != said.rend(); ++m)
      if (m->topic == topic) return m->payload;
    return "(nothing)";
  }
  int count(std::string_view topic) const {
    return static_cast<int>(std::count_if(said.begin(), said.end(), [&](const auto& m) { return m.topic == topic; }));
  }
};
const std::string kLeaseState = "lull/pad/left/number/lease/state",
                  kHeatState = "lull/pad/left/number/heat_target/state",
                  kMassageState = "lull/pad/left/number/vibration/state",
                  kInterlock = "lull/pad/left/sensor/interlock/state";

// ---- the reference pad ----
TEST(TheSimulatedPad, RefusesHeatAndMassageWithoutALease) {
  Room room;
  room.heat("37").massage("40").passes(5s);
  EXPECT_FALSE(room.truth().pad_heat_armed);
  EXPECT_EQ(room.truth().massage, 0);
  EXPECT_EQ(room.last(kHeatState), "0.000000") << "an echo of 0 after a request is a refusal";
  EXPECT_EQ(room.last(kMassageState), "0.000000");
}
TEST(TheSimulatedPad, GoesColdWhenItsLeaseLapsesAndNobodyTalks) {
  Room room;
  room.lease("300").heat("37").massage("40").passes(60s);
  EXPECT_TRUE(room.truth().pad_heat_armed);
  EXPECT_GT(room.truth().pad_surface, 22.0) << "it warms";
  EXPECT_EQ(room.last(kLeaseState), "300.000000") << "ESPHome writes %f";
  EXPECT_EQ(room.last(kInterlock), "leased");
  room.passes(242s);
  EXPECT_FALSE(room.truth().pad_heat_armed);
  EXPECT_EQ(room.truth().massage, 0);
  EXPECT_EQ(room.last(kLeaseState), "0.000000");
  EXPECT_EQ(room.last(kInterlock), "idle");
}
TEST(TheSimulatedPad, StaysWarmOnARenewedLease) {
  Room room;
  room.lease("300").heat("36");
  for (int i = 0; i < 10; ++i) room.passes(100s).lease("300");
  EXPECT_TRUE(room.truth().pad_heat_armed);
  EXPECT_NEAR(room.truth().pad_surface, 36.0, 1.0) << "a thermostat, not an open tap";
}
TEST(TheSimulatedPad, DropsWhatIsOutOfRangeWithoutAnEcho) {
  Room room;
  room.lease("300").heat("36");
  const int echoes = room.count(kHeatState);
  for (const auto* nonsense : {"99", "39.5", "-1", "nan", "inf", "", "37 ", "37,5", "0x25", "thirty"})
    room.heat(nonsense);
  EXPECT_EQ(room.count(kHeatState), echoes);
  EXPECT_EQ(room.last(kHeatState), "36.000000") << "the old value stays";
  room.lease("901");
  EXPECT_EQ(room.last(kLeaseState), "300.000000");
}
TEST(TheSimulatedPad, EndsItsSessionThoughTheLeaseIsValid) {
  Room room;
  room.lease("300").heat("34").massage("30");
  for (int i = 0; i < 8; ++i) room.passes(150s).lease("300");
  EXPECT_EQ(room.truth().massage, 0) << "twenty minutes are enough for a motor";
  EXPECT_TRUE(room.truth().pad_heat_armed);
  EXPECT_EQ(room.last(kInterlock), "motor_rest");
  for (int i = 0; i < 4; ++i) room.passes(150s).lease("300");
  EXPECT_FALSE(room.truth().pad_heat_armed) << "and thirty for a heater";
  EXPECT_GT(room.truth().pad_lease.count(), 0);
  EXPECT_EQ(room.heat("34").last(kHeatState), "0.000000") << "refused while it rests";
  EXPECT_EQ(room.last(kInterlock), "heat_rest");
  room.passes(30min).lease("300").heat("34");
  EXPECT_TRUE(room.truth().pad_heat_armed) << "rested";
}
TEST(TheSimulatedPad, LatchesOverTemperatureUntilAHandLetsGo) {
  Room room;
  room.lease("300").heat("39").passes(60s);
  room.bedroom.happen(Mishap::pad_mosfet_shorts, room.now);  // the gate no longer matters; only the relay does
  room.bedroom.happen(Mishap::pad_folded, room.now);
  room.passes(10min);
  EXPECT_EQ(room.last(kInterlock), "over_temp");
  EXPECT_FALSE(room.truth().pad_heating);
  room.bedroom.happen(Mishap::pad_unfolded, room.now);
  EXPECT_EQ(room.lease("300").heat("35").last(kHeatState), "0.000000") << "latched";
  EXPECT_EQ(room.massage("30").last(kMassageState), "30.000000") << "massage still works";
  room.passes(30min);
  room.bedroom.happen(Mishap::stop_button_held, room.now);
  room.passes(2s).lease("300").heat("35");
  EXPECT_TRUE(room.truth().pad_heat_armed);
}
TEST(TheSimulatedPad, LetsItsHeatGoWhenItsThermometerBreaks) {
  Room room;
  room.lease("300").heat("37").passes(30s);
  room.bedroom.happen(Mishap::pad_thermometer_breaks, room.now);
  room.passes(2s);
  EXPECT_FALSE(room.truth().pad_heat_armed);
  room.passes(20s);
  EXPECT_EQ(room.last(kInterlock), "sensor");
  EXPECT_EQ(room.last("lull/pad/left/sensor/pad_temperature_a/state"), "nan");
}
TEST(TheSimulatedPad, LetsItsHeatGoWithTheBrokerAndItsMotorWithTheLease) {
  Room room;
  room.lease("120").heat("37").massage("40").passes(30s);
  room.bedroom.happen(Mishap::broker_gone, room.now);
  EXPECT_FALSE(room.truth().pad_heat_armed);
  EXPECT_EQ(room.truth().massage, 40);
  room.lease("300").passes(95s);
  EXPECT_EQ(room.truth().massage, 0) << "what is said without a broker reaches nobody";
  room.bedroom.happen(Mishap::broker_back, room.now);
  room.passes(3s);
  EXPECT_EQ(room.last("lull/pad/left/status"), "online");
  EXPECT_EQ(room.last(kMassageState), "0.000000");
}
TEST(TheSimulatedPad, SaysItsTemperatureOftenEnoughToBeBelieved) {
  Room room;
  room.passes(10min);
  Instant before = kBegins;
  for (const auto& m : room.said) {
    if (m.topic != "lull/pad/left/sensor/pad_temperature_a/state") continue;
    EXPECT_LE((m.at - before).count(), 11'000);
    before = m.at;
    EXPECT_TRUE(m.retain);
  }
}

// ---- the plug ----
const std::string kPlugTopic = "zigbee2mqtt/Foot warmer plug";
TEST(TheSimulatedPlug, SwitchesItselfOffWhenItsLeaseLapses) {
  Room room;
  room.passes(10s).plug(R"({"state":"ON","on_time":300,"off_wait_time":0})").passes(30s);
  EXPECT_TRUE(room.truth().plug_on);
  EXPECT_NE(room.last(kPlugTopic).find(R"("state":"ON")"), std::string::npos);
  EXPECT_NE(room.last(kPlugTopic).find(R"("power":60)"), std::string::npos);
  room.bedroom.happen(Mishap::bridge_crashes, room.now);
  room.passes(271s);
  EXPECT_FALSE(room.truth().plug_on) << "with its bridge killed";
}
TEST(TheSimulatedPlug, ReportsThatItSwitchedItselfOff) {
  Room room;
  room.passes(10s).plug(R"({"state":"ON","on_time":60})").passes(75s);
  EXPECT_NE(room.last(kPlugTopic).find(R"("state":"OFF")"), std::string::npos);
  EXPECT_NE(room.last(kPlugTopic).find(R"("power":0,)"), std::string::npos);
}
TEST(TheSimulatedPlug, TellsTheOldStateFirstWithAFreshTime) {
  Room room;
  room.passes(10s);
  const auto before = room.said.size();
  room.plug(R"({"state":"ON","on_time":300})").passes(1s);
  std::vector<std::string> states;
  for (auto i = before; i < room.said.size(); ++i)
    if (room.said[i].topic == kPlugTopic) states.push_back(room.said[i].payload);
  ASSERT_GE(states.size(), 2u);
  EXPECT_NE(states[0].find(R"("state":"OFF")"), std::string::npos);
  EXPECT_NE(states[0].find("2026-11-21T22:00:1"), std::string::npos) << states[0];
  EXPECT_NE(states[1].find(R"("state":"ON")"), std::string::npos);
}
TEST(TheSimulatedPlug, KeepsARenewedLeaseAndNeverShortensOne) {
  Room room;
  room.plug(R"({"state":"ON","on_time":300})").passes(200s).plug(R"({"state":"ON","on_time":300})").passes(200s);
  EXPECT_TRUE(room.truth().plug_on);
  room.plug(R"({"state":"ON","on_time":10})").passes(20s);
  EXPECT_TRUE(room.truth().plug_on) << "the longer of the two remains";
  room.plug(R"({"state":"OFF"})");
  EXPECT_FALSE(room.truth().plug_on);
  room.plug(R"({"state":"ON"})");
  EXPECT_FALSE(room.truth().plug_timer.has_value()) << "OFF cleared the timer; a plain ON is for ever";
}
TEST(TheSimulatedPlug, TakesZeroForEverAndRefusesNonsense) {
  Room room;
  for (const auto* bad :
       {R"({"state":"ON","on_time":-1})", R"({"state":"ON","on_time":"300"})", R"({"state":"ON","on_time":7000})",
        R"({"state":7})", "null", "17", "{", "", R"([[[[[[[[[[[[]]]]]]]]]]]])", "\xff\xfe"})
    EXPECT_FALSE(room.plug(bad).truth().plug_on) << bad;
  room.plug(R"({"state":"ON","on_time":0})");
  EXPECT_TRUE(room.truth().plug_on);
  EXPECT_FALSE(room.truth().plug_timer.has_value()) << "the trap: 0 is for ever";
}
TEST(TheSimulatedPlug, MayRefuseWithoutAWord) {
  Room room;
  room.bedroom.happen(Mishap::plug_refuses, room.now);
  room.plug(R"({"state":"ON","on_time":300})").passes(5s);
  EXPECT_FALSE(room.truth().plug_on);
  EXPECT_EQ(room.last(kPlugTopic).find(R"("state":"ON")"), std::string::npos) << "the safe failure";
  room.bedroom.happen(Mishap::plug_refuses, room.now);
  room.plug(R"({"state":"ON"})");
  EXPECT_NE(room.last(kPlugTopic).find(R"("state":"ON")"), std::string::npos) << "published, and not true";
  EXPECT_FALSE(room.truth().plug_on);
  room.tell("zigbee2mqtt/Foot warmer plug/get", R"({"state":""})");
  EXPECT_NE(room.last(kPlugTopic).find(R"("state":"OFF")"), std::string::npos) << "asked, it tells the truth";
}
TEST(TheSimulatedPlug, IsToldWrongByARestartedBridgeUntilItWasRead) {
  Room room;
  room.plug(R"({"state":"ON","on_time":20})").passes(17s);
  room.bedroom.happen(Mishap::bridge_restarts, room.now);
  room.passes(7s);
  EXPECT_FALSE(room.truth().plug_on) << "lapsed while nobody listened";
  EXPECT_EQ(room.last("zigbee2mqtt/bridge/state"), R"({"state":"offline"})");
  const auto before = room.said.size();
  room.passes(5s);
  std::vector<std::string> states;
  for (auto i = before; i < room.said.size(); ++i)
    if (room.said[i].topic == kPlugTopic) states.push_back(room.said[i].payload);
  ASSERT_EQ(states.size(), 2u);
  EXPECT_NE(states[0].find(R"("state":"ON")"), std::string::npos) << "the cached lie";
  EXPECT_NE(states[1].find(R"("state":"OFF")"), std::string::npos);
}
TEST(TheSimulatedPlug, WakesFromAPowerCutAsItsSettingSays) {
  for (const bool told : {false, true}) {
    Room room;
    if (told) room.plug(R"({"power_on_behavior":"off"})");
    room.plug(R"({"state":"ON","on_time":300})").passes(10s);
    room.bedroom.happen(Mishap::power_cut, room.now);
    room.passes(10s);
    EXPECT_EQ(room.truth().plug_on, !told) << "out of the box it remembers, and its timer is lost";
  }
}

// ---- the lamp ----
const std::string kLampTopic = "zigbee2mqtt/Bedside lamp";
TEST(TheSimulatedLamp, FadesAndTellsItsTargetTwice) {
  Room room;
  room.passes(10s).lamp(R"({"brightness":13,"transition":600})");
  const int said = room.count(kLampTopic);
  EXPECT_NE(room.last(kLampTopic).find(R"("brightness":13)"), std::string::npos) << "at the start already";
  EXPECT_NEAR(room.truth().lamp_level, 70, 1);
  room.passes(300s);
  EXPECT_NEAR(room.truth().lamp_level, 37.6, 1) << "half way";
  EXPECT_EQ(room.count(kLampTopic), said);
  room.passes(301s);
  EXPECT_EQ(room.count(kLampTopic), said + 1);
  EXPECT_NEAR(room.truth().lamp_level, 5.1, 0.1);
  room.lamp(R"({"state":"OFF"})");
  EXPECT_FALSE(room.truth().lamp_on);
  room.lamp(R"({"state":"ON"})");
  EXPECT_NEAR(room.truth().lamp_level, 5.1, 0.1) << "as it was left";
}
TEST(TheSimulatedLamp, JumpsWhenItsColourComesInTheSameMessage) {
  Room room;
  room.lamp(R"({"brightness":13,"color_temp":454,"transition":600})");
  EXPECT_NEAR(room.truth().lamp_level, 5.1, 0.1);
}

// ---- the bridge ----
TEST(TheSimulatedBridge, KeepsItsListsAndAnswersHealthChecks) {
  Room room;
  EXPECT_EQ(room.last("zigbee2mqtt/bridge/state"), R"({"state":"online"})");
  EXPECT_NE(room.last("zigbee2mqtt/bridge/devices").find("Foot warmer plug"), std::string::npos);
  EXPECT_NE(room.last("zigbee2mqtt/bridge/info").find("2.14.1"), std::string::npos);
  EXPECT_EQ(room.last("zigbee2mqtt/Bed left/availability"), R"({"state":"online"})");
  room.tell("zigbee2mqtt/bridge/request/health_check", R"({"transaction":"h1"})");
  EXPECT_EQ(room.last("zigbee2mqtt/bridge/response/health_check"),
            R"({"data":{"healthy":true},"status":"ok","transaction":"h1"})");
}
TEST(TheSimulatedButton, SaysWhatWasPressed) {
  Room room;
  room.bedroom.press("arrow_left_click", room.now);
  EXPECT_NE(room.passes(1s).last("zigbee2mqtt/Bedside button").find(R"("action":"arrow_left_click")"),
            std::string::npos);
}

// ---- the night ----
std::uint64_t digest(const std::vector<BedroomSays>& said) {
  std::uint64_t h = 1469598103934665603u;
  const auto mix = [&h](std::string_view text) {
    for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 1099511628211u;
  };
  for (const auto& m : said) mix(m.topic), mix(m.payload), mix(std::to_string(m.at.since_boot.count()));
  return h;
}
// A night in which somebody warms, rubs and dims, driven either second by second or only when there is something to
// say.
std::vector<BedroomSays> night(BedroomSettings settings, bool skip) {
  settings.begins = kBegins;
  Bedroom bedroom(settings, kEvening);
  std::vector<BedroomSays> said;
  const Instant end = kBegins + 9h + 30min;
  Instant now = kBegins, tell = kBegins + 30min + 137ms;
  while (now < end) {
    now = skip ? std::min(std::max(bedroom.next(), now + 1ms), tell) : now + 100ms;
    if (now >= tell) {
      now = tell;
      bedroom.hear("lull/pad/left/number/lease/command", "300", now);
      bedroom.hear("lull/pad/left/number/vibration/command", "30", now);
      bedroom.hear("zigbee2mqtt/Foot warmer plug/set", R"({"state":"ON","on_time":300})", now);
      bedroom.hear("zigbee2mqtt/Bedside lamp/set", R"({"brightness":40,"transition":95.5})", now);
      tell = tell + 47min;
    }
    for (auto& m : bedroom.passes(now)) {
      if (skip && m.at < now)
        ADD_FAILURE() << "next() overslept " << m.topic << " by " << (now - m.at).count() << " ms at "
                      << (m.at - kBegins).count();
      said.push_back(std::move(m));
    }
  }
  while (!said.empty() && said.back().at > end - 1s) said.pop_back();
  return said;
}
TEST(ASimulatedNight, IsTheSameForTheSameSeedByteForByte) {
  for (const bool faults : {false, true}) {
    const auto once = night({.seed = 7, .faults = faults}, false);
    EXPECT_GT(once.size(), 5000u);
    EXPECT_EQ(digest(once), digest(night({.seed = 7, .faults = faults}, false)));
    EXPECT_NE(digest(once), digest(night({.seed = 8, .faults = faults}, false)));
  }
}
TEST(ASimulatedNight, IsTheSameHoweverOftenItIsAsked) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    const bool faults = seed % 2 == 0;
    const auto often = night({.seed = seed, .faults = faults}, false),
               seldom = night({.seed = seed, .faults = faults}, true);
    ASSERT_EQ(often.size(), seldom.size()) << "seed " << seed;
    for (std::size_t i = 0; i < often.size(); ++i)
      ASSERT_EQ(often[i].topic + often[i].payload, seldom[i].topic + seldom[i].payload)
          << "seed " << seed << " message " << i;
  }
}
TEST(ASimulatedNight, SaysAsMuchAsARealBedroomDoes) {
  // About one message in three seconds. Ten times as many, and a thousand of them no longer fit into ordinary tests.
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const std::size_t said = night({.seed = seed}, true).size();
    EXPECT_GT(said, 5'000u) << seed;
    EXPECT_LT(said, 30'000u) << seed;
  }
}
TEST(ASimulatedNight, WithFaultsStillSaysMostOfIt) {
  const auto fine = night({.seed = 3}, true), foul = night({.seed = 3, .faults = true}, true);
  EXPECT_LT(foul.size(), fine.size());
  EXPECT_GT(foul.size(), fine.size() / 4);
}
TEST(ASimulatedNight, ListensOnlyToItsOwnTopics) {
  Room room;
  for (const auto& topic : Bedroom::topics()) room.tell(topic, "\xff{\"state\"");
  for (const auto* topic :
       {"", "lull/pad/left", "lull/pad/leftover/x", "zigbee2mqtt", "zigbee2mqtt/", "zigbee2mqtt/x/set", "a/b"})
    room.tell(topic, "ON");
  EXPECT_FALSE(room.passes(5s).truth().warm());
}

}  // namespace
}  // namespace lull::demo
