// Rules that something woke: judged, with a reason in every case, and then only wishing.
#include <utility>

#include "automations/rules/conditions.hpp"
#include "automations/turn.hpp"

namespace lull {
namespace {

struct Doing {
  Turn& t;
  const Rule& rule;
  std::size_t index;
  std::string by;
  bool replays = false;  // something of it began

  void operator()(const act::Play& a) {
    if (plays(t.hub, a.routine))  // what was asked for is there; a lamp does not go bright once more for it
      return t.decide(Decision::Outcome::did_not, by, a.routine + " plays already");
    if (std::string off = routine_off(t.hub, a.routine); !off.empty())
      return t.decide(Decision::Outcome::did_not, by, off);
    if (!start_play(t, a.routine, Door::rule, by, index)) return;
    replays = true;
    const Routine* routine = t.house().routine(a.routine);
    if (!routine->gentle) return;
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
    if (t.hub.stopped && a.level > 0_pct)
      return t.decide(Decision::Outcome::did_not, by, t.device(a.device).name + " was asked for, but STOP is on");
    set_device(t, a.device, a.level, Program::steady, a.length, Door::rule, by);
    const auto& manual = t.actuator(a.device).manual;
    if (!manual || manual->door != Door::rule) return;  // a person had it
    replays = replays || a.level > 0_pct;
    if (is_replay(t.house(), rule)) be_gentle(t, a.device);
  }
};

/// Whether it acted.
bool wake(Turn& t, std::size_t i, const Trigger& trigger, bool late, bool acted) {
  const Rule& rule = t.house().rules[i];
  const std::string about = "rule " + rule.name;
  const std::string woken = text_of(trigger, t.house());
  const auto not_now = [&](const std::string& why) {
    t.decide(Decision::Outcome::did_not, about, woken + ": " + why);
    return false;
  };
  if (acted) return not_now("it has acted a moment ago, and this came with it");
  const MayAct verdict = may_act(t.hub, i);
  if (late && wishes_something(rule))
    return not_now("but " + t.late_why + ", and what is older than " + minutes_text(kNewsLives) + " begins nothing");
  if (!verdict.may) return not_now(verdict.text);
  t.decide(Decision::Outcome::did, about, woken + (verdict.text.empty() ? "" : ": " + verdict.text));
  RuleState& state = t.hub.rules[i];
  state.last = t.now;
  state.used.rule = rule.name;
  count_tonight(t, state.used);
  Doing doing{t, rule, i, about};
  for (const Action& action : rule.then) std::visit(doing, action);
  if (doing.replays) count_replay(t, rule);
  return true;
}

}  // namespace

void judge(Turn& t) {
  // What a rule does wakes no further rule in the same step.
  const std::vector<Trigger> happened = std::exchange(t.happened, {});
  const auto struck = std::exchange(t.struck, {});
  if (happened.empty() && struck.empty()) return;
  std::vector<bool> acted(t.hub.rules.size());  // once a step, however much wakes it
  for (std::size_t n = 0; n < happened.size(); ++n)
    for (std::size_t i = 0; i < t.hub.rules.size(); ++i)
      for (const Trigger& wakes : t.house().rules[i].when)
        if (wakes == happened[n]) {
          t.spoken = t.word_spoken && std::holds_alternative<when::Said>(wakes);
          acted[i] = wake(t, i, happened[n], n < t.late, acted[i]) || acted[i];
          break;
        }
  t.spoken = false;
  for (const auto& [i, time] : struck) {
    acted[i] = wake(t, i, time, false, acted[i]) || acted[i];
    if (acted[i]) acted_for_alarm(t, i, time);
  }
}

}  // namespace lull
