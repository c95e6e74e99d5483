// What happens because time passes: plays go on, clocks strike, minutes and nights turn, episodes begin and end.
#include <algorithm>
#include <utility>

#include "automations/turn.hpp"

namespace lull {
namespace {

using Outcome = Decision::Outcome;

inline constexpr seconds kOutOfBedEnds{60};
inline constexpr seconds kReadyAnyway{60};  // a device that never answers does not keep the others from working
inline constexpr seconds kLeaveWithin{10};
inline constexpr minutes kUpForGood{20};
inline constexpr hours kANight{3};

/// Until when a massage grows. More time that was asked for before is spent behind that: who wants ten minutes more
/// while it still begins does not want ten minutes of its beginning.
milliseconds grows_until(const Routine& routine, milliseconds elapsed) {
  milliseconds until = elapsed;
  for (const Track& track : routine.tracks)
    if (track.kind == TrackKind::massage && elapsed >= track.at && elapsed < track.at + track.length)
      until = std::max(until, track.at + track.ramp_up);
  return std::max(elapsed, insertion_point(routine, until));  // but never into a fade
}

void play_on(Turn& t, milliseconds dt) {
  for (std::size_t i = t.hub.plays.size(); i-- > 0;) {
    Play& play = t.hub.plays[i];
    const Routine* routine = t.house().routine(play.routine);
    const milliseconds passed = std::min(dt, t.now - play.began);  // what was before it is none of its time
    if (play.paused) {
      play.paused_for += passed;
      if (play.paused_for >= kPauseEnds)
        end_play(t, i, "paused for " + minutes_text(kPauseEnds) + " and nobody went on: it ends");
      continue;
    }
    // A tick that comes after its end gives it no more minutes: three of ten fit into a limit of thirty.
    const milliseconds lived = std::min(passed, std::max(0ms, play.hold + routine->length - play.elapsed));
    play.ran += lived;
    if (play.rule && *play.rule < t.hub.rules.size()) t.hub.rules[*play.rule].used.total += lived;
    const milliseconds grown = std::min(passed, grows_until(*routine, play.elapsed) - play.elapsed);
    const milliseconds held = std::min(play.hold, passed - grown);
    play.hold -= held;
    play.elapsed += passed - held;
    for (std::string& words : words_between(*routine, play.words_upto, play.elapsed))
      t.tell(Notify::Urgency::notice, std::nullopt, std::move(words));
    play.words_upto = std::max(play.words_upto, play.elapsed);
    if (play.elapsed >= routine->length) finish_play(t, i, "finished");
  }
}

/// A massage or heat in a bed that its sleeper left a minute ago is over.
void left_bed(Turn& t) {
  for (std::uint16_t s = 0; s < t.hub.sleepers.size(); ++s) {
    SleeperState& sleeper = t.hub.sleepers[s];
    if (sleeper.left_done || !sleeper.out_since || t.now - *sleeper.out_since < kOutOfBedEnds) continue;
    sleeper.left_done = true;  // once, however late anybody looks
    const std::string why =
        t.house().sleepers[s].name + " left the bed " + minutes_text(t.now - *sleeper.out_since) + " ago";
    const auto theirs = [&](DeviceId id) {
      return has_force(t.device(id).kind) && t.device(id).sleeper.value_or(SleeperId{s}) == SleeperId{s};
    };
    for (std::size_t i = t.hub.plays.size(); i-- > 0;) {
      const Play& play = t.hub.plays[i];
      const Routine* routine = t.house().routine(play.routine);
      if (play.began > *sleeper.out_since) continue;  // it began for an empty bed: a preheat
      if (std::any_of(routine->tracks.begin(), routine->tracks.end(),
                      [&](const Track& k) { return k.kind != TrackKind::words && theirs(k.device); }))
        end_play(t, i, why);
    }
    for (std::uint16_t i = 0; i < t.hub.actuators.size(); ++i) {
      Actuator& a = t.actuator(DeviceId{i});
      if (!theirs(DeviceId{i})) continue;
      if (a.manual && a.manual->level > 0_pct && a.manual->began < *sleeper.out_since)
        a.manual.reset(), a.off_because = why;
      if (a.hand && a.hand->on && a.hand->since < *sleeper.out_since) a.hand->on = false, a.off_because = why;
    }
  }
}

void strike_clocks(Turn& t) {
  if (!t.hub.utc_minus_boot) return;
  for (std::size_t i = 0; i < t.hub.rules.size(); ++i) {
    RuleState& state = t.hub.rules[i];
    std::size_t n = 0;
    for (const Trigger& trigger : t.house().rules[i].when) {
      const auto* at = std::get_if<when::Time>(&trigger);
      if (at == nullptr) continue;
      Utc& due = state.due[n++];
      if (t.utc() < due) continue;
      const milliseconds late = t.utc() - due;
      // The clock was set back and shows this time a second time. What the rule did is on disk by the clock of then.
      const bool again = state.used.times > 0 && state.used.last >= due &&
                         state.used.last <= due + kClockMayBeLate + 60s && (!state.last || t.now - *state.last < 20h);
      due = next_time(t.house().zone, at->time, at->on, t.utc());
      if (again)
        t.decide(Outcome::did_not, "rule " + t.house().rules[i].name,
                 "it acted at this time already, before the clock was set back");
      else if (late <= kClockMayBeLate)
        t.struck.emplace_back(i, trigger);
      else
        t.decide(Outcome::did_not, "rule " + t.house().rules[i].name,
                 "its time passed " + minutes_text(late) + " before Lull could look");
    }
  }
}

void watch_legs(Turn& t) {
  const bool shaking = a_pad_shakes(t);
  for (std::uint16_t s = 0; s < t.hub.sleepers.size(); ++s) {
    SleeperState& sleeper = t.hub.sleepers[s];
    if (sleeper.detector.sensors.empty()) continue;
    if (shaking) sleeper.detector.pad_runs(t.now);
    const auto change = sleeper.detector.tick(t.now);
    if (sleeper.detector.gate(t.now) != Gate::open) sleeper.minute_gated = true;
    if (!change) continue;
    sleeper.restless = change->restless;
    const std::string& name = t.house().sleepers[s].name;
    if (change->restless) {
      ++sleeper.episodes;
      t.decide(Outcome::did, name, "estimated restless: " + change->text);
      t.tell(Notify::Urgency::restless, SleeperId{s},
             name + " seems restless: " + std::to_string(change->count) + " movements in " +
                 minutes_text(change->window) + ".");
    } else {
      const bool goes_on = change->count >= change->need && change->need > 0;  // a pad ran into it: a fresh look
      t.decide(Outcome::ended, name,
               goes_on ? "movement went on after the massage: this counts as a new episode"
                       : "estimated calm again: " + std::to_string(change->count) + " movements in the last minutes");
    }
    t.note({Lane::episode, SleeperId{s}, {}, change->restless ? 1.0 : 0.0, change->sensors});
    t.happened.emplace_back(when::Restless{SleeperId{s}, change->restless});
  }
}

/// Once an hour, and when a night is over: a crash costs an hour of what was learned.
void keep_learned(Turn& t, std::uint16_t s) {
  if (!t.hub.sleepers[s].detector.sensors.empty())
    t.effects.emplace_back(KeepLearned{SleeperId{s}, t.hub.sleepers[s].detector.learned(t.hub.night)});
}

void turn_minute(Turn& t) {
  const auto clock = t.hub.utc_minus_boot ? std::optional(local(t.house().zone, t.utc()).time.minute) : std::nullopt;
  for (const Play& play : t.hub.plays)
    if (!play.paused) keep_minutes_of(t, play);
  for (std::uint16_t s = 0; s < t.hub.sleepers.size(); ++s) {
    SleeperState& sleeper = t.hub.sleepers[s];
    if (sleeper.in_bed == true) sleeper.in_bed_tonight += 60s;
    if (clock) sleeper.detector.clock(*clock);
    if (clock && *clock % 60 == 0 && sleeper.detector.in_bed_tonight > 0ms) keep_learned(t, s);
    if (!sleeper.detector.sensors.empty() && sleeper.in_bed != false)
      t.note({Lane::movement,
              SleeperId{s},
              {},
              sleeper.minute_gated ? -1.0 : static_cast<double>(sleeper.minute_count),
              ""});
    const bool seen = !sleeper.minute_gated && sleeper.detector.gate(t.now) == Gate::open;
    if (sleeper.in_bed != false && sleeper.detector.heart.heard)
      sleeper.detector.heart.minute(seen && sleeper.minute_count == 0 && !sleeper.restless, t.now);
    relief_minute(t, SleeperId{s}, sleeper.minute_gated || sleeper.in_bed == false ? -1 : sleeper.minute_count);
    sleeper.minute_count = 0;
    sleeper.minute_gated = false;
  }
}

void tell_night(Turn& t) {
  if (t.hub.night_told) return;
  t.hub.night_told = true;
  ask_again(t);  // before the night ends: the report holds it too
  close_relief(t);
  t.effects.emplace_back(NightEnded{t.hub.night});
}

/// Everybody who slept has been up for a while, and it is morning: the report need not wait for noon.
void look_for_morning(Turn& t) {
  if (t.hub.night_told || t.hub.sleepers.empty()) return;
  bool anybody = false;
  for (const SleeperState& s : t.hub.sleepers) {
    if (s.in_bed_tonight < kANight) continue;
    if (!s.out_since || t.now - *s.out_since < kUpForGood) return;
    anybody = true;
  }
  const int minute = local(t.house().zone, t.utc()).time.minute;
  if (anybody && minute >= 5 * 60 && minute < 12 * 60) tell_night(t);
}

void forget_what_is_over(Turn& t) {
  if (t.hub.not_tonight && is_over(t, "not_tonight")) {
    t.hub.not_tonight = false;
    holds_no_more(t, "not_tonight");
    t.effects.emplace_back(KeepSetting{{"not_tonight", ""}});
  }
  forget_flags_of_tonight(t);
  allow_again(t);
  forget_counts(t);
}

void turn_night(Turn& t, const std::string& night) {
  tell_night(t);
  say_anew_for(t, std::exchange(t.hub.night, night), night);
  t.night_turned = true;
  t.hub.night_told = false;
  for (std::uint16_t i = 0; i < t.hub.sleepers.size(); ++i) {
    SleeperState& s = t.hub.sleepers[i];
    s.episodes = s.replays = 0;
    s.in_bed_tonight = 0ms;
    s.detector.end_night();
    keep_learned(t, i);
  }
  // A clock that was set passed this noon, and not the night: what its devices did stays, and whose hand is on them.
  if (t.hub.clock_jumped && t.now - *t.hub.clock_jumped < 2min) return;
  for (Actuator& a : t.hub.actuators) {
    a.faults_tonight = 0;
    a.standing.warmed_empty = 0ms;
    a.standing.watch.cold = false;
    if (a.hand) a.hand.reset(), a.tries = 0;
  }
}

void look_at_calendar(Turn& t) {
  if (!t.hub.utc_minus_boot) return;
  const std::string night = night_of(t.house().zone, t.utc());
  if (night > t.hub.night) turn_night(t, night);  // a clock that was set back turns no night
  forget_what_is_over(t);
  turn_doses(t);
  look_for_morning(t);
  plan_tonight(t);  // a rule may have been switched on or off
}

void look_whether_ready(Turn& t) {
  if (t.hub.ready || !t.hub.started || !t.hub.link_up_since) return;
  bool all = true, waits = false;  // for what is out of reach nobody waits, and nobody says that it is off
  for (std::size_t i = 0; i < t.hub.actuators.size(); ++i) {
    const Standing& is = t.hub.actuators[i].standing;
    if (!rests_off(t.house().devices[i]) || is.proved_off_since_start) continue;
    all = false;
    waits = waits || is.reachable;
  }
  if (waits && t.now - *t.hub.link_up_since < kReadyAnyway) return;
  t.hub.ready = true;
  t.decide(Outcome::did, "start",
           all ? "everything Lull drives is proved off; rules may act"
               : "rules may act; what has not shown that it is off stays off");
}

void look_whether_to_leave(Turn& t) {
  if (!t.hub.leaving_since || t.hub.left) return;
  std::string open;
  for (std::size_t i = 0; i < t.hub.actuators.size(); ++i)
    if (rests_off(t.house().devices[i]) && !t.hub.actuators[i].off_proved)
      open += (open.empty() ? "" : ", ") + t.house().devices[i].name;
  if (!open.empty() && t.now - *t.hub.leaving_since < kLeaveWithin) return;
  t.hub.left = true;
  t.effects.emplace_back(MayLeave{open});
}

}  // namespace

void pass_time(Turn& t, milliseconds since_last) {
  play_on(t, since_last);
  watch_presence(t);
  left_bed(t);
  spare_doses(t, since_last);
  watch_heat(t, since_last);
  strike_clocks(t);
  watch_alarms(t);
  watch_legs(t);
  watch_relief(t);
  look_whether_ready(t);
  look_whether_to_leave(t);
  if (t.hub.tonight.night != t.hub.night) plan_tonight(t);
  watch_preflight(t);
  if (t.now - t.hub.minute_at < 60s) return;
  t.hub.minute_at = t.now;
  turn_minute(t);
  look_at_calendar(t);
}

}  // namespace lull
