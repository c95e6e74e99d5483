// The one way to include Asio. Boost 1.74's awaitable.hpp uses std::exchange without including <utility>.
#pragma once

#include <utility>
// clang-format off: <utility> must come first
#include <boost/asio.hpp>
// clang-format on
