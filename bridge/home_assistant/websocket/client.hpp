// Lull as a guest of Home Assistant's WebSocket: logs in, tells phones, hears their answers, comes back after a loss.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "automations/effect.hpp"
#include "automations/house.hpp"
#include "bridge/home_assistant/websocket/address.hpp"
#include "bridge/home_assistant/websocket/status.hpp"
#include "devices/dialects/dialect.hpp"

namespace lull {

/// A state as the dialect `home_assistant` hears it. Without a connection every entity is "unavailable".
struct EntityTold {
  std::string id, state;
  bool before = false;  // it was so when we, or it, came; `age`: since when
  milliseconds age{};
};

class HaClient {
 public:
  /// All are called on the loop's thread.
  struct Handlers {
    std::function<void(Command)> wish;                // of a person, by a tap
    std::function<void()> changed;                    // status() is another
    std::function<void(const std::string&)> news;     // for the log: it is connected
    std::function<void(const std::string&)> trouble;  // something a person should read; each said once until it changes
    std::function<void(const EntityTold&)> entity = {};  // one of those in `devices`, whenever it says anything
  };

  /// `devices`: the entities that stand for devices of the bedroom.
  HaClient(boost::asio::io_context&, HaAddress, const House&, const std::vector<PhonesOf>&,
           const std::vector<std::string>& devices, Handlers);
  /// Drops the connection. Not from inside a handler; none is called any more.
  ~HaClient();
  HaClient(const HaClient&) = delete;
  HaClient& operator=(const HaClient&) = delete;

  void start();
  /// Once a second.
  void beat();
  void notify(const Notify&);
  /// Calls an action for an entity, now or not at all: what waits would come late. Told then what the entity is; or
  /// why Home Assistant would not (`refused`, never from inside).
  void call(const Outgoing&, const std::string& entity, bool off, std::function<void(std::string why)> refused);
  const HaStatus& status() const;
  /// Says goodbye, then calls `done`; after `within` in any case. Never from inside.
  void stop(std::function<void()> done, milliseconds within);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace lull
