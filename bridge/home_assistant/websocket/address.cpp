// The address of a configuration, with what the environment adds.
#include "bridge/home_assistant/websocket/address.hpp"

#include <algorithm>
#include <cstdlib>

#include "config/password.hpp"

namespace lull {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

}  // namespace

std::optional<HaAddress> ha_address_of(const HomeAssistantSettings& s, bool devices) {
  HaAddress address{s.host,      s.port, s.tls, "/api/websocket", s.ca_file, environment("LULL_HOME_ASSISTANT_TOKEN"),
                    s.token_file};
  if (!address.host.empty()) return address;
  const std::string supervisor = environment("SUPERVISOR_TOKEN");
  if (supervisor.empty() || (s.phones.empty() && !devices)) return std::nullopt;
  return HaAddress{"supervisor", 80, false, "/core/websocket", "", supervisor, ""};
}

Result<std::string> ha_token(const HaAddress& address) {
  if (address.token.empty() && address.token_file.empty())
    return Error{"token_file",
                 "there is no token: make a long-lived one in Home Assistant (your profile, Security), write it into a "
                 "file (mode 600) and name that as `token_file`, or set LULL_HOME_ASSISTANT_TOKEN"};
  auto token = address.token.empty() ? config::read_password(address.token_file) : Result<std::string>(address.token);
  if (!token) return Error{"token_file", "`token_file` " + token.error().what};
  const bool plain = std::all_of(token->begin(), token->end(), [](char c) { return c > ' ' && c <= '~'; });
  if (!plain)
    return Error{"token_file", "what is given as the token is none: it has blanks or other odd letters in it"};
  return token;
}

}  // namespace lull
