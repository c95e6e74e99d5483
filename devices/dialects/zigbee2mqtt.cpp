// Zigbee2MQTT 2.x: what its device topics say, and the words for plugs, dimmers and lamps.
//
// What it is known for, and what follows for us:
// - A published state is no proof: it is published before the device did it, after a restart from a cache, and once
// more
//   with the old value right after a command. No field tells which, so `answers_ask` is never true here: the core
//   counts what it hears after it asked.
// - A retained availability stays "online" when Zigbee2MQTT is dead, so a retained "online" says nothing.
// - Its set has no answer. Failures are at most a line in bridge/logging.
#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "devices/dialects/stamp.hpp"
#include "devices/dialects/zigbee2mqtt_bridge.hpp"

namespace lull {
namespace zigbee2mqtt {
namespace {

constexpr int kFullBrightness = 254;  // 255 is taken as 254, more is an error
constexpr milliseconds kLongestFade{
    6'500'000};  // tenths of a second in 16 bits, of which the last value means something else
constexpr std::size_t kMaxAction = 64;

std::string base_of(const Device& d) { return d.base.empty() ? "zigbee2mqtt" : d.base; }
std::string topic_of(const Device& d) { return base_of(d) + "/" + d.at; }

// ---- configuration --------------------------------------------------------------------------------------------------

bool is_ieee_address(std::string_view at) {
  return at.size() == 18 && at.starts_with("0x") &&
         std::all_of(at.begin() + 2, at.end(), [](unsigned char c) { return std::isxdigit(c) != 0; });
}

std::vector<Error> check(const Device& d) {
  std::vector<Error> problems;
  const std::string wrong = topic_problem(d.at);
  const std::size_t slash = d.at.rfind('/');
  const std::string_view last =
      slash == std::string::npos ? std::string_view{} : std::string_view(d.at).substr(slash + 1);
  if (!wrong.empty())
    problems.push_back({"at", wrong + "; write the device's friendly name as Zigbee2MQTT shows it"});
  else if (is_ieee_address(d.at))
    problems.push_back(
        {"at", "is an address; Zigbee2MQTT publishes states under the friendly name only, so write that"});
  else if (d.at.starts_with("bridge"))
    problems.push_back(
        {"at", "begins with 'bridge', and Zigbee2MQTT ignores commands to such a name; rename the device there"});
  else if (last == "set" || last == "get" || last == "availability")
    problems.push_back({"at", "ends with '/" + std::string(last) + "'; write the friendly name alone"});
  if (std::string bad = d.base.empty() ? "" : topic_problem(d.base); !bad.empty())
    problems.push_back({"base", bad + "; write Zigbee2MQTT's mqtt.base_topic"});
  if (d.kind == Kind::movement && d.stream != Stream::vibration && d.stream != Stream::none)
    problems.push_back({"stream", "is " + std::string(word_for(d.stream)) + "; a Zigbee sensor reports vibration"});
  if (d.kind == Kind::heart_rate)
    problems.push_back({"is", "is heart_rate, of which no Zigbee device tells; use esphome, or map it with mqtt"});
  if (d.kind == Kind::alarm_clock) problems.push_back({"is", "is alarm_clock, of which only home_assistant tells"});
  return problems;
}

/// In this order: a retained "offline" of the device must come after its bridge's "online".
std::vector<std::string> topics(const Device& d) {
  const std::string bridge = base_of(d) + "/bridge/";
  std::vector<std::string> all{bridge + "state", bridge + "devices", bridge + "logging",
                               bridge + "response/health_check"};
  if (needs_timer(d.kind)) all.insert(all.end(), {bridge + "info", bridge + "groups"});
  all.push_back(topic_of(d) + "/availability");
  all.push_back(topic_of(d));
  return all;
}

std::vector<std::string> command_topics(const Device& d) {
  if (!is_actuator(d.kind)) return {};
  return {topic_of(d) + "/set"};
}

// ---- hearing --------------------------------------------------------------------------------------------------------

/// One message of one device: what of it concerns its kind.
struct Message {
  const Listener& to;
  const Incoming& in;
  const Json& json;
  Heard& heard;

