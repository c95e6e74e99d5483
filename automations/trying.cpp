// A set-up test in the bedroom: who may start it, what it is told and sees, what ends it, and how its result is kept.
#include <algorithm>

#include "automations/turn.hpp"
#include "devices/dialects/dialect.hpp"
#include "devices/safety/gate.hpp"

namespace lull {
namespace {

using Outcome = Decision::Outcome;

bool can_be_asked(const Device& device) {
  const Dialect* dialect = dialect_called(device.speaks);
  return !dialect || !dialect->ask(device).empty();
}

TrialSees seen(const Turn& t, DeviceId id) {
  const Actuator& a = t.actuator(id);
  return {.timer = a.standing.timer,
          .off_proved = a.off_proved,
          .on = a.on,
          .said = a.state_heard.value_or(Instant{}),
          .fresh = a.fresh,
          .watts = a.watts,
          .watts_said = a.watts_heard.value_or(Instant{}),
          .armed = a.standing.armed,
          .tells_power_on = a.standing.tells_power_on,
          .wakes_off = a.standing.wakes_off,
          .can_be_asked = can_be_asked(t.device(id))};
}

void tell(Turn& t, const Trial& trial) {
  const auto state = trial.step != Trial::Step::over ? TrialTold::State::runs
                     : trial.passed                  ? TrialTold::State::passed
                                                     : TrialTold::State::failed;
  t.effects.emplace_back(TrialTold{trial.device, trial.number(), Trial::kSteps, state, trial.text});
}

/// Two devices at one address share its timer: a lease for the one would end or prolong the other's.
bool same_node(const Device& a, const Device& b) { return a.speaks == b.speaks && a.base == b.base && a.at == b.at; }

/// Nobody uses what shares its timer, nor what stands behind a plug that is tested.
void share(Turn& t, DeviceId id, bool runs) {
  for (std::uint16_t i = 0; i < t.hub.actuators.size(); ++i)
    if (id != DeviceId{i} && (same_node(t.house().devices[i], t.device(id)) || t.house().devices[i].behind == id))
      t.hub.actuators[i].standing.in_trial = runs;
}

Output wish_for(Kind kind) {
  return {kind == Kind::heat_pad ? kUsualHeat : kind == Kind::mains ? 100_pct : 30_pct, {}, {}, {}};
}

/// Power for ten seconds is heat for ten seconds, if what stands behind the plug comes on with it: whatever would
/// refuse that one its own set-up test refuses the plug's. Empty when nothing does.
std::string refused_behind(const Turn& t, DeviceId plug) {
  if (t.house().needs_guard(plug) && !t.actuator(plug).standing.guard_up)
    return "the session that would switch it off if Lull died is not connected";
  for (std::uint16_t i = 0; i < t.hub.actuators.size(); ++i) {
    const Device& device = t.house().devices[i];
    if (device.behind != plug || !has_force(device.kind)) continue;
    Standing is = t.hub.actuators[i].standing;
    is.trial_lease = kTrialLease;
    is.in_trial = false;
    is.proved_off_since_start = is.reachable = true;  // without power it is neither seen nor on
    is.guard_up = true;                               // its plug's counts
    const Verdict verdict =
        Interlock(t.house().limits_of(device)).review(DeviceId{i}, wish_for(device.kind), is, t.now);
    if (verdict.refusal == Refusal::none || verdict.refusal == Refusal::catching_up) continue;
    return device.name + " behind it: " + verdict.why;
  }
  return "";
}

/// Why it cannot be tested now; empty when it can.
std::string hindrance(const Turn& t, DeviceId id) {
  const Device& device = t.device(id);
  if (!needs_timer(device.kind)) return "only what heats or shakes somebody is tested";
  if (device.stays_on) return "it stays on: no lease hangs on its timer";
  if (t.hub.trial) return "a set-up test of " + t.device(t.hub.trial->device).name + " is running; wait for its end";
  if (t.hub.stopped) return "STOP is on: release it first";
  if (!t.hub.plays.empty()) return t.hub.plays.front().routine + " is playing; stop it first";
  for (std::uint16_t i = 0; i < t.hub.actuators.size(); ++i)
    if (has_force(t.house().devices[i].kind) && (told_on(t.hub.actuators[i]) || t.hub.actuators[i].on == true))
      return t.house().devices[i].name + " is on; switch it off first";
  const Standing& is = t.actuator(id).standing;
  const GuardTier tier = tier_of(is.timer);
  if (is.timer != Timer::unknown && tier > GuardTier::B)
    return is.timer_reason.empty() ? "it has no timer that could be tested" : is.timer_reason;
  return "";
}

void finish(Turn& t, const Trial& trial, const Verdict* refused) {
  Actuator& a = t.actuator(trial.device);
  const Device& device = t.device(trial.device);
  a.standing.trial_lease.reset();
  share(t, trial.device, false);
  // What was armed was the test's; what it leaves behind is set anew, and off is proved again by the usual rules.
  a.prepared = 0;
  a.standing.armed.reset();
  a.refusal = refused ? refused->refusal : Refusal::none;
  a.why = refused ? refused->why : "";
  a.owner.clear();
  a.wanted = Output{};
  a.priority = Priority::nobody;
  t.decide(trial.passed ? Outcome::did : Outcome::refused, device.name, "set-up test: " + trial.text);
  t.note({Lane::note, {}, trial.device, 0, trial.passed ? "set-up test passed" : "set-up test not passed"});
  if (!trial.verdict) return;  // broken off: what was known before still holds
  a.trial = {trial.passed, t.utc(), fingerprint(device, a.identity, a.standing.timer), trial.text};
  t.effects.emplace_back(KeepSetting{{"trial:" + device.id, to_setting(a.trial)}});
  look_at_trial(t, trial.device);
}

}  // namespace

void start_trial(Turn& t, DeviceId id, const std::string& by) {
  if (id.index >= t.hub.actuators.size()) return;
  const std::string& name = t.device(id).name;
  if (const std::string why = hindrance(t, id); !why.empty()) {
    t.decide(Outcome::did_not, name, by + " asked for its set-up test, but " + why);
    t.effects.emplace_back(TrialTold{id, 0, Trial::kSteps, TrialTold::State::failed, "not begun: " + why});
    return;
  }
  Actuator& a = t.actuator(id);
  a.manual.reset();
  a.hand.reset();
  a.standing.trial_lease = kTrialLease;
  a.standing.faulty = false;  // a person looks: the fault of an hour ago is what they want to see
  begin_off(t, id);           // from the beginning: OFF leaves, and is proved
  Trial trial;
  trial.device = id;
  trial.since = t.now;
  trial.text = "off, and it must show that it is";
  t.hub.trial = trial;
  share(t, id, true);
  t.decide(Outcome::did, name, "its set-up test begins, asked for by " + by);
  tell(t, trial);
}

void end_trial(Turn& t, const std::string& why) {
  if (!t.hub.trial) return;
  Trial trial = *t.hub.trial;
  break_off(trial, "broken off: " + why);
  t.hub.trial.reset();
  tell(t, trial);
  finish(t, trial, nullptr);
}

/// What stands in its way at its begin may pass by itself for so long.
constexpr seconds kBeginsWithin{30};

void reconcile_trial(Turn& t) {
  const DeviceId id = t.hub.trial->device;
  Actuator& a = t.actuator(id);
  const Interlock interlock(t.house().limits_of(t.device(id)));
  const Output wish = wish_for(t.device(id).kind);
  // Every second, also while nothing is sent: a doubt ends it as it would end any other use.
  Verdict verdict = interlock.review(id, wish, a.standing, t.now);
  if (t.device(id).kind == Kind::mains && verdict.refusal == Refusal::none)
    if (std::string why = refused_behind(t, id); !why.empty())
      verdict = {Interlock::off(id), Refusal::mains_refused, std::move(why)};
  const bool waits_for_off = t.hub.trial->step == Trial::Step::off && verdict.refusal == Refusal::not_proved_off;
  const bool waits_for_arm = t.hub.trial->step <= Trial::Step::arm && verdict.refusal == Refusal::timer_not_armed;
  // Right after a start older messages are still being read: it begins when they are.
  if (verdict.refusal == Refusal::catching_up && t.hub.trial->step == Trial::Step::off &&
      t.now - t.hub.trial->since < kBeginsWithin)
    return;
  if (verdict.refusal != Refusal::none && !waits_for_off && !waits_for_arm) {
    Trial trial = *t.hub.trial;
    break_off(trial, "broken off: " + verdict.why);
    trial.verdict = verdict.refusal == Refusal::faulty;  // its own complaint is one about it
    t.hub.trial.reset();
    tell(t, trial);
    finish(t, trial, &verdict);
    return reconcile(t, id);
  }
  Trial& trial = *t.hub.trial;
  const TrialNext next = go_on(trial, seen(t, id), t.now);
  a.owner = "its set-up test";
  a.priority = Priority::person;
  a.wanted = trial.wants_on() ? wish : Output{};
  a.refusal = Refusal::none;
  a.why.clear();
  if (next.news) tell(t, trial);
  const auto lapsed = [&] {  // it is off by its own timer, and said so when it was asked
    if (!told_on(a) || trial.off_said == std::nullopt) return;
    begin_off(t, id);
    a.pending = false;
    a.off_because = "its set-up test";
    proved_off(t, id);
  };
  switch (next.wants) {
    case TrialWants::nothing: break;
    case TrialWants::ask: ask_it(t, id); break;
    case TrialWants::on:
      t.device(id).kind == Kind::mains ? power_for_trial(t, id, std::move(verdict.command))
                                       : send(t, id, std::move(verdict.command));
      break;
    case TrialWants::arm:
      a.standing.armed.reset();
      arm_it(t, id, kTrialLease);
      break;
    case TrialWants::set_power: {
      lapsed();
      a.standing.wakes_off.reset();
      const Limits& limits = interlock.limits();
      arm_it(t, id, t.device(id).kind == Kind::massage_pad ? limits.massage_lease : limits.heat_lease);
      break;
    }
    case TrialWants::off:
      if (trial.round == 2 && trial.tries == 0) lapsed();
      towards_off(t, id, "its set-up test");
      break;
    case TrialWants::end: {
      const Trial ended = trial;
      t.hub.trial.reset();
      finish(t, ended, nullptr);
      reconcile(t, id);
      break;
    }
  }
}

void look_at_trial(Turn& t, DeviceId id) {
  Actuator& a = t.actuator(id);
  if (a.standing.timer == Timer::unknown) {  // not told yet, so nobody knows whether it is the same one
    a.standing.trial_passed = false;
    return;
  }
  const std::string now = fingerprint(t.device(id), a.identity, a.standing.timer);
  a.standing.trial_passed = a.trial.passed && a.trial.of == now;
  if (!a.trial.passed || a.standing.trial_passed || a.trial_asked == now || t.device(id).kind == Kind::massage_pad)
    return;
  a.trial_asked = now;
  const std::string& name = t.device(id).name;
  t.decide(Outcome::refused, name, "it was tested as \"" + a.trial.of + "\" and is \"" + now + "\" now");
  t.tell(Notify::Urgency::notice, t.device(id).sleeper,
         name +
             " has changed since its set-up test (another device, firmware or timer). Heat stays off until it is "
             "tested again: lull device test \"" +
             name + "\"");
}

}  // namespace lull
