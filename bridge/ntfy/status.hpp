// How the road by ntfy is, for whoever looks: its own sensor, the API, the metrics. No topic, token or message is in
// it: of a public server a topic is as good as a password.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "devices/units.hpp"

namespace lull {

struct NtfyStatus {
  /// By what became of the last message that was tried. refused: the token or the topic; not_taken: this message.
  enum class State : std::uint8_t { not_tried, working, unreachable, refused, not_taken };
  State state = State::not_tried;
  std::optional<Utc> last_told{}, last_failed{};
  std::string last_failure{};           // in words; of long ago, where messages arrive again
  std::uint64_t waiting = 0, lost = 0;  // lost: since the start, what was given up before it arrived
  bool operator==(const NtfyStatus&) const = default;
};

inline std::string_view word_for(NtfyStatus::State state) {
  switch (state) {
    case NtfyStatus::State::not_tried: return "not_tried";
    case NtfyStatus::State::working: return "working";
    case NtfyStatus::State::unreachable: return "unreachable";
    case NtfyStatus::State::refused: return "refused";
    case NtfyStatus::State::not_taken: return "not_taken";
  }
  return "not_tried";
}

}  // namespace lull
