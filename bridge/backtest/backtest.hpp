// Changed settings and rules on recorded nights: from the journal, or from recordings of movement. A library, for the
// command line and for the page.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "automations/backtest/outcome.hpp"
#include "automations/house.hpp"
#include "bridge/recording/score.hpp"
#include "bridge/store/store.hpp"
#include "devices/result.hpp"

namespace lull {

/// How far it is; called now and then, on the same thread.
using BacktestProgress = std::function<void(std::size_t done, std::size_t of)>;

/// The last `nights` of a journal. `house` as its configuration says, ids not needed. An Error: nothing of it could be
/// used; what only could not be used in part is a remark.
Result<backtest::Outcome> backtest_journal(Store& store, House house, std::size_t nights,
                                           const BacktestProgress& progress = {});

/// Recordings as `lull score --method detect` reads them.
struct RecordingsTest {
  std::vector<std::string> files;
  recording::Request request{"counts", "detect", {}};
  std::string sleeper{};                          // whose legs they are; "" = the first sleeper's
  minutes begins{22 * 60};                        // those that tell no date: by the clock on the wall
  std::optional<minutes> in_bed{}, out_of_bed{};  // those that tell no presence
  std::optional<std::size_t> nights{};            // the last so many of them all
};
Result<backtest::Outcome> backtest_recordings(const House& house, const RecordingsTest& test,
                                              const BacktestProgress& progress = {});

/// The second world beside the first, night by night: what other settings would have done.
void put_beside(backtest::Outcome& outcome, backtest::Outcome other, std::string words);

}  // namespace lull
