// A small session beside the main one. One per heater, whose last will is that heater's OFF: when we die, the broker
// speaks for us. And one without a will, which hears what may stop: on exact topics, read first, never behind a flood.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/mqtt/message.hpp"
#include "devices/dialects/dialect.hpp"

namespace lull {

/// Called on the loop's thread.
struct GuardHandlers {
  /// True: the broker holds the will; the subscriptions leave next. False: nobody speaks for us; send OFF by the main
  /// link and refuse ON.
  std::function<void(bool)> up;
  std::function<void(std::string)> complaint;  // each said once until it changes
  /// What arrived on a topic of hear(). Never from inside the library: it may publish, also by this guard.
  std::function<void(std::string_view topic, std::string_view payload, bool retained)> message = {};
};

/// Runs on the loop's own thread, pings included: a loop that hangs must look dead to the broker.
class Guard {
 public:
  /// `client_id`: "<install>-guard-<device>", the same for every run: a second connection under it makes the broker
  /// end the first and send its OFF. `off`: the device's OFF words, the most important first (that one is the will);
  /// none: no will.
  Guard(boost::asio::io_context&, BrokerAddress, std::string client_id, std::vector<Outgoing> off, GuardHandlers);
  /// Without stop(): the connection just ends, and the broker sends OFF. Doubt is OFF. Not from inside a handler.
  ~Guard();
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;

  /// Exact topics, to be told before start(). A message larger than kMaxPayload is not handed over.
  void hear(std::vector<std::string> topics);
  void start();
  /// Looks whether a ping is due. It does so by itself; called once a second by who ticks anyway, it needs no timer of
  /// its own, and a sleeping house wakes the machine once for all guards.
  void beat();
  bool is_up() const;

  /// Leaves at once, QoS 1, not retained: the second way out for OFF. False: no connection, nothing was sent or kept.
  bool publish(const Outgoing&);
  /// What is published between true and false leaves together at the false: one packet and one waking of the broker for
  /// all of it. Keep it short.
  void gather(bool);
  /// All OFF words of the device.
  bool say_off();

  /// Says OFF, waits for the broker's acknowledgement, disconnects (which deletes the will), calls `done`; after
  /// `within` it ends without a DISCONNECT, so that the will says OFF, and calls `done` all the same.
  void stop(std::function<void()> done, std::chrono::milliseconds within);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace lull
