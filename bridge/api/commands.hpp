// A command by HTTP or WebSocket: the same words as MQTT, the same refusals.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "automations/effect.hpp"
#include "bridge/api/people.hpp"
#include "bridge/home_assistant/commands.hpp"
#include "bridge/http/message.hpp"

namespace lull {

/// A wish of the page, or the problem+json that says what would be right.
struct PageWish {
  std::optional<HttpReply> refused{};
  Wish wish{};
};
PageWish page_wish_from(std::string_view body, const House& house, Role role);

/// What to answer: accepted with what was decided, or a conflict with why nothing came of it.
HttpReply answer_to(const Wish& wish, std::optional<milliseconds> age, const std::vector<Decision>& decided);

}  // namespace lull
