// ESPHome over MQTT: the reference pad and anklet of docs/hardware, whose topics stand under one prefix, `at`.
//
// - Every state is the applied value, published by the device itself: a live one is fresh, a retained one is the
//   broker's memory. Out of range is dropped by ESPHome without a word and the old value stays, so silence is a
//   failure.
// - Heat and massage of a pad share one lease. Each ON renews it and then sets its own function; each OFF sets only its
//   own function to 0, so that ending a massage does not end the heat. A lease of 0 would end both; STOP does not need
//   it, for every actuator gets its own OFF, and the lease lapses in any case.
// - An echo of 0 after another request is a refusal. It is heard as OFF, which it is; `interlock` says the reason.
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "devices/dialects/payload.hpp"

namespace lull {
namespace {

constexpr double kPadCeiling = 39;        // the pad refuses a higher target
constexpr double kPadLowest = 30;         // and takes a lower one as 0
constexpr long long kLongestLease = 900;  // seconds, as the pad allows; ours are shorter
constexpr int kSamplesASecond = 25;       // of the anklet
constexpr double kMostMilliG = 32000;     // twice what any range of such a sensor can say

struct Source {
  Stream stream;
  std::string_view topic;
};
constexpr std::array<Source, 5> kMovements{{{Stream::acceleration, "/movement"},
                                            {Stream::counts, "/sensor/movement_count/state"},
                                            {Stream::vibration, "/binary_sensor/vibration/state"},
                                            {Stream::radar, "/sensor/body_movement/state"},
                                            {Stream::load, "/sensor/bed_load_variance/state"}}};
constexpr std::array<std::string_view, 2> kTemperatures{"/sensor/pad_temperature_a/state",
                                                        "/sensor/pad_temperature_b/state"};
constexpr std::string_view kHeartRate = "/sensor/heart_rate/state";
constexpr std::string_view kBattery = "/sensor/battery/state";
constexpr std::array<std::string_view, 2> kPresences{"/binary_sensor/presence/state", "/binary_sensor/occupancy/state"};

Stream stream_of(const Device& d) { return d.stream == Stream::none ? Stream::acceleration : d.stream; }  // the anklet
bool on_pad(Kind kind) { return kind == Kind::massage_pad || kind == Kind::heat_pad; }

std::vector<Error> check(const Device& d) {
  std::vector<Error> problems;
  if (std::string wrong = topic_problem(d.at); !wrong.empty())
    problems.push_back({"at", wrong + "; write the node's topic_prefix, for example lull/pad/left"});
  if (!d.base.empty()) problems.push_back({"base", "is not used with esphome; write the whole prefix in `at`"});
  if (is_actuator(d.kind) && !on_pad(d.kind))
    problems.push_back({"is", "is " + std::string(word_for(d.kind)) +
                                  "; esphome here means the pad and the anklet of the manual, "
                                  "map any other node with `speaks: mqtt`"});
  if (d.kind == Kind::alarm_clock) problems.push_back({"is", "is alarm_clock, of which only home_assistant tells"});
  if (d.kind == Kind::movement && d.stream == Stream::raw)
    problems.push_back({"stream", "is raw; the anklet sends acceleration, map raw samples with `speaks: mqtt`"});
  if (d.kind == Kind::massage_pad && !d.steps_levels)
    problems.push_back({"levels", "are declared as on and off only, but the pad knows 0 to 100 %; leave that out"});
  return problems;
}

std::vector<std::string> topics(const Device& d) {
  std::vector<std::string> all{d.at + "/status"};
  const auto add = [&](std::string_view topic) { all.push_back(d.at + std::string(topic)); };
  if (on_pad(d.kind)) {
    add("/number/lease/state");
    add(d.kind == Kind::massage_pad ? "/number/vibration/state" : "/number/heat_target/state");
    add("/sensor/interlock/state");
  }
  if (d.kind == Kind::heat_pad || d.kind == Kind::thermometer)
    for (const auto topic : kTemperatures) add(topic);
  if (d.kind == Kind::presence)
    for (const auto topic : kPresences) add(topic);
  if (d.kind == Kind::button) add("/binary_sensor/stop_button/state");
  if (d.kind == Kind::heart_rate) add(kHeartRate);
  if (!on_pad(d.kind)) add(kBattery);
  if (d.kind == Kind::movement)
    for (const Source& source : kMovements)
      if (source.stream == stream_of(d)) add(source.topic);
  return all;
}

std::vector<std::string> command_topics(const Device& d) {
  if (d.kind == Kind::massage_pad) return {d.at + "/number/lease/command", d.at + "/number/vibration/command"};
  if (d.kind == Kind::heat_pad) return {d.at + "/number/lease/command", d.at + "/number/heat_target/command"};
  return {};
}

// ---- hearing --------------------------------------------------------------------------------------------------------

/// One message for one of the devices that listen to it. `part` is the topic without the prefix.
struct Message {
  const Listener& to;
  const Incoming& in;
  std::string_view part;
  Heard& heard;

