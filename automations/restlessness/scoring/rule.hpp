// Sleep or wake from counts: the published rules as windows that slide over epochs (docs/RESTLESSNESS.md, "Scoring").
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "automations/restlessness/scoring/label.hpp"
#include "devices/units.hpp"

namespace lull::scoring {

/// A published rule: an epoch's verdict from `before` epochs before it, itself, and `after` epochs after it.
/// Before and after a recording it sees zeros, as all of the original programs do. Inside, what is missing is left out
/// and the rest weighs as much more; a missing epoch has no verdict, and neither has one beside a gap that is longer
/// than half of the window.
struct Rule {
  std::string name;
  seconds epoch{60};
  std::size_t before = 0, after = 0;
  /// The window, oldest first: before + 1 + after counts, that in the middle (at [before]) never missing, each count
  /// within 0..kMostCounts.
  std::function<Scored(std::span<const Count>)> judge;
};

/// Sadeh, Sharkey, Carskadon 1994 (doi 10.1093/sleep/17.3.201), for 60 s epochs of an ActiGraph's first axis:
///   SI = 7.601 - 0.065 AVG - 1.08 NAT - 0.056 SD - 0.703 ln(c + 1), with counts cut at 300,
/// sleep above -4 as in ActiLife 6, or from 0 on as in the paper.
enum class SadehThreshold { actilife, paper };
Rule sadeh(SadehThreshold threshold = SadehThreshold::actilife);

/// Cole, Kripke et al. 1992 (doi 10.1093/sleep/15.5.461), sleep when D < 1, one verdict a minute. The forms differ in
/// what a minute's number is: its mean activity (the whole minute's counts), the largest of its two 30 s epochs, or of
/// its six 10 s epochs. `actilife`: x = min(counts / 100, 300); `plain`: x = counts.
enum class ColeKripkeForm { minute, largest_30s, largest_10s };
enum class ColeKripkeScale { actilife, plain };
Rule cole_kripke(ColeKripkeForm form = ColeKripkeForm::minute, ColeKripkeScale scale = ColeKripkeScale::actilife);

/// Oakley 1997 (technical report), as Actiware 5: wake when the weighted sum is above the threshold: 20 (high
/// sensitivity), 40 (medium) or 80 (low) there, any other positive one here. In whole numbers: a sum of exactly the
/// threshold is sleep. Empty when `epoch` is none of 15, 30, 60, 120 s, or the threshold is below 1.
std::optional<Rule> oakley(seconds epoch, std::int64_t threshold = 40);

/// One epoch in, one verdict out, `after` epochs later: the same verdicts as of a whole night at once.
class EpochScorer {
 public:
  explicit EpochScorer(Rule rule);
  /// The next epoch. A count below zero or above kMostCounts is taken as missing.
  std::optional<Scored> push(Count count);
  /// The recording ends: the last verdicts.
  std::vector<Scored> finish();

 private:
  Rule rule_;
  std::deque<Count> window_;  // at most before + 1 + after
  std::vector<Count> flat_;
};

/// A whole recording, one verdict an epoch.
std::vector<Scored> score(const Rule& rule, std::span<const Count> counts);

/// Webster et al. 1982 (Sleep 5:389), five corrections for sleep that is too short to be believed beside that much
/// wake. (a) to (c) look at the labels as they came, (d) and (e) at what became of them. A missing epoch ends every
/// run.
std::vector<Label> webster(std::span<const Label> labels, seconds epoch);

}  // namespace lull::scoring
