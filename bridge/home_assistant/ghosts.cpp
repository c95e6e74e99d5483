// Discovery messages for entities that are to go: Home Assistant removes only what was announced in its present run.
#include <nlohmann/json.hpp>

#include "bridge/home_assistant/discovery.hpp"

namespace lull {
namespace {

using Json = nlohmann::json;

/// The least that a platform accepts, found by running the real one.
Json least(const Component& component) {
  constexpr const char* kNowhere = "lull/removed";
  Json made{{"platform", component.platform}, {"unique_id", component.unique_id}};
  const std::string& p = component.platform;
  if (p == "image")
    made["image_topic"] = kNowhere;
  else if (p == "sensor" || p == "binary_sensor" || p == "event")
    made["state_topic"] = kNowhere;
  else
    made["command_topic"] = kNowhere;
  if (p == "scene") made["payload_on"] = "ON";
  if (p == "select") made["options"] = {"Off"};
  if (p == "event") made["event_types"] = {"none"};
  return made;
}

std::string dump(const Json& message) { return message.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace

std::string revival(std::string_view device_id, const std::vector<Component>& components) {
  Json message{{"device", {{"identifiers", {device_id}}, {"name", "Removed"}}}, {"origin", {{"name", "lull"}}}};
  for (const Component& one : components) message["components"][one.key] = least(one);
  return dump(message);
}

std::string with_ghosts(const std::string& payload, const std::vector<Component>& components, Ghosts how) {
  Json message = Json::parse(payload, nullptr, false);
  if (!message.is_object()) return payload;
  for (const Component& one : components)
    message["components"][one.key] = how == Ghosts::revived ? least(one) : Json{{"platform", one.platform}};
  return dump(message);
}

std::string without_hub(const std::string& payload) {
  Json message = Json::parse(payload, nullptr, false);
  if (message.is_object() && message.contains("device") && message["device"].is_object())
    message["device"].erase("via_device");
  return dump(message);
}

}  // namespace lull