  void wrong(std::string_view right, std::string_view field = "") const {
    const std::string is = field.empty() ? "is " + shown(in.payload) + ", " : "";
    add_problem(heard, place(in.topic, field), is + std::string(right));
  }
  std::optional<double> number(double low, double high, std::string_view right) const {
    const std::optional<double> n = decimal(in.payload);
    if (n && *n >= low && *n <= high) return n;
    wrong(right);
    return std::nullopt;
  }
  std::optional<bool> yes() const {
    if (in.payload == "ON" || in.payload == "OFF") return in.payload == "ON";
    wrong("must be ON or OFF");
    return std::nullopt;
  }
  template <class N>
  void tell(N news) const {
    heard.news.push_back(std::move(news));
  }
};

void hear_status(const Message& m) {
  if (m.in.payload != "online" && m.in.payload != "offline") return m.wrong("must be online or offline");
  const bool up = m.in.payload == "online";
  m.tell(ReachabilityChanged{m.to.id, up});
  if (up && on_pad(m.to.device->kind)) m.tell(TimerLearned{m.to.id, Timer::lease, ""});
}

void hear_lease(const Message& m) {
  const auto s = m.number(0, kLongestLease, "must be 0 to 900 s");
  // The pad says a lease once, when it takes it: a retained one tells nothing of what is left now.
  if (s && !m.in.retained)
    m.tell(ActuatorReported{.device = m.to.id, .timer_left = seconds{static_cast<int>(*s)}, .answers_ask = true});
}

void hear_vibration(const Message& m) {
  if (const auto v = m.number(0, 100, "must be 0 to 100 %"))
    m.tell(
        ActuatorReported{.device = m.to.id, .on = *v > 0, .level = Percent::from(*v), .answers_ask = !m.in.retained});
}

void hear_heat_target(const Message& m) {
  const auto t = m.number(0, kPadCeiling + 0.01, "must be 0 or 30 to 39 °C");
  if (!t) return;
  if (*t > 0 && *t < kPadLowest) return m.wrong("must be 0 or 30 to 39 °C");
  ActuatorReported report{.device = m.to.id, .on = *t > 0, .answers_ask = !m.in.retained};
  const double most = kHard.heat_target.value();
  // The share of the way from 30 °C to our limit. Above the limit somebody else set it: on, at no level of ours.
  if (*t == 0)
    report.level = 0_pct;
  else if (*t < most + 0.05)
    report.level = Percent::from(std::min(100.0, (*t - kPadLowest) / (most - kPadLowest) * 100));
  else
    m.wrong("which is above our limit of " + plain(most) + " °C; who set it?");
  m.tell(report);
}

void hear_interlock(const Message& m) {
  struct Word {
    std::string_view word, text;
    bool heat, massage, lasts;  // lasts: still true when it is only remembered
  };
  static constexpr std::array<Word, 6> kWords{
      {{"idle", "", false, false, false},
       {"leased", "", false, false, false},
       {"heat_rest", "the pad ended its heat session by itself and rests", true, false, false},
       {"motor_rest", "the pad ended its massage session by itself and rests", false, true, false},
       {"over_temp", "the pad was too hot and locked its heat; look at it, then hold its button for 5 s", true, false,
        true},
       {"sensor", "the pad's temperature sensors disagree or are broken; its heat is off", true, false, true}}};
  const auto found = std::find_if(kWords.begin(), kWords.end(), [&](const Word& w) { return w.word == m.in.payload; });
  if (found == kWords.end()) return m.wrong("must be idle, leased, heat_rest, motor_rest, over_temp or sensor");
  const bool concerns = m.to.device->kind == Kind::heat_pad ? found->heat : found->massage;
  if (concerns && (found->lasts || !m.in.retained)) m.tell(DeviceComplained{m.to.id, std::string(found->text)});
}

void hear_temperature(const Message& m) {
  if (m.in.retained) return;  // a temperature of some time ago is no reading
  const std::int32_t sensor = m.part == kTemperatures[0] ? 0 : 1;
  if (m.in.payload == "nan") {
    m.wrong("so this sensor is open or short");
  } else if (const auto c = m.number(Celsius::low, Celsius::high, "must be -40 to 125 °C")) {
    return m.tell(TemperatureReported{.device = m.to.id, .celsius = *Celsius::from(*c), .sensor = sensor});
  }
  m.tell(ReadingFailed{m.to.id, sensor, shown(m.in.payload)});
}

void hear_anklet(const Message& m) {
  const Result<Json> json = read_object(m.in.payload);
  if (!json) return add_problem(m.heard, std::string(m.in.topic), json.error().what);
  const auto milli_g = [&](const char* field) {
    const Json* value = member(*json, field);
    const auto n = value ? finite(*value) : std::nullopt;
    return n && *n >= 0 && *n <= kMostMilliG ? n : std::nullopt;
  };
  const auto rms = milli_g("rms_mg"), peak = milli_g("peak_mg");
  const Json* counted = member(*json, "n");
  const auto n = counted ? whole(*counted, 1, 1000) : std::nullopt;
  if (!rms) m.wrong("must be a number of 0 to 32000 milli-g", "rms_mg");
  if (!peak) m.wrong("must be a number of 0 to 32000 milli-g", "peak_mg");
  if (!n) m.wrong("must be a whole number of 1 to 1000 samples", "n");
  if (!rms || !peak || !n) return;
  if (*n < kSamplesASecond / 2 || *n > kSamplesASecond * 2)
    m.wrong("is " + std::to_string(*n) + " samples in a second, should be about 25: the node is too busy", "n");
  if (const Json* up = member(*json, "up_ms"))
    if (const auto ms = whole(*up, 0, 1ll << 40))
      m.heard.sent = Sent{Sent::By::uptime, milliseconds{*ms}, m.to.device->at};
  m.tell(MovementReported{m.to.id, LegAcceleration{*rms, *peak, static_cast<std::int32_t>(*n)}});
}

void hear_movement(const Message& m) {
  if (m.in.retained) return;  // movements are events; a remembered one did not happen now
  switch (stream_of(*m.to.device)) {
    case Stream::acceleration: return hear_anklet(m);
    case Stream::counts:
      if (const auto n = m.number(0, 1'000'000, "must be a count of 0 to 1000000"))
        m.tell(MovementReported{m.to.id, Counts{static_cast<std::int32_t>(*n)}});
      return;
    case Stream::radar:
      if (const auto n = m.number(0, 100, "must be 0 to 100"))
        m.tell(MovementReported{m.to.id, RadarMovement{static_cast<std::int32_t>(*n)}});
      return;
    case Stream::load:
      if (const auto v = m.number(0, 1e6, "must be a variance of 0 to 1000000 kg²"))
        m.tell(MovementReported{m.to.id, LoadVariance{*v}});
      return;
    case Stream::vibration:
      if (m.yes() == true) m.tell(MovementReported{m.to.id, Vibration{}});
      return;
    default: return;
  }
}

/// ESPHome says nan when a sensor has no value, and radars and straps say 0: no pulse was found. That is a gap.
void hear_heart_rate(const Message& m) {
  if (m.in.retained || m.in.payload == "nan") return;
  const auto n = m.number(0, kFastestHeart, "must be 0 to 240 beats a minute");
  if (n && *n >= kSlowestHeart) m.tell(HeartRateReported{m.to.id, static_cast<std::int32_t>(*n + 0.5)});
}

void hear_one(const Message& m) {
  const Kind kind = m.to.device->kind;
  if (m.part == "/status") return hear_status(m);
  if (m.part == kBattery) {
    if (const auto left = m.number(0, 100, "must be 0 to 100 %"))
      m.tell(BatteryReported{m.to.id, *Percent::from(*left)});
    return;
  }
  if (kind == Kind::movement) return hear_movement(m);
  if (kind == Kind::heart_rate) return hear_heart_rate(m);
  if (kind == Kind::heat_pad || kind == Kind::thermometer)
    if (std::find(kTemperatures.begin(), kTemperatures.end(), m.part) != kTemperatures.end())
      return hear_temperature(m);
  if (kind == Kind::presence) {
    if (const auto in_bed = m.yes()) m.tell(OccupancyReported{m.to.id, *in_bed});
    return;
  }
  if (kind == Kind::button) {
    if (!m.in.retained && m.yes() == true) m.tell(ButtonPressed{m.to.id, "stop"});
    return;
  }
  if (m.part == "/number/lease/state") return hear_lease(m);
  if (m.part == "/sensor/interlock/state") return hear_interlock(m);
  if (m.part == "/number/vibration/state") return hear_vibration(m);
  if (m.part == "/number/heat_target/state") return hear_heat_target(m);
}

Heard hear(std::span<const Listener> listeners, const Incoming& in) {
  Heard heard;
  if (std::string wrong = text_problem(in.payload); !wrong.empty()) {
    add_problem(heard, std::string(in.topic), std::move(wrong));
    return heard;
  }
  for (const Listener& to : listeners) {
    const std::vector<std::string> its = topics(*to.device);
    if (std::find(its.begin(), its.end(), in.topic) != its.end())
      hear_one({to, in, in.topic.substr(to.device->at.size()), heard});
  }
  return heard;
}

// ---- saying ---------------------------------------------------------------------------------------------------------

std::vector<Outgoing> say(const Device& d, const SafeCommand& command, Instant now) {
  if (!on_pad(d.kind)) return {};
  const bool heat = d.kind == Kind::heat_pad;
  const std::string own = d.at + (heat ? "/number/heat_target/command" : "/number/vibration/command");
  const seconds lease = std::min(command.lease(now), heat ? kHard.heat_lease : kHard.massage_lease);
  if (command.off() || lease < 1s || command.timer() != Timer::lease) return {{own, "0"}};
  const double value = heat ? heat_target(command.output().level).value() : command.output().level.value();
  return {{d.at + "/number/lease/command", std::to_string(lease.count())}, {own, plain(value)}};
}

/// ESPHome cannot be asked. It publishes each state when it changes, and the broker keeps the last one for us.
std::vector<Outgoing> ask_nothing(const Device&) { return {}; }
/// Nor is there anything to arm: a lease comes with each ON, and after a power cut the pad is off.
std::vector<Outgoing> arm_nothing(const Device&, Timer, seconds) { return {}; }

}  // namespace

constinit extern const Dialect kEsphome;
constinit const Dialect kEsphome{.name = "esphome",
                                 .check = check,
                                 .topics = topics,
                                 .command_topics = command_topics,
                                 .hear = hear,
                                 .say = say,
                                 .ask = ask_nothing,
                                 .arm = arm_nothing};

}  // namespace lull
