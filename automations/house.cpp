// The look-ups in a house that everybody needs.
#include "automations/house.hpp"

namespace lull {
const Routine* House::routine(std::string_view wanted) const {
  for (const Routine& r : routines)
    if (r.name == wanted) return &r;
  return nullptr;
}

const Limits& House::limits_of(const Device& device) const {
  return device.sleeper && device.sleeper->index < sleepers.size() ? sleepers[device.sleeper->index].limits : limits;
}

std::optional<DeviceId> House::find(std::string_view device_id) const {
  for (std::size_t i = 0; i < devices.size(); ++i)
    if (devices[i].id == device_id) return DeviceId{static_cast<std::uint16_t>(i)};
  return std::nullopt;
}

bool House::needs_guard(DeviceId id) const {
  if (devices[id.index].kind == Kind::heat_pad) return true;
  if (devices[id.index].kind != Kind::mains || devices[id.index].stays_on) return false;
  return std::any_of(devices.begin(), devices.end(),
                     [&](const Device& d) { return d.kind == Kind::heat_pad && d.behind == id; });
}

std::optional<DeviceId> House::leased_plug(DeviceId id) const {
  const std::optional<DeviceId> plug = devices[id.index].behind;
  return plug && !devices[plug->index].stays_on ? plug : std::nullopt;
}

}  // namespace lull
