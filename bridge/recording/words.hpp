// Figures of a night for people and for programs.
#pragma once

#include <nlohmann/json.hpp>

#include "automations/restlessness/scoring/legs.hpp"
#include "automations/restlessness/scoring/night_metrics.hpp"
#include "automations/restlessness/scoring/periods.hpp"
#include "bridge/recording/table.hpp"

namespace lull::recording {

/// At most two digits behind the point, none that say nothing.
std::string figure(double value);
/// A JSON number of that precision; null when empty.
nlohmann::ordered_json rounded(std::optional<double> value);

nlohmann::ordered_json facts_of(const scoring::NightMetrics& m);
std::string words_of(const scoring::NightMetrics& m);
nlohmann::ordered_json facts_of(const scoring::SleepPeriod& p);
std::string words_of(const scoring::SleepPeriod& p);
nlohmann::ordered_json facts_of(const scoring::LegIndices& x);
std::string words_of(const scoring::LegIndices& x);

/// "S", "W", or "" for missing.
const char* letter_of(scoring::Label label);

}  // namespace lull::recording
