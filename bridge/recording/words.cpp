// Figures in words.
#include "bridge/recording/words.hpp"

#include <cmath>
#include <cstdio>

namespace lull::recording {
namespace {

using Json = nlohmann::ordered_json;

std::string count_of(std::optional<std::int64_t> n) { return n ? std::to_string(*n) : "?"; }
std::string figure(std::optional<double> v) { return v ? recording::figure(*v) : "?"; }
Json number(std::optional<std::int64_t> n) { return n ? Json(*n) : Json(nullptr); }

const char* word_of(scoring::OnsetRule rule) {
  switch (rule) {
    case scoring::OnsetRule::immobile_10_min: return "first ten minutes of lying still";
    case scoring::OnsetRule::first_sleep_epoch: return "first epoch of sleep";
    case scoring::OnsetRule::none: break;
  }
  return "";
}

}  // namespace

std::string figure(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.2f", value);
  std::string out = text;
  while (out.back() == '0') out.pop_back();
  if (out.back() == '.') out.pop_back();
  return out == "-0" ? "0" : out;
}

Json rounded(std::optional<double> value) {
  if (!value || !std::isfinite(*value)) return nullptr;
  return std::round(*value * 1000) / 1000;
}

const char* letter_of(scoring::Label label) {
  return label == scoring::Label::sleep ? "S" : label == scoring::Label::wake ? "W" : "";
}

Json facts_of(const scoring::NightMetrics& m) {
  Json j{{"tib_min", rounded(m.tib_min)}, {"coverage_pct", rounded(m.coverage_pct)}};
  if (!m.no_score.empty()) j["no_score"] = m.no_score;
  j["tst_min"] = rounded(m.tst_min), j["sol_min"] = rounded(m.sol_min), j["waso_min"] = rounded(m.waso_min);
  j["se_pct"] = rounded(m.se_pct);
  if (m.onset_rule != scoring::OnsetRule::none) j["onset_by"] = word_of(m.onset_rule);
  j["awakenings"] = number(m.awakenings), j["awakenings_5min"] = number(m.awakenings_5min);
  j["awakenings_per_hour"] = rounded(m.awakenings_per_hour);
  const auto still = [&](double scoring::Stillness::*field) {
    return m.still ? rounded((*m.still).*field) : Json(nullptr);
  };
  j["mobile_pct"] = still(&scoring::Stillness::mobile_pct);
  j["short_immobile_pct"] = still(&scoring::Stillness::short_immobile_pct);
  j["restlessness_index"] = still(&scoring::Stillness::restlessness_index);
  if (m.movements_per_hour) j["movements_per_hour"] = rounded(m.movements_per_hour);
  if (m.restless_min) j["restless_min"] = rounded(m.restless_min);
  return j;
}

std::string words_of(const scoring::NightMetrics& m) {
  std::string out = figure(m.tib_min) + " min in bed, " + figure(m.coverage_pct) + " % measured";
  if (!m.no_score.empty()) return out + ": no score, " + m.no_score;
  out += "\n    restlessness index " + (m.still ? figure(m.still->restlessness_index) : "?") + ", awakenings " +
         count_of(m.awakenings) + " (" + count_of(m.awakenings_5min) + " of 5 min or more), " +
         figure(m.awakenings_per_hour) + " per hour of sleep";
  out += "\n    estimated: asleep " + figure(m.tst_min) + " min, awake after that " + figure(m.waso_min) + " min, " +
         figure(m.se_pct) + " % of the measured time; asleep after " + figure(m.sol_min) + " min (" +
         word_of(m.onset_rule) + ")";
  return out;
}

Json facts_of(const scoring::SleepPeriod& p) {
  return {{"duration_min", rounded(p.minutes)},
          {"tst_min", rounded(p.sleep_min)},
          {"waso_min", rounded(p.wake_min)},
          {"efficiency_pct", rounded(p.efficiency_pct)},
          {"awakenings", p.awakenings},
          {"mean_awakening_min", rounded(p.mean_awakening_min)},
          {"counts", p.counts},
          {"movement_index", rounded(p.movement_index)},
          {"fragmentation_index", rounded(p.fragmentation_index)},
          {"sleep_fragmentation_index", rounded(p.sleep_fragmentation_index)},
          {"coverage_pct", rounded(p.coverage_pct)}};
}

std::string words_of(const scoring::SleepPeriod& p) {
  return figure(p.minutes) + " min, " + std::to_string(p.awakenings) + " awakenings, movement index " +
         figure(p.movement_index) + ", fragmentation index " + figure(p.fragmentation_index) + ", estimated asleep " +
         figure(p.sleep_min) + " min";
}

Json facts_of(const scoring::LegIndices& x) {
  return {{"movements", x.movements},
          {"candidates", x.candidates},
          {"estimated_periodic", x.periodic},
          {"series", x.series},
          {"estimated_periodic_asleep", x.periodic_asleep},
          {"estimated_periodic_awake", x.periodic_awake},
          {"candidates_asleep", x.candidates_asleep},
          {"sleep_h", rounded(x.sleep_h)},
          {"wake_h", rounded(x.wake_h)},
          {"estimated_periodic_per_sleep_hour", rounded(x.periodic_per_sleep_hour)},
          {"estimated_periodic_per_wake_hour", rounded(x.periodic_per_wake_hour)},
          {"estimated_periodic_of_candidates_asleep", rounded(x.periodic_of_candidates_asleep)},
          {"periodicity_index", rounded(x.periodicity_index)}};
}

std::string words_of(const scoring::LegIndices& x) {
  std::string out = std::to_string(x.movements) + " leg movements, " + std::to_string(x.periodic) +
                    " estimated periodic in " + std::to_string(x.series) + " series";
  if (x.periodic_per_sleep_hour)
    out += "\n    in " + figure(x.sleep_h) + " h of sleep: " + std::to_string(x.periodic_asleep) + ", " +
           figure(*x.periodic_per_sleep_hour) + " an hour";
  if (x.periodic_per_wake_hour)
    out += "\n    in " + figure(x.wake_h) + " h awake: " + std::to_string(x.periodic_awake) + ", " +
           figure(*x.periodic_per_wake_hour) + " an hour";
  if (x.periodicity_index) out += "\n    periodicity index " + figure(*x.periodicity_index);
  return out;
}

}  // namespace lull::recording
