// What people ask for, through whatever door. Everything here is a wish; the interlock still decides.
#include <algorithm>

#include "automations/asked.hpp"
#include "automations/rules/conditions.hpp"
#include "automations/stop_button.hpp"
#include "automations/turn.hpp"
#include "devices/result.hpp"

namespace lull {
namespace {

using Outcome = Decision::Outcome;

void keep(Turn& t, const std::string& name, const std::string& value) {
  t.effects.emplace_back(KeepSetting{{name, value}});
}

/// Does something to each play that is meant, or says that there is none.
template <class F>
void each_play(Turn& t, const std::string& routine, const std::string& by, F&& f) {
  if (!plays(t.hub, routine))
    return t.decide(Outcome::did_not, by, routine.empty() ? "nothing plays" : routine + " does not play");
  for (std::size_t i = t.hub.plays.size(); i-- > 0;)
    if (routine.empty() || t.hub.plays[i].routine == routine) f(i);
}

bool may_start(Turn& t, const std::string& by, const std::string& what) {
  if (!t.hub.stopped) return true;
  t.decide(Outcome::did_not, by, what + " was asked for, but STOP is on: release it first");
  t.tell(Notify::Urgency::notice, std::nullopt, "STOP is still on, so nothing was started. Release it first.");
  return false;
}

bool massages(const Turn& t, const Play& play) {
  const Routine* routine = t.house().routine(play.routine);
  return routine && std::any_of(routine->tracks.begin(), routine->tracks.end(),
                                [](const Track& k) { return k.kind == TrackKind::massage; });
}

/// Softer or stronger: of the massages that play, and of nothing else. Never above what was asked for or may be, so
/// that each word back is felt.
void strength(Turn& t, const std::string& by, int tenths) {
  bool any = false, changed = false;
  const auto becomes = [&](Percent& level, int step, Percent least, Percent most) {
    const Percent before = std::min(level, most);
    level = Percent::of_tenths(
        std::clamp(before.tenths() + step, std::min(least, before).tenths(), std::max(most, before).tenths()));
    any = true;
    changed = changed || level != before;
  };
  for (Play& play : t.hub.plays)
    if (massages(t, play)) becomes(play.strength, tenths, 20_pct, 100_pct);
  for (std::uint16_t i = 0; i < t.hub.actuators.size(); ++i) {
    Actuator& a = t.hub.actuators[i];
    if (t.house().devices[i].kind != Kind::massage_pad || !a.manual || a.manual->level == 0_pct) continue;
    const Limits limits = tightest(t.house().limits_of(t.house().devices[i]), kHard);
    becomes(a.manual->level, tenths / 2, 10_pct,
            a.manual->replay ? std::min(limits.replay_level, limits.massage_level) : limits.massage_level);
  }
  const bool softer = tenths < 0;
  if (!any) return t.decide(Outcome::did_not, by, "no massage plays");
  if (!changed)
    return t.decide(Outcome::did_not, by,
                    softer ? "as soft as it gets already" : "as strong as it was asked for already");
  t.decide(Outcome::did, by, softer ? "softer" : "stronger");
}

/// How much longer a play may become at this point of its score: what plays with force has limits of its own, and would
/// end there in the middle of its score. `why` names what is at its limit.
milliseconds room_for_more(const Turn& t, const Play& play, milliseconds at, std::string& why) {
  milliseconds room = kMaxExtension - play.extended;
  why = minutes_text(kMaxExtension) + " is the most there is";
  if (play.extended > 0ms) why += ", and it has " + minutes_text(play.extended) + " already";
  for (const Track& track : t.house().routine(play.routine)->tracks) {
    const milliseconds end = std::min(track.at + track.length, t.house().routine(play.routine)->length);
    const bool heat = track.kind == TrackKind::heat;
    if ((!heat && track.kind != TrackKind::massage) || at < track.at || at >= end) continue;
    const Limits limits = tightest(t.house().limits_of(t.device(track.device)), kHard);
    const milliseconds session = heat ? limits.heat_session : limits.massage_session;
    const DoseMeter& dose = t.actuator(track.device).standing.dose;
    const milliseconds used = dose.session - std::max(0ms, dose.charged_until - t.now);
    const milliseconds left = std::max(0ms, session - used - (end - at) - play.hold);
    if (left >= room) continue;
    room = left;
    why = t.device(track.device).name + " may run " + minutes_text(session) + " at a time";
  }
  return room;
}

bool warms_now(const Turn& t, const Play& play) {
  const auto demands = desired(*t.house().routine(play.routine), play.elapsed);
  return !play.paused && std::any_of(demands.begin(), demands.end(), [](const Demand& d) {
    return d.kind == TrackKind::heat && d.output.level > 0_pct;
  });
}

struct Listener {
  Turn& t;
  Door door;
  std::string by;