  void wrong(std::string_view field, const Json& value, std::string_view right) const {
    add_problem(heard, place(in.topic, field), "is " + shown(value) + ", must be " + std::string(right));
  }
  std::optional<double> number(const char* field, double low, double high, std::string_view right) const {
    const Json* value = member(json, field);
    if (!value) return std::nullopt;
    const std::optional<double> n = finite(*value);
    if (n && *n >= low && *n <= high) return n;
    wrong(field, *value, right);
    return std::nullopt;
  }
};

void hear_actuator(const Message& m) {
  const Device& d = *m.to.device;
  ActuatorReported report{m.to.id};
  if (const Json* state = member(m.json, "state")) {
    const std::string word = state->is_string() ? state->get<std::string>() : "";
    if (word == "ON" || word == "OFF")
      report.on = word == "ON";
    else
      m.wrong("state", *state, "ON or OFF");
  }
  const bool steps = d.steps_levels && (d.kind == Kind::light || d.kind == Kind::massage_pad);
  // While it is off the brightness is only a memory of the last time, not what it does.
  if (steps && report.on != false)
    if (const auto b = m.number("brightness", 0, kFullBrightness + 1, "0 to 254"))
      report.level = Percent::from(std::min(*b, double(kFullBrightness)) * 100 / kFullBrightness);
  if (d.kind == Kind::light)
    if (const auto mired = m.number("color_temp", 100, 1000, "100 to 1000 mired"))
      report.kelvin = Kelvin::from(1e6 / *mired);
  for (const char* key : {"power_on_behavior", "power_outage_memory"})
    if (const Json* wakes = member(m.json, key); wakes && wakes->is_string() && needs_timer(d.kind))
      report.wakes_off = *wakes == "off";
  if (report.on || report.level || report.kelvin || report.wakes_off) m.heard.news.push_back(report);

  if (const auto w = m.number("power", Watts::low, Watts::high, "0 to 10000 W"))
    m.heard.news.push_back(PowerReported{m.to.id, *Watts::from(*w)});
  if (const auto s = m.number("countdown_to_turn_off", 0, 65535, "0 to 65535 s"); s && needs_timer(d.kind))
    m.heard.news.push_back(TimerReadBack{m.to.id, seconds{static_cast<int>(*s)}});
}

void hear_thermometer(const Message& m) {
  if (m.in.retained) return;  // a temperature of some time ago is no reading
  for (const char* field : {"temperature", "local_temperature"}) {
    const Json* value = member(m.json, field);
    if (!value || value->is_null()) continue;  // null: the bridge has not heard it yet, which is silence, not nonsense
    if (const auto c = m.number(field, Celsius::low, Celsius::high, "-40 to 125 °C"))
      m.heard.news.push_back(TemperatureReported{m.to.id, *Celsius::from(*c)});
    else
      m.heard.news.push_back(ReadingFailed{m.to.id, {}, shown(*value)});
    return;
  }
}

/// One movement a message. `action` is never cached, so it counts wherever it stands. `vibration: true` is a level that
/// Zigbee2MQTT holds for up to 90 s and repeats in battery reports; devices that say `action` also say `strength` from
/// their first hit on, so with either of them there `vibration` is not counted a second time. Movements less than 6 s
/// apart become one further on, which takes the doubled reports of the others.
void hear_movement(const Message& m) {
  if (m.in.retained) return;
  static constexpr std::array<std::string_view, 6> kMoved{"vibration",     "shake", "movement",
                                                          "triple_strike", "tilt",  "drop"};
  const std::string action = text_at(m.json, "action");
  if (std::find(kMoved.begin(), kMoved.end(), action) != kMoved.end()) {
    m.heard.news.push_back(MovementReported{m.to.id, Vibration{}});
    return;
  }
  const Json* vibration = member(m.json, "vibration");
  if (!vibration) return;
  if (!vibration->is_boolean() && *vibration != "ON" && *vibration != "OFF")
    m.wrong("vibration", *vibration, "true or false (a number or a word is the setting of a motor)");
  else if ((*vibration == true || *vibration == "ON") && action.empty() && !m.json.contains("strength"))
    m.heard.news.push_back(MovementReported{m.to.id, Vibration{}});
}

void hear_presence(const Message& m) {
  for (const char* field : {"presence", "occupancy"})
    if (const Json* value = member(m.json, field)) {
      if (value->is_boolean())
        m.heard.news.push_back(
            OccupancyReported{.device = m.to.id, .occupied = value->get<bool>(), .remembered = remembered(m.in)});
      else
        m.wrong(field, *value, "true or false");
      return;
    }
  if (const Json* state = member(m.json, "pressure_state")) {
    if (*state == "none" || *state == "sit" || *state == "sedentary")
      m.heard.news.push_back(
          OccupancyReported{.device = m.to.id, .occupied = *state != "none", .remembered = remembered(m.in)});
    else
      m.wrong("pressure_state", *state, "none, sit or sedentary");
    return;
  }
  const Json* pressure = member(m.json, "pressure");  // as a number it is the weather's
  if (pressure && pressure->is_boolean())
    m.heard.news.push_back(
        OccupancyReported{.device = m.to.id, .occupied = pressure->get<bool>(), .remembered = remembered(m.in)});
}

void hear_button(const Message& m) {
  const Json* action = member(m.json, "action");
  if (m.in.retained || !action || *action == "") return;  // empty: the press before is over
  if (action->is_string() && action->get_ref<const std::string&>().size() <= kMaxAction)
    m.heard.news.push_back(ButtonPressed{m.to.id, action->get<std::string>()});
  else
    m.wrong("action", *action, "a word of at most 64 bytes");
}

/// Battery devices repeat it in every message; some say only that it is low.
void hear_battery(const Message& m) {
  if (const auto left = m.number("battery", 0, 100, "0 to 100 %"))
    m.heard.news.push_back(BatteryReported{m.to.id, *Percent::from(*left)});
  else if (const Json* low = member(m.json, "battery_low"); low && *low == true)
    m.heard.news.push_back(BatteryReported{m.to.id, kBatteryLow});
}

void hear_device(std::span<const Listener> listeners, const Incoming& in, Heard& heard) {
  if (in.payload.empty()) {  // renamed or removed: Zigbee2MQTT clears the old topic
    add_problem(heard, std::string(in.topic), "is gone: the device was renamed or removed in Zigbee2MQTT; change `at`");
    for (const Listener& to : listeners) heard.news.push_back(ReachabilityChanged{to.id, false});
    return;
  }
  const Result<Json> json = read_object(in.payload);
  if (!json) {
    add_problem(heard, std::string(in.topic), json.error().what);
    return;
  }
  // Off by default in Zigbee2MQTT. Then nobody knows when it was sent, and it counts as sent when it arrived.
  if (const Json* seen = member(*json, "last_seen"))
    if (const auto at = utc_stamp(*seen)) heard.sent = Sent{Sent::By::utc, *at, base_of(*listeners.front().device)};
  for (const Listener& to : listeners) {
    const Message message{to, in, *json, heard};
    if (!is_actuator(to.device->kind)) hear_battery(message);
    switch (to.device->kind) {
      case Kind::movement: hear_movement(message); break;
      case Kind::presence: hear_presence(message); break;
      case Kind::button: hear_button(message); break;
      case Kind::thermometer: hear_thermometer(message); break;
      default: hear_actuator(message);
    }
  }
}

void hear_availability(std::span<const Listener> listeners, const Incoming& in, Heard& heard) {
  if (in.payload.empty()) return;  // cleared after a rename, or switched off: the device's own topic tells more
  const std::optional<bool> up = online(in.payload);
  if (!up) {
    add_problem(heard, std::string(in.topic), "is " + shown(in.payload) + R"(, must be {"state":"online"} or offline)");
    return;
  }
  if (*up && in.retained) return;
  for (const Listener& to : listeners) heard.news.push_back(ReachabilityChanged{to.id, *up});
}

Heard hear(std::span<const Listener> listeners, const Incoming& in) {
  using Part = void (*)(std::span<const Listener>, const Incoming&, Heard&);
  static constexpr std::array<std::pair<std::string_view, Part>, 6> kBridge{
      {{"/bridge/state", hear_bridge_state},
       {"/bridge/devices", hear_devices},
       {"/bridge/info", hear_info},
       {"/bridge/groups", hear_groups},
       {"/bridge/logging", hear_logging},
       {"/bridge/response/health_check", hear_health}}};
  Heard heard;
  // Listeners may stand below different base topics; each part hears only those for whom the topic means it.
  const auto tell = [&](Part part, auto means) {
    std::vector<Listener> who;
    for (const Listener& to : listeners)
      if (in.topic == means(*to.device)) who.push_back(to);
    if (!who.empty()) part(who, in, heard);
  };
  for (const auto& bridge : kBridge) {
    const std::string suffix(bridge.first);
    if (in.topic.ends_with(suffix)) tell(bridge.second, [&](const Device& d) { return base_of(d) + suffix; });
  }
  if (in.topic.ends_with("/availability"))
    tell(hear_availability, [](const Device& d) { return topic_of(d) + "/availability"; });
  tell(hear_device, topic_of);
  return heard;
}

// ---- saying ---------------------------------------------------------------------------------------------------------

int brightness_of(Percent level) {  // what is not off must not round to it
  return std::max(1, static_cast<int>(std::lround(level.value() * kFullBrightness / 100)));
}
std::string text(long long n) { return std::to_string(n); }

struct Words {
  std::string topic;
  std::vector<Outgoing> all{};
  Words& add(std::string payload) { return all.push_back({topic, std::move(payload)}), *this; }
};

std::vector<Outgoing> say_off(const Device& d) { return Words{topic_of(d) + "/set"}.add(R"({"state":"OFF"})").all; }

/// Heat and massage. Never a transition, never on_time beside another key than its own: both drop on_time silently.
std::vector<Outgoing> say_forced(const Device& d, const SafeCommand& command, Instant now) {
  // A longer time in the device than a lease would break the promise that it is cold within one.
  const seconds lease =
      std::min(command.lease(now), d.kind == Kind::massage_pad ? kHard.massage_lease : kHard.heat_lease);
  if (lease < 1s) return say_off(d);
  Words words{topic_of(d) + "/set"};
  switch (command.timer()) {
    case Timer::on_time:
      words.add(R"({"state":"ON","on_time":)" + text(lease.count()) + R"(,"off_wait_time":0})");
      break;
    case Timer::turn_off_countdown:  // the countdown first: an ON that outruns it must meet the one that arm() proved
      words.add(R"({"countdown_to_turn_off":)" + text(lease.count()) + "}").add(R"({"state":"ON"})");
      break;
    case Timer::product:
      if (d.kind != Kind::massage_pad) return say_off(d);
      words.add(R"({"state":"ON"})");
      break;
    case Timer::mains:  // the plug in front of it holds the lease
      if (!d.behind) return say_off(d);
      words.add(R"({"state":"ON"})");
      break;
    default: return say_off(d);  // the Interlock grants none of these; whoever changes it must come by here
  }
  // The level goes alone and last. Should the first message be lost, this one would switch the dimmer on without its
  // timer; the core then misses the report of ON, and the next renewal arms it.
  if (d.kind == Kind::massage_pad && d.steps_levels)
    words.add(R"({"brightness":)" + text(brightness_of(command.output().level)) + "}");
  return words.all;
}

/// Brightness, colour and fade each in a message: together IKEA lamps jump. The fade is the lamp's own work, last, so
/// that no colour command cuts it short. Without a level it begins where the lamp is.
std::vector<Outgoing> say_light(const Device& d, const Output& output) {
  Words words{topic_of(d) + "/set"};
  const bool from_where_it_is = output.fade_to && output.level == 0_pct && d.steps_levels;
  if (!d.steps_levels)
    words.add(R"({"state":"ON"})");
  else if (!from_where_it_is)
    words.add(R"({"state":"ON","brightness":)" + text(brightness_of(output.level)) + "}");
  if (output.kelvin) words.add(R"({"color_temp":)" + text(std::lround(1e6 / output.kelvin->value())) + "}");
  if (output.fade_to && d.steps_levels) {
    const int target = *output.fade_to == 0_pct ? 0 : brightness_of(*output.fade_to);
    const double over = static_cast<double>(std::clamp(output.fade_over, 0ms, kLongestFade).count()) / 1000;
    words.add(R"({"brightness":)" + text(target) + R"(,"transition":)" + plain(over) + "}");
  }
  return words.all;
}

std::vector<Outgoing> say(const Device& d, const SafeCommand& command, Instant now) {
  if (!is_actuator(d.kind)) return {};
  if (command.off()) return say_off(d);
  if (needs_timer(d.kind)) return say_forced(d, command, now);
  if (command.expires() <= now) return {};
  if (d.kind == Kind::light) return say_light(d, command.output());
  return Words{topic_of(d) + "/set"}.add(R"({"state":"ON"})").all;  // a sound or a diffuser
}

std::vector<Outgoing> ask(const Device& d) {
  if (!is_actuator(d.kind)) return {};  // a sensor on a battery sleeps and would not hear it
  const bool steps = d.steps_levels && (d.kind == Kind::light || d.kind == Kind::massage_pad);
  return {{topic_of(d) + "/get", steps ? R"({"state":"","brightness":""})" : R"({"state":""})"}};
}

/// Retained by the broker, and the first words of a bridge that starts.
constexpr std::array<Source, 3> kAwaits{Source::list, Source::settings, Source::groups};

/// An on_time needs no arming, but what the plug does after a power cut is set with either.
/// It proves the process, not the radio. Without an answer it hangs: then it stays "online" for another minute and a
/// half.
std::vector<Outgoing> ask_bridge(const Device& d) {
  return {{base_of(d) + "/bridge/request/health_check", R"({"transaction":"lull"})"}};
}

std::vector<Outgoing> arm(const Device& d, Timer timer, seconds value) {
  if (!needs_timer(d.kind) || (timer != Timer::turn_off_countdown && timer != Timer::on_time)) return {};
  Words set{topic_of(d) + "/set"};
  std::string read = R"({"power_on_behavior":""})";
  if (timer == Timer::turn_off_countdown) {
    set.add(R"({"countdown_to_turn_off":)" + text(std::clamp<long long>(value.count(), 0, kHard.heat_lease.count())) +
            "}");
    set.add(R"({"countdown_to_turn_on":0})");  // its sibling would switch the heater on
    read = R"({"countdown_to_turn_off":"","power_on_behavior":""})";
  }
  set.add(R"({"power_on_behavior":"off"})");
  set.all.push_back({topic_of(d) + "/get", read});
  return set.all;
}

}  // namespace
}  // namespace zigbee2mqtt

constinit extern const Dialect kZigbee2mqtt;
constinit const Dialect kZigbee2mqtt{.name = "zigbee2mqtt",
                                     .check = zigbee2mqtt::check,
                                     .topics = zigbee2mqtt::topics,
                                     .command_topics = zigbee2mqtt::command_topics,
                                     .hear = zigbee2mqtt::hear,
                                     .say = zigbee2mqtt::say,
                                     .ask = zigbee2mqtt::ask,
                                     .arm = zigbee2mqtt::arm,
                                     .fades = true,
                                     .ask_bridge = zigbee2mqtt::ask_bridge,
                                     .awaits = zigbee2mqtt::kAwaits,
                                     .shares_air = true};

}  // namespace lull
