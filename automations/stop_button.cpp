// Which presses of a button are a STOP. In the dark, half asleep, a long press is what a hand finds by itself.
#include "automations/stop_button.hpp"

#include <algorithm>
#include <variant>

namespace lull {

bool is_long_press(std::string_view action) {
  bool long_one = false;
  while (!action.empty()) {
    const std::size_t end = std::min(action.find_first_of("_- "), action.size());
    const std::string_view word = action.substr(0, end);
    if (word == "hold" || word == "held" || word == "long" || word == "longpress") long_one = true;
    if (word == "release" || word == "released") return false;
    action.remove_prefix(std::min(end + 1, action.size()));
  }
  return long_one;
}

bool is_stop(const House& house, DeviceId button, std::string_view action) {
  if (button.index >= house.devices.size() || house.devices[button.index].kind != Kind::button) return false;
  if (const auto& chosen = house.devices[button.index].stop_on)
    return std::find(chosen->begin(), chosen->end(), action) != chosen->end();
  const auto means_something_else = [&](const Rule& rule) {
    return std::any_of(rule.when.begin(), rule.when.end(), [&](const Trigger& trigger) {
      const auto* press = std::get_if<when::Button>(&trigger);
      return press && press->device == button && press->action == action;
    });
  };
  return is_long_press(action) && std::none_of(house.rules.begin(), house.rules.end(), means_something_else);
}

}  // namespace lull
