// The bytes under a WebSocket, plain or TLS: one type for both, whose operations take one kind of handler. Beast makes
// each of its algorithms anew for each stream and handler; over Asio's own streams that was a third of the program.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "bridge/asio.hpp"
// After our Asio header, which brings <utility> first.
#include <boost/asio/ssl.hpp>
#include <boost/beast/core/buffer_traits.hpp>
#include <boost/beast/core/role.hpp>

namespace lull {

class Wire {
 public:
  using executor_type = boost::asio::ip::tcp::socket::executor_type;
  using Done = std::function<void(boost::system::error_code, std::size_t)>;

  explicit Wire(boost::asio::io_context& io) : socket_(io) {}

  executor_type get_executor() { return socket_.get_executor(); }
  boost::asio::ip::tcp::socket& socket() { return socket_; }
  /// From here on it speaks TLS.
  SSL* secure(boost::asio::ssl::context& context) { return tls_.emplace(socket_, context).native_handle(); }
  SSL* tls() { return tls_ ? tls_->native_handle() : nullptr; }
  void handshake(Done done, boost::asio::ssl::stream_base::handshake_type as);
  void close() {
    boost::system::error_code ignored;
    socket_.close(ignored);
  }

  /// Into the first buffer that has room: whoever reads goes on reading anyway.
  template <class Buffers, class Handler>
  auto async_read_some(const Buffers& buffers, Handler&& handler) {
    boost::asio::mutable_buffer first;
    for (auto it = boost::asio::buffer_sequence_begin(buffers); it != boost::asio::buffer_sequence_end(buffers); ++it)
      if (const boost::asio::mutable_buffer one(*it); one.size() > 0) {
        first = one;
        break;
      }
    return boost::asio::async_initiate<Handler, void(boost::system::error_code, std::size_t)>(
        [this, first](auto&& then) { read(first, erased(std::move(then))); }, handler);
  }
  /// A frame's head and its bytes leave together, what is more later.
  template <class Buffers, class Handler>
  auto async_write_some(const Buffers& buffers, Handler&& handler) {
    std::array<boost::asio::const_buffer, 2> begin;
    std::size_t n = 0;
    for (auto it = boost::asio::buffer_sequence_begin(buffers);
         n < begin.size() && it != boost::asio::buffer_sequence_end(buffers); ++it)
      if (const boost::asio::const_buffer one(*it); one.size() > 0) begin[n++] = one;
    return boost::asio::async_initiate<Handler, void(boost::system::error_code, std::size_t)>(
        [this, begin](auto&& then) { write(begin, erased(std::move(then))); }, handler);
  }

 private:
  /// Beast's handlers can only be moved; a function must be copied.
  template <class Handler>
  static Done erased(Handler&& handler) {
    auto kept = std::make_shared<std::decay_t<Handler>>(std::move(handler));
    return [kept](boost::system::error_code failed, std::size_t n) {
      auto then = std::move(*kept);
      then(failed, n);
    };
  }
  void read(boost::asio::mutable_buffer into, Done done);
  void write(const std::array<boost::asio::const_buffer, 2>& from, Done done);

  boost::asio::ip::tcp::socket socket_;
  std::optional<boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>> tls_;
};

// What Beast asks of a stream for the end of a WebSocket.
inline void beast_close_socket(Wire& wire) { wire.close(); }
inline void teardown(boost::beast::role_type, Wire& wire, boost::system::error_code& failed) {
  wire.close();
  failed = {};
}
template <class Handler>
void async_teardown(boost::beast::role_type, Wire& wire, Handler&& handler) {
  wire.close();  // the closing handshake is done: nothing of worth comes any more
  boost::asio::post(wire.get_executor(), [then = std::move(handler)]() mutable { then(boost::system::error_code{}); });
}

}  // namespace lull
