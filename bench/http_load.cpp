// Requests a second and their p99 of our HTTP server beside a bare Beast server, in one run: both give the same body
// over loopback, to the same eight clients that keep their connection. With a port: also of /api/v1/state of a running
// Lull.
//     http_load [PORT]
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "bridge/asio.hpp"
#include "bridge/http/server.hpp"
// Beast after our Asio header.
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using Clock = std::chrono::steady_clock;

constexpr int kClients = 8;
constexpr std::chrono::seconds kFor{3};
const std::string kBody(12'000, 'x');  // about as long as the state of the demo's bedroom

/// As Beast's own examples do it.
struct Bare : std::enable_shared_from_this<Bare> {
  boost::beast::tcp_stream stream;
  boost::beast::flat_buffer buffer;
  http::request<http::string_body> request;
  http::response<http::string_body> response;
  explicit Bare(tcp::socket s) : stream(std::move(s)) {}
  void read() {
    request = {};
    stream.expires_after(std::chrono::seconds{30});
    http::async_read(stream, buffer, request, [self = shared_from_this()](boost::system::error_code e, std::size_t) {
      if (!e) self->write();
    });
  }
  void write() {
    response = {http::status::ok, request.version()};
    response.set(http::field::content_type, "application/json");
    response.keep_alive(request.keep_alive());
    response.body() = kBody;
    response.prepare_payload();
    http::async_write(stream, response, [self = shared_from_this()](boost::system::error_code e, std::size_t) {
      if (!e) self->read();
    });
  }
};

struct BareServer {
  tcp::acceptor acceptor;
  explicit BareServer(asio::io_context& io) : acceptor(io, {asio::ip::address_v4::loopback(), 0}) { accept(); }
  void accept() {
    acceptor.async_accept([this](boost::system::error_code e, tcp::socket socket) {
      if (e) return;
      socket.set_option(tcp::no_delay(true));
      std::make_shared<Bare>(std::move(socket))->read();
      accept();
    });
  }
};

/// Asks and reads until `end`; how long each took, in microseconds.
std::vector<float> ask(std::uint16_t port, Clock::time_point end) {
  asio::io_context io;
  tcp::socket socket(io);
  socket.connect({asio::ip::address_v4::loopback(), port});
  socket.set_option(tcp::no_delay(true));
  const std::string request = "GET /api/v1/state HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
  std::vector<float> took;
  std::string got;
  std::vector<char> piece(65536);
  while (Clock::now() < end) {
    const auto begun = Clock::now();
    asio::write(socket, asio::buffer(request));
    got.clear();
    for (std::size_t whole = 0; whole == 0 || got.size() < whole;) {
      got.append(piece.data(), socket.read_some(asio::buffer(piece)));
      const std::size_t head = got.find("\r\n\r\n"), length = got.find("Content-Length: ");
      if (head != got.npos && length < head) whole = head + 4 + std::strtoul(got.c_str() + length + 16, nullptr, 10);
    }
    took.push_back(std::chrono::duration<float, std::micro>(Clock::now() - begun).count());
  }
  return took;
}

void measure(const char* what, std::uint16_t port) {
  std::vector<std::vector<float>> each(kClients);
  const auto end = Clock::now() + kFor;
  std::vector<std::thread> clients;
  for (auto& took : each) clients.emplace_back([&took, port, end] { took = ask(port, end); });
  for (std::thread& t : clients) t.join();
  std::vector<float> all;
  for (const auto& took : each) all.insert(all.end(), took.begin(), took.end());
  std::sort(all.begin(), all.end());
  if (all.empty()) return;
  std::printf("%-28s %8.0f requests/s   p50 %6.0f us   p99 %6.0f us\n", what,
              static_cast<double>(all.size()) / static_cast<double>(kFor.count()),
              static_cast<double>(all[all.size() / 2]), static_cast<double>(all[all.size() * 99 / 100]));
}

}  // namespace

int main(int argc, char** argv) {
  {
    asio::io_context io(1);
    BareServer bare(io);
    std::thread loop([&] { io.run(); });
    measure("a bare Beast server", bare.acceptor.local_endpoint().port());
    io.stop();
    loop.join();
  }
  {
    asio::io_context io(1);
    auto server = lull::HttpServer::listen(io, "127.0.0.1", 0);
    if (!server) return 1;
    (*server)->on("GET", "/api/v1/state", [](const lull::HttpRequest&) {
      return lull::HttpReply{200, "application/json", kBody};
    });
    const std::uint16_t port = (*server)->port();
    std::thread loop([&] { io.run(); });
    measure("ours, the same body", port);
    io.stop();
    loop.join();
  }
  if (argc > 1) measure("/api/v1/state of that Lull", static_cast<std::uint16_t>(std::atoi(argv[1])));
  return 0;
}
