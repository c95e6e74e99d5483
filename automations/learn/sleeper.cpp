// Who lies in the bed, whose legs move, and which button was pressed.
#include <algorithm>

#include "automations/learn/heard.hpp"

namespace lull {

namespace {

/// Worn by one person, and quick enough to say in which second.
bool tells_whose(const Device& d) {
  const bool worn = d.stream == Stream::acceleration || d.stream == Stream::raw || d.stream == Stream::counts;
  return worn && d.sleeper && d.epoch <= 2s;
}

/// What the others' bed sensors felt in that moment was this leg.
void leg_moved(Turn& t, SleeperId whose, Instant at) {
  for (std::uint16_t s = 0; s < t.hub.sleepers.size(); ++s) {
    if (SleeperId{s} == whose) continue;
    SleeperState& other = t.hub.sleepers[s];
    other.minute_count = std::max(0, other.minute_count - other.detector.other_moved(at));
  }
}

/// Nor what they felt less than the cell on this side did. Not while a pad shakes all of them.
void side_shaken(Turn& t, SleeperId whose, Instant at, double loud) {
  if (t.hub.sleepers[whose.index].in_bed == false || a_pad_shakes(t)) return;
  for (std::uint16_t s = 0; s < t.hub.sleepers.size(); ++s) {
    if (SleeperId{s} == whose) continue;
    SleeperState& other = t.hub.sleepers[s];
    other.minute_count = std::max(0, other.minute_count - other.detector.other_felt(at, loud));
  }
}

}  // namespace

void heard(Turn& t, const MovementReported& r) {
  const Device& device = t.device(r.device);
  const bool old = !t.too_old(r.age, r.device).empty();
  for (std::uint16_t s = 0; s < t.hub.sleepers.size(); ++s) {
    if (device.sleeper && *device.sleeper != SleeperId{s}) continue;
    SleeperState& sleeper = t.hub.sleepers[s];
    if (a_pad_shakes(t)) sleeper.detector.pad_runs(t.now);  // before it hears: what a pad does is no movement
    if (old) {  // a burst of late messages is no restlessness; and this minute is not known to have been quiet
      sleeper.detector.skip(r.device, t.now);
      sleeper.minute_gated = true;
      continue;
    }
    if (device.sleeper)  // of a cell that is nobody's own no side is known
      if (const auto loud = sleeper.detector.loudness(r.device, r.sample); loud && *loud >= 1)
        side_shaken(t, SleeperId{s}, t.now - r.age.value_or(0ms), *loud);
    const auto counted = sleeper.detector.hear(r.device, r.sample, t.now - r.age.value_or(0ms));
    sleeper.minute_count += static_cast<std::int32_t>(counted.size());
    if (!counted.empty() && tells_whose(device)) leg_moved(t, SleeperId{s}, counted.back().at);
  }
}

void heard(Turn& t, const HeartRateReported& r) {
  const Device& device = t.device(r.device);
  const Instant at = t.now - r.age.value_or(0ms);  // late is no matter: it says how things were
  for (std::uint16_t s = 0; s < t.hub.sleepers.size(); ++s) {
    const bool theirs = device.sleeper ? *device.sleeper == SleeperId{s} : t.hub.sleepers.size() == 1;
    if (!theirs || t.hub.sleepers[s].in_bed == false) continue;  // a strap on the table, a radar that sees a cat
    t.hub.sleepers[s].detector.heart.hear(r.bpm, at);
  }
}

void heard(Turn& t, const OccupancyReported& r) {
  for (std::uint16_t s = 0; s < t.hub.sleepers.size(); ++s)
    for (PresenceSensor& sensor : t.hub.sleepers[s].presence) {
      if (sensor.device != r.device) continue;
      // What a broker kept may be the last word of a sensor that died since: it cannot tell that a bed is empty.
      if (r.remembered == true && !r.occupied && !sensor.said) continue;
      sensor.speaks(r.occupied, t.now);
      settle_presence(t, SleeperId{s});
    }
  // That somebody left is often told late by design (a sensor waits until it is sure), and then it ends things.
  if (r.occupied) t.late_why = t.too_old(r.age, r.device);
}

void heard(Turn& t, const ButtonPressed& r) {
  t.late_why = t.too_old(r.age, r.device);
  t.happened.emplace_back(when::Button{r.device, r.action});
}

void heard(Turn& t, const AlarmClockReported& r) { t.hub.vitals[r.device.index].rings = r.rings; }

}  // namespace lull
