// The hub as it can be seen from outside.
#include "automations/view.hpp"

#include <algorithm>
#include <array>

#include "automations/hub.hpp"
#include "devices/safety/gate.hpp"
#include "devices/words.hpp"

namespace lull {
namespace {

TrialView trial_view(const Hub& hub, const Actuator& a, DeviceId id) {
  using State = TrialView::State;
  if (hub.trial && hub.trial->device == id)
    return {State::runs, {}, hub.trial->text, hub.trial->number(), Trial::kSteps};
  if (a.trial.at == Utc{}) return {};
  const bool unknown = a.standing.timer == Timer::unknown;  // not told since the connect: then the result is not shaken
  const State state = !a.trial.passed                      ? State::failed
                      : a.standing.trial_passed || unknown ? State::passed
                                                           : State::changed;
  return {state, a.trial.at, a.trial.outcome, 0, 0};
}

DeviceView device_view(const Hub& hub, DeviceId id) {
  const Actuator& a = hub.actuators[id.index];
  const Device& device = hub.house->devices[id.index];
  DeviceView v;
  v.device = id;
  v.on = a.on;
  v.level = a.level;
  v.wanted = a.wanted.fade_to.value_or(a.wanted.level);
  v.off_proved = a.off_proved;
  v.off_proof = proof_of(a);
  if (a.on != true && rests_off(device)) v.off_text = proof_text(a);
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
  v.battery = hub.vitals[id.index].battery;
  if (!has_force(device.kind)) return v;
  const Limits limits = tightest(hub.house->limits_of(device), kHard);
  const minutes night = device.kind == Kind::heat_pad ? limits.heat_night : limits.massage_night;
  v.used_tonight = duration_cast<seconds>(a.standing.dose.kept.on);
  v.left_tonight = std::max(0s, duration_cast<seconds>(night) - v.used_tonight);
  v.tier = tier_of(a.standing.timer);
  v.findings = findings_of(a.standing);
  v.trial = trial_view(hub, a, id);
  v.model = a.identity.model, v.firmware = a.identity.firmware, v.address = a.identity.address;
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

}  // namespace

std::optional<Percent> sleeper_battery(const Hub& hub, SleeperId id) {
  std::optional<Percent> lowest;
  for (const DetectorSensor& s : hub.sleepers[id.index].detector.sensors) {
    const auto& battery = hub.vitals[s.device.index].battery;
    if (battery && (!lowest || *battery < *lowest)) lowest = battery;
  }
  return lowest;
}

namespace {

SleeperView sleeper_view(const Hub& hub, SleeperId id, Instant now) {
  const SleeperState& s = hub.sleepers[id.index];
  SleeperView v{id, s.in_bed, s.detector.view(now), s.episodes, s.replays, false};
  v.restless_known = v.detector.gate == Gate::open;
  v.sensor_battery = sleeper_battery(hub, id);
  const Limits limits = tightest(hub.house->sleepers[id.index].limits, kHard);
  v.heat = dose_view(s.heat, limits.heat_night);
  v.massage = dose_view(s.massage, limits.massage_night);
  v.back_off = lull::view(s.relief, hub.house->sleepers[id.index].back_off);
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

std::string_view word_for(TrialView::State state) {
  constexpr std::array<std::string_view, 5> kWords{"never", "passed", "failed", "changed", "runs"};
  return word_in(kWords, state);
}

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
  for (std::size_t i = 0; i < hub.rules.size(); ++i) v.rules.emplace_back(hub.house->rules[i].name, hub.rules[i]);
  for (std::size_t i = 0; i < hub.routines.size(); ++i)
    v.routines.emplace_back(hub.house->routines[i].name, hub.routines[i]);
  v.preflight = hub.preflight;
  v.ready_for_the_night = ready_for_the_night(hub.preflight);
  v.held = hub.hush.held.size();
  status(v, hub);
  return v;
}

}  // namespace lull
