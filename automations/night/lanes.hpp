// From the lines of a record to the stretches between them; the first half of making a report.
#pragma once

#include <string>
#include <vector>

#include "automations/night/report.hpp"

namespace lull {

struct Lanes {
  std::vector<LaneSpan> spans;          // in order of their begin
  std::vector<Session> sessions;        // without their pairs
  std::vector<MovementMinute> minutes;  // in order of time, one sleeper's never overlapping
  std::vector<Span> unrecorded;
  int left_out = 0;
};
/// `records` in order of time.
Lanes lanes_of(const House& house, const std::vector<Timed>& records);

}  // namespace lull
