// What is worth remembering of a night, one line at a time. The report, the picture and the pages are made from these.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "devices/device.hpp"
#include "devices/units.hpp"

namespace lull {

enum class Lane : std::uint8_t { in_bed, movement, episode, play, massage, heat, light, other, note };
std::string_view word_for(Lane lane);
std::optional<Lane> lane_for(std::string_view word);

/// In span lanes `value` > 0 begins or changes and 0 ends: in_bed 1/0 (-1 unknown), episode 1/0, play 1/0,
/// massage, heat, light, other their level in percent as *proved by the device*. In `movement`, `value` is the number
/// of ungated movements in the minute that ends now, or -1 for a minute that was gated or had no data. `note` is words.
struct Note {
  Lane lane{};
  std::optional<SleeperId> sleeper{};
  std::optional<DeviceId> device{};
  double value = 0;
  std::string text;  // play: the routine and who asked; heat and massage at 0: what turned it off; note: the words
  bool operator==(const Note&) const = default;
};

}  // namespace lull
