// One walk over every dialect: what each must be able to do, what each recording means, and what no bytes may cause.
// A new dialect adds a folder of recordings here and no line of code.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <set>

#include "tests/devices/dialects/bedside.hpp"
#include "tests/source.hpp"

namespace lull {
namespace {

using nlohmann::json;

/// Line one: {"devices": {"name": {...}, ...}}. Then messages as they were recorded, each with what is to be heard:
/// "news" and "problems", each a map of a device's name to its lines; problems are only begun ("topic: field").
struct Recording {
  std::string file;
  std::vector<std::string> names;
  std::vector<Device> devices;
  std::vector<json> messages;
};

std::vector<Recording> recordings_of(const Dialect& dialect) {
  std::vector<Recording> all;
  const std::filesystem::path folder = in_source("tests/devices/dialects/recorded/" + std::string(dialect.name));
  if (!std::filesystem::is_directory(folder)) return all;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".ndjson") continue;
    Recording recording{entry.path().filename().string(), {}, {}, {}};
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line);) {
      if (line.empty()) continue;
      const json entry_line = json::parse(line);
      if (entry_line.contains("devices"))
        for (const auto& [name, device] : entry_line["devices"].items()) {
          recording.names.push_back(name);
          recording.devices.push_back(device_of(device, dialect.name));
        }
      else if (entry_line.contains("topic"))
        recording.messages.push_back(entry_line);
    }
    all.push_back(std::move(recording));
  }
  return all;
}

std::vector<Listener> listeners_to(const Dialect& dialect, const Recording& recording, const std::string& topic) {
  std::vector<Listener> who;
  for (std::size_t i = 0; i < recording.devices.size(); ++i) {
    const auto its = dialect.topics(recording.devices[i]);
    if (std::find(its.begin(), its.end(), topic) != its.end())
      who.push_back({DeviceId{static_cast<std::uint16_t>(i)}, &recording.devices[i]});
  }
  return who;
}

DeviceId about(const News& news) {
  return std::visit(
      [](const auto& n) {
        if constexpr (requires { n.device; })
          return n.device;
        else
          return DeviceId{999};
      },
      news);
}

class EveryDialect : public testing::TestWithParam<const Dialect*> {};
INSTANTIATE_TEST_SUITE_P(Of, EveryDialect, testing::ValuesIn(all_dialects().begin(), all_dialects().end()),
                         [](const auto& dialect) { return std::string(dialect.param->name); });

TEST_P(EveryDialect, HasEveryPartAndIsFoundByItsName) {
  const Dialect& d = *GetParam();
  EXPECT_TRUE(d.check && d.topics && d.command_topics && d.hear && d.say && d.ask && d.arm);
  EXPECT_EQ(dialect_called(d.name), &d);
  EXPECT_EQ(dialect_called(std::string(d.name) + " "), nullptr);
}

TEST_P(EveryDialect, MeansWhatItsRecordingsSay) {
  const Dialect& d = *GetParam();
  const auto recordings = recordings_of(d);
  ASSERT_FALSE(recordings.empty()) << "a dialect without recorded messages is a guess: add recorded/" << d.name
                                   << "/*.ndjson";
  std::size_t messages = 0, news = 0;
  for (const Recording& recording : recordings)
    for (const json& line : recording.messages) {
      const std::string topic = line["topic"], payload = line["payload"];
      const auto who = listeners_to(d, recording, topic);
      ASSERT_FALSE(who.empty()) << recording.file << ": nobody listens to " << topic;
      const Heard heard = d.hear(who, {topic, payload, line.value("retain", false)});
      std::map<std::string, Lines> said;
      for (const News& n : heard.news) {
        ASSERT_LT(about(n).index, recording.names.size()) << in_words(n);
        said[recording.names[about(n).index]].push_back(in_words(n));
      }
      EXPECT_EQ(json(said), line.value("news", json::object()))
          << recording.file << ": " << topic << " " << payload.substr(0, 300);
      const Lines expected = line.value("problems", Lines{}), found = in_words(heard.problems);
      ASSERT_EQ(found.size(), expected.size()) << recording.file << ": " << topic << " " << json(found);
      for (std::size_t i = 0; i < found.size(); ++i)
        EXPECT_TRUE(found[i].starts_with(expected[i])) << found[i] << "\n does not begin with\n" << expected[i];
      ++messages, news += heard.news.size();
    }
  EXPECT_GE(messages, 20u);
  EXPECT_GE(news, 15u);
}

