// The button beside the bed as a way to STOP: which of its presses are one, without any rule.
#pragma once

#include <string_view>

#include "automations/house.hpp"

namespace lull {

/// Whether a remote calls a long press so: `hold`, `long`, `button_1_hold`, `on_long`, `long_press`. Letting go of it
/// (`hold_release`) is none. Remotes that name a long press after what a lamp would do (`brightness_move_up`) are not
/// understood; the household writes `stop_on` for them.
bool is_long_press(std::string_view action);

/// Whether this press is a STOP: what `stop_on` says; without it every long press that none of the household's rules
/// has given another meaning.
bool is_stop(const House& house, DeviceId button, std::string_view action);

}  // namespace lull
