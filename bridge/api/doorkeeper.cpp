// Who comes in at the web door.
#include "bridge/api/doorkeeper.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

namespace lull {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kSupervisor = "172.30.32.2";
constexpr std::string_view kCookie = "lull";
constexpr std::size_t kLoginBytes = 2048;

/// "localhost:8099" without its port.
std::string_view name_of(std::string_view host) {
  if (host.starts_with('[')) return host.substr(0, std::min(host.find(']') + 1, host.size()));
  return host.substr(0, std::min(host.find(':'), host.size()));
}

bool is_this_machine(std::string_view host) {
  const std::string_view name = name_of(host);
  return name == "localhost" || name == "127.0.0.1" || name == "[::1]";
}

/// A proxy on this machine makes everybody look as if they sat at it. Each says one of these; one that says nothing at
/// all looks like a person here (docs/API.md).
bool is_passed_on(const HttpRequest& request) {
  constexpr std::string_view kSaid[] = {
      "forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-server", "x-real-ip",
      "via"};
  return std::any_of(std::begin(kSaid), std::end(kSaid), [&](std::string_view f) { return !request.field(f).empty(); });
}

/// The cookie's value, "" when there is none.
std::string_view token_in(const HttpRequest& request) {
  std::string_view rest = request.field("cookie");
  while (!rest.empty()) {
    std::string_view one = rest.substr(0, std::min(rest.find(';'), rest.size()));
    rest.remove_prefix(std::min(one.size() + 1, rest.size()));
    one.remove_prefix(std::min(one.find_first_not_of(' '), one.size()));
    const std::size_t mark = one.find('=');
    if (mark != one.npos && one.substr(0, mark) == kCookie) return one.substr(mark + 1);
  }
  return {};
}

std::string cookie_of(const std::string& token) {
  const auto seconds = token.empty() ? 0 : duration_cast<std::chrono::seconds>(Sessions::kUnused).count();
  return std::string(kCookie) + "=" + token + "; Path=/; Max-Age=" + std::to_string(seconds) +
         "; HttpOnly; Secure; SameSite=Strict";
}

HttpReply said(const Json& json) {
  HttpReply reply;
  reply.body = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  return reply;
}

}  // namespace

bool from_our_own_page(const HttpRequest& request) {
  const std::string_view origin = request.field("origin");
  if (origin.empty()) return request.field("sec-fetch-site") != "cross-site";
  const std::size_t at = origin.find("://");
  return at != std::string_view::npos && origin.substr(at + 3) == request.field("host");
}

bool is_asked_here(const HttpRequest& request) {
  return request.loopback && !is_passed_on(request) && is_this_machine(request.field("host"));
}

Doorkeeper::Doorkeeper(Settings settings, std::function<Instant()> now, std::function<void(const std::string&)> ended)
    : settings_(std::move(settings)), now_(std::move(now)), ended_(std::move(ended)) {
  for (const User& user : settings_.users)
    if (user.hash != "-") nobodys_hash_ = user.hash;
}

std::optional<HttpReply> Doorkeeper::refuses(HttpRequest& request) {
  const auto right = static_cast<Right>(request.right);
  request.user.clear(), request.role = static_cast<int>(Role::nobody);
  if (right == Right::nothing) return std::nullopt;
  if (auto refused = knows(request)) return refused;
  const bool reads = request.method == "GET" || request.method == "HEAD";
  const bool socket = !request.field("sec-websocket-key").empty();
  const bool ingress =
      settings_.ingress && request.from == kSupervisor;  // it passes on another Host than the browser's Origin names
  if ((!reads || socket) && !ingress && !from_our_own_page(request))
    return http_problem(403, "this came from a page of somebody else", "foreign_origin");
  const auto role = static_cast<Role>(request.role);
  if (may(role, right)) return std::nullopt;
  if (role == Role::nobody)
    return http_problem(401, "who are you?", "log_in", "POST {\"user\":...,\"password\":...} to /api/v1/session");
  return http_problem(403, "this is not for a " + std::string(word_for(role)), "not_for_you");
}

