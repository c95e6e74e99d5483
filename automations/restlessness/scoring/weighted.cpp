// Cole-Kripke 1992 and Oakley 1997: weighted sums against a threshold, in whole numbers, so that no sum is rounded
// across it.
#include <algorithm>
#include <array>

#include "automations/restlessness/scoring/rule.hpp"

namespace lull::scoring {
namespace {

using Weights = std::vector<std::int64_t>;

struct Sum {
  std::int64_t value = 0, weight = 0, whole_weight = 0;
  /// As if what is missing moved like the rest. Compared without a division.
  bool is_above(std::int64_t limit) const { return value * whole_weight > limit * weight; }
  bool is_below(std::int64_t limit) const { return value * whole_weight < limit * weight; }
  double in(double unit) const {
    return static_cast<double>(value) * (static_cast<double>(whole_weight) / static_cast<double>(weight)) / unit;
  }
};

Sum sum_of(std::span<const Count> window, const Weights& weights, std::int64_t most) {
  Sum sum;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    sum.whole_weight += weights[i];
    if (!window[i]) continue;
    sum.weight += weights[i];
    sum.value += weights[i] * std::min(*window[i], most);
  }
  return sum;
}

Weights oakley_weights(seconds epoch) {  // times 50
  switch (epoch.count()) {
    case 15: return {2, 2, 2, 2, 10, 10, 10, 10, 200, 10, 10, 10, 10, 2, 2, 2, 2};
    case 30: return {2, 2, 10, 10, 100, 10, 10, 2, 2};
    case 60: return {2, 10, 50, 10, 2};
    case 120: return {6, 25, 6};
    default: return {};
  }
}

}  // namespace

Rule cole_kripke(ColeKripkeForm form, ColeKripkeScale scale) {
  struct Form {
    const char* name;
    Weights weights;
    std::int64_t unit;  // 1 / the published scale
  };
  static const std::array<Form, 3> forms{{{"cole-kripke", {106, 54, 58, 76, 230, 74, 67}, 1'000},
                                          {"cole-kripke-30s", {50, 30, 14, 28, 121, 8, 50}, 10'000},
                                          {"cole-kripke-10s", {550, 378, 413, 699, 1736, 287, 309}, 100'000}}};
  const Form& f = forms[static_cast<std::size_t>(form)];
  const bool plain = scale == ColeKripkeScale::plain;
  const std::int64_t unit = plain ? f.unit : 100 * f.unit, most = plain ? kMostCounts : 30'000;
  return {std::string(f.name) + (plain ? "-plain" : ""), seconds{60}, 4, 2,
          [weights = f.weights, unit, most](std::span<const Count> window) {
            const Sum sum = sum_of(window, weights, most);
            return Scored{sum.in(static_cast<double>(unit)), sum.is_below(unit) ? Label::sleep : Label::wake};
          }};
}

std::optional<Rule> oakley(seconds epoch, std::int64_t threshold) {
  Weights weights = oakley_weights(epoch);
  if (weights.empty() || threshold < 1 || threshold > kMostCounts) return std::nullopt;
  const std::size_t side = weights.size() / 2;
  return Rule{"oakley-" + std::to_string(threshold), epoch, side, side,
              [weights = std::move(weights), threshold](std::span<const Count> window) {
                const Sum sum = sum_of(window, weights, kMostCounts);
                return Scored{sum.in(50), sum.is_above(50 * threshold) ? Label::wake : Label::sleep};
              }};
}

}  // namespace lull::scoring
