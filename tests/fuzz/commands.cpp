// Any bytes on any command topic: an answer or an Error, never a crash, and never a start from a retained message.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "bridge/home_assistant/commands.hpp"
#include "bridge/topics.hpp"
#include "tests/fuzz/house.hpp"

namespace {

using lull::fuzz::house;

constexpr std::string_view kTopics[] = {"lull/x/command",
                                        "lull/x/device/leg/on/set",
                                        "lull/x/device/leg/level/set",
                                        "lull/x/device/foot/heat/set",
                                        "lull/x/device/leg/program/set",
                                        "lull/x/massage/level/set",
                                        "lull/x/routine/wind-down/on/set",
                                        "lull/x/hub/on/set"};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const bool retained = data[0] & 0x80u;
  const std::size_t pick = data[0] & 0x0fu;
  std::string_view topic = pick < std::size(kTopics) ? kTopics[pick] : bytes;
  const auto wish = lull::wish_from(topic, bytes, retained, house(), "x");
  if (wish && retained && !wish->commands.empty()) std::abort();
  if (wish)
    for (const lull::Command& c : wish->commands)
      if (const auto* set = std::get_if<lull::ask::SetDevice>(&c)) {
        if (set->device.index >= house().devices.size()) std::abort();
        if (set->for_how_long && (*set->for_how_long < lull::minutes(1) || *set->for_how_long > lull::minutes(60)))
          std::abort();
      }
  return 0;
}
