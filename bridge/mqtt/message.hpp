// What both MQTT sessions share: where the broker is, and one message to publish.
#pragma once

#include <cstdint>
#include <string>

namespace lull {

struct BrokerAddress {
  std::string host;
  std::uint16_t port = 1883;
  bool tls = false;
  std::string user, password;                  // empty: none
  std::string ca_file{};                       // PEM; empty: the system's own authorities. With tls only
  std::string certificate_file{}, key_file{};  // PEM, ours, for a broker that asks; empty: none
};

struct Publish {
  std::string topic, payload;
  /// 1 only for what must not wait for the next time it is said: a broker takes 20 of those unacknowledged unless told
  /// otherwise, and then Paho pauses for a whole second, with every OFF behind it. States and questions are many and 0.
  int qos = 1;
  bool retain = false;
  std::uint32_t expiry_s = 0;  // 0: never. MQTT 5 only: the broker drops it when nobody took it in time
};

}  // namespace lull
