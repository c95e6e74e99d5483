// What crossed a restart: doses, settings, what rules did. Nothing else does.
#include <algorithm>

#include "automations/learn/heard.hpp"

namespace lull {
namespace {

using Outcome = Decision::Outcome;

void kept(Turn& t, const Setting& s) {
  if (s.name == "stopped") t.hub.stopped = s.value == "1";
  if (s.name == "night_replay") t.hub.night_replay = s.value != "0";
  if (s.name == "preflight") t.hub.preflight.night = s.value;
  if (s.name == "held") t.hub.hush = hush_from(s.value);
  if (s.name == "not_tonight") t.hub.not_tonight = s.value == t.hub.night;
  keep_flags_of_tonight(t, s);
  for (std::size_t i = 0; i < t.hub.rules.size(); ++i)
    if (s.name == "rule:" + t.house().rules[i].name) t.hub.rules[i].allowed = s.value != "0";
  for (std::size_t i = 0; i < t.hub.actuators.size(); ++i)
    if (s.name == "trial:" + t.house().devices[i].id)
      if (auto result = trial_from_setting(s.value)) t.hub.actuators[i].trial = *std::move(result);
  for (std::size_t i = 0; i < t.hub.actuators.size(); ++i)
    if (s.name == "tripped:" + t.house().devices[i].id) t.hub.actuators[i].standing.tripped = s.value == "1";
}

void kept(Turn& t, std::size_t i, const DoseUsed& used) {
  const Device& device = t.house().devices[i];
  if (used.device != device.id) return;
  DoseMeter& dose = t.hub.actuators[i].standing.dose;
  // A clock that runs behind what is on disk is wrong: then the newest night on disk counts, whatever it is called.
  const bool clock_behind = used.last > t.utc() + kHard.heat_lease;
  if (used.night == t.hub.night || (clock_behind && used.last > dose.kept.last)) {
    dose.kept = used;
    dose.kept.night = t.hub.night;
    dose.night_began = t.now - std::clamp<milliseconds>(t.utc() - used.last, 0ms, kNightTurnsAfter);
  }
  const Limits limits = tightest(t.house().limits_of(device), kHard);
  const milliseconds rest = device.kind == Kind::heat_pad ? limits.heat_rest : limits.massage_rest;
  const milliseconds ago = std::max(0ms, t.utc() - used.last);
  if (ago < rest) dose.rest_until = std::max(dose.rest_until.value_or(Instant{}), t.now + (rest - ago));
}

}  // namespace

void heard(Turn& t, const Started& r) {
  if (t.hub.started) return;
  t.hub.started = true;
  for (const Setting& s : r.settings) kept(t, s);
  for (std::size_t i = 0; i < t.hub.actuators.size(); ++i) {
    t.hub.actuators[i].standing.dose.kept.device = t.house().devices[i].id;
    t.hub.actuators[i].standing.dose.kept.night = t.hub.night;
    for (const DoseUsed& used : r.dose) kept(t, i, used);
  }
  for (std::size_t i = 0; i < t.hub.rules.size(); ++i)
    for (const RuleUsed& used : r.rules)
      if (used.rule == t.house().rules[i].name && used.night == t.hub.night) {
        t.hub.rules[i].used = used;
        t.hub.rules[i].last = t.now - std::max(0ms, t.utc() - used.last);
      }
  for (std::size_t s = 0; s < t.hub.sleepers.size() && s < r.learned.size(); ++s)
    t.hub.sleepers[s].detector.learned = r.learned[s];
  for (std::uint16_t i = 0; i < t.hub.actuators.size(); ++i) {
    t.hub.actuators[i].standing.stopped = t.hub.stopped;
    if (is_actuator(t.house().devices[i].kind)) doubt(t, DeviceId{i});
  }
  t.decide(Outcome::did, "start", t.hub.stopped ? "Lull started; STOP is still on" : "Lull started");
}

}  // namespace lull