TEST_P(EveryDialect, FindsNothingWrongWithTheDevicesOfItsRecordings) {
  for (const Recording& recording : recordings_of(*GetParam()))
    for (const Device& device : recording.devices) {
      EXPECT_EQ(in_words(GetParam()->check(device)), Lines{}) << recording.file << " " << device.at;
      for (const std::string& topic : GetParam()->topics(device)) {
        EXPECT_EQ(topic.find_first_of("+#"), topic.npos)
            << topic << ": a listener by wildcard hears what is not its own";
        EXPECT_FALSE(topic.empty());
      }
    }
}

TEST_P(EveryDialect, SaysOffAloneAndTheSameAtAnyTime) {
  for (const Recording& recording : recordings_of(*GetParam()))
    for (const Device& device : recording.devices) {
      const auto off = off_words(*GetParam(), kId, device);
      const auto commands = GetParam()->command_topics(device);
      EXPECT_EQ(off.empty(), !is_actuator(device.kind)) << device.at;
      if (!is_actuator(device.kind)) continue;
      EXPECT_EQ(off, GetParam()->say(device, Interlock::off(kId), Instant{milliseconds::max()}));
      EXPECT_EQ(off.size(), 1u) << device.at << ": one message, or a last will could not carry it";
      for (const Outgoing& message : off) {
        EXPECT_EQ(message.payload.find("ON"), message.payload.npos) << message.payload;
        EXPECT_NE(std::find(commands.begin(), commands.end(), message.topic), commands.end())
            << message.topic << " is not watched for retained commands";
      }
    }
}

constexpr Timer kTimers[] = {Timer::unknown,
                             Timer::on_time,
                             Timer::lease,
                             Timer::mapped_duration,
                             Timer::turn_off_countdown,
                             Timer::mapped_auto_off,
                             Timer::toggle_countdown,
                             Timer::product,
                             Timer::none};

TEST_P(EveryDialect, SaysOnlyOffOnceAPermissionHasExpired) {
  for (const Recording& recording : recordings_of(*GetParam()))
    for (const Device& device : recording.devices) {
      if (device.kind != Kind::heat_pad && device.kind != Kind::massage_pad) continue;
      const auto off = off_words(*GetParam(), kId, device);
      for (const Timer timer : {Timer::on_time, Timer::lease, Timer::mapped_duration, Timer::turn_off_countdown}) {
        const SafeCommand command = granted(device.kind, timer, 40_pct);
        for (const milliseconds late : {0ms, 1ms, 1h / 1ms * 1ms})
          EXPECT_EQ(GetParam()->say(device, command, command.expires() + late), off) << device.at;
        EXPECT_EQ(GetParam()->say(device, command, command.expires() - 999ms), off)
            << "less than a second is too late too";
      }
    }
}

