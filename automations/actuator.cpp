// What learning and reconciling both do to an actuator: prove it off, doubt it, fault it.
#include "automations/actuator.hpp"

#include <algorithm>
#include <cstdlib>

#include "automations/turn.hpp"

namespace lull {
namespace {

/// A level in the night's notes changes by this before it is noted again: a wave is one mark, not a hundred.
constexpr int kNotedApart = 100;

}  // namespace

bool may_run(const Actuator& a, Instant now) {
  if (a.told.level > 0_pct) return true;
  if (a.on == true) return true;
  return !a.off_proved && now < a.lease_until;
}

bool session_is_over(const Turn& t, DeviceId id) {
  constexpr seconds kEndsMeet{20};
  const Actuator& a = t.actuator(id);
  const Device& device = t.device(id);
  if (!has_force(device.kind)) return false;
  const Limits limits = tightest(t.house().limits_of(device), kHard);
  const DoseMeter& dose = a.standing.dose;
  const milliseconds used = dose.session - std::max(0ms, dose.charged_until - t.now);
  return used + kEndsMeet >= (device.kind == Kind::heat_pad ? limits.heat_session : limits.massage_session);
}

bool a_pad_shakes(const Turn& t) {
  return std::any_of(t.hub.actuators.begin(), t.hub.actuators.end(),
                     [&](const Actuator& a) { return a.standing.kind == Kind::massage_pad && may_run(a, t.now); });
}

void note_level(Turn& t, DeviceId id, Percent level) {
  Actuator& a = t.actuator(id);
  if (t.device(id).kind == Kind::mains) return;  // what is behind it is seen itself
  if (level == a.noted ||
      (level > 0_pct && a.noted > 0_pct && std::abs(level.tenths() - a.noted.tenths()) < kNotedApart))
    return;
  const Device& device = t.device(id);
  const Lane lane = device.kind == Kind::heat_pad      ? Lane::heat
                    : device.kind == Kind::massage_pad ? Lane::massage
                    : device.kind == Kind::light       ? Lane::light
                                                       : Lane::other;
  a.noted = level;
  const std::string off = a.off_because.empty() ? (rests_off(device) ? "its time was over" : "") : a.off_because;
  t.note({lane, device.sleeper, id, level.value(), level == 0_pct ? off : a.owner});
}

void proved_off(Turn& t, DeviceId id) {
  Actuator& a = t.actuator(id);
  const bool first = !a.off_proved;
  a.off_proved = true;
  a.watch.first_off.reset();
  a.standing.proved_off_since_start = true;
  a.pending = false;
  a.lease_until = a.lease_confirmed = Instant{};
  // Of a relay that sticks the word alone is worth nothing, until watts have said the same.
  if (!a.watch.stuck || a.watch.nothing_after) a.watch.word_is_not_enough = false;
  if (has_force(t.device(id).kind)) refund_dose(t, id);
  if (a.alarmed) {
    a.alarmed = false;
    const std::string text = t.device(id).name + " is proved off now: " + proof_text(a) + ".";
    t.decide(Decision::Outcome::ended, t.device(id).name, text);
    t.tell(Notify::Urgency::notice, t.device(id).sleeper, text);
  }
  note_level(t, id, 0_pct);
  if (first) a.off_because.clear();
  if (t.device(id).kind == Kind::mains) mains_proved_off(t, id);
}

void doubt(Turn& t, DeviceId id, OffClock clock) {
  Actuator& a = t.actuator(id);
  a.on.reset();
  a.asked_at.reset();
  a.tries = 0;
  if (!rests_off(t.device(id)) && !a.cut) {
    a.told = Output{};
    return;
  }
  a.standing.proved_off_since_start = false;
  begin_off(t, id, clock);
  a.pending = false;
  if (a.standing.unpowered) {  // it went out of reach because it has no power, and so it is off
    a.watch.by_mains = true;
    proved_off(t, id);
  }
  if (t.device(id).kind != Kind::mains) return;
  for (std::uint16_t i = 0; i < t.hub.actuators.size(); ++i)
    if (t.actuator(DeviceId{i}).standing.unpowered && t.house().devices[i].behind == id) {
      t.actuator(DeviceId{i}).standing.unpowered = false;
      doubt(t, DeviceId{i});
    }
}

void fault(Turn& t, DeviceId id, const std::string& what, Notify::Urgency urgency) {
  Actuator& a = t.actuator(id);
  const bool news = !a.standing.faulty || a.standing.fault != what;
  a.standing.faulty = true;
  a.standing.fault = what;
  a.faulty_since = t.now;
  a.off_because = what;
  if (!news) return;
  ++a.faults_tonight;
  t.decide(Decision::Outcome::refused, t.device(id).name,
           what + ": switched off and not used for " + minutes_text(kFaultRest));
  t.tell(urgency, t.device(id).sleeper, t.device(id).name + ": " + what + ". It stays off for now.");
}

}  // namespace lull
