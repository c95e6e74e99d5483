// The words for the doors through which people ask.
#include "devices/event.hpp"

#include <array>

#include "devices/words.hpp"

namespace lull {
namespace {
constexpr std::array<std::string_view, 10> kDoors{"rule",   "voice", "home_assistant", "mqtt",   "page",
                                                  "button", "phone", "command_line",   "signal", "scene"};
static_assert(kDoors.size() == static_cast<std::size_t>(Door::scene) + 1);
}  // namespace

std::string_view word_for(Door door) { return word_in(kDoors, door); }
std::optional<Door> door_for(std::string_view word) { return value_in<Door>(kDoors, word); }

}  // namespace lull
