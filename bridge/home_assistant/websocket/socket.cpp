// Resolve, connect, TLS, WebSocket; then frames in and out until it ends.
#include "bridge/home_assistant/websocket/socket.hpp"

#include <deque>
#include <optional>
#include <type_traits>
#include <utility>

#include "bridge/asio.hpp"
// Beast after our Asio header, which brings <utility> first.
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

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

struct HaSocket::Impl : std::enable_shared_from_this<Impl> {
  HaAddress to;
  std::size_t max_frame;
  Handlers handlers;
  tcp::resolver resolver;
  asio::steady_timer timer;
  beast::flat_buffer buffer;
  std::deque<std::string> queue;
  std::size_t queued = 0;  // bytes
  bool open = false, closing = false, ended = false;
  int step = 0;  // of the way up

  Impl(asio::io_context& io, HaAddress address, std::size_t most, Handlers h)
      : to(std::move(address)), max_frame(most), handlers(std::move(h)), resolver(io), timer(io) {}
  virtual ~Impl() = default;

  virtual void connect(const tcp::resolver::results_type&) = 0;
  virtual void write() = 0;
  virtual void say_goodbye() = 0;
  virtual void drop() = 0;

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

  /// Each step of the way up has this long.
  void within(std::string otherwise) {
    timer.expires_after(kWithin);
    timer.async_wait([self = shared_from_this(), now = ++step, otherwise = std::move(otherwise)](error_code cancelled) {
      if (!cancelled && now == self->step) self->end(otherwise);
    });
  }

  void end(const std::string& why) {
    if (std::exchange(ended, true)) return;
    open = false;
    timer.cancel();
    resolver.cancel();
    drop();
    if (handlers.closed) std::exchange(handlers, {}).closed(why);
  }
};

template <class Stream>
struct HaSocket::Over final : HaSocket::Impl {
  static constexpr bool kTls = !std::is_same_v<Stream, beast::tcp_stream>;
  ssl::context context{ssl::context::tls_client};
  std::optional<websocket::stream<Stream, false>> ws;  // without compression, which costs memory and time
  websocket::response_type response;

  using Impl::Impl;

  std::shared_ptr<Over> self() { return std::static_pointer_cast<Over>(shared_from_this()); }
  TlsPeer peer() const { return {"Home Assistant", "https", to.host}; }

  /// "": the stream is there.
  std::string make() {
    if constexpr (kTls) {
      error_code wrong;
      if (to.ca_file.empty())
        context.set_default_verify_paths(wrong);
      else
        context.load_verify_file(to.ca_file, wrong);
      if (wrong && !to.ca_file.empty()) return "there is no certificate (PEM) that can be read in `ca` " + to.ca_file;
      ws.emplace(resolver.get_executor(), context);
      tls_expect(ws->next_layer().native_handle(), peer());
    } else {
      ws.emplace(resolver.get_executor());
    }
    ws->read_message_max(max_frame);
    ws->set_option(websocket::stream_base::timeout{kWithin, websocket::stream_base::none(), false});
    return "";
  }

  void connect(const tcp::resolver::results_type& found) override {
    if (const std::string wrong = make(); !wrong.empty())
      return asio::post(resolver.get_executor(), [it = self(), wrong] { it->end(wrong); });
    within("nobody answers at " + readable(to.place()) + " (no answer in time)");
    beast::get_lowest_layer(*ws).async_connect(found, [it = self()](error_code failed, const tcp::endpoint&) {
      if (it->ended) return;
      if (failed) return it->end("nobody answers at " + readable(it->to.place()) + " (" + failed.message() + ")");
      error_code ignored;
      beast::get_lowest_layer(*it->ws).socket().set_option(tcp::no_delay(true), ignored);
      it->shake_hands();
    });
  }

  void shake_hands() {
    if constexpr (kTls) {
      within("Home Assistant does not answer the TLS handshake; is it the port for https?");
      ws->next_layer().async_handshake(ssl::stream_base::client, [it = self()](error_code failed) {
        if (it->ended) return;
        if (failed) return it->end(tls_verdict(it->ws->next_layer().native_handle(), failed, it->peer(), false));
        it->upgrade();
      });
    } else {
      upgrade();
    }
  }

  void upgrade() {
    ++step;
    timer.cancel();  // Beast has a clock of its own from here on
    ws->set_option(websocket::stream_base::decorator(
        [](websocket::request_type& request) { request.set(http::field::user_agent, "lull/" LULL_VERSION); }));
    ws->async_handshake(response, to.place(), to.path, [it = self()](error_code failed) {
      if (it->ended) return;
      if (failed == websocket::error::upgrade_declined) return it->end(declined(it->response.result_int(), it->to));
      if (failed)
        return it->end("no WebSocket comes about with " + readable(it->to.place()) + " (" + failed.message() + ")");
      it->open = true;
      it->read();
      if (it->handlers.opened) it->handlers.opened();
    });
  }

  void read() {
    ws->async_read(buffer, [it = self()](error_code failed, std::size_t) {
      if (it->ended) return;
      if (failed) return it->end(it->words_for(failed));
      const auto frame = it->buffer.data();
      if (it->handlers.heard) it->handlers.heard({static_cast<const char*>(frame.data()), frame.size()});
      if (it->ended) return;
      it->buffer.consume(frame.size());
      if (it->buffer.capacity() > kKept) it->buffer.shrink_to_fit();
      it->read();
    });
  }

  std::string words_for(const error_code& failed) const {
    if (closing) return "closed";
    if (failed == websocket::error::message_too_big || failed == websocket::error::buffer_overflow)
      return "Home Assistant sent a message of more than " + std::to_string(max_frame / 1024 / 1024) +
             " MiB, which was not read";
    if (failed == websocket::error::closed || failed == asio::error::eof) return "Home Assistant closed the connection";
    return "the connection to Home Assistant broke (" + failed.message() + ")";
  }

  void write() override {
    ws->async_write(asio::buffer(queue.front()), [it = self()](error_code failed, std::size_t) {
      if (it->ended || failed) return;  // the reader tells
      it->queued -= it->queue.front().size();
      it->queue.pop_front();
      if (!it->queue.empty()) it->write();
    });
  }

  void say_goodbye() override {
    ws->async_close(websocket::close_code::normal, [it = self()](error_code) { it->end("closed"); });
  }

  void drop() override {
    error_code ignored;
    if (ws) beast::get_lowest_layer(*ws).socket().close(ignored);
  }
};

HaSocket::HaSocket(asio::io_context& io, HaAddress to, std::size_t max_frame, Handlers handlers) {
  if (to.tls)
    impl_ =
        std::make_shared<Over<beast::ssl_stream<beast::tcp_stream>>>(io, std::move(to), max_frame, std::move(handlers));
  else
    impl_ = std::make_shared<Over<beast::tcp_stream>>(io, std::move(to), max_frame, std::move(handlers));
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
  it.say_goodbye();
}

}  // namespace lull
