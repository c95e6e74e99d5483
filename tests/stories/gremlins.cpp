// The hostile world, part by part.
#include "tests/stories/gremlins.hpp"

#include <algorithm>
#include <cstdio>

#include "devices/result.hpp"

namespace lull {

void Harms::add(const Harms& other) {
  for (std::size_t i = 0; i < n.size(); ++i) n[i] += other.n[i];
}

void Harms::add(const demo::Weathered& w) {
  (*this)[Harm::lost] += w.lost;
  (*this)[Harm::late] += w.late;
  (*this)[Harm::doubled] += w.doubled;
  (*this)[Harm::overtaken] += w.overtaken;
  (*this)[Harm::cut] += w.cut;
  (*this)[Harm::frame_lost] += w.frames_lost;
}

std::string Harms::text() const {
  std::string all;
  for (std::size_t i = 0; i < n.size(); ++i)
    all += (all.empty() ? "" : ", ") + std::string(kHarms[i]) + " " + std::to_string(n[i]);
  return all;
}

bool Liar::bend(demo::BedroomSays& said, Instant now, Harms& harms) {
  if (!lie_ || now >= lie_->until || said.topic.find(lie_->topic) == std::string::npos) return true;
  using How = SensorLie::How;
  constexpr std::array kNoNumbers{"nan", "NaN", "null", "", "-", "1e999", "Infinity", "{}", "31.2.4", "\"31\""};
  switch (lie_->how) {
    case How::silent: ++harms[Harm::sensor_silent]; return false;
    case How::frozen:
      said.payload = kept_.emplace(said.topic, said.payload).first->second;
      ++harms[Harm::sensor_frozen];
      return true;
    case How::jumps: {
      const auto from = said.payload.find_first_of("0123456789");
      if (from == std::string::npos) return true;
      const auto end = said.payload.find_first_not_of("0123456789.", from);
      char text[16];
      std::snprintf(text, sizeof text, "%.1f", chance_.uniform(-20, 70));
      said.payload.replace(from, end == std::string::npos ? end : end - from, text);
      ++harms[Harm::sensor_jumps];
      return true;
    }
    case How::not_a_number:
      said.payload = kNoNumbers[static_cast<std::size_t>(chance_.whole(0, static_cast<int>(kNoNumbers.size()) - 1))];
      ++harms[Harm::sensor_not_a_number];
      return true;
    case How::swapped: {  // the two thermometers change places; any other sensor speaks in the anklet's name
      constexpr std::string_view kA = "temperature_a", kB = "temperature_b";
      if (const auto a = said.topic.find(kA); a != std::string::npos)
        said.topic.replace(a, kA.size(), kB);
      else if (const auto b = said.topic.find(kB); b != std::string::npos)
        said.topic.replace(b, kB.size(), kA);
      else
        said.topic = said.topic == "zigbee2mqtt/Bed left" ? "lull/anklet/ana/movement" : "zigbee2mqtt/Bed left";
      ++harms[Harm::sensors_swapped];
      return true;
    }
  }
  return true;
}

const Forged& forged(int number, bool command) {
  static const std::array<Forged, 20> kStates{{
      {"zigbee2mqtt/Foot warmer plug", R"({"state":"OFF","power":0})"},
      {"zigbee2mqtt/Foot warmer plug", R"({"state":"ON","power":60})"},
      {"zigbee2mqtt/Foot warmer plug", R"({"state":"ON","state":"OFF","on_time":-1,"power":"NaN"})"},
      {"zigbee2mqtt/Foot warmer plug/availability", R"({"state":"offline"})"},
      {"zigbee2mqtt/bridge/state", R"({"state":"offline"})"},
      {"zigbee2mqtt/bridge/devices", "[]"},
      {"zigbee2mqtt/bridge/devices", "[{\"friendly_name\":\"Foot warmer plug\",\"definition\":null}]"},
      {"zigbee2mqtt/bridge/logging", R"({"level":"error","message":"z2m: Publish 'set' 'state' to 'Foot warmer plug' )"
                                     R"(failed: 'Error: no'"})"},
      {"zigbee2mqtt/Bed left", R"({"pressure_state":"none","current_pressure":0})"},
      {"zigbee2mqtt/Bed left", R"({"pressure_state":"sit","current_pressure":900})"},
      {"zigbee2mqtt/Bed left", R"({"pressure_state":42})"},
      {"lull/pad/left/number/vibration/state", "0.000000"},
      {"lull/pad/left/number/vibration/state", "40.000000"},
      {"lull/pad/left/number/heat_target/state", "0.000000"},
      {"lull/pad/left/number/heat_target/state", "38.000000"},
      {"lull/pad/left/number/lease/state", "300.000000"},
      {"lull/pad/left/sensor/pad_temperature_a/state", "25.0"},
      {"lull/pad/left/sensor/pad_temperature_b/state", "60.0"},
      {"lull/pad/left/status", "offline"},
      {"lull/anklet/ana/movement", R"({"seq":1,"up_ms":1,"n":25,"rms_mg":99999999,"peak_mg":-1})"},
  }};
  // By another program. What they start is no lease of ours, and must be found and ended.
  static const std::array<Forged, 4> kCommands{{
      {"zigbee2mqtt/Foot warmer plug/set", R"({"state":"ON"})", true, {false, false, true}},
      {"zigbee2mqtt/Foot warmer plug/set", R"({"state":"ON","on_time":6000})", true, {false, false, true}},
      {"lull/pad/left/number/lease/command", "300", true, {true, true, false}},
      {"zigbee2mqtt/Foot warmer plug/set", R"({"state":"ON","on_time":0})", true, {false, false, true}},
  }};
  const auto n = static_cast<std::size_t>(number);
  return command ? kCommands[n % kCommands.size()] : kStates[n % kStates.size()];
}

// ---- the disk -------------------------------------------------------------------------------------------------------

std::uint64_t Disk::keep(Recorded what, Instant now) {
  waiting_.push_back({std::move(what), ++ticket_, now});
  return ticket_;
}

std::optional<Instant> Disk::next() const {
  if (waiting_.empty() || full) return std::nullopt;
  return waiting_.front().at + kTakes;
}

std::optional<std::uint64_t> Disk::writes(Instant now) {
  std::optional<std::uint64_t> ticket;
  while (!full && !waiting_.empty() && now - waiting_.front().at >= kTakes) {
    write(waiting_.front().what);
    ticket = waiting_.front().ticket;
    waiting_.pop_front();
  }
  return ticket;
}

void Disk::write(const Recorded& what) {
  const auto put = [](auto& list, const auto& value, auto same) {
    std::erase_if(list, same);
    list.push_back(value);
  };
  std::visit(Match{[&](const KeepDose& k) {
                     put(kept.dose, k.dose,
                         [&](const DoseUsed& u) { return u.device == k.dose.device && u.night == k.dose.night; });
                   },
                   [&](const KeepSetting& k) {
                     put(kept.settings, k.setting, [&](const Setting& s) { return s.name == k.setting.name; });
                   },
                   [&](const KeepRuleUsed& k) {
                     put(kept.rules, k.used,
                         [&](const RuleUsed& u) { return u.rule == k.used.rule && u.night == k.used.night; });
                   },
                   [](const auto&) {}},
             what);
}

}  // namespace lull
