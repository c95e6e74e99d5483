// Where the broker of a configuration is, for every command that speaks to it.
#pragma once

#include <cstdlib>

#include "bridge/mqtt/message.hpp"
#include "config/load.hpp"

namespace lull::cli {

/// The environment goes before the file: that is how containers and units hand out secrets.
inline BrokerAddress address_of(const BrokerSettings& s) {
  BrokerAddress broker{s.host, s.port, s.tls, s.user, s.password, s.ca_file, s.certificate_file, s.key_file};
  if (const char* user = std::getenv("LULL_BROKER_USER"); user && *user) broker.user = user;
  if (const char* password = std::getenv("LULL_BROKER_PASSWORD"); password && *password) broker.password = password;
  return broker;
}

}  // namespace lull::cli
