// Any device that speaks MQTT, by the mapping its household wrote: which topic means what, and what to say.
//
// A live message is taken as the device's own word, for only the household can know that it is: map the topic on which
// the device itself reports, never one on which a bridge repeats a command. How the device stops by itself stands in
// the mapping; it is told anew with each report of `on` or `level`, and once is enough for the core.
#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "devices/dialects/mqtt_mapping.hpp"

namespace lull {
namespace {

using mapping::Means;
constexpr double kADay = 86400;
constexpr std::size_t kMaxAction = 64;

std::vector<Error> check(const Device& d) { return mapping::check(d); }

void add_new(std::vector<std::string>& all, const std::string& topic) {
  if (std::find(all.begin(), all.end(), topic) == all.end()) all.push_back(topic);
}
std::vector<std::string> topics(const Device& d) {
  std::vector<std::string> all;
  for (const auto& h : d.mapping.hears) add_new(all, h.topic);
  return all;
}
std::vector<std::string> command_topics(const Device& d) {
  std::vector<std::string> all;
  if (!is_actuator(d.kind)) return all;
  for (const auto* list : {&d.mapping.on, &d.mapping.off, &d.mapping.arm})
    for (const auto& said : *list) add_new(all, said.topic);
  return all;
}

// ---- hearing --------------------------------------------------------------------------------------------------------

/// The value a mapping points to: a JSON value, or the whole payload as text.
struct Value {
  const Json* json = nullptr;
  std::string_view raw{};

  std::string text() const {
    if (!json) return std::string(raw);
    if (json->is_string()) return json->get<std::string>();
    return json->is_structured() ? "" : json->dump();
  }
  /// A number, also one in quotes: many devices send text.
  std::optional<double> number() const {
    if (!json) return decimal(raw);
    return json->is_string() ? decimal(json->get_ref<const std::string&>()) : finite(*json);
  }
  std::string seen() const { return json ? shown(*json) : shown(raw); }
};

struct Message {
  const Listener& to;
  const Incoming& in;
  const Json* document;  // null when the payload is no JSON
  const std::string& not_json;
  Heard& heard;
  ActuatorReported report{to.id};

