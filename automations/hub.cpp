// The step: learn, listen, let time pass, judge, decide who owns what, and reconcile.
#include "automations/hub.hpp"

#include <algorithm>
#include <utility>

#include "automations/turn.hpp"
#include "devices/dialects/dialect.hpp"

namespace lull {

std::optional<Utc> utc(const Hub& hub) {
  if (!hub.utc_minus_boot) return std::nullopt;
  return Utc{hub.now.since_boot + *hub.utc_minus_boot};
}

Hub begin(std::shared_ptr<const House> house) {
  Hub hub;
  hub.actuators.resize(house->devices.size());
  hub.vitals.resize(house->devices.size());
  for (std::size_t i = 0; i < house->devices.size(); ++i) {
    Standing& is = hub.actuators[i].standing;
    is.kind = house->devices[i].kind;
    is.own_cut_off = house->devices[i].own_cut_off;
    is.measures_surface = measures_surface(house->devices[i]);
    is.dose.kept.device = house->devices[i].id;
    if (const Dialect* dialect = dialect_called(house->devices[i].speaks)) hub.actuators[i].fades = dialect->fades;
  }
  hub.sleepers.resize(house->sleepers.size());
  for (std::uint16_t s = 0; s < house->sleepers.size(); ++s) {
    SleeperState& sleeper = hub.sleepers[s];
    sleeper.detector.settings = house->sleepers[s].detector;
    for (std::uint16_t i = 0; i < house->devices.size(); ++i) {
      const Device& d = house->devices[i];
      if (d.sleeper && *d.sleeper != SleeperId{s}) continue;
      if (d.kind == Kind::presence) sleeper.presence.push_back({DeviceId{i}});
      if (d.kind == Kind::movement) sleeper.detector.sensors.push_back(sensor_for(DeviceId{i}, d));
    }
    sleeper.detector.has_presence = !sleeper.presence.empty();
  }
  hub.rules.resize(house->rules.size());
  for (std::size_t i = 0; i < hub.rules.size(); ++i) hub.rules[i].used.rule = house->rules[i].name;
  hub.house = std::move(house);
  apply_flags(hub);
  return hub;
}

Stepped step(Hub hub, const Event& event) {
  std::vector<Effect> effects;
  const Instant now = std::max(event.at, hub.now);  // time never goes back, whatever a shell may say
  const milliseconds since_last = hub.now == Instant{} ? 0ms : now - hub.now;
  if (hub.now == Instant{}) hub.minute_at = now;
  hub.now = now;
  Turn t{hub, now, effects, {}};

  learn(t, event.news);  // learn first: only what follows may act
  if (const auto* asked = std::get_if<Asked>(&event.news)) listen(t, *asked);
  if (const auto* pressed = std::get_if<ButtonPressed>(&event.news)) listen(t, *pressed);
  pass_time(t, since_last);
  if (!t.happened.empty()) judge(t);
  decide_owners(t);
  for (std::uint16_t i = 0; i < hub.actuators.size(); ++i) reconcile(t, DeviceId{i});
  return {std::move(hub), std::move(effects)};
}

}  // namespace lull
