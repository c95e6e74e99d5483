// The web door as a whole: the server and what it serves. For `lull run` and `lull demo`.
#pragma once

#include <memory>
#include <string>

#include "bridge/api/api.hpp"
#include "bridge/http/server.hpp"

namespace lull {

class PageDoor {
 public:
  /// Errors: it cannot listen there, or what `http` names cannot be read. `service` outlives it.
  static Result<std::unique_ptr<PageDoor>> open(boost::asio::io_context& io, Service& service,
                                                const HttpSettings& http);
  void ticked() { api_->ticked(); }
  void showed() { api_->showed(); }
  /// "http://127.0.0.1:8099/"
  std::string url() const;

 private:
  PageDoor() = default;
  std::string address_;
  bool tls_ = false;
  std::unique_ptr<Api> api_;  // outlives the server
  std::unique_ptr<HttpServer> server_;
};

}  // namespace lull
