// Where Home Assistant is, and where the token that opens it comes from.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "config/load.hpp"
#include "devices/result.hpp"

namespace lull {

struct HaAddress {
  std::string host;
  std::uint16_t port = 8123;
  bool tls = false;
  std::string path = "/api/websocket";
  std::string ca_file{};              // "": the system's authorities
  std::string token{}, token_file{};  // from the environment; or in a file, read anew for each attempt
  std::string place() const { return host + ":" + std::to_string(port); }
};

/// The environment goes before the file. Nothing: this household reaches Home Assistant by MQTT alone.
/// As an app of Home Assistant the Supervisor gives us a token of its own, and the way.
/// `devices`: some of the household's are reached by it.
std::optional<HaAddress> ha_address_of(const HomeAssistantSettings& settings, bool devices);

/// The token as it is now. Never to be shown.
Result<std::string> ha_token(const HaAddress& address);

}  // namespace lull
