// A device that runs though it was told off, or was never told on: its minutes count all the same.
#include <algorithm>

#include "automations/turn.hpp"

namespace lull {
namespace {

bool one_device(const Device& a, const Device& b) { return a.speaks == b.speaks && a.base == b.base && a.at == b.at; }

}  // namespace

void charge_as_it_runs(Turn& t, DeviceId id) {
  const Actuator& a = t.actuator(id);
  if (!has_force(t.device(id).kind) || a.standing.dose.charged_until > t.now) return;
  charge_dose(t, id, t.now + kAskEvery, std::max(a.wanted.level, a.level.value_or(0_pct)));
}

void charge_what_it_holds(Turn& t, DeviceId id, Instant until) {
  if (t.actuator(id).standing.timer != Timer::lease) return;
  for (std::uint16_t i = 0; i < t.hub.actuators.size(); ++i) {
    Actuator& other = t.actuator(DeviceId{i});
    if (DeviceId{i} == id || !has_force(t.device(DeviceId{i}).kind) || !told_on(other) ||
        !one_device(t.device(DeviceId{i}), t.device(id)))
      continue;
    charge_dose(t, DeviceId{i}, until, other.told.level);
    other.lease_until = std::max(other.lease_until, until);
  }
}

void runs_on(Turn& t, DeviceId id) {
  const Actuator& a = t.actuator(id);
  const bool says_so = a.on == true && a.heard && t.now - *a.heard <= kAskEvery;
  const bool draws = a.watch.stuck && a.watts && *a.watts >= kDrawsNothing;  // whatever it says
  if (draws) charge_as_it_runs(t, id);
  if (!says_so || unproved_for(a, t.now) < kGiveUpAfter) return;
  charge_as_it_runs(t, id);
  // A pad with a motor and a heater has one lease: renewed for the one, it would hold the other for ever.
  if (a.standing.timer != Timer::lease) return;
  for (std::uint16_t i = 0; i < t.hub.actuators.size(); ++i)
    if (DeviceId{i} != id && has_force(t.device(DeviceId{i}).kind) && one_device(t.device(DeviceId{i}), t.device(id)) &&
        told_on(t.actuator(DeviceId{i})))
      fault(t, DeviceId{i}, "it shares a lease with " + t.device(id).name + ", which does not go off");
}

}  // namespace lull
