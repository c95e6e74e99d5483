// What systemd is told, when it started us: that we are ready, alive, ending. Without systemd nothing is said.
#pragma once

#include <chrono>
#include <string>

namespace lull {

/// sd_notify(3) by hand: one datagram a word to $NOTIFY_SOCKET.
class ServiceManager {
 public:
  using milliseconds = std::chrono::milliseconds;

  /// Takes NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID out of the environment, while there is only one thread: a
  /// child, such as the embedded mosquitto, which knows them too, must not say "ready" for us.
  ServiceManager();

  bool is_there() const { return !socket_.empty(); }
  /// Say alive() at least every so often; 0: nobody waits for it. A third of what systemd waits before it kills us.
  milliseconds every() const { return every_; }

  /// All can be said again and again. `ready` is kept until it could be said; false: not yet.
  bool ready();
  void alive();
  void stopping();

 private:
  bool say(const std::string& word) const;

  std::string socket_;  // a path, or '@' and an abstract name
  milliseconds every_{0};
  bool ready_said_ = false;
};

}  // namespace lull
