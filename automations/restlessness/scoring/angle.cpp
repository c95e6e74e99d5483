// How a wrist lies, and when it did not turn.
#include "automations/restlessness/scoring/angle.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lull::scoring {
namespace {

double median(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

/// R's quantile of type 7, which GGIR uses.
double quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  const double at = share * static_cast<double>(values.size() - 1);
  const auto low = static_cast<std::size_t>(at);
  const std::size_t high = std::min(low + 1, values.size() - 1);
  return values[low] + (at - static_cast<double>(low)) * (values[high] - values[low]);
}

/// Stretches without a missing angle.
template <class Use>
void each_stretch(std::span<const Angle> angles, Use use) {
  for (std::size_t first = 0; first < angles.size();) {
    std::size_t end = first;
    while (end < angles.size() && angles[end]) ++end;
    if (end > first) use(first, end);
    first = end + 1;
  }
}

}  // namespace

double enmo(const Axes& g) { return std::max(0.0, std::sqrt(g[0] * g[0] + g[1] * g[1] + g[2] * g[2]) - 1); }

std::optional<FiveSeconds> five_seconds(std::span<const Axes> samples) {
  if (samples.empty()) return std::nullopt;
  FiveSeconds out;
  std::array<double, 3> middle{};
  std::vector<double> axis;
  for (std::size_t i = 0; i < 3; ++i) {
    axis.clear();
    for (const Axes& g : samples) axis.push_back(g[i]);
    middle[i] = median(axis);
  }
  for (const Axes& g : samples) out.enmo_g += enmo(g) / static_cast<double>(samples.size());
  const double flat = std::sqrt(middle[0] * middle[0] + middle[1] * middle[1]);
  if (!(flat + std::abs(middle[2]) > 0.1)) return std::nullopt;  // NaN fails it too
  out.angle_deg = std::atan2(middle[2], flat) * 180 / std::numbers::pi;
  return out;
}

std::vector<Scored> sustained_inactivity(std::span<const Angle> angles, milliseconds step, double degrees,
                                         minutes longer_than) {
  std::vector<Scored> out(angles.size());
  if (step <= 0ms) return out;
  const auto least = static_cast<std::size_t>(longer_than / step);
  each_stretch(angles, [&](std::size_t first, std::size_t end) {
    std::vector<std::size_t> turns;  // its place is before the turn
    for (std::size_t i = first; i < end; ++i) {
      const double change = i + 1 < end ? std::abs(*angles[i + 1] - *angles[i]) : 0;
      if (change > degrees) turns.push_back(i);
      out[i] = {change, Label::wake};
    }
    const auto sleep = [&](std::size_t from, std::size_t to) {
      for (std::size_t i = from; i <= to; ++i) out[i].label = Label::sleep;
    };
    bool any = false;
    for (std::size_t i = 1; i < turns.size(); ++i)
      if (turns[i] - turns[i - 1] > least) sleep(turns[i - 1], turns[i]), any = true;
    // The paper's rule for a day that hardly turned. Between gaps ten turns may be one a minute: only none is still.
    const bool still = end - first == angles.size() ? turns.size() < 10 : turns.empty();
    if (!any && still && end - first > least) sleep(first, end - 1);
  });
  return out;
}

std::vector<std::optional<double>> median_changes(std::span<const Angle> angles) {
  constexpr std::size_t kBefore = 29, kAfter = 30;
  const std::size_t n = angles.size();
  std::vector<std::optional<double>> moving(n);
  std::vector<double> window;
  for (std::size_t t = 0; t < n; ++t) {
    if (t < kBefore || t + kAfter >= n) {
      if (angles[t]) moving[t] = 0;  // GGIR's zeros at the edges
      continue;
    }
    window.clear();
    for (std::size_t i = t - kBefore; i < t + kAfter; ++i)
      if (angles[i] && angles[i + 1]) window.push_back(std::abs(*angles[i + 1] - *angles[i]));
    if (2 * window.size() > kBefore + kAfter) moving[t] = median(window);
  }
  return moving;
}

std::optional<SleepWindow> hdcza(std::span<const Angle> angles) {
  constexpr std::size_t kHalfHour = 360, kHour = 720;
  const std::size_t n = angles.size();
  const auto moving = median_changes(angles);
  std::vector<double> known;
  for (const auto& m : moving)
    if (m) known.push_back(*m);
  if (n <= kHalfHour || 2 * known.size() < n) return std::nullopt;
  SleepWindow best;
  best.threshold = std::clamp(15 * quantile(known, 0.10), 0.13, 0.50);
  std::optional<SleepWindow> joined;
  const auto keep = [&] {
    if (joined && joined->end - joined->first > best.end - best.first)
      best.first = joined->first, best.end = joined->end;
  };
  for (std::size_t t = 0; t < n;) {
    std::size_t end = t;
    while (end < n && moving[end] && *moving[end] < best.threshold) ++end;
    if (end - t > kHalfHour) {
      if (joined && t - joined->end < kHour) {
        joined->end = end;
      } else {
        keep();
        joined = SleepWindow{t, end, 0};
      }
    }
    t = end + 1;
  }
  keep();
  return best.end > best.first ? std::optional{best} : std::nullopt;
}

}  // namespace lull::scoring
