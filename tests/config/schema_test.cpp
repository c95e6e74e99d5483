// The editor's schema and the loader are walked from one table; here both judge the same files.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "config/shape.hpp"
#include "config/yaml.hpp"
#include "tests/config/files.hpp"

namespace lull {
namespace {

using Json = nlohmann::json;
using valijson::adapters::NlohmannJsonAdapter;

/// The file as an editor sees it: YAML 1.2's kinds.
Json as_json(const config::Node& node) {
  using Is = config::Node::Is;
  if (node.is == Is::list) {
    Json out = Json::array();
    for (const config::Node& item : node.items) out.push_back(as_json(item));
    return out;
  }
  if (node.is == Is::map) {
    Json out = Json::object();
    for (const config::Node::Entry& entry : node.entries) out[entry.key] = as_json(entry.value);
    return out;
  }
  switch (config::plain_kind(node)) {
    case config::Plain::nothing: return nullptr;
    case config::Plain::boolean: return node.text[0] == 't' || node.text[0] == 'T';
    case config::Plain::integer: return std::stoll(node.text);
    case config::Plain::number: return std::stod(node.text);
    case config::Plain::text: break;
  }
  return node.text;
}

class TheSchema : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    const Json document = Json::parse(json_schema());
    schema_ = new valijson::Schema;
    valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
    parser.populateSchema(NlohmannJsonAdapter(document), *schema_);
  }
  static void TearDownTestSuite() { delete schema_; }

  static bool accepts(const std::string& text) {
    std::vector<Problem> problems;
    const Json file = as_json(config::parse(text, "f", {}, problems));
    EXPECT_TRUE(problems.empty()) << all_of(problems);
    valijson::Validator validator(valijson::Validator::kStrongTypes);
    valijson::ValidationResults results;
    const bool good = validator.validate(*schema_, NlohmannJsonAdapter(file), &results);
    why_.clear();
    for (valijson::ValidationResults::Error error; results.popError(error);) {
      for (const std::string& step : error.context) why_ += step;
      why_ += ": " + error.description + "\n";
    }
    return good;
  }

  static valijson::Schema* schema_;
  static std::string why_;
};
valijson::Schema* TheSchema::schema_ = nullptr;
std::string TheSchema::why_;

TEST_F(TheSchema, IsKeptBesideTheCode) { expect_kept("config/lull.schema.json", json_schema()); }

TEST_F(TheSchema, AcceptsEveryExample) {
  for (const char* name : {"bedroom", "one", "mqtt-device"})
    EXPECT_TRUE(accepts(project_file("config/examples/" + std::string(name) + ".yaml"))) << name << "\n" << why_;
  std::string couple = project_file("config/examples/couple.yaml");
  couple.replace(couple.find("!secret mqtt_password"), 21, "a-secret");
  EXPECT_TRUE(accepts(couple)) << why_;
}

struct Edit {
  const char *piece, *instead;
};

TEST_F(TheSchema, AndTheLoaderBothAcceptOtherWaysToWriteIt) {
  const Edit good[] = {
      {"for: 30min", "for: 30 minutes"},
      {"for: 30min", "for: 0.5h"},
      {"kelvin: 2200", "kelvin: 2200K"},
      {"from: 60%", "from: \"60 %\""},
      {"time: \"22:30\"", "time: 22:30"},
      {"on: [sun, mon, tue, wed, thu]", "on: weekdays"},
      {"on: [sun, mon, tue, wed, thu]", "on: [weekends, friday]"},
      {"when: {restless: Ana}", "when: [{restless: Ana}, {said: legs}]"},
      {"if: [{in_bed: Ana}], play", "if: {in_bed: Ana}, play"},
      {"if: [{in_bed: Ana}], play", "if: {any: [{in_bed: Ana}, {not: [{playing: wind-down}]}]}, play"},
      {"play: night-relief",
       "then: [{play: night-relief}, {notify: \"Gently\"}, {set: {device: Bedside lamp, level: off}}]"},
      {"play: night-relief", "stop: all"},
      {"play: night-relief", "stop_everything: true"},
      {"level: low", "level: 55.5%"},
      {"broker: mqtt://homeassistant.local:1883", "broker: {host: h, port: 1884, tls: true, user: u, password: p}"},
      {"side: right", "side: right, detector: {need: 8, window: 6min, get_in_time: 2min}, limits: {heat_target: 36°C}"},
      {"side: right", "side: right, back_off: false"},
      {"side: right", "side: right, back_off: {waking_nights: 2, idle_nights: 3, gives_back: no}"},
      {"sleepers:",
       "home_assistant: {enabled: no, heat_by_voice: true}\nhttp: {port: 80, address: 0.0.0.0}\nreplay: "
       "night-relief\nsleepers:"},
      {"sleepers:",
       "home_assistant: {url: \"https://h:1\", token_file: t, ca: c, notify: {Ana: a, Ben: [notify.a, b], "
       "everybody: {to: [a], about: [fault]}}}\nsleepers:"},
      {"sleepers:",
       "wyoming: {port: 10400, address: 0.0.0.0, from: [10.0.0.7, 10.1.0.0/16], whisper: [\"22:00\", "
       "\"7:00\"]}\nsleepers:"},
      {"sleepers:", "wyoming: {port: 10400, from: 10.0.0.7}\nsleepers:"},
      {"at: Bedside lamp}", "at: Bedside lamp, id: lamp_1, base: zigbee2mqtt}"},
      {"for: Ana, zones: [calf, foot]", "for: Ana, zones: [calf], own_cut_off: 15min"},
  };
  for (const auto& [piece, instead] : good) {
    const std::string text = bedroom_with(piece, instead);
    EXPECT_TRUE(accepts(text)) << instead << "\n" << why_;
    const Loaded loaded = load_text(text, "f");
    EXPECT_TRUE(loaded.settings) << instead << "\n" << all_of(loaded.problems);
  }
}

