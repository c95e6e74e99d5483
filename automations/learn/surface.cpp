// How warm a pad is: ceiling with hysteresis, and the trip that only a person releases.
#include "automations/learn/heard.hpp"

namespace lull {
namespace {

using Outcome = Decision::Outcome;

/// `at`: when it was so warm. An old reading can still be too hot; only it does not allow anything.
void read_surface(Turn& t, DeviceId id, DeviceId thermometer, std::int32_t sensor, Celsius celsius, Instant at) {
  Actuator& a = t.actuator(id);
  const Limits limits = tightest(t.house().limits_of(t.device(id)), kHard);
  a.standing.measures_surface = true;  // also a heater that turns out to measure itself
  if (!a.standing.surface || at >= a.standing.surface->at) {
    a.standing.watch.reads(thermometer, sensor, celsius, at, limits.reading_lives);
    // Two sensors at one surface: the hotter one counts, for as long as its reading lives.
    a.standing.surface = a.standing.watch.hottest(t.now, limits.reading_lives);
  }
  if (celsius >= limits.heat_ceiling) a.standing.cooling = true;
  if (a.standing.surface && a.standing.surface->celsius.tenths() <= limits.heat_ceiling.tenths() - kCoolByTenths)
    a.standing.cooling = false;
  if (celsius >= limits.heat_trip && !a.standing.tripped) {
    a.standing.tripped = true;
    t.effects.emplace_back(KeepSetting{{"tripped:" + t.device(id).id, "1"}});
    const std::string text = t.device(id).name + " reached " + std::to_string(celsius.whole()) +
                             " °C. Its heat stays off until a person has looked and released it.";
    t.decide(Outcome::refused, t.device(id).name, text);
    t.tell(Notify::Urgency::alarm, t.device(id).sleeper, text);
  }
}

/// Every heater that this thermometer watches.
template <class F>
void each_watched(Turn& t, DeviceId thermometer, F&& f) {
  for (std::uint16_t i = 0; i < t.house().devices.size(); ++i) {
    const Device& d = t.house().devices[i];
    if (d.kind == Kind::heat_pad && (DeviceId{i} == thermometer || d.thermometer == thermometer)) f(DeviceId{i});
  }
}

}  // namespace

void heard(Turn& t, const ReadingFailed& r) {
  each_watched(t, r.device, [&](DeviceId id) {
    t.actuator(id).standing.watch.fails(r.device, r.sensor.value_or(0), r.what.substr(0, 200), t.now);
  });
}

void heard(Turn& t, const TemperatureReported& r) {
  const bool unknown = t.just_stalled();  // it waited in our socket: as old as that makes it useless
  const Instant at = unknown ? t.now - kHard.reading_lives - 1s : t.now - r.age.value_or(0ms);
  each_watched(t, r.device, [&](DeviceId id) { read_surface(t, id, r.device, r.sensor.value_or(0), r.celsius, at); });
}

}  // namespace lull
