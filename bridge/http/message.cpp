// Requests and answers without a socket.
#include "bridge/http/message.hpp"

#include <nlohmann/json.hpp>

namespace lull {
namespace {

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// A '+' stays one: times with an offset are written with it, and we have no forms.
std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex(text[i + 1]) : -1;
    const int low = high >= 0 ? hex(text[i + 2]) : -1;
    if (low >= 0)
      out += static_cast<char>(high * 16 + low), i += 2;
    else
      out += text[i];
  }
  return out;
}

}  // namespace

std::string_view HttpRequest::field(std::string_view name) const {
  for (const auto& [key, value] : fields)
    if (key == name) return value;
  return {};
}

std::string HttpRequest::asked(std::string_view name) const {
  std::string_view rest = query;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    const std::string_view one = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const std::size_t mark = std::min(one.find('='), one.size());
    if (decoded(one.substr(0, mark)) == name) return decoded(one.substr(std::min(mark + 1, one.size())));
  }
  return "";
}

std::string_view http_title(int status) {
  switch (status) {
    case 101: return "Switching Protocols";
    case 200: return "OK";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 302: return "Found";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 411: return "Length Required";
    case 413: return "Payload Too Large";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 421: return "Misdirected Request";
    case 422: return "Unprocessable Entity";
    case 426: return "Upgrade Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 503: return "Service Unavailable";
    default: return "Answer";
  }
}

HttpReply http_problem(int status, std::string_view detail, std::string_view code, std::string_view remedy) {
  nlohmann::ordered_json said{{"type", "about:blank"}, {"title", http_title(status)}, {"status", status}};
  if (!code.empty()) said["code"] = code;
  said["detail"] = detail;
  if (!remedy.empty()) said["remedy"] = remedy;
  HttpReply reply{status, "application/problem+json"};
  reply.body = said.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
  return reply;
}

}  // namespace lull
