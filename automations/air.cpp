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

void off_first(const House& house, std::vector<Effect>& effects) {
  const auto is_off = [](const Effect& e) {
    const auto* command = std::get_if<SafeCommand>(&e);
    return command && command->off();
  };
  const auto is_heat_off = [&](const Effect& e) {
    return is_off(e) && house.needs_guard(std::get<SafeCommand>(e).device());
  };
  const auto gather = [](auto from, auto end, const auto& is) {
    from = std::find_if_not(from, end, is);
    return std::any_of(from, end, is) ? std::stable_partition(from, end, is) : from;
  };
  gather(gather(effects.begin(), effects.end(), is_heat_off), effects.end(), is_off);
}

}  // namespace lull
