// Our own entities, as they are announced, against those that devices are said to be.
#include "bridge/home_assistant/websocket/echo.hpp"

#include <nlohmann/json.hpp>
#include <set>

#include "bridge/home_assistant/discovery.hpp"
#include "bridge/router.hpp"

namespace lull {

std::string echo_in(const House& house) {
  const std::vector<std::string> wanted = Router(house).topics().entities;
  if (wanted.empty()) return "";
  HomeAssistant settings;
  settings.install = "00000000";
  settings.websocket = true;
  std::set<std::string> ours;
  for (const DeviceConfig& config : discovery(house, settings)) {
    const auto json = nlohmann::json::parse(config.payload, nullptr, false);
    if (!json.is_object() || !json.contains("components")) continue;
    for (const auto& part : json["components"])
      if (part.is_object()) ours.insert(part.value("default_entity_id", ""));
  }
  for (const std::string& entity : wanted)
    if (ours.contains(entity))
      return entity + " is Lull's own entity in Home Assistant; write the one of the device itself";
  return "";
}

}  // namespace lull
