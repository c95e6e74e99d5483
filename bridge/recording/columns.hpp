// Columns of a recording as numbers on an even grid.
#pragma once

#include <array>

#include "bridge/recording/table.hpp"

namespace lull::recording {

using scoring::Count;
using scoring::Placed;
using scoring::Remark;

/// The distance of rows that the file's name tells, leg25hz.csv or angle5s.csv, when no column tells the time.
std::optional<milliseconds> step_by_name(const std::string& file);

/// The asked column, or the first of the usual ones that is there; else an error that names them.
Result<std::size_t> column_of(const Table& table, const std::string& asked, const std::vector<std::string>& usual);

/// A cell as a number. Empty: missing. What is no number is an error; NaN and infinities are remarked on.
Result<std::optional<double>> number_in(const Table& table, const Row& row, std::size_t column,
                                        std::vector<Remark>& remarks);
void add(std::vector<Remark>& remarks, std::vector<Remark> more);

/// Whole counts, an epoch each; the rows as they lie on the grid.
struct CountColumn {
  std::string name;
  Times times;
  Placed placed;
  std::vector<Count> counts;  // at the file's own distance of rows
  std::vector<Remark> remarks;
  milliseconds end() const { return placed.start + static_cast<std::int64_t>(placed.rows.size()) * placed.step; }
};
Result<CountColumn> counts_of(const Table& table, const std::string& column, std::optional<milliseconds> epoch);

/// Sums counts to epochs of this length. An error when they cannot be made of the file's.
Result<std::vector<Count>> in_epochs(const Table& table, const CountColumn& counts, milliseconds epoch);

/// Three axes in milli-g, a row each, in order of time; a row that is missing, saturated or stuck has none.
struct Acceleration {
  Times times;
  milliseconds step{};
  std::vector<milliseconds> at;
  std::vector<std::size_t> lines;
  std::vector<std::optional<std::array<float, 3>>> mg;
  std::vector<Remark> remarks;
  double hz() const { return 1000.0 / static_cast<double>(step.count()); }
};
Result<Acceleration> acceleration_of(const Table& table, std::optional<milliseconds> epoch);

}  // namespace lull::recording
