// Tudor-Locke's sleep periods.
#include "automations/restlessness/scoring/periods.hpp"

#include <algorithm>

namespace lull::scoring {
namespace {

double percent(double part, double whole) { return whole > 0 ? 100 * part / whole : 0; }

/// Labels without their short runs.
std::vector<Label> calmed(std::span<const Label> labels, std::size_t least_sleep, std::size_t least_wake) {
  std::vector<Label> out(labels.begin(), labels.end());
  Label before = Label::wake;  // a short first run is wake
  for (const Run& run : runs_of(labels)) {
    const bool is_short = (run.label == Label::sleep && run.length < least_sleep) ||
                          (run.label == Label::wake && run.length < least_wake);
    if (is_short) std::fill_n(out.begin() + static_cast<std::ptrdiff_t>(run.first), run.length, before);
    if (!is_short) before = run.label == Label::missing ? Label::wake : run.label;
  }
  return out;
}

SleepPeriod measured(const Run& run, std::span<const Label> labels, std::span<const Count> counts, seconds epoch) {
  const double minutes = static_cast<double>(epoch.count()) / 60;
  SleepPeriod p;
  p.first = run.first, p.end = run.end();
  p.minutes = static_cast<double>(run.length) * minutes;
  double above_zero = 0, known = 0, sleep_runs = 0, short_runs = 0;
  for (std::size_t i = run.first; i < run.end(); ++i) {
    if (!counts[i]) continue;
    ++known;
    above_zero += *counts[i] > 0;
    p.counts += *counts[i];
  }
  for (const Run& r : runs_of(labels.subspan(run.first, run.length))) {
    const double long_min = static_cast<double>(r.length) * minutes;
    if (r.label == Label::sleep) p.sleep_min += long_min, ++sleep_runs, short_runs += long_min <= 1;
    if (r.label == Label::wake) p.wake_min += long_min, ++p.awakenings;
  }
  if (p.awakenings > 0) p.mean_awakening_min = p.wake_min / static_cast<double>(p.awakenings);
  p.efficiency_pct = percent(p.sleep_min, p.sleep_min + p.wake_min);
  p.movement_index = percent(above_zero, known);
  p.fragmentation_index = percent(short_runs, sleep_runs);
  p.sleep_fragmentation_index = p.movement_index + p.fragmentation_index;
  p.coverage_pct = percent(known, static_cast<double>(run.length));
  return p;
}

}  // namespace

std::vector<SleepPeriod> sleep_periods(std::span<const Label> labels, std::span<const Count> counts, seconds epoch,
                                       const PeriodSettings& settings) {
  std::vector<SleepPeriod> periods;
  if (labels.size() != counts.size() || epoch < 1s || epoch > 60s || 60s % epoch != 0s) return periods;
  const auto epochs = [&](std::int64_t min) {
    return static_cast<std::size_t>(std::max<std::int64_t>(0, min) * 60 / epoch.count());
  };
  const auto calm = calmed(labels, epochs(settings.bedtime), epochs(settings.wake_end));
  for (const Run& run : runs_of(calm)) {
    if (run.label != Label::sleep) continue;
    if (run.length < epochs(settings.min_sleep) || run.length > epochs(settings.max_sleep)) continue;
    if (run.end() == calm.size() && !settings.keep_last) continue;
    const auto nonzero = std::count_if(counts.begin() + static_cast<std::ptrdiff_t>(run.first),
                                       counts.begin() + static_cast<std::ptrdiff_t>(run.end()),
                                       [](const Count& c) { return c && *c > 0; });
    if (nonzero < settings.min_nonzero) continue;
    periods.push_back(measured(run, labels, counts, epoch));
  }
  return periods;
}

}  // namespace lull::scoring
