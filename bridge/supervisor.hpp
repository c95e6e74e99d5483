// Lets the process die when its loop no longer ticks: leases lapse, the last wills speak, systemd starts it anew.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

namespace lull {

/// A thread that does nothing but look. It counts its own looks and not the time: after a suspend, a SIGSTOP or a
/// paused virtual machine both it and the loop lost the same hour, and nobody hangs.
class Supervisor {
 public:
  struct Patience {
    std::chrono::milliseconds look_every{5000};
    int looks = 3;  // so many in a row without a tick: 15 s
  };
  explicit Supervisor(Patience patience) : patience_(patience) {}
  Supervisor() : Supervisor(Patience{}) {}
  ~Supervisor();
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  /// From the loop, at each tick. The first one begins the watch: a start may take as long as it takes.
  void ticked();

 private:
  void watch();

  Patience patience_;
  std::atomic<std::uint64_t> ticks_{0};
  std::mutex mutex_;
  std::condition_variable ended_;
  bool end_ = false;
  std::thread thread_;
};

}  // namespace lull
