// What Zigbee2MQTT makes of a `/set`: words, objects, and the messages it skips.
#include <nlohmann/json.hpp>

#include "bridge/demo/zigbee.hpp"

namespace lull::demo {
namespace {
using Json = nlohmann::json;

// Zigbee2MQTT itself has no such bounds; a simulation that strangers may talk to needs them.
constexpr std::size_t kLongest = 4096;
constexpr int kDeepest = 8;
constexpr double kMostOnTime = 6553.5;  // tenths of a second in sixteen bits, and that value itself means for ever

std::optional<double> number(const Json& value) {
  if (!value.is_number()) return std::nullopt;
  return value.get<double>();
}

ZigbeeSet::State state_in(std::string_view word) {
  const auto is = [&](std::string_view what) {
    return word.size() == what.size() &&
           std::equal(word.begin(), word.end(), what.begin(), [](char a, char b) { return (a & ~0x20) == b; });
  };
  return is("ON")       ? ZigbeeSet::State::on
         : is("OFF")    ? ZigbeeSet::State::off
         : is("TOGGLE") ? ZigbeeSet::State::toggle
                        : ZigbeeSet::State::unsaid;
}

bool too_deep(std::string_view text) {
  int depth = 0;
  for (const char c : text) {
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    if (depth > kDeepest) return true;
  }
  return false;
}
}  // namespace

std::optional<ZigbeeSet> zigbee_set_in(std::string_view payload) {
  if (payload.empty() || payload.size() > kLongest || too_deep(payload)) return std::nullopt;
  ZigbeeSet set;
  set.state = state_in(payload);
  if (set.state != ZigbeeSet::State::unsaid) return set;
  const Json said = Json::parse(payload, nullptr, false);
  if (!said.is_object()) return std::nullopt;
  for (const auto& [key, value] : said.items()) {
    if (key == "state" && value.is_string())
      set.state = state_in(value.get_ref<const std::string&>());
    else if (key == "on_time") {
      set.on_time = number(value);
      set.bad_on_time = !set.on_time || !(*set.on_time >= 0 && *set.on_time <= kMostOnTime);
    } else if (key == "brightness")
      set.brightness = number(value);
    else if (key == "color_temp")
      set.color_temp = number(value);
    else if (key == "transition")
      set.transition = number(value);
    else if (key == "power_on_behavior" && value.is_string())
      set.power_on_behavior = value.get<std::string>();
    else if (key != "off_wait_time" && set.unknown.size() < 8)
      set.unknown.push_back(key);
  }
  return set;
}

}  // namespace lull::demo
