// How Lull introduces itself to Home Assistant: one discovery message a device. Pure; ids never depend on a name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "automations/house.hpp"
#include "bridge/home_assistant/settings.hpp"

namespace lull {

/// What must be remembered of an entity to take it back one day.
struct Component {
  std::string key, platform;
  std::string config;  // JSON, with its unique_id
  bool operator==(const Component&) const = default;
};
struct DeviceConfig {
  std::string id;       // its identifier, "lull_1a2b3c4d_leg"
  std::string payload;  // JSON
  std::vector<Component> components;
  bool operator==(const DeviceConfig&) const = default;
};

/// The devices of this house, the hub first: the others name it as the one they are reached through.
std::vector<DeviceConfig> discovery(const House& house, const HomeAssistant& settings);
/// "lull_1a2b3c4d_hub"
std::string hub_identifier(std::string_view install);
/// The topic of a device's discovery message.
std::string config_topic(const HomeAssistant& settings, std::string_view device_id);

/// The message that brings these entities back as they were. Only what was announced in Home Assistant's present run
/// can be removed, so an entity that is to go is first brought back.
std::string revival(std::string_view device_id, const std::vector<Component>& components);
/// `payload` with these entities added: as they were, or as the order to remove them (only their platform).
enum class Ghosts { revived, removed };
std::string with_ghosts(const std::string& payload, const std::vector<Component>& components, Ghosts how);
/// `payload` without the hub it is reached through: for when the user deleted the hub.
std::string without_hub(const std::string& payload);

}  // namespace lull
