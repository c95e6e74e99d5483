// A replay in the night touches somebody asleep: gentle, short, seldom, and with a slow begin, whatever a file asks.
#include <algorithm>

#include "automations/turn.hpp"

namespace lull {
namespace {

constexpr milliseconds kStep{5'000};  // of a ramp: each is a message on the radio

/// Whose pads the routine of this rule moves or warms; a device that is nobody's is everybody's.
bool touches(const House& house, const Rule& rule, SleeperId s) {
  for (const Action& action : rule.then) {
    if (const auto* set = std::get_if<act::Set>(&action)) {
      const Device& device = house.devices[set->device.index];
      if (set->level > 0_pct && has_force(device.kind) && device.sleeper.value_or(s) == s) return true;
    }
    const auto* play = std::get_if<act::Play>(&action);
    const Routine* routine = play ? house.routine(play->routine) : nullptr;
    if (!routine) continue;
    for (const Track& track : routine->tracks)
      if ((track.kind == TrackKind::massage || track.kind == TrackKind::heat) &&
          house.devices[track.device.index].sleeper.value_or(s) == s)
        return true;
  }
  return false;
}

}  // namespace

bool is_replay(const House& house, const Rule& rule) {
  const bool woken = std::any_of(rule.when.begin(), rule.when.end(), [](const Trigger& trigger) {
    const auto* restless = std::get_if<when::Restless>(&trigger);
    return restless && restless->start;
  });
  for (std::uint16_t s = 0; woken && s < house.sleepers.size(); ++s)
    if (touches(house, rule, SleeperId{s})) return true;
  return false;
}

std::string replay_refused(const Hub& hub, const Rule& rule) {
  const House& house = *hub.house;
  if (!is_replay(house, rule)) return "";
  for (std::uint16_t s = 0; s < house.sleepers.size(); ++s) {
    if (!touches(house, rule, SleeperId{s})) continue;
    const Limits limits = tightest(house.sleepers[s].limits, kHard);
    const RuleUsed& used = hub.sleepers[s].replayed;
    const std::string& name = house.sleepers[s].name;
    if (used.times >= limits.replays_a_night)
      return name + " had " + std::to_string(used.times) + " of " + std::to_string(limits.replays_a_night) +
             " replays that a night may have";
    const auto now = utc(hub);
    const minutes apart = further_apart(hub.sleepers[s].relief, house.sleepers[s].back_off, limits.replay_apart);
    if (used.last != Utc{} && now && *now - used.last < apart)
      return name + " had a replay " + minutes_text(*now - used.last) + " ago, and they are " + minutes_text(apart) +
             " apart" + (apart > limits.replay_apart ? " (" + words_for(hub.sleepers[s].relief) + ")" : "");
  }
  return "";
}

void count_replay(Turn& t, const Rule& rule) {
  if (!is_replay(t.house(), rule)) return;
  for (std::uint16_t s = 0; s < t.hub.sleepers.size(); ++s) {
    if (!touches(t.house(), rule, SleeperId{s})) continue;
    RuleUsed& used = t.hub.sleepers[s].replayed;
    used.rule = "replays:" + t.house().sleepers[s].id;
    count_tonight(t, used);
    relief_begins(t, SleeperId{s});
  }
}

void be_gentle(Turn& t, DeviceId id) {
  Actuator& a = t.actuator(id);
  if (!a.manual || a.manual->door != Door::rule) return;
  a.manual->replay = true;
  const Limits limits = tightest(t.house().limits_of(t.device(id)), kHard);
  if (t.device(id).kind == Kind::massage_pad)
    a.manual->until = std::min(a.manual->until, a.manual->began + limits.replay_session);
}

Percent replay_level(const Turn& t, DeviceId id, const Play& play, Percent wanted) {
  const Limits limits = tightest(t.house().limits_of(t.device(id)), kHard);
  const Percent most = std::min(wanted, limits.replay_level);
  milliseconds at = play.elapsed;  // where its first massage begins: a second one in the same replay buys no time
  if (const Routine* routine = t.house().routine(play.routine))
    for (const Track& track : routine->tracks)
      if (track.kind == TrackKind::massage && track.device == id) at = std::min(at, track.at);
  const milliseconds since = play.elapsed - at, left = limits.replay_session - since;
  if (left <= 0ms) return 0_pct;
  const milliseconds ramp = std::min(since + kStep, left);  // a slow begin, and an end that wakes nobody
  if (ramp >= limits.replay_ramp) return most;
  const auto share = ramp.count() / kStep.count() * kStep.count();
  return std::min(most, Percent::of_tenths(static_cast<int>(limits.replay_level.tenths() * share /
                                                            milliseconds{limits.replay_ramp}.count())));
}

}  // namespace lull