/// Who it is, by where it comes from: this machine, Home Assistant's Supervisor, or anywhere else with a session.
std::optional<HttpReply> Doorkeeper::knows(HttpRequest& request) {
  const bool passed_on = is_passed_on(request);
  if (request.loopback && !passed_on) {
    // A name that only pretends to be this machine: somebody else's page, whose address was bent to point here.
    if (!is_this_machine(request.field("host")))
      return http_problem(421, "this machine is not called that", "wrong_host",
                          "open http://127.0.0.1 or http://localhost");
    request.role = static_cast<int>(Role::admin);
    return std::nullopt;
  }
  if (settings_.ingress && request.from == kSupervisor) {
    request.user = request.field("x-remote-user-name");
    if (request.user.empty()) request.user = request.field("x-remote-user-id");  // not everybody there has a name
    const auto known = std::find_if(settings_.users.begin(), settings_.users.end(),
                                    [&](const User& u) { return u.name == request.user; });
    if (!request.user.empty())
      request.role = static_cast<int>(known == settings_.users.end() ? Role::sleeper : known->role);
    return std::nullopt;
  }
  if (!request.tls || settings_.users.empty() || passed_on)
    return http_problem(403, "from here only /healthz and /metrics are served", "not_from_here",
                        "open the page on the machine that Lull runs on, or give `http` a certificate, key and users");
  if (const auto* session = sessions_.find(token_in(request), now_())) {
    request.user = session->user;
    request.role = static_cast<int>(session->role);
  }
  return std::nullopt;
}

void Doorkeeper::serve(HttpServer& server, Worker& worker) {
  server.gate([this](HttpRequest& request) { return refuses(request); });
  constexpr int page = static_cast<int>(Right::page), see = static_cast<int>(Right::see);
  server.on({"GET", "/api/v1/session", page}, [](const HttpRequest& r) {
    return said({{"user", r.user.empty() ? Json() : Json(r.user)}, {"role", word_for(static_cast<Role>(r.role))}});
  });
  server.on_later({"POST", "/api/v1/session", page, kLoginBytes},
                  [this, &worker](const HttpRequest& r, const HttpAnswer& answer) { log_in(r, answer, worker); });
  server.on({"DELETE", "/api/v1/session", page, 0}, [this](const HttpRequest& r) { return log_out(r, false); });
  server.on({"DELETE", "/api/v1/sessions", see, 0}, [this](const HttpRequest& r) { return log_out(r, true); });
}

void Doorkeeper::log_in(const HttpRequest& request, const HttpAnswer& answer, Worker& worker) {
  const bool json = request.field("content-type").starts_with("application/json");
  const Json body = json ? Json::parse(request.body, nullptr, false) : Json();
  if (!json) return answer(http_problem(415, "this must be JSON", "no_json", "send Content-Type: application/json"));
  const auto text = [&](const char* key) {
    return body.is_object() && body.contains(key) && body[key].is_string() ? body[key].get<std::string>() : "";
  };
  const std::string user = text("user"), password = text("password"), from = "from " + request.from,
                    name = "user " + user.substr(0, 64);
  if (user.empty() || password.empty())
    return answer(
        http_problem(400, "user and password are missing", "no_login", "send {\"user\":...,\"password\":...}"));
  const auto wait = std::max(attempts_.wait(from, now_()), attempts_.wait(name, now_(), Attempts::kLongestOfName));
  if (wait > 0ms) {
    HttpReply slower = http_problem(429, "too many wrong passwords", "too_many", "wait and try again");
    slower.fields.emplace_back("Retry-After", std::to_string(duration_cast<seconds>(wait).count() + 1));
    return answer(std::move(slower));
  }
  // Counted before it is known to be wrong: many at once must not be free.
  attempts_.failed(from, now_());
  attempts_.failed(name, now_());
  const auto known = std::find_if(settings_.users.begin(), settings_.users.end(),
                                  [&](const User& u) { return u.name == user && u.hash != "-"; });
  const User who = known == settings_.users.end() ? User{} : *known;
  worker.run([hash = who.hash.empty() ? nobodys_hash_ : who.hash, real = !who.hash.empty(),
              password] { return HttpReply{password_fits(hash, password) && real ? 200 : 401}; },
             [this, alive = std::weak_ptr<bool>(alive_), who, from, name, answer](HttpReply verdict) {
               if (!alive.lock()) return;
               if (verdict.status == 503) return answer(std::move(verdict));  // too much waits
               if (verdict.status != 200)
                 return answer(http_problem(401, "user or password is wrong", "wrong_login", "try again"));
               attempts_.succeeded(from);
               attempts_.succeeded(name);
               HttpReply reply = said({{"user", who.name}, {"role", word_for(who.role)}});
               reply.fields.emplace_back("Set-Cookie", cookie_of(sessions_.begin(who, now_())));
               answer(std::move(reply));
             });
}

HttpReply Doorkeeper::log_out(const HttpRequest& request, bool everywhere) {
  const bool all = everywhere && static_cast<Role>(request.role) == Role::admin;
  if (everywhere)
    sessions_.end_all(all ? "" : request.user);
  else
    sessions_.end(token_in(request));
  if (!request.user.empty() || all) ended_(all ? "" : request.user);
  HttpReply reply{204};
  reply.fields.emplace_back("Set-Cookie", cookie_of(""));
  return reply;
}

}  // namespace lull
