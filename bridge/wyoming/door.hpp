// The voice door as a whole: the server, the agent behind it, and the service that it speaks to. For `lull run`.
#pragma once

#include <memory>

#include "bridge/service.hpp"
#include "bridge/wyoming/agent.hpp"
#include "bridge/wyoming/server.hpp"

namespace lull {

class WyomingDoor {
 public:
  /// Errors: it cannot listen there. `service` outlives it.
  static Result<std::unique_ptr<WyomingDoor>> open(boost::asio::io_context& io, Service& service,
                                                   const WyomingSettings& settings);

 private:
  WyomingDoor() = default;
  std::unique_ptr<Agent> agent_;  // outlives the server
  std::unique_ptr<WyomingServer> server_;
};

}  // namespace lull
