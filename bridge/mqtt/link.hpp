// The main MQTT session: connects, subscribes again after every reconnect, and never sends anything late.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/mqtt/inbox.hpp"
#include "bridge/mqtt/message.hpp"

namespace lull {

/// All are called on the loop's thread.
struct LinkHandlers {
  /// The broker took us, and every remembered topic is being subscribed: what is published from here on comes after.
  /// `session_fresh`: the broker remembers nothing of us, which is what we ask for.
  std::function<void(bool session_fresh)> up;
  /// Not connected any more, or (once) the very first attempt failed. Attempts go on by themselves.
  std::function<void(std::string why)> down;
  /// `retained`: it was lying there when we subscribed, so nobody knows how old it is.
  /// `waited`: since it arrived at our socket, in the world's time. Nobody knows here how long it was on its way
  /// before.
  std::function<void(std::string_view topic, std::string_view payload, bool retained, std::chrono::milliseconds waited)>
      message;
  /// Something a person should read; each said once until it changes.
  std::function<void(std::string)> complaint;
};

class Link {
 public:
  static constexpr std::size_t kMaxFilters = 2048;

  struct Counts {
    std::uint64_t received = 0;      // messages that arrived
    std::uint64_t too_large = 0;     // of them not read: larger than their topic may be
    std::uint64_t dropped = 0;       // of them not read: more than the queue holds
    std::uint64_t published = 0;     // handed to the session
    std::uint64_t dropped_down = 0;  // not published: no connection
    std::uint64_t dropped_full = 0;  // not published: too many wait already
    std::uint64_t connected = 0;     // times the broker took us
    std::uint64_t lost = 0;          // connections that ended without our wish
    std::uint64_t subscribed = 0;    // subscriptions that the broker confirmed, all connections together
  };

  /// `client_id` must be the same for every run of an installation and nobody else's: a dead session's will, under
  /// another id, would arrive after our new "online" and stick. `will`: without a topic, none.
  Link(boost::asio::io_context&, BrokerAddress, std::string client_id, Publish will, LinkHandlers);
  /// Without stop(): the broker sends the will. Not from inside a handler; none is called any more.
  ~Link();
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  // Everything below: loop thread only.
  /// Before start(): where a small message goes when nothing was heard for 10 s. If nothing comes back in another 10 s,
  /// not even its acknowledgement, the connection is given up: a garbled packet that lies about its length would keep
  /// it deaf for as long as it lies, while Paho's own pings look well. Without a topic nothing is asked.
  void ask_on(std::string topic);
  void start();
  bool is_up() const;
  /// False: MQTT 3.1.1, where expiry_s does nothing and we hear what we publish ourselves.
  bool speaks_mqtt_5() const;

  /// Exact topics or filters; remembered, and subscribed again after each reconnect. At most kMaxFilters.
  /// A topic that a filter covers is brought once: name the filter no later than the topic, or before start().
  void subscribe(std::vector<std::string> topics, Intake intake = {});

  /// Never kept for later: while there is no connection it is dropped and counted. False: dropped.
  bool publish(Publish);

  /// Publishes `last_words` (without a topic: nothing), waits for the broker's acknowledgement, disconnects so that no
  /// will is sent, calls `done`. After `within` it gives up waiting and calls `done` all the same.
  void stop(Publish last_words, std::function<void()> done, std::chrono::milliseconds within);

  Counts counts() const;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace lull
