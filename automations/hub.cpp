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

namespace {
/// Devices of one dialect below one base topic share a bridge, and its radio.
std::int32_t air_for(Hub& hub, const House& house, std::size_t i) {
  for (std::size_t j = 0; j < i; ++j)
    if (hub.actuators[j].air >= 0 && house.devices[j].speaks == house.devices[i].speaks &&
        house.devices[j].base == house.devices[i].base)
      return hub.actuators[j].air;
  hub.air.emplace_back();
  return static_cast<std::int32_t>(hub.air.size()) - 1;
}
}  // namespace

Hub begin(std::shared_ptr<const House> house) {
  Hub hub;
  hub.actuators.resize(house->devices.size());
  hub.vitals.resize(house->devices.size());
  for (std::size_t i = 0; i < house->devices.size(); ++i) {
    Standing& is = hub.actuators[i].standing;
    is.kind = house->devices[i].kind;
    is.name = house->devices[i].name;
    is.own_cut_off = house->devices[i].own_cut_off;
    is.measures_surface = measures_surface(house->devices[i]);
    is.heat_by_voice = house->heat_by_voice;
    is.dose.kept.device = house->devices[i].id;
    is.behind_mains = house->leased_plug(DeviceId{static_cast<std::uint16_t>(i)}).has_value();
    if (const Dialect* dialect = dialect_called(house->devices[i].speaks)) {
      hub.actuators[i].fades = dialect->fades;
      if (dialect->shares_air) hub.actuators[i].air = air_for(hub, *house, i);
    }
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
  hub.routines.resize(house->routines.size());
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
  if (!t.late_why.empty()) t.late = t.happened.size();
  pass_time(t, since_last);
  judge(t);
  decide_owners(t);
  if (hub.trial) reconcile_trial(t);
  const auto n = static_cast<std::uint16_t>(hub.actuators.size());
  hub.had_to_wait.reset();
  for (std::uint16_t i = 0; i < n; ++i) {
    const DeviceId id{static_cast<std::uint16_t>((hub.first_served + i) % n)};
    if (!hub.trial || hub.trial->device != id) reconcile(t, id);
  }
  if (hub.had_to_wait) hub.first_served = hub.had_to_wait->index;
  for (std::uint16_t i = 0; i < n; ++i)
    if (hub.house->devices[i].kind == Kind::mains && hub.started && (!hub.trial || hub.trial->device != DeviceId{i}))
      reconcile_mains(t, DeviceId{i});
  keep_doubts(t);
  off_first(hub, effects);
  hush(t);
  return {std::move(hub), std::move(effects)};
}

}  // namespace lull
