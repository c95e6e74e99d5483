// The actuators of a night that never was: they do at once what they are told, keep their own leases, and say so.
#pragma once

#include <optional>
#include <vector>

#include "automations/effect.hpp"
#include "automations/house.hpp"

namespace lull::backtest {

/// Bounded by the house. What it would say is asked for after each step and told to the core at the same moment.
class Room {
 public:
  explicit Room(const House& house);

  /// It does what this asks of it; anything else an effect may be is not its business.
  void perform(const Effect& effect);
  /// Leases lapse and surfaces warm. Once a second.
  void passes(Instant now);
  bool has_answers() const { return !said_.empty(); }
  /// What it has to say, once.
  std::vector<News> answers();
  /// Whether the device itself was out of reach that night: then it hears nothing, here as there.
  void reaches(DeviceId id, bool reachable);
  /// A thermometer was heard at this heater's surface, whatever its configuration says.
  void measures(DeviceId id) { things_[id.index].measured = true; }
  /// What it comes back as after a power cut, where it says so.
  void wakes(DeviceId id, std::optional<bool> off) { things_[id.index].wakes_off = off; }

 private:
  struct Thing {
    bool on = false, reachable = true, measured = false;
    Percent level{};
    Instant lease_until{};
    std::optional<bool> wakes_off{};
    double celsius = 28.0;  // of a heater's surface
    int wave = 0;           // a real thermometer never stands still
  };
  bool has_power(DeviceId id) const;
  void obey(const SafeCommand& command);
  void warm(DeviceId id);
  void say(DeviceId id);

  const House* house_;
  std::vector<Thing> things_;
  std::vector<News> said_;
  std::optional<Instant> passed_{};
};

}  // namespace lull::backtest
