// Who may come in.
#include "bridge/api/gate.hpp"

#include <string>

namespace lull {
namespace {

/// "localhost:8099" without its port.
std::string_view name_of(std::string_view host) {
  if (host.starts_with('[')) return host.substr(0, std::min(host.find(']') + 1, host.size()));
  return host.substr(0, std::min(host.find(':'), host.size()));
}

bool is_this_machine(std::string_view host) {
  const std::string_view name = name_of(host);
  return name == "localhost" || name == "127.0.0.1" || name == "[::1]";
}

}  // namespace

bool from_our_own_page(const HttpRequest& request) {
  const std::string_view origin = request.field("origin");
  if (origin.empty()) return request.field("sec-fetch-site") != "cross-site";
  const std::size_t at = origin.find("://");
  return at != std::string_view::npos && origin.substr(at + 3) == request.field("host");
}

std::optional<HttpReply> refused_at_the_gate(const HttpRequest& request) {
  const auto right = static_cast<Right>(request.right);
  if (right == Right::nothing) return std::nullopt;
  // A proxy on this machine makes everybody look as if they sat at it.
  const bool passed_on = !request.field("x-forwarded-for").empty() || !request.field("forwarded").empty();
  if (!request.loopback || passed_on)
    return http_problem(403, "the page is served to this machine only", "not_from_here",
                        "open it on the machine that Lull runs on, at http://127.0.0.1, or by an SSH tunnel");
  // A name that only pretends to be this machine: somebody else's page, whose address was bent to point here.
  if (!is_this_machine(request.field("host")))
    return http_problem(421, "this machine is not called that", "wrong_host",
                        "open http://127.0.0.1 or http://localhost");
  const bool reads = request.method == "GET" || request.method == "HEAD";
  const bool socket = !request.field("sec-websocket-key").empty();
  if ((!reads || socket) && !from_our_own_page(request))
    return http_problem(403, "this came from a page of somebody else", "foreign_origin");
  return std::nullopt;
}

}  // namespace lull
