// The table of routes, the connections, and whose turn it is.
#include "bridge/http/server.hpp"

#include <algorithm>
#include <deque>
#include <exception>
#include <functional>
#include <set>
#include <utility>

#include "bridge/asio.hpp"
#include "bridge/http/connection.hpp"
#include "bridge/tls_key.hpp"

namespace lull {
namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::chrono::milliseconds kQuarter{250};

/// Whether the path is of that form; `parts` gets what stands for each {…}.
bool fits(std::string_view form, std::string_view path, std::vector<std::string>& parts) {
  parts.clear();
  while (!form.empty() && !path.empty()) {
    if (form.front() == '{') {
      const std::size_t end = std::min(path.find('/'), path.size());
      if (end == 0) return false;
      parts.emplace_back(path.substr(0, end));
      path.remove_prefix(end);
      form.remove_prefix(form.find('}') + 1);
    } else if (form.front() == path.front()) {
      form.remove_prefix(1), path.remove_prefix(1);
    } else {
      return false;
    }
  }
  return form.empty() && path.empty();
}

}  // namespace

struct HttpServer::Impl : HttpHost, std::enable_shared_from_this<Impl> {
  struct Entry {
    Route route;
    HttpLater handler{};
    LiveHandler live{};
  };
  asio::io_context& io;
  tcp::acceptor acceptor;
  std::optional<asio::ssl::context> tls{};
  asio::steady_timer sweep, pause;
  std::vector<Entry> routes{};
  std::function<std::optional<HttpReply>(HttpRequest&)> gate{};
  std::function<void(const HttpRequest&, HttpReply&)> finish{};
  std::set<std::shared_ptr<HttpConnection>> connections{};
  std::deque<std::shared_ptr<HttpConnection>> waiting{};  // for their turn; at most one a connection
  std::size_t large = 0;
  std::uint64_t orders = 0;
  bool closed = false, sweeping = false, turning = false;

  explicit Impl(asio::io_context& context) : io(context), acceptor(context), sweep(context), pause(context) {}

  // ---- routes ----

  const Entry* find(std::string_view path, std::string_view method, bool upgrade, std::vector<std::string>& parts,
                    std::string& allowed) const {
    for (const Entry& e : routes) {
      if (!fits(e.route.path, path, parts)) continue;
      const bool socket = static_cast<bool>(e.live);
      if (socket == upgrade && (e.route.method == method || (method == "HEAD" && e.route.method == "GET"))) return &e;
      if (socket) continue;
      allowed += (allowed.empty() ? "" : ", ") + e.route.method + (e.route.method == "GET" ? ", HEAD" : "");
    }
    return nullptr;
  }

  std::optional<HttpReply> judge(HttpRequest& request, bool upgrade, std::size_t& body) override {
    auto refused = judged(request, upgrade, body);
    if (refused && finish) finish(request, *refused);
    return refused;
  }
  std::optional<HttpReply> judged(HttpRequest& request, bool upgrade, std::size_t& body) {
    std::string allowed;
    const Entry* entry = find(request.path, request.method, upgrade, request.parts, allowed);
    // The gate first. What is not there needs no right: which paths there are is no secret (docs/API.md).
    request.right = entry ? entry->route.right : 0;
    if (gate)
      if (auto refused = gate(request)) return refused;
    if (!entry) {
      std::vector<std::string> ignored;
      std::string none;
      if (allowed.empty() && !upgrade && find(request.path, "GET", true, ignored, none)) {
        HttpReply only =
            http_problem(426, "this is a WebSocket", "websocket_only", "connect to it with ws:// or wss://");
        only.fields.emplace_back("Upgrade", "websocket");
        return only;
      }
      if (allowed.empty()) return http_problem(404, "nothing at " + request.path.substr(0, 200), "not_found");
      HttpReply wrong = http_problem(405, "allowed here: " + allowed, "method_not_allowed");
      wrong.fields.emplace_back("Allow", allowed);
      return wrong;
    }
    const auto live = [](const auto& c) { return c->phase() == HttpConnection::Phase::live; };
    if (upgrade && static_cast<std::size_t>(std::count_if(connections.begin(), connections.end(), live)) >= kSockets)
      return http_problem(503, std::to_string(kSockets) + " pages are open already", "too_many_pages",
                          "close one of them");
    body = request.method == "GET" || request.method == "HEAD" ? 0 : entry->route.body;
    return std::nullopt;
  }

  bool large_body(bool begins) override {
    if (!begins) return --large, true;
    if (large >= kLargeBodies) return false;
    return ++large, true;
  }
  std::uint64_t order() override { return ++orders; }

  // ---- turns ----

  void ready(std::shared_ptr<HttpConnection> connection) override {
    waiting.push_back(std::move(connection));
    turn();
  }

  /// One request, then whatever else the loop has: a STOP by MQTT waits for one of them, not for all.
  void turn() {
    if (turning || waiting.empty()) return;
    turning = true;
    asio::post(io, [self = shared_from_this()] {
      self->turning = false;
      if (self->closed || self->waiting.empty()) return;
      const auto next = std::move(self->waiting.front());
      self->waiting.pop_front();
      self->turn();
      if (next->phase() == HttpConnection::Phase::thinking) self->serve(next);
    });
  }

