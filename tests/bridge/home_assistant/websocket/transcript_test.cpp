// What the real Home Assistant said, word for word, to the session, the entities and the dialect. transcript.py has
// written it down, and asks the real one again under --peers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "bridge/home_assistant/websocket/entities.hpp"
#include "bridge/home_assistant/websocket/session.hpp"
#include "tests/devices/dialects/bedside.hpp"
#include "tests/source.hpp"

namespace lull {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct TheTranscript : testing::Test {
  std::map<std::string, Device> devices;
  HaEntities entities;
  std::vector<std::string> log;  // of the moment: answers and news
  std::vector<Json> said;
  Instant now{1h};
  HaSession session{{[this](const std::string& frame) {
                       said.push_back(Json::parse(frame));
                       return true;
                     },
                     [this] { log.push_back("up " + session.version()); }, [this] { log.push_back("refused"); },
                     [this](const std::string& why) { log.push_back("gave up: " + why); }}};

  static Device device(const char* text) { return device_of(Json::parse(text), "home_assistant"); }

  TheTranscript() {
    for (const char* text :
         {R"({"is":"light","at":"light.bedside"})",
          R"({"is":"massage_pad","at":"number.foot_massage","full":10,"own_cut_off_s":600})",
          R"({"is":"massage_pad","at":"fan.leg_rest","own_cut_off_s":600})",
          R"({"is":"movement","at":"binary_sensor.ankle","stream":"vibration"})",
          R"({"is":"presence","at":"binary_sensor.in_bed"})", R"({"is":"button","at":"event.bedside_button"})",
          R"({"is":"thermometer","at":"sensor.pad_surface"})"}) {
      const Device d = device(text);
      devices.emplace(d.at, d);
    }
    std::vector<std::string> wanted;
    for (const auto& [id, d] : devices) wanted.push_back(id);
    entities = HaEntities(wanted);
  }

  void states(const Json& event) {
    const bool before = event.contains("a");
    for (const std::string& id : entities.hear(event)) {
      const std::string told = entities.find(id) ? told_as(*entities.find(id), true) : R"({"state":"unavailable"})";
      const Heard heard = lull::heard(devices.at(id), id, told, before);
      for (const std::string& news : in_words(heard.news))
        if (news.find("timer") != 0 && news != "reachable") log.push_back(id + " " + news);
      for (const std::string& problem : in_words(heard.problems)) log.push_back("problem " + problem);
    }
  }
  HaSession::OnAnswer answer() {
    return [this](const HaSession::Answer& a) { log.push_back(a.well ? "done" : a.code); };
  }

  /// What is heard in each moment, by its name.
  std::map<std::string, std::vector<std::string>> replay() {
    std::map<std::string, std::vector<std::string>> all;
    std::ifstream file(in_source("tests/bridge/home_assistant/websocket/transcript.ndjson"));
    session.opened("token", now);
    for (std::string line; std::getline(file, line);) {
      const Json moment = Json::parse(line);
      const std::string name = moment["moment"];
      log.clear();
      // The same commands, in the same order, so that their numbers are those of the transcript.
      if (name == "asks for entities")
        session.subscribe(
            {{"type", "subscribe_entities"}}, now, [this](const Json& e) { states(e); }, answer());
      else if (name != "connected" && name != "logs in" && name != "coalesces" && session.is_up() && is_call(moment))
        session.ask({{"type", "call_service"}}, now, answer());
      for (const Json& frame : moment["frames"]) session.heard(frame.dump(), now);
      all[name] = log;
    }
    return all;
  }
  static bool is_call(const Json& moment) {
    for (const Json& frame : moment["frames"])
      for (const Json& one : frame.is_array() ? frame : Json::array({frame}))
        if (one.value("type", "") == "result") return true;
    return false;
  }
};

TEST_F(TheTranscript, OfTheRealOneIsUnderstoodFromTheLogInToTheLastWord) {
  auto at = replay();
  ASSERT_GE(at.size(), 20u);
  EXPECT_THAT(at["connected"], IsEmpty());
  EXPECT_THAT(at["logs in"], ElementsAre("up 2026.11.0"));
  EXPECT_THAT(at["asks for entities"], Contains("done"));
  EXPECT_THAT(at["asks for entities"], Contains("light.bedside off"));
  EXPECT_THAT(at["asks for entities"], Contains("number.foot_massage off"));
  EXPECT_THAT(at["lamp on"], Contains(testing::StartsWith("light.bedside on 60 % 2")));
  EXPECT_THAT(at["lamp on"], Contains("done"));
  EXPECT_THAT(at["lamp off"], Contains("light.bedside off"));
  EXPECT_THAT(at["massage 3 of 10"], Contains("number.foot_massage on"));
  EXPECT_THAT(at["massage 30 of 10"], ElementsAre("service_validation_error"));
  EXPECT_THAT(at["a timer that is none"], ElementsAre("service_validation_error"));
  EXPECT_THAT(at["fan at 40"], Contains("fan.leg_rest on 40 %"));
  EXPECT_THAT(at["no such action"], ElementsAre("not_found"));
  EXPECT_THAT(at["no such entity"], ElementsAre("done")) << "Home Assistant says so: nobody is there";
  EXPECT_THAT(at["asked how it is"], ElementsAre("done"));
  EXPECT_THAT(at["a kick"], ElementsAre("binary_sensor.ankle vibration"));
  EXPECT_THAT(at["in bed"], ElementsAre("binary_sensor.in_bed occupied"));
  EXPECT_THAT(at["the button held"], ElementsAre("event.bedside_button pressed hold"));
  EXPECT_THAT(at["warmer"], ElementsAre("sensor.pad_surface 31.5 C"));
  EXPECT_THAT(at["no temperature"], ElementsAre("sensor.pad_surface unreachable"));
  EXPECT_THAT(at["the bed is gone"], ElementsAre("number.foot_massage unreachable"));
  EXPECT_THAT(at["and back"], Contains("number.foot_massage on"));
}

}  // namespace
}  // namespace lull
