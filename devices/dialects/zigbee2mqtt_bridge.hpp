// What Zigbee2MQTT itself tells about its devices: which it has, how they stop by themselves, what failed.
#pragma once

#include <span>
#include <string_view>

#include "devices/dialects/payload.hpp"

namespace lull::zigbee2mqtt {

/// bridge/state: a dead Zigbee2MQTT takes all its devices out of reach (its last will).
void hear_bridge_state(std::span<const Listener>, const Incoming&, Heard&);
/// bridge/devices: each listener's timer, judged by what it exposes and never by its model's name alone.
void hear_devices(std::span<const Listener>, const Incoming&, Heard&);
/// bridge/info: settings that would break the timer or hide the proof, or none.
void hear_info(std::span<const Listener>, const Incoming&, Heard&);
/// bridge/groups: who is in which. Names are not in it, addresses are: the core knows whose is whose.
void hear_groups(std::span<const Listener>, const Incoming&, Heard&);
/// bridge/logging: the failures. Their absence means nothing: a repeated line is suppressed, a refusal never logged.
void hear_logging(std::span<const Listener>, const Incoming&, Heard&);
/// bridge/response/health_check: it lives. Told for the first listener, for all of them stand behind the same bridge.
void hear_health(std::span<const Listener>, const Incoming&, Heard&);

/// {"state":"online"}, or the bare word of Zigbee2MQTT 1.x; nothing for anything else.
std::optional<bool> online(std::string_view payload);

}  // namespace lull::zigbee2mqtt
