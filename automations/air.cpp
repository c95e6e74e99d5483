// The only way out for messages of the core: each is counted against its bridge's radio time, and OFF goes first.
#include <algorithm>

#include "automations/turn.hpp"

namespace lull {
namespace {

Airtime* air_of(Turn& t, DeviceId id) {
  const std::int32_t air = t.actuator(id).air;
  return air < 0 ? nullptr : &t.hub.air[static_cast<std::size_t>(air)];
}
void took(Turn& t, DeviceId id, int messages) {
  if (Airtime* air = air_of(t, id))
    for (int i = 0; i < messages; ++i) air->took(t.now);
}

}  // namespace

bool air_is_free(Turn& t, DeviceId id) {
  const Airtime* air = air_of(t, id);
  if (!air || air->free(t.now)) return true;
  if (!t.hub.had_to_wait) t.hub.had_to_wait = id;
  return false;
}

void say(Turn& t, SafeCommand command) {
  const Output& o = command.output();
  const Device& device = t.device(command.device());
  const bool level_too = device.kind == Kind::massage_pad && device.steps_levels && !command.off();
  took(t, command.device(), 1 + level_too + o.kelvin.has_value() + o.fade_to.has_value());
  t.effects.emplace_back(std::move(command));
}

void ask_it(Turn& t, DeviceId id) {
  t.actuator(id).asked_at = t.now;
  took(t, id, 1);
  t.effects.emplace_back(Ask{id});
}

bool ask_idle(Turn& t, DeviceId id) {
  if (Airtime* air = air_of(t, id); air && !air->may_ask_idle(t.now)) return false;
  t.actuator(id).asked_at = t.now;
  t.effects.emplace_back(Ask{id});
  return true;
}

void arm_it(Turn& t, DeviceId id, seconds value) {
  took(t, id, 2);  // what is set, and what is read back
  t.effects.emplace_back(Arm{id, t.actuator(id).standing.timer, value});
}

void off_first(const Hub& hub, std::vector<Effect>& effects) {
  const auto rank = [&](const Effect& e) {
    const auto* command = std::get_if<SafeCommand>(&e);
    if (!command || !command->off()) return 5;
    const DeviceId id = command->device();
    // A slow radio says them one after the other: what may be running must not wait for what says that it is off.
    const int rests = hub.actuators[id.index].on == false ? 2 : 0;
    return hub.house->needs_guard(id) ? rests : has_force(hub.house->devices[id.index].kind) ? rests + 1 : 4;
  };
  const auto before = [&](const Effect& a, const Effect& b) { return rank(a) < rank(b); };
  if (!std::is_sorted(effects.begin(), effects.end(), before)) std::stable_sort(effects.begin(), effects.end(), before);
}

}  // namespace lull
