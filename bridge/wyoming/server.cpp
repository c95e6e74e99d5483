// Connections: read, wait for a turn, answer, write, read on.
#include "bridge/wyoming/server.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <exception>
#include <list>
#include <set>
#include <utility>

#include "bridge/asio.hpp"
#include "bridge/wyoming/allowed.hpp"

namespace lull {
namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::chrono::milliseconds kPause{250};  // after an accept that failed: out of descriptors, most likely

}  // namespace

struct WyomingServer::Impl : std::enable_shared_from_this<Impl> {
  struct Guest : std::enable_shared_from_this<Guest> {
    Impl& host;
    tcp::socket socket;
    asio::steady_timer patience;
    WyomingReader reader{};
    std::array<char, 4096> piece{};
    std::string reply{};
    bool gone = false;

    Guest(Impl& h, tcp::socket s) : host(h), socket(std::move(s)), patience(h.io) {}

    void wait() {
      patience.expires_after(std::chrono::seconds{kSeconds});
      patience.async_wait([self = shared_from_this()](error_code cancelled) {
        if (!cancelled) self->leave();
      });
    }
    void read() {
      socket.async_read_some(asio::buffer(piece), [self = shared_from_this()](error_code failed, std::size_t n) {
        if (self->gone) return;
        if (failed) return self->leave();
        self->reader.feed({self->piece.data(), n});
        self->look();
      });
    }
    void look() {
      auto event = reader.next();
      if (!event) return leave();  // a browser's request ends here too: at its first line
      if (!*event) return read();
      asio::post(host.io, [self = shared_from_this(), said = **std::move(event)] {
        if (!self->gone) self->say(said);
      });
    }
    void say(const WyomingEvent& said) {
      std::optional<WyomingEvent> answer;
      try {
        answer = host.handlers.answer(said);
      } catch (const std::exception&) {  // one sentence's fault must not end the loop
        return leave();
      }
      wait();
      if (!answer) return look();
      reply = to_wire(*answer);
      asio::async_write(socket, asio::buffer(reply), [self = shared_from_this()](error_code failed, std::size_t) {
        if (self->gone) return;
        failed ? self->leave() : self->look();
      });
    }
    void drop() {
      gone = true;
      error_code ignored;
      socket.close(ignored);
      patience.cancel();
    }
    void leave() {
      if (gone) return;
      const auto self = shared_from_this();
      drop();
      host.guests.remove(self);
    }
  };

  asio::io_context& io;
  tcp::acceptor acceptor;
  asio::steady_timer pause;
  Allowed allowed;
  Handlers handlers;
  std::list<std::shared_ptr<Guest>> guests{};  // the one that came first is in front
  std::set<std::string> strangers{};
  bool closed = false;

  Impl(asio::io_context& context, Allowed who, Handlers h)
      : io(context), acceptor(context), pause(context), allowed(std::move(who)), handlers(std::move(h)) {}

  void accept() {
    acceptor.async_accept([self = shared_from_this()](error_code failed, tcp::socket socket) {
      if (self->closed) return;
      if (!failed) self->let_in(std::move(socket));
      if (!failed) return self->accept();
      self->pause.expires_after(kPause);
      self->pause.async_wait([self](error_code) {
        if (!self->closed) self->accept();
      });
    });
  }

  void let_in(tcp::socket socket) {
    error_code failed;
    const auto peer = socket.remote_endpoint(failed);
    if (failed) return;
    if (!allowed.holds(peer.address())) {
      const std::string address = peer.address().to_string();
      if (strangers.size() < kStrangers && strangers.insert(address).second) handlers.turned_away(address);
      return;  // and with it the socket is closed
    }
    error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    if (guests.size() >= kConnections) guests.front()->leave();
    guests.push_back(std::make_shared<Guest>(*this, std::move(socket)));
    guests.back()->wait();
    guests.back()->read();
  }
};

Result<std::unique_ptr<WyomingServer>> WyomingServer::listen(asio::io_context& io, const Settings& settings,
                                                             Handlers handlers) {
  const std::string where = settings.address + ":" + std::to_string(settings.port);
  error_code failed;
  const auto ip = asio::ip::make_address(settings.address, failed);
  if (failed) return Error{where, settings.address + " is no IP address"};
  auto allowed = Allowed::from(settings.from);
  if (!allowed) return allowed.error();
  auto impl = std::make_shared<Impl>(io, *std::move(allowed), std::move(handlers));
  const tcp::endpoint endpoint{ip, settings.port};
  impl->acceptor.open(endpoint.protocol(), failed);
  if (!failed) impl->acceptor.set_option(asio::socket_base::reuse_address(true), failed);
  if (!failed) impl->acceptor.bind(endpoint, failed);
  if (!failed) impl->acceptor.listen(static_cast<int>(kConnections), failed);
  if (failed) return Error{where, "cannot listen there: " + failed.message()};
  impl->accept();
  return std::unique_ptr<WyomingServer>(new WyomingServer(std::move(impl)));
}

WyomingServer::~WyomingServer() {
  impl_->closed = true;
  error_code ignored;
  impl_->acceptor.close(ignored);
  impl_->pause.cancel();
  for (const auto& guest : std::exchange(impl_->guests, {})) guest->drop();
  impl_->handlers = {};
}

std::uint16_t WyomingServer::port() const {
  error_code ignored;
  return impl_->acceptor.local_endpoint(ignored).port();
}

}  // namespace lull
