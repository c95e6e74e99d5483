// The sliding window that all rules share: what it does at the ends of a recording and at gaps.
#include "automations/restlessness/scoring/rule.hpp"

#include <algorithm>

namespace lull::scoring {
namespace {

std::size_t longest_gap(std::span<const Count> window) {
  std::size_t longest = 0, run = 0;
  for (const Count& c : window) longest = std::max(longest, run = c ? 0 : run + 1);
  return longest;
}

}  // namespace

EpochScorer::EpochScorer(Rule rule) : rule_(std::move(rule)), window_(rule_.before, Count{0}) {}

std::optional<Scored> EpochScorer::push(Count count) {
  if (count && (*count < 0 || *count > kMostCounts)) count.reset();
  window_.push_back(count);
  if (window_.size() < rule_.before + 1 + rule_.after) return std::nullopt;
  flat_.assign(window_.begin(), window_.end());
  window_.pop_front();
  if (!flat_[rule_.before] || 2 * longest_gap(flat_) > flat_.size()) return Scored{};
  return rule_.judge(flat_);
}

std::vector<Scored> EpochScorer::finish() {
  std::vector<Scored> out;
  for (std::size_t i = 0; i < rule_.after; ++i)
    if (const auto scored = push(Count{0})) out.push_back(*scored);
  window_.assign(rule_.before, Count{0});
  return out;
}

std::vector<Scored> score(const Rule& rule, std::span<const Count> counts) {
  std::vector<Scored> out;
  out.reserve(counts.size());
  EpochScorer scorer{rule};
  for (const Count& count : counts)
    if (const auto scored = scorer.push(count)) out.push_back(*scored);
  for (const Scored& scored : scorer.finish()) out.push_back(scored);
  return out;
}

}  // namespace lull::scoring
