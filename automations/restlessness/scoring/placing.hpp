// Puts samples as they came, on a bad day late, doubled or by a clock that was set, onto an even grid of epochs. What
// is doubtful becomes missing and is remarked on; nothing is invented.
#pragma once

#include <functional>
#include <string>

#include "automations/restlessness/scoring/label.hpp"
#include "devices/result.hpp"
#include "devices/units.hpp"

namespace lull::scoring {

/// Something a reader should know: the first line it is about, how often it happened, and what.
struct Remark {
  std::size_t line = 0, times = 0;
  std::string what;
  bool operator==(const Remark&) const = default;
};

struct Sample {
  milliseconds at{};  // from any origin
  std::size_t line = 0;
};

/// Epoch i begins at start + i * step; rows[i] is the sample that is in it. Empty = missing.
struct Placed {
  milliseconds start{}, step{};
  std::vector<std::optional<std::size_t>> rows{};
  std::vector<Remark> remarks{};
};

/// The usual distance of neighbours: the median, whichever way they go. Empty when all are of one moment.
std::optional<milliseconds> usual_step(std::span<const Sample> samples);

/// `same(a, b)` tells whether two samples say the same. A sample told twice counts once; two that contradict each other
/// for one epoch make it missing; late ones go to their place; a jump forward is a gap. An error, with the line, when
/// the recording would be longer than 400 days: a clock jumped.
Result<Placed> place(std::span<const Sample> samples, milliseconds step,
                     const std::function<bool(std::size_t, std::size_t)>& same);

/// Counts that a sensor cannot have meant become missing: negative, above kMostCounts, the largest number of a 15, 16,
/// 31 or 32 bit counter (saturated), and the same number above zero for more than half an hour (stuck). `line(i)` tells
/// where epoch i came from.
std::vector<Remark> doubt(std::vector<Count>& counts, milliseconds step,
                          const std::function<std::size_t(std::size_t)>& line);

}  // namespace lull::scoring
