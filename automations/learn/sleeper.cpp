// Who lies in the bed, whose legs move, and which button was pressed.
#include "automations/learn/heard.hpp"

namespace lull {

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
  for (std::uint16_t s = 0; s < t.hub.sleepers.size(); ++s)
    for (PresenceSensor& sensor : t.hub.sleepers[s].presence) {
      if (sensor.device != r.device) continue;
      // What a broker kept may be the last word of a sensor that died since: it cannot tell that a bed is empty.
      if (r.remembered == true && !r.occupied && !sensor.said) continue;
      sensor.speaks(r.occupied, t.now);
      settle_presence(t, SleeperId{s});
    }
}

void heard(Turn& t, const ButtonPressed& r) { t.happened.emplace_back(when::Button{r.device, r.action}); }

}  // namespace lull
