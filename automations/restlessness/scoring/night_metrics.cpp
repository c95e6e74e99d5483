// The figures of a night.
#include "automations/restlessness/scoring/night_metrics.hpp"

#include <algorithm>
#include <cstdio>

namespace lull::scoring {
namespace {

double minutes_of(std::size_t epochs, seconds epoch) {
  return static_cast<double>(epochs) * static_cast<double>(epoch.count()) / 60;
}
std::span<const Label> cut(std::span<const Label> labels, Rest r) { return labels.subspan(r.first, r.end - r.first); }
std::size_t count_of(std::span<const Label> labels, Rest r, Label which) {
  const auto part = cut(labels, r);
  return static_cast<std::size_t>(std::count(part.begin(), part.end(), which));
}
bool fits(Rest r, std::size_t size) { return r.first < r.end && r.end <= size; }

/// From the first to the last epoch of sleep.
std::optional<Rest> labelled_sleep(std::span<const Label> labels, Rest rest) {
  std::optional<Rest> found;
  for (std::size_t i = rest.first; i < rest.end; ++i) {
    if (labels[i] != Label::sleep) continue;
    if (!found) found = Rest{i, i};
    found->end = i + 1;
  }
  return found;
}

/// Coverage, and whether it is enough.
NightMetrics begun(std::span<const Label> labels, std::span<const Count> counts, seconds epoch, Rest rest) {
  NightMetrics m;
  const bool have_counts = counts.size() == labels.size();
  if (epoch < 1s || !fits(rest, labels.size()) || (!counts.empty() && !have_counts)) {
    m.no_score = "no time in bed in this recording";
    return m;
  }
  m.tib_min = minutes_of(rest.end - rest.first, epoch);
  std::size_t known = 0;
  for (std::size_t i = rest.first; i < rest.end; ++i)
    known += labels[i] != Label::missing && (!have_counts || counts[i]);
  m.coverage_pct = 100 * static_cast<double>(known) / static_cast<double>(rest.end - rest.first);
  if (m.coverage_pct < kLeastCoverage) {
    char text[100];
    std::snprintf(text, sizeof text, "only %.1f %% of the time in bed was measured, a score needs %.0f %%",
                  m.coverage_pct, kLeastCoverage);
    m.no_score = text;
  }
  return m;
}

/// Wake between onset and end.
void add_wake(NightMetrics& m, std::span<const Label> labels, seconds epoch) {
  m.waso_min = minutes_of(count_of(labels, *m.asleep, Label::wake), epoch);
  std::int64_t wakes = 0, long_wakes = 0, sleeps = 0;
  for (const Run& run : runs_of(cut(labels, *m.asleep))) {
    wakes += run.label == Label::wake, sleeps += run.label == Label::sleep;
    long_wakes += run.label == Label::wake && minutes_of(run.length, epoch) >= 5;
  }
  m.awakenings = wakes, m.awakenings_5min = long_wakes, m.sleep_bouts = sleeps;
  if (*m.tst_min > 0) m.awakenings_per_hour = 60 * static_cast<double>(wakes) / *m.tst_min;
}

}  // namespace

bool is_mobile(std::int64_t count, seconds epoch) { return count >= std::max<std::int64_t>(1, epoch.count() / 15); }

std::optional<Rest> sleep_interval(std::span<const Count> counts, seconds epoch, Rest rest) {
  if (epoch < 1s || !fits(rest, counts.size())) return std::nullopt;
  const auto ten_minutes = static_cast<std::size_t>(std::max<std::int64_t>(1, 600 / epoch.count()));
  std::size_t mobile = 0, missing = 0;
  const auto weigh = [&](const Count& c, bool in) {
    std::size_t& n = c ? mobile : missing;
    if (!c || is_mobile(*c, epoch)) n = in ? n + 1 : n - 1;
  };
  std::optional<Rest> found;
  for (std::size_t i = rest.first; i < rest.end; ++i) {
    weigh(counts[i], true);
    if (i - rest.first >= ten_minutes) weigh(counts[i - ten_minutes], false);
    if (i + 1 - rest.first < ten_minutes || mobile > 1 || missing > 0) continue;
    if (!found) found = Rest{i + 1 - ten_minutes, i};
    found->end = i;  // the start of the last epoch
  }
  return found;
}

std::optional<Stillness> stillness(std::span<const Count> counts, seconds epoch, Rest span) {
  if (epoch < 1s || !fits(span, counts.size())) return std::nullopt;
  double known = 0, mobile = 0, runs = 0, short_runs = 0;
  std::size_t run = 0;
  const auto ends = [&] {
    if (run > 0) ++runs, short_runs += minutes_of(run, epoch) <= 1;
    run = 0;
  };
  for (std::size_t i = span.first; i < span.end; ++i) {
    if (counts[i]) ++known;
    if (counts[i] && !is_mobile(*counts[i], epoch)) {
      ++run;
      continue;
    }
    mobile += counts[i].has_value();
    ends();
  }
  ends();
  if (known == 0) return std::nullopt;
  Stillness s;
  s.mobile_pct = 100 * mobile / known;
  s.short_immobile_pct = runs > 0 ? 100 * short_runs / runs : 0;
  s.restlessness_index = s.mobile_pct + s.short_immobile_pct;
  return s;
}

NightMetrics night_metrics(std::span<const Label> labels, std::span<const Count> counts, seconds epoch, Rest rest,
                           std::optional<Detected> detected) {
  NightMetrics m = begun(labels, counts, epoch, rest);
  if (!m.no_score.empty()) return m;
  if (detected && detected->ungated_min > 0) {
    m.movements_per_hour = 60 * static_cast<double>(detected->movements) / detected->ungated_min;
    m.restless_min = detected->restless_min;
  }
  m.asleep = labelled_sleep(labels, rest);
  const auto sleep = static_cast<double>(count_of(labels, rest, Label::sleep));
  const auto wake = static_cast<double>(count_of(labels, rest, Label::wake));
  m.tst_min = minutes_of(count_of(labels, rest, Label::sleep), epoch);
  m.se_pct = 100 * sleep / (sleep + wake);
  if (!m.asleep) {
    m.no_score = "never asleep by these labels";
    return m;
  }
  m.onset_rule = OnsetRule::first_sleep_epoch;
  const auto quiet = counts.empty() ? std::nullopt : sleep_interval(counts, epoch, rest);
  if (quiet && quiet->first < m.asleep->end) m.asleep->first = quiet->first, m.onset_rule = OnsetRule::immobile_10_min;
  m.sol_min = minutes_of(m.asleep->first - rest.first, epoch);
  add_wake(m, labels, epoch);
  if (!counts.empty()) m.still = stillness(counts, epoch, *m.asleep);
  return m;
}

NightMetrics actiware_night(std::span<const Label> labels, std::span<const Count> counts, seconds epoch, Rest rest) {
  NightMetrics m = begun(labels, counts, epoch, rest);
  if (!m.no_score.empty()) return m;
  m.asleep = sleep_interval(counts, epoch, rest);
  if (!m.asleep || m.asleep->first >= m.asleep->end) {
    m.asleep.reset();
    m.no_score = "no ten minutes of lying still";
    return m;
  }
  m.onset_rule = OnsetRule::immobile_10_min;
  m.sol_min = minutes_of(m.asleep->first - rest.first, epoch);
  m.tst_min = minutes_of(count_of(labels, *m.asleep, Label::sleep), epoch);
  const double measured_min = m.tib_min * m.coverage_pct / 100;
  m.se_pct = 100 * *m.tst_min / measured_min;
  add_wake(m, labels, epoch);
  m.still = stillness(counts, epoch, *m.asleep);
  return m;
}

}  // namespace lull::scoring
