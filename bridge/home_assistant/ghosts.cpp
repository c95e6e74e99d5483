// Discovery messages for entities that are to go: Home Assistant removes only what was announced in its present run.
#include <nlohmann/json.hpp>

#include "bridge/home_assistant/discovery.hpp"

namespace lull {
namespace {

using Json = nlohmann::json;

/// As it was announced: a shorter form would change an entity that still lives, and its statistics with it.
Json as_it_was(const Component& component) {
  Json made = Json::parse(component.config, nullptr, false);
  return made.is_object() ? made : Json{{"platform", component.platform}};
}

std::string dump(const Json& message) { return message.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace

std::string revival(std::string_view device_id, const std::vector<Component>& components) {
  Json message{{"device", {{"identifiers", {device_id}}}}, {"origin", {{"name", "lull"}}}};
  for (const Component& one : components) message["components"][one.key] = as_it_was(one);
  return dump(message);
}

std::string with_ghosts(const std::string& payload, const std::vector<Component>& components, Ghosts how) {
  Json message = Json::parse(payload, nullptr, false);
  if (!message.is_object()) return payload;
  for (const Component& one : components)
    message["components"][one.key] = how == Ghosts::revived ? as_it_was(one) : Json{{"platform", one.platform}};
  return dump(message);
}

std::string without_hub(const std::string& payload) {
  Json message = Json::parse(payload, nullptr, false);
  if (message.is_object() && message.contains("device") && message["device"].is_object())
    message["device"].erase("via_device");
  return dump(message);
}

}  // namespace lull
