// The hub as it can be seen from outside.
#include "automations/view.hpp"

#include <algorithm>

#include "automations/hub.hpp"

namespace lull {
namespace {

DeviceView device_view(const Hub& hub, DeviceId id) {
  const Actuator& a = hub.actuators[id.index];
  const Device& device = hub.house->devices[id.index];
  DeviceView v;
  v.device = id;
  v.on = a.on;
  v.level = a.level;
  v.wanted = a.wanted.fade_to.value_or(a.wanted.level);
  v.off_proved = a.off_proved;
  v.reachable = a.standing.reachable;
  v.faulty = a.standing.faulty;
  v.tripped = a.standing.tripped;
  v.timer = a.standing.timer;
  v.refusal = a.refusal;
  v.why = a.standing.faulty ? a.standing.fault : a.why;
  if (a.standing.surface) v.surface = a.standing.surface->celsius;
  v.watts = a.watts;
  v.owner = a.owner;
  v.hand = a.hand.has_value();
  if (a.manual) v.program = a.manual->program;
  if (!has_force(device.kind)) return v;
  const Limits limits = tightest(hub.house->limits_of(device), kHard);
  const minutes night = device.kind == Kind::heat_pad ? limits.heat_night : limits.massage_night;
  v.used_tonight = duration_cast<seconds>(a.standing.dose.kept.on);
  v.left_tonight = std::max(0s, duration_cast<seconds>(night) - v.used_tonight);
  // A device's echo of the moment may be of a wave's trough; what it was told to do is what a person set.
  for (const Play& play : hub.plays)
    if (const Routine* routine = hub.house->routine(play.routine))
      for (const Track& track : routine->tracks)
        if (track.kind == TrackKind::massage && track.device == id && a.priority != Priority::nobody)
          v.program = track.program;
  return v;
}

DoseView dose_view(const PersonDose& dose, minutes night) {
  const auto used = duration_cast<seconds>(dose.meter.kept.on);
  return {used, std::max(0s, duration_cast<seconds>(night) - used), dose.meter.kept.level_ms / 60'000};
}

SleeperView sleeper_view(const Hub& hub, SleeperId id, Instant now) {
  const SleeperState& s = hub.sleepers[id.index];
  SleeperView v{id, s.in_bed, s.detector.view(now), s.episodes, s.replays, false};
  v.restless_known = v.detector.gate == Gate::open;
  const Limits limits = tightest(hub.house->sleepers[id.index].limits, kHard);
  v.heat = dose_view(s.heat, limits.heat_night);
  v.massage = dose_view(s.massage, limits.massage_night);
  v.sedatives_tonight = std::find(s.tonight.begin(), s.tonight.end(), Flag::sedatives) != s.tonight.end();
  return v;
}

PlayView play_view(const Hub& hub, const Play& play) {
  const Routine& routine = *hub.house->routine(play.routine);
  const Step step = step_at(routine, play.elapsed);
  return {play.routine,
          play.by,
          step.name,
          duration_cast<seconds>(step.left + play.hold),
          duration_cast<seconds>(routine.length - play.elapsed + play.hold),
          play.paused};
}

void status(View& v, const Hub& hub) {
  const auto fault =
      std::find_if(v.devices.begin(), v.devices.end(), [](const DeviceView& d) { return d.faulty || d.tripped; });
  if (hub.stopped) {
    v.status = "stopped", v.status_why = "STOP is on: nothing runs until a person releases it";
  } else if (!hub.link_up) {
    v.status = "fault", v.status_why = "no connection to the broker";
  } else if (!hub.store_healthy) {
    v.status = "fault", v.status_why = "the disk cannot be written";
  } else if (fault != v.devices.end()) {
    v.status = "fault",
    v.status_why = hub.house->devices[fault->device.index].name + ": " + (fault->tripped ? "was too hot" : fault->why);
  } else if (!v.plays.empty()) {
    v.status = "playing", v.status_why = v.plays.front().routine + ": " + v.plays.front().step;
  } else if (!hub.ready) {
    v.status = "starting", v.status_why = "waiting until every device has shown that it is off";
  } else {
    v.status = "ready", v.status_why = "everything is off and watched";
  }
}

}  // namespace

View view(const Hub& hub, Instant now) {
  View v;
  v.stopped = hub.stopped;
  v.leaving = hub.leaving_since.has_value();
  v.ready = hub.ready;
  v.not_tonight = hub.not_tonight;
  v.night_replay = hub.night_replay;
  v.night = hub.night;
  for (std::uint16_t i = 0; i < hub.actuators.size(); ++i) v.devices.push_back(device_view(hub, DeviceId{i}));
  for (std::uint16_t s = 0; s < hub.sleepers.size(); ++s) v.sleepers.push_back(sleeper_view(hub, SleeperId{s}, now));
  for (const Play& play : hub.plays) v.plays.push_back(play_view(hub, play));
  for (std::size_t i = 0; i < hub.rules.size(); ++i)
    v.rules.emplace_back(hub.house->rules[i].name, hub.rules[i].allowed);
  status(v, hub);
  return v;
}

}  // namespace lull
