// CSV and JSON lines, as people and programs write them.
#include "bridge/recording/table.hpp"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

namespace lull::recording {
namespace {

constexpr std::size_t kLongestFile = 512u << 20;

std::string_view trimmed(std::string_view s) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!s.empty() && blank(s.front())) s.remove_prefix(1);
  while (!s.empty() && blank(s.back())) s.remove_suffix(1);
  return s;
}

std::vector<std::string> cells_of(std::string_view line, char separator) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == separator && !quoted) {
      cells.emplace_back();
    } else {
      cells.back() += c;
    }
  }
  for (std::string& cell : cells) cell = std::string(trimmed(cell));
  return cells;
}

/// "# start=... epoch_s=60"; sample_s the same.
void read_comment(Table& table, std::string_view line) {
  std::istringstream words{std::string(line.substr(1))};
  for (std::string word; words >> word;) {
    const auto equals = word.find('=');
    if (equals == std::string::npos) continue;
    const std::string name = word.substr(0, equals), value = word.substr(equals + 1);
    if (name == "start") table.start = parse_time(value);
    if (name == "epoch_s" || name == "sample_s") table.step = parse_span(value + "s");
  }
}

std::string cell_of(const nlohmann::json& value) {
  if (value.is_null()) return "";
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return value.get<bool>() ? "1" : "0";
  return value.dump();
}

/// A JSON line; its keys are the columns, those of the first line for all.
std::optional<Error> read_object(Table& table, std::string_view line, std::size_t number) {
  const auto object = nlohmann::ordered_json::parse(line, nullptr, false);
  if (!object.is_object()) return table.error(number, "no JSON object, as the first line is");
  if (table.columns.empty())
    for (const auto& [key, value] : object.items()) table.columns.push_back(key);
  Row row{number, std::vector<std::string>(table.columns.size())};
  for (const auto& [key, value] : object.items()) {
    const auto column = table.find(key);
    if (!column) return table.error(number, "the key " + key + " is new here; the first line must name them all");
    if (value.is_structured()) return table.error(number, key + " must be a number or a text");
    row.cells[*column] = cell_of(value);
  }
  table.rows.push_back(std::move(row));
  return std::nullopt;
}

/// A header line, a list of bare numbers, or neither.
std::optional<Error> read_header(Table& table, const std::vector<std::string>& cells, std::size_t number) {
  if (cells.size() == 1 && parse_number(cells[0])) {
    table.columns = {"t"};
    table.rows.push_back({number, cells});
    return std::nullopt;
  }
  if (std::any_of(cells.begin(), cells.end(), [](const std::string& c) { return c.empty() || parse_number(c); }))
    return table.error(number, "no header line; it must name the columns, for example timestamp,counts");
  for (std::size_t i = 0; i < cells.size(); ++i)
    if (std::count(cells.begin(), cells.end(), cells[i]) > 1)
      return table.error(number, "two columns are called " + cells[i]);
  table.columns = cells;
  return std::nullopt;
}

}  // namespace

std::optional<std::size_t> Table::find(std::string_view column) const {
  const auto found = std::find(columns.begin(), columns.end(), column);
  if (found == columns.end()) return std::nullopt;
  return static_cast<std::size_t>(found - columns.begin());
}

Error Table::error(std::size_t line, std::string what) const {
  return {file + ":" + std::to_string(line), std::move(what)};
}

Result<Table> parse_table(const std::string& file, std::string_view text) {
  Table table;
  table.file = file;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (text.substr(0, 4096).find('\0') != std::string_view::npos)
    return Error{file, "a binary file; it must be CSV with a header line, or JSON lines"};
  std::size_t number = 0;
  char separator = ',';
  bool json = false;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (line.empty()) continue;
    if (line.front() == '#') {
      read_comment(table, line);
      continue;
    }
    if (table.columns.empty()) {
      json = line.front() == '{';
      if (line.find(',') == std::string_view::npos && line.find(';') != std::string_view::npos) separator = ';';
    }
    if (json) {
      if (auto wrong = read_object(table, line, number)) return std::move(*wrong);
      continue;
    }
    auto cells = cells_of(line, separator);
    if (table.columns.empty()) {
      if (auto wrong = read_header(table, cells, number)) return std::move(*wrong);
      continue;
    }
    if (cells.size() != table.columns.size())
      return table.error(number, std::to_string(cells.size()) + " cells, but the header names " +
                                     std::to_string(table.columns.size()) + " columns");
    table.rows.push_back({number, std::move(cells)});
  }
  if (table.rows.empty()) return Error{file, "no rows; it must be CSV with a header line, or JSON lines"};
  return table;
}

Result<Table> read_table(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error{path, "cannot be read"};
  std::string text;
  for (char part[65536]; file.read(part, sizeof part) || file.gcount() > 0;) {
    text.append(part, static_cast<std::size_t>(file.gcount()));
    if (text.size() > kLongestFile) return Error{path, "longer than 512 MiB; cut it into nights"};
  }
  if (file.bad() || !file.eof()) return Error{path, "cannot be read"};
  return parse_table(path, text);
}

}  // namespace lull::recording
