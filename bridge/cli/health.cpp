// lull health: one question to the running service, for containers. By hand and not by Beast, whose client would be a
// tenth of the program.
#include <sys/socket.h>

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>

#include "bridge/cli/commands.hpp"

namespace lull::cli {

int health(const Health& args) {
  namespace asio = boost::asio;
  using asio::ip::tcp;
  constexpr std::size_t kMaxReply = 16384;
  boost::system::error_code error;
  const auto address = asio::ip::make_address(args.address, error);
  if (error) return problem(args.address + ": is no address, must be like 127.0.0.1"), kUsage;
  const auto failed = [&](const std::string& why) {
    return problem(args.address + ":" + std::to_string(args.port) + ": " + why);
  };
  asio::io_context io(1);
  tcp::socket socket(io);
  const tcp::endpoint there(address, args.port);
  socket.open(there.protocol(), error);
  if (error) return failed(error.message());
  // The kernel's own limits: connecting counts as sending, and a blocking call of Asio would begin again after them.
  const timeval patience{4, 0};
  ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (::connect(socket.native_handle(), there.data(), static_cast<socklen_t>(there.size())) != 0)
    return failed(errno == EINPROGRESS ? "no answer in time" : std::strerror(errno));
  const std::string request = "GET /healthz HTTP/1.1\r\nHost: " + args.address + "\r\nConnection: close\r\n\r\n";
  if (::send(socket.native_handle(), request.data(), request.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(request.size()))
    return failed(std::strerror(errno));
  std::string reply;
  for (std::array<char, 2048> part; reply.size() < kMaxReply;) {
    const ssize_t n = ::recv(socket.native_handle(), part.data(), part.size(), 0);
    if (n == 0) break;
    if (n < 0) return failed(errno == EAGAIN ? "no answer in time" : std::strerror(errno));
    reply.append(part.data(), static_cast<std::size_t>(n));
  }
  const std::size_t body = reply.find("\r\n\r\n");
  if (reply.compare(0, 7, "HTTP/1.") != 0 || body == reply.npos) return failed("what answers there is not Lull's page");
  std::puts(reply.c_str() + body + 4);
  return reply.compare(8, 5, " 200 ") == 0 ? kFine : kProblems;
}

}  // namespace lull::cli
