// One datagram a word; a manager that does not listen never makes us wait.
#include "bridge/notify.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <optional>

namespace lull {
namespace {

std::string take(const char* name) {
  const char* value = std::getenv(name);
  std::string text = value ? value : "";
  ::unsetenv(name);
  return text;
}

std::optional<long long> number(const std::string& text) {
  long long n = 0;
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), n);
  return wrong == std::errc{} && end == text.data() + text.size() && n > 0 ? std::optional(n) : std::nullopt;
}

}  // namespace

ServiceManager::ServiceManager() : socket_(take("NOTIFY_SOCKET")) {
  const auto microseconds = number(take("WATCHDOG_USEC"));
  const std::string meant = take("WATCHDOG_PID");  // absent: whoever reads it
  if (socket_.size() >= sizeof(sockaddr_un::sun_path) ||
      (!socket_.empty() && socket_.front() != '/' && socket_.front() != '@'))
    socket_.clear();
  if (!socket_.empty() && microseconds && (meant.empty() || number(meant) == ::getpid()))
    every_ = milliseconds{std::max(1LL, *microseconds / 3000)};
}

bool ServiceManager::say(const std::string& word) const {
  if (socket_.empty()) return true;
  const int out = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (out < 0) return false;
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  std::memcpy(to.sun_path, socket_.data(), socket_.size());
  if (to.sun_path[0] == '@') to.sun_path[0] = '\0';
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  const ssize_t sent = ::sendto(out, word.data(), word.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
                                reinterpret_cast<const sockaddr*>(&to), size);
  ::close(out);
  return sent == static_cast<ssize_t>(word.size());
}

bool ServiceManager::ready() {
  ready_said_ = ready_said_ || say("READY=1");
  return ready_said_;
}
void ServiceManager::alive() { say("WATCHDOG=1"); }
void ServiceManager::stopping() { say("STOPPING=1"); }

}  // namespace lull
