// lull health: one question to the running service, for containers.
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <cstdio>

#include "bridge/cli/commands.hpp"

namespace lull::cli {

int health(const Health& args) {
  namespace beast = boost::beast;
  namespace http = beast::http;
  using boost::asio::ip::tcp;
  boost::asio::io_context io(1);
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(args.address, error);
  if (error) return problem(args.address + ": is no address, must be like 127.0.0.1"), kUsage;
  beast::tcp_stream stream(io);
  beast::flat_buffer buffer;
  http::response<http::string_body> reply;
  http::request<http::empty_body> request{http::verb::get, "/healthz", 11};
  request.set(http::field::host, args.address);
  stream.expires_after(std::chrono::seconds(5));
  // Asynchronous, because only then does expires_after hold.
  const auto failed = [&](beast::error_code e) { return error = e, static_cast<bool>(e); };
  stream.async_connect(tcp::endpoint{address, args.port}, [&](beast::error_code e) {
    if (failed(e)) return;
    http::async_write(stream, request, [&](beast::error_code w, std::size_t) {
      if (failed(w)) return;
      http::async_read(stream, buffer, reply, [&](beast::error_code r, std::size_t) { failed(r); });
    });
  });
  io.run();
  if (error) return problem(args.address + ":" + std::to_string(args.port) + ": " + error.message());
  std::puts(reply.body().c_str());
  return reply.result() == http::status::ok ? kFine : kProblems;
}

}  // namespace lull::cli
