// What was heard becomes state. Nothing here acts: after this the hub only knows more.
#include <algorithm>

#include "automations/turn.hpp"
#include "devices/safety/limits.hpp"

namespace lull {
namespace {

using Outcome = Decision::Outcome;

constexpr bool told_on(const Actuator& a) { return a.told.level > 0_pct || a.told.fade_to.value_or(0_pct) > 0_pct; }

int apart(Percent a, Percent b) { return std::abs(a.tenths() - b.tenths()); }

/// A command that was sent this lately may still be on its way, however late the radio is.
constexpr seconds kUnderWay{5};

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

/// It said "on" while it should be off and had been proved off.
void came_on_by_itself(Turn& t, DeviceId id) {
  Actuator& a = t.actuator(id);
  const Device& device = t.device(id);
  if (device.kind == Kind::heat_pad) {  // heat is leased, never switched on: nobody holds a lease on this one
    a.off_proved = false;
    a.told_first = t.now;
    a.tries = 0;
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
    if (a.pending) a.pending = false, a.confirmed = true;
    const Percent seen = a.level.value_or(a.told.level);
    const bool settled = t.now - a.told_at >= (force ? 10s : 4s);
    const bool steps = !force || t.device(id).steps_levels;
    if (settled && a.confirmed && !a.hand && a.level && steps && t.device(id).kind != Kind::heat_pad &&
        !fits_what_was_told(a, seen, t.now))
      hand(t, id, true, seen);
    note_level(t, id, force ? a.told.level : a.told.fade_to ? std::max(a.told.level, *a.told.fade_to) : seen);
    return;
  }
  if (!rests_off(t.device(id).kind)) {
    if (a.on == true && a.heard && a.tries > 0 && t.now - a.told_at > 4s && !a.hand)
      hand(t, id, true, a.level.value_or(100_pct));
    note_level(t, id, a.level.value_or(100_pct));
    return;
  }
  if (!a.off_proved || a.hand) return;  // still on its way to off, or the old state told once more
  came_on_by_itself(t, id);
  note_level(t, id, a.level.value_or(100_pct));
}

void said_off(Turn& t, DeviceId id, bool fresh) {
  Actuator& a = t.actuator(id);
  const Kind kind = t.device(id).kind;
  if (told_on(a)) {
    // The old state, or not yet there: the reconciler waits. A device that speaks for itself and ran is off now,
    // whatever is under way: somebody pressed its button between two steps of a wave.
    if (fresh ? a.pending && !a.confirmed : a.pending || t.now - a.told_at < kSettle) return;
    const bool crossing = a.pending || t.now - a.told_at < kUnderWay;  // our last word may reach it after its own
    a.told = Output{};
    a.told_first = a.told_at = t.now;
    a.confirmed = false;
    if (rests_off(kind) && t.now + kSettle >= a.lease_until && a.lease_until > Instant{} && has_force(kind)) {
      a.off_because = "its lease lapsed";
      ++a.restarts;
      t.decide(Outcome::ended, t.device(id).name, "its lease lapsed by itself: the renewals did not arrive");
    } else if (!a.standing.faulty) {
      a.off_because = "a hand on the device";
      hand(t, id, false, 0_pct);
    }
    if (!rests_off(kind)) return note_level(t, id, 0_pct);
    if (!crossing) return proved_off(t, id);
    a.tries = 0;  // so it hears OFF last, and that must be proved
    a.pending = a.off_proved = false;
    a.off_said_at.reset();
    return;
  }
  if (a.hand && a.hand->on) hand(t, id, false, 0_pct);
  if (!rests_off(kind)) {
    if (a.tries > 0) a.pending = false;
    return note_level(t, id, 0_pct);
  }
  if (a.off_proved || a.tries == 0) return;
  // A published state is not proof (a bridge says "off" although the device refused): the device must say it itself,
  // or say it again after it was asked or told once more.
  const Instant since = std::max(a.asked_at.value_or(Instant{}), a.tries > 1 ? a.told_at : Instant{});
  if (fresh || (a.off_said_at && since >= *a.off_said_at && t.now > since))
    proved_off(t, id);
  else if (!a.off_said_at)
    a.off_said_at = t.now;
}

void heard(Turn& t, const ActuatorReported& r) {
  if (!is_actuator(t.device(r.device).kind)) return;
  Actuator& a = t.actuator(r.device);
  a.heard = t.now;
  if (r.level) a.level = r.level;
  if (r.kelvin) a.kelvin = r.kelvin;
  if (r.wakes_off) a.wakes_off = r.wakes_off;
  const std::optional<bool> on = r.on ? r.on : r.level ? std::optional(*r.level > 0_pct) : std::nullopt;
  if (!on) return;
  const bool changed = a.on && *a.on != *on;
  a.on = on;
  *on ? said_on(t, r.device) : said_off(t, r.device, r.answers_ask);
  if (changed) t.happened.emplace_back(when::DeviceIs{r.device, *on});
}

void heard(Turn& t, const PowerReported& r) {
  Actuator& a = t.actuator(r.device);
  a.watts = r.watts;
  a.watts_heard = t.now;
  if (r.watts >= kDrawsNothing) a.heats_by_watts = true;
  // A polled plug tells its power up to 60 s late: only after that is power a contradiction to "off".
  if (!rests_off(t.device(r.device).kind) || !a.off_proved || r.watts < kDrawsNothing || t.now - a.told_at < 75s)
    return;
  if (t.device(r.device).kind == Kind::heat_pad || (a.hand == std::nullopt && !told_on(a))) {
    a.off_proved = false;
    a.told_first = t.now;
    a.tries = 0;
    fault(t, r.device, "it says it is off but draws " + std::to_string(r.watts.whole()) + " W");
  }
}

void read_surface(Turn& t, DeviceId id, Celsius celsius) {
  Actuator& a = t.actuator(id);
  const Limits limits = tightest(t.house().limits_of(t.device(id)), kHard);
  a.standing.measures_surface = true;  // also a heater that turns out to measure itself
  // Two sensors in one pad: the hotter one counts, for as long as it goes on talking.
  const bool hotter_one_talks =
      a.standing.surface && celsius < a.standing.surface->celsius && t.now - a.standing.surface->at < 5s;
  if (!hotter_one_talks) a.standing.surface = Reading{celsius, t.now};
  if (celsius >= limits.heat_ceiling) a.standing.cooling = true;
  if (!hotter_one_talks && celsius.tenths() <= limits.heat_ceiling.tenths() - kCoolByTenths) a.standing.cooling = false;
  if (celsius >= limits.heat_trip && !a.standing.tripped) {
    a.standing.tripped = true;
    t.effects.emplace_back(KeepSetting{{"tripped:" + t.device(id).id, "1"}});
    const std::string text = t.device(id).name + " reached " + std::to_string(celsius.whole()) +
                             " °C. Its heat stays off until a person has looked and released it.";
    t.decide(Outcome::refused, t.device(id).name, text);
    t.tell(Notify::Urgency::alarm, t.device(id).sleeper, text);
  }
}

void heard(Turn& t, const TemperatureReported& r) {
  for (std::uint16_t i = 0; i < t.house().devices.size(); ++i) {
    const Device& d = t.house().devices[i];
    if (d.kind == Kind::heat_pad && (DeviceId{i} == r.device || d.thermometer == r.device))
      read_surface(t, DeviceId{i}, r.celsius);
  }
}

void heard(Turn& t, const MovementReported& r) {
  const Device& device = t.device(r.device);
  for (std::uint16_t s = 0; s < t.hub.sleepers.size(); ++s) {
    if (device.sleeper && *device.sleeper != SleeperId{s}) continue;
    SleeperState& sleeper = t.hub.sleepers[s];
    if (a_pad_shakes(t)) sleeper.detector.pad_runs(t.now);  // before it hears: what a pad does is no movement
    sleeper.minute_count += static_cast<std::int32_t>(sleeper.detector.hear(r.device, r.sample, t.now).size());
  }
}

void heard(Turn& t, const OccupancyReported& r) {
  const Device& device = t.device(r.device);
  for (std::uint16_t s = 0; s < t.hub.sleepers.size(); ++s) {
    if (device.sleeper && *device.sleeper != SleeperId{s}) continue;
    SleeperState& sleeper = t.hub.sleepers[s];
    std::optional<bool> in;
    for (auto& [sensor, said] : sleeper.presence) {
      if (sensor == r.device) said = r.occupied;
      if (said) in = in.value_or(false) || *said;
    }
    if (in == sleeper.in_bed) continue;
    const bool news = sleeper.in_bed.has_value();
    sleeper.in_bed = in;
    if (*in)
      sleeper.in_bed_since = t.now, sleeper.out_since.reset();
    else
      sleeper.out_since = t.now, sleeper.in_bed_since.reset();
    sleeper.detector.presence(in, t.now);
    t.note({Lane::in_bed, SleeperId{s}, {}, *in ? 1.0 : 0.0, ""});
    // The first word after a start is how things are, not that somebody moved: nothing starts because Lull restarted.
    if (news) t.happened.emplace_back(when::InBed{SleeperId{s}, *in});
  }
  for (std::uint16_t i = 0; i < t.house().devices.size(); ++i) {
    const Device& d = t.house().devices[i];
    if (!is_actuator(d.kind)) continue;
    std::optional<bool> in;  // a device that is nobody's has somebody on it as soon as anybody is in bed
    for (std::uint16_t s = 0; s < t.hub.sleepers.size(); ++s)
      if ((!d.sleeper || *d.sleeper == SleeperId{s}) && t.hub.sleepers[s].in_bed)
        in = in.value_or(false) || *t.hub.sleepers[s].in_bed;
    t.actuator(DeviceId{i}).standing.in_bed = in;
  }
}

void heard(Turn& t, const ButtonPressed& r) { t.happened.emplace_back(when::Button{r.device, r.action}); }

void heard(Turn& t, const ReachabilityChanged& r) {
  Actuator& a = t.actuator(r.device);
  if (a.standing.reachable == r.reachable) return;
  a.standing.reachable = r.reachable;
  a.standing.armed.reset();
  if (!is_actuator(t.device(r.device).kind)) return;
  if (a.told.level > 0_pct && !r.reachable) a.off_because = "it went out of reach; its lease ends it";
  doubt(t, r.device);
}

void heard(Turn& t, const TimerLearned& r) {
  Standing& is = t.actuator(r.device).standing;
  // The worst that was said since the last connect counts: a good word does not take a bad one back.
  if ((is.timer == Timer::none && r.timer != Timer::none) || (is.timer == Timer::product && r.timer != Timer::none))
    return;
  if (is.timer == r.timer && is.timer_reason == r.reason) return;
  is.timer = r.timer;
  is.timer_reason = r.reason;
  if (!r.reason.empty()) t.decide(Outcome::refused, t.device(r.device).name, r.reason);
}

void heard(Turn& t, const TimerReadBack& r) { t.actuator(r.device).standing.armed = r.value; }

void heard(Turn& t, const DeviceComplained& r) {
  if (!is_actuator(t.device(r.device).kind)) return;
  Actuator& a = t.actuator(r.device);
  // A device that ends a session by its own rules says so next to its "off": then it was no hand.
  const bool no_hand = a.hand && !a.hand->on && t.now - a.hand->since < 5s;
  if (no_hand) a.hand.reset(), a.tries = 0;
  const bool ran = told_on(a) || no_hand;
  if (ran && has_force(t.device(r.device).kind))
    fault(t, r.device, "it says: " + r.text);
  else if (ran || t.now - a.told_first < 5s)  // told off already: its end met ours, and OFF is repeated until proved
    t.decide(Outcome::refused, t.device(r.device).name, "it says: " + r.text);
}

void heard(Turn& t, const ClockSet& r) {
  t.hub.utc_minus_boot = r.utc_minus_boot;
  for (std::size_t i = 0; i < t.hub.rules.size(); ++i) {
    RuleState& state = t.hub.rules[i];
    state.due.clear();
    for (const Trigger& trigger : t.house().rules[i].when)
      if (const auto* at = std::get_if<when::Time>(&trigger))
        state.due.push_back(next_time(t.house().zone, at->time, at->on, t.utc()));
  }
  if (t.hub.night.empty()) t.hub.night = night_of(t.house().zone, t.utc());
}

void heard(Turn& t, const LinkChanged& r) {
  if (t.hub.link_up == r.up) return;
  t.hub.link_up = r.up;
  t.hub.ready = false;
  t.hub.link_up_since = r.up ? std::optional(t.now) : std::nullopt;
  t.decide(Outcome::did, "broker",
           r.up ? "connected: everything off first, then states, then rules" : "connection lost");
  for (std::uint16_t i = 0; i < t.hub.actuators.size(); ++i) {
    Actuator& a = t.hub.actuators[i];
    a.standing.link_up = r.up;
    if (!is_actuator(t.house().devices[i].kind)) continue;
    if (r.up)
      a.standing.timer = Timer::unknown, a.standing.timer_reason.clear(), a.standing.armed.reset(), a.prepared = 0,
      a.wakes_off.reset();
    else if (told_on(a))
      a.off_because = "the connection to the broker was lost";
    doubt(t, DeviceId{i});
  }
}

void heard(Turn& t, const GuardChanged& r) { t.actuator(r.device).standing.guard_up = r.up; }

void heard(Turn& t, const RetainedCommandFound& r) {
  const std::string text = "a stored command was found on " + r.topic +
                           " and removed; somebody published it with the "
                           "retain flag, and it would have switched the device on at every reconnect";
  t.decide(Outcome::refused, t.device(r.device).name, text);
  t.tell(Notify::Urgency::fault, std::nullopt, t.device(r.device).name + ": " + text);
}

void heard(Turn& t, const StoreChanged& r) {
  t.hub.store_healthy = r.healthy;
  for (Actuator& a : t.hub.actuators) a.standing.store_healthy = r.healthy;
  t.decide(r.healthy ? Outcome::did : Outcome::refused, "store", r.healthy ? "writes again" : r.what);
  if (!r.healthy)
    t.tell(Notify::Urgency::fault, std::nullopt,
           "Lull cannot write to its disk (" + r.what + "). Heat and massage stay off until it can.");
}

void kept(Turn& t, const Setting& s) {
  if (s.name == "stopped") t.hub.stopped = s.value == "1";
  if (s.name == "night_replay") t.hub.night_replay = s.value != "0";
  if (s.name == "not_tonight") t.hub.not_tonight = s.value == t.hub.night;
  for (std::size_t i = 0; i < t.hub.rules.size(); ++i)
    if (s.name == "rule:" + t.house().rules[i].name) t.hub.rules[i].allowed = s.value != "0";
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

void heard(Turn& t, const Leaving&) {
  if (!t.hub.leaving_since) t.hub.leaving_since = t.now;
  for (std::size_t i = t.hub.plays.size(); i-- > 0;) end_play(t, i, "Lull ends");
  for (Actuator& a : t.hub.actuators) a.standing.leaving = true, a.manual.reset(), a.hand.reset();
}

void heard(Turn&, const Tick&) {}
void heard(Turn&, const Asked&) {}  // listen() hears people

}  // namespace

void learn(Turn& t, const News& news) {
  std::visit(
      [&](const auto& n) {
        if constexpr (requires { n.device; })
          if (n.device.index >= t.hub.actuators.size()) return;  // no such device: a journal of another bedroom
        heard(t, n);
      },
      news);
}

}  // namespace lull
