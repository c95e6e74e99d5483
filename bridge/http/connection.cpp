// One connection of a browser, by Beast.
#include "bridge/http/connection.hpp"

#include <algorithm>
#include <utility>
// Beast after our Asio header.
#include <boost/beast/websocket.hpp>

#include "bridge/http/server.hpp"

namespace lull {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using boost::system::error_code;

namespace {

constexpr std::size_t kPiece = 4096;          // read at once: no loop turn has more to parse
constexpr std::size_t kDrained = 256 * 1024;  // of what was refused, so that the refusal can be read

constexpr std::string_view kGoAhead = "HTTP/1.1 100 Continue\r\n\r\n";

constexpr std::string_view kSafe =
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "X-Frame-Options: SAMEORIGIN\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Permissions-Policy: camera=(), microphone=(), geolocation=()\r\n"
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'self'\r\n";

std::string small(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

HttpReply refusal(error_code failed) {
  if (failed == http::error::header_limit || failed == http::error::buffer_overflow)
    return http_problem(431, "a request's header may have " + std::to_string(HttpServer::kHeaderBytes) + " bytes",
                        "header_too_large");
  if (failed == http::error::body_limit) return http_problem(413, "this is more than is taken here", "body_too_large");
  return http_problem(400, "this is no HTTP request: " + failed.message(), "no_request");
}

}  // namespace

HttpConnection::HttpConnection(asio::io_context& io, HttpHost& host)
    : host_(host), ws_(io), buffer_(HttpServer::kHeaderBytes) {}

void HttpConnection::enter(Phase phase, int seconds) {
  phase_ = phase;
  quarters_ = seconds * 4 + 1;
  since_ = host_.order();
}

void HttpConnection::passes() {
  if (phase_ == Phase::live || phase_ == Phase::over || --quarters_ > 0) return;
  if (phase_ == Phase::thinking)
    answer(http_problem(503, "this took too long", "too_slow", "ask again in a minute"));
  else
    end();
}

void HttpConnection::start(asio::ssl::context* tls) {
  error_code ignored;
  socket().set_option(asio::ip::tcp::no_delay(true), ignored);
  const auto from = socket().remote_endpoint(ignored);
  request_.from = from.address().is_v6() && from.address().to_v6().is_v4_mapped()
                      ? asio::ip::make_address_v4(asio::ip::v4_mapped, from.address().to_v6()).to_string()
                      : from.address().to_string();
  request_.loopback = asio::ip::make_address(request_.from, ignored).is_loopback();
  request_.tls = tls != nullptr;
  if (!tls) return read_request();
  enter(Phase::shaking, HttpServer::kSeconds);
  wire().secure(*tls);
  wire().handshake(
      [self = shared_from_this()](error_code failed, std::size_t) {
        if (self->phase_ == Phase::over) return;
        failed ? self->end() : self->read_request();
      },
      asio::ssl::stream_base::server);
}

// ---- a request ------------------------------------------------------------------------------------------------------

void HttpConnection::read_request() {
  enter(Phase::header, HttpServer::kSeconds);
  parser_.emplace();
  parser_->header_limit(HttpServer::kHeaderBytes);
  parser_->body_limit(std::uint64_t{1} << 30);  // by its route, once that is known
  parser_->eager(false);
  judged_ = upgrade_ = waits_ = false;
  ++number_;
  parse();
}

void HttpConnection::read_more() {
  const std::size_t room = std::min(kPiece, buffer_.max_size() - buffer_.size());
  if (room == 0) return refuse(http::error::header_limit);
  wire().async_read_some(buffer_.prepare(room),
                         Wire::Done([self = shared_from_this()](error_code failed, std::size_t n) {
                           if (self->phase_ != Phase::header && self->phase_ != Phase::body) return;
                           if (failed) return self->end();
                           self->buffer_.commit(n);
                           self->parse();
                         }));
}

void HttpConnection::parse() {
  while (buffer_.size() > 0) {
    error_code failed;
    const std::size_t used = parser_->put(buffer_.data(), failed);
    buffer_.consume(used);
    if (failed == http::error::need_more) break;
    if (failed) return refuse(failed);
    if (!judged_ && parser_->is_header_done()) {
      judged_ = true;
      if (!head_is_fine()) return;
      parser_->eager(true);
      if (!parser_->is_done()) enter(Phase::body, HttpServer::kBodySeconds);
      if (waits_ && !parser_->is_done() && buffer_.size() == 0) {
        left_ = {asio::const_buffer(kGoAhead.data(), kGoAhead.size()), asio::const_buffer()};
        return go_ahead();
      }
    }
    if (parser_->is_done()) {
      request_.body = std::move(parser_->get().body());
      keep_ = parser_->get().keep_alive();
      enter(Phase::thinking, HttpServer::kThinkSeconds);
      return host_.ready(shared_from_this());
    }
    if (used == 0) break;
  }
  read_more();
}

/// RFC 9110, 10.1.1: whoever says so sends a body only when told to. Without the word curl waits a second.
void HttpConnection::go_ahead() {
  wire().async_write_some(left_, Wire::Done([self = shared_from_this()](error_code failed, std::size_t n) {
                            if (self->phase_ != Phase::body) return;
                            if (failed) return self->end();
                            self->left_[0] += n;
                            self->left_[0].size() > 0 ? self->go_ahead() : self->parse();
                          }));
}

bool HttpConnection::head_is_fine() {
  const auto& head = parser_->get();
  const std::string_view target{head.target().data(), head.target().size()};
  const std::size_t mark = target.find('?');
  request_.method = std::string(head.method_string().data(), head.method_string().size());
  request_.path = std::string(target.substr(0, mark));
  request_.query = mark == std::string_view::npos ? "" : std::string(target.substr(mark + 1));
  request_.body.clear(), request_.parts.clear(), request_.fields.clear();
  for (const auto& field : head)
    request_.fields.emplace_back(small({field.name_string().data(), field.name_string().size()}),
                                 std::string(field.value().data(), field.value().size()));
  upgrade_ = websocket::is_upgrade(head);
  std::size_t most = 0;
  auto refused = host_.judge(request_, upgrade_, most);
  const auto length = parser_->content_length();
  if (!refused && length && *length > most)
    refused = http_problem(
        413, most == 0 ? "a request has no body here" : "a body may have " + std::to_string(most) + " bytes here",
        "body_too_large");
  // Of somebody who speaks HTTP/1.0 it means nothing.
  const std::string expected = head.version() == 11 ? small(request_.field("expect")) : "";
  waits_ = expected == "100-continue";
  if (!refused && !expected.empty() && !waits_)
    refused = http_problem(417, "no expectation but 100-continue is met here", "expectation", "leave Expect out");
  const bool large = most > HttpServer::kBody && length.value_or(most) > HttpServer::kBody;
  if (!refused && large && !(large_ = host_.large_body(true)))
    refused = http_problem(503, "others send much just now", "busy", "ask again in a few seconds");
  if (refused) {
    keep_ = parser_->is_done() && head.keep_alive();
    answer(*std::move(refused));
    return false;
  }
  parser_->body_limit(most);
  return true;
}

void HttpConnection::refuse(error_code why) {
  // Beast's own category: what the client wrote. Anything else is a connection that broke.
  if (why.category() != http::make_error_code(http::error::bad_method).category()) return end();
  keep_ = false;
  answer(refusal(why));
}

// ---- its answer -----------------------------------------------------------------------------------------------------

void HttpConnection::answer(HttpReply reply) {
  if (phase_ == Phase::over || phase_ == Phase::writing || phase_ == Phase::live) return;
  if (large_) large_ = false, host_.large_body(false);
  reply_ = std::move(reply);
  const std::string_view body = reply_.fixed.empty() ? std::string_view(reply_.body) : reply_.fixed;
  const bool bodiless = reply_.status == 204 || reply_.status == 304;
  head_ = "HTTP/1.1 " + std::to_string(reply_.status) + " " + std::string(http_title(reply_.status)) + "\r\n";
  if (!bodiless) head_ += "Content-Type: " + reply_.content_type + "\r\n";
  if (!bodiless) head_ += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  head_ += "Cache-Control: " + reply_.keep + "\r\n";
  for (const auto& [name, value] : reply_.fields) head_ += name + ": " + value + "\r\n";
  head_ += kSafe;
  head_ += keep_ ? "\r\n" : "Connection: close\r\n\r\n";
  const bool nothing = bodiless || request_.method == "HEAD";  // its length stays, as GET would have it
  left_ = {asio::const_buffer(head_.data(), head_.size()), asio::const_buffer(body.data(), nothing ? 0 : body.size())};
  enter(Phase::writing, HttpServer::kAnswerSeconds);
  write();
}

void HttpConnection::write() {
  wire().async_write_some(left_, Wire::Done([self = shared_from_this()](error_code failed, std::size_t n) {
                            if (self->phase_ != Phase::writing) return;
                            if (failed) return self->end();
                            for (auto& part : self->left_) {
                              const std::size_t gone = std::min(n, part.size());
                              part += gone, n -= gone;
                            }
                            self->left_[0].size() + self->left_[1].size() > 0 ? self->write() : self->written();
                          }));
}

void HttpConnection::written() {
  reply_ = {};
  if (keep_) return read_request();
  error_code ignored;
  socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  enter(Phase::draining, 1);
  drain();
}

/// Closed while bytes still come in, the kernel would take back what was said.
void HttpConnection::drain() {
  buffer_.clear();
  wire().async_read_some(buffer_.prepare(kPiece),
                         Wire::Done([self = shared_from_this()](error_code failed, std::size_t n) {
                           if (self->phase_ != Phase::draining) return;
                           self->drained_ += n;
                           failed || self->drained_ > kDrained ? self->end() : self->drain();
                         }));
}

// ---- a WebSocket ----------------------------------------------------------------------------------------------------

void HttpConnection::accept_socket() {
  phase_ = Phase::live;
  ws_.read_message_max(HttpServer::kSocketMessage);
  ws_.set_option(
      websocket::stream_base::timeout{std::chrono::seconds{HttpServer::kSeconds}, std::chrono::seconds{20}, true});
  ws_.text(true);
  ws_.auto_fragment(false);
  ws_.async_accept(parser_->get(), [self = shared_from_this()](error_code failed) {
    if (self->phase_ != Phase::live) return;
    if (failed) return self->end();
    self->parser_.reset();
    self->buffer_.clear();
    self->host_.opened(self->request_, self);
    if (self->phase_ == Phase::live) self->hear();
  });
}

void HttpConnection::hear() {
  ws_.async_read(buffer_, Wire::Done([self = shared_from_this()](error_code failed, std::size_t) {
                   if (self->phase_ != Phase::live) return;
                   if (failed) return self->end();
                   const auto said = self->buffer_.cdata();
                   if (self->heard && !self->closing_)
                     self->heard({static_cast<const char*>(said.data()), said.size()});
                   self->buffer_.clear();
                   if (self->phase_ == Phase::live) self->hear();
                 }));
}

bool HttpConnection::send(std::shared_ptr<const std::string> message) {
  if (phase_ != Phase::live || closing_) return false;
  if (queued_ + message->size() > HttpServer::kSocketQueue && !queue_.empty()) return end(), false;
  queued_ += message->size();
  queue_.push_back(std::move(message));
  if (queue_.size() == 1) say();
  return true;
}

void HttpConnection::say() {
  const asio::const_buffer message(queue_.front()->data(), queue_.front()->size());
  ws_.async_write(message, Wire::Done([self = shared_from_this()](error_code failed, std::size_t) {
                    if (self->phase_ != Phase::live) return;
                    if (failed) return self->end();
                    self->queued_ -= self->queue_.front()->size();
                    self->queue_.pop_front();
                    if (!self->queue_.empty()) self->say();
                  }));
}

void HttpConnection::close() {
  if (phase_ != Phase::live || std::exchange(closing_, true)) return;  // two at once are one too many for Beast
  ws_.async_close(websocket::close_code::going_away, [self = shared_from_this()](error_code) { self->end(); });
}

// ---- the end --------------------------------------------------------------------------------------------------------

void HttpConnection::drop() {
  if (large_) large_ = false, host_.large_body(false);
  phase_ = Phase::over;
  wire().close();
  heard = nullptr;
  if (closed) std::exchange(closed, nullptr)();
}

void HttpConnection::end() {
  if (phase_ == Phase::over) return;
  const auto self = shared_from_this();
  drop();
  host_.ended(*this);
}

}  // namespace lull
