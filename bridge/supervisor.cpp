// One look every few seconds, and one way out.
#include "bridge/supervisor.hpp"

#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace lull {

Supervisor::~Supervisor() {
  {
    const std::lock_guard lock(mutex_);
    end_ = true;
  }
  ended_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Supervisor::ticked() {
  ticks_.fetch_add(1, std::memory_order_relaxed);
  if (!thread_.joinable()) thread_ = std::thread([this] { watch(); });
}

void Supervisor::watch() {
  std::unique_lock lock(mutex_);
  std::uint64_t seen = 0;
  int looks = 0;
  while (!ended_.wait_for(lock, patience_.look_every, [this] { return end_; })) {
    const std::uint64_t now = ticks_.load(std::memory_order_relaxed);
    looks = now == seen ? looks + 1 : 0;
    seen = now;
    if (looks < patience_.looks) continue;
    // Not through the logger: whoever hangs may hold its lock. Nothing is tidied up either: each step of that could
    // hang as well, and everything that must happen now others do, because we are gone.
    constexpr std::string_view kLastWords =
        "lull: the loop hangs; ending at once, so that the broker and the devices switch everything off\n";
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, kLastWords.data(), kLastWords.size());
    std::abort();
  }
}

}  // namespace lull
