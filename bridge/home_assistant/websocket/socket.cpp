// Resolve, connect, TLS, WebSocket; then frames in and out until it ends.
#include "bridge/home_assistant/websocket/socket.hpp"

#include <deque>
#include <optional>
#include <utility>

#include "bridge/home_assistant/websocket/wire.hpp"
// Beast after our Asio header.
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>

#include "bridge/mqtt/topic.hpp"
#include "bridge/tls_words.hpp"

namespace lull {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace ssl = asio::ssl;
namespace websocket = beast::websocket;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::size_t kKept = 64 * 1024;  // bytes of the reading buffer that outlive a large frame

/// What an answer that is no WebSocket means.
std::string declined(int status, const HaAddress& to) {
  switch (status) {
    case 403: return "Home Assistant has banned this machine (its ip_bans.yaml), or lets nobody in from here";
    case 404: return "there is a web server at " + readable(to.place()) + ", but no Home Assistant";
    case 502:
    case 503: return "Home Assistant is not running (its proxy answers " + std::to_string(status) + ")";
    default:
      return "no WebSocket at " + readable(to.place()) + " (HTTP " + std::to_string(status) +
             "); a proxy before Home Assistant must pass them on";
  }
}

}  // namespace

void Wire::read(asio::mutable_buffer into, Done done) {
  if (tls_)
    tls_->async_read_some(into, std::move(done));
  else
    socket_.async_read_some(into, std::move(done));
}

void Wire::write(const std::array<asio::const_buffer, 2>& from, Done done) {
  if (tls_)
    tls_->async_write_some(from, std::move(done));
  else
    socket_.async_write_some(from, std::move(done));
}

void Wire::handshake(Done done, ssl::stream_base::handshake_type as) {
  tls_->async_handshake(as, [done = std::move(done)](error_code failed) { done(failed, 0); });
}

struct HaSocket::Impl : std::enable_shared_from_this<Impl> {
  HaAddress to;
  Handlers handlers;
  tcp::resolver resolver;
  asio::steady_timer timer;
  ssl::context context{ssl::context::tls_client};
  websocket::stream<Wire, false> ws;  // without compression, which costs memory and time
  websocket::response_type response;
  beast::flat_buffer buffer;
  std::deque<std::string> queue;
  std::size_t queued = 0;  // bytes
  bool open = false, closing = false, ended = false;
  int step = 0;  // of the way up

  Impl(asio::io_context& io, HaAddress address, std::size_t max_frame, Handlers h)
      : to(std::move(address)), handlers(std::move(h)), resolver(io), timer(io), ws(io) {
    ws.read_message_max(max_frame);
    ws.set_option(websocket::stream_base::timeout{kWithin, websocket::stream_base::none(), false});
  }

  void end(const std::string& why) {
    if (std::exchange(ended, true)) return;
    open = false;
    timer.cancel();
    resolver.cancel();
    ws.next_layer().close();
    if (handlers.closed) std::exchange(handlers, {}).closed(why);
  }

  /// Each step of the way up has this long.
  void within(std::string otherwise) {
    timer.expires_after(kWithin);
    timer.async_wait([self = shared_from_this(), now = ++step, otherwise = std::move(otherwise)](error_code cancelled) {
      if (!cancelled && now == self->step) self->end(otherwise);
    });
  }

  // ---- the way up ----

  void resolve() {
    error_code is_name;
    const auto numeric = asio::ip::make_address(to.host, is_name);
    if (!is_name)  // nothing to look up: a thread less
      return connect(tcp::resolver::results_type::create(tcp::endpoint{numeric, to.port}, to.host, ""));
    within("the name " + readable(to.host) + " could not be looked up in time");
    resolver.async_resolve(to.host, std::to_string(to.port),
                           [self = shared_from_this()](error_code failed, const tcp::resolver::results_type& found) {
                             if (self->ended) return;
                             if (failed)
                               return self->end("the name " + readable(self->to.host) + " cannot be resolved");
                             self->connect(found);
                           });
  }

  void connect(const tcp::resolver::results_type& found) {
    within("nobody answers at " + readable(to.place()) + " (no answer in time)");
    asio::async_connect(
        ws.next_layer().socket(), found, [self = shared_from_this()](error_code failed, const tcp::endpoint&) {
          if (self->ended) return;
          if (failed)
            return self->end("nobody answers at " + readable(self->to.place()) + " (" + failed.message() + ")");
          error_code ignored;
          self->ws.next_layer().socket().set_option(tcp::no_delay(true), ignored);
          self->to.tls ? self->secure() : self->upgrade();
        });
  }

