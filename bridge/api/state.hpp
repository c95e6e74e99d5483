// The one state that the API, the page and the live WebSocket show: the View that MQTT is made of, as one JSON object.
// docs/API.md names its keys. Pure: the same hub gives the same JSON.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "automations/hub.hpp"
#include "bridge/home_assistant/states.hpp"

namespace lull {

/// What does not change while Lull runs: who it is, and its routines with their scores.
nlohmann::json frame_of(const House& house, const std::string& install, const std::string& version);
/// `frame` and all that changes.
nlohmann::json state_of(const nlohmann::json& frame, const Hub& hub, const Seen& seen);

/// What a partner sees of it: what is on and who is in bed, and nothing of how anybody sleeps.
nlohmann::json without_diary(nlohmann::json state);

/// The RFC 7396 patch that makes `now` of `before`; an empty object when they are alike. Arrays are replaced whole.
nlohmann::json merge_patch_of(const nlohmann::json& before, const nlohmann::json& now);

}  // namespace lull
