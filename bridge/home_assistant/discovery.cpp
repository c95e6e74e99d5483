// How Lull introduces itself to Home Assistant.
#include "bridge/home_assistant/discovery.hpp"

#include <nlohmann/json.hpp>

#include "bridge/home_assistant/words.hpp"
#include "bridge/topics.hpp"

namespace lull {
namespace {

using Json = nlohmann::json;
constexpr int kCommandLives = 10;  // seconds: no broker ever delivers a stale ON

/// "lull_1a2b3c4d"
std::string install_word(std::string_view install) { return "lull_" + path_word(install).substr(0, 8); }

/// A household's device id beside our own words: a device called "hub" must not become the hub.
std::string key_of(const Device& device) {
  const std::string word = path_word(device.id);
  for (const std::string_view ours : {"hub", "all_massage", "replay"})
    if (word == ours) return "device_" + word;
  for (const std::string_view ours : {"device_", "sleeper_", "routine_"})
    if (word.rfind(ours, 0) == 0) return "device_" + word;
  return word;
}

/// Builds one device's message.
class Introduction {
 public:
  Introduction(const HomeAssistant& settings, const std::string& key, const std::string& name, std::string_view model)
      : topics_(settings.install), name_(name) {
    config_.id = install_word(settings.install) + "_" + key;
    message_ = {{"device",
                 {{"identifiers", {config_.id}},
                  {"name", name},
                  {"manufacturer", "Lull"},
                  {"model", model},
                  {"sw_version", settings.version}}},
                {"origin", {{"name", "lull"}, {"sw_version", settings.version}}},
                // An actuator is there as long as Lull is, also while its device is out of reach: Home Assistant sends
                // nothing to what is unavailable and says "turned off" all the same.
                {"availability", {{{"topic", topics_.status()}}}},
                {"qos", 1}};
    Json& device = message_["device"];
    if (key != "hub") device["via_device"] = hub_identifier(settings.install);
    if (!settings.page.empty()) device["configuration_url"] = settings.page;
  }

  /// An entity; `title` empty: it bears the device's name alone, as voice needs it.
  Json& entity(std::string_view key, std::string_view platform, std::string_view title) {
    const std::string id = config_.id + "_" + std::string(key);
    Json& made = message_["components"][std::string(key)];
    made = {{"platform", platform}, {"unique_id", id}, {"name", title.empty() ? Json() : Json(title)}};
    const std::string name = entity_word(name_), part = entity_word(title);
    if (!name.empty())
      made["default_entity_id"] = std::string(platform) + "." + name + (part.empty() ? "" : "_" + part);
    return made;
  }
  Json& actuator(std::string_view key, std::string_view platform, std::string_view title, const std::string& topic) {
    Json& made = entity(key, platform, title);
    made["command_topic"] = Topics::set(topic);
    made["message_expiry_interval"] = kCommandLives;
    return made;
  }
  Json& stated(std::string_view key, std::string_view platform, std::string_view title, const std::string& topic) {
    Json& made = actuator(key, platform, title, topic);
    made["state_topic"] = topic;
    return made;
  }
  Json& sensor(std::string_view key, std::string_view platform, std::string_view title, const std::string& topic) {
    Json& made = entity(key, platform, title);
    made["state_topic"] = topic;
    return made;
  }
  const Topics& topics() const { return topics_; }
  DeviceConfig done() {
    for (const auto& [key, made] : message_["components"].items())
      config_.components.push_back({key, made["platform"], text(made)});
    config_.payload = text(message_);
    return std::move(config_);
  }

 private:
  static std::string text(const Json& j) { return j.dump(-1, ' ', false, Json::error_handler_t::replace); }

