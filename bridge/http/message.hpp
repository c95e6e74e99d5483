// What a request is and what an answer is, without a socket: the handlers are made and tested of these.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lull {

struct HttpRequest {
  std::string method;  // "GET", "HEAD", "POST", "DELETE"
  std::string path;    // percent-encoding is left as it came
  std::string query;   // behind the '?', without it
  std::string body{};
  std::vector<std::pair<std::string, std::string>> fields{};  // names in small letters, in the order they came
  std::vector<std::string> parts{};                           // what stood in the place of each {…} of the route
  std::string from{};                                         // the peer's address, "127.0.0.1"
  bool loopback = false, tls = false;                         // of the connection itself
  int right = 0;                                              // what its route was marked with
  std::string user{};                                         // who the gate took it for, "" where nobody asks
  int role = 0;

  /// The first field of that name (small letters), "" when there is none.
  std::string_view field(std::string_view name) const;
  /// Of the query, decoded; "" when it is not there.
  std::string asked(std::string_view name) const;
};

struct HttpReply {
  int status = 200;
  std::string content_type = "application/json";
  std::string body{};
  std::string_view fixed{};                                   // instead of `body`: bytes that outlive the server
  std::vector<std::pair<std::string, std::string>> fields{};  // further lines of the header
  std::string keep = "no-store";                              // Cache-Control
};

/// Called on the loop's thread; it must not block.
using HttpHandler = std::function<HttpReply(const HttpRequest&)>;
/// The same for what takes time: `answer` may be called later, on the loop's thread, once.
using HttpAnswer = std::function<void(HttpReply)>;
using HttpLater = std::function<void(const HttpRequest&, HttpAnswer)>;

/// What went wrong, as RFC 9457 has it: {"type":"about:blank","title":...,"status":...,"code":...,"detail":...,
/// "remedy":...}. `code` is for programs, `remedy` says what would be right; both may be "".
HttpReply http_problem(int status, std::string_view detail, std::string_view code = "", std::string_view remedy = "");
/// "404": "Not Found".
std::string_view http_title(int status);

/// One open WebSocket of a browser. `heard` gets whole text messages; `closed` is called once, and nothing after it.
class LiveSocket {
 public:
  virtual ~LiveSocket() = default;
  /// False: it does not take as fast as it is told, and is closed for it. What waits is bounded.
  virtual bool send(std::shared_ptr<const std::string> message) = 0;
  virtual void close() = 0;
  std::function<void(std::string_view)> heard;
  std::function<void()> closed;
};
using LiveHandler = std::function<void(const HttpRequest&, std::shared_ptr<LiveSocket>)>;

}  // namespace lull
