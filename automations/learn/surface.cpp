// How warm a pad is: ceiling with hysteresis, and the trip that only a person releases.
#include "automations/learn/heard.hpp"

namespace lull {
namespace {

using Outcome = Decision::Outcome;

/// `at`: when it was so warm. An old reading can still be too hot; only it does not allow anything.
void read_surface(Turn& t, DeviceId id, Celsius celsius, Instant at) {
  Actuator& a = t.actuator(id);
  const Limits limits = tightest(t.house().limits_of(t.device(id)), kHard);
  a.standing.measures_surface = true;  // also a heater that turns out to measure itself
  // Two sensors in one pad: the hotter one counts, for as long as it goes on talking.
  const bool hotter_one_talks =
      a.standing.surface && celsius < a.standing.surface->celsius && t.now - a.standing.surface->at < 5s;
  if (!hotter_one_talks && (!a.standing.surface || at >= a.standing.surface->at))
    a.standing.surface = Reading{celsius, at};
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

}  // namespace

void heard(Turn& t, const ReadingFailed& r) {
  for (std::uint16_t i = 0; i < t.house().devices.size(); ++i) {
    const Device& d = t.house().devices[i];
    if (d.kind == Kind::heat_pad && (DeviceId{i} == r.device || d.thermometer == r.device))
      t.actuator(DeviceId{i}).standing.surface.reset();  // what it said before is no reading any more
  }
}

void heard(Turn& t, const TemperatureReported& r) {
  const bool unknown = t.just_stalled();  // it waited in our socket: as old as that makes it useless
  const Instant at = unknown ? t.now - kHard.reading_lives - 1s : t.now - r.age.value_or(0ms);
  for (std::uint16_t i = 0; i < t.house().devices.size(); ++i) {
    const Device& d = t.house().devices[i];
    if (d.kind == Kind::heat_pad && (DeviceId{i} == r.device || d.thermometer == r.device))
      read_surface(t, DeviceId{i}, r.celsius, at);
  }
}

}  // namespace lull
