// What Zigbee2MQTT itself tells about its devices: which it has, how they stop by themselves, what failed.
#include "devices/dialects/zigbee2mqtt_bridge.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

namespace lull::zigbee2mqtt {
namespace {

constexpr int kSettableGettable = 7;  // access: in messages, settable, gettable
constexpr double kFullBrightness = 254;

struct Verdict {
  Timer timer;
  std::string reason;
};

/// Reported not to keep on_time, whatever they expose. The numbers are issues of Koenkk/zigbee2mqtt; none was tried by
/// us.
struct Reported {
  std::string_view model;
  int issue;
};
constexpr std::array<Reported, 5> kIgnoresOnTime{
    {{"S60ZBTPF", 32478}, {"S60ZBTPG", 32478}, {"B1Z", 26004}, {"R7060", 23845}, {"WHD02", 21797}}};

struct Exposed {
  const Json* node = nullptr;
  std::string within;  // "switch", "light", ... or "" at the top level
  explicit operator bool() const { return node != nullptr; }
  std::string type() const { return node ? text_at(*node, "type") : ""; }
  int access() const {
    const Json* bits = node ? member(*node, "access") : nullptr;
    return bits ? static_cast<int>(whole(*bits, 0, 7).value_or(0)) : 0;
  }
};

/// Walks the exposes a device message is made of: the top level, and the features of switch, light and their like.
/// Not into composites: their features are no keys of the message.
template <class Visit>
void each_exposed(const Json& definition, Visit visit) {
  const Json* exposes = member(definition, "exposes");
  if (!exposes || !exposes->is_array()) return;
  for (const Json& top : *exposes) {
    if (!top.is_object()) continue;
    if (!text_at(top, "property").empty()) {
      visit(Exposed{&top, ""});
      continue;
    }
    const Json* features = member(top, "features");
    if (!features || !features->is_array()) continue;
    for (const Json& feature : *features)
      if (feature.is_object()) visit(Exposed{&feature, text_at(top, "type")});
  }
}
Exposed exposed(const Json& definition, std::string_view property) {
  Exposed found;
  each_exposed(definition, [&](const Exposed& e) {
    if (!found && text_at(*e.node, "property") == property) found = e;
  });
  return found;
}

/// `unknown` for what may pass by itself (an interview, a rename); `none` for what a person must change.
Verdict judge(const Device& device, const Json* entry) {
  const std::string called = "Zigbee2MQTT's '" + device.at + "' ";
  if (!entry)
    return {Timer::unknown,
            "Zigbee2MQTT has no device called '" + device.at + "'; `at` must be its friendly name there"};
  const Json* disabled = member(*entry, "disabled");
  if (disabled && *disabled == true) return {Timer::unknown, called + "is disabled; enable it in Zigbee2MQTT"};
  const std::string interview = text_at(*entry, "interview_state");
  if (!interview.empty() && interview != "SUCCESSFUL")
    return {Timer::unknown,
            called + "has not finished its interview (" + clipped(interview, 20) + "); pair it again if that stays so"};
  const Json* supported = member(*entry, "supported");
  const Json* definition = member(*entry, "definition");
  if (!definition || !supported || *supported != true)
    return {Timer::none,
            called + "is not supported by Zigbee2MQTT, so nobody knows how it stops; choose another device"};
  if (text_at(*entry, "type") != "Router" && text_at(*entry, "power_source") == "Battery")
    return {Timer::none, called + "runs on a battery and sleeps, so an OFF may come late; use one on mains"};

  const Exposed state = exposed(*definition, "state");
  if (state.type() != "binary" || (state.within != "switch" && state.within != "light"))
    return {Timer::unknown, called +
                                "has no switch or light with the property `state` (a device of several gangs, or its "
                                "exposes changed with an update); map the gang in use with `speaks: mqtt`"};
  if (device.kind == Kind::massage_pad && device.steps_levels) {
    const Exposed brightness = exposed(*definition, "brightness");
    const Json* most = brightness ? member(*brightness.node, "value_max") : nullptr;
    if (!most || finite(*most) != kFullBrightness)
      return {Timer::unknown,
              called + "has no brightness of 0 to 254 to set a level with; declare it as on and off only"};
  }
  const std::string model = text_at(*definition, "model");
  for (const Reported& bad : kIgnoresOnTime)
    if (bad.model == model)
      return {Timer::none, called + "is a " + model +
                               ", which is reported not to switch itself off (Zigbee2MQTT issue " +
                               std::to_string(bad.issue) + "); choose another plug"};

  const Exposed turn_off = exposed(*definition, "countdown_to_turn_off");
  if (turn_off.type() == "numeric" && turn_off.access() == kSettableGettable && text_at(*turn_off.node, "unit") == "s")
    return {Timer::turn_off_countdown, ""};

  // Any other countdown: Tuya's toggles, so it would switch a heater that is off ON, and ON plus countdown are two
  // frames of which the second can be lost. Confirm-then-arm would leave the heater unguarded in between: not for us.
  std::string countdown;
  each_exposed(*definition, [&](const Exposed& e) {
    const std::string property = text_at(*e.node, "property");
    if (property.starts_with("countdown") && (e.access() & 2)) countdown = property;
  });
  if (!countdown.empty())
    return {Timer::none,
            called + "has only a `" + clipped(countdown, 40) +
                "`, which may toggle instead of turning off (Zigbee2MQTT issue 22182) and cannot be sent together "
                "with ON; choose a plug with a plain on_time"};
  if ((state.access() & kSettableGettable) != kSettableGettable)
    return {Timer::none, called + "cannot be asked for its state and takes no on_time; choose another plug"};
  const std::string vendor = text_at(*definition, "vendor");
  if (state.within == "light" && vendor == "Philips")
    return {Timer::none, called + "is a Philips light, to which Zigbee2MQTT sends no on_time; choose another dimmer"};
  return {Timer::on_time, ""};
}

void learn(const Listener& to, Verdict verdict, Heard& heard) {
  // The household vouches for a massager that stops by itself; for heat such a word is not enough.
  if (verdict.timer == Timer::none && to.device->kind == Kind::massage_pad && to.device->own_cut_off)
    verdict.timer = Timer::product;
  heard.news.push_back(TimerLearned{to.id, verdict.timer, std::move(verdict.reason)});
}

bool has_any(const Json& definition, std::initializer_list<std::string_view> properties) {
  return std::any_of(properties.begin(), properties.end(), [&](auto p) { return bool(exposed(definition, p)); });
}

/// What a device that needs no timer lacks for the work it is named for; empty when it has it.
std::string lacks(Kind kind, const Json& definition) {
  switch (kind) {
    case Kind::light:
    case Kind::sound:
    case Kind::aroma: return has_any(definition, {"state"}) ? "" : "`state`";
    case Kind::movement: return has_any(definition, {"vibration", "action"}) ? "" : "`vibration` or `action`";
    case Kind::presence:
      return has_any(definition, {"presence", "occupancy", "pressure_state", "pressure"})
                 ? ""
                 : "`presence`, `occupancy` or `pressure_state`";
    case Kind::button: return has_any(definition, {"action"}) ? "" : "`action`";
    case Kind::thermometer: return has_any(definition, {"temperature", "local_temperature"}) ? "" : "`temperature`";
    default: return "";
  }
}

/// An option hides a property when its pattern could match it. Patterns are regular expressions written by a stranger,
/// so they are not run: a plain word hides what contains it, anything cleverer is taken to hide everything.
bool may_hide(std::string_view pattern, std::string_view property) {
  if (pattern.starts_with('^')) pattern.remove_prefix(1);
  if (pattern.ends_with('$')) pattern.remove_suffix(1);
  const bool word = !pattern.empty() && std::all_of(pattern.begin(), pattern.end(), [](unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
  return !word || property.find(pattern) != property.npos;
}

/// An option that breaks the timer or the proof, in words; empty when there is none.
std::string harmful_option(const Json& options) {
  for (const char* key : {"transition", "debounce", "throttle"})
    if (member(options, key))
      return std::string("the option `") + key + "` is set" +
             (std::string_view(key) == "transition" ? ", with which on_time is dropped without an error"
                                                    : ", which delays or drops the proof that it is off");
  for (const char* key : {"filtered_attributes", "filtered_cache"}) {
    const Json* list = member(options, key);
    if (!list || !list->is_array()) continue;
    for (const Json& pattern : *list)
      for (const char* used : {"state", "power", "brightness", "countdown_to_turn_off"})
        if (!pattern.is_string() || may_hide(pattern.get_ref<const std::string&>(), used))
          return std::string("the option `") + key + "` may hide `" + used + "`";
  }
  return "";
}

std::string harm_in(const Json& info, const Device& device) {
  static const Json kNothing = Json::object();
  const auto part = [](const Json& of, const char* key) -> const Json& {
    const Json* found = member(of, key);
    return found ? *found : kNothing;
  };
  if (text_at(info, "version").starts_with("1.")) return "its version is older than 2.0; update Zigbee2MQTT";
  const Json& config = part(info, "config");
  const Json& advanced = part(config, "advanced");
  if (text_at(advanced, "output") == "attribute") return "`advanced.output` is `attribute`; set it to `json`";
  if (part(advanced, "cache_state") == false) return "`advanced.cache_state` is false; set it to true";
  if (std::string harm = harmful_option(part(config, "device_options")); !harm.empty())
    return harm + " for all devices; remove it from `device_options`";
  const Json& devices = part(config, "devices");
  if (!devices.is_object()) return "";
  for (const auto& [address, options] : devices.items())
    if (text_at(options, "friendly_name") == device.at)
      if (std::string harm = harmful_option(options); !harm.empty()) return harm + " on '" + device.at + "'; remove it";
  return "";
}

}  // namespace

std::optional<bool> online(std::string_view payload) {
  const auto word = [](std::string_view w) {
    return w == "online" ? std::optional(true) : w == "offline" ? std::optional(false) : std::nullopt;
  };
  if (const auto bare = word(payload)) return bare;
  const Result<Json> json = read_object(payload);
  return json ? word(text_at(*json, "state")) : std::nullopt;
}

void hear_bridge_state(std::span<const Listener> listeners, const Incoming& in, Heard& heard) {
  const std::optional<bool> up = online(in.payload);
  if (!up) {
    add_problem(heard, std::string(in.topic), "is " + shown(in.payload) + R"(, must be {"state":"online"} or offline)");
    return;
  }
  for (const Listener& to : listeners) heard.news.push_back(ReachabilityChanged{to.id, *up});
}

void hear_devices(std::span<const Listener> listeners, const Incoming& in, Heard& heard) {
  const Result<Json> json = read_json(in.payload, kBridgeBounds);
  if (!json || !json->is_array()) {
    const std::string what = json ? "is " + shown(*json) + ", must be a list of devices" : json.error().what;
    add_problem(heard, std::string(in.topic), what);
    for (const Listener& to : listeners)
      if (needs_timer(to.device->kind))
        learn(to, {Timer::unknown, "Zigbee2MQTT's list of devices cannot be read: it " + what}, heard);
    return;
  }
  std::map<std::string, const Json*, std::less<>> by_name;
  for (const Json& entry : *json)
    if (std::string name = text_at(entry, "friendly_name"); !name.empty()) by_name.emplace(std::move(name), &entry);
  for (const Listener& to : listeners) {
    const auto found = by_name.find(to.device->at);
    const Json* entry = found == by_name.end() ? nullptr : found->second;
    if (needs_timer(to.device->kind)) {
      learn(to, judge(*to.device, entry), heard);
      continue;
    }
    const Json* definition = entry ? member(*entry, "definition") : nullptr;
    if (!entry)
      add_problem(heard, place(in.topic, to.device->at),
                  "is not among Zigbee2MQTT's devices; `at` must be its friendly name there");
    else if (std::string missing = definition ? lacks(to.device->kind, *definition) : ""; !missing.empty())
      add_problem(heard, place(in.topic, to.device->at),
                  "exposes no " + missing + ", which a " + std::string(word_for(to.device->kind)) + " needs");
  }
}

void hear_info(std::span<const Listener> listeners, const Incoming& in, Heard& heard) {
  const Result<Json> json = read_object(in.payload, kBridgeBounds);
  if (!json) add_problem(heard, std::string(in.topic), json.error().what);
  for (const Listener& to : listeners) {
    if (!needs_timer(to.device->kind)) continue;
    std::string harm = json ? harm_in(*json, *to.device) : "its settings cannot be read";
    if (!harm.empty()) learn(to, {Timer::none, "Zigbee2MQTT: " + harm + ", then restart Lull"}, heard);
  }
}

void hear_logging(std::span<const Listener> listeners, const Incoming& in, Heard& heard) {
  // At its info level there is one line for every message published: most end here, unparsed.
  if (in.payload.find("error") == in.payload.npos) return;
  const Result<Json> json = read_object(in.payload);
  if (!json) {
    add_problem(heard, std::string(in.topic), json.error().what);
    return;
  }
  if (text_at(*json, "level") != "error") return;
  std::string message = text_at(*json, "message");
  if (message.starts_with("z2m: ")) message.erase(0, 5);
  const auto has = [&](const std::string& part) { return message.find(part) != message.npos; };
  for (const Listener& to : listeners) {
    const std::string& at = to.device->at;
    const bool ours = (message.starts_with("Publish '") && has("' to '" + at + "' failed")) ||
                      (message.starts_with("No converter available for '") && has("' on '" + at + "'")) ||
                      message.starts_with("Entity '" + at + "' is unknown");
    if (!ours) continue;
    // A lost frame is ordinary radio weather: commands are repeated until confirmed, and a device that never confirms
    // is given up for that. A fault at the first lost one would end the heat, and wake a person, for nothing. Not every
    // plug knows it; arm() asks all of them, and without it a power cut is no more dangerous than before.
    if (has("'power_on_behavior'"))
      add_problem(heard, place(in.topic, at),
                  "its behaviour after a power cut could not be set to off; set it there by hand");
    else if (has("'Error: ZCL command") && !has("(Status '"))
      add_problem(heard, place(in.topic, at), "a message to it was lost on the radio; what counts is sent again");
    else
      heard.news.push_back(DeviceComplained{to.id, clipped(message, 200)});
  }
}

}  // namespace lull::zigbee2mqtt
