// A plug in front of a pad: on just before it and off with it, on a lease of its own, and the last way off.
#include <algorithm>

#include "automations/turn.hpp"

namespace lull {
namespace {

using Outcome = Decision::Outcome;

/// A pad that gets power boots, joins its network and is told OFF: after this it is given up.
constexpr seconds kWakesWithin{60};

bool is_behind(const Turn& t, std::size_t i, DeviceId plug) { return t.house().devices[i].behind == plug; }

void send_on(Turn& t, DeviceId plug, SafeCommand command) {
  Actuator& m = t.actuator(plug);
  m.lease_until = command.expires();
  m.renew_at =
      t.now + std::min<milliseconds>(kRenewEvery + spread(t.device(plug), t.now), (command.expires() - t.now) / 2);
  if (!m.pending || !told_on(m)) m.told_first = t.now, m.tries = 0;
  m.told = command.output();
  m.told_at = t.now;
  m.pending = true;
  m.off_proved = false;
  m.off_said_at.reset();
  m.watch.first_off.reset();
  m.off_because.clear();
  ++m.tries;
  say(t, std::move(command));
}

/// Whatever stands behind it may be on as soon as it has power: its minutes count from now.
void charge(Turn& t, DeviceId id, const SafeCommand& command) {
  Actuator& d = t.actuator(id);
  charge_dose(t, id, command.expires(), command.output().level);
  d.lease_until = std::max(d.lease_until, command.expires());
}

void got_power(Turn& t, DeviceId id) {
  Actuator& d = t.actuator(id);
  d.standing.unpowered = false;
  d.waking_since = t.now;
  const Instant lease = d.lease_until;
  doubt(t, id);  // it may have woken ON: first it must show that it is off
  d.lease_until = lease;
}

}  // namespace

Power power_on(Turn& t, DeviceId id, const SafeCommand& command, std::string& refusal) {
  const DeviceId plug = *t.device(id).behind;
  Actuator &m = t.actuator(plug), &d = t.actuator(id);
  const Device& device = t.device(plug);
  const auto refuse = [&](const std::string& why) {
    refusal = "its plug " + device.name + " is not used: " + why;
    return Power::refused;
  };
  if (m.hand && !m.hand->on) return refuse("a hand switched it off, and that wins until the next night");
  const Interlock interlock(t.house().limits_of(t.device(id)));
  Verdict verdict = interlock.power(plug, m.standing, command, t.device(id).kind == Kind::heat_pad, t.now);
  m.refusal = verdict.refusal;
  m.why = verdict.why;
  if (verdict.refusal == Refusal::timer_not_armed && t.hub.link_up && t.now - m.asked_at.value_or(Instant{}) >= 10s) {
    m.asked_at = t.now;
    arm_it(t, plug, interlock.limits().heat_lease);
  }
  if (verdict.command.off()) return refuse(verdict.why);
  m.power_wanted = t.now;
  if (!told_on(m)) {
    if (!air_is_free(t, plug)) return Power::waits;
    charge(t, id, command);
    send_on(t, plug, std::move(verdict.command));
    return Power::waits;
  }
  if (m.pending) {
    if (is_given_up(m, t.now)) {
      fault(t, plug, "it did not confirm that it is on");
      return refuse(m.standing.fault);
    }
    if (m.asked_at.value_or(Instant{}) < m.told_at && t.now - m.told_at >= kSettle) ask_it(t, plug);
    if (is_due_again(m, t.now) && air_is_free(t, plug)) send_on(t, plug, std::move(verdict.command));
    if (!m.confirmed) return Power::waits;
  } else if (t.now >= m.renew_at && verdict.command.expires() - m.lease_until >= 5s && air_is_free(t, plug)) {
    charge(t, id, command);
    send_on(t, plug, std::move(verdict.command));
  }
  if (!m.confirmed) return Power::waits;
  if (d.standing.unpowered) {
    got_power(t, id);
    return Power::waits;
  }
  return Power::on;
}

void power_for_trial(Turn& t, DeviceId plug, SafeCommand command) {
  for (std::uint16_t i = 0; i < t.hub.actuators.size(); ++i) {
    if (!is_behind(t, i, plug) || !has_force(t.house().devices[i].kind)) continue;
    charge(t, DeviceId{i}, command);
    if (!t.hub.actuators[i].standing.unpowered) continue;
    got_power(t, DeviceId{i});
    t.hub.actuators[i].waking_since.reset();  // nobody waits for it: it is told OFF, and its plug proves it off
  }
  send_on(t, plug, std::move(command));
}

bool still_waking(Turn& t, DeviceId id, Refusal refusal) {
  Actuator& d = t.actuator(id);
  if (!d.waking_since) return false;
  const bool for_now = refusal == Refusal::not_proved_off || refusal == Refusal::unreachable ||
                       refusal == Refusal::timer_not_armed || refusal == Refusal::no_reading ||
                       refusal == Refusal::stale_reading;
  if (!for_now) return false;
  if (t.now - *d.waking_since < kWakesWithin) {
    t.actuator(*t.device(id).behind).power_wanted = t.now;
    return true;
  }
  d.waking_since.reset();
  fault(t, id,
        "its plug went on, but it did not show that it is there and off within " + minutes_text(kWakesWithin) + " (" +
            d.why + ")");
  return false;
}

void cut(Turn& t, DeviceId plug, DeviceId behind) {
  Actuator& m = t.actuator(plug);
  const Device& device = t.device(plug);
  if (device.stays_on && !m.cut) {
    m.cut = true;
    begin_off(t, plug);
    const std::string text =
        device.name + " is switched off, because " + t.device(behind).name +
        " behind it has not shown that it is off. Switch it on again by hand when you have looked.";
    m.off_because = text;
    t.decide(Outcome::did, device.name, text);
    t.tell(Notify::Urgency::fault, t.device(behind).sleeper, text);
  } else if (m.off_proved && !device.stays_on) {
    begin_off(t, plug);  // it said that it is off, and what is behind it does not: said once more, from the beginning
  }
}

void mains_proved_off(Turn& t, DeviceId plug) {
  for (std::uint16_t i = 0; i < t.hub.actuators.size(); ++i) {
    if (!is_behind(t, i, plug)) continue;
    Actuator& d = t.hub.actuators[i];
    d.waking_since.reset();
    if (!t.device(plug).stays_on) d.standing.unpowered = true;
    if (d.off_proved) continue;
    if (told_on(d)) {
      begin_off(t, DeviceId{i});
      d.told_at = t.now;
      d.off_because = "the plug in front of it went off";
    }
    d.on = false;
    d.watch.by_mains = true;
    proved_off(t, DeviceId{i});
  }
}

void reconcile_mains(Turn& t, DeviceId plug) {
  Actuator& m = t.actuator(plug);
  const Device& device = t.device(plug);
  if (device.stays_on) {
    if (m.cut) towards_off(t, plug, m.off_because);
    return;
  }
  if (m.power_wanted == t.now && told_on(m)) return;  // power_on() has seen to it in this step
  const bool was_on = told_on(m);
  towards_off(t, plug, "nothing behind it runs");
  if (!was_on) return;
  for (std::uint16_t i = 0; i < t.hub.actuators.size(); ++i)
    if (is_behind(t, i, plug)) t.hub.actuators[i].waking_since.reset();
}

}  // namespace lull
