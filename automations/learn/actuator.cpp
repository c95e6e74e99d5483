// What an actuator says it does, and what it draws: confirmed, proved off, or a hand on it.
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "automations/learn/heard.hpp"

namespace lull {
namespace {

using Outcome = Decision::Outcome;

int apart(Percent a, Percent b) { return std::abs(a.tenths() - b.tenths()); }

/// A command that was sent this lately may still be on its way, however late the radio is.

/// A bridge that tells only old states is not asked for ever more of them.
constexpr seconds kAskAboutOld{10};

/// Zigbee2MQTT rounds 60 % to 152 of 254 and back: three percent are the same level.
constexpr int kSameLevel = 30;

/// Whether a lamp that fades may show this level without anybody having touched it.
bool fits_what_was_told(const Actuator& a, Percent level, Instant now) {
  const Percent to = a.told.fade_to.value_or(a.told.level);
  if (apart(level, to) <= kSameLevel) return true;
  if (!a.told.fade_to) return false;
  if (now - a.told_at > a.told.fade_over + 10s) return false;
  return level.tenths() >= std::min(a.told.level, to).tenths() - kSameLevel &&
         level.tenths() <= std::max({a.told.level, to, a.noted}).tenths() + kSameLevel;
}

void hand(Turn& t, DeviceId id, bool on, Percent level) {
  Actuator& a = t.actuator(id);
  a.hand = Hand{on, level, t.now};
  a.manual.reset();
  a.tries = 0;
  t.decide(Outcome::ended, t.device(id).name,
           std::string("somebody switched it ") + (on ? "on" : "off") + " by hand, and that wins until the next night");
}

/// Whether off is what it should be: also for a plug that stays on, once it was cut.
bool rests(const Turn& t, DeviceId id) { return rests_off(t.device(id)) || t.actuator(id).cut; }

/// It said "on" while it should be off and had been proved off.
void came_on_by_itself(Turn& t, DeviceId id) {
  Actuator& a = t.actuator(id);
  const Device& device = t.device(id);
  // Heat is leased, never switched on: nobody holds a lease on this one. So is a plug with a pad behind it.
  if (device.kind == Kind::heat_pad || device.kind == Kind::mains) {
    begin_off(t, id);
    a.off_because = "it was switched on without a lease";
    t.decide(Outcome::refused, device.name,
             "it was switched on, but not by Lull: heat without a lease is ended at once");
    t.tell(Notify::Urgency::notice, device.sleeper,
           device.name +
               " was switched on by hand or by itself. Heat runs only "
               "for a time that Lull bounds, so it was switched off again. Start it from Lull instead.");
    return;
  }
  // The report may be late, doubled or forged: it is watched and, when its time is over, ended (reconciler.cpp, watch).
  a.off_proved = false;
  a.told_first = t.now;
  hand(t, id, true, a.level.value_or(100_pct));
}

void said_on(Turn& t, DeviceId id) {
  Actuator& a = t.actuator(id);
  const bool force = has_force(t.device(id).kind);
  a.off_said_at.reset();
  if (told_on(a)) {
    if (a.pending) a.pending = false, a.confirmed = true, a.lease_confirmed = a.lease_until;
    const Percent seen = a.level.value_or(a.told.level);
    const bool settled = t.now - a.told_at >= (force ? 10s : 4s);
    const bool steps = !force || t.device(id).steps_levels;
    if (settled && a.confirmed && !a.hand && a.level && steps && t.device(id).kind != Kind::heat_pad &&
        !fits_what_was_told(a, seen, t.now))
      hand(t, id, true, seen);
    note_level(t, id, force ? a.told.level : a.told.fade_to ? std::max(a.told.level, *a.told.fade_to) : seen);
    return;
  }
  if (t.device(id).kind == Kind::mains && t.device(id).stays_on) {
    if (a.off_proved) a.cut = a.off_proved = false;  // a person has looked, and gave the power back
    return;
  }
  if (!rests_off(t.device(id))) {
    if (a.on == true && a.heard && a.tries > 0 && t.now - a.told_at > 4s && !a.hand)
      hand(t, id, true, a.level.value_or(100_pct));
    note_level(t, id, a.level.value_or(100_pct));
    return;
  }
  // Still on its way to off, or the old state told once more. A hand that switched it off hides nobody who switches it
  // on: heat would run on unseen.
  if (!a.off_proved || (a.hand && a.hand->on)) return;
  came_on_by_itself(t, id);
  note_level(t, id, a.level.value_or(100_pct));
}

/// It ended its session by itself, a little before ours would have: what is left is not asked for.
void end_session(Turn& t, DeviceId id) {
  Actuator& a = t.actuator(id);
  refund_dose(t, id);
  const Limits limits = tightest(t.house().limits_of(t.device(id)), kHard);
  a.standing.dose.end_session(t.device(id).kind == Kind::heat_pad ? limits.heat_session : limits.massage_session);
}

void said_off(Turn& t, DeviceId id, bool fresh) {
  Actuator& a = t.actuator(id);
  const Kind kind = t.device(id).kind;
  if (told_on(a)) {
    if (a.standing.trial_lease) return;  // its set-up test waits for just that, and judges it
    // The old state, or not yet there: the reconciler waits. A device that speaks for itself and ran is off now,
    // whatever is under way: somebody pressed its button between two steps of a wave.
    if (fresh ? a.pending && !a.confirmed : a.pending || t.now - a.told_at < kSettle) return;
    const bool over = session_is_over(t, id);
    begin_off(t, id);
    a.told_at = t.now;
    if (over) {  // its own end and ours are the same twenty minutes: whichever comes first is no hand
      a.off_because = "its session was over";
      t.decide(Outcome::ended, t.device(id).name, "its session was over, and it ended it by itself");
    } else if (rests(t, id) && t.now + kSettle >= a.lease_until && a.lease_until > Instant{} && needs_timer(kind)) {
      a.off_because = "its lease lapsed";
      ++a.restarts;
      t.decide(Outcome::ended, t.device(id).name, "its lease lapsed by itself: the renewals did not arrive");
    } else if (!a.standing.faulty) {
      a.off_because = "a hand on the device";
      hand(t, id, false, 0_pct);
    }
    if (!rests(t, id)) return note_level(t, id, 0_pct);
    if (over) end_session(t, id);
    // What was published may be forged, or of a device that its bridge only believes to be off; and our last word may
    // reach it after its own. So it hears OFF last, and that must be proved.
    a.pending = false;
    return;
  }
  if (a.hand && a.hand->on) hand(t, id, false, 0_pct);
  if (!rests(t, id)) {
    if (a.tries > 0) a.pending = false;
    return note_level(t, id, 0_pct);
  }
  if (a.off_proved || a.tries == 0) return;
  if (a.watch.word_is_not_enough && !a.watch.nothing_after) return;
  // A published state is not proof (a bridge says "off" although the device refused): the device must say it itself,
  // or say it again after it was asked or told once more.
  const Instant since = std::max(a.asked_at.value_or(Instant{}), a.tries > 1 ? a.told_at : Instant{});
  if (fresh || (a.off_said_at && since >= *a.off_said_at && t.now > since))
    proved_off(t, id);
  else if (!a.off_said_at)
    a.off_said_at = t.now;
}

}  // namespace

void heard(Turn& t, const ActuatorReported& r) {
  if (!is_actuator(t.device(r.device).kind)) return;
  Actuator& a = t.actuator(r.device);
  if (r.age.value_or(0ms) >= kProofLives || t.just_stalled()) {  // how it was proves nothing: it is asked how it is
    if (t.hub.link_up && t.now - a.asked_at.value_or(Instant{}) >= kAskAboutOld) {
      a.asked_at = t.now;
      t.effects.emplace_back(Ask{r.device});
    }
    return;
  }
  a.heard = t.now;
  if (r.level) a.level = r.level;
  if (r.kelvin) a.kelvin = r.kelvin;
  if (r.wakes_off) a.standing.wakes_off = r.wakes_off;
  const std::optional<bool> on = r.on ? r.on : r.level ? std::optional(*r.level > 0_pct) : std::nullopt;
  if (!on) return;
  const bool changed = a.on && *a.on != *on;
  a.on = on;
  if (r.age.value_or(0ms) <= kProofLives) a.state_heard = t.now;
  a.fresh = r.answers_ask;
  *on ? said_on(t, r.device) : said_off(t, r.device, r.answers_ask);
  if (!changed) return;
  t.happened.emplace_back(when::DeviceIs{r.device, *on});
  t.late_why = t.too_old(r.age, r.device);
}

void heard(Turn& t, const PowerReported& r) {
  Actuator& a = t.actuator(r.device);
  if (t.just_stalled()) return;  // of any time since: it proves nothing, and the meter speaks again
  a.watts = r.watts;
  a.watts_heard = t.now;
  watts_seen(t, r.device);
}

}  // namespace lull
