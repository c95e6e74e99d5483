// GET /healthz: is Lull well? For Docker, systemd timers and uptime monitors.
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "bridge/http/server.hpp"

namespace lull {

/// First: well or not. Second: a JSON object that says what, for example {"status":"ok","broker":"up"}.
using Health = std::function<std::pair<bool, std::string>()>;

/// 200 with the text when well, 503 with it when not.
inline void serve_health(HttpServer& server, Health health) {
  server.on("GET", "/healthz", [health = std::move(health)](const HttpRequest&) {
    auto [well, text] = health();
    return HttpReply{well ? 200 : 503, "application/json", std::move(text)};
  });
}

}  // namespace lull
