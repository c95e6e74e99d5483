// How Lull introduces itself: ids that never change, a schema that Home Assistant accepts, heat that voice does not
// see.
#include "bridge/home_assistant/discovery.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "bridge/home_assistant/words.hpp"
#include "bridge/topics.hpp"
#include "tests/bridge/home_assistant/sample.hpp"
#include "tests/source.hpp"

namespace lull {
namespace {

using Json = nlohmann::json;
using Set = std::set<std::string>;

std::vector<std::pair<DeviceConfig, Json>> all(const House& house, const HomeAssistant& settings = sample::settings()) {
  std::vector<std::pair<DeviceConfig, Json>> out;
  for (const DeviceConfig& one : discovery(house, settings)) {
    const Json said = Json::parse(one.payload, nullptr, false);
    EXPECT_TRUE(said.is_object()) << one.payload;
    out.emplace_back(one, said);
  }
  return out;
}
Json component(const House& house, const std::string& unique_id, const HomeAssistant& settings = sample::settings()) {
  for (const auto& [config, said] : all(house, settings))
    for (const Json& one : said["components"])
      if (one["unique_id"] == unique_id) return one;
  return {};
}

/// What is wrong with one message by the closed schema of Home Assistant 2026.11, and by our own rules; "" = nothing.
std::string schema_problem(const Json& said) {
  static const Set kRoot{"device", "origin", "components", "availability", "availability_mode", "qos"};
  static const Set kDevice{"identifiers", "name",       "manufacturer",     "model",
                           "sw_version",  "via_device", "configuration_url"};  // never suggested_area
  static const std::map<std::string, Set> kNeeds{{"fan", {"command_topic", "state_topic"}},
                                                 {"switch", {"command_topic", "state_topic"}},
                                                 {"select", {"command_topic", "state_topic", "options"}},
                                                 {"button", {"command_topic"}},
                                                 {"scene", {"command_topic", "payload_on"}},
                                                 {"sensor", {"state_topic"}},
                                                 {"binary_sensor", {"state_topic"}},
                                                 {"event", {"state_topic", "event_types"}},
                                                 {"image", {"image_topic", "content_type"}}};
  static const std::set<std::pair<std::string, std::string>> kUnits{
      {"temperature", "°C"}, {"duration", "min"}, {"enum", ""}, {"", ""}};
  for (const auto& [key, value] : said.items())
    if (!kRoot.count(key)) return "unknown root key " + key;
  for (const auto& [key, value] : said["device"].items())
    if (!kDevice.count(key)) return "device key " + key;
  if (!said["origin"].contains("name")) return "no origin";
  for (const auto& [key, one] : said["components"].items()) {
    const std::string platform = one.value("platform", "");
    if (!kNeeds.count(platform)) return key + ": platform " + platform;
    if (!one.contains("unique_id")) return key + " has no unique_id";
    if (!one.contains("name")) return key + " has no name, not even null";
    for (const std::string& needed : kNeeds.at(platform))
      if (!one.contains(needed)) return key + " lacks " + needed;
    const std::string category = one.value("entity_category", ""), type = one.value("device_class", "");
    const bool reads = platform == "sensor" || platform == "binary_sensor";
    if (reads && category == "config") return key + ": a sensor cannot be config";
    if (platform == "sensor" && !kUnits.count({type, one.value("unit_of_measurement", "")}))
      return key + ": class, unit";
    if (type == "enum" && one.contains("state_class")) return key + ": enum with state_class";
    if (one.contains("preset_modes") != one.contains("preset_mode_command_topic")) return key + ": presets";
    if (one.contains("command_topic") && one.value("message_expiry_interval", 0) != 10) return key + ": stale commands";
    if (one.contains("command_topic") && one.contains("availability")) return key + ": an actuator is there as we are";
    const std::string id = one.value("default_entity_id", platform + ".x");
    if (id.rfind(platform + ".", 0) != 0) return key + ": " + id;
  }
  return "";
}

TEST(Discovery, IsWhatItWasWhenHouseholdsFirstSawIt) {
  // An id that changes costs every household its automations and history. If this fails, the change must be undone, or
  // the old entities removed in two steps and the new ones announced under new ids.
  std::ostringstream now;
  for (const auto& [config, said] : all(sample::house())) now << config.id << " " << said.dump(1) << "\n";
  const std::string file = in_source("tests/bridge/home_assistant/discovery.golden");
  if (std::getenv("LULL_REWRITE_GOLDEN")) std::ofstream(file) << now.str();
  std::ostringstream kept;
  kept << std::ifstream(file).rdbuf();
  EXPECT_EQ(now.str(), kept.str()) << "LULL_REWRITE_GOLDEN=1 writes " << file << " anew: read its diff";
}

TEST(Discovery, FitsTheClosedSchema) {
  for (const auto& [config, said] : all(sample::house())) EXPECT_EQ(schema_problem(said), "") << config.id;
  HomeAssistant settings = sample::settings();
  settings.page = "http://127.0.0.1:8088";
  House open = sample::house();
  open.heat_by_voice = true;
  for (const auto& [config, said] : all(open, settings)) EXPECT_EQ(schema_problem(said), "") << config.id;
  Json broken = all(sample::house())[1].second;
  broken["bogus"] = 1;
  EXPECT_EQ(schema_problem(broken), "unknown root key bogus") << "the check must be able to fail";
}

TEST(Discovery, SpeaksOfTheHubFirstAndNamesItInAllOthers) {
  const auto devices = all(sample::house());
  EXPECT_EQ(devices[0].first.id, "lull_1a2b3c4d_hub");
  EXPECT_FALSE(devices[0].second["device"].contains("via_device"));
  for (std::size_t i = 1; i < devices.size(); ++i)
    EXPECT_EQ(devices[i].second["device"]["via_device"], "lull_1a2b3c4d_hub");
}

TEST(Ids, AreNeverTwiceAndNeverMadeOfANameThatSomebodyMayChange) {
  House renamed = sample::house();
  for (Device& d : renamed.devices) d.name = "Other " + d.name;
  for (Sleeper& s : renamed.sleepers) s.name = "Other " + s.name;
  const auto before = all(sample::house()), after = all(renamed);
  ASSERT_EQ(before.size(), after.size());
  Set seen;
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_EQ(before[i].first.id, after[i].first.id);
    for (const auto& [key, one] : before[i].second["components"].items()) {
      EXPECT_EQ(one["unique_id"], after[i].second["components"][key]["unique_id"]);
      EXPECT_TRUE(seen.insert(one["unique_id"].get<std::string>()).second);
    }
  }
}

TEST(Ids, OfAHouseholdsDevicesCannotTakeOurs) {
  House house;
  for (const char* id :
       {"hub", "device_hub", "all_massage", "replay", "sleeper_ana", "routine_x", "Füße", "a b", "a_b"})
    house.devices.push_back(sample::device(id, id, Kind::massage_pad, "mqtt"));
  Sleeper ana;
  ana.id = "ana";
  house.sleepers = {ana};
  house.routines.push_back({"x", {}, {}, false});
  Set seen;
  for (const auto& [config, said] : all(house)) {
    EXPECT_TRUE(seen.insert(config.id).second) << config.id;
    EXPECT_EQ(config.id.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"),
              std::string::npos)
        << config.id << " would be an illegal topic";
  }
}

TEST(Heat, IsHiddenFromVoiceUntilTheHouseholdAsks) {
  const House house = sample::house();
  House open = house;
  open.heat_by_voice = true;
  for (const char* id :
       {"lull_1a2b3c4d_foot-warmer_heat", "lull_1a2b3c4d_foot-warmer_level", "lull_1a2b3c4d_routine_wind-down_play"}) {
    EXPECT_EQ(component(house, id)["entity_category"], "config") << id;
    EXPECT_FALSE(component(open, id).contains("entity_category")) << id;
  }
  for (const House& one : {house, open})
    for (const char* routine : {"wind-down", "night-relief"}) {
      const std::string id = std::string("lull_1a2b3c4d_routine_") + routine;
      EXPECT_NE(component(one, id + "_play").contains("entity_category"),
                component(one, id + "_scene").contains("entity_category"))
          << "a voice refuses a name that two have: " << id;
    }
  EXPECT_FALSE(component(house, "lull_1a2b3c4d_routine_night-relief_play").contains("entity_category")) << "no heat";
  EXPECT_EQ(component(house, "lull_1a2b3c4d_foot-warmer_celsius")["entity_category"], "diagnostic");
  for (const auto& [config, said] : all(house))
    for (const Json& one : said["components"]) EXPECT_NE(one["platform"], "climate");
}

TEST(AnUnknownMeasure, IsNotAnnounced) {
  House house = sample::house();
  house.devices[2].thermometer.reset();
  EXPECT_TRUE(component(house, "lull_1a2b3c4d_foot-warmer_celsius").is_null());
  EXPECT_TRUE(component(house, "lull_1a2b3c4d_sleeper_ben_bed").is_null()) << "nothing tells whether Ben is in bed";
  EXPECT_TRUE(component(house, "lull_1a2b3c4d_sleeper_ben_restless").is_null());
  EXPECT_FALSE(component(house, "lull_1a2b3c4d_sleeper_ana_restless").is_null());
}

TEST(AMassagePad, IsAFanByItsNameAlone) {
  const Json fan = component(sample::house(), "lull_1a2b3c4d_left-leg-massage_massage");
  EXPECT_TRUE(fan["name"].is_null()) << "voice wants the whole name";
  EXPECT_EQ(fan["default_entity_id"], "fan.left_leg_massage");
  EXPECT_EQ(fan["preset_modes"], Json({"gentle", "wave", "pulse", "steady"}));
  const Json plug = component(sample::house(), "lull_1a2b3c4d_right-leg-massage_massage");
  EXPECT_FALSE(plug.contains("percentage_command_topic")) << "a motor on a plug has no strength";
}

TEST(TwoPads, AlsoAnswerToOneName) {
  House house = sample::house();
  EXPECT_EQ(massage_name(house), "Leg massage");
  house.devices[1].name = "Foot massage";
  EXPECT_EQ(massage_name(house), "Massage");
  house.devices[1].name = "Calf rollers";
  EXPECT_EQ(massage_name(house), "Massage") << "nothing in common";
  house.devices[1].name = "Leg massage";
  EXPECT_EQ(massage_name(house), "All leg massage") << "two things of one name answer to nobody";
  house.devices[0].name.clear();
  EXPECT_EQ(massage_name(house), "Massage");
  EXPECT_FALSE(component(sample::house(), "lull_1a2b3c4d_all_massage_massage").is_null());
  house.devices.erase(house.devices.begin());
  EXPECT_TRUE(component(house, "lull_1a2b3c4d_all_massage_massage").is_null()) << "one pad needs no group";
}

TEST(AName, ThatNoIdCanSpellIsLeftToHomeAssistant) {
  House house = sample::house();
  house.devices[0].name = "Fußmassage";
  const Json fan = component(house, "lull_1a2b3c4d_left-leg-massage_massage");
  EXPECT_FALSE(fan.contains("default_entity_id"));
  house.devices[0].name = "\xff\xfe";
  EXPECT_EQ(all(house).size(), all(sample::house()).size()) << "and bytes that are no text still make a message";
}

TEST(PathWords, KeepWhatIsPlainAndTellTheRestApart) {
  EXPECT_EQ(path_word("left-leg_2"), "left-leg_2");
  EXPECT_EQ(path_word("a b").substr(0, 4), "a_b-");
  EXPECT_NE(path_word("a b"), path_word("a.b"));
  EXPECT_NE(path_word(""), "");
  EXPECT_LT(path_word(std::string(5000, 'x')).size(), 60u);
  EXPECT_EQ(path_word("+/#").find_first_of("+/#"), std::string::npos);
}

}  // namespace
}  // namespace lull
