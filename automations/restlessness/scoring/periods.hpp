// Sleep periods without a diary: Tudor-Locke 2014 (doi 10.1139/apnm-2013-0173), as ActiLife 6 finds them.
#pragma once

#include "automations/restlessness/scoring/label.hpp"
#include "devices/units.hpp"

namespace lull::scoring {

struct PeriodSettings {  // minutes; the defaults are ActiLife's
  std::int64_t bedtime = 5, wake_end = 10, min_sleep = 160, max_sleep = 1440;
  std::int64_t min_nonzero = 0;  // epochs above zero: a watch on a table has none
  bool keep_last = false;        // a period that touches the recording's end; ActiLife drops it
};

/// One period, epochs [first, end). It begins asleep, so its latency is zero by its making.
struct SleepPeriod {
  std::size_t first = 0, end = 0;
  double minutes = 0, sleep_min = 0, wake_min = 0;
  double efficiency_pct = 0;      // sleep / (sleep + wake), the missing left out
  std::int64_t awakenings = 0;    // runs of wake
  double mean_awakening_min = 0;  // 0 without any
  std::int64_t counts = 0;
  double movement_index = 0;             // percent of measured epochs above zero
  double fragmentation_index = 0;        // percent of sleep runs that last one minute or less
  double sleep_fragmentation_index = 0;  // their sum
  double coverage_pct = 0;
};

/// `labels` and `counts` are of the same length, one an epoch. Runs of wake shorter than wake_end and of sleep shorter
/// than bedtime join the run before them. A missing epoch ends a period: nobody knows what was in it.
/// Empty when the lengths differ or the epoch is none of 1 s to 60 s that divides a minute.
std::vector<SleepPeriod> sleep_periods(std::span<const Label> labels, std::span<const Count> counts, seconds epoch,
                                       const PeriodSettings& settings = {});

}  // namespace lull::scoring