TEST_F(TheSchema, AndTheLoaderBothRefuseWhatIsBuiltWrong) {
  const Edit bad[] = {
      {"home:", "hme:"},
      {"sleepers:", "home_assistant: {url: \"ftp://h\"}\nsleepers:"},
      {"sleepers:", "home_assistant: {url: \"http://h\", token: t}\nsleepers:"},
      {"sleepers:", "home_assistant: {url: \"http://h\", notify: {Ana: [A]}}\nsleepers:"},
      {"sleepers:", "home_assistant: {url: \"http://h\", notify: {Ana: {about: [fault]}}}\nsleepers:"},
      {"sleepers:", "wyoming: {address: 127.0.0.1}\nsleepers:"},
      {"sleepers:", "wyoming: {port: 10400, from: home}\nsleepers:"},
      {"sleepers:", "wyoming: {port: 10400, whisper: [\"22:00\"]}\nsleepers:"},
      {"time_zone: Europe/Berlin", "time_zone: 1"},
      {"side: right", "side: right, back_off: never"},
      {"side: right", "side: right, back_off: {waking_nights: 1}"},
      {"side: right", "side: right, back_off: {waking_nights: 4}"},
      {"side: right", "side: right, back_off: {idle_nights: 5}"},
      {"time_zone: Europe/Berlin", "zone: Europe/Berlin"},
      {"for: 30min", "for: 30"},
      {"for: 30min", "for: half an hour"},
      {"for: 30min", "for: -30min"},
      {"for: 30min", "for: [30min]"},
      {"from: 60%", "from: 60"},
      {"from: 60%", "from: 140%"},
      {"kelvin: 2200", "kelvin: warm"},
      {"kelvin: 2200", "kelvin: 22000"},
      {"to: 5%, ", ""},
      {"then: off", "then: on"},
      {"program: wave", "program: waves"},
      {"level: low", "level: lowest"},
      {"level: low", "level: low, kelvin: 2200"},
      {"{heat: Foot warmer,", "{heat: Foot warmer, massage: Leg massage,"},
      {"{heat: Foot warmer,", "{heet: Foot warmer,"},
      {"like: wind-down", "like: wind-down\n    tracks: []"},
      {"only: [massage]", "only: [massages]"},
      {"only: [massage]", "only: massage"},
      {"scale: 60%", "scale: 0.6"},
      {"flags: [neuropathy]", "flags: [neuropathie]"},
      {"flags: [neuropathy]", "flags: neuropathy"},
      {"side: left", "side: top"},
      {"is: massage_pad", "is: massagepad"},
      {"speaks: esphome,     at: lull/pad/left", "speaks: esp, at: lull/pad/left"},
      {"name: Leg massage,", ""},
      {"name: Leg massage", "name: 5"},
      {"name: Leg massage", "name: \"\""},
      {"name: Leg massage",
       "name: "
       "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffg"},
      {"name: Leg massage", "name: a/b#"},
      {"at: lull/pad/left", "at: true"},
      {"at: Bedside lamp}", "at: Bedside lamp, id: Lamp}"},
      {"at: Bedside lamp}", "at: Bedside lamp, base: zigbee2mqtt/#}"},
      {"zones: [calf, foot]", "zones: [calf, foot], steps: perhaps"},
      {"time: \"22:30\"", "time: \"25:30\""},
      {"time: \"22:30\"", "time: 22"},
      {"time: \"22:30\", on: [sun, mon, tue, wed, thu]", "in_bed: Ana, on: [sun]"},
      {"on: [sun, mon, tue, wed, thu]", "on: []"},
      {"on: [sun, mon, tue, wed, thu]", "on: [son]"},
      {"when: {restless: Ana}", "when: {restless: Ana, said: legs}"},
      {"when: {restless: Ana}", "when: {}"},
      {"when: {restless: Ana}", "when: []"},
      {"when: {restless: Ana}", "when: restless"},
      {"when: {restless: Ana}", "when: {button: Bedside button}"},
      {"when: {restless: Ana}", "wen: {restless: Ana}"},
      {"[\"23:00\", \"06:30\"]", "[\"23:00\"]"},
      {"[\"23:00\", \"06:30\"]", "[\"23:00\", \"06:30\", \"07:00\"]"},
      {"[\"23:00\", \"06:30\"]", "\"23:00\""},
      {"{in_bed: Ana}], play", "{count_tonight: {rule: Bedtime}}], play"},
      {"{in_bed: Ana}], play", "{count_tonight: {rule: Bedtime, below: 0}}], play"},
      {"{in_bed: Ana}], play", "{device: Bedside lamp}], play"},
      {"{in_bed: Ana}], play", "{device: Bedside lamp, is: dim}], play"},
      {"{in_bed: Ana}], play", "{not: {in_bed: Ana}}], play"},
      {"per_night: 3", "per_night: 0"},
      {"per_night: 3", "per_night: 4.5"},
      {"per_night: 3", "per_night: four"},
      {"apart: 30min", "apart: 30"},
      {"play: night-relief", "play: night-relief\n    stop: wind-down"},
      {"play: night-relief", "notify: 5"},
      {"play: night-relief", "then: []"},
      {"play: night-relief", "set: {device: Bedside lamp}"},
      {"broker: mqtt://homeassistant.local:1883", "broker: homeassistant.local"},
      {"broker: mqtt://homeassistant.local:1883", "broker: {port: 1883}"},
      {"broker: mqtt://homeassistant.local:1883", "broker: {host: h, port: 70000}"},
      {"broker: mqtt://homeassistant.local:1883", "broker: {host: h, user: u, password: 12345}"},
      {"sleepers:", "limits: {heat_target: 38}\nsleepers:"},
      {"sleepers:", "limits: {heat_allowed: 1}\nsleepers:"},
      {"sleepers:", "http: {address: localhost}\nsleepers:"},
      {"sleepers:", "http:\nsleepers:"},
      {"sleepers:", "replay: [night-relief]\nsleepers:"},
  };
  for (const auto& [piece, instead] : bad) {
    const std::string text = bedroom_with(piece, instead);
    EXPECT_FALSE(accepts(text)) << piece << " -> " << instead;
    EXPECT_FALSE(load_text(text, "f").settings) << piece << " -> " << instead;
  }
}

