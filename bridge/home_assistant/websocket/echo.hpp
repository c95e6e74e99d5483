// A device that is one of Lull's own entities would hear itself.
#pragma once

#include <string>

#include "automations/house.hpp"

namespace lull {

/// The sentence against it, or "". By the ids that our entities get; who renamed them must know it.
std::string echo_in(const House& house);

}  // namespace lull
