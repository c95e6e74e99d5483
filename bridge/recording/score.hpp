// Scores a recording by a published rule, or runs the live detector over it (docs/RESTLESSNESS.md, "lull score").
#pragma once

#include <nlohmann/json.hpp>

#include "automations/restlessness/scoring/night_metrics.hpp"
#include "bridge/recording/table.hpp"

namespace lull::recording {

struct Request {
  std::string format, method, column;  // column "" = the usual name
  std::optional<milliseconds> epoch{};
  std::optional<minutes> in_bed{}, out_of_bed{};  // after midnight, by the recording's clock
  std::string hypnogram{};                        // a file of S and W, one a 30 s epoch; "" = beside the recording
};

/// What came out, for people, for programs, and as a table.
struct Scores {
  nlohmann::ordered_json facts;
  std::string text, table;  // the table with its header line
  std::vector<scoring::Remark> remarks;
};

/// Methods of a format, in the order of their names; empty for a format that does not exist.
std::vector<std::string> methods_of(std::string_view format);
bool knows(std::string_view format, std::string_view method);

/// `knows(format, method)` must hold. An error names the line and what would be right.
Result<Scores> score(const Table& table, const Request& request);

// One for each kind of recording.
Result<Scores> score_counts(const Table& table, const Request& request);
Result<Scores> score_angles(const Table& table, const Request& request);
Result<Scores> score_legs(const Table& table, const Request& request);
Result<Scores> detect(const Table& table, const Request& request);

}  // namespace lull::recording
