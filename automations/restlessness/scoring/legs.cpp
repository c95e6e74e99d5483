// WASM's and AASM's leg movements.
#include "automations/restlessness/scoring/legs.hpp"

#include <algorithm>

namespace lull::scoring {
namespace {

constexpr milliseconds kShortest = 500ms, kLongest = 10s, kLongestBoth = 15s, kMergeBelow = 500ms;
constexpr milliseconds kWasmLeast = 10s, kAasmLeast = 5s, kMostApart = 90s;
constexpr std::size_t kLeastInSeries = 4;
constexpr std::int32_t kMostParts = 4;

bool is_lm(const LegMovement& m) { return m.length() >= kShortest; }

/// Long enough, in order of onset.
std::vector<LegMovement> in_order(std::span<const LegMovement> movements) {
  std::vector<LegMovement> out;
  std::copy_if(movements.begin(), movements.end(), std::back_inserter(out), is_lm);
  std::stable_sort(out.begin(), out.end(),
                   [](const LegMovement& a, const LegMovement& b) { return a.onset < b.onset; });
  return out;
}

std::vector<ScoredMovement> merged(const std::vector<LegMovement>& movements) {
  std::vector<ScoredMovement> out;
  bool parts_short = true;  // of the one in the making
  const auto judge = [&] {
    if (out.empty()) return;
    ScoredMovement& m = out.back();
    const milliseconds length = m.offset - m.onset;
    m.candidate =
        m.leg == Leg::both ? parts_short && m.parts <= kMostParts && length <= kLongestBoth : length <= kLongest;
  };
  for (const LegMovement& m : movements) {
    if (!out.empty() && m.onset - out.back().offset < kMergeBelow) {
      ScoredMovement& whole = out.back();
      whole.offset = std::max(whole.offset, m.offset);
      if (whole.leg != m.leg) whole.leg = Leg::both;
      ++whole.parts;
      parts_short = parts_short && m.length() <= kLongest;
      continue;
    }
    judge();
    out.push_back({m.onset, m.offset, m.leg});
    parts_short = m.length() <= kLongest;
  }
  judge();
  return out;
}

/// Collects the members of a series until it ends, and numbers it if it was one.
class Series {
 public:
  explicit Series(std::vector<ScoredMovement>& movements) : movements_(movements) {}
  void add(std::size_t member) { members_.push_back(member); }
  bool empty() const { return members_.empty(); }
  milliseconds last_onset() const { return movements_[members_.back()].onset; }
  void end() {
    if (members_.size() >= kLeastInSeries) {
      ++found_;
      for (const std::size_t i : members_) movements_[i].series = found_;
    }
    members_.clear();
  }

 private:
  std::vector<ScoredMovement>& movements_;
  std::vector<std::size_t> members_;
  std::int32_t found_ = 0;
};

}  // namespace

std::vector<LegMovement> of_leg(std::span<const LegMovement> movements, Leg leg) {
  std::vector<LegMovement> out;
  std::copy_if(movements.begin(), movements.end(), std::back_inserter(out),
               [&](const LegMovement& m) { return m.leg == leg; });
  return out;
}

std::vector<ScoredMovement> wasm(std::span<const LegMovement> movements, Wasm breaks) {
  std::vector<ScoredMovement> out = merged(in_order(movements));
  Series series{out};
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::optional<milliseconds> apart = i ? std::optional{out[i].onset - out[i - 1].onset} : std::nullopt;
    const bool too_soon = apart && *apart < kWasmLeast;
    if (!out[i].candidate || too_soon || (apart && *apart > kMostApart)) series.end();
    if (!out[i].candidate || (too_soon && breaks == Wasm::strict)) continue;
    series.add(i);
  }
  series.end();
  return out;
}

std::vector<ScoredMovement> aasm(std::span<const LegMovement> movements) {
  std::vector<ScoredMovement> out;
  for (const LegMovement& m : in_order(movements)) {
    if (m.length() > kLongest) continue;
    if (!out.empty() && out.back().parts == 1 && out.back().leg != m.leg && m.onset - out.back().onset < kAasmLeast) {
      ScoredMovement& both = out.back();
      both.offset = std::max(both.offset, m.offset), both.leg = Leg::both, both.parts = 2;
      continue;
    }
    out.push_back({m.onset, m.offset, m.leg, 1, true});
  }
  Series series{out};
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (!series.empty()) {
      const milliseconds apart = out[i].onset - series.last_onset();
      if (apart < kAasmLeast) continue;  // the same jerk again: it neither counts nor ends anything
      if (apart > kMostApart) series.end();
    }
    series.add(i);
  }
  series.end();
  return out;
}

std::optional<double> periodicity_index(std::span<const milliseconds> onsets) {
  if (onsets.size() < 2) return std::nullopt;
  std::size_t periodic = 0, run = 0;
  const auto ends = [&] {
    if (run >= 3) periodic += run;
    run = 0;
  };
  for (std::size_t i = 1; i < onsets.size(); ++i) {
    const milliseconds apart = onsets[i] - onsets[i - 1];
    if (apart > kWasmLeast && apart <= kMostApart) {
      ++run;
    } else {
      ends();
    }
  }
  ends();
  return static_cast<double>(periodic) / static_cast<double>(onsets.size() - 1);
}

LegIndices leg_indices(std::span<const ScoredMovement> movements, std::span<const Label> hypnogram, seconds epoch) {
  LegIndices x;
  const milliseconds step = std::max(epoch, seconds{1});
  const double epoch_h = static_cast<double>(step.count()) / 3'600'000;
  for (const Label label : hypnogram) {
    if (label == Label::sleep) x.sleep_h += epoch_h;
    if (label == Label::wake) x.wake_h += epoch_h;
  }
  std::vector<milliseconds> asleep;
  std::int32_t last_series = 0;
  for (const ScoredMovement& m : movements) {
    const std::int64_t at = m.onset / step;
    const bool known = m.onset >= 0ms && at < static_cast<std::int64_t>(hypnogram.size());
    const Label label = known ? hypnogram[static_cast<std::size_t>(at)] : Label::missing;
    ++x.movements;
    x.candidates += m.candidate, x.periodic += m.periodic();
    x.periodic_asleep += m.periodic() && label == Label::sleep;
    x.periodic_awake += m.periodic() && label == Label::wake;
    last_series = std::max(last_series, m.series);
    if (m.candidate && label == Label::sleep) asleep.push_back(m.onset);
  }
  x.series = last_series;
  x.candidates_asleep = static_cast<std::int64_t>(asleep.size());
  if (x.sleep_h > 0) x.periodic_per_sleep_hour = static_cast<double>(x.periodic_asleep) / x.sleep_h;
  if (x.wake_h > 0) x.periodic_per_wake_hour = static_cast<double>(x.periodic_awake) / x.wake_h;
  if (!asleep.empty())
    x.periodic_of_candidates_asleep = static_cast<double>(x.periodic_asleep) / static_cast<double>(asleep.size());
  x.periodicity_index = periodicity_index(asleep);
  return x;
}

}  // namespace lull::scoring
