// Webster 1982.
#include <algorithm>

#include "automations/restlessness/scoring/rule.hpp"

namespace lull::scoring {
namespace {

/// Minutes of wake that make the next minutes of sleep wake as well.
struct After {
  std::int64_t wake, sleep;
};
/// Sleep of at most `sleep` minutes between at least `wake` minutes of wake on both sides is wake.
struct Between {
  std::int64_t sleep, wake;
};
constexpr After kAfter[] = {{4, 1}, {10, 3}, {15, 4}};
constexpr Between kBetween[] = {{6, 10}, {10, 20}};

std::int64_t length(const Run& run, seconds epoch) { return static_cast<std::int64_t>(run.length) * epoch.count(); }

}  // namespace

std::vector<Label> webster(std::span<const Label> labels, seconds epoch) {
  std::vector<Label> out(labels.begin(), labels.end());
  if (epoch <= 0s) return out;
  const auto came = runs_of(labels);
  for (std::size_t i = 1; i < came.size(); ++i) {
    if (came[i - 1].label != Label::wake || came[i].label != Label::sleep) continue;
    for (const After& rule : kAfter) {
      if (length(came[i - 1], epoch) < 60 * rule.wake) continue;
      const auto epochs = static_cast<std::size_t>(60 * rule.sleep / epoch.count());
      // The next minutes, whatever a short wake among them: it ends nothing. A missing epoch does.
      for (std::size_t e = came[i].first; e < std::min(out.size(), came[i].first + epochs); ++e) {
        if (labels[e] == Label::missing) break;
        out[e] = Label::wake;
      }
    }
  }
  for (const Between& rule : kBetween) {
    const auto runs = runs_of(out);
    for (std::size_t i = 1; i + 1 < runs.size(); ++i) {
      const Run &before = runs[i - 1], &run = runs[i], &after = runs[i + 1];
      if (run.label != Label::sleep || before.label != Label::wake || after.label != Label::wake) continue;
      if (length(run, epoch) > 60 * rule.sleep || length(before, epoch) < 60 * rule.wake ||
          length(after, epoch) < 60 * rule.wake)
        continue;
      std::fill_n(out.begin() + static_cast<std::ptrdiff_t>(run.first), run.length, Label::wake);
    }
  }
  return out;
}

}  // namespace lull::scoring
