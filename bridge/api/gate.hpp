// Who may come in. Looked at for every request once its header is read, before anything else.
#pragma once

#include <optional>

#include "bridge/http/message.hpp"

namespace lull {

/// What a route needs, in HttpServer::Route::right.
enum class Right : int { nothing, page, see, act, read_diary, change };

/// The words of why not; nothing lets it in.
std::optional<HttpReply> refused_at_the_gate(const HttpRequest& request);

/// Whether a browser sent this from a page of ours, or no browser did. `host` as in the request's Host.
bool from_our_own_page(const HttpRequest& request);

}  // namespace lull
