// A small HTTP/1.1 server on the program's own loop: a table of routes, WebSockets, and bounds on everything that a
// stranger sends. One request is answered at a time, and whatever else is ready on the loop comes in between.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "bridge/http/message.hpp"
#include "devices/result.hpp"

namespace lull {

/// The certificate (with those that lead to its authority) and the key of a server that speaks TLS, as PEM files.
struct HttpTls {
  std::string certificate_file, key_file;
};

class HttpServer {
 public:
  static constexpr std::size_t kConnections = 128;     // at once. When full, the one that keeps us waiting longest goes
  static constexpr std::size_t kSockets = 64;          // of them WebSockets
  static constexpr std::size_t kHeaderBytes = 8192;    // of one request
  static constexpr std::size_t kBody = 64 * 1024;      // of one request, unless its route takes more
  static constexpr std::size_t kLargeBodies = 2;       // more than kBody at once
  static constexpr std::size_t kSocketMessage = 8192;  // what a browser may say in one piece
  static constexpr std::size_t kSocketQueue = 1 << 18;  // bytes that wait for one browser
  static constexpr int kSeconds = 5;                    // to send a header, to shake hands, to stay without asking
  static constexpr int kBodySeconds = 10, kAnswerSeconds = 20, kThinkSeconds = 60;

  /// Listens at once. `port` 0: a free one. Errors: no such address, port taken, a certificate that cannot be read.
  static Result<std::unique_ptr<HttpServer>> listen(boost::asio::io_context&, const std::string& address,
                                                    std::uint16_t port, const std::optional<HttpTls>& tls = {});
  /// Closes everything. No handler is called any more.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  struct Route {
    std::string method, path;  // GET also answers HEAD. "/nights/{night}": one segment, whatever it is
    int right = 0;             // for the gate
    std::size_t body = kBody;
  };
  /// Answers this method there. Other methods there are 405, other paths 404.
  void on(Route route, HttpHandler handler);
  void on(std::string method, std::string path, HttpHandler handler) {
    on(Route{std::move(method), std::move(path)}, std::move(handler));
  }
  void on_later(Route route, HttpLater handler);
  /// Takes WebSockets there.
  void on_socket(std::string path, int right, LiveHandler handler);
  /// Asked about each request as soon as its header is read, before its body: nothing lets it in. It may say who it is.
  void gate(std::function<std::optional<HttpReply>(HttpRequest&)> gate);

  /// Each answer to a request passes here before it leaves, a refusal too: short, for it runs on the loop.
  void finish(std::function<void(const HttpRequest&, HttpReply&)> finish);

  std::uint16_t port() const;
  std::size_t connections() const;

 private:
  struct Impl;
  explicit HttpServer(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
  std::shared_ptr<Impl> impl_;
};

}  // namespace lull
