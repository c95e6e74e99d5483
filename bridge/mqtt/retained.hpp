// Finds commands that somebody retained on a device's command topic, and says how to clear them. Pure.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/mqtt/message.hpp"
#include "devices/device.hpp"

namespace lull {

/// A retained ON is given to a device's bridge at every reconnect and switches the heater on again, long after anybody
/// wished it. The broker shows us such a message when we subscribe to the command topic.
class RetainedCommands {
 public:
  static constexpr std::size_t kMaxTopics = 16 * kMaxDevices;  // later ones are not watched

  struct Found {
    DeviceId device;
    std::string topic;
    Publish clear;  // an empty retained message: the broker forgets the old one. Devices ignore an empty command
  };

  void watch(DeviceId device, std::span<const std::string> command_topics) {
    for (const std::string& topic : command_topics)
      if (devices_.size() < kMaxTopics) devices_.emplace(topic, device);
  }

  /// To subscribe to, as they are.
  std::vector<std::string> topics() const {
    std::vector<std::string> all;
    for (const auto& [topic, device] : devices_) all.push_back(topic);
    return all;
  }

  /// True when the topic is a command topic: such a message is never news of a device.
  bool is_command(std::string_view topic) const { return devices_.find(topic) != devices_.end(); }

  /// Something when this message is a retained command. Live commands, of others too, are none of ours.
  std::optional<Found> look(std::string_view topic, std::string_view payload, bool retained) const {
    const auto at = retained && !payload.empty() ? devices_.find(topic) : devices_.end();
    if (at == devices_.end()) return std::nullopt;
    Publish clear;
    clear.topic = at->first;
    clear.retain = true;
    return Found{at->second, at->first, std::move(clear)};
  }

 private:
  std::map<std::string, DeviceId, std::less<>> devices_;
};

}  // namespace lull