  /// On, back or out of its pause: a voice may do that, but whom it does not warm now it then does not warm at all.
  void moves(Play& play) const {
    if (t.house().may_be_spoken(door) && !warms_now(t, play)) play.spoken = true;
  }

  void operator()(const ask::StopAll&) { stop_everything(t, by); }
  void operator()(const ask::Release&) {
    t.hub.stopped = false;
    keep(t, "stopped", "0");
    for (std::size_t i = 0; i < t.hub.actuators.size(); ++i) {
      Actuator& a = t.hub.actuators[i];
      a.standing.stopped = false;
      a.standing.watch.cold = false;  // a person has looked
      const bool cool = !a.standing.surface || a.standing.surface->celsius < kHard.heat_ceiling;
      if (a.standing.tripped && cool) a.standing.tripped = false, keep(t, "tripped:" + t.house().devices[i].id, "0");
      if (a.off_proved)
        a.standing.faulty = a.watch.stuck = a.watch.word_is_not_enough = false, a.faults_tonight = 0, a.restarts = 0;
    }
    t.note({Lane::note, {}, {}, 0, "STOP released by " + by});
    t.decide(Outcome::did, "STOP", "released by " + by);
  }
  void operator()(const ask::StopMassage&) {
    if (t.hub.trial && t.device(t.hub.trial->device).kind == Kind::massage_pad)
      end_trial(t, by + " stopped every massage");
    for (std::size_t i = t.hub.plays.size(); i-- > 0;) {
      const Routine* routine = t.house().routine(t.hub.plays[i].routine);
      const bool only_massage =
          routine && std::all_of(routine->tracks.begin(), routine->tracks.end(), [](const Track& k) {
            return k.kind == TrackKind::massage || k.kind == TrackKind::words;
          });
      if (only_massage) end_play(t, i, "stopped by " + by);
    }
    for (std::uint16_t i = 0; i < t.hub.actuators.size(); ++i)
      if (t.house().devices[i].kind == Kind::massage_pad)
        set_device(t, DeviceId{i}, 0_pct, Program::steady, std::nullopt, door, by);
  }
  void operator()(const ask::Play& c) {
    if (may_start(t, by, c.routine)) start_play(t, c.routine, door, by, std::nullopt);
  }
  void operator()(const ask::Replay&) {
    if (!t.house().replay_routine)
      return t.decide(Outcome::did_not, by, "no routine is a gentle one that could be replayed");
    if (may_start(t, by, *t.house().replay_routine)) start_play(t, *t.house().replay_routine, door, by, std::nullopt);
  }
  void operator()(const ask::StopPlay& c) {
    each_play(t, c.routine, by, [&](std::size_t i) { end_play(t, i, "stopped by " + by); });
  }
  void operator()(const ask::Pause& c) {
    each_play(t, c.routine, by, [&](std::size_t i) {
      Play& play = t.hub.plays[i];
      if (play.paused) return t.decide(Outcome::did_not, play.routine, "it is paused already");
      play.paused = true;
      play.paused_for = 0ms;
      t.decide(Outcome::did, play.routine,
               "paused by " + by + "; it ends in " + minutes_text(kPauseEnds) + " unless somebody goes on");
    });
  }
  void operator()(const ask::Resume& c) {
    if (!may_start(t, by, "going on")) return;
    each_play(t, c.routine, by, [&](std::size_t i) {
      Play& play = t.hub.plays[i];
      if (!play.paused) return t.decide(Outcome::did_not, play.routine, "it is not paused");
      moves(play);
      play.paused = false;
      t.decide(Outcome::did, play.routine, "goes on, asked for by " + by);
    });
  }
  void operator()(const ask::Skip& c) {
    each_play(t, c.routine, by, [&](std::size_t i) {
      Play& play = t.hub.plays[i];
      const Routine* routine = t.house().routine(play.routine);
      moves(play);
      play.hold = 0ms;
      play.elapsed = next_step(*routine, play.elapsed);
      play.words_upto = play.elapsed - 1ms;  // what would have been said in between is skipped, too
      if (play.elapsed >= routine->length) return finish_play(t, i, "skipped to its end by " + by);
      t.decide(Outcome::did, play.routine, "skipped by " + by + " to: " + step_at(*routine, play.elapsed).name);
    });
  }
  void operator()(const ask::Extend& c) {
    const milliseconds wanted = std::clamp<milliseconds>(c.by, 0min, kMaxExtension);
    each_play(t, c.routine, by, [&](std::size_t i) {
      Play& play = t.hub.plays[i];
      std::string limit;
      const milliseconds at = insertion_point(*t.house().routine(play.routine), play.elapsed);
      const milliseconds room = room_for_more(t, play, at, limit), more = std::min(wanted, room);
      if (room < wanted) limit = ": " + limit;
      if (more < 1min) return t.decide(Outcome::did_not, play.routine, "no more time, as " + by + " asked" + limit);
      moves(play);
      play.elapsed = at;
      play.hold += more;
      play.extended += more;
      t.decide(Outcome::did, play.routine,
               minutes_text(more) + " more, asked for by " + by + (room < wanted ? limit : ""));
    });
  }
  void operator()(const ask::Softer&) { strength(t, by, -200); }
  void operator()(const ask::Stronger&) { strength(t, by, 200); }
  void operator()(const ask::SetDevice& c) {
    if (c.device.index >= t.hub.actuators.size()) return;
    if (t.hub.trial && t.hub.trial->device == c.device) {
      if (c.level == std::optional(0_pct)) return end_trial(t, by + " switched it off");
      return t.decide(Outcome::did_not, by, t.device(c.device).name + " was asked for, but its set-up test runs");
    }
    if (c.level != std::optional(0_pct) && !may_start(t, by, t.device(c.device).name)) return;
    const auto length = c.for_how_long ? std::optional<milliseconds>(*c.for_how_long) : std::nullopt;
    set_device(t, c.device, c.level, program_for(c.program).value_or(Program::steady), length, door, by);
  }
  void operator()(const ask::NotTonight& c) {
    t.hub.not_tonight = c.on;
    holds_for(t, "not_tonight", c.on ? t.hub.night : "");
    keep(t, "not_tonight", c.on ? t.hub.night : "");
    t.decide(Outcome::did, "tonight",
             c.on ? by + " wants no rules until the next night" : by + " lets rules act again");
  }
  void operator()(const ask::AllowNightReplay& c) {
    if (c.on && !t.hub.night_replay) as_chosen(t, by);  // who switches them on again wants them as they were chosen
    t.hub.night_replay = c.on;
    keep(t, "night_replay", c.on ? "1" : "0");
    t.decide(Outcome::did, "night replay", std::string(c.on ? "allowed" : "switched off") + " by " + by);
  }
  void operator()(const ask::AllowRule& c) { allow(t, by, c); }
  void operator()(const ask::AllowRoutine& c) { allow(t, by, c); }
  void operator()(const ask::AllowTonight& c) { allow(t, by, c); }
  void operator()(const ask::Test& c) {
    if (door == Door::rule) return;  // supervised: somebody must be there to see it
    if (t.device(c.device).kind == Kind::heat_pad && (door == Door::voice || door == Door::scene))
      return t.decide(Outcome::did_not, by, "a heater's set-up test is begun by a hand, never by a voice");
    start_trial(t, c.device, by);
  }
  void operator()(const ask::FlagTonight& c) {
    const auto flag = flag_for(c.flag);
    if (!flag || c.sleeper.index >= t.hub.sleepers.size())
      return t.decide(Outcome::did_not, by, "there is no such sleeper, or no flag called \"" + c.flag + "\"");
    flag_tonight(t, c.sleeper, *flag, c.on);
    t.decide(Outcome::did, t.house().sleepers[c.sleeper.index].name,
             c.flag + (c.on ? " holds until the next night, says " : " no longer holds tonight, says ") + by);
  }
  void operator()(const ask::Preflight&) { begin_preflight(t, by); }
  void operator()(const ask::ReplaysAsChosen&) { as_chosen(t, by); }
  void operator()(const ask::Word& c) {
    t.happened.emplace_back(when::Said{c.word});
    t.word_spoken = t.house().may_be_spoken(door);
  }
};

/// Who says this while a replay runs is awake, and wants less of it.
bool calms_down(const Command& command) {
  if (const auto* set = std::get_if<ask::SetDevice>(&command)) return set->level == std::optional(0_pct);
  return std::holds_alternative<ask::StopAll>(command) || std::holds_alternative<ask::StopMassage>(command) ||
         std::holds_alternative<ask::StopPlay>(command) || std::holds_alternative<ask::Pause>(command) ||
         std::holds_alternative<ask::Softer>(command);
}
}  // namespace

std::string who_asks(Door door) {
  switch (door) {
    case Door::rule: return "a rule";
    case Door::voice: return "a voice";
    case Door::home_assistant: return "Home Assistant";
    case Door::mqtt: return "MQTT";
    case Door::page: return "somebody on the page";
    case Door::button: return "a button";
    case Door::phone: return "a phone";
    case Door::command_line: return "somebody on the command line";
    case Door::signal: return "a signal";
    case Door::scene: return "a scene";
  }
  return "somebody";
}

namespace {

/// A person said this to be spared something, and it is to be spared no longer.
bool lifts_something(const Command& command) {
  return std::visit(
      Match{[](const ask::FlagTonight& c) { return !c.on; }, [](const ask::NotTonight& c) { return !c.on; },
            [](const ask::AllowNightReplay& c) { return c.on; }, [](const ask::AllowRule& c) { return c.on; },
            [](const ask::AllowRoutine& c) { return c.on; }, [](const ask::AllowTonight& c) { return c.on; },
            [](const ask::ReplaysAsChosen&) { return true; }, [](const auto&) { return false; }},
      command);
}

}  // namespace

bool begins_something(const Command& command) {
  if (lifts_something(command)) return true;
  if (const auto* set = std::get_if<ask::SetDevice>(&command)) return set->level != std::optional(0_pct);
  return std::holds_alternative<ask::Play>(command) || std::holds_alternative<ask::Replay>(command) ||
         std::holds_alternative<ask::Resume>(command) || std::holds_alternative<ask::Skip>(command) ||
         std::holds_alternative<ask::Extend>(command) || std::holds_alternative<ask::Stronger>(command) ||
         std::holds_alternative<ask::Release>(command) || std::holds_alternative<ask::Test>(command) ||
         std::holds_alternative<ask::Word>(command);
}

void listen(Turn& t, const Asked& asked) {
  const std::string by = who_asks(asked.door);
  const bool waited = t.just_stalled();  // whatever its door: each of them is a socket in which a wish can wait
  const milliseconds lives = asked.door == Door::page ? kTouchLives : kNewsLives;
  if ((waited || asked.age.value_or(0ms) >= lives) && begins_something(asked.command))
    return t.decide(Outcome::did_not, by,
                    "asked for something " + (waited ? "while Lull stood still" : minutes_text(*asked.age) + " ago") +
                        ": what is older than " + minutes_text(lives) + " begins nothing");
  if (calms_down(asked.command)) relief_stopped(t);
  std::visit(Listener{t, asked.door, by}, asked.command);
}

void listen(Turn& t, const ButtonPressed& pressed) {
  if (!is_stop(t.house(), pressed.device, pressed.action)) return;
  relief_stopped(t);
  stop_everything(t, t.device(pressed.device).name);
}

}  // namespace lull
