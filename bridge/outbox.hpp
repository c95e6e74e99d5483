// The way out for commands: an ON waits until its dose is on the disk, an OFF overtakes everything on every road.
#pragma once

#include <cstdint>
#include <functional>
#include <map>

#include "devices/safety/interlock.hpp"

namespace lull {

class Outbox {
 public:
  /// `leave` sends a command now, by whatever roads there are.
  explicit Outbox(std::function<void(const SafeCommand&)> leave) : leave_(std::move(leave)) {}

  /// `ticket` is of the last thing to be kept before this command; 0 = nothing.
  void send(SafeCommand command, std::uint64_t ticket) {
    if (command.off() || ticket <= durable_) {
      held_.erase(command.device());  // an older ON must not come after this
      leave_(command);
      return;
    }
    held_.insert_or_assign(command.device(), Held{std::move(command), ticket});
  }
  /// Everything up to this ticket is on the disk.
  void durable(std::uint64_t ticket) {
    durable_ = std::max(durable_, ticket);
    for (auto it = held_.begin(); it != held_.end();) {
      if (it->second.ticket > durable_) {
        ++it;
        continue;
      }
      leave_(it->second.command);
      it = held_.erase(it);
    }
  }
  /// Up to which ticket everything is on the disk.
  std::uint64_t kept() const { return durable_; }
  std::size_t waiting() const { return held_.size(); }

 private:
  struct Held {
    SafeCommand command;
    std::uint64_t ticket;
  };
  std::function<void(const SafeCommand&)> leave_;
  std::map<DeviceId, Held> held_;  // at most one a device
  std::uint64_t durable_ = 0;
};

}  // namespace lull
