// Who lies in the bed, whose legs move, and which button was pressed.
#include "automations/learn/heard.hpp"

namespace lull {

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
    sleeper.minute_count +=
        static_cast<std::int32_t>(sleeper.detector.hear(r.device, r.sample, t.now - r.age.value_or(0ms)).size());
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
    // That somebody left is often told late by design (a sensor waits until it is sure), and then it ends things.
    if (*in) t.late_why = t.too_old(r.age, r.device);
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

void heard(Turn& t, const ButtonPressed& r) {
  t.late_why = t.too_old(r.age, r.device);
  t.happened.emplace_back(when::Button{r.device, r.action});
}

}  // namespace lull
