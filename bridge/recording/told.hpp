// What a recording would have told the live detector, moment by moment: for `lull score --method detect` and backtests.
#pragma once

#include <utility>
#include <vector>

#include "bridge/recording/columns.hpp"
#include "bridge/recording/score.hpp"
#include "devices/device.hpp"
#include "devices/event.hpp"

namespace lull::recording {

struct Heard {
  milliseconds at{};  // when it was told, from the start
  MovementSample sample;
};
/// What a night tells the detector.
struct Told {
  Stream stream{};
  seconds epoch{1}, hold_off{0};
  std::vector<Heard> samples;
  std::vector<std::pair<milliseconds, bool>> in_bed, pad;  // from then on
  Times times;
  milliseconds start{}, length{};
  std::vector<Remark> remarks;
};
/// `request.format` is counts, vibration, or one with acceleration.
Result<Told> told_by(const Table& table, const Request& request);

}  // namespace lull::recording
