// Looks once a second whether heat does what it should: warm a surface that is seen, under somebody who is there.
#include <algorithm>

#include "automations/turn.hpp"

namespace lull {
namespace {

constexpr int kRegulatesTenths = 5;  // our pad's own hysteresis: so far below its target its heater is on

/// Power should flow into it: it is on, and it is not at its own target.
bool drives(const Turn& t, DeviceId id) {
  const Actuator& a = t.actuator(id);
  if (!told_on(a) || a.on != true) return false;
  const Standing& is = a.standing;
  if (is.timer != Timer::lease || !is.surface) return true;  // a plug heats as long as it is on
  const Celsius target = heat_target(a.told.level);
  return is.surface->celsius.tenths() < target.tenths() - kRegulatesTenths;
}

}  // namespace

void watch_heat(Turn& t, milliseconds since_last) {
  for (std::uint16_t i = 0; i < t.hub.actuators.size(); ++i) {
    const DeviceId id{i};
    if (t.device(id).kind != Kind::heat_pad) continue;
    Standing& is = t.actuator(id).standing;
    if (is.measures_surface)
      is.watch.drives(drives(t, id), t.now, tightest(t.house().limits_of(t.device(id)), kHard).reading_lives);
    if (is.in_bed == true)
      is.warmed_empty = 0ms;
    else if (is.in_bed == false && may_run(t.actuator(id), t.now))
      is.warmed_empty += since_last;
  }
}

bool is_harm(Refusal refusal) {
  switch (refusal) {
    case Refusal::reading_failed:
    case Refusal::reading_frozen:
    case Refusal::reading_jumped:
    case Refusal::readings_disagree:
    case Refusal::stays_cold:
    case Refusal::nobody_came: return true;
    default: return false;
  }
}

}  // namespace lull
