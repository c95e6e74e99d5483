// What can be known of a replay (docs/RESTLESSNESS.md, "When a replay does no good"): while a pad runs no sensor tells
// of legs. So it is judged by what came before and after it, by the bed that was left, and by the person who stopped
// it.
#include "automations/relief.hpp"

#include <algorithm>

#include "automations/turn.hpp"

namespace lull {
namespace {

using Outcome = Decision::Outcome;

constexpr milliseconds kLooksOn = 16min;   // after the end: a quarter of an hour of whole minutes
constexpr milliseconds kLeftSoon = 5min;   // who leaves the bed so soon after it was awake
constexpr milliseconds kReallyLeft = 60s;  // shorter is a flicker of the presence sensor
constexpr std::int32_t kSoon = 5, kSoonNeeds = 4, kPairNeeds = 11;  // minutes

bool lies_on(const Turn& t, DeviceId id, std::uint16_t s) {
  return has_force(t.device(id).kind) && t.device(id).sleeper.value_or(SleeperId{s}) == SleeperId{s};
}

/// Whether a replay moves or warms this sleeper now.
bool replay_runs(const Turn& t, std::uint16_t s) {
  for (const Play& play : t.hub.plays) {
    const Routine* routine = play.replay ? t.house().routine(play.routine) : nullptr;
    if (!routine) continue;
    for (const Track& track : routine->tracks)
      if (track.kind != TrackKind::words && lies_on(t, track.device, s)) return true;
  }
  for (std::uint16_t i = 0; i < t.hub.actuators.size(); ++i) {
    const auto& manual = t.hub.actuators[i].manual;
    if (manual && manual->replay && manual->level > 0_pct && t.now < manual->until && lies_on(t, DeviceId{i}, s))
      return true;
  }
  return false;
}

void keep(const Turn& t, std::uint16_t s) {
  t.effects.emplace_back(KeepSetting{{"relief:" + t.house().sleepers[s].id, to_setting(t.hub.sleepers[s].relief)}});
}

void push(Relief& relief) {
  if (relief.tonight.replays == 0) return;
  relief.nights.push_back(relief.tonight);
  if (relief.nights.size() > kReliefCalm) relief.nights.erase(relief.nights.begin());
  relief.tonight = {};
}

void judge_replay(Turn& t, std::uint16_t s) {
  Relief& relief = t.hub.sleepers[s].relief;
  const ReplaySeen seen = *relief.seen;
  relief.seen.reset();
  if (relief.tonight.night != t.hub.night) push(relief), relief.tonight = {};
  ReliefNight& tonight = relief.tonight;
  tonight.night = t.hub.night;
  ++tonight.replays;
  tonight.left += seen.left;
  tonight.ended += seen.stopped;
  const bool known_before = seen.before_minutes >= kPairNeeds;
  // A quarter more than what was to be expected, and three movements more: what chance makes of the same legs is less.
  if (known_before && seen.soon_minutes >= kSoonNeeds &&
      4 * seen.soon * seen.before_minutes >= 5 * seen.before * seen.soon_minutes &&
      (seen.soon - 3) * seen.before_minutes >= seen.before * seen.soon_minutes)
    ++tonight.rose;
  if (known_before && seen.after_minutes >= kPairNeeds) {
    ++tonight.compared;
    tonight.before += seen.before * 60 / seen.before_minutes;
    tonight.after += seen.after * 60 / seen.after_minutes;
  }
  keep(t, s);
}

/// A motor on a plug is on or off: a half of it would be all of it.
bool can_be_weaker(const Turn& t, std::uint16_t s) {
  for (std::uint16_t i = 0; i < t.house().devices.size(); ++i)
    if (t.house().devices[i].kind == Kind::massage_pad && lies_on(t, DeviceId{i}, s) &&
        t.house().devices[i].steps_levels)
      return true;
  return false;
}

void changes(Turn& t, std::uint16_t s, std::string why, const std::string& said) {
  Relief& relief = t.hub.sleepers[s].relief;
  const std::string& name = t.house().sleepers[s].name;
  relief.nights.clear();  // what comes next is judged by what is now
  relief.since = text(local(t.house().zone, t.utc())).substr(0, 10);
  relief.why = why.substr(0, kReliefLongestWhy);
  t.decide(Outcome::did, "replays for " + name, said + ": " + why);
  t.note({Lane::note, SleeperId{s}, {}, 0, "replays: " + said + ": " + why});
  t.tell(Notify::Urgency::notice, SleeperId{s}, "Replays for " + name + ": " + said + ", because " + why + ".");
}

void look_back(Turn& t, std::uint16_t s) {
  const BackOff& household = t.house().sleepers[s].back_off;
  if (!household.enabled) return;
  Relief& relief = t.hub.sleepers[s].relief;
  std::vector<ReliefNight> last = relief.nights;
  if (last.size() > kReliefNights) last.erase(last.begin(), last.end() - static_cast<std::ptrdiff_t>(kReliefNights));
  const auto nights = [&](auto had) { return static_cast<std::int32_t>(std::count_if(last.begin(), last.end(), had)); };
  if (nights([](const ReliefNight& n) { return n.woke(); }) >= household.waking_nights) {
    const std::string why = signs_in(last);
    if (can_be_weaker(t, s) && relief.weaker < kReliefSteps) {
      ++relief.weaker;
      return changes(t, s, why, relief.weaker == 1 ? "their level is halved" : "their level is a quarter");
    }
    if (relief.apart < kReliefSteps) {
      ++relief.apart;
      return changes(t, s, why, relief.apart == 1 ? "twice as far apart" : "four times as far apart");
    }
    return changes(t, s, why, "they are as gentle as they get; the night replay can be switched off");
  }
  const bool all = last.size() == kReliefNights && nights([](const ReliefNight& n) { return n.compared > 0; }) ==
                                                       static_cast<std::int32_t>(last.size());
  const std::int32_t idle = nights([](const ReliefNight& n) { return n.no_lower(); });
  if (all && idle >= household.idle_nights) {
    const std::string why = "movement was no lower after them on " + std::to_string(idle) + " of " +
                            std::to_string(last.size()) + " nights";
    if (relief.apart < kReliefSteps) {
      ++relief.apart;
      return changes(t, s, why, relief.apart == 1 ? "twice as far apart" : "four times as far apart");
    }
    return changes(t, s, why, "they go on, as seldom as they get; another routine may suit better");
  }
  const bool calm = household.gives_back && relief.nights.size() == kReliefCalm &&
                    std::none_of(relief.nights.begin(), relief.nights.end(), [](const auto& n) { return n.woke(); });
  if (calm && relief.weaker > 0) {
    --relief.weaker;
    return changes(t, s, "no sign of waking on " + std::to_string(kReliefCalm) + " nights",
                   relief.weaker == 0 ? "the level is what was chosen again" : "their level is a half again");
  }
  if (calm && all && relief.apart > 0 && idle <= 1) {
    --relief.apart;
    return changes(t, s, "movement was lower after them on most of the last nights",
                   relief.apart == 0 ? "as often as was chosen again" : "twice as far apart, no longer four times");
  }
}

}  // namespace

void relief_begins(Turn& t, SleeperId id) {
  Relief& relief = t.hub.sleepers[id.index].relief;
  if (relief.seen) judge_replay(t, id.index);
  ReplaySeen seen;
  seen.began = t.now;
  for (const std::int32_t n : relief.minutes)
    if (n >= 0) seen.before += n, ++seen.before_minutes;
  relief.seen = seen;
}

void relief_stopped(Turn& t) {
  for (SleeperState& sleeper : t.hub.sleepers)
    if (sleeper.relief.seen && !sleeper.relief.seen->ended) sleeper.relief.seen->stopped = true;
}

void watch_relief(Turn& t) {
  for (std::uint16_t s = 0; s < t.hub.sleepers.size(); ++s) {
    SleeperState& sleeper = t.hub.sleepers[s];
    if (!sleeper.relief.seen) continue;
    ReplaySeen& seen = *sleeper.relief.seen;
    if (sleeper.in_bed == false && sleeper.out_since && *sleeper.out_since >= seen.began &&
        t.now - *sleeper.out_since >= kReallyLeft && (!seen.ended || *sleeper.out_since <= *seen.ended + kLeftSoon))
      seen.left = true;
    if (!seen.ended && !replay_runs(t, s)) seen.ended = t.now;
    if (seen.ended && t.now - *seen.ended >= kLooksOn) judge_replay(t, s);
  }
}

void relief_minute(Turn& t, SleeperId id, std::int32_t movements) {
  Relief& relief = t.hub.sleepers[id.index].relief;
  relief.minutes.push_back(movements);
  if (relief.minutes.size() > kReliefMinutes) relief.minutes.erase(relief.minutes.begin());
  if (!relief.seen || !relief.seen->ended || movements < 0 || t.now - *relief.seen->ended < 60s) return;
  ReplaySeen& seen = *relief.seen;
  seen.after += movements, ++seen.after_minutes;
  if (seen.soon_minutes < kSoon) seen.soon += movements, ++seen.soon_minutes;
}

void close_relief(Turn& t) {
  for (std::uint16_t s = 0; s < t.hub.sleepers.size(); ++s) {
    Relief& relief = t.hub.sleepers[s].relief;
    if (relief.seen) judge_replay(t, s);
    if (relief.tonight.replays == 0) continue;
    push(relief);
    look_back(t, s);
    keep(t, s);
  }
}

void as_chosen(Turn& t, const std::string& by) {
  for (std::uint16_t s = 0; s < t.hub.sleepers.size(); ++s) {
    Relief& relief = t.hub.sleepers[s].relief;
    if (relief.weaker + relief.apart == 0 && relief.nights.empty()) continue;
    if (relief.weaker + relief.apart > 0)
      t.decide(Outcome::did, "replays for " + t.house().sleepers[s].name,
               by + " wants them as they were chosen: what was learned about them is forgotten");
    relief = Relief{{}, {}, 0, 0, "", "", std::nullopt, relief.minutes};
    keep(t, s);
  }
}

void restore_relief(Turn& t, const Setting& setting) {
  for (std::uint16_t s = 0; s < t.hub.sleepers.size(); ++s)
    if (setting.name == "relief:" + t.house().sleepers[s].id) t.hub.sleepers[s].relief = relief_from(setting.value);
}

Percent backed_off(const Turn& t, DeviceId id, Percent level) {
  std::int32_t steps = 0;
  for (std::uint16_t s = 0; s < t.hub.sleepers.size(); ++s)
    if (lies_on(t, id, s) && t.house().sleepers[s].back_off.enabled)
      steps = std::max(steps, t.hub.sleepers[s].relief.weaker);
  if (steps == 0 || !t.device(id).steps_levels || level == 0_pct) return level;
  return std::min(level, std::max(1_pct, Percent::of_tenths(level.tenths() >> steps)));
}

minutes further_apart(const Relief& relief, const BackOff& household, minutes apart) {
  return household.enabled ? apart * (1 << std::min(relief.apart, kReliefSteps)) : apart;
}

}  // namespace lull
