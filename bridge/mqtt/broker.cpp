// mosquitto as a child process: started, watched by its standard error, started again, ended.
#include "bridge/mqtt/broker.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>
#include <utility>

#include "bridge/asio.hpp"
#include "bridge/mqtt/backoff.hpp"
#include "bridge/mqtt/topic.hpp"

namespace lull {
namespace asio = boost::asio;
namespace fs = std::filesystem;
using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::steady_clock;
using namespace std::chrono_literals;

namespace {

constexpr auto kReadyWithin = 5s, kEndWithin = 2s, kFreeWithin = 1s;

/// Where Debian and others put it: /usr/sbin is not in everybody's PATH.
std::string find(const std::string& name) {
  std::string folders = "/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin:/opt/homebrew/sbin";
  if (const char* path = std::getenv("PATH")) folders = std::string{path} + ":" + folders;
  for (std::size_t from = 0; from <= folders.size();) {
    const std::size_t to = std::min(folders.find(':', from), folders.size());
    const std::string candidate = folders.substr(from, to - from) + "/" + name;
    struct stat file {};
    if (::stat(candidate.c_str(), &file) == 0 && S_ISREG(file.st_mode) && ::access(candidate.c_str(), X_OK) == 0)
      return candidate;
    from = to + 1;
  }
  return {};
}

/// Everything that mosquitto is told. Whoever may open a loopback connection on this machine may speak to it.
std::string configuration(std::uint16_t port) {
  std::string text =
      "# Written by Lull at each start; changes are lost.\n"
      "listener " +
      std::to_string(port) +
      " 127.0.0.1\n"
      "allow_anonymous true\n"
      "persistence false\n"
      "set_tcp_nodelay true\n"
      "max_queued_messages 2000\n"
      "max_queued_bytes 16777216\n"
      "max_inflight_messages 100\n"
      "max_packet_size 4300000\n"
      "sys_interval 0\n"
      "connection_messages false\n"
      "log_dest stderr\n"
      "log_timestamp false\n"
      "log_type error\n"
      "log_type warning\n";
  // As root, mosquitto would become another user: then it could not read this file, and the kernel would forget
  // that it is to end with us.
  if (::geteuid() == 0) text += "user root\n";
  return text;
}

Result<std::uint16_t> free_port() {
  asio::io_context io{1};
  tcp::acceptor acceptor{io};
  error_code failed;
  acceptor.open(tcp::v4(), failed);
  if (!failed) acceptor.bind({asio::ip::address_v4::loopback(), 0}, failed);
  if (failed) return Error{"127.0.0.1", "no free port for the broker: " + failed.message()};
  return acceptor.local_endpoint().port();
}

bool takes_connections(std::uint16_t port) {
  asio::io_context io{1};
  tcp::socket socket{io};
  error_code failed;
  socket.connect({asio::ip::address_v4::loopback(), port}, failed);
  return !failed;
}

/// Waits a moment: after a crash the broker of our last run may still be saying its wills.
bool becomes_free(std::uint16_t port) {
  for (const auto deadline = steady_clock::now() + kFreeWithin; takes_connections(port);) {
    if (steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(5ms);
  }
  return true;
}

}  // namespace

struct Broker::Impl : std::enable_shared_from_this<Impl> {
  asio::io_context& io;
  std::string program, config;
  std::uint16_t port = 0;
  std::function<void(std::string)> told;
  pid_t child = 0;
  asio::posix::stream_descriptor words{io};  // mosquitto's standard error; its end is mosquitto's end
  std::array<char, 1024> buffer{};
  asio::steady_timer timer{io};
  Backoff backoff{50ms, 500ms, 8s};
  steady_clock::time_point started{};
  bool stopping = false;

  Impl(asio::io_context& context, std::string p, std::string c, std::uint16_t at, std::function<void(std::string)> t)
      : io(context), program(std::move(p)), config(std::move(c)), port(at), told(std::move(t)) {}

  void tell(const std::string& line) {
    if (told && !stopping) told(line);
  }

  Result<bool> spawn() {
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return Error{program, std::strerror(errno)};
    // If we ever stop reading, mosquitto loses a line of its log rather than its time.
    ::fcntl(pipe[1], F_SETFL, O_NONBLOCK);
    const std::array<char*, 4> arguments{program.data(), const_cast<char*>("-c"), config.data(), nullptr};
    const pid_t us = ::getpid();
    const pid_t pid = ::fork();
    if (pid == 0) {                        // only async-signal-safe calls from here on
      ::prctl(PR_SET_PDEATHSIG, SIGTERM);  // when we die, so does it, but first it sends the wills of the guards
      if (::getppid() != us) ::_exit(1);
      sigset_t none;
      ::sigemptyset(&none);
      ::sigprocmask(SIG_SETMASK, &none, nullptr);
      ::signal(SIGTERM, SIG_DFL);
      ::dup2(pipe[1], STDERR_FILENO);
      const int null = ::open("/dev/null", O_RDWR);
      ::dup2(null, STDIN_FILENO);
      ::dup2(null, STDOUT_FILENO);
      ::execv(program.c_str(), arguments.data());
      ::_exit(127);
    }
    ::close(pipe[1]);
    if (pid < 0) {
      ::close(pipe[0]);
      return Error{program, std::string{"cannot be started: "} + std::strerror(errno)};
    }
    child = pid;
    started = steady_clock::now();
    words.assign(pipe[0]);
    return true;
  }