TEST_P(EveryDialect, SaysOnOnlyInWordsThatAreWatchedAndNotOff) {
  int grants = 0;
  for (const Recording& recording : recordings_of(*GetParam()))
    for (const Device& device : recording.devices) {
      if (!is_actuator(device.kind)) continue;
      const auto commands = GetParam()->command_topics(device);
      const auto off = off_words(*GetParam(), kId, device);
      const bool heat = device.kind == Kind::heat_pad;
      for (const Timer timer : kTimers) {
        const bool lacks = tier_of(timer) == GuardTier::D || (heat && tier_of(timer) == GuardTier::C);
        if ((heat || device.kind == Kind::massage_pad) && lacks) continue;  // the Interlock grants none of these
        const SafeCommand command = granted(device.kind, timer, 40_pct);
        const auto said = GetParam()->say(device, command, kNow);
        EXPECT_LE(said.size(), 4u);
        EXPECT_FALSE(said.empty());
        grants += said != off;
        for (const Outgoing& message : said)
          EXPECT_NE(std::find(commands.begin(), commands.end(), message.topic), commands.end()) << message.topic;
      }
    }
  EXPECT_GT(grants, 0);
}

// ---- what no bytes may cause
// ------------------------------------------------------------------------------------------

bool of_this_world(const News& news) {
  return in_words(news) !=
         "something no dialect may say";  // no dialect may press STOP, set the clock, or start anything
}

/// Hears a payload on every topic of a recording, for all who listen there.
void survive(const Dialect& d, const Recording& recording, const std::string& payload) {
  std::set<std::string> topics;
  for (const Device& device : recording.devices)
    for (const std::string& topic : d.topics(device)) topics.insert(topic);
  for (const std::string& topic : topics)
    for (const bool retained : {false, true}) {
      const Heard heard = d.hear(listeners_to(d, recording, topic), {topic, payload, retained});
      ASSERT_LE(heard.news.size(), 4 * recording.devices.size());
      ASSERT_LE(heard.problems.size(), 20 * recording.devices.size());
      for (const News& news : heard.news) {
        ASSERT_TRUE(of_this_world(news));
        ASSERT_FALSE(retained &&
                     (std::holds_alternative<ButtonPressed>(news) || std::holds_alternative<MovementReported>(news)))
            << "a retained event did not happen now: " << topic << " " << payload.substr(0, 100);
        if (const auto* report = std::get_if<ActuatorReported>(&news)) {
          ASSERT_FALSE(retained && report->answers_ask);
        }
        if (const auto* complaint = std::get_if<DeviceComplained>(&news)) { ASSERT_LE(complaint->text.size(), 200u); }
        if (const auto* press = std::get_if<ButtonPressed>(&news)) { ASSERT_LE(press->action.size(), 64u); }
      }
      for (const Error& problem : heard.problems) {
        ASSERT_TRUE(problem.where.starts_with(topic)) << problem.where;
        ASSERT_FALSE(problem.what.empty());
        ASSERT_LE(problem.what.size(), 600u) << "a problem is a sentence, not the payload again";
        ASSERT_NO_THROW(json(problem.what).dump()) << "a problem can be written down as text";
      }
    }
}

std::string nested(std::size_t depth, const std::string& open) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) text += open;
  return text;
}

