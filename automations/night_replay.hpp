// Which rules make a replay in the night: what plays then touches somebody asleep.
#pragma once

#include "automations/house.hpp"

namespace lull {

/// Whether a rule moves or warms somebody because they got restless.
bool is_replay(const House&, const Rule&);

}  // namespace lull
