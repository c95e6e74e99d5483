// usleep() as Paho's receiving thread finds it: the reason is in the header.
//
// Why that is sound. POSIX reserves the name, so the language promises nothing; the linker does: a program that defines
// what its shared libraries ask for is asked instead of the C library, a version of glibc's in their wish or not, and
// glibc itself never sleeps by this name. Linked statically, ours is found before libc.a is opened. Everybody else
// (SQLite's busy waits, OpenSSL, Paho's other threads, which wait for this one to end) gets nanosleep(), which is what
// glibc's usleep() is, also a point of cancellation. Paho names its thread before it first sleeps, and nobody else
// sleeps 100 ms under that name; were it named otherwise, or this function hidden (-fvisibility=hidden), it naps as
// ever, and link_nap_test says so.
// Nothing here has a destructor, so a thread that outlives main() may still nap. Who ends a session rings first
// (~PahoSession), so that nobody waits for a long nap; who loses one lets go of its sockets at once, for their numbers
// will be somebody else's: on a socket that is not ours a nap only ends too soon, and is a millisecond at least.
// The price: what Paho could not write at once it tries again when it wakes, so on a main session whose peer has
// stopped reading an OFF's second road may take up to 0.9 s longer. Its first is the guard's, which is not Paho's.
#include "bridge/mqtt/paho_nap.hpp"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <string_view>

namespace lull::paho_nap {
namespace {

constexpr useconds_t kAsPahoAsks = 100'000, kLook = 1000;  // µs
constexpr int kNap = 100, kLongNap = 900;                  // ms

std::array<std::atomic<int>, 8> watched{};  // 0: none (a connection is never standard input)
std::atomic<int> awaited{0};

/// Rung when there is something else to wait for.
int bell() {
  static const int descriptor = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  return descriptor;
}

int sleep_for(useconds_t micros) {
  const timespec span{static_cast<time_t>(micros / 1'000'000), static_cast<long>(micros % 1'000'000) * 1000};
  return ::nanosleep(&span, nullptr);
}

bool is_pahos_receiver() {
  thread_local const bool is = [] {
    char name[16] = "";
    ::pthread_getname_np(::pthread_self(), name, sizeof name);
    return std::string_view{name} == "MQTTAsync_rcv";
  }();
  return is;
}

int nap() {
  if (awaited.load() > 0) return sleep_for(kLook);
  std::array<pollfd, watched.size() + 1> on{{{bell(), POLLIN, 0}}};
  nfds_t count = 1;
  for (const auto& socket : watched)
    if (const int descriptor = socket.load()) on[count++] = {descriptor, POLLIN, 0};
  timespec began{}, now{};
  ::clock_gettime(CLOCK_MONOTONIC, &began);
  ::poll(on.data(), count, count > 1 ? kLongNap : kNap);
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  std::uint64_t rung = 0;
  [[maybe_unused]] const auto read = ::read(bell(), &rung, sizeof rung);
  // Bytes lie there that Paho does not want now, or the socket is gone: no nap, but no busy waiting either.
  const bool at_once = now.tv_sec == began.tv_sec && now.tv_nsec - began.tv_nsec < 1'000'000;
  return at_once ? sleep_for(kLook) : 0;
}

void ring() {
  const std::uint64_t once = 1;
  [[maybe_unused]] const auto written = ::write(bell(), &once, sizeof once);
}

}  // namespace

void socket_awaited(bool is) {
  awaited.fetch_add(is ? 1 : -1);
  ring();
}

void watch(const std::vector<int>& sockets) {
  for (std::size_t i = 0; i < watched.size(); ++i) watched[i] = i < sockets.size() ? sockets[i] : 0;
  ring();
}

}  // namespace lull::paho_nap

extern "C" int usleep(useconds_t micros) {
  using namespace lull::paho_nap;
  return micros == kAsPahoAsks && is_pahos_receiver() ? nap() : sleep_for(micros);
}