  void listen() {
    words.async_read_some(asio::buffer(buffer), [weak = weak_from_this()](error_code over, std::size_t n) {
      const auto self = weak.lock();
      if (!self || over == asio::error::operation_aborted) return;
      if (over) return self->died();
      const std::string_view text{self->buffer.data(), n};
      if (text.find("should not be run as root") == std::string_view::npos)  // it is because we are; not its business
        self->tell("mosquitto: " + readable(text.substr(0, text.find_last_not_of('\n') + 1), 300));
      self->listen();
    });
  }

  void died() {
    if (stopping) return;
    reap(true);
    if (steady_clock::now() - started > 10s) backoff.reset();
    const auto pause = backoff.next();
    tell("the embedded broker ended; starting it again in " + std::to_string(pause.count()) + " ms");
    timer.expires_after(pause);
    timer.async_wait([weak = weak_from_this()](error_code cancelled) {
      const auto self = weak.lock();
      if (!self || cancelled || self->stopping) return;
      if (const auto again = self->spawn(); !again) {
        self->tell("the embedded broker " + again.error().what);
        return self->died();
      }
      self->tell("the embedded broker was started again");
      self->listen();
    });
  }

  /// Collects the child. `kill`: it must end now (its standard error is closed, so it is dead or worthless).
  void reap(bool kill) {
    error_code ignored;
    if (words.is_open()) words.close(ignored);
    if (child <= 0) return;
    if (kill) ::kill(child, SIGKILL);
    while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {}
    child = 0;
  }

  void end() {
    if (std::exchange(stopping, true)) return;
    timer.cancel();
    if (child <= 0) return reap(false);
    ::kill(child, SIGTERM);
    const auto deadline = steady_clock::now() + kEndWithin;
    for (;;) {
      const pid_t ended = ::waitpid(child, nullptr, WNOHANG);
      if (ended == child || (ended < 0 && errno == ECHILD)) break;
      if (steady_clock::now() > deadline) {
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        break;
      }
      std::this_thread::sleep_for(1ms);
    }
    child = 0;
    reap(false);
  }

  /// At start only, when nothing else runs yet: blocks until mosquitto takes connections.
  Result<bool> wait_until_ready() {
    const auto deadline = steady_clock::now() + kReadyWithin;
    while (steady_clock::now() < deadline) {
      if (::waitpid(child, nullptr, WNOHANG) == child) {
        child = 0;
        const ssize_t n = ::read(words.native_handle(), buffer.data(), buffer.size());
        const std::string why = n > 0 ? readable({buffer.data(), static_cast<std::size_t>(n)}, 300) : "no words";
        return Error{program, "ended at once; it said: " + why};
      }
      if (takes_connections(port)) return true;
      std::this_thread::sleep_for(2ms);
    }
    return Error{program, "takes no connections on 127.0.0.1:" + std::to_string(port) + " after 5 s"};
  }
};

Result<std::unique_ptr<Broker>> Broker::start(asio::io_context& io, const std::string& state_dir, std::uint16_t port,
                                              std::function<void(std::string)> told, const std::string& name) {
  const std::string program = find(name);
  if (program.empty())
    return Error{name, "is not installed: install the package mosquitto, or name a broker in the configuration"};
  const fs::path folder = fs::path{state_dir} / "broker";
  const fs::path config = folder / "mosquitto.conf";
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed) return Error{folder.string(), "cannot be created: " + failed.message()};
  // A port that was free may be taken by the time mosquitto binds it: then another one.
  for (int attempt = 1;; ++attempt) {
    std::uint16_t at = port;
    if (at == 0) {
      const auto found = free_port();
      if (!found) return found.error();
      at = *found;
    } else if (!becomes_free(at)) {
      return Error{"127.0.0.1:" + std::to_string(at),
                   "is taken by another program: stop it, choose another port, or name it as the broker"};
    }
    std::ofstream file{config, std::ios::trunc};
    file << configuration(at);
    file.close();
    fs::permissions(config, fs::perms::owner_read | fs::perms::owner_write, failed);
    if (!file || failed) return Error{config.string(), "cannot be written"};
    auto impl = std::make_shared<Impl>(io, program, fs::absolute(config).string(), at, told);
    if (const auto spawned = impl->spawn(); !spawned) return spawned.error();
    if (const auto ready = impl->wait_until_ready(); !ready) {
      impl->end();
      if (port == 0 && attempt < 3) continue;
      return ready.error();
    }
    impl->listen();
    return std::unique_ptr<Broker>(new Broker(std::move(impl)));
  }
}

Broker::~Broker() { impl_->end(); }
std::uint16_t Broker::port() const { return impl_->port; }
BrokerAddress Broker::address() const {
  BrokerAddress address;
  address.host = "127.0.0.1";
  address.port = impl_->port;
  return address;
}
pid_t Broker::pid() const { return impl_->child; }

}  // namespace lull