  void wrong(const Mapping::Hears& h, const std::string& what) const {
    add_problem(heard, place(in.topic, h.pointer.empty() ? h.means : h.pointer), what);
  }
  std::optional<double> number(const Mapping::Hears& h, const Value& v, double low, double high,
                               const std::string& unit) const {
    const auto n = v.number();
    if (n && *n * h.scale >= low && *n * h.scale <= high) return *n * h.scale;
    const std::string scaled = h.scale == 1.0 || !n ? "" : " times " + plain(h.scale);
    wrong(h, "is " + v.seen() + scaled + ", must be " + plain(low) + " to " + plain(high) +
                 (unit.empty() ? "" : " " + unit));
    return std::nullopt;
  }
  std::optional<bool> truth(const Mapping::Hears& h, const Value& v) const {
    const auto [yes, no] = mapping::yes_no(h);
    const std::string said = v.text();
    if (said == yes || said == no) return said == yes;
    wrong(h, "is " + v.seen() + ", must be " + shown(yes) + " or " + shown(no));
    return std::nullopt;
  }
  template <class N>
  void tell(N news) const {
    heard.news.push_back(std::move(news));
  }
};

std::optional<LegAcceleration> acceleration(const Json* json, double scale) {
  const auto field = [&](const char* key) {
    const Json* value = json ? member(*json, key) : nullptr;
    const auto n = value ? finite(*value) : std::nullopt;
    return n && *n * scale >= 0 && *n * scale <= 32000 ? std::optional(*n * scale) : std::nullopt;
  };
  const auto rms = field("rms_mg"), peak = field("peak_mg");
  if (!rms || !peak) return std::nullopt;
  const Json* n = member(*json, "n");
  const auto samples = n ? whole(*n, 1, 1000) : std::optional<long long>(0);
  if (!samples) return std::nullopt;
  return LegAcceleration{*rms, *peak, static_cast<std::int32_t>(*samples)};
}

/// A list of [x, y, z], equally spaced over the device's epoch.
std::optional<RawAcceleration> raw(const Json* json, double scale, seconds epoch) {
  if (!json || !json->is_array() || json->empty() || json->size() > kMaxRawSamples || epoch < 1s) return std::nullopt;
  RawAcceleration samples{static_cast<double>(json->size()) / static_cast<double>(epoch.count()), {}};
  for (const Json& axes : *json) {
    if (!axes.is_array() || axes.size() != 3) return std::nullopt;
    auto& sample = samples.mg.emplace_back();
    for (std::size_t i = 0; i < 3; ++i) {
      const auto n = finite(axes[i]);
      if (!n || std::fabs(*n * scale) > 32000) return std::nullopt;
      sample[i] = static_cast<float>(*n * scale);
    }
  }
  return samples;
}

void hear_movement(const Message& m, const Mapping::Hears& h, const Value& v) {
  if (m.in.retained) return;  // movements are events; a remembered one did not happen now
  const DeviceId id = m.to.id;
  switch (m.to.device->stream) {
    case Stream::counts:
      if (const auto n = m.number(h, v, 0, 1e6, "counts"))
        m.tell(MovementReported{id, Counts{static_cast<std::int32_t>(*n)}});
      return;
    case Stream::radar:
      if (const auto n = m.number(h, v, 0, 100, ""))
        m.tell(MovementReported{id, RadarMovement{static_cast<std::int32_t>(*n)}});
      return;
    case Stream::load:
      if (const auto n = m.number(h, v, 0, 1e6, "kg²")) m.tell(MovementReported{id, LoadVariance{*n}});
      return;
    case Stream::vibration:
      if (m.truth(h, v) == true) m.tell(MovementReported{id, Vibration{}});
      return;
    case Stream::acceleration:
      if (const auto a = acceleration(v.json, h.scale))
        m.tell(MovementReported{id, *a});
      else
        m.wrong(h, "is no object with rms_mg and peak_mg of 0 to 32000 and, where it is sent, n of 1 to 1000");
      return;
    case Stream::raw:
      if (auto a = raw(v.json, h.scale, m.to.device->epoch))
        m.tell(MovementReported{id, std::move(*a)});
      else
        m.wrong(h, "is no list of 1 to 256 samples [x, y, z] in milli-g");
      return;
    case Stream::none: return;
  }
}

void hear_action(const Message& m, const Mapping::Hears& h, const Value& v) {
  const std::string action = v.text();
  if (m.in.retained || (action.empty() && !(v.json && v.json->is_structured()))) return;
  if (action.empty() || action.size() > kMaxAction)
    return m.wrong(h, "is " + v.seen() + ", must be a word of at most 64 bytes");
  m.tell(ButtonPressed{m.to.id, action});
}

void hear_value(Message& m, const Mapping::Hears& h, const Value& v) {
  const DeviceId id = m.to.id;
  const auto means = mapping::means_for(h.means);
  if (!means) return;  // check() said so; a configuration with problems does not run
  switch (*means) {
    case Means::on:
      if (const auto on = m.truth(h, v)) m.report.on = on;
      return;
    case Means::level:
      if (const auto n = m.number(h, v, 0, 100, "%")) m.report.level = Percent::from(*n);
      return;
    case Means::timer_left:
      if (const auto n = m.number(h, v, 0, kADay, "s")) m.report.timer_left = seconds{static_cast<int>(*n)};
      return;
    case Means::watts:
      if (const auto n = m.number(h, v, Watts::low, Watts::high, "W")) m.tell(PowerReported{id, *Watts::from(*n)});
      return;
    case Means::celsius:
      if (m.in.retained) return;  // a temperature of some time ago is no reading
      if (const auto n = m.number(h, v, Celsius::low, Celsius::high, "°C"))
        m.tell(TemperatureReported{id, *Celsius::from(*n)});
      else
        m.tell(ReadingFailed{id, {}, v.seen()});
      return;
    case Means::auto_off:
      if (m.in.retained) return;  // nor is a setting of some time ago a proof
      if (const auto n = m.number(h, v, 0, kADay, "s")) m.tell(TimerReadBack{id, seconds{static_cast<int>(*n)}});
      return;
    case Means::occupied:
      if (const auto yes = m.truth(h, v))
        m.tell(OccupancyReported{.device = id, .occupied = *yes, .remembered = remembered(m.in)});
      return;
    case Means::reachable:
      if (const auto yes = m.truth(h, v)) m.tell(ReachabilityChanged{id, *yes});
      return;
    case Means::battery:
      if (const auto n = m.number(h, v, 0, 100, "%")) m.tell(BatteryReported{id, *Percent::from(*n)});
      return;
    case Means::heart_rate:
      if (m.in.retained) return;  // of some time ago
      if (const auto n = m.number(h, v, 0, kFastestHeart, "beats a minute"); n && *n >= kSlowestHeart)  // 0: no pulse
        m.tell(HeartRateReported{id, static_cast<std::int32_t>(*n + 0.5)});
      return;
    case Means::movement: return hear_movement(m, h, v);
    case Means::action: return hear_action(m, h, v);
  }
}

void hear_all(Message& m) {
  bool found = false;
  for (const Mapping::Hears& h : m.to.device->mapping.hears) {
    if (h.topic != m.in.topic) continue;
    found = true;
    if (h.pointer.empty()) {
      // Text and numbers without quotes are compared as they came; JSON is looked into where there is some.
      const bool structured = m.document && (m.document->is_structured() || m.document->is_string());
      hear_value(m, h, {structured ? m.document : nullptr, m.in.payload});
    } else if (!m.document) {
      m.wrong(h, m.not_json);
    } else if (const Json* value = mapping::find(*m.document, h.pointer); value && !value->is_null()) {
      hear_value(m, h, {value});
    }  // not in this message: partial messages are usual, and a missing key is no news
  }
  if (!found || !(m.report.on || m.report.level || m.report.timer_left)) return;
  const bool state = m.report.on || m.report.level;
  if (!m.report.on && m.report.level) m.report.on = m.report.level > 0_pct;
  m.report.answers_ask = !m.in.retained;
  m.tell(m.report);
  const Kind kind = m.to.device->kind;
  if (!state || !needs_timer(kind)) return;
  auto [timer, reason] = mapping::timer_of(*m.to.device);
  m.tell(TimerLearned{m.to.id, timer, std::move(reason)});
}

Heard hear(std::span<const Listener> listeners, const Incoming& in) {
  Heard heard;
  if (std::string wrong = text_problem(in.payload); !wrong.empty()) {
    add_problem(heard, std::string(in.topic), std::move(wrong));
    return heard;
  }
  const Result<Json> json = read_json(in.payload);
  const std::string not_json = json ? "" : json.error().what;
  for (const Listener& to : listeners) {
    Message message{to, in, json ? &*json : nullptr, not_json, heard};
    hear_all(message);
  }
  return heard;
}

// ---- saying ---------------------------------------------------------------------------------------------------------

std::vector<Outgoing> say(const Device& d, const SafeCommand& command, Instant now) {
  if (!is_actuator(d.kind)) return {};
  const auto off = [&] { return mapping::filled(d.mapping.off, {}); };
  if (command.off()) return off();
  mapping::Numbers numbers{.level = command.output().level, .kelvin = command.output().kelvin};
  if (needs_timer(d.kind)) {
    const bool heat = d.kind == Kind::heat_pad;
    const seconds lease =
        std::min(command.lease(now), d.kind == Kind::massage_pad ? kHard.massage_lease : kHard.heat_lease);
    const bool guarded = command.timer() == Timer::mapped_duration || command.timer() == Timer::mapped_auto_off ||
                         (command.timer() == Timer::product && d.kind == Kind::massage_pad) ||
                         (command.timer() == Timer::mains && d.behind);
    if (lease < 1s || !guarded) return off();
    numbers.lease = lease;
    if (heat) numbers.celsius = heat_target(command.output().level);
  } else if (command.expires() <= now) {
    return {};
  }
  return mapping::filled(d.mapping.on, numbers);
}

std::vector<Outgoing> ask_state(const Device& d) { return mapping::filled(d.mapping.ask, {}); }

std::vector<Outgoing> arm(const Device& d, Timer timer, seconds value) {
  if (timer != Timer::mapped_auto_off) return {};
  std::vector<Outgoing> all = mapping::filled(d.mapping.arm, {.lease = value});
  for (Outgoing& message : ask_state(d)) all.push_back(std::move(message));
  return all;
}

}  // namespace

constinit extern const Dialect kMqtt;
constinit const Dialect kMqtt{.name = "mqtt",
                              .check = check,
                              .topics = topics,
                              .command_topics = command_topics,
                              .hear = hear,
                              .say = say,
                              .ask = ask_state,
                              .arm = arm};

}  // namespace lull
