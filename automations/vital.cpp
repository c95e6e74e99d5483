// How long a device may be silent.
#include "automations/vital.hpp"

#include <algorithm>

namespace lull {

milliseconds may_be_silent(const Device& device, const Vital& vital) {
  constexpr milliseconds kShortest = 2h, kLongest = 25h;  // of one that speaks of events and now and then of itself
  switch (device.kind) {
    case Kind::thermometer: return 10min;
    case Kind::movement:
      if (device.stream == Stream::vibration || device.stream == Stream::none) break;
      return std::max<milliseconds>(2min, 3 * device.epoch);
    default: break;
  }
  if (vital.pauses < Vital::kPausesKnown) return kLongest;
  return std::clamp<milliseconds>(2 * vital.longest_pause, kShortest, kLongest);
}

}  // namespace lull
