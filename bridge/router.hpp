// From topics to dialects and back: which dialect hears a message for which devices, and which words go out.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "automations/house.hpp"
#include "devices/dialects/dialect.hpp"

namespace lull {

class Router {
 public:
  /// The house must outlive the router.
  explicit Router(const House& house);

  /// By which way a device is reached: the broker, or Home Assistant's WebSocket. Its topics are entities there.
  enum class Road : std::uint8_t { mqtt, home_assistant };
  /// What the message said; nothing for topics that are nobody's on that road.
  Heard hear(const Incoming& message, Road road = Road::mqtt) const;
  /// Device topics in the order in which they must be subscribed; those of bridges may be large. Entities are Home
  /// Assistant's, and no topics of the broker.
  struct Topics {
    std::vector<std::string> devices, bridges, entities;
  };
  Road road(DeviceId device) const;
  const Topics& topics() const { return topics_; }

  std::vector<Outgoing> say(const SafeCommand& command, Instant now) const;
  std::vector<Outgoing> ask(DeviceId device) const;
  std::vector<Outgoing> arm(DeviceId device, Timer timer, seconds value) const;
  std::vector<Outgoing> off(DeviceId device) const;
  std::vector<Outgoing> also_off(DeviceId device) const;
  std::vector<Outgoing> ask_bridge(DeviceId device) const;         // empty: it has none
  std::vector<std::string> command_topics(DeviceId device) const;  // on the broker
  /// Where this device speaks of itself; not its bridge's topics.
  std::vector<std::string> topics_of(DeviceId device) const;
  /// The same for another name that its bridge knows it by: commands to its address reach it too.
  std::vector<std::string> command_topics(DeviceId device, const std::string& address) const;

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  struct Hearers {
    const Dialect* dialect;
    std::vector<Listener> listeners;
  };
  const House& house_;
  std::vector<const Dialect*> dialects_;                                                     // one a device
  std::unordered_map<std::string, std::vector<Hearers>, Hash, std::equal_to<>> hearers_[2];  // one a road
  Topics topics_;
};

}  // namespace lull
