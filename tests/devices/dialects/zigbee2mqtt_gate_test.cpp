// What Zigbee2MQTT's retained documents tell against a device: each finding with its code, its sentence and its remedy.
#include <nlohmann/json.hpp>

#include "tests/devices/dialects/bedside.hpp"

namespace lull {
namespace {

using nlohmann::json;

Device warmer() {
  Device d;
  d.id = d.name = d.at = "Foot warmer plug";
  d.kind = Kind::heat_pad;
  d.speaks = "zigbee2mqtt";
  return d;
}
const Device kWarmer = warmer();

/// What the gate makes of a document: "code: sentence; remedy", notes in brackets.
Lines judged(const std::string& topic, const std::string& payload, const Device& d = kWarmer) {
  Lines lines;
  for (const News& news : heard(d, "zigbee2mqtt/bridge/" + topic, payload, true).news)
    if (const auto* gate = std::get_if<GateJudged>(&news))
      for (const Finding& f : gate->findings) {
        const std::string line = std::string(word_for(f.flaw)) + ": " + text_of(f);
        lines.push_back(f.refuses ? line : "(" + line + ")");
      }
  return lines;
}
Lines settings(const json& config) { return judged("info", json{{"version", "2.14.1"}, {"config", config}}.dump()); }
json with_option(const char* key, json value) {
  return {{"devices", {{"0xa4c1380000000002", {{"friendly_name", "Foot warmer plug"}, {key, std::move(value)}}}}}};
}

TEST(TheSettingsOfABridge, AreFineWhenNothingSpeaksAgainstThem) {
  EXPECT_EQ(settings({{"advanced", {{"output", "json"}, {"cache_state", true}}}}), Lines{});
  EXPECT_EQ(settings(with_option("filtered_attributes", {"linkquality", "^update$"})), Lines{});
  EXPECT_EQ(settings({{"devices", {{"0x01", {{"friendly_name", "Bedside lamp"}, {"transition", 2}}}}}}), Lines{})
      << "a lamp may";
  EXPECT_EQ(in_words(heard(kWarmer, "zigbee2mqtt/bridge/info", R"({"version":"2.14.1","config":{}})").news),
            Lines{"settings: fine"})
      << "said, for silence would leave it waiting";
}
TEST(TheSettingsOfABridge, RefuseHeatThatTheyWouldLeaveUnguarded) {
  const std::tuple<json, const char*, const char*> harmful[] = {
      {with_option("transition", 0), "transition_option", "on_time is dropped"},
      {with_option("debounce", 1), "debounce_option", "remove `debounce`"},
      {with_option("throttle", 5), "throttle_option", "remove `throttle`"},
      {with_option("filtered_attributes", {"^state$"}), "filtered_state", "may hide `state`"},
      {with_option("filtered_cache", {".*"}), "filtered_state", "may hide `state`"},
      {with_option("filtered_attributes", {"pow"}), "filtered_state", "may hide `power`"},
      {with_option("filtered_attributes", {7}), "filtered_state", "may hide"},
      {{{"device_options", {{"transition", 1}}}}, "transition_option", "for all devices"},
      {{{"advanced", {{"output", "attribute"}}}}, "output_attribute", "set it to `json`"},
      {{{"advanced", {{"cache_state", false}}}}, "cache_state_off", "set it to true"}};
  for (const auto& [config, code, text] : harmful) {
    const Lines lines = settings(config);
    ASSERT_EQ(lines.size(), 1u) << config;
    EXPECT_TRUE(lines[0].starts_with(std::string(code) + ": ")) << lines[0];
    EXPECT_NE(lines[0].find(text), std::string::npos) << lines[0];
  }
  EXPECT_EQ(judged("info", R"({"version":"1.42.0"})"),
            Lines{"bridge_too_old: Zigbee2MQTT 1.42.0 is older than 2.0; update Zigbee2MQTT"});
  EXPECT_TRUE(judged("info", "[").at(0).starts_with("settings_unreadable: "));
}
TEST(TheSettingsOfABridge, AreAllNamedAtOnce) {
  json config = with_option("transition", 1);
  config["devices"]["0xa4c1380000000002"]["debounce"] = 2;
  config["advanced"] = {{"cache_state", false}};
  EXPECT_EQ(settings(config).size(), 3u);
}
TEST(TheSettingsOfABridge, ThatOnlyMakeLullBlindAreNotes) {
  EXPECT_EQ(settings({{"availability", {{"enabled", false}}}, {"advanced", {{"last_seen", "disable"}}}}),
            (Lines{"(availability_off: Zigbee2MQTT does not watch whether its devices can be reached; set "
                   "`availability.enabled` to true there)",
                   "(last_seen_off: Zigbee2MQTT does not tell when it last heard of a device; set "
                   "`advanced.last_seen` to ISO_8601 there)"}));
  EXPECT_EQ(settings({{"availability", {{"enabled", true}}}, {"advanced", {{"last_seen", "epoch"}}}}), Lines{});
}
TEST(TheSettingsOfABridge, MayNestAsDeepAsTheirSchemaDoes) {
  std::string schema = "1";
  for (int i = 0; i < 40; ++i) schema = "{\"properties\":" + schema + "}";
  EXPECT_EQ(judged("info", "{\"config_schema\":" + schema + ",\"version\":\"2.14.1\"}"), Lines{});
}

TEST(TheGroupsOfABridge, AreToldByAddressForTheyBearNoNames) {
  const std::string groups =
      R"([{"id":1,"friendly_name":"bedroom","members":[{"ieee_address":"0x01","endpoint":1},{"ieee_address":"0x02"}]},)"
      R"({"id":7,"members":[{"ieee_address":"0x03","endpoint":1}]}])";
  EXPECT_EQ(in_words(heard(kWarmer, "zigbee2mqtt/bridge/groups", groups).news),
            Lines{"groups: 0x01 in bedroom, 0x02 in bedroom, 0x03 in 7"});
  EXPECT_EQ(in_words(heard(kWarmer, "zigbee2mqtt/bridge/groups", "[]").news), Lines{"groups: no members"});
}
TEST(TheGroupsOfABridge, ThatCannotBeReadAreADoubt) {
  for (const char* payload : {"{}", "[", "7"})
    EXPECT_EQ(in_words(heard(kWarmer, "zigbee2mqtt/bridge/groups", payload).news), Lines{"groups: list_unreadable"})
        << payload;
}
TEST(TheGroupsOfABridge, HaveABound) {
  json members = json::array();
  for (int i = 0; i < 3000; ++i) members.push_back({{"ieee_address", "0x" + std::to_string(i)}});
  const Heard h = heard(kWarmer, "zigbee2mqtt/bridge/groups",
                        json::array({json{{"friendly_name", "all"}, {"members", members}}}).dump());
  EXPECT_EQ(std::get<GroupsListed>(h.news.at(0)).members.size(), kMaxGroupMembers);
}

TEST(ADevice, IsKnownByItsModelFirmwareAndAddress) {
  const json power_on = {{"type", "enum"}, {"property", "power_on_behavior"}, {"access", 7}};
  json entry{{"friendly_name", "Foot warmer plug"},
             {"ieee_address", "0xa4c1380000000002"},
             {"type", "Router"},
             {"supported", true},
             {"interview_state", "SUCCESSFUL"},
             {"software_build_id", "2.4.45"},
             {"date_code", "2024"},
             {"definition", {{"model", "E22xx"}, {"exposes", {power_on}}}}};
  const auto identity = [&] {
    return in_words(heard(kWarmer, "zigbee2mqtt/bridge/devices", json::array({entry}).dump()).news).at(0);
  };
  EXPECT_EQ(identity(), "is E22xx 2.4.45 0xa4c1380000000002, tells power-on");
  entry.erase("software_build_id");
  entry["definition"]["exposes"][0]["access"] = 3;
  EXPECT_EQ(identity(), "is E22xx 2024 0xa4c1380000000002") << "a behaviour that cannot be read back is not known";
}

}  // namespace
}  // namespace lull
