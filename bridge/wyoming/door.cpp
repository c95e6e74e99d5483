// The voice door as a whole.
#include "bridge/wyoming/door.hpp"

#include <spdlog/spdlog.h>

namespace lull {

Result<std::unique_ptr<WyomingDoor>> WyomingDoor::open(boost::asio::io_context& io, Service& service,
                                                       const WyomingSettings& settings) {
  std::unique_ptr<WyomingDoor> door(new WyomingDoor);
  door->agent_ = std::make_unique<Agent>(
      service.house(), settings,
      Agent::Doors{
          [&service] {
            return Agent::Moment{Clock{}.utc(), service.hub().stopped, service.reaches_broker(), service.last_nights()};
          },
          [&service](Door by, Command wish) { return service.ask(by, std::move(wish)); }});
  auto listening = WyomingServer::listen(
      io, {settings.address, settings.port, settings.from},
      {[agent = door->agent_.get()](const WyomingEvent& said) { return agent->answer(said); },
       [](const std::string& address) {
         spdlog::warn("wyoming: {} was turned away; if it is Home Assistant, name it in `from`", address);
       }});
  if (!listening) return listening.error();
  door->server_ = std::move(*listening);
  return door;
}

}  // namespace lull
