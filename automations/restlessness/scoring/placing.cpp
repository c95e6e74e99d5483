// An even grid from uneven samples.
#include "automations/restlessness/scoring/placing.hpp"

#include <algorithm>
#include <cmath>

namespace lull::scoring {
namespace {

constexpr milliseconds kLongestRecording = hours{24 * 400};
constexpr milliseconds kStuck = 30min;
constexpr std::int64_t kSaturated[] = {32'767, 65'535, 2'147'483'647, 4'294'967'295};

/// Remarks of one kind are one, with the first line.
void note(std::vector<Remark>& remarks, std::size_t line, const std::string& what, std::size_t times = 1) {
  const auto old = std::find_if(remarks.begin(), remarks.end(), [&](const Remark& r) { return r.what == what; });
  if (old != remarks.end()) {
    old->times += times;
  } else {
    remarks.push_back({line, times, what});
  }
}

std::int64_t nearest(milliseconds from_start, milliseconds step) {
  return (from_start.count() + step.count() / 2) / step.count();
}

}  // namespace

std::optional<milliseconds> usual_step(std::span<const Sample> samples) {
  std::vector<milliseconds> steps;
  for (std::size_t i = 1; i < samples.size(); ++i)
    if (samples[i].at != samples[i - 1].at) steps.push_back(std::chrono::abs(samples[i].at - samples[i - 1].at));
  if (steps.empty()) return std::nullopt;
  const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
  std::nth_element(steps.begin(), middle, steps.end());
  return *middle;
}

Result<Placed> place(std::span<const Sample> samples, milliseconds step,
                     const std::function<bool(std::size_t, std::size_t)>& same) {
  if (step <= 0ms) return Error{"", "an epoch must be longer than nothing"};
  Placed out;
  out.step = step;
  if (samples.empty()) return out;
  const auto [first, last] =
      std::minmax_element(samples.begin(), samples.end(), [](const Sample& a, const Sample& b) { return a.at < b.at; });
  if (last->at - first->at > kLongestRecording) {
    std::size_t worst = 1;
    for (std::size_t i = 1; i < samples.size(); ++i)
      if (std::abs((samples[i].at - samples[i - 1].at).count()) >
          std::abs((samples[worst].at - samples[worst - 1].at).count()))
        worst = i;
    return Error{"line " + std::to_string(samples[worst].line),
                 "the clock jumps here, and the recording would be longer than 400 days; cut the file at this line"};
  }
  out.start = first->at;
  const auto slots = static_cast<std::size_t>(nearest(last->at - first->at, step)) + 1;
  out.rows.resize(slots);
  std::vector<bool> doubtful(slots);
  milliseconds newest = samples.front().at;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const Sample& s = samples[i];
    const milliseconds from_start = s.at - out.start;
    const auto slot = static_cast<std::size_t>(nearest(from_start, step));
    if (s.at < newest) note(out.remarks, s.line, "earlier than the line before it: put where its time says");
    const auto off = (from_start - static_cast<std::int64_t>(slot) * step).count();
    if (4 * std::abs(off) > step.count())
      note(out.remarks, s.line, "off the beat of the epochs (the clock was set?): put into the nearest");
    if (i > 0 && s.at - newest > 3 * step / 2) {
      note(out.remarks, s.line, "a gap before it: epochs that are missing",
           static_cast<std::size_t>(nearest(s.at - newest, step)) - 1);
    }
    newest = std::max(newest, s.at);
    if (doubtful[slot]) continue;
    if (!out.rows[slot]) {
      out.rows[slot] = i;
    } else if (same(*out.rows[slot], i)) {
      note(out.remarks, s.line, "told twice: counted once");
    } else {
      doubtful[slot] = true;
      out.rows[slot].reset();
      note(out.remarks, s.line, "two different values for one epoch: neither counts, it is missing");
    }
  }
  return out;
}

std::vector<Remark> doubt(std::vector<Count>& counts, milliseconds step,
                          const std::function<std::size_t(std::size_t)>& line) {
  std::vector<Remark> remarks;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (!counts[i]) continue;
    const std::int64_t c = *counts[i];
    const bool saturated = std::find(std::begin(kSaturated), std::end(kSaturated), c) != std::end(kSaturated);
    if (!saturated && c >= 0 && c <= kMostCounts) continue;
    counts[i].reset();
    note(remarks, line(i),
         saturated ? "the largest number its counter can hold: taken as missing"
         : c < 0   ? "a count below zero: taken as missing"
                   : "a count above 1000000, more than anybody moves: taken as missing");
  }
  const auto most = static_cast<std::size_t>(kStuck / std::max(step, 1ms));
  for (std::size_t first = 0; first < counts.size();) {
    std::size_t end = first + 1;
    while (end < counts.size() && counts[end] == counts[first]) ++end;
    if (counts[first].value_or(0) > 0 && end - first > std::max<std::size_t>(most, 30)) {
      note(remarks, line(first), "the same count for more than half an hour, the sensor is stuck: taken as missing",
           end - first);
      std::fill(counts.begin() + static_cast<std::ptrdiff_t>(first), counts.begin() + static_cast<std::ptrdiff_t>(end),
                Count{});
    }
    first = end;
  }
  return remarks;
}

}  // namespace lull::scoring
