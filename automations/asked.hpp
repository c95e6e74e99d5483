// What a wish is to somebody asleep: whether it begins something, and until when it may.
#pragma once

#include <string>

#include "devices/event.hpp"

namespace lull {

/// A touch on a page that was not answered by then is told to have been lost: it must not begin anything later.
inline constexpr milliseconds kTouchLives{4000};  // web/src/core/sender.ts, kAnswer

/// "a voice", "somebody on the page": who asked, as a sentence has it. A rule and a button tell their own names.
std::string who_asks(Door door);

/// Stops, pauses and what is less than before are always welcome, however late.
bool begins_something(const Command& command);

}  // namespace lull
