// A small HTTP/1.1 server on the program's own loop: a table of handlers, and bounds on everything a stranger sends.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "devices/result.hpp"

namespace lull {

struct HttpRequest {
  std::string method;  // "GET", "HEAD"
  std::string path;    // percent-encoding is left as it came
  std::string query;   // behind the '?', without it
};
struct HttpReply {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
};
/// Called on the loop's thread; it must not block.
using HttpHandler = std::function<HttpReply(const HttpRequest&)>;

/// What went wrong, as RFC 9457 has it: {"type":"about:blank","title":...,"status":...,"detail":...}.
HttpReply http_problem(int status, const std::string& detail);

class HttpServer {
 public:
  static constexpr std::size_t kConnections = 16;    // at once; the next one waits in the kernel's queue
  static constexpr std::size_t kHeaderBytes = 8192;  // of one request; a body is refused
  static constexpr int kSeconds = 5;                 // to send a request, to take the answer, to stay without asking

  /// Listens at once. `port` 0: a free one. Errors: no such address, port taken.
  static Result<std::unique_ptr<HttpServer>> listen(boost::asio::io_context&, const std::string& address,
                                                    std::uint16_t port);
  /// Closes everything. No handler is called any more.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// Answers `method` on exactly this path. GET also answers HEAD. Other methods there are 405, other paths 404.
  void on(std::string method, std::string path, HttpHandler handler);

  std::uint16_t port() const;

 private:
  struct Impl;
  explicit HttpServer(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
  std::shared_ptr<Impl> impl_;
};

}  // namespace lull