  void serve(const std::shared_ptr<HttpConnection>& connection) {
    HttpRequest& request = connection->request();
    std::string allowed;
    const Entry* entry = find(request.path, request.method, connection->wants_socket(), request.parts, allowed);
    if (!entry) return connection->answer(http_problem(404, "nothing there"));
    if (entry->live) return connection->accept_socket();
    const std::weak_ptr<HttpConnection> to = connection;
    try {
      entry->handler(request, [to, number = connection->number(), here = weak_from_this()](HttpReply reply) {
        const auto there = to.lock();
        if (!there || there->number() != number || there->phase() != HttpConnection::Phase::thinking) return;
        if (const auto self = here.lock(); self && self->finish) self->finish(there->request(), reply);
        there->answer(std::move(reply));
      });
    } catch (const std::exception& wrong) {  // one page's fault must not cost the connection its answer
      connection->answer(http_problem(500, wrong.what(), "fault"));
    }
  }

  void opened(const HttpRequest& request, std::shared_ptr<HttpConnection> connection) override {
    std::vector<std::string> parts;
    std::string allowed;
    if (const Entry* entry = find(request.path, request.method, true, parts, allowed))
      entry->live(request, std::move(connection));
  }

  // ---- connections ----

  void ended(HttpConnection& connection) override { connections.erase(connection.shared_from_this()); }

  /// Full: whoever has kept us waiting for longest goes, so that who asks quickly is always answered.
  void make_room() {
    using Phase = HttpConnection::Phase;
    std::shared_ptr<HttpConnection> longest;
    for (const auto& c : connections)
      if (c->phase() != Phase::live && c->phase() != Phase::thinking && (!longest || c->since() < longest->since()))
        longest = c;
    if (!longest) longest = *connections.begin();
    longest->drop();
    connections.erase(longest);
  }

  void accept() {
    auto next = std::make_shared<HttpConnection>(io, *this);
    auto& socket = next->socket();
    acceptor.async_accept(socket, [self = shared_from_this(), next](error_code failed) {
      if (self->closed) return;
      if (failed) {  // out of descriptors, most likely: not in a busy loop
        self->pause.expires_after(kQuarter);
        return self->pause.async_wait([self](error_code) {
          if (!self->closed) self->accept();
        });
      }
      if (self->connections.size() >= kConnections) self->make_room();
      self->connections.insert(next);
      next->start(self->tls ? &*self->tls : nullptr);
      self->watch();
      self->accept();
    });
  }

  /// Only while somebody is there.
  void watch() {
    if (sweeping) return;
    sweeping = true;
    sweep.expires_after(kQuarter);
    sweep.async_wait([self = shared_from_this()](error_code) {
      self->sweeping = false;
      if (self->closed) return;
      const std::vector<std::shared_ptr<HttpConnection>> all(self->connections.begin(), self->connections.end());
      for (const auto& c : all) c->passes();
      if (!self->connections.empty()) self->watch();
    });
  }
};

Result<std::unique_ptr<HttpServer>> HttpServer::listen(asio::io_context& io, const std::string& address,
                                                       std::uint16_t port, const std::optional<HttpTls>& tls) {
  const std::string where = address + ":" + std::to_string(port);
  error_code failed;
  const auto ip = asio::ip::make_address(address, failed);
  if (failed) return Error{where, address + " is no IP address; 127.0.0.1 is this machine alone, 0.0.0.0 all networks"};
  auto impl = std::make_shared<Impl>(io);
  if (tls) {
    impl->tls.emplace(asio::ssl::context::tls_server);
    ask_no_passphrase(impl->tls->native_handle());
    SSL_CTX_set_min_proto_version(impl->tls->native_handle(), TLS1_2_VERSION);
    impl->tls->use_certificate_chain_file(tls->certificate_file, failed);
    if (failed) return Error{tls->certificate_file, "is no certificate (PEM) that can be read: " + failed.message()};
    const std::string bad = take_key(impl->tls->native_handle(), tls->key_file, tls->certificate_file);
    if (!bad.empty()) return Error{tls->key_file, bad};
  }
  const tcp::endpoint endpoint{ip, port};
  impl->acceptor.open(endpoint.protocol(), failed);
  if (!failed) impl->acceptor.set_option(asio::socket_base::reuse_address(true), failed);
  if (!failed) impl->acceptor.bind(endpoint, failed);
  if (!failed) impl->acceptor.listen(static_cast<int>(kConnections), failed);
  if (failed) return Error{where, "cannot listen there: " + failed.message()};
  impl->accept();
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

HttpServer::~HttpServer() {
  impl_->closed = true;
  error_code ignored;
  impl_->acceptor.close(ignored);
  impl_->sweep.cancel();
  impl_->pause.cancel();
  impl_->waiting.clear();
  for (const auto& connection : std::exchange(impl_->connections, {})) connection->drop();
  impl_->routes.clear();
  impl_->gate = nullptr, impl_->finish = nullptr;
}

void HttpServer::on(Route route, HttpHandler handler) {
  on_later(std::move(route), [handler = std::move(handler)](const HttpRequest& request, const HttpAnswer& answer) {
    answer(handler(request));
  });
}
void HttpServer::on_later(Route route, HttpLater handler) {
  impl_->routes.push_back({std::move(route), std::move(handler), {}});
}
void HttpServer::on_socket(std::string path, int right, LiveHandler handler) {
  impl_->routes.push_back({{"GET", std::move(path), right, 0}, {}, std::move(handler)});
}
void HttpServer::gate(std::function<std::optional<HttpReply>(HttpRequest&)> gate) { impl_->gate = std::move(gate); }

void HttpServer::finish(std::function<void(const HttpRequest&, HttpReply&)> finish) {
  impl_->finish = std::move(finish);
}

std::uint16_t HttpServer::port() const {
  error_code ignored;
  return impl_->acceptor.local_endpoint(ignored).port();
}
std::size_t HttpServer::connections() const { return impl_->connections.size(); }

}  // namespace lull