  Topics topics_;
  std::string name_;
  DeviceConfig config_;
  Json message_;
};

DeviceConfig hub(const HomeAssistant& settings) {
  Introduction lull(settings, "hub", "Lull", "Comfort automation");
  const Topics& at = lull.topics();
  lull.stated("all", "switch", "", at.hub("on"))["icon"] = "mdi:weather-night";  // off = STOP, latched
  Json& stop = lull.actuator("stop_massage", "button", "Stop massage", at.hub("stop_massage"));
  stop["default_entity_id"] = "button.stop_massage";  // the one that sentences and phones press
  lull.actuator("replay_now", "button", "Replay now", at.hub("replay"));
  // For sentences, scripts and bedside buttons: who is no administrator may press a button and publish nothing.
  lull.actuator("softer", "button", "Softer", at.hub("softer"))["icon"] = "mdi:minus";
  lull.actuator("stronger", "button", "Stronger", at.hub("stronger"))["icon"] = "mdi:plus";
  lull.actuator("longer", "button", "Longer", at.hub("longer"))["icon"] = "mdi:timer-plus-outline";
  lull.stated("not_tonight", "switch", "Not tonight", at.hub("not_tonight"));
  lull.stated("night_replay", "switch", "Night replay", at.hub("night_replay"))["entity_category"] = "config";
  Json& status = lull.sensor("status", "sensor", "Status", at.hub("status"));
  status.update({{"device_class", "enum"},
                 {"options", {"ready", "playing", "stopped", "starting", "fault"}},
                 {"json_attributes_topic", at.hub("status/attributes")}});
  lull.sensor("decision", "sensor", "Last decision", at.hub("decision"))
      .update({{"entity_category", "diagnostic"}, {"json_attributes_topic", at.hub("decision/attributes")}});
  if (settings.websocket)
    lull.sensor("link", "sensor", "Home Assistant", at.hub("home_assistant"))
        .update({{"entity_category", "diagnostic"},
                 {"device_class", "enum"},
                 {"options", {"connecting", "connected", "unreachable", "token_refused", "no_token"}},
                 {"icon", "mdi:home-assistant"},
                 {"json_attributes_topic", at.hub("home_assistant/attributes")}});
  if (settings.ntfy)
    lull.sensor("ntfy", "sensor", "ntfy", at.hub("ntfy"))
        .update({{"entity_category", "diagnostic"},
                 {"device_class", "enum"},
                 {"options", {"not_tried", "working", "unreachable", "refused", "not_taken"}},
                 {"icon", "mdi:cellphone-message"},
                 {"json_attributes_topic", at.hub("ntfy/attributes")}});
  lull.sensor("version", "sensor", "Version", at.hub("version"))["entity_category"] = "diagnostic";
  // Without a class: "problem" would turn its meaning round, and no other fits.
  lull.sensor("ready_for_the_night", "binary_sensor", "Ready for the night", at.hub("ready_for_the_night"))
      .update({{"icon", "mdi:clipboard-check-outline"},
               {"json_attributes_topic", at.hub("ready_for_the_night/attributes")}});
  lull.actuator("preflight", "button", "Check for the night", at.hub("preflight"))["entity_category"] = "diagnostic";
  lull.actuator("replays_as_chosen", "button", "Replays as chosen", at.hub("replays_as_chosen"))
      .update({{"entity_category", "config"}, {"icon", "mdi:restore"}});
  lull.sensor("heat_problem", "binary_sensor", "Heat safety", at.hub("heat_problem"))["device_class"] = "problem";
  lull.sensor("heat_event", "event", "Heat safety event", at.event("heat"))["event_types"] = {
      "over_temp", "over_time", "link_lost", "off_unconfirmed", "fault"};
  lull.sensor("message", "event", "Message", at.event("message"))["event_types"] = {"summary", "notice", "restless",
                                                                                    "fault", "alarm"};
  return lull.done();
}

/// A scene of the whole house, and a device of its own: its name alone is what one says.
DeviceConfig scene(const HomeAssistant& settings, const char* key, const char* name, const char* icon) {
  Introduction one(settings, key, name, "Scene");
  one.actuator("now", "scene", "", one.topics().hub(key)).update({{"payload_on", kSceneCalled}, {"icon", icon}});
  return one.done();
}

DeviceConfig replay(const HomeAssistant& settings) {
  // A device of its own: "replay massage" must be the whole name for voice to find it.
  Introduction one(settings, "replay", "Replay massage", "Scene");
  one.actuator("now", "scene", "", one.topics().hub("replay"))
      .update({{"payload_on", kSceneCalled}, {"icon", "mdi:replay"}});
  return one.done();
}

DeviceConfig routine(const HomeAssistant& settings, const House& house, const Routine& routine) {
  Introduction one(settings, "routine_" + path_word(routine.name), spoken(routine.name), "Routine");
  const std::string on = one.topics().routine(routine.name, "on");
  Json& play = one.stated("play", "switch", "", on);
  play["icon"] = "mdi:sleep";
  const bool warms = std::any_of(routine.tracks.begin(), routine.tracks.end(),
                                 [](const Track& track) { return track.kind == TrackKind::heat; });
  Json& scene = one.actuator("scene", "scene", "", on);
  scene.update({{"payload_on", kSceneCalled}, {"icon", "mdi:sleep"}});
  // A voice finds one of the two, for it refuses a name that two things have. A routine that warms somebody must not
  // begin with a misheard word: then it is the scene, which says what it is and plays without the heat.
  (warms && !house.heat_by_voice ? play : scene)["entity_category"] = "config";
  return one.done();
}

Json& fan(Introduction& one, const std::string& on, const std::string& level, const std::string& program, bool steps) {
  Json& made = one.stated("massage", "fan", "", on);
  made["icon"] = "mdi:vibrate";
  if (!steps) return made;  // a motor on a plug: on or off, and patterns would be its relay's death
  made.update({{"percentage_state_topic", level},
               {"percentage_command_topic", Topics::set(level)},
               {"preset_modes", {"gentle", "wave", "pulse", "steady"}},
               {"preset_mode_state_topic", program},
               {"preset_mode_command_topic", Topics::set(program)}});
  return made;
}

DeviceConfig all_massage(const HomeAssistant& settings, const House& house) {
  Introduction one(settings, "all_massage", massage_name(house), "Every massage pad");
  const Topics& at = one.topics();
  fan(one, at.massage("on"), at.massage("level"), at.massage("program"), true);
  return one.done();
}

DeviceConfig pad(const HomeAssistant& settings, const House& house, const Device& device) {
  const bool heat = device.kind == Kind::heat_pad;
  Introduction one(settings, key_of(device), spoken(device.name),
                   std::string(heat ? "Heat pad" : "Massage pad") + " (" + one_line(device.speaks, 40) + ")");
  const auto at = [&](std::string_view what) { return one.topics().device(device, what); };
  if (heat) {
    Json& on = one.stated("heat", "switch", "", at("on"));
    on["icon"] = "mdi:heating-coil";
    Json& level = one.stated("level", "select", "Level", at("heat"));
    level["options"] = {"Off", "Low", "Medium", "High"};
    // What has a category is not shown to voice assistants: heat only after the household asked for it.
    if (!house.heat_by_voice) on["entity_category"] = level["entity_category"] = "config";
    on["json_attributes_topic"] = at("attributes");
    if (measures_surface(device))
      one.sensor("celsius", "sensor", "Temperature", at("celsius"))
          .update({{"device_class", "temperature"},
                   {"unit_of_measurement", "°C"},
                   {"state_class", "measurement"},
                   {"entity_category", "diagnostic"},  // or it would answer "what is the temperature"
                   {"availability_mode", "all"},
                   {"availability",
                    {{{"topic", one.topics().status()}},
                     {{"topic", at("reachable")}, {"payload_available", "ON"}, {"payload_not_available", "OFF"}}}}});
  } else {
    fan(one, at("on"), at("level"), at("program"), device.steps_levels)["json_attributes_topic"] = at("attributes");
  }
  one.sensor("gate", "sensor", "Guard", at("gate/code"))
      .update({{"entity_category", "diagnostic"}, {"icon", "mdi:shield-check"}, {"json_attributes_topic", at("gate")}});
  one.sensor("test", "sensor", "Set-up test", at("test/state"))
      .update({{"entity_category", "diagnostic"},
               {"device_class", "enum"},
               {"options", {"never", "passed", "failed", "changed", "runs"}},
               {"json_attributes_topic", at("test")}});
  if (heat)  // a category, so that no voice assistant starts what somebody should watch
    one.actuator("set_up_test", "button", "Set-up test", at("test"))["entity_category"] = "config";
  one.sensor("minutes_left", "sensor", "Minutes left tonight", at("minutes_left"))
      .update({{"unit_of_measurement", "min"}, {"device_class", "duration"}, {"entity_category", "diagnostic"}});
  one.sensor("reachable", "binary_sensor", "Reachable", at("reachable"))
      .update({{"device_class", "connectivity"}, {"entity_category", "diagnostic"}});
  return one.done();
}

DeviceConfig person(const HomeAssistant& settings, const House& house, std::size_t index) {
  const Sleeper& sleeper = house.sleepers[index];
  Introduction one(settings, "sleeper_" + path_word(sleeper.id), one_line(sleeper.name, 100), "Sleeper");
  const auto at = [&](std::string_view what) { return one.topics().sleeper(sleeper, what); };
  if (hears_presence(house, index))
    one.sensor("bed", "binary_sensor", "Bed", at("in_bed"))["device_class"] = "occupancy";
  if (hears_movement(house, index)) {
    // Without a class: "motion" would join the room's motion automations.
    one.sensor("restless", "binary_sensor", "Restless", at("restless"))["json_attributes_topic"] = at("attributes");
    one.sensor("index", "sensor", "Restlessness", at("index")).update({{"state_class", "measurement"}});
    one.sensor("movements", "sensor", "Movements per hour", at("movements_per_hour"))["state_class"] = "measurement";
    one.sensor("episodes", "sensor", "Episodes tonight", at("episodes"))["state_class"] = "total_increasing";
  }
  const auto theirs = [&](Kind kind) {
    return std::any_of(house.devices.begin(), house.devices.end(), [&](const Device& d) {
      return d.kind == kind && d.sleeper.value_or(SleeperId{static_cast<std::uint16_t>(index)}).index == index;
    });
  };
  const Json minutes_left{{"unit_of_measurement", "min"}, {"device_class", "duration"}};
  if (theirs(Kind::heat_pad)) {
    one.sensor("heat_left", "sensor", "Heat left tonight", at("heat_left")).update(minutes_left);
    // A setting: a voice that is misheard must not take it back.
    one.stated("sedatives", "switch", "Sleeping tablets tonight", at("sedatives"))
        .update({{"icon", "mdi:pill"}, {"entity_category", "config"}});
  }
  if (theirs(Kind::massage_pad)) {
    one.sensor("massage_left", "sensor", "Massage left tonight", at("massage_left")).update(minutes_left);
    one.sensor("back_off", "sensor", "Replays held back", at("back_off"))
        .update({{"entity_category", "diagnostic"},
                 {"device_class", "enum"},
                 {"options", {"off", "as_chosen", "weaker", "further_apart", "weaker_and_further_apart"}},
                 {"icon", "mdi:arrow-collapse-down"},
                 {"json_attributes_topic", at("back_off/attributes")}});
  }
  one.sensor("replays", "sensor", "Replays tonight", at("replays"))["state_class"] = "total_increasing";
  one.sensor("last_night", "sensor", "Restless minutes last night", at("last_night"))
      .update({{"unit_of_measurement", "min"},
               {"device_class", "duration"},
               {"state_class", "measurement"},
               {"json_attributes_topic", at("last_night/attributes")}});
  Json& picture = one.entity("picture", "image", "Last night");
  picture["image_topic"] = one.topics().picture();
  picture["content_type"] = "image/png";
  return one.done();
}

}  // namespace

std::string hub_identifier(std::string_view install) { return install_word(install) + "_hub"; }
std::string config_topic(const HomeAssistant& settings, std::string_view device_id) {
  return settings.prefix + "/device/" + std::string(device_id) + "/config";
}

std::vector<DeviceConfig> discovery(const House& house, const HomeAssistant& settings) {
  if (!settings.announces) return {};
  std::vector<DeviceConfig> all{hub(settings)};
  std::size_t massages = 0;
  for (const Device& d : house.devices) {
    if (d.kind == Kind::massage_pad || d.kind == Kind::heat_pad) all.push_back(pad(settings, house, d));
    if (d.kind == Kind::massage_pad) ++massages;
  }
  // "turn off leg massage" matches neither "Left leg massage" nor "Right leg massage": there must be one for all.
  if (massages > 1) all.push_back(all_massage(settings, house));
  if (massages > 0) all.push_back(replay(settings));
  if (!is_taken(house, "All off")) all.push_back(scene(settings, "all_off", "All off", "mdi:power-sleep"));
  if (bedtime_routine(house)) all.push_back(scene(settings, "bedtime", "Bedtime", "mdi:bed-clock"));
  for (const Routine& r : house.routines) all.push_back(routine(settings, house, r));
  for (std::size_t i = 0; i < house.sleepers.size(); ++i) all.push_back(person(settings, house, i));
  return all;
}

}  // namespace lull
