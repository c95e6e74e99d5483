// Nights side by side, and their weeks: for the text, the JSON and the CSV of `lull report --weeks`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "automations/night/compared.hpp"

namespace lull {

/// One night of one sleeper.
struct TrendNight {
  std::string night;  // "2026-11-21"
  SleeperNight figures;
  Compared relief;
  milliseconds massage{}, heat{};  // of devices that are theirs or nobody's
  /// Whether its figures count in a median: enough of it was measured.
  bool counts() const { return figures.no_figures.empty() && figures.movements_per_hour.has_value(); }
};
/// Monday to Sunday, by the date of the evening. Medians are over the nights that count.
struct TrendWeek {
  std::string monday;
  int recorded = 0, counted = 0;
  std::optional<double> movements_per_hour{}, episodes{}, restless_minutes{};
  Compared relief;
};
struct SleeperTrend {
  std::string id, name;
  std::vector<TrendNight> nights;  // in order of time
  std::vector<TrendWeek> weeks() const;
  Compared relief() const;
};
struct Trend {
  std::string house;
  Zone zone;
  std::vector<SleeperTrend> sleepers;
};

/// A night's report, by the house that it was recorded with: sleepers are known by their id over the weeks. In order.
void add_night(Trend& trend, const NightReport& report, const House& house);
/// The Monday of this date's week; the text itself when it is no date.
std::string monday_of(std::string_view night);
/// The date so many days later.
std::string days_after(std::string_view night, int days);

std::string to_text(const Trend& trend);
std::string to_json(const Trend& trend);
/// One row a night and sleeper, RFC 4180; docs/REPORT.md names the columns. What is not known is empty, never 0.
std::string to_csv(const Trend& trend);
/// One row a minute and sleeper, in bed or not, from first to last movement line of the night. With or without the
/// header line, so that nights can follow one another.
std::string minutes_csv(const NightReport& report, const House& house, bool header);

}  // namespace lull
