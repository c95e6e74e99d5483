// The roads to phones as JSON, for the API and for MQTT. What is not known is null.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "automations/house.hpp"
#include "bridge/home_assistant/websocket/status.hpp"
#include "bridge/ntfy/status.hpp"

namespace lull {

nlohmann::json road_json(const HaStatus& is);
nlohmann::json road_json(const NtfyStatus& is, const Zone& zone);

/// As attributes of a state: without the state, and what is not known has no key, for Home Assistant shows "null".
nlohmann::json attributes_of(nlohmann::json road);

}  // namespace lull
