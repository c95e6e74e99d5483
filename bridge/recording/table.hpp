// Reads a recording: CSV with a header line, or JSON lines. Every complaint names the line and what would be right.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "automations/restlessness/scoring/placing.hpp"
#include "devices/result.hpp"

namespace lull::recording {

struct Row {
  std::size_t line = 0;            // in the file, from 1
  std::vector<std::string> cells;  // as many as columns; "" = missing
};

/// What a file says, not yet understood.
struct Table {
  std::string file;
  std::vector<std::string> columns;
  std::vector<Row> rows;
  std::optional<milliseconds> start{}, step{};  // of a first line like "# start=2015-01-23T13:58:00 epoch_s=60"

  std::optional<std::size_t> find(std::string_view column) const;
  Error error(std::size_t line, std::string what) const;
};

/// A file that cannot be read, has no header line, is binary, or has a row with fewer or more cells than its header: an
/// error. A file of bare numbers, one a line, is one column "t".
Result<Table> read_table(const std::string& path);
Result<Table> parse_table(const std::string& file, std::string_view text);

/// 2012-06-27T10:54:00Z, 2012-06-27 10:54:00.5, 2012-06-27T10:54:00+02:00: milliseconds since 1970, by the recording's
/// own clock when it names no zone.
std::optional<milliseconds> parse_time(std::string_view text);
/// The way back, without a zone: 2012-06-27T10:54:00, with milliseconds only when there are any.
std::string time_text(milliseconds since_1970);
/// "60s", "10 s", "1min", "40ms", "1h".
std::optional<milliseconds> parse_span(std::string_view text);
/// A whole cell as a number; NaN and infinities too.
std::optional<double> parse_number(std::string_view text);
/// "", "NaN", "NA", "null", ".": not measured.
bool is_missing(std::string_view cell);

/// When each row was, and how to write such a moment again.
struct Times {
  std::vector<scoring::Sample> samples;  // one a row
  bool by_calendar = false;              // since 1970, else since the recording began
  std::string text(milliseconds at) const;
};
/// From a column of the table: timestamp, time, datetime or date_time (dates, or seconds since 1970), t, second,
/// seconds, start or onset (seconds), minute. Without one, and with a distance of rows (`step`, or the table's own): by
/// counting them.
Result<Times> times_of(const Table& table, std::optional<milliseconds> step);

}  // namespace lull::recording
