// Anything that Home Assistant knows as an entity: `at` is its id, and its domain says what can be done with it.
//
// No message of a broker: the shell brings each state as JSON {"state","attributes","last_changed","last_updated"}
// under the entity's id, and takes {"entity_id",...} to an action such as `light.turn_on`. Retained means: it was so
// before we came, or before it went away and came back. A state without stamps is one that was asked for.
//
// Home Assistant believes a device long before the device has proved anything, and what it switches on stays on when
// both of us are gone. So nothing here is ever the device's own word, and nothing has a timer: a massage needs the
// product's own cut-off, heat a plug in front of it that stops by itself (docs/SAFETY.md, promise 3).
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "devices/dialects/home_assistant_entity.hpp"
#include "devices/dialects/stamp.hpp"

namespace lull {
namespace {

using entity::Domain;
constexpr std::size_t kMaxAction = 64;
constexpr double kAtOnce = 5;  // seconds from an event to its being told; Home Assistant takes milliseconds

std::vector<Error> check(const Device& d) { return entity::check(d); }

std::vector<std::string> topics(const Device& d) {
  std::vector<std::string> all{d.at};
  for (const auto& h : d.mapping.hears)
    if (std::find(all.begin(), all.end(), h.topic) == all.end()) all.push_back(h.topic);
  return all;
}

std::vector<std::string> command_topics(const Device& d) {
  if (!is_actuator(d.kind)) return {};
  std::vector<std::string> all{entity::on_action(d.at), entity::off_action(d.at)};
  if (all[0] == all[1]) all.pop_back();
  for (const auto& said : d.mapping.on)
    if (std::find(all.begin(), all.end(), said.topic) == all.end()) all.push_back(said.topic);
  return all;
}

// ---- hearing --------------------------------------------------------------------------------------------------------

struct Told {
  const Listener& to;
  const Incoming& in;
  const Json& json;
  const std::string state;
  const Json* attributes;
  Heard& heard;

