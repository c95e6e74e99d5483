// What crossed a restart: doses, settings, what rules did. Nothing else does.
#include <algorithm>

#include "automations/learn/heard.hpp"

namespace lull {
namespace {

using Outcome = Decision::Outcome;

void kept(Turn& t, const Setting& s) {
  if (s.name == "stopped") t.hub.stopped = s.value == "1";
  if (s.name == "asked_again") t.hub.asked_again = s.value;
  if (s.name == "night_replay") t.hub.night_replay = s.value != "0";
  if (s.name == "preflight") t.hub.preflight.night = s.value;
  if (s.name == "held") t.hub.hush = hush_from(s.value);
  if (s.name == "not_tonight" && !s.value.empty() && s.value >= t.hub.night)
    t.hub.not_tonight = true, holds_for(t, s.name, s.value);
  keep_flags_of_tonight(t, s);
  keep_doubts(t, s);
  restore_relief(t, s);
  restore_alarms(t, s);
  restore_permits(t, s);
  for (std::size_t i = 0; i < t.hub.actuators.size(); ++i)
    if (s.name == "trial:" + t.house().devices[i].id)
      if (auto result = trial_from_setting(s.value)) t.hub.actuators[i].trial = *std::move(result);
  for (std::size_t i = 0; i < t.hub.actuators.size(); ++i)
    if (s.name == "tripped:" + t.house().devices[i].id) t.hub.actuators[i].standing.tripped = s.value == "1";
}

}  // namespace

void heard(Turn& t, const Started& r) {
  if (t.hub.started) return;
  t.hub.started = true;
  for (const Setting& s : r.settings) kept(t, s);
  restore_doses(t, r.dose);
  for (std::size_t i = 0; i < t.hub.sleepers.size(); ++i) {
    RuleUsed& replayed = t.hub.sleepers[i].replayed;
    replayed.rule = "replays:" + t.house().sleepers[i].id;
    for (const RuleUsed& used : r.rules)
      if (used.rule == replayed.rule) restore_count(t, replayed, used);
  }
  for (std::size_t i = 0; i < t.hub.rules.size(); ++i)
    for (const RuleUsed& used : r.rules) {
      RuleState& state = t.hub.rules[i];
      if (used.rule != t.house().rules[i].name) continue;
      restore_count(t, state.used, used);
      if (t.hub.utc_minus_boot && state.used.last != Utc{})
        state.last = t.now - std::max(0ms, t.utc() - state.used.last);
    }
  for (std::size_t s = 0; s < t.hub.sleepers.size() && s < r.learned.size(); ++s)
    t.hub.sleepers[s].detector.restore(r.learned[s], t.hub.night);
  for (std::uint16_t i = 0; i < t.hub.actuators.size(); ++i) {
    t.hub.actuators[i].standing.stopped = t.hub.stopped;
    if (is_actuator(t.house().devices[i].kind)) doubt(t, DeviceId{i});
  }
  t.decide(Outcome::did, "start", t.hub.stopped ? "Lull started; STOP is still on" : "Lull started");
}

}  // namespace lull