  void secure() {
    error_code wrong;
    if (to.ca_file.empty())
      context.set_default_verify_paths(wrong);
    else
      context.load_verify_file(to.ca_file, wrong);
    if (wrong && !to.ca_file.empty())
      return end("there is no certificate (PEM) that can be read in `ca` " + to.ca_file);
    const TlsPeer peer{"Home Assistant", "https", to.host};
    tls_expect(ws.next_layer().secure(context), peer);
    within("Home Assistant does not answer the TLS handshake; is it the port for https?");
    ws.next_layer().handshake(
        [self = shared_from_this(), peer](error_code failed, std::size_t) {
          if (self->ended) return;
          if (failed) return self->end(tls_verdict(self->ws.next_layer().tls(), failed, peer, false));
          self->upgrade();
        },
        ssl::stream_base::client);
  }

  void upgrade() {
    ++step;
    timer.cancel();  // Beast has a clock of its own from here on
    ws.set_option(websocket::stream_base::decorator(
        [](websocket::request_type& request) { request.set(http::field::user_agent, "lull/" LULL_VERSION); }));
    ws.async_handshake(response, to.place(), to.path, [self = shared_from_this()](error_code failed) {
      if (self->ended) return;
      if (failed == websocket::error::upgrade_declined)
        return self->end(declined(self->response.result_int(), self->to));
      if (failed)
        return self->end("no WebSocket comes about with " + readable(self->to.place()) + " (" + failed.message() + ")");
      self->open = true;
      self->read();
      if (self->handlers.opened) self->handlers.opened();
    });
  }

  // ---- open ----

  void read() {
    // The kind of handler that the server's sockets have, too (http/connection.cpp): else Beast is there twice.
    ws.async_read(buffer, Wire::Done([self = shared_from_this()](error_code failed, std::size_t) {
                    if (self->ended) return;
                    if (failed) return self->end(self->words_for(failed));
                    const auto frame = self->buffer.data();
                    if (self->handlers.heard)
                      self->handlers.heard({static_cast<const char*>(frame.data()), frame.size()});
                    if (self->ended) return;
                    self->buffer.consume(frame.size());
                    if (self->buffer.capacity() > kKept) self->buffer.shrink_to_fit();
                    self->read();
                  }));
  }

  std::string words_for(const error_code& failed) const {
    if (closing) return "closed";
    if (failed == websocket::error::message_too_big || failed == websocket::error::buffer_overflow)
      return "Home Assistant sent a message of more than " + std::to_string(ws.read_message_max() / 1024 / 1024) +
             " MiB, which was not read";
    if (failed == websocket::error::closed || failed == asio::error::eof) return "Home Assistant closed the connection";
    return "the connection to Home Assistant broke (" + failed.message() + ")";
  }

  void write() {
    ws.async_write(asio::const_buffer(queue.front().data(), queue.front().size()),
                   Wire::Done([self = shared_from_this()](error_code failed, std::size_t) {
                     if (self->ended || failed) return;  // the reader tells
                     self->queued -= self->queue.front().size();
                     self->queue.pop_front();
                     if (!self->queue.empty()) self->write();
                   }));
  }
};

HaSocket::HaSocket(asio::io_context& io, HaAddress to, std::size_t max_frame, Handlers handlers)
    : impl_(std::make_shared<Impl>(io, std::move(to), max_frame, std::move(handlers))) {
  impl_->resolve();
}

HaSocket::~HaSocket() {
  impl_->handlers = {};
  impl_->end("");
}

bool HaSocket::send(std::string frame) {
  Impl& it = *impl_;
  if (!it.open || it.closing || it.queue.size() >= kMaxQueued || it.queued + frame.size() > kMaxQueuedBytes)
    return false;
  it.queued += frame.size();
  it.queue.push_back(std::move(frame));
  if (it.queue.size() == 1) it.write();
  return true;
}

void HaSocket::close() {
  Impl& it = *impl_;
  if (it.ended || std::exchange(it.closing, true)) return;
  if (!it.open) return asio::post(it.resolver.get_executor(), [self = impl_] { self->end("closed"); });
  it.open = false;
  it.ws.async_close(websocket::close_code::normal, [self = impl_](error_code) { self->end("closed"); });
}

}  // namespace lull
