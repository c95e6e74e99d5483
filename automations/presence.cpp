// Whether somebody is in bed: what the sensors said, for as long as they can be believed.
#include "automations/presence.hpp"

#include <algorithm>

#include "automations/turn.hpp"

namespace lull {

void PresenceSensor::speaks(bool occupied, Instant now) {
  if (silent || !watched_since) {  // what was before a silence is no rhythm
    watched_since = now;
    longest_pause = 0ms;
    words = 0;
  } else if (heard) {
    longest_pause = std::max(longest_pause, now - *heard);
  }
  words = std::min(words + 1, kBeatsCounted);
  silent = false;
  said = occupied;
  heard = now;
}

milliseconds PresenceSensor::lives(milliseconds at_most) const {
  if (words < kBeatsCounted || !heard || !watched_since || *heard - *watched_since < kBeatsWatched) return at_most;
  return std::min(std::max<milliseconds>(kBeatsBelieved * longest_pause, kBelievedAtLeast), at_most);
}

void settle_presence(Turn& t, SleeperId id) {
  SleeperState& sleeper = t.hub.sleepers[id.index];
  std::optional<bool> in;
  for (const PresenceSensor& sensor : sleeper.presence)
    if (sensor.said) in = in.value_or(false) || *sensor.said;
  if (in == sleeper.in_bed) return;
  // The first word after a start is how things are, not that somebody moved: nothing starts because Lull restarted.
  const bool news = sleeper.in_bed.has_value() && in.has_value();
  sleeper.in_bed = in;
  sleeper.in_bed_since = in == true ? std::optional(t.now) : std::nullopt;
  sleeper.out_since = in == false ? std::optional(t.now) : std::nullopt;
  sleeper.left_done = false;
  sleeper.detector.presence(in, t.now);
  if (in) t.note({Lane::in_bed, id, {}, *in ? 1.0 : 0.0, ""});
  if (news) t.happened.emplace_back(when::InBed{id, *in});
  for (std::uint16_t i = 0; i < t.house().devices.size(); ++i) {
    const Device& d = t.house().devices[i];
    if (!is_actuator(d.kind)) continue;
    std::optional<bool> on_it;  // a device that is nobody's has somebody on it as soon as anybody is in bed
    bool all_known = true;
    for (std::uint16_t s = 0; s < t.hub.sleepers.size(); ++s) {
      if (d.sleeper && *d.sleeper != SleeperId{s}) continue;
      if (t.hub.sleepers[s].presence.empty()) continue;  // nobody ever tells of this one
      if (!t.hub.sleepers[s].in_bed)
        all_known = false;
      else
        on_it = on_it.value_or(false) || *t.hub.sleepers[s].in_bed;
    }
    if (on_it == false && !all_known) on_it.reset();  // one side is empty, and of the other nobody knows
    t.actuator(DeviceId{i}).standing.in_bed = on_it;
  }
}

void watch_presence(Turn& t) {
  for (std::uint16_t s = 0; s < t.hub.sleepers.size(); ++s) {
    bool lost = false;
    for (PresenceSensor& sensor : t.hub.sleepers[s].presence) {
      const milliseconds lives = sensor.lives(tightest(t.house().sleepers[s].limits, kHard).presence_lives);
      if (!sensor.said || !sensor.heard || t.now - *sensor.heard <= lives) continue;
      sensor.silent = lost = true;
      sensor.said.reset();
      t.decide(Decision::Outcome::ended, t.device(sensor.device).name,
               "it has said nothing for " + minutes_text(t.now - *sensor.heard) +
                   ": whether somebody is in bed is unknown until it speaks");
    }
    if (lost) settle_presence(t, SleeperId{s});
  }
}

void lose_presence(Turn& t, DeviceId device) {
  for (std::uint16_t s = 0; s < t.hub.sleepers.size(); ++s)
    for (PresenceSensor& sensor : t.hub.sleepers[s].presence) {
      if (sensor.device != device || !sensor.said) continue;
      sensor.silent = true;
      sensor.said.reset();
      settle_presence(t, SleeperId{s});
    }
}

}  // namespace lull
