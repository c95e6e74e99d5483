// What the dialect tests share: devices read from recordings, and news in words.
#include "tests/devices/dialects/bedside.hpp"

#include <nlohmann/json.hpp>

#include "devices/dialects/home_assistant_entity.hpp"

namespace lull {
namespace {

std::string number(double v) {
  std::string text = nlohmann::json(v).dump();
  return text.ends_with(".0") ? text.substr(0, text.size() - 2) : text;
}
std::string movement(const MovementSample& sample) {
  return std::visit(Match{[](const Counts& c) { return "counts " + std::to_string(c.count); },
                          [](const Vibration&) { return std::string("vibration"); },
                          [](const RadarMovement& r) { return "radar " + std::to_string(r.level); },
                          [](const LoadVariance& l) { return "load " + number(l.variance); },
                          [](const LegAcceleration& a) {
                            return "leg " + number(a.rms_mg) + " peak " + number(a.peak_mg) + " of " +
                                   std::to_string(a.samples);
                          },
                          [](const RawAcceleration& r) {
                            return "raw " + std::to_string(r.mg.size()) + " at " + number(r.rate_hz) + " Hz";
                          }},
                    sample);
}
std::string actuator(const ActuatorReported& r) {
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : " ") + part; };
  if (r.on) add(*r.on ? "on" : "off");
  if (r.level) add(number(r.level->value()) + " %");
  if (r.kelvin) add(number(r.kelvin->value()) + " K");
  if (r.timer_left) add("lease " + std::to_string(r.timer_left->count()) + " s");
  if (r.answers_ask) add("(fresh)");
  return text;
}

}  // namespace

std::string in_words(const News& news) {
  return std::visit(
      Match{[](const ActuatorReported& n) { return actuator(n); },
            [](const PowerReported& n) { return number(n.watts.value()) + " W"; },
            [](const TemperatureReported& n) { return number(n.celsius.value()) + " C"; },
            [](const ReadingFailed&) { return std::string("no temperature"); },
            [](const MovementReported& n) { return movement(n.sample); },
            [](const AlarmClockReported& n) {
              return n.rings ? "rings at " + std::to_string(n.rings->since_epoch.count()) : std::string("no alarm");
            },
            [](const HeartRateReported& n) { return "heart rate " + std::to_string(n.bpm); },
            [](const OccupancyReported& n) { return std::string(n.occupied ? "occupied" : "empty"); },
            [](const ButtonPressed& n) { return "pressed " + n.action; },
            [](const ReachabilityChanged& n) { return std::string(n.reachable ? "reachable" : "unreachable"); },
            [](const TimerLearned& n) {
              return "timer " + std::string(word_for(n.timer)) + (n.reason.empty() ? "" : ": " + n.reason);
            },
            [](const BatteryReported& n) { return "battery " + number(n.left.value()) + " %"; },
            [](const BridgeAnswered& n) { return std::string(n.healthy ? "bridge healthy" : "bridge unwell"); },
            [](const TimerReadBack& n) { return "auto-off " + std::to_string(n.value.count()) + " s"; },
            [](const DeviceComplained& n) { return "complained: " + n.text; },
            [](const DeviceIdentified& n) {
              const auto told = [](const std::string& part) { return part.empty() ? std::string("-") : part; };
              return "is " + told(n.model) + " " + told(n.firmware) + " " + told(n.address) +
                     (n.tells_power_on ? ", tells power-on" : "");
            },
            [](const GateJudged& n) {
              std::string text;
              for (const Finding& f : n.findings)
                text += (text.empty() ? "" : ", ") + std::string(word_for(f.flaw)) + (f.refuses ? "" : " (note)");
              return std::string(word_for(n.from)) + ": " + (text.empty() ? "fine" : text);
            },
            [](const GroupsListed& n) {
              std::string text;
              for (const GroupMember& m : n.members) text += (text.empty() ? "" : ", ") + m.address + " in " + m.group;
              return "groups: " + (text.empty() ? "no members" : text);
            },
            [](const auto&) { return std::string("something no dialect may say"); }},
      news);
}
std::vector<std::string> in_words(const std::vector<News>& all) {
  Lines lines;
  for (const News& news : all) lines.push_back(in_words(news));
  return lines;
}
std::vector<std::string> in_words(const std::vector<Error>& problems) {
  Lines lines;
  for (const Error& e : problems) lines.push_back(e.where + ": " + e.what);
  return lines;
}
std::vector<std::string> in_words(const std::vector<Outgoing>& said) {
  Lines lines;
  for (const Outgoing& message : said) lines.push_back(message.topic + " " + message.payload);
  return lines;
}

Device device_of(const nlohmann::json& text, std::string_view speaks) {
  Device d;
  d.speaks = speaks;
  d.at = text.value("at", "");
  d.id = d.name = d.at;
  d.base = text.value("base", "");
  d.kind = kind_for(text.at("is").get<std::string>()).value();
  d.stream = stream_for(text.value("stream", "none")).value();
  d.epoch = seconds{text.value("epoch_s", 1)};
  if (text.contains("behind")) d.behind = DeviceId{text["behind"].get<std::uint16_t>()};
  d.steps_levels = text.value("steps_levels", true);
  if (text.contains("own_cut_off_s")) d.own_cut_off = seconds{text["own_cut_off_s"].get<int>()};
  const nlohmann::json mapping = text.value("mapping", nlohmann::json::object());
  for (const auto& h : mapping.value("hears", nlohmann::json::array()))
    d.mapping.hears.push_back({h.value("topic", ""), h.value("pointer", ""), h.value("means", ""), h.value("yes", ""),
                               h.value("no", ""), h.value("scale", 1.0)});
  if (text.contains("full")) d.mapping.hears.push_back(entity::full_strength(d.at, text["full"].get<double>()));
  for (const auto& word : text.value("options", nlohmann::json::array()))
    d.mapping.hears.push_back(entity::option(d.at, word.get<std::string>()));
  const auto says = [&](const char* key, std::vector<Mapping::Says>& to) {
    for (const auto& s : mapping.value(key, nlohmann::json::array()))
      to.push_back({s.value("topic", ""), s.value("payload", "")});
  };
  says("on", d.mapping.on), says("off", d.mapping.off), says("ask", d.mapping.ask), says("arm", d.mapping.arm);
  return d;
}

}  // namespace lull
