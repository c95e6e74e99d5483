// A whole bedroom as one pure step. No sockets, clock, threads, files or logging.
#pragma once

#include <memory>
#include <vector>

#include "automations/effect.hpp"
#include "automations/house.hpp"
#include "devices/event.hpp"

namespace lull {

struct Hub;
struct Stepped;

}  // namespace lull
