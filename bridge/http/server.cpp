// The HTTP server by Beast: one coroutine a connection.
#include "bridge/http/server.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <exception>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "bridge/asio.hpp"
// Beast after our Asio header, which brings <utility> first.
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

namespace lull {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

std::string_view title_of(int status) {
  const auto text = http::obsolete_reason(static_cast<http::status>(status));
  return {text.data(), text.size()};
}

/// For text of ours and paths of strangers alike: nothing of it can leave the JSON string.
std::string quoted(std::string_view text) {
  std::string json = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\')
      json += '\\', json += c;
    else
      json += c < ' ' || c > '~' ? '?' : c;
  }
  return json + '"';
}

}  // namespace

HttpReply http_problem(int status, const std::string& detail) {
  return {status, "application/problem+json",
          R"({"type":"about:blank","title":)" + quoted(title_of(status)) + R"(,"status":)" + std::to_string(status) +
              R"(,"detail":)" + quoted(detail) + "}"};
}

struct HttpServer::Impl : std::enable_shared_from_this<Impl> {
  asio::io_context& io;
  tcp::acceptor acceptor;
  asio::steady_timer room{io, asio::steady_timer::time_point::max()};   // cancelled when a connection ends
  std::map<std::pair<std::string, std::string>, HttpHandler> handlers;  // by path, method
  std::set<beast::tcp_stream*> streams;
  std::size_t connections = 0;  // at most kConnections; counted when accepted, for a coroutine begins a little later
  bool closed = false;

  explicit Impl(asio::io_context& context) : io(context), acceptor(context) {}

  HttpReply answer(const HttpRequest& request) const {
    const bool head = request.method == "HEAD";
    const auto found = handlers.find({request.path, head ? "GET" : request.method});
    if (found != handlers.end()) {
      try {
        return found->second(request);
      } catch (const std::exception& wrong) {  // one page's fault must not cost the connection its answer
        return http_problem(500, wrong.what());
      }
    }
    const auto there = handlers.lower_bound({request.path, ""});
    const bool known = there != handlers.end() && there->first.first == request.path;
    return known ? http_problem(405, "allowed here: " + allowed(request.path))
                 : http_problem(404, "nothing at " + request.path.substr(0, 200));
  }

  std::string allowed(const std::string& path) const {
    std::string methods;
    for (auto at = handlers.lower_bound({path, ""}); at != handlers.end() && at->first.first == path; ++at)
      methods += (methods.empty() ? "" : ", ") + at->first.second + (at->first.second == "GET" ? ", HEAD" : "");
    return methods;
  }

  http::response<http::string_body> respond(const http::request<http::empty_body>& request) const {
    const std::string_view target{request.target().data(), request.target().size()};
    const std::size_t mark = target.find('?');
    const std::string_view method{request.method_string().data(), request.method_string().size()};
    const HttpRequest asked{std::string{method}, std::string{target.substr(0, mark)},
                            mark == std::string_view::npos ? "" : std::string{target.substr(mark + 1)}};
    const HttpReply reply = answer(asked);
    auto response = as_response(reply, request.version());
    if (reply.status == 405) response.set(http::field::allow, allowed(asked.path));
    response.keep_alive(request.keep_alive());
    if (request.method() == http::verb::head) response.body().clear();  // its length stays, as GET would have it
    return response;
  }

  static http::response<http::string_body> as_response(const HttpReply& reply, unsigned version) {
    http::response<http::string_body> response{static_cast<http::status>(reply.status), version};
    response.set(http::field::content_type, reply.content_type);
    response.set(http::field::cache_control, "no-store");
    response.set("X-Content-Type-Options", "nosniff");
    response.body() = reply.body;
    response.content_length(reply.body.size());
    return response;
  }

  /// Holds the connection's place, and gives it back however the coroutine ends.
  struct Place {
    Impl& impl;
    beast::tcp_stream& stream;
    Place(Impl& i, beast::tcp_stream& s) : impl(i), stream(s) { impl.streams.insert(&stream); }
    ~Place() {
      impl.streams.erase(&stream);
      --impl.connections;
      if (!impl.closed) impl.room.cancel();
    }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
  };