TEST_P(EveryDialect, SurvivesHostileBytes) {
  const std::vector<std::string> hostile{"",
                                         " ",
                                         "null",
                                         "true",
                                         "0",
                                         "-1",
                                         "1e999",
                                         "-1e999",
                                         "NaN",
                                         "nan",
                                         "inf",
                                         "Infinity",
                                         "99999999999999999999999999",
                                         "{}",
                                         "[]",
                                         "[[]]",
                                         "{\"state\":",
                                         "{\"state\":{}}",
                                         "{\"state\":[\"ON\"]}",
                                         "{\"state\":1}",
                                         "{\"state\":true}",
                                         "{\"state\":null,\"power\":null,\"action\":null,\"vibration\":null}",
                                         "{\"power\":1e999}",
                                         "{\"power\":-1}",
                                         "{\"power\":\"60\"}",
                                         "{\"brightness\":255.5,\"state\":\"ON\"}",
                                         "{\"brightness\":NaN}",
                                         "{\"action\":7}",
                                         "{\"action\":\"" + std::string(65, 'a') + "\"}",
                                         "{\"temperature\":-274}",
                                         "{\"n\":0,\"rms_mg\":-1,\"peak_mg\":1e9}",
                                         "ON",
                                         "OFF",
                                         "on",
                                         "TOGGLE",
                                         "\xff\xfe",
                                         "{\"state\":\"\xc3\"}",
                                         std::string("ON\0", 3),
                                         std::string(1, '\0'),
                                         "\xed\xa0\x80",
                                         "\xf4\x90\x80\x80",
                                         "{\"level\":\"error\",\"message\":7}",
                                         "{\"level\":\"error\"}",
                                         "[{\"friendly_name\":7}]",
                                         "[{\"definition\":{\"exposes\":7}}]",
                                         "[{\"definition\":{\"exposes\":[7,[],{\"features\":[7]}]}}]",
                                         "{\"config\":7}",
                                         "{\"config\":{\"devices\":[1]}}",
                                         "{\"config\":{\"device_options\":{\"filtered_attributes\":[7]}}}",
                                         nested(10'000, "["),
                                         nested(10'000, "{\"a\":"),
                                         std::string(kMaxPayload + 1, ' '),
                                         std::string(kMaxPayload + 1, '1'),
                                         "\"" + std::string(kMaxPayload - 2, 'x') + "\"",
                                         "{\"" + std::string(5000, 'k') + "\":1}"};
  for (const Recording& recording : recordings_of(*GetParam()))
    for (const std::string& payload : hostile)
      ASSERT_NO_FATAL_FAILURE(survive(*GetParam(), recording, payload)) << payload.substr(0, 80);
}

TEST_P(EveryDialect, SurvivesEachRecordedMessageTruncatedAndFlipped) {
  std::mt19937 dice{20261121};
  for (const Recording& recording : recordings_of(*GetParam()))
    for (const json& line : recording.messages) {
      const std::string topic = line["topic"], payload = line["payload"];
      const auto who = listeners_to(*GetParam(), recording, topic);
      const std::size_t step = std::max<std::size_t>(1, payload.size() / 40);
      for (std::size_t length = 0; length < payload.size(); length += step)
        (void)GetParam()->hear(who, {topic, std::string_view(payload).substr(0, length), false});
      for (int flip = 0; flip < 40 && !payload.empty(); ++flip) {
        std::string bent = payload;
        bent[dice() % bent.size()] ^= static_cast<char>(1u << (dice() % 8));
        for (const News& news : GetParam()->hear(who, {topic, bent, flip % 2 == 0}).news)
          ASSERT_TRUE(of_this_world(news));
      }
    }
}

TEST_P(EveryDialect, TakesNoRememberedMessageForAPressOrAMovement) {
  int events = 0;
  for (const Recording& recording : recordings_of(*GetParam()))
    for (const json& line : recording.messages) {
      const std::string topic = line["topic"], payload = line["payload"];
      const auto who = listeners_to(*GetParam(), recording, topic);
      const auto is_event = [](const News& n) {
        return std::holds_alternative<ButtonPressed>(n) || std::holds_alternative<MovementReported>(n);
      };
      for (const News& news : GetParam()->hear(who, {topic, payload, false}).news) events += is_event(news);
      for (const News& news : GetParam()->hear(who, {topic, payload, true}).news)
        EXPECT_FALSE(is_event(news)) << topic << " " << payload << ": retained, so it did not happen now";
    }
  EXPECT_GE(events, 3) << "the recordings show no press and no movement to forget";
}

TEST_P(EveryDialect, HearsAnUnknownTopicAndNobodyInSilence) {
  for (const Recording& recording : recordings_of(*GetParam())) {
    std::vector<Listener> all;
    for (const Device& device : recording.devices) all.push_back({kId, &device});
    EXPECT_TRUE(GetParam()->hear(all, {"somewhere/else", "ON", false}).news.empty());
    EXPECT_TRUE(
        GetParam()->hear({}, {recording.messages.front()["topic"].get<std::string>(), "ON", false}).news.empty());
  }
}

}  // namespace
}  // namespace lull
