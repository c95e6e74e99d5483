// The whole state of a bedroom as text, and back: the begin of a journal's chapter, so that any night can be replayed
// alone.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "automations/hub.hpp"
#include "devices/result.hpp"

namespace lull {

/// Every field of the hub except the house, as one JSON text.
std::string to_text(const Hub& hub);
/// The same hub again, for the same house. Error: damaged, or of another house (its lists have other lengths).
Result<Hub> hub_from(std::string_view text, std::shared_ptr<const House> house);

}  // namespace lull
