// The words of the night's lanes. They are stored with the notes: never change one.
#include "automations/night/note.hpp"

#include <array>

namespace lull {
namespace {

constexpr std::array<std::string_view, 9> kLanes{"in_bed", "movement", "episode", "play", "massage",
                                                 "heat",   "light",    "other",   "note"};
static_assert(kLanes.size() == static_cast<std::size_t>(Lane::note) + 1);

}  // namespace

std::string_view word_for(Lane lane) {
  const auto i = static_cast<std::size_t>(lane);
  return i < kLanes.size() ? kLanes[i] : kLanes.back();
}

std::optional<Lane> lane_for(std::string_view word) {
  for (std::size_t i = 0; i < kLanes.size(); ++i)
    if (kLanes[i] == word) return static_cast<Lane>(i);
  return std::nullopt;
}

}  // namespace lull
