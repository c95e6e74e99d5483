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
  std::string why{};              // what keeps it from being connected, or from hearing what its entities are
  std::string version{}, user{};  // of Home Assistant; whose token it is
  bool looked = false;            // all of what follows was asked since it is connected
  bool administrator = false, hears_answers = false;
  bool hears_entities = true;  // false: the states of those that Lull needs are refused
  std::string advice{};        // what works less well than it could
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

inline std::string words_for_unheard(const std::string& code, const std::string& text) {
  return "Home Assistant does not tell the states of entities (" + code + (text.empty() ? "" : ": " + text) +
         "), so devices that it knows are out of reach; it is asked again every half minute";
}
inline std::string words_for_no_administrator(const std::string& user) {
  return "the token is " + (user.empty() ? "a user" : user) +
         "'s, who is no administrator of Home Assistant. Messages are sent all the same, but taps on them are told to "
         "administrators only, so they offer no answers (Stop, Softer, Not tonight)";
}

}  // namespace lull
