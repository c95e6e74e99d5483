// What is, against what should be: sends the difference, confirms, retries, gives up safely. Lost messages heal here.
// Lamps have their own file: lamp.cpp.
#include <algorithm>
#include <iterator>

#include "automations/turn.hpp"

namespace lull {
namespace {

using Outcome = Decision::Outcome;

// ---- towards off --------------------------------------------------------------------------------------------------

void turn_to_off(Turn& t, DeviceId id, const std::string& because) {
  Actuator& a = t.actuator(id);
  begin_off(t, id);
  a.pending = true;
  if (a.off_because.empty()) a.off_because = because;
}

bool off_is_due(const Actuator& a, Instant now) {
  const auto n = static_cast<std::size_t>(a.tries);
  if (n < std::size(kOffRepeats)) return now >= a.told_first + kOffRepeats[n];
  // Out of reach and its lease has run out: nothing is warm, so the radio is spared.
  const bool hopeless = !a.standing.reachable && now >= a.lease_until;
  return now >= a.told_at + (hopeless ? seconds{300} : kOffRepeats[std::size(kOffRepeats) - 1]);
}

void say_off(Turn& t, DeviceId id) {
  Actuator& a = t.actuator(id);
  const Device& device = t.device(id);
  say(t, Interlock::off(id));
  a.told_at = t.now;
  ++a.tries;
  ++a.watch.offs;
  if (!a.watch.first_off) a.watch.first_off = a.told_first;  // a hand had it, and its time is over
  const milliseconds since = unproved_for(a, t.now);
  if (since >= kAlsoOffAfter && !device.also_off.empty()) t.effects.emplace_back(AlsoOff{id});
  if (since >= kMainsOffAfter && device.behind) cut(t, *device.behind, id);
}

/// Off, and it was proved: but somebody else may have switched it on since, and the report of that was lost. Asked also
/// while Lull would like it on and may not.
void ask_while_off(Turn& t, DeviceId id) {
  const Actuator& a = t.actuator(id);
  const Instant last = std::max(a.asked_at.value_or(Instant{}), a.heard.value_or(Instant{}));
  if (t.device(id).kind == Kind::heat_pad && t.hub.link_up && !a.standing.unpowered &&
      t.now - last >= kAskIdleHeaterEvery)
    ask_idle(t, id);
}

}  // namespace

void towards_off(Turn& t, DeviceId id, const std::string& because) {
  Actuator& a = t.actuator(id);
  if (told_on(a)) turn_to_off(t, id, because);
  if (a.off_proved) return ask_while_off(t, id), watch_off(t, id);
  runs_on(t, id);
  if (off_is_due(a, t.now)) say_off(t, id);
  const bool said_but_not_asked =
      a.off_said_at && a.asked_at.value_or(Instant{}) < *a.off_said_at && t.now - *a.off_said_at >= 1s;
  const bool silent =
      !a.off_said_at && a.tries > 0 && t.now - a.told_at >= kSettle && a.asked_at.value_or(Instant{}) < a.told_at;
  if (t.hub.link_up && (said_but_not_asked || silent)) ask_it(t, id);
  alarm_if_unproved(t, id);
}

// ---- towards on ---------------------------------------------------------------------------------------------------

void send(Turn& t, DeviceId id, SafeCommand command) {
  Actuator& a = t.actuator(id);
  const bool force = has_force(t.device(id).kind);
  if (force) {
    charge_dose(t, id, command.expires(), command.output().level);
    charge_what_it_holds(t, id, command.expires());
    a.lease_until = command.expires();
    a.renew_at =
        t.now + std::min<milliseconds>(kRenewEvery + spread(t.device(id), t.now), (command.expires() - t.now) / 2);
  }
  if (!told_on(a)) a.off_because.clear(), a.confirmed = false;
  if (!a.pending || !told_on(a)) a.told_first = t.now, a.tries = 0;
  a.told = command.output();
  a.told_at = t.now;
  a.pending = true;
  a.off_proved = false;
  a.off_said_at.reset();
  a.watch.nothing_after.reset();
  a.watch.first_off.reset();
  a.waking_since.reset();
  ++a.tries;
  say(t, std::move(command));
}

namespace {

/// A new level is worth a message when it can be felt, or when the ramp has arrived.
bool worth_telling(const Actuator& a, const Device& device, Percent level, Instant now) {
  if (level == a.told.level || (device.kind == Kind::massage_pad && !device.steps_levels)) return false;
  const milliseconds since = now - a.told_at;
  return since >= 1s && (std::abs(level.tenths() - a.told.level.tenths()) >= 50 || since >= 10s);
}

/// Why it counts as faulty. An ON that carries its own end is refused by some devices and ignored by others, in
/// silence.
std::string not_confirmed(const Actuator& a) {
  if (a.confirmed) return "it went on, but then it did not confirm for a whole lease that it still hears";
  const std::string what = "it did not confirm within " + std::to_string(kGiveUpAfter.count()) + " s that it is on";
  if (tier_of(a.standing.timer) != GuardTier::A) return what;
  return what + " with a time limit of its own (" + std::string(word_for(a.standing.timer)) +
         "): perhaps it knows none, and then it is not used";
}

void towards_on(Turn& t, DeviceId id, SafeCommand command) {
  Actuator& a = t.actuator(id);
  const Device& device = t.device(id);
  if (!told_on(a)) {
    if (a.restarts > kMaxRestarts) {
      fault(t, id, "it went off by itself " + std::to_string(a.restarts) + " times");
      return;
    }
    if (air_is_free(t, id)) send(t, id, std::move(command));
    return;
  }
  if (a.pending) {
    if (is_given_up(a, t.now)) {
      fault(t, id, not_confirmed(a));
      return towards_off(t, id, a.standing.fault);
    }
    // It is asked, then told once more: the command may be lost, or its answer, and not every device can be asked.
    if (a.asked_at.value_or(Instant{}) < a.told_at && t.now - a.told_at >= kSettle && air_is_free(t, id))
      ask_it(t, id);
    else if (is_due_again(a, t.now) && air_is_free(t, id))
      send(t, id, std::move(command));
    return;
  }
  // Near the end of a session a renewal buys no time: then the last lease runs out, or an OFF comes first.
  const bool renews = t.now >= a.renew_at && command.expires() - a.lease_until >= 5s;
  if (renews || worth_telling(a, device, command.output().level, t.now)) {
    if (air_is_free(t, id)) send(t, id, std::move(command));
    return;
  }
  const Instant last = std::max(a.asked_at.value_or(Instant{}), a.told_at);
  if (t.now - last >= kAskEvery && air_is_free(t, id)) ask_it(t, id);
}

/// Sound and aroma: like force, without leases and dose.
void towards_on_plain(Turn& t, DeviceId id, SafeCommand command) {
  Actuator& a = t.actuator(id);
  if (!told_on(a)) {
    if (air_is_free(t, id)) send(t, id, std::move(command));
    return;
  }
  if (!a.pending) return;
  if (t.now - a.told_first >= kGiveUpAfter) {
    a.pending = false;  // harmless, and nobody is woken for it
    t.decide(Outcome::refused, t.device(id).name, "it does not answer");
  } else if (a.tries == 1 && t.now - a.told_at >= kConfirmWithin && air_is_free(t, id)) {
    send(t, id, std::move(command));
  }
}

/// A hand switched it on. It is watched, charged and ended in time, but never told ON: a report can be late, doubled or
/// forged, and then our ON would be the first it hears.
void watch(Turn& t, DeviceId id) {
  Actuator& a = t.actuator(id);
  if (a.on != true) return;
  a.told_first = t.now;  // if it is to go off, that begins now
  a.watch.first_off.reset();
  a.tries = 0;
  charge_as_it_runs(t, id);
  if (t.now - std::max(a.asked_at.value_or(Instant{}), a.heard.value_or(Instant{})) >= kAskEvery && air_is_free(t, id))
    ask_it(t, id);
}

void tell_refusal(Turn& t, DeviceId id, const Verdict& verdict) {
  Actuator& a = t.actuator(id);
  if (verdict.refusal != a.refusal && verdict.refusal != Refusal::none) {
    if (is_used_up(verdict.refusal) && told_on(a))  // it had all it may have: an end, and no refusal
      t.decide(Outcome::ended, t.device(id).name, a.owner + " ends here: " + verdict.why);
    else
      t.decide(Outcome::refused, t.device(id).name,
               a.owner + " wants " + std::to_string(a.wanted.level.whole()) + " %, but " + verdict.why);
  }
  if (verdict.refusal != a.refusal && is_harm(verdict.refusal) && told_on(a))
    t.tell(verdict.refusal == Refusal::nobody_came ? Notify::Urgency::notice : Notify::Urgency::fault,
           t.device(id).sleeper, t.device(id).name + " was switched off: " + verdict.why + ".");
  a.refusal = verdict.refusal;
  a.why = verdict.why;
}

/// Its plug must be on before it is told anything: asks for the power, or says why there is none.
bool has_power(Turn& t, DeviceId id, Verdict& verdict) {
  if (!t.house().leased_plug(id) || verdict.command.off()) return true;
  std::string why;
  switch (power_on(t, id, verdict.command, why)) {
    case Power::on: return true;
    case Power::waits: return false;
    case Power::refused: verdict = {Interlock::off(id), Refusal::mains_refused, std::move(why)};
  }
  return true;
}

/// After a power cut it must come back off (promise 4). Asked for at each connect, and again while it says otherwise.
void prepare(Turn& t, DeviceId id) {
  Actuator& a = t.actuator(id);
  const Kind kind = t.device(id).kind;
  const bool open = a.standing.wakes_off == false || (a.standing.tells_power_on && !a.standing.wakes_off);
  const bool due =
      a.prepared == 0 || (open && t.now - a.prepared_at >= kPrepareAgain * std::min(a.prepared, kMaxPrepared));
  if (!due || !needs_timer(kind) || !t.hub.link_up || !a.off_proved || a.standing.unpowered ||
      tier_of(a.standing.timer) > GuardTier::B || !air_is_free(t, id))
    return;
  ++a.prepared;
  a.prepared_at = t.now;
  const Limits& limits = t.house().limits_of(t.device(id));
  arm_it(t, id, kind == Kind::massage_pad ? limits.massage_lease : limits.heat_lease);
}

/// A fault is over after a quiet while, a few times a night. A relay that was seen to stick waits for a person.
void forgive(Turn& t, DeviceId id) {
  Actuator& a = t.actuator(id);
  if (a.standing.faulty && a.off_proved && !a.watch.stuck && a.faults_tonight < kMaxFaults && a.faulty_since &&
      t.now - *a.faulty_since >= kFaultRest) {
    a.standing.faulty = false;
    a.restarts = 0;
  }
}

}  // namespace

milliseconds spread(const Device& device, Instant now) {
  std::uint64_t hash = 14695981039346656037u;  // FNV-1a: the same on every machine, so that a night replays
  for (const char c : device.id) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  hash = (hash ^ static_cast<std::uint64_t>(now.since_boot.count())) * 1099511628211u;
  return milliseconds{static_cast<std::int64_t>((hash >> 20) % 20000)};
}

bool is_due_again(const Actuator& a, Instant now) {
  const auto tries = static_cast<std::size_t>(std::max(a.tries, 1));
  if (tries <= std::size(kOnRepeats)) return now - a.told_first >= kOnRepeats[tries - 1];
  return now - a.told_at >= kRenewalRepeats;
}

bool is_given_up(const Actuator& a, Instant now) {
  // A renewal may be lost while the lease that the device is known to hold still runs: that is no doubt yet.
  return now - a.told_first >= kGiveUpAfter && !(a.confirmed && now + kGiveUpAfter < a.lease_confirmed);
}

void reconcile(Turn& t, DeviceId id) {
  Actuator& a = t.actuator(id);
  const Kind kind = t.device(id).kind;
  if (!is_actuator(kind) || !t.hub.started) return;
  prepare(t, id);
  if (kind == Kind::mains) return forgive(t, id);  // the rest after all others: reconcile_mains
  const bool idle = a.wanted.level == 0_pct && !a.wanted.fade_to;
  if (idle && rests_off(t.device(id)) && a.off_proved && a.refusal == Refusal::none)  // the quiet case, most of life
    return ask_while_off(t, id), watch_off(t, id);
  forgive(t, id);
  const Interlock interlock(t.house().limits_of(t.device(id)));
  if (has_force(kind)) show_doses(t, id);
  a.standing.dose.rest(t.now, kind == Kind::heat_pad ? interlock.limits().heat_rest : interlock.limits().massage_rest);
  Verdict verdict = interlock.review(id, a.wanted, a.standing, t.now);
  if (kind == Kind::light) {
    tell_refusal(t, id, verdict);
    return reconcile_lamp(t, id, verdict);
  }
  if (!has_power(t, id, verdict)) return;
  if (verdict.refusal != Refusal::none && still_waking(t, id, verdict.refusal)) {
    a.why = verdict.why;
    return towards_off(t, id, "");
  }
  tell_refusal(t, id, verdict);
  if (verdict.refusal == Refusal::timer_not_armed && t.hub.link_up && t.now - a.asked_at.value_or(Instant{}) >= 10s) {
    a.asked_at = t.now;
    arm_it(t, id, kind == Kind::heat_pad ? interlock.limits().heat_lease : interlock.limits().massage_lease);
  }
  if (verdict.command.off()) return towards_off(t, id, verdict.refusal == Refusal::none ? "" : verdict.why);
  if (a.priority == Priority::hand && !told_on(a)) return watch(t, id);
  if (!has_force(kind)) return towards_on_plain(t, id, std::move(verdict.command));
  towards_on(t, id, std::move(verdict.command));
}

}  // namespace lull
