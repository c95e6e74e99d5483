// What both MQTT sessions share: where the broker is, and one message to publish.
#pragma once

#include <cstdint>
#include <string>

namespace lull {

struct BrokerAddress {
  std::string host;
  std::uint16_t port = 1883;
  bool tls = false;
  std::string user, password;  // empty: none
  std::string ca_file;         // PEM; empty: the system's own authorities. With tls only
};

struct Publish {
  std::string topic, payload;
  int qos = 1;
  bool retain = false;
  std::uint32_t expiry_s = 0;  // 0: never. MQTT 5 only: the broker drops it when nobody took it in time
};

}  // namespace lull
