// From the bedroom that was recorded to the one that is tested: whose words are whose.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "automations/backtest/world.hpp"

namespace lull::backtest {

struct Matching {
  std::vector<std::optional<DeviceId>> devices;    // of the recorded house, in its order: the place in the new one
  std::vector<std::optional<SleeperId>> sleepers;  // likewise
  std::vector<std::string> lost;                   // recorded, and not in the new house: what they said is left out
  std::vector<std::string> fresh;                  // in the new house, and never recorded
};
/// By id (what a device is and where it speaks), else by name and kind.
Matching match(const House& recorded, const House& tested);

/// The same event in the new house. Nothing: it is about a device that is not there.
std::optional<Event> moved(const Event& event, const Matching& matching);

/// What a recorded hub knows of the new house's devices.
std::vector<Known> known_of(const Hub& recorded, const Matching& matching, const House& tested);
/// How it stood, for a test that begins there.
Before before_of(const Hub& recorded, const Matching& matching, const House& tested);

}  // namespace lull::backtest
