// Which topics may carry a stop is asked of those who introduce them, so that no new switch is forgotten here.
#include "bridge/guarded.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <variant>

#include "automations/stop_button.hpp"
#include "bridge/home_assistant/commands.hpp"
#include "bridge/home_assistant/discovery.hpp"
#include "bridge/topics.hpp"

namespace lull {
namespace {

constexpr std::string_view kPeople = "people";

/// Every topic on which Home Assistant is told that it may send something.
void each_command_topic(const nlohmann::json& at, const std::function<void(const std::string&)>& found) {
  constexpr std::string_view kEnd = "command_topic";
  for (const auto& [key, value] : at.items()) {
    const bool ends = key.size() >= kEnd.size() && key.compare(key.size() - kEnd.size(), kEnd.size(), kEnd) == 0;
    if (ends && value.is_string())
      found(value.get_ref<const std::string&>());
    else if (value.is_structured())
      each_command_topic(value, found);
  }
}

bool only_stops(const Command& command) {
  if (const auto* set = std::get_if<ask::SetDevice>(&command)) return set->level == std::optional(0_pct);
  return std::holds_alternative<ask::StopAll>(command) || std::holds_alternative<ask::StopMassage>(command) ||
         std::holds_alternative<ask::StopPlay>(command);
}

}  // namespace

Guarded::Guarded(const House& house, const Router& router, const HomeAssistant& settings)
    : house_(house), router_(router), install_(settings.install) {
  const Topics topics(install_);
  add(topics.command(), kPeople);
  for (const char* what : {"on", "level"}) add(Topics::set(topics.massage(what)), kPeople);
  for (const DeviceConfig& device : discovery(house, settings))
    each_command_topic(nlohmann::json::parse(device.payload, nullptr, false),
                       [&](const std::string& topic) { add(topic, kPeople); });
  for (std::uint16_t i = 0; i < house.devices.size(); ++i) {
    const Kind kind = house.devices[i].kind;
    if (kind != Kind::button && kind != Kind::heat_pad && kind != Kind::thermometer) continue;
    for (const std::string& topic : router.topics_of(DeviceId{i})) add(topic, kind == Kind::button ? kPeople : topic);
  }
}

void Guarded::add(const std::string& topic, std::string_view lane) {
  if (lanes_.emplace(topic, lane).second) topics_.push_back(topic);
}

const std::string* Guarded::lane(std::string_view topic) const {
  const auto found = lanes_.find(topic);
  return found == lanes_.end() ? nullptr : &found->second;
}

bool Guarded::stops(std::string_view topic, std::string_view payload) const {
  const auto wish = wish_from(topic, payload, false, house_, install_);
  if (wish) return !wish->commands.empty() && std::all_of(wish->commands.begin(), wish->commands.end(), only_stops);
  const Heard heard = router_.hear({topic, payload, false});
  return std::any_of(heard.news.begin(), heard.news.end(), [&](const News& news) {
    const auto* pressed = std::get_if<ButtonPressed>(&news);
    return pressed && is_stop(house_, pressed->device, pressed->action);
  });
}

}  // namespace lull
