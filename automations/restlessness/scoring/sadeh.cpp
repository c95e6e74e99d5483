// Sadeh 1994.
#include <algorithm>
#include <cmath>

#include "automations/restlessness/scoring/rule.hpp"

namespace lull::scoring {
namespace {

constexpr std::size_t kSide = 5;

std::optional<double> sleep_index(std::span<const Count> window) {
  const auto cut = [](std::int64_t c) { return static_cast<double>(std::min<std::int64_t>(c, 300)); };
  double sum = 0, lively = 0, known = 0;
  for (const Count& c : window) {
    if (!c) continue;
    sum += cut(*c), ++known;
    lively += *c >= 50 && *c < 100;
  }
  double past_sum = 0, past_known = 0, squares = 0;
  const auto past = window.first(kSide + 1);
  for (const Count& c : past)
    if (c) past_sum += cut(*c), ++past_known;
  if (past_known < 2) return std::nullopt;  // no deviation of one number
  for (const Count& c : past)
    if (c) squares += (cut(*c) - past_sum / past_known) * (cut(*c) - past_sum / past_known);
  const double deviation = std::sqrt(squares / (past_known - 1));
  const double among_eleven = lively * static_cast<double>(window.size()) / known;
  return 7.601 - 0.065 * (sum / known) - 1.08 * among_eleven - 0.056 * deviation -
         0.703 * std::log(cut(*window[kSide]) + 1);
}

}  // namespace

Rule sadeh(SadehThreshold threshold) {
  const bool paper = threshold == SadehThreshold::paper;
  return {paper ? "sadeh-1994" : "sadeh", seconds{60}, kSide, kSide, [paper](std::span<const Count> window) {
            const auto index = sleep_index(window);
            if (!index) return Scored{};
            const bool asleep = paper ? *index >= 0 : *index > -4;
            return Scored{index, asleep ? Label::sleep : Label::wake};
          }};
}

}  // namespace lull::scoring
