// What just happened, for automations: said once, never retained, forgotten by the broker after a minute.
#include <nlohmann/json.hpp>

#include "bridge/home_assistant/states.hpp"
#include "bridge/home_assistant/words.hpp"
#include "bridge/topics.hpp"

namespace lull {
namespace {

using Json = nlohmann::json;
constexpr std::uint32_t kNewsLives = 60;  // seconds; a phone must not ring at noon for what happened at night

Publish event(std::string topic, const Json& what) {
  return {std::move(topic), what.dump(-1, ' ', false, Json::error_handler_t::replace), 1, false, kNewsLives};
}

/// The event's name for what changed on one heat pad; "" = nothing of note.
std::string_view heat_news(const DeviceView& was, const DeviceView& is) {
  if (is.tripped && !was.tripped) return "over_temp";
  if (is.faulty && !was.faulty) return is.wanted == 0_pct && !is.off_proved ? "off_unconfirmed" : "fault";
  const bool ran = was.on.value_or(true) || was.wanted > 0_pct;  // unknown counts as running: doubt is news
  if (was.reachable && !is.reachable && ran) return "link_lost";
  if (is_used_up(is.refusal) && !is_used_up(was.refusal)) return "over_time";
  return "";
}

}  // namespace

std::vector<Publish> heat_events(const House& house, const View& before, const View& after, std::string_view install) {
  std::vector<Publish> out;
  const Topics topics(install);
  for (const DeviceView& is : after.devices)
    for (const DeviceView& was : before.devices) {
      if (was.device != is.device || is.device.index >= house.devices.size()) continue;
      const Device& device = house.devices[is.device.index];
      if (device.kind != Kind::heat_pad) continue;
      if (const std::string_view news = heat_news(was, is); !news.empty())
        out.push_back(event(topics.event("heat"),
                            {{"event_type", news}, {"device", device.name}, {"message", one_line(is.why)}}));
    }
  return out;
}

Publish message_event(const House& house, const Notify& notify, std::string_view install) {
  Json what{{"event_type", word_for(notify.urgency)}, {"message", notify.text}};
  if (notify.to && notify.to->index < house.sleepers.size()) what["for"] = house.sleepers[notify.to->index].name;
  return event(Topics(install).event("message"), what);
}

Publish trial_event(const House& house, const TrialTold& told, std::string_view install) {
  const Device& device = house.devices[told.device.index];
  return event(Topics(install).event("test"), {{"device", device.id},
                                               {"name", device.name},
                                               {"step", told.step},
                                               {"of", told.of},
                                               {"state", word_for(told.state)},
                                               {"text", told.text}});
}

}  // namespace lull
