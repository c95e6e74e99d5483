// How the road to Home Assistant's WebSocket is, for whoever looks: its own sensor, the log, `lull check --connect`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lull {

struct HaStatus {
  /// refused: the token; it is tried again when it is another, or after a start.
  enum class State : std::uint8_t { connecting, connected, unreachable, refused, no_token };
  State state = State::connecting;
  std::string why{};              // what keeps it from being connected, in words
  std::string version{}, user{};  // of Home Assistant; whose token it is
  bool looked = false;            // all of what follows was asked since it is connected
  bool administrator = false, hears_answers = false;
  std::string advice{};  // what works less well than it could
  struct Phone {
    std::string name, way;  // "mobile_app_pixel"; "service", "entity", "missing", "unknown"
    bool operator==(const Phone&) const = default;
  };
  std::vector<Phone> phones{};
  std::vector<std::string> missing{};  // entities of devices that Home Assistant does not have
  std::string refused_answer{};        // the last tap that was not taken, and why
  bool operator==(const HaStatus&) const = default;
};

inline std::string_view word_for(HaStatus::State state) {
  switch (state) {
    case HaStatus::State::connecting: return "connecting";
    case HaStatus::State::connected: return "connected";
    case HaStatus::State::unreachable: return "unreachable";
    case HaStatus::State::refused: return "token_refused";
    case HaStatus::State::no_token: return "no_token";
  }
  return "connecting";
}

}  // namespace lull