TEST_F(TheSchema, LeavesToTheLoaderWhatOnlyItCanKnow) {
  const Edit bad[] = {
      {"for: Ana, zones", "for: Anna, zones"},
      {"heat: Foot warmer", "heat: Bedside lamp"},
      {"play: night-relief", "play: night-releif"},
      {"like: wind-down", "like: night-relief"},
      {"time_zone: Europe/Berlin", "time_zone: Europe/Berln"},
      {"name: Bedside lamp", "name: Leg massage"},
      {"at: 8min", "at: 40min"},
      {"for: 20min, ramp_up", "for: 50min, ramp_up"},
      {"level: 40%", "level: 90%"},
      {"in_bed: Ana}], play", "in_bed: Ben}], play"},
      {"time: \"22:30\"", "time: \"22:30\", time: \"22:31\""},
      {"sleepers:", "limits: {heat_target: 55°C}\nsleepers:"},
      {"side: left", "side: left, detector: {window: 20min}"},
  };
  for (const auto& [piece, instead] : bad) {
    const std::string text = bedroom_with(piece, instead);
    EXPECT_TRUE(accepts(text)) << instead << "\n" << why_;
    EXPECT_FALSE(load_text(text, "f").settings) << piece << " -> " << instead;
  }
}

TEST(TheManual, HoldsTheTableOfKeysAsTheLoaderReadsIt) {
  const std::string begin = "<!-- keys: made by the program, see tests/config/schema_test.cpp -->\n",
                    end = "<!-- keys: end -->\n";
  const std::string manual = project_file("docs/CONFIGURATION.md");
  const std::size_t from = manual.find(begin), to = manual.find(end);
  ASSERT_TRUE(from != std::string::npos && to != std::string::npos && from < to);
  expect_kept("docs/CONFIGURATION.md",
              manual.substr(0, from + begin.size()) + "\n" + keys_as_markdown() + manual.substr(to));
}

}  // namespace
}  // namespace lull
