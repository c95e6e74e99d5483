// One connection to the broker, from CONNECT to its end. The only place that knows Paho.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "bridge/mqtt/inbox.hpp"
#include "bridge/mqtt/message.hpp"

namespace lull {

/// A session is used for one connection only and then thrown away: Paho keeps commands that it could not send and
/// sends them after a reconnect, and an ON must never go out late.
class PahoSession {
 public:
  enum class Version : std::uint8_t { v3_1_1, v5 };
  struct Settings {
    BrokerAddress broker;  // host: a numeric address, or with TLS the name that the certificate must carry
    std::string client_id;
    Publish will;
    Version version = Version::v5;
  };
  /// What happened. `why` is a sentence for a person.
  struct Happened {
    enum class What : std::uint8_t {
      up,               // CONNACK
      refused_version,  // the broker does not speak this MQTT version
      failed,           // no connection
      lost,             // the connection ended
      taken_over,       // the connection ended because another client used our id
      subscribed,       // SUBACK of one filter
      not_subscribed,   // the broker refused a subscription
      proved,           // PUBACK of the message that was published with `proof` = id
      not_sent,         // Paho did not take a message for the topic `why`
      closed,           // our DISCONNECT is out
    };
    What what{};
    std::string why;
    bool session_present = false;
    std::uint64_t id = 0;
  };
  /// Both are called on other threads, most with Paho's lock held: post to the loop and return.
  using Tell = std::function<void(Happened)>;
  using Wake = std::function<void()>;  // the inbox was empty and is not any more

  PahoSession(Settings, std::shared_ptr<Inbox>, Wake, Tell);
  /// Without disconnect(): the broker sends the will. Takes up to 100 ms when it is the process's last session, for
  /// Paho then ends its threads; kept alive they would take up to 1 s to notice the next connection.
  ~PahoSession();
  PahoSession(const PahoSession&) = delete;
  PahoSession& operator=(const PahoSession&) = delete;

  // Loop thread only. Each returns false, and has done nothing, when Paho did not take it.
  bool connect();
  /// `tells_retained`: those of them of which a live message keeps its retain flag.
  bool subscribe(const std::vector<std::string>& filters, const std::vector<std::string>& tells_retained = {});
  /// Never waits: a thread of the session's own hands it to Paho. `proof`: tell `proved` with this id on PUBACK.
  bool publish(const Publish&, std::uint64_t proof = 0);
  bool disconnect();

  /// After CONNACK: no delays on the sockets to these numeric addresses.
  void tune_sockets(const std::vector<std::string>& addresses, std::uint16_t port);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace lull
