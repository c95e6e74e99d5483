// Epochs put together, and labels taken apart into runs.
#include "automations/restlessness/scoring/label.hpp"

#include <algorithm>

namespace lull::scoring {
namespace {

template <class Join>
std::vector<Count> joined(std::span<const Count> counts, std::size_t parts, Join join) {
  std::vector<Count> out;
  if (parts == 0) return out;
  out.reserve(counts.size() / parts + 1);
  for (std::size_t i = 0; i < counts.size(); i += parts) {
    if (counts.size() - i < parts) {
      out.emplace_back();
      break;
    }
    Count whole = counts[i];
    for (std::size_t k = 1; k < parts; ++k) {
      const Count& part = counts[i + k];
      whole = whole && part ? Count{join(*whole, *part)} : std::nullopt;
    }
    out.push_back(whole);
  }
  return out;
}

}  // namespace

std::vector<Label> labels_of(std::span<const Scored> scored) {
  std::vector<Label> out(scored.size());
  std::transform(scored.begin(), scored.end(), out.begin(), [](const Scored& s) { return s.label; });
  return out;
}

std::vector<Run> runs_of(std::span<const Label> labels) {
  std::vector<Run> runs;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (runs.empty() || runs.back().label != labels[i]) runs.push_back({labels[i], i, 0});
    ++runs.back().length;
  }
  return runs;
}

std::vector<Count> summed(std::span<const Count> counts, std::size_t parts) {
  return joined(counts, parts, [](std::int64_t a, std::int64_t b) { return a + b; });
}

std::vector<Count> largest(std::span<const Count> counts, std::size_t parts) {
  return joined(counts, parts, [](std::int64_t a, std::int64_t b) { return std::max(a, b); });
}

}  // namespace lull::scoring
