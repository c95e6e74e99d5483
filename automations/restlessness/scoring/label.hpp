// What scoring speaks of: epochs that were counted or are missing, and what became of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace lull::scoring {

/// Activity counts of one epoch, in the watch's own unit. Empty = missing, which is never zero: zero was measured.
using Count = std::optional<std::int64_t>;
inline constexpr std::int64_t kMostCounts = 1'000'000;  // nobody's minute is larger; scoring sees no more than this

enum class Label : std::uint8_t { missing, sleep, wake };

/// One epoch's verdict: the index is the value before its threshold, empty when the label is `missing`.
struct Scored {
  std::optional<double> index{};
  Label label = Label::missing;
  bool operator==(const Scored&) const = default;
};
std::vector<Label> labels_of(std::span<const Scored> scored);

/// Equal labels in a row: epochs [first, first + length).
struct Run {
  Label label{};
  std::size_t first = 0, length = 0;
  std::size_t end() const { return first + length; }
  bool operator==(const Run&) const = default;
};
std::vector<Run> runs_of(std::span<const Label> labels);

/// Sums each `parts` epochs into one. One missing part makes the sum missing; so does the recording's end
/// in the middle of it.
std::vector<Count> summed(std::span<const Count> counts, std::size_t parts);
/// The largest of each `parts` epochs, the same way.
std::vector<Count> largest(std::span<const Count> counts, std::size_t parts);

}  // namespace lull::scoring
