// Who comes in at the web door, and as whom. Asked about every request once its header is read, before anything else.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "bridge/api/people.hpp"
#include "bridge/api/worker.hpp"
#include "bridge/http/server.hpp"

namespace lull {

class Doorkeeper {
 public:
  struct Settings {
    std::vector<User> users{};
    bool ingress = false;  // Home Assistant's Supervisor runs us: what comes from its address bears a name
  };
  /// `ended`: this user's sessions were ended ("": everybody's), and what they have open must close.
  Doorkeeper(Settings settings, std::function<Instant()> now, std::function<void(const std::string& user)> ended);

  /// The words of why not; nothing lets it in, with its user and role filled in.
  std::optional<HttpReply> refuses(HttpRequest& request);
  /// POST, GET and DELETE /api/v1/session, DELETE /api/v1/sessions. `worker` computes the hashes.
  void serve(HttpServer& server, Worker& worker);

 private:
  std::optional<HttpReply> knows(HttpRequest& request);
  void log_in(const HttpRequest& request, const HttpAnswer& answer, Worker& worker);
  HttpReply log_out(const HttpRequest& request, bool everywhere);

  Settings settings_;
  std::function<Instant()> now_;
  std::function<void(const std::string&)> ended_;
  Sessions sessions_;
  Attempts attempts_;
  std::string nobodys_hash_;  // takes as long as a real one
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

/// Whether a browser sent this from a page of ours, or no browser did.
bool from_our_own_page(const HttpRequest& request);
/// Whether somebody at this machine asks: by no proxy, and by no name that was bent to point here.
bool is_asked_here(const HttpRequest& request);

}  // namespace lull
