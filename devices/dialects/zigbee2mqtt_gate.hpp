// What speaks against a device behind Zigbee2MQTT: in its list of devices, its settings and its groups. Pure.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "devices/dialects/payload.hpp"

namespace lull::zigbee2mqtt {

/// A device as bridge/devices has it.
struct Judgement {
  Timer timer = Timer::unknown;
  std::string reason;  // of a timer that is none; the first finding in words
  std::vector<Finding> findings;
  std::string model, firmware, address;
  bool tells_power_on = false;
};
/// `entry`: the device's object in the list, or null. Judged by what it exposes, never by its model's name alone.
Judgement judge_entry(const Device& device, const Json* entry);
/// bridge/info: settings that break the timer or hide the proof, and those that only make Lull blind.
std::vector<Finding> judge_settings(const Json& info, const Device& device);
/// bridge/groups: who is in which. `groups` must be a list.
std::vector<GroupMember> members_in(const Json& groups);
/// Whether it exposes one of these.
bool exposes_any(const Json& definition, std::initializer_list<std::string_view> properties);

}  // namespace lull::zigbee2mqtt
