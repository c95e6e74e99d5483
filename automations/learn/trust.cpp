// What a device may be trusted with: its reach, its own timer, its guard, its complaints, planted commands.
#include "automations/learn/heard.hpp"

namespace lull {
namespace {

using Outcome = Decision::Outcome;

}  // namespace

void heard(Turn& t, const ReachabilityChanged& r) {
  Actuator& a = t.actuator(r.device);
  if (a.standing.reachable == r.reachable) return;
  if (r.reachable) t.hub.vitals[r.device.index].back_since = t.now;
  a.standing.reachable = r.reachable;
  a.standing.armed.reset();
  if (!r.reachable) lose_presence(t, r.device);
  if (!is_actuator(t.device(r.device).kind)) return;
  if (a.told.level > 0_pct && !r.reachable) a.off_because = "it went out of reach; its lease ends it";
  doubt(t, r.device, OffClock::goes_on);
}

void heard(Turn& t, const TimerLearned& r) {
  Standing& is = t.actuator(r.device).standing;
  if (is.timer == r.timer && is.timer_reason == r.reason) return;
  if (is.timer != r.timer) is.armed.reset(), t.actuator(r.device).prepared = 0;
  is.timer = r.timer;
  is.timer_reason = r.reason;
  look_at_trial(t, r.device);
  if (!r.reason.empty()) t.decide(Outcome::refused, t.device(r.device).name, r.reason);
}

void heard(Turn& t, const TimerReadBack& r) {
  if (t.just_stalled()) return;  // it may be of before: it is armed and read back again
  t.actuator(r.device).standing.armed = r.value;
}

void heard(Turn& t, const DeviceComplained& r) {
  if (!is_actuator(t.device(r.device).kind)) return;
  Actuator& a = t.actuator(r.device);
  // A device that ends a session by its own rules says so next to its "off": then it was no hand.
  const bool no_hand = a.hand && !a.hand->on && t.now - a.hand->since < 5s;
  if (no_hand) a.hand.reset(), a.tries = 0;
  const bool ran = told_on(a) || no_hand;
  if (ran && session_is_over(t, r.device))
    t.decide(Outcome::ended, t.device(r.device).name, "its session was over, and it says: " + r.text);
  else if (ran && has_force(t.device(r.device).kind))
    fault(t, r.device, "it says: " + r.text);
  else if (ran || t.now - a.told_first < 5s)  // told off already: its end met ours, and OFF is repeated until proved
    t.decide(Outcome::refused, t.device(r.device).name, "it says: " + r.text);
}

void heard(Turn& t, const GuardChanged& r) { t.actuator(r.device).standing.guard_up = r.up; }

void heard(Turn& t, const RetainedCommandFound& r) {
  const std::string text = "a stored command was found on " + r.topic +
                           " and removed; somebody published it with the "
                           "retain flag, and it would have switched the device on at every reconnect";
  t.decide(Outcome::refused, t.device(r.device).name, text);
  t.tell(Notify::Urgency::fault, std::nullopt, t.device(r.device).name + ": " + text);
  replace(
      t.actuator(r.device).standing.findings, Source::commands,
      {{Flaw::retained_command, Source::commands, false, "a stored command was found on " + r.topic + " and removed",
        "find out which program publishes it with the retain flag"}});
}

}  // namespace lull
