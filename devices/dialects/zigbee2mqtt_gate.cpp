// What speaks against a device behind Zigbee2MQTT: in its list of devices, its settings and its groups.
#include "devices/dialects/zigbee2mqtt_gate.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

namespace lull::zigbee2mqtt {
namespace {

constexpr int kSettableGettable = 7;  // access: in messages, settable, gettable
constexpr double kFullBrightness = 254;
constexpr std::size_t kMostNames = 100;  // bytes of a model, a firmware, an address

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

/// What judging one device collects. `called`: how a sentence about it begins.
struct Sheet {
  std::string called;
  Judgement out{};
  void no(Flaw flaw, Timer timer, std::string sentence, std::string remedy) {
    out.timer = timer;
    out.findings.push_back({flaw, Source::list, true, called + std::move(sentence), std::move(remedy)});
  }
  void hint(Flaw flaw, std::string sentence, std::string remedy) {
    out.findings.push_back({flaw, Source::list, false, std::move(sentence), std::move(remedy)});
  }
};

/// How it stops by itself, by what it exposes. Reaches `timer` only when nothing speaks against it.
void find_timer(Sheet& sheet, const Json& definition, const Exposed& state) {
  const std::string model = text_at(definition, "model");
  for (const Reported& bad : kIgnoresOnTime)
    if (bad.model == model)
      return sheet.no(Flaw::ignores_on_time, Timer::none,
                      "is a " + model + ", which is reported not to switch itself off (Zigbee2MQTT issue " +
                          std::to_string(bad.issue) + ")",
                      "choose another plug");
  const Exposed turn_off = exposed(definition, "countdown_to_turn_off");
  if (turn_off.type() == "numeric" && turn_off.access() == kSettableGettable &&
      text_at(*turn_off.node, "unit") == "s") {
    sheet.out.timer = Timer::turn_off_countdown;
    return;
  }
  // Any other countdown: Tuya's toggles, so it would switch a heater that is off ON, and ON plus countdown are two
  // frames of which the second can be lost. Confirm-then-arm would leave the heater unguarded in between: not for us.
  std::string countdown;
  each_exposed(definition, [&](const Exposed& e) {
    const std::string property = text_at(*e.node, "property");
    if (property.starts_with("countdown") && (e.access() & 2)) countdown = property;
  });
  if (!countdown.empty())
    return sheet.no(Flaw::toggling_countdown, Timer::none,
                    "has only a `" + clipped(countdown, 40) +
                        "`, which may toggle instead of turning off (Zigbee2MQTT issue 22182) and cannot be sent "
                        "together with ON",
                    "choose a plug with a plain on_time");
  if ((state.access() & kSettableGettable) != kSettableGettable)
    return sheet.no(Flaw::not_askable, Timer::none, "cannot be asked for its state and takes no on_time",
                    "choose another plug");
  if (state.within == "light" && text_at(definition, "vendor") == "Philips")
    return sheet.no(Flaw::no_on_time, Timer::none, "is a Philips light, to which Zigbee2MQTT sends no on_time",
                    "choose another dimmer");
  sheet.out.timer = Timer::on_time;
}

/// `unknown` for what may pass by itself (an interview, a rename); `none` for what a person must change.
void judge(Sheet& sheet, const Device& device, const Json* entry) {
  if (!entry) {
    sheet.called.clear();
    return sheet.no(Flaw::not_found, Timer::unknown, "Zigbee2MQTT has no device called '" + device.at + "'",
                    "`at` must be its friendly name there");
  }
  const Json* disabled = member(*entry, "disabled");
  if (disabled && *disabled == true)
    return sheet.no(Flaw::disabled, Timer::unknown, "is disabled", "enable it in Zigbee2MQTT");
  const std::string interview = text_at(*entry, "interview_state");
  if (!interview.empty() && interview != "SUCCESSFUL")
    return sheet.no(Flaw::not_interviewed, Timer::unknown,
                    "has not finished its interview (" + clipped(interview, 20) + ")",
                    "pair it again if that stays so");
  const Json* supported = member(*entry, "supported");
  const Json* definition = member(*entry, "definition");
  if (!definition || !supported || *supported != true)
    return sheet.no(Flaw::unsupported, Timer::none, "is not supported by Zigbee2MQTT, so nobody knows how it stops",
                    "choose another device");
  if (text_at(*entry, "type") != "Router" && text_at(*entry, "power_source") == "Battery")
    return sheet.no(Flaw::battery_powered, Timer::none, "runs on a battery and sleeps, so an OFF may come late",
                    "use one on mains");
  const Exposed state = exposed(*definition, "state");
  if (state.type() != "binary" || (state.within != "switch" && state.within != "light"))
    return sheet.no(Flaw::state_missing, Timer::unknown,
                    "has no switch or light with the property `state` (a device of several gangs, or its exposes "
                    "changed with an update)",
                    "map the gang in use with `speaks: mqtt`");
  if (device.kind == Kind::massage_pad && device.steps_levels) {
    const Exposed brightness = exposed(*definition, "brightness");
    const Json* most = brightness ? member(*brightness.node, "value_max") : nullptr;
    if (!most || finite(*most) != kFullBrightness)
      return sheet.no(Flaw::level_missing, Timer::unknown, "has no brightness of 0 to 254 to set a level with",
                      "declare it as on and off only");
  }
  find_timer(sheet, *definition, state);
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

/// Options that break the timer or the proof. `where`: "on 'Foot warmer plug'".
void judge_options(const Json& options, const std::string& where, std::vector<Finding>& all) {
  struct Option {
    const char* key;
    Flaw flaw;
    const char* effect;
  };
  static constexpr std::array<Option, 3> kOptions{
      {{"transition", Flaw::transition_option, "with which on_time is dropped without an error"},
       {"debounce", Flaw::debounce_option, "which delays the proof that it is off"},
       {"throttle", Flaw::throttle_option, "which drops the proof that it is off"}}};
  const auto no = [&](Flaw flaw, std::string sentence, std::string remedy) {
    all.push_back({flaw, Source::settings, true, std::move(sentence), std::move(remedy)});
  };
  for (const Option& option : kOptions)
    if (member(options, option.key))
      no(option.flaw, std::string("the option `") + option.key + "` is set " + where + ", " + option.effect,
         std::string("remove `") + option.key + "` in Zigbee2MQTT");
  for (const char* key : {"filtered_attributes", "filtered_cache"}) {
    const Json* list = member(options, key);
    if (!list || !list->is_array()) continue;
    const auto hides = [&](const char* used) {
      return std::any_of(list->begin(), list->end(), [&](const Json& pattern) {
        return !pattern.is_string() || may_hide(pattern.get_ref<const std::string&>(), used);
      });
    };
    for (const char* used : {"state", "power", "brightness", "countdown_to_turn_off"})
      if (hides(used)) {
        no(Flaw::filtered_state, std::string("the option `") + key + "` " + where + " may hide `" + used + "`",
           std::string("take it out of `") + key + "` in Zigbee2MQTT");
        break;
      }
  }
}

const Json& part(const Json& of, const char* key) {
  static const Json kNothing = Json::object();
  const Json* found = member(of, key);
  return found ? *found : kNothing;
}

/// Off, as Zigbee2MQTT 2 has it ({"enabled":false}) and as its older form was (false).
bool is_off(const Json& availability) {
  if (availability.is_boolean()) return !availability.get<bool>();
  const Json* enabled = member(availability, "enabled");
  return !enabled || *enabled != true;
}

}  // namespace

bool exposes_any(const Json& definition, std::initializer_list<std::string_view> properties) {
  return std::any_of(properties.begin(), properties.end(), [&](auto p) { return bool(exposed(definition, p)); });
}

Judgement judge_entry(const Device& device, const Json* entry) {
  Sheet sheet{"Zigbee2MQTT's '" + device.at + "' "};
  judge(sheet, device, entry);
  Judgement& out = sheet.out;
  if (!out.findings.empty()) out.reason = text_of(out.findings.front());
  if (!entry) return out;
  const Json& definition = part(*entry, "definition");
  out.model = clipped(text_at(definition, "model"), kMostNames);
  out.firmware = clipped(text_at(*entry, "software_build_id"), kMostNames);
  if (out.firmware.empty()) out.firmware = clipped(text_at(*entry, "date_code"), kMostNames);
  out.address = clipped(text_at(*entry, "ieee_address"), kMostNames);
  const Exposed power_on = exposed(definition, "power_on_behavior");
  out.tells_power_on = (power_on.access() & kSettableGettable) == kSettableGettable;
  return out;
}

std::vector<Finding> judge_settings(const Json& info, const Device& device) {
  std::vector<Finding> all;
  const auto add = [&](Flaw flaw, bool refuses, std::string sentence, std::string remedy) {
    all.push_back({flaw, Source::settings, refuses, std::move(sentence), std::move(remedy)});
  };
  if (const std::string version = text_at(info, "version"); version.starts_with("1."))
    add(Flaw::bridge_too_old, true, "Zigbee2MQTT " + clipped(version, 20) + " is older than 2.0", "update Zigbee2MQTT");
  const Json& config = part(info, "config");
  const Json& advanced = part(config, "advanced");
  if (text_at(advanced, "output") == "attribute")
    add(Flaw::output_attribute, true, "Zigbee2MQTT's `advanced.output` is `attribute`", "set it to `json`");
  if (part(advanced, "cache_state") == false)
    add(Flaw::cache_state_off, true, "Zigbee2MQTT's `advanced.cache_state` is false", "set it to true");
  judge_options(part(config, "device_options"), "for all devices", all);
  if (const Json& devices = part(config, "devices"); devices.is_object())
    for (const auto& [address, options] : devices.items())
      if (text_at(options, "friendly_name") == device.at) judge_options(options, "on '" + device.at + "'", all);
  if (config.contains("availability") && is_off(config["availability"]))
    add(Flaw::availability_off, false, "Zigbee2MQTT does not watch whether its devices can be reached",
        "set `availability.enabled` to true there");
  if (const std::string seen = text_at(advanced, "last_seen"); seen == "disable")
    add(Flaw::last_seen_off, false, "Zigbee2MQTT does not tell when it last heard of a device",
        "set `advanced.last_seen` to ISO_8601 there");
  if (all.size() > kMaxFindings) all.resize(kMaxFindings);
  return all;
}

std::vector<GroupMember> members_in(const Json& groups) {
  std::vector<GroupMember> all;
  for (const Json& group : groups) {
    if (!group.is_object()) continue;
    std::string name = clipped(text_at(group, "friendly_name"), kMostNames);
    if (name.empty()) name = shown(part(group, "id"));
    const Json& members = part(group, "members");
    if (!members.is_array()) continue;
    for (const Json& m : members)
      if (std::string address = text_at(m, "ieee_address"); !address.empty() && all.size() < kMaxGroupMembers)
        all.push_back({clipped(address, kMostNames), name});
  }
  return all;
}

}  // namespace lull::zigbee2mqtt