  /// One connection, as many requests as it likes. Each step has kSeconds.
  static asio::awaitable<void> serve(std::shared_ptr<Impl> self, beast::tcp_stream stream) {
    const Place place{*self, stream};
    beast::flat_buffer buffer{kHeaderBytes};
    for (;;) {
      error_code failed;
      http::request_parser<http::empty_body> parser;
      parser.header_limit(kHeaderBytes);
      parser.body_limit(0);
      stream.expires_after(std::chrono::seconds{kSeconds});
      co_await http::async_read(stream, buffer, parser, asio::redirect_error(asio::use_awaitable, failed));
      if (self->closed || failed == http::error::end_of_stream || failed == beast::error::timeout) break;
      const bool wrong = static_cast<bool>(failed);
      if (wrong && !is_bad_request(failed)) break;
      auto response = wrong ? as_response(refusal(failed), 11) : self->respond(parser.get());
      if (wrong) response.keep_alive(false);
      stream.expires_after(std::chrono::seconds{kSeconds});
      co_await http::async_write(stream, response, asio::redirect_error(asio::use_awaitable, failed));
      if (self->closed || failed || response.need_eof()) break;
    }
    error_code ignored;
    stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
  }

  /// True for what the client wrote, false for a connection that broke.
  static bool is_bad_request(error_code failed) {
    return failed.category() == http::make_error_code(http::error::bad_method).category();
  }
  static HttpReply refusal(error_code failed) {
    if (failed == http::error::header_limit || failed == http::error::buffer_overflow)
      return http_problem(431, "a request's header may have " + std::to_string(kHeaderBytes) + " bytes");
    if (failed == http::error::body_limit || failed == http::error::unexpected_body)
      return http_problem(413, "a request may have no body here");
    return http_problem(400, "this is no HTTP request: " + failed.message());
  }

  static asio::awaitable<void> accept(std::shared_ptr<Impl> self) {
    while (!self->closed) {
      error_code failed;
      if (self->connections >= kConnections) {
        co_await self->room.async_wait(asio::redirect_error(asio::use_awaitable, failed));
        continue;
      }
      tcp::socket socket = co_await self->acceptor.async_accept(asio::redirect_error(asio::use_awaitable, failed));
      if (self->closed) break;
      if (failed) {  // out of descriptors, most likely: not in a busy loop
        asio::steady_timer pause{self->io, std::chrono::milliseconds{200}};
        co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, failed));
        continue;
      }
      ++self->connections;
      asio::co_spawn(self->io, serve(self, beast::tcp_stream{std::move(socket)}), asio::detached);
    }
  }
};

Result<std::unique_ptr<HttpServer>> HttpServer::listen(asio::io_context& io, const std::string& address,
                                                       std::uint16_t port) {
  const std::string where = address + ":" + std::to_string(port);
  error_code failed;
  const auto ip = asio::ip::make_address(address, failed);
  if (failed) return Error{where, address + " is no IP address; 127.0.0.1 is this machine alone, 0.0.0.0 all networks"};
  auto impl = std::make_shared<Impl>(io);
  const tcp::endpoint endpoint{ip, port};
  impl->acceptor.open(endpoint.protocol(), failed);
  if (!failed) impl->acceptor.set_option(asio::socket_base::reuse_address(true), failed);
  if (!failed) impl->acceptor.bind(endpoint, failed);
  if (!failed) impl->acceptor.listen(static_cast<int>(kConnections), failed);
  if (failed) return Error{where, "cannot listen there: " + failed.message()};
  asio::co_spawn(io, Impl::accept(impl), asio::detached);
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

HttpServer::~HttpServer() {
  impl_->closed = true;
  impl_->handlers.clear();
  error_code ignored;
  impl_->acceptor.close(ignored);
  impl_->room.cancel();
  for (beast::tcp_stream* stream : impl_->streams) stream->cancel();
}

void HttpServer::on(std::string method, std::string path, HttpHandler handler) {
  impl_->handlers[{std::move(path), std::move(method)}] = std::move(handler);
}

std::uint16_t HttpServer::port() const {
  error_code ignored;
  return impl_->acceptor.local_endpoint(ignored).port();
}

}  // namespace lull
