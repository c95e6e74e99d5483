// Runs the loop until something is true or the deadline passed: no test sleeps for a fixed time.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "bridge/asio.hpp"

namespace lull::testing {

inline bool run_until(boost::asio::io_context& io, const std::function<bool()>& met,
                      std::chrono::milliseconds within = std::chrono::seconds{10}) {
  const auto deadline = std::chrono::steady_clock::now() + within;
  while (!met()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    if (io.stopped()) io.restart();
    io.run_one_for(std::chrono::milliseconds{1});
  }
  return true;
}

/// Runs the loop for a while, to see that something does not happen.
inline void run_for(boost::asio::io_context& io, std::chrono::milliseconds span) {
  run_until(
      io, [] { return false; }, span);
}

}  // namespace lull::testing
