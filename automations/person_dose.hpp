// Heat and massage that a sleeper was given in a night, by all devices together: two pads have not twice the minutes.
#pragma once

#include "devices/safety/dose.hpp"

namespace lull {

/// `meter.kept.on` is the time in which any of their devices ran; `meter.kept.level_ms` the sum over the devices.
struct PersonDose {
  DoseMeter meter;
  // Of the charged time, the bed was known to be empty: given back when the last of the devices is proved off, so that
  // a crash can only count too much.
  milliseconds spared{};
  std::int64_t spared_level{};
  bool operator==(const PersonDose&) const = default;
};

}  // namespace lull
