// When a message was sent, by what stands in it.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string_view>

#include "devices/units.hpp"

namespace lull {

/// "2026-11-21T22:30:05.123Z", with any offset and any number of decimals, or milliseconds since 1970. Nothing for what
/// is neither, for years that are none of ours, and for times without a zone: their meaning depends on who reads them.
std::optional<milliseconds> utc_stamp(const nlohmann::json& value);
std::optional<milliseconds> iso_8601(std::string_view text);

}  // namespace lull
