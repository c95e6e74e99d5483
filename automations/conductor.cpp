// Plays: routines begin, go on, and end. What they ask of the devices is a function of where they are
// (routines/score.hpp).
#include <algorithm>

#include "automations/turn.hpp"

namespace lull {

std::string minutes_text(milliseconds d) {
  const auto s = d.count() / 1000;
  if (s < 120) return std::to_string(s) + " s";
  return std::to_string((s + 30) / 60) + " min";
}

void keep_minutes_of(Turn& t, const Play& play) {
  if (play.rule && *play.rule < t.hub.rules.size()) t.effects.emplace_back(KeepRuleUsed{t.hub.rules[*play.rule].used});
}

void end_play(Turn& t, std::size_t index, const std::string& why) {
  const Play play = t.hub.plays[index];
  t.hub.plays.erase(t.hub.plays.begin() + static_cast<std::ptrdiff_t>(index));
  keep_minutes_of(t, play);
  if (const Routine* routine = t.house().routine(play.routine))
    for (const Track& track : routine->tracks)
      if (track.kind != TrackKind::words && t.actuator(track.device).off_because.empty())
        t.actuator(track.device).off_because = play.routine + ": " + why;
  t.note({Lane::play, {}, {}, 0, play.routine + ": " + why});
  t.decide(Decision::Outcome::ended, play.routine, why + " after " + minutes_text(play.ran));
}

void finish_play(Turn& t, std::size_t index, const std::string& why) {
  const Play play = t.hub.plays[index];
  end_play(t, index, why);
  const auto wanted_by_another = [&](DeviceId id) {
    return std::any_of(t.hub.plays.begin(), t.hub.plays.end(), [&](const Play& other) {
      const Routine* routine = t.house().routine(other.routine);
      const auto demands = routine ? desired(*routine, other.elapsed) : std::vector<Demand>{};
      return std::any_of(demands.begin(), demands.end(), [&](const Demand& d) { return d.device == id; });
    });
  };
  for (const DeviceId id : dark_at_end(*t.house().routine(play.routine))) {
    Actuator& a = t.actuator(id);
    // By a rule, whoever asked for the play: a lamp that somebody or something wants from now on is theirs.
    if (!a.hand && !a.manual && !wanted_by_another(id))
      a.manual = Manual{0_pct, Program::steady, t.now, t.now + 30s, Door::rule, play.routine};
  }
}

void end_plays(Turn& t, const std::string& routine, const std::string& why) {
  for (std::size_t i = t.hub.plays.size(); i-- > 0;)
    if (routine.empty() || t.hub.plays[i].routine == routine) end_play(t, i, why);
}

bool start_play(Turn& t, const std::string& name, Door door, std::string by, std::optional<std::size_t> rule) {
  const Routine* routine = t.house().routine(name);
  if (routine == nullptr) {
    t.decide(Decision::Outcome::did_not, by, "there is no routine called \"" + name + "\"");
    return false;
  }
  if (t.hub.stopped) {  // a rule may say STOP and go on with its list: nothing waits for the release
    t.decide(Decision::Outcome::did_not, by, name + " was asked for, but STOP is on");
    return false;
  }
  end_plays(t, name, "it begins anew");
  if (t.hub.plays.size() >= kMaxPlays) {
    t.decide(Decision::Outcome::did_not, by, std::to_string(kMaxPlays) + " routines play already");
    return false;
  }
  Play play;
  play.routine = name;
  play.door = door;
  play.by = std::move(by);
  play.rule = rule;
  play.spoken = t.spoken || t.house().may_be_spoken(door);
  play.replay = rule && is_replay(t.house(), t.house().rules[*rule]);
  play.began = t.now;
  for (const Track& track : routine->tracks) {
    if (track.kind == TrackKind::words) continue;
    Actuator& a = t.actuator(track.device);
    a.restarts = 0;
    a.off_because.clear();
    if (door == Door::rule) continue;
    a.hand.reset();  // a person who asks now means it more than the hand of an hour ago
    if (a.manual && a.manual->level == 0_pct) a.manual.reset();
  }
  t.note({Lane::play, {}, {}, 1, name + " (" + play.by + ")"});
  t.decide(Decision::Outcome::did, name, "begins, asked for by " + play.by + ", for " + minutes_text(routine->length));
  t.hub.plays.push_back(std::move(play));
  return true;
}

void stop_everything(Turn& t, const std::string& who) {
  const bool news = !t.hub.stopped;
  t.hub.stopped = true;
  end_plays(t, "", "STOP by " + who);
  end_trial(t, "STOP by " + who);
  for (std::size_t i = 0; i < t.hub.actuators.size(); ++i) {
    Actuator& a = t.hub.actuators[i];
    a.standing.stopped = true;
    a.manual.reset();
    if (!rests_off(t.house().devices[i])) continue;
    if (a.hand && a.hand->on) a.hand.reset();
    a.off_because = "STOP by " + who;
    // Whatever is believed, OFF leaves now: a STOP that only repeats what is on record would be a hope.
    begin_off(t, DeviceId{static_cast<std::uint16_t>(i)}, OffClock::goes_on);
  }
  if (!news) return;
  t.effects.emplace_back(KeepSetting{{"stopped", "1"}});
  t.note({Lane::note, {}, {}, 0, "STOP by " + who});
  t.decide(Decision::Outcome::did, "STOP", "by " + who + ": everything off until a person releases it");
}

void set_device(Turn& t, DeviceId id, std::optional<Percent> level, Program program, std::optional<milliseconds> length,
                Door door, std::string by) {
  const Device& device = t.device(id);
  if (!is_actuator(device.kind)) {
    t.decide(Decision::Outcome::did_not, device.name,
             by + " asked for it, but it is a " + std::string(word_for(device.kind)));
    return;
  }
  if (device.kind == Kind::mains) {
    t.decide(Decision::Outcome::did_not, device.name,
             by + " asked for it, but a mains plug goes on and off with what stands behind it");
    return;
  }
  Actuator& a = t.actuator(id);
  if (door == Door::rule && a.manual && a.manual->door != Door::rule && t.now < a.manual->until) {
    t.decide(Decision::Outcome::lost, device.name,
             by + " wants " + std::to_string(level.value_or(100_pct).whole()) + " %, but " + a.manual->by + " has it");
    return;
  }
  if (door != Door::rule) a.hand.reset();
  a.restarts = 0;
  Manual m;
  const bool running = a.manual && a.manual->level > 0_pct;
  const Percent usual = device.kind == Kind::massage_pad ? kUsualMassage
                        : device.kind == Kind::heat_pad  ? kUsualHeat
                        : device.kind == Kind::light     ? kUsualLight
                                                         : 100_pct;
  m.level = level.value_or(running ? a.manual->level : usual);
  m.program = program;
  m.began = running && m.level > 0_pct ? a.manual->began : t.now;  // ON and then a percentage is one wish, not two
  const milliseconds usual_length = m.level == 0_pct                   ? milliseconds{kManualOff}
                                    : device.kind == Kind::massage_pad ? milliseconds{kManualMassage}
                                    : device.kind == Kind::heat_pad    ? milliseconds{kManualHeat}
                                                                       : milliseconds{kManualOther};
  m.until = t.now + std::min(length.value_or(usual_length), usual_length);
  m.door = door;
  m.by = by;
  m.spoken = t.spoken || t.house().may_be_spoken(door);
  a.manual = m;
  a.off_because = m.level == 0_pct ? "switched off by " + by : "";
  t.decide(Decision::Outcome::did, device.name,
           by + " asks for " + std::to_string(m.level.whole()) + " %" +
               (m.level > 0_pct ? " for " + minutes_text(m.until - t.now) : ""));
}

}  // namespace lull
