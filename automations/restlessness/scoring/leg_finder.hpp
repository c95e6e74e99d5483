// Leg movements from raw acceleration of a leg, with their beginning and end: the live detector's own rule
// (automations/restlessness/finder.hpp), so that what is scored in the morning is what was heard in the night.
#pragma once

#include "automations/restlessness/finder.hpp"
#include "automations/restlessness/scoring/legs.hpp"

namespace lull::scoring {

/// Per axis minus the mean of two seconds; RMS over 0.24 s; on above four times the noise, off when half a second below
/// twice the noise; at least half a second long. The first two seconds only teach the noise.
class LegFinder {
 public:
  /// `hz` within 5 to 100; outside of it nothing is found.
  LegFinder(double hz, Leg leg);
  /// One sample in milli-g, at a time from the recording's start that never goes back. After a gap of over two seconds
  /// it begins anew, and a movement that the gap cut off is not told. Returns a movement when it has ended.
  std::optional<LegMovement> hear(const std::array<float, 3>& mg, milliseconds at);
  /// The sample is missing or makes no sense.
  void miss();

 private:
  MovementFinder finder_{Stream::raw, seconds{1}, seconds{0}};
  RawAcceleration sample_;
  Leg leg_;
  std::optional<milliseconds> last_{};
};

}  // namespace lull::scoring
