// The page's door: /api/v1 on the HTTP server. Everything here runs on the loop and is short; what reads the past or
// draws is done by a worker.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>

#include "bridge/api/doorkeeper.hpp"
#include "bridge/http/server.hpp"
#include "bridge/service.hpp"

namespace lull {

class Api {
 public:
  /// Both outlive it, and the server is destroyed before it.
  Api(boost::asio::io_context& io, Service& service, HttpServer& server, Doorkeeper::Settings who);
  ~Api();
  Api(const Api&) = delete;
  Api& operator=(const Api&) = delete;

  void ticked();  // ServiceOptions::ticked
  void showed();  // ServiceOptions::showed

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace lull
