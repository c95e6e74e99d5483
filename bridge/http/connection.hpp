// One connection of a browser: requests by Beast's parser, answers by hand, and from an upgrade on a WebSocket. Its
// bytes go through the same Wire as those of our own WebSocket client, so that no algorithm of Beast is there twice.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "bridge/home_assistant/websocket/wire.hpp"
// Beast after our Asio header.
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/stream.hpp>

#include "bridge/http/message.hpp"

namespace lull {

class HttpConnection;
/// What a connection asks of its server.
class HttpHost {
 public:
  virtual ~HttpHost() = default;
  /// The header is read: the answer that ends it here, or nothing and how large its body may be.
  virtual std::optional<HttpReply> judge(HttpRequest& request, bool upgrade, std::size_t& body) = 0;
  virtual bool large_body(bool begins) = 0;  // false: too many at once
  /// All of it is there. The host answers when its turn has come.
  virtual void ready(std::shared_ptr<HttpConnection> connection) = 0;
  virtual void opened(const HttpRequest& request, std::shared_ptr<HttpConnection> connection) = 0;
  virtual void ended(HttpConnection& connection) = 0;
  virtual std::uint64_t order() = 0;  // one more at each call: who has waited for longest
};

class HttpConnection final : public LiveSocket, public std::enable_shared_from_this<HttpConnection> {
 public:
  enum class Phase { shaking, header, body, thinking, writing, draining, live, over };

  HttpConnection(boost::asio::io_context& io, HttpHost& host);

  boost::asio::ip::tcp::socket& socket() { return ws_.next_layer().socket(); }
  void start(boost::asio::ssl::context* tls);
  void answer(HttpReply reply);
  /// Which of its requests this is: an answer that comes too late, or twice, is none of the next.
  std::uint64_t number() const { return number_; }
  HttpRequest& request() { return request_; }
  bool wants_socket() const { return upgrade_; }
  void accept_socket();
  Phase phase() const { return phase_; }
  std::uint64_t since() const { return since_; }
  /// A quarter of a second has passed: what takes too long ends.
  void passes();
  /// Now, without a word, and without telling the host.
  void drop();

  bool send(std::shared_ptr<const std::string> message) override;
  void close() override;

 private:
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
  void enter(Phase phase, int seconds);
  void read_request();
  void read_more();
  void parse();
  void go_ahead();
  bool head_is_fine();
  void refuse(boost::system::error_code why);
  void write();
  void written();
  void drain();
  void hear();
  void say();
  void end();
  Wire& wire() { return ws_.next_layer(); }

  HttpHost& host_;
  boost::beast::websocket::stream<Wire, false> ws_;
  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  HttpRequest request_;
  HttpReply reply_;
  std::string head_;
  std::array<boost::asio::const_buffer, 2> left_{};  // of head and body, still to be written
  Phase phase_ = Phase::shaking;
  int quarters_ = 0;  // until this phase has lasted too long
  std::uint64_t since_ = 0, number_ = 0;
  std::size_t drained_ = 0;
  bool upgrade_ = false, judged_ = false, keep_ = false, large_ = false, closing_ = false;
  bool waits_ = false;  // with its body, for our word
  std::deque<std::shared_ptr<const std::string>> queue_;
  std::size_t queued_ = 0;  // bytes
};

}  // namespace lull
