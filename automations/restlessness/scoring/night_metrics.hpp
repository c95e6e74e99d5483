// What a night was, from its labels and counts: Actiware's night rules (Oakley 1997; docs/RESTLESSNESS.md, "Scoring")
// and the figures of a night report. All in minutes. What was not measured is left out and shown as coverage.
#pragma once

#include <string>

#include "automations/restlessness/scoring/label.hpp"
#include "devices/units.hpp"

namespace lull::scoring {

/// Epochs [first, end) in bed.
struct Rest {
  std::size_t first = 0, end = 0;
  bool operator==(const Rest&) const = default;
};

/// Actiware's mobile epoch: as many counts as the epoch has 15 s parts, at least one.
bool is_mobile(std::int64_t count, seconds epoch);

/// Actiware's sleep interval inside a rest: from the first ten minutes with at most one mobile epoch to the start of
/// the last epoch of the last such ten minutes. Ten minutes with a missing epoch do not count: nobody saw that they
/// were still. Empty when there are none, or the rest is not within the counts.
std::optional<Rest> sleep_interval(std::span<const Count> counts, seconds epoch, Rest rest);

/// How still somebody lay in epochs [first, end).
struct Stillness {
  double mobile_pct = 0;          // of measured epochs
  double short_immobile_pct = 0;  // immobile runs of one minute or less, of all immobile runs
  double restlessness_index = 0;  // their sum, Actiware's "fragmentation index"; a person with themselves only
};
std::optional<Stillness> stillness(std::span<const Count> counts, seconds epoch, Rest span);

enum class OnsetRule : std::uint8_t { none, immobile_10_min, first_sleep_epoch };

struct NightMetrics {
  double tib_min = 0, coverage_pct = 0;
  std::string no_score{};  // not empty: below 70 % coverage, or never asleep; then what follows is empty
  OnsetRule onset_rule = OnsetRule::none;
  std::optional<Rest> asleep{};  // [onset, end of the last sleep epoch), or Actiware's interval
  std::optional<double> tst_min{}, sol_min{}, waso_min{};
  std::optional<double> se_pct{};  // sleep of the measured time in bed
  std::optional<std::int64_t> awakenings{}, awakenings_5min{}, sleep_bouts{};
  std::optional<double> awakenings_per_hour{};  // of sleep
  std::optional<Stillness> still{};
  std::optional<double> movements_per_hour{}, restless_min{};  // given by the detector
};
inline constexpr double kLeastCoverage = 70;  // percent of the time in bed

/// What a detector saw of the same night, when one ran.
struct Detected {
  std::int64_t movements = 0;
  double ungated_min = 0;  // in bed, and the sensor could be believed
  double restless_min = 0;
};

/// The figures of one rest. `counts` may be empty: then onset is the first epoch of sleep, and nothing is said of
/// stillness. Total sleep and efficiency are of the whole rest; wake, awakenings and stillness between onset and end.
NightMetrics night_metrics(std::span<const Label> labels, std::span<const Count> counts, seconds epoch, Rest rest,
                           std::optional<Detected> detected = {});
/// The same inside Actiware's interval, as Actiware counts: sleep, wake and stillness in [onset, end), efficiency of
/// the whole rest, awakenings as runs of wake. Needs counts.
NightMetrics actiware_night(std::span<const Label> labels, std::span<const Count> counts, seconds epoch, Rest rest);

}  // namespace lull::scoring
