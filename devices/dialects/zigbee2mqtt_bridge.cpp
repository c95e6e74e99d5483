// What Zigbee2MQTT itself tells about its devices: which it has, how they stop by themselves, what failed.
#include "devices/dialects/zigbee2mqtt_bridge.hpp"

#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "devices/dialects/zigbee2mqtt_gate.hpp"

namespace lull::zigbee2mqtt {
namespace {

void learn(const Listener& to, Judgement is, Heard& heard) {
  // The household vouches for a massager that stops by itself; for heat such a word is not enough.
  if (is.timer == Timer::none && to.device->kind == Kind::massage_pad && to.device->own_cut_off) {
    is.timer = Timer::product;
    for (Finding& f : is.findings) f.refuses = false;
  }
  heard.news.push_back(
      DeviceIdentified{to.id, std::move(is.model), std::move(is.firmware), std::move(is.address), is.tells_power_on});
  heard.news.push_back(TimerLearned{to.id, is.timer, std::move(is.reason)});
  heard.news.push_back(GateJudged{to.id, Source::list, std::move(is.findings)});
}

/// What a device that needs no timer lacks for the work it is named for; empty when it has it.
std::string lacks(Kind kind, const Json& definition) {
  switch (kind) {
    case Kind::light:
    case Kind::sound:
    case Kind::aroma: return exposes_any(definition, {"state"}) ? "" : "`state`";
    case Kind::movement: return exposes_any(definition, {"vibration", "action"}) ? "" : "`vibration` or `action`";
    case Kind::presence:
      return exposes_any(definition, {"presence", "occupancy", "pressure_state", "pressure"})
                 ? ""
                 : "`presence`, `occupancy` or `pressure_state`";
    case Kind::button: return exposes_any(definition, {"action"}) ? "" : "`action`";
    case Kind::thermometer: return exposes_any(definition, {"temperature", "local_temperature"}) ? "" : "`temperature`";
    default: return "";
  }
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
    const Finding finding{Flaw::list_unreadable, Source::list, true,
                          "Zigbee2MQTT's list of devices cannot be read: it " + what, "restart Zigbee2MQTT"};
    for (const Listener& to : listeners) {
      if (!needs_timer(to.device->kind)) continue;
      // What it is stays as it was last told: an unreadable list does not make it another device.
      heard.news.push_back(TimerLearned{to.id, Timer::unknown, text_of(finding)});
      heard.news.push_back(GateJudged{to.id, Source::list, {finding}});
    }
    return;
  }
  std::map<std::string, const Json*, std::less<>> by_name;
  for (const Json& entry : *json)
    if (std::string name = text_at(entry, "friendly_name"); !name.empty()) by_name.emplace(std::move(name), &entry);
  for (const Listener& to : listeners) {
    const auto found = by_name.find(to.device->at);
    const Json* entry = found == by_name.end() ? nullptr : found->second;
    if (needs_timer(to.device->kind)) {
      learn(to, judge_entry(*to.device, entry), heard);
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
    std::vector<Finding> all =
        json ? judge_settings(*json, *to.device)
             : std::vector<Finding>{{Flaw::settings_unreadable, Source::settings, true,
                                     "Zigbee2MQTT's settings cannot be read: " + json.error().what,
                                     "restart Zigbee2MQTT"}};
    heard.news.push_back(GateJudged{to.id, Source::settings, std::move(all)});
  }
}

void hear_groups(std::span<const Listener> listeners, const Incoming& in, Heard& heard) {
  const Result<Json> json = read_json(in.payload, kBridgeBounds);
  if (!json || !json->is_array()) {
    const std::string what = json ? "is " + shown(*json) + ", must be a list of groups" : json.error().what;
    add_problem(heard, std::string(in.topic), what);
    for (const Listener& to : listeners)
      if (needs_timer(to.device->kind))
        heard.news.push_back(GateJudged{to.id,
                                        Source::groups,
                                        {{Flaw::list_unreadable, Source::groups, true,
                                          "Zigbee2MQTT's groups cannot be read: it " + what, "restart Zigbee2MQTT"}}});
    return;
  }
  const std::vector<GroupMember> members = members_in(*json);
  for (const Listener& to : listeners)
    if (needs_timer(to.device->kind)) heard.news.push_back(GroupsListed{to.id, members});
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

void hear_health(std::span<const Listener> listeners, const Incoming& in, Heard& heard) {
  if (in.retained) return;  // somebody's mistake: an answer of some time ago is no sign of life
  const Result<Json> json = read_object(in.payload);
  if (!json) return add_problem(heard, std::string(in.topic), json.error().what);
  const Json* data = member(*json, "data");
  const Json* healthy = data ? member(*data, "healthy") : nullptr;
  heard.news.push_back(
      BridgeAnswered{listeners.front().id, text_at(*json, "status") == "ok" && healthy && *healthy == true});
}

}  // namespace lull::zigbee2mqtt