  const Device& device() const { return *to.device; }
  const Json* attribute(std::string_view key) const { return attributes ? member(*attributes, key) : nullptr; }
  void wrong(std::string_view field, const std::string& what) const {
    add_problem(heard, place(in.topic, field), what);
  }
  template <class N>
  void tell(N news) const {
    heard.news.push_back(std::move(news));
  }
  /// It became this now, while we listened: neither told at the log-in, nor asked for, nor another attribute alone.
  bool happened() const {
    const Json *changed = member(json, "last_changed"), *updated = member(json, "last_updated");
    return !in.retained && changed && updated && *changed == *updated;
  }
  /// The same of an event, whose state is the time when it happened. One that comes back from unavailable changes, too,
  /// and is as old as it was.
  bool just_happened() const {
    const Json* changed = member(json, "last_changed");
    const auto since_1970 = changed ? finite(*changed) : std::nullopt;
    const auto when = iso_8601(state);
    if (!happened() || !when || !since_1970) return false;
    return std::abs(static_cast<double>(when->count()) / 1000 - *since_1970) < kAtOnce;
  }
  /// On or off, or nothing with the reason told.
  std::optional<bool> truth() const {
    if (state == "on" || state == "off") return state == "on";
    wrong("state", "is " + shown(state) + ", must be on or off");
    return std::nullopt;
  }
  std::optional<double> number(double low, double high, const std::string& unit) const {
    const auto n = decimal(state);
    if (n && *n >= low && *n <= high) return n;
    wrong("state", "is " + shown(state) + ", must be " + plain(low) + " to " + plain(high) + unit);
    return std::nullopt;
  }
};

bool is_lost(std::string_view state) { return state == "unavailable" || state == "unknown" || state.empty(); }

std::optional<Percent> brightness(const Told& t) {
  const Json* value = t.attribute("brightness");
  const auto n = value ? finite(*value) : std::nullopt;
  if (n && *n >= 0 && *n <= 255) return Percent::from(*n * 100 / 255);
  if (value) t.wrong("brightness", "is " + shown(*value) + ", must be 0 to 255");
  return std::nullopt;
}

/// A number, in percent of what the household calls its full strength.
void hear_number(const Told& t, ActuatorReported& report) {
  const double full = entity::full_of(t.device());
  if (const Json* most = t.attribute("max"))
    if (const auto n = finite(*most); n && *n != full)
      t.wrong("max", "is " + plain(*n) + "; write `full: " + plain(*n) + "` at the device, or its strength is wrong");
  const auto n = decimal(t.state);
  if (!n || *n < 0) return t.wrong("state", "is " + shown(t.state) + ", must be a number from 0");
  report.on = *n > 0;
  if (!entity::is_coarse(t.device())) report.level = Percent::from(std::min(100.0, *n * 100 / full));
}

/// An option that nobody named is not off, and what is not off is on: it is told OFF until it shows it.
void hear_option(const Told& t, ActuatorReported& report) {
  const auto options = entity::options_of(t.device());
  if (std::find(options.begin(), options.end(), t.state) == options.end())
    t.wrong("state", "is " + shown(t.state) + ", which is none of the device's `options`");
  report.on = options.empty() || t.state != options.front();
}

void hear_actuator(const Told& t) {
  ActuatorReported report{t.to.id};
  switch (entity::domain_of(t.in.topic)) {
    case Domain::light:
      if (!(report.on = t.truth())) return;
      if (*report.on) report.level = brightness(t);
      if (const Json* kelvin = *report.on ? t.attribute("color_temp_kelvin") : nullptr)
        if (const auto n = finite(*kelvin)) report.kelvin = Kelvin::from(*n);
      break;
    case Domain::fan:
      if (!(report.on = t.truth())) return;
      if (const Json* level = t.attribute("percentage"); level && t.device().steps_levels)
        if (const auto n = finite(*level)) report.level = Percent::from(*n);
      if (report.on == false) report.level.reset();
      break;
    case Domain::number: hear_number(t, report); break;
    case Domain::select: hear_option(t, report); break;
    default: report.on = t.truth(); break;
  }
  if (!report.on) return;
  t.tell(report);
  if (!needs_timer(t.device().kind)) return;
  auto [timer, reason] = entity::timer_of(t.device());
  t.tell(TimerLearned{t.to.id, timer, std::move(reason)});
}

void hear_movement(const Told& t) {
  if (!t.happened()) return;
  const DeviceId id = t.to.id;
  switch (t.device().stream) {
    case Stream::counts:
      if (const auto n = t.number(0, 1e6, " counts"))
        t.tell(MovementReported{id, Counts{static_cast<std::int32_t>(*n)}});
      return;
    case Stream::radar:
      if (const auto n = t.number(0, 100, ""))
        t.tell(MovementReported{id, RadarMovement{static_cast<std::int32_t>(*n)}});
      return;
    case Stream::load:
      if (const auto n = t.number(0, 1e6, " kg²")) t.tell(MovementReported{id, LoadVariance{*n}});
      return;
    default:
      if (entity::domain_of(t.in.topic) == Domain::event ? t.just_happened() : t.truth() == true)
        t.tell(MovementReported{id, Vibration{}});
  }
}

void hear_button(const Told& t) {
  const Domain domain = entity::domain_of(t.in.topic);
  if (domain == Domain::event || domain == Domain::button ? !t.just_happened() : !t.happened()) return;
  std::string action = t.state;
  switch (domain) {
    case Domain::event: {  // its state is a time, what happened an attribute
      const Json* type = t.attribute("event_type");
      action = type && type->is_string() ? type->get<std::string>() : "";
      break;
    }
    case Domain::button: action = "press"; break;
    case Domain::truth:
      if (t.state != "on") return;
      break;
    default: break;
  }
  if (action.empty() || action.size() > kMaxAction)
    return t.wrong("event_type", "is " + shown(action) + ", must be a word of at most 64 bytes");
  t.tell(ButtonPressed{t.to.id, action});
}

std::optional<double> in_celsius(const Told& t, std::optional<double> n) {
  const Json* unit = t.attribute("unit_of_measurement");
  return n && unit && *unit == "°F" ? (*n - 32) / 1.8 : n;
}
void hear_celsius(const Told& t, std::optional<double> n) {
  if (t.in.retained) return;  // a temperature of some time ago is no reading
  const auto celsius = n ? Celsius::from(*n) : std::nullopt;
  if (celsius) return t.tell(TemperatureReported{t.to.id, *celsius});
  t.tell(ReadingFailed{t.to.id, {}, shown(t.state)});
}

/// unknown and unavailable is what a phone without an alarm says; without a connection nobody knows of one.
void hear_alarm_clock(const Told& t) {
  if (is_lost(t.state)) return t.tell(AlarmClockReported{t.to.id, {}});
  const auto rings = iso_8601(t.state);
  if (!rings) t.wrong("state", "is " + shown(t.state) + ", must be a time such as 2026-11-22T06:30:00+00:00");
  t.tell(AlarmClockReported{t.to.id, rings ? std::optional(Utc{*rings}) : std::nullopt});
}

void hear_itself(const Told& t) {
  if (t.device().kind == Kind::alarm_clock) return hear_alarm_clock(t);
  const Domain domain = entity::domain_of(t.in.topic);
  const bool event = domain == Domain::event || domain == Domain::button;  // unknown: nothing has happened yet
  if (event ? t.state == "unavailable" || t.state.empty() : is_lost(t.state))
    return t.tell(ReachabilityChanged{t.to.id, false});
  t.tell(ReachabilityChanged{t.to.id, true});
  if (event && t.state == "unknown") return;
  switch (t.device().kind) {
    case Kind::movement: return hear_movement(t);
    case Kind::button: return hear_button(t);
    case Kind::thermometer: return hear_celsius(t, in_celsius(t, decimal(t.state)));
    case Kind::heart_rate:
      if (t.in.retained) return;                                                                   // of some time ago
      if (const auto n = t.number(0, kFastestHeart, " beats a minute"); n && *n >= kSlowestHeart)  // 0: no pulse
        t.tell(HeartRateReported{t.to.id, static_cast<std::int32_t>(*n + 0.5)});
      return;
    case Kind::presence:
      if (const auto in = t.truth())
        t.tell(OccupancyReported{.device = t.to.id, .occupied = *in, .remembered = remembered(t.in)});
      return;
    default: return hear_actuator(t);
  }
}

/// Another entity of the same device: its meter, its battery, its thermometer; or another attribute.
void hear_beside(const Told& t, const Mapping::Hears& h) {
  if (h.means == "level") return;  // how strong it is: told by itself
  const Json* value = mapping::find(t.json, h.pointer.empty() ? "/state" : h.pointer);
  if (!value || (h.pointer.empty() && is_lost(t.state))) return;
  const auto said = value->is_string() ? decimal(value->get_ref<const std::string&>()) : finite(*value);
  const auto n = said ? std::optional(*said * h.scale) : std::nullopt;
  const auto bad = [&](const std::string& right) {
    t.wrong(h.pointer.empty() ? "state" : h.pointer, "is " + shown(*value) + ", must be " + right);
  };
  if (h.means == "celsius") return hear_celsius(t, h.pointer.empty() ? in_celsius(t, n) : n);
  if (h.means == "watts") {
    if (t.in.retained) return;
    const auto watts = n ? Watts::from(*n) : std::nullopt;
    return watts ? t.tell(PowerReported{t.to.id, *watts}) : bad("watts");
  }
  const auto left = n ? Percent::from(*n) : std::nullopt;
  left ? t.tell(BatteryReported{t.to.id, *left}) : bad("0 to 100 %");
}

Heard hear(std::span<const Listener> listeners, const Incoming& in) {
  Heard heard;
  const Result<Json> json = read_object(in.payload);
  if (!json) {
    add_problem(heard, std::string(in.topic), json.error().what);
    return heard;
  }
  const Json* state = member(*json, "state");
  if (!state || !state->is_string()) {
    add_problem(heard, place(in.topic, "state"), "is missing, or no text");
    return heard;
  }
  const Json* attributes = member(*json, "attributes");
  if (attributes && !attributes->is_object()) attributes = nullptr;
  if (const Json* at = member(*json, "last_updated"); at && !in.retained)
    if (const auto since_1970 = finite(*at); since_1970 && *since_1970 > 0 && *since_1970 < 1e10)
      heard.sent = Sent{Sent::By::utc, milliseconds{static_cast<std::int64_t>(*since_1970 * 1000)}, "home_assistant"};
  for (const Listener& to : listeners) {
    const Told told{to, in, *json, state->get<std::string>(), attributes, heard};
    if (to.device->at == in.topic) hear_itself(told);
    for (const auto& h : to.device->mapping.hears)
      if (h.topic == in.topic) hear_beside(told, h);
  }
  return heard;
}

// ---- saying ---------------------------------------------------------------------------------------------------------

std::vector<Outgoing> say(const Device& d, const SafeCommand& command, Instant now) {
  if (!is_actuator(d.kind)) return {};
  if (command.off()) return {entity::off(d)};
  mapping::Numbers numbers{.level = command.output().level, .kelvin = command.output().kelvin};
  if (needs_timer(d.kind)) {
    const bool guarded = (command.timer() == Timer::product && d.kind == Kind::massage_pad) ||
                         (command.timer() == Timer::mains && d.behind);
    const seconds lease = command.lease(now);
    if (lease < 1s || !guarded) return {entity::off(d)};
    numbers.lease = lease;
  } else if (command.expires() <= now) {
    return {};
  }
  // What comes with each start, the bed's own timer: before it, so that it never runs without.
  std::vector<Outgoing> all = mapping::filled(d.mapping.on, numbers);
  all.push_back(entity::on(d, command.output()));
  return all;
}

/// Has Home Assistant ask the device, where that is its way; then the shell tells what it answered.
std::vector<Outgoing> ask_state(const Device& d) {
  return {{"homeassistant.update_entity", written({{"entity_id", d.at}})}};
}

std::vector<Outgoing> arm(const Device&, Timer, seconds) { return {}; }

}  // namespace

constinit extern const Dialect kHomeAssistant;
constinit const Dialect kHomeAssistant{.name = "home_assistant",
                                       .check = check,
                                       .topics = topics,
                                       .command_topics = command_topics,
                                       .hear = hear,
                                       .say = say,
                                       .ask = ask_state,
                                       .arm = arm};

}  // namespace lull
