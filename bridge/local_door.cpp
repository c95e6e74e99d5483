// One question, one reply, one connection; by Asio, on the service's own loop.
#include "bridge/local_door.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "bridge/asio.hpp"

namespace lull {
namespace asio = boost::asio;
using asio::local::stream_protocol;
using boost::system::error_code;
using namespace std::chrono_literals;

namespace {

constexpr auto kPatience = 2s;  // with a guest who says nothing

std::string path_in(const std::string& state_dir) { return state_dir + "/lull.sock"; }
bool fits(const std::string& path) { return path.size() < sizeof(sockaddr_un{}.sun_path); }

struct Guest : std::enable_shared_from_this<Guest> {
  stream_protocol::socket socket;
  asio::steady_timer patience;
  std::string said, reply;
  Guest(stream_protocol::socket s) : socket(std::move(s)), patience(socket.get_executor()) {}

  void listen(std::function<std::string(std::string_view)> answer, std::shared_ptr<void> place) {
    patience.expires_after(kPatience);
    patience.async_wait([self = shared_from_this()](error_code cancelled) {
      error_code ignored;
      if (!cancelled) self->socket.close(ignored);
    });
    asio::async_read_until(
        socket, asio::dynamic_buffer(said, LocalDoor::kLongest), '\n',
        [self = shared_from_this(), answer = std::move(answer), place](error_code failed, std::size_t size) mutable {
          if (failed) return self->patience.cancel(), void();
          self->reply = answer(std::string_view(self->said).substr(0, size - 1));
          asio::async_write(self->socket, asio::buffer(self->reply),
                            [self, place](error_code, std::size_t) { self->patience.cancel(); });
        });
  }
};

}  // namespace

struct LocalDoor::Impl : std::enable_shared_from_this<Impl> {
  stream_protocol::acceptor acceptor;
  std::string path;
  std::function<std::string(std::string_view)> answer;
  int guests = 0;

  Impl(asio::io_context& io, std::string p, std::function<std::string(std::string_view)> a)
      : acceptor(io), path(std::move(p)), answer(std::move(a)) {}

  void accept() {
    if (guests >= kGuests) return;
    acceptor.async_accept([weak = weak_from_this()](error_code failed, stream_protocol::socket socket) {
      const auto self = weak.lock();
      if (!self || failed == asio::error::operation_aborted) return;
      if (!failed) {
        ++self->guests;
        const auto leaves = [weak](void*) {
          const auto host = weak.lock();
          if (host && host->guests-- == kGuests) host->accept();
        };
        std::make_shared<Guest>(std::move(socket))
            ->listen([weak](std::string_view q) { return weak.lock() ? weak.lock()->answer(q) : std::string(); },
                     std::shared_ptr<void>(self.get(), leaves));
      }
      self->accept();
    });
  }
};

Result<std::unique_ptr<LocalDoor>> LocalDoor::open(asio::io_context& io, const std::string& state_dir,
                                                   std::function<std::string(std::string_view)> answer) {
  const std::string path = path_in(state_dir);
  if (!fits(path)) return Error{path, "is too long for a socket: choose a shorter state folder"};
  auto impl = std::make_shared<Impl>(io, path, std::move(answer));
  ::unlink(path.c_str());  // of a run that was killed; the store's lock says that no other runs here
  error_code failed;
  const mode_t before = ::umask(0077);
  impl->acceptor.open(stream_protocol(), failed);
  if (!failed) impl->acceptor.bind(stream_protocol::endpoint(path), failed);
  ::umask(before);
  if (!failed) impl->acceptor.listen(kGuests, failed);
  if (failed) return Error{path, "cannot be opened: " + failed.message()};
  impl->accept();
  return std::unique_ptr<LocalDoor>(new LocalDoor(std::move(impl)));
}

LocalDoor::~LocalDoor() {
  error_code ignored;
  impl_->acceptor.close(ignored);
  ::unlink(impl_->path.c_str());
}

Result<std::string> ask_at_door(const std::string& state_dir, std::string_view question,
                                std::chrono::milliseconds within) {
  const std::string path = path_in(state_dir);
  sockaddr_un to{};
  if (!fits(path)) return Error{path, "is too long for a socket"};
  to.sun_family = AF_UNIX;
  std::memcpy(to.sun_path, path.c_str(), path.size());
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto ends = [socket](std::string what) {
    ::close(socket);
    return what;
  };
  const auto micro = std::chrono::duration_cast<std::chrono::microseconds>(within).count();
  const timeval limit{micro / 1'000'000, micro % 1'000'000};
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
    return Error{state_dir,
                 ends(errno == EACCES ? "may not be entered by this user; try it as the user that Lull runs as"
                                      : "has no running Lull")};
  const std::string line = std::string(question) + "\n";
  if (::send(socket, line.data(), line.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(line.size()))
    return Error{state_dir, ends("has a Lull that does not listen")};
  std::string reply;
  std::array<char, 1024> part{};
  for (ssize_t n = 0; (n = ::recv(socket, part.data(), part.size(), 0)) != 0;) {
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return Error{state_dir, ends("has a Lull that does not answer")};
    reply.append(part.data(), static_cast<std::size_t>(n));
    if (reply.size() > 64 * 1024) break;
  }
  ::close(socket);
  return reply;
}

}  // namespace lull
