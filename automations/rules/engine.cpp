// Rules that something woke: judged, with a reason in every case, and then only wishing.
#include "automations/rules/conditions.hpp"
#include "automations/turn.hpp"

namespace lull {
namespace {

struct Doing {
  Turn& t;
  const Rule& rule;
  std::size_t index;
  std::string by;

  void operator()(const act::Play& a) {
    start_play(t, a.routine, Door::rule, by, index);
    const Routine* routine = t.house().routine(a.routine);
    if (!routine || !routine->gentle) return;
    for (std::uint16_t s = 0; s < t.hub.sleepers.size(); ++s)
      for (const Track& track : routine->tracks)
        if (track.kind == TrackKind::massage && t.device(track.device).sleeper.value_or(SleeperId{s}) == SleeperId{s}) {
          ++t.hub.sleepers[s].replays;
          break;
        }
  }
  void operator()(const act::Stop& a) { end_plays(t, a.routine, "stopped by " + by); }
  void operator()(const act::StopEverything&) { stop_everything(t, by); }
  void operator()(const act::Notify& a) { t.tell(Notify::Urgency::notice, std::nullopt, a.text); }
  void operator()(const act::Set& a) {
    set_device(t, a.device, a.level, Program::steady, a.length, Door::rule, by);
    if (Actuator& actuator = t.actuator(a.device); actuator.manual)
      actuator.manual->replay = is_replay(t.house(), rule);
  }
};

void wake(Turn& t, std::size_t i, const Trigger& trigger, bool late) {
  const Rule& rule = t.house().rules[i];
  const std::string about = "rule " + rule.name;
  const MayAct verdict = may_act(t.hub, i);
  const std::string woken = text_of(trigger, t.house());
  if (late && wishes_something(rule))
    return t.decide(
        Decision::Outcome::did_not, about,
        woken + ": but " + t.late_why + ", and what is older than " + minutes_text(kNewsLives) + " begins nothing");
  if (!verdict.may) return t.decide(Decision::Outcome::did_not, about, woken + ": " + verdict.text);
  t.decide(Decision::Outcome::did, about, woken + (verdict.text.empty() ? "" : ": " + verdict.text));
  RuleState& state = t.hub.rules[i];
  state.last = t.now;
  state.used.rule = rule.name;
  state.used.night = t.hub.night;
  state.used.last = t.utc();
  ++state.used.times;
  t.effects.emplace_back(KeepRuleUsed{state.used});
  count_replay(t, rule);
  for (const Action& action : rule.then) std::visit(Doing{t, rule, i, about}, action);
}

}  // namespace

void judge(Turn& t) {
  const std::vector<Trigger> happened =
      std::move(t.happened);  // what a rule does wakes no further rule in the same step
  t.happened.clear();
  for (std::size_t n = 0; n < happened.size(); ++n)
    for (std::size_t i = 0; i < t.hub.rules.size(); ++i)
      for (const Trigger& when : t.house().rules[i].when)
        if (when == happened[n]) {
          wake(t, i, happened[n], n < t.late);
          break;
        }
}

}  // namespace lull
