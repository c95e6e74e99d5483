// Zigbee2MQTT: what its plugs, dimmers and lamps are told, which of them it trusts with heat, and what it never
// believes.
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/devices/dialects/bedside.hpp"

namespace lull {
namespace {

using nlohmann::json;
const Dialect& z2m() { return *dialect_called("zigbee2mqtt"); }

Device device(Kind kind, std::string at, bool steps = true) {
  Device d;
  d.id = d.name = d.at = std::move(at);
  d.kind = kind;
  d.speaks = "zigbee2mqtt";
  d.steps_levels = steps;
  return d;
}
const Device kWarmer = device(Kind::heat_pad, "Foot warmer plug");
const Device kMassage = device(Kind::massage_pad, "leg_massage");
const Device kLamp = device(Kind::light, "Bedside lamp");

Lines said(const Device& d, const SafeCommand& command) { return in_words(z2m().say(d, command, kNow)); }
std::string news_of(const Device& d, const std::string& topic, const std::string& payload, bool retained = false) {
  const Lines lines = in_words(heard(d, topic, payload, retained).news);
  return lines.empty() ? "" : lines.size() == 1 ? lines[0] : json(lines).dump();
}

// ---- saying ---------------------------------------------------------------------------------------------------------

TEST(APlugWithHeat, CarriesItsLeaseInEachOn) {
  EXPECT_EQ(said(kWarmer, granted(Kind::heat_pad, Timer::on_time, 40_pct)),
            Lines{R"(zigbee2mqtt/Foot warmer plug/set {"state":"ON","on_time":300,"off_wait_time":0})"});
}
TEST(APlugWithHeat, IsToldLessWhenLessIsLeft) {
  const SafeCommand command = granted(Kind::heat_pad, Timer::on_time, 40_pct);
  EXPECT_EQ(in_words(z2m().say(kWarmer, command, kNow + 61'500ms)),
            Lines{R"(zigbee2mqtt/Foot warmer plug/set {"state":"ON","on_time":238,"off_wait_time":0})"});
}
TEST(APlugWithHeat, NeverGetsMoreThanALeaseThoughTheClockStoodStill) {
  const SafeCommand command = granted(Kind::heat_pad, Timer::on_time, 40_pct);
  EXPECT_EQ(in_words(z2m().say(kWarmer, command, Instant{}))[0].substr(29),
            R"(set {"state":"ON","on_time":300,"off_wait_time":0})");
}
TEST(APlugWithHeat, WithATurnOffCountdownGetsTheCountdownBeforeOn) {
  EXPECT_EQ(said(kWarmer, granted(Kind::heat_pad, Timer::turn_off_countdown, 40_pct)),
            (Lines{R"(zigbee2mqtt/Foot warmer plug/set {"countdown_to_turn_off":300})",
                   R"(zigbee2mqtt/Foot warmer plug/set {"state":"ON"})"}));
}
TEST(APlugWithHeat, IsSwitchedOffByAnyTimerThatIsNotItsOwn) {
  for (const Timer timer : {Timer::lease, Timer::mapped_duration, Timer::mapped_auto_off, Timer::toggle_countdown})
    EXPECT_EQ(said(kWarmer, granted(Kind::heat_pad, timer, 40_pct)),
              Lines{R"(zigbee2mqtt/Foot warmer plug/set {"state":"OFF"})"})
        << word_for(timer) << ": a toggle or a lease of another dialect must never become an ON without an end";
}
TEST(APlugWithHeat, HasItsTimerArmedAndReadBackAndStaysColdAfterAPowerCut) {
  EXPECT_EQ(in_words(z2m().arm(kWarmer, Timer::turn_off_countdown, 300s)),
            (Lines{R"(zigbee2mqtt/Foot warmer plug/set {"countdown_to_turn_off":300})",
                   R"(zigbee2mqtt/Foot warmer plug/set {"countdown_to_turn_on":0})",
                   R"(zigbee2mqtt/Foot warmer plug/set {"power_on_behavior":"off"})",
                   R"(zigbee2mqtt/Foot warmer plug/get {"countdown_to_turn_off":"","power_on_behavior":""})"}));
  EXPECT_EQ(in_words(z2m().arm(kWarmer, Timer::on_time, 300s)),
            (Lines{R"(zigbee2mqtt/Foot warmer plug/set {"power_on_behavior":"off"})",
                   R"(zigbee2mqtt/Foot warmer plug/get {"power_on_behavior":""})"}));
  EXPECT_TRUE(z2m().arm(kWarmer, Timer::toggle_countdown, 300s).empty());
  EXPECT_TRUE(z2m().arm(kLamp, Timer::on_time, 300s).empty());
}
TEST(AMassageOnADimmer, GetsItsLeaseFirstAndItsLevelAlone) {
  EXPECT_EQ(said(kMassage, granted(Kind::massage_pad, Timer::on_time, 40_pct)),
            (Lines{R"(zigbee2mqtt/leg_massage/set {"state":"ON","on_time":300,"off_wait_time":0})",
                   R"(zigbee2mqtt/leg_massage/set {"brightness":102})"}))
      << "together, Zigbee2MQTT drops the on_time without an error";
}
TEST(AMassageOnAPlug, GetsNoLevel) {
  EXPECT_EQ(said(device(Kind::massage_pad, "motor", false), granted(Kind::massage_pad, Timer::on_time, 40_pct)),
            Lines{R"(zigbee2mqtt/motor/set {"state":"ON","on_time":300,"off_wait_time":0})"});
  EXPECT_EQ(said(device(Kind::massage_pad, "motor", false), granted(Kind::massage_pad, Timer::product, 40_pct)),
            Lines{R"(zigbee2mqtt/motor/set {"state":"ON"})"});
}
TEST(ALamp, FadesByItselfBrightnessFirstColourAlone) {
  const Output fade{.level = 60_pct, .kelvin = Kelvin::from(2200), .fade_to = 5_pct, .fade_over = 10min};
  EXPECT_EQ(said(kLamp, granted(Kind::light, Timer::unknown, fade)),
            (Lines{R"(zigbee2mqtt/Bedside lamp/set {"state":"ON","brightness":152})",
                   R"(zigbee2mqtt/Bedside lamp/set {"color_temp":455})",
                   R"(zigbee2mqtt/Bedside lamp/set {"brightness":13,"transition":600})"}));
}
TEST(ALamp, KeepsItsLowestLightAndFadesUpFromDarkness) {
  EXPECT_EQ(said(kLamp, granted(Kind::light, Timer::unknown, *Percent::from(0.1))),
            Lines{R"(zigbee2mqtt/Bedside lamp/set {"state":"ON","brightness":1})"});
  const Output sunrise{.level = 0_pct, .kelvin = {}, .fade_to = 80_pct, .fade_over = 90s};
  EXPECT_EQ(said(kLamp, granted(Kind::light, Timer::unknown, sunrise)),
            Lines{R"(zigbee2mqtt/Bedside lamp/set {"brightness":203,"transition":90})"})
      << "from where it is: nobody asked for a jump to its lowest light";
  const Output dusk{.level = 10_pct, .kelvin = {}, .fade_to = 0_pct, .fade_over = 24h};
  EXPECT_EQ(said(kLamp, granted(Kind::light, Timer::unknown, dusk)).back(),
            R"(zigbee2mqtt/Bedside lamp/set {"brightness":0,"transition":6500})")
      << "tenths of a second in 16 bits, of which the last value means something else";
}
TEST(ABridgeUnderAnotherBaseTopic, IsSpokenToThere) {
  Device d = kWarmer;
  d.base = "home/upstairs";
  EXPECT_EQ(in_words(off_words(z2m(), kId, d)), Lines{R"(home/upstairs/Foot warmer plug/set {"state":"OFF"})"});
  EXPECT_EQ(news_of(d, "home/upstairs/bridge/state", "offline"), "unreachable");
  EXPECT_EQ(news_of(d, "zigbee2mqtt/bridge/state", "offline"), "") << "not its bridge";
}
TEST(AZigbeeDevice, IsAskedForWhatItsKindTells) {
  EXPECT_EQ(in_words(z2m().ask(kWarmer)), Lines{R"(zigbee2mqtt/Foot warmer plug/get {"state":""})"});
  EXPECT_EQ(in_words(z2m().ask(kMassage)), Lines{R"(zigbee2mqtt/leg_massage/get {"state":"","brightness":""})"});
  EXPECT_TRUE(z2m().ask(device(Kind::presence, "bed_strap")).empty()) << "it sleeps";
}

// ---- trusting: every model of the sample, by what it exposes
// ---------------------------------------------------------

json plug(const std::vector<json>& exposes) {
  return {{"friendly_name", "Foot warmer plug"},
          {"type", "Router"},
          {"supported", true},
          {"disabled", false},
          {"interview_state", "SUCCESSFUL"},
          {"power_source", "Mains (single phase)"},
          {"definition", {{"model", "E22xx"}, {"vendor", "IKEA"}, {"exposes", json(exposes)}}}};
}
json state(int access = 7, const char* property = "state") {
  const json feature = {{"type", "binary"}, {"name", "state"}, {"property", property}, {"access", access}};
  return {{"type", "switch"}, {"features", json::array({feature})}};
}
json numeric(const char* property, int access = 7, const char* unit = "s") {
  return {{"type", "numeric"}, {"name", property}, {"property", property}, {"access", access}, {"unit", unit}};
}
std::string learned(const json& entry, const Device& d = kWarmer) {
  const Heard h = heard(d, "zigbee2mqtt/bridge/devices", json::array({entry}).dump());
  for (const News& news : h.news)
    if (std::holds_alternative<TimerLearned>(news)) return in_words(news);
  return "no word of a timer";
}
void expect_timer(const json& entry, const std::string& timer, const std::string& reason, const Device& d = kWarmer) {
  const std::string got = learned(entry, d);
  EXPECT_TRUE(got.starts_with("timer " + timer)) << got;
  EXPECT_NE(got.find(reason), got.npos) << got;
}

TEST(ThePlugOfTheHeater, IsTrustedWithAPlainOnTime) { EXPECT_EQ(learned(plug({state()})), "timer on_time"); }
TEST(ThePlugOfTheHeater, IsTrustedWithACountdownThatOnlyTurnsOff) {
  EXPECT_EQ(learned(plug({state(), numeric("countdown_to_turn_off"), numeric("countdown_to_turn_on")})),
            "timer turn_off_countdown");
  expect_timer(plug({state(), numeric("countdown_to_turn_off", 3)}), "none", "may toggle");
  expect_timer(plug({state(), numeric("countdown_to_turn_off", 7, "min")}), "none", "may toggle");
}
TEST(ThePlugOfTheHeater, IsRefusedWhenItsCountdownToggles) {
  for (const int access : {7, 3, 2}) expect_timer(plug({state(), numeric("countdown", access)}), "none", "issue 22182");
  EXPECT_EQ(learned(plug({state(), numeric("countdown", 1)})), "timer on_time")
      << "one that can only be read is no trap";
}
TEST(ThePlugOfTheHeater, IsRefusedWithAReasonAndARemedy) {
  json entry = plug({state()});
  entry["disabled"] = true;
  expect_timer(entry, "unknown", "enable it");
  entry = plug({state()}), entry["interview_state"] = "FAILED";
  expect_timer(entry, "unknown", "pair it again");
  entry = plug({state()}), entry["supported"] = false;
  expect_timer(entry, "none", "choose another");
  entry = plug({state()}), entry.erase("definition");
  expect_timer(entry, "none", "choose another");
  entry = plug({state()}), entry["type"] = "EndDevice", entry["power_source"] = "Battery";
  expect_timer(entry, "none", "use one on mains");
  entry = plug({state()}), entry["friendly_name"] = "Foot warmer";
  expect_timer(entry, "unknown", "no device called 'Foot warmer plug'");
  expect_timer(plug({state(7, "state_l1"), state(7, "state_l2")}), "unknown", "several gangs");
  expect_timer(plug({state(3)}), "none", "cannot be asked");
  expect_timer(plug({}), "unknown", "`state`");
  for (const char* model : {"S60ZBTPF", "S60ZBTPG", "B1Z", "R7060", "WHD02"}) {
    entry = plug({state()}), entry["definition"]["model"] = model;
    expect_timer(entry, "none", "reported not to switch itself off");
  }
}
TEST(TheDimmerOfAMassage, MustHaveTheLevelsItIsDeclaredWith) {
  Device d = kWarmer;
  d.kind = Kind::massage_pad;
  expect_timer(plug({state()}), "on_time", "", [&] {
    Device plain = d;
    plain.steps_levels = false;
    return plain;
  }());
  expect_timer(plug({state()}), "unknown", "declare it as on and off only", d);
  const json brightness = {{"type", "numeric"}, {"property", "brightness"}, {"access", 7}, {"value_max", 254}};
  json dimmer = {{"type", "light"}, {"features", json::array({state()["features"][0], brightness})}};
  EXPECT_EQ(learned(plug({dimmer}), d), "timer on_time");
  dimmer["features"][1]["value_max"] = 100;
  expect_timer(plug({dimmer}), "unknown", "0 to 254", d);
  d.own_cut_off = 900s;
  expect_timer(plug({dimmer, numeric("countdown")}), "unknown", "0 to 254", d);
  dimmer["features"][1]["value_max"] = 254;
  expect_timer(plug({dimmer, numeric("countdown")}), "product", "issue 22182", d);
}
TEST(TheListOfDevices, ThatCannotBeReadIsNoTimer) {
  for (const char* payload : {"{}", "[", "null", "\xff"}) {
    const Lines lines = in_words(heard(kWarmer, "zigbee2mqtt/bridge/devices", payload).news);
    ASSERT_EQ(lines.size(), 2u) << payload;
    EXPECT_TRUE(lines[0].starts_with("timer unknown: Zigbee2MQTT's list")) << payload;
    EXPECT_EQ(lines[1], "list: list_unreadable");
  }
}
TEST(TheListOfDevices, TellsOfASensorThatLostWhatItIsUsedFor) {
  const Device sensor = device(Kind::movement, "Foot warmer plug");
  const Heard h = heard(sensor, "zigbee2mqtt/bridge/devices", json::array({plug({numeric("alarm_1")})}).dump());
  EXPECT_TRUE(h.news.empty());
  EXPECT_EQ(
      in_words(h.problems),
      Lines{
          "zigbee2mqtt/bridge/devices: Foot warmer plug: exposes no `vibration` or `action`, which a movement needs"});
}

// ---- hearing
// ---------------------------------------------------------------------------------------------------------

TEST(AStateMessage, KeepsItsGoodFieldsWhenOneIsBad) {
  const Heard h = heard(kWarmer, "zigbee2mqtt/Foot warmer plug", R"({"state":"MAYBE","power":60,"brightness":300})");
  EXPECT_EQ(in_words(h.news), Lines{"60 W"});
  EXPECT_EQ(in_words(h.problems), Lines{R"(zigbee2mqtt/Foot warmer plug: state: is "MAYBE", must be ON or OFF)"});
  EXPECT_EQ(in_words(heard(kMassage, "zigbee2mqtt/leg_massage", R"({"state":"ON","brightness":300})").problems),
            Lines{"zigbee2mqtt/leg_massage: brightness: is 300, must be 0 to 254"});
}
TEST(AStateMessage, IsNeverTakenForTheDevicesFreshWord) {
  for (const bool retained : {false, true})
    EXPECT_EQ(news_of(kWarmer, "zigbee2mqtt/Foot warmer plug", R"({"state":"OFF"})", retained), "off");
}
TEST(AStateMessage, ReadsBackTheArmedCountdown) {
  EXPECT_EQ(news_of(kWarmer, "zigbee2mqtt/Foot warmer plug", R"({"countdown_to_turn_off":300})"), "auto-off 300 s");
  EXPECT_EQ(news_of(kLamp, "zigbee2mqtt/Bedside lamp", R"({"countdown_to_turn_off":300})"), "");
}
TEST(ADeadBridge, IsNotBroughtBackByARetainedAvailability) {
  EXPECT_EQ(news_of(kWarmer, "zigbee2mqtt/bridge/state", R"({"state":"offline"})", true), "unreachable");
  EXPECT_EQ(news_of(kWarmer, "zigbee2mqtt/Foot warmer plug/availability", R"({"state":"online"})", true), "");
  EXPECT_EQ(news_of(kWarmer, "zigbee2mqtt/Foot warmer plug/availability", R"({"state":"offline"})", true),
            "unreachable");
  EXPECT_EQ(news_of(kWarmer, "zigbee2mqtt/Foot warmer plug/availability", "online"), "reachable")
      << "the bare word of 1.x";
}
TEST(AVibrationSensor, CountsABatteryReportOfAHeldVibrationOnlyOnce) {
  const Device aqara = device(Kind::movement, "mattress");
  EXPECT_EQ(news_of(aqara, "zigbee2mqtt/mattress", R"({"action":"vibration","strength":18,"vibration":true})"),
            "vibration");
  EXPECT_EQ(news_of(aqara, "zigbee2mqtt/mattress", R"({"strength":35,"vibration":true})"), "");
  EXPECT_EQ(news_of(aqara, "zigbee2mqtt/mattress", R"({"battery":90,"strength":35,"vibration":true})"), "battery 90 %");
  EXPECT_EQ(news_of(aqara, "zigbee2mqtt/mattress", R"({"action":"shake"})"), "vibration") << "DJT12LM has only actions";
  EXPECT_EQ(news_of(aqara, "zigbee2mqtt/mattress", R"({"action":"single"})"), "") << "a press of its button is none";
  EXPECT_EQ(news_of(aqara, "zigbee2mqtt/mattress", R"({"action":"vibration"})", true), "")
      << "a retained one did not happen now";
  EXPECT_EQ(in_words(heard(aqara, "zigbee2mqtt/mattress", R"({"vibration":3})").problems).size(), 1u)
      << "a motor's setting";
}
TEST(ABedSensor, TellsByWhateverItHas) {
  const Device bed = device(Kind::presence, "bed");
  for (const auto& [payload, news] : {std::pair{R"({"presence":true,"occupancy":false})", "occupied"},
                                      {R"({"occupancy":false})", "empty"},
                                      {R"({"pressure_state":"none"})", "empty"},
                                      {R"({"pressure_state":"sedentary"})", "occupied"},
                                      {R"({"pressure":true})", "occupied"},
                                      {R"({"pressure":1013})", ""},
                                      {R"({"occupancy":"yes"})", ""}})
    EXPECT_EQ(news_of(bed, "zigbee2mqtt/bed", payload), news) << payload;
}
TEST(AThermometer, MeasuresWhereItLiesAndNotItsOwnChip) {
  const Device d = device(Kind::thermometer, "pad");
  EXPECT_EQ(news_of(d, "zigbee2mqtt/pad", R"({"temperature":33.4,"device_temperature":51})"), "33.4 C");
  EXPECT_EQ(news_of(d, "zigbee2mqtt/pad", R"({"device_temperature":51})"), "");
  EXPECT_EQ(news_of(kWarmer, "zigbee2mqtt/Foot warmer plug", R"({"temperature":51})"), "")
      << "a plug's is not the pad's surface";
}
TEST(TheLog, ComplainsOnlyInTheNameOfTheDeviceThatFailed) {
  const auto log = [](const char* level, const std::string& message) {
    return news_of(kWarmer, "zigbee2mqtt/bridge/logging", json{{"level", level}, {"message", message}}.dump());
  };
  EXPECT_TRUE(log("error", "z2m: Publish 'set' 'state' to 'Foot warmer plug' failed: 'Error: x'")
                  .starts_with("complained: Publish"));
  EXPECT_TRUE(log("error", "z2m: Entity 'Foot warmer plug' is unknown").starts_with("complained: Entity"));
  EXPECT_EQ(log("error",
                "z2m: Publish 'set' 'state' to 'Foot warmer plug' failed: 'Error: ZCL command 0xa4c1380000000002/1 "
                "genOnOff.off({}, {}) failed (delivery failed, no ack)'"),
            "")
      << "ordinary radio weather: what counts is sent again";
  EXPECT_TRUE(log("error",
                  "z2m: Publish 'set' 'state' to 'Foot warmer plug' failed: 'Error: ZCL command 0xa4c1380000000002/1 "
                  "genOnOff.off({}, {}) failed (Status 'UNSUPPORTED_CLUSTER')'")
                  .starts_with("complained: "))
      << "its own word";
  EXPECT_EQ(log("error", "z2m: Publish 'set' 'state' to 'Foot warmer plug 2' failed: 'Error: x'"), "");
  EXPECT_EQ(log("info", "z2m: MQTT publish: \"error\" Entity 'Foot warmer plug' is unknown"), "");
  EXPECT_EQ(log("error", "z2m: MQTT said: Publish 'set' 'state' to 'Foot warmer plug' failed"), "")
      << "quoted by something else";
  EXPECT_EQ(log("error", "z2m: No converter available for 'power_on_behavior' on 'Foot warmer plug': (\"off\")"), "")
      << "a plug that does not know it is no worse than before";
}

// ---- configuration
// ---------------------------------------------------------------------------------------------------

TEST(TheNameOfAZigbeeDevice, IsCheckedWithARemedy) {
  for (const auto& [at, remedy] : {std::pair{"", "friendly name"},
                                   {"0xa4c1380000000002", "write that"},
                                   {"bridge lamp", "rename"},
                                   {"lamp/+", "wildcard"},
                                   {"/lamp", "slash"},
                                   {"lamp/set", "alone"},
                                   {"la\nmp", "control"}}) {
    const Lines problems = in_words(z2m().check(device(Kind::light, at)));
    ASSERT_EQ(problems.size(), 1u) << at;
    EXPECT_NE(problems[0].find(remedy), std::string::npos) << problems[0];
  }
  for (const char* at : {"Foot warmer plug", "bedroom/heat_pad", "Wärmflasche", "0xlamp"})
    EXPECT_TRUE(z2m().check(device(Kind::light, at)).empty()) << at;
  Device radar = device(Kind::movement, "radar");
  radar.stream = Stream::radar;
  EXPECT_EQ(in_words(z2m().check(radar)), Lines{"stream: is radar; a Zigbee sensor reports vibration"});
}
TEST(ADeviceOfABridge, HearsItsBridgeBeforeItself) {
  const auto topics = z2m().topics(kWarmer);
  EXPECT_EQ(topics.front(), "zigbee2mqtt/bridge/state")
      << "a retained offline of the device must come after the bridge's online";
  EXPECT_EQ(topics.back(), "zigbee2mqtt/Foot warmer plug");
  EXPECT_EQ(z2m().command_topics(kWarmer), Lines{"zigbee2mqtt/Foot warmer plug/set"});
}

}  // namespace
}  // namespace lull
