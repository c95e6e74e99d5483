// What the cells of a recording mean, and what they cannot mean.
#include "bridge/recording/columns.hpp"

#include <algorithm>
#include <cmath>
#include <regex>

namespace lull::recording {
namespace {

constexpr milliseconds kStuck = 10min;

std::string listed(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

bool ends_with(const std::string& s, std::string_view end) {
  return s.size() >= end.size() && s.compare(s.size() - end.size(), end.size(), end) == 0;
}

/// At the end of a 2, 4, 8 or 16 g range: the sensor would have said more.
bool is_saturated(const std::array<float, 3>& mg) {
  return std::any_of(mg.begin(), mg.end(), [](float v) {
    const float size = std::abs(v);
    return size >= 15'999 || std::abs(size - 2'000) <= 1 || std::abs(size - 4'000) <= 1 || std::abs(size - 8'000) <= 1;
  });
}

void note(std::vector<Remark>& remarks, std::size_t line, const std::string& what, std::size_t times = 1) {
  for (Remark& r : remarks)
    if (r.what == what) {
      r.times += times;
      return;
    }
  remarks.push_back({line, times, what});
}

/// Noise never stands still for ten minutes: this sensor does not measure.
void forget_what_is_stuck(Acceleration& a) {
  for (std::size_t first = 0; first < a.mg.size();) {
    std::size_t end = first + 1;
    while (end < a.mg.size() && a.mg[end] == a.mg[first]) ++end;
    if (a.mg[first] && a.at[end - 1] - a.at[first] > kStuck) {
      note(a.remarks, a.lines[first],
           "the same acceleration for more than ten minutes, the sensor is stuck: taken as missing", end - first);
      std::fill(a.mg.begin() + static_cast<std::ptrdiff_t>(first), a.mg.begin() + static_cast<std::ptrdiff_t>(end),
                std::nullopt);
    }
    first = end;
  }
}

}  // namespace

std::optional<milliseconds> step_by_name(const std::string& file) {
  const std::string name = file.substr(file.find_last_of('/') + 1);
  std::smatch found;
  static const std::regex rate{"([0-9]{1,4})(hz|s)(?![a-z0-9])", std::regex::icase};
  if (!std::regex_search(name, found, rate)) return std::nullopt;
  const int n = std::stoi(found[1]);
  if (n < 1) return std::nullopt;
  const std::string unit = found[2];
  return unit == "s" || unit == "S" ? milliseconds{1000 * n} : milliseconds{std::max(1, 1000 / n)};
}

Result<std::size_t> column_of(const Table& table, const std::string& asked, const std::vector<std::string>& usual) {
  if (!asked.empty()) {
    if (const auto found = table.find(asked)) return *found;
    return Error{table.file, "no column " + asked + "; it has " + listed(table.columns)};
  }
  for (const auto& name : usual)
    if (const auto found = table.find(name)) return *found;
  return Error{table.file,
               "no column " + listed(usual) + "; it has " + listed(table.columns) + ". Name one by --column"};
}

Result<std::optional<double>> number_in(const Table& table, const Row& row, std::size_t column,
                                        std::vector<Remark>& remarks) {
  const std::string& cell = row.cells[column];
  if (cell.empty()) return std::optional<double>{};
  const auto value = parse_number(cell);
  if (is_missing(cell) || (value && !std::isfinite(*value))) {
    note(remarks, row.line, "no number (NaN, infinite, NA): taken as missing");
    return std::optional<double>{};
  }
  if (!value)
    return table.error(row.line, table.columns[column] + " is '" + cell + "', must be a number, or empty for missing");
  return value;
}

void add(std::vector<Remark>& remarks, std::vector<Remark> more) {
  for (Remark& r : more) note(remarks, r.line, r.what, r.times);
}

Result<CountColumn> counts_of(const Table& table, const std::string& asked, std::optional<milliseconds> epoch) {
  CountColumn out;
  const auto column = column_of(table, asked, {"counts", "count", "activity", "axis1"});
  if (!column) return column.error();
  out.name = table.columns[*column];
  if (ends_with(out.name, "_mg") || ends_with(out.name, "_g") || ends_with(out.name, "_deg"))
    return Error{table.file,
                 out.name + " is an acceleration or an angle, not activity counts; these rules know only counts"};
  auto times = times_of(table, epoch ? epoch : step_by_name(table.file));
  if (!times) return times.error();
  out.times = std::move(*times);
  std::vector<Count> values;
  for (const Row& row : table.rows) {
    const auto value = number_in(table, row, *column, out.remarks);
    if (!value) return value.error();
    if (*value && std::abs(**value) < 1e15 && **value != std::floor(**value))
      return table.error(
          row.line, out.name + " is " + row.cells[*column] + ", but counts are whole numbers; is it an acceleration?");
    values.push_back(!*value                    ? Count{}
                     : std::abs(**value) < 1e15 ? Count{static_cast<std::int64_t>(**value)}
                                                : Count{**value < 0 ? -1 : std::int64_t{1} << 50});
  }
  auto step = scoring::usual_step(out.times.samples);
  if (!step) step = table.step ? table.step : epoch;
  if (!step) return Error{table.file, "one moment only: say how long an epoch is, --epoch 60s"};
  auto placed =
      scoring::place(out.times.samples, *step, [&](std::size_t a, std::size_t b) { return values[a] == values[b]; });
  if (!placed) return Error{table.file + ", " + placed.error().where, placed.error().what};
  out.placed = std::move(*placed);
  for (const auto& row : out.placed.rows) out.counts.push_back(row ? values[*row] : Count{});
  add(out.remarks, out.placed.remarks);
  add(out.remarks, scoring::doubt(out.counts, *step, [&](std::size_t i) {
        return out.placed.rows[i] ? table.rows[*out.placed.rows[i]].line : 0;
      }));
  return out;
}

Result<std::vector<Count>> in_epochs(const Table& table, const CountColumn& counts, milliseconds epoch) {
  const milliseconds own = counts.placed.step;
  if (epoch == own) return counts.counts;
  if (epoch < own || epoch % own != 0ms) {
    const auto s = [](milliseconds m) { return Times{}.text(m) + " s"; };
    return Error{table.file, "its rows are " + s(own) + " apart; epochs of " + s(epoch) + " cannot be made of them"};
  }
  return scoring::summed(counts.counts, static_cast<std::size_t>(epoch / own));
}

Result<Acceleration> acceleration_of(const Table& table, std::optional<milliseconds> epoch) {
  Acceleration out;
  std::array<std::size_t, 3> axes{};
  float unit = 0;
  for (const auto& [ending, in_mg] : {std::pair{"_mg", 1.0F}, {"_g", 1000.0F}}) {
    const auto x = table.find(std::string("x") + ending), y = table.find(std::string("y") + ending),
               z = table.find(std::string("z") + ending);
    if (x && y && z) axes = {*x, *y, *z}, unit = in_mg;
  }
  if (unit == 0)
    return Error{table.file, "no columns x_mg, y_mg, z_mg (or x_g, y_g, z_g: the name must tell the unit); it has " +
                                 listed(table.columns)};
  auto times = times_of(table, epoch ? epoch : step_by_name(table.file));
  if (!times) return times.error();
  out.times = std::move(*times);
  const auto step = scoring::usual_step(out.times.samples);
  if (!step) return Error{table.file, "one sample only"};
  out.step = *step;
  std::optional<milliseconds> newest;
  std::optional<std::array<float, 3>> last;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const Row& row = table.rows[i];
    const milliseconds at = out.times.samples[i].at;
    std::optional<std::array<float, 3>> mg{std::array<float, 3>{}};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const auto value = number_in(table, row, axes[axis], out.remarks);
      if (!value) return value.error();
      if (!*value) mg.reset();
      if (mg) (*mg)[axis] = unit * static_cast<float>(**value);
    }
    if (mg && std::any_of(mg->begin(), mg->end(), [](float v) { return std::abs(v) > 32'000; }))
      return table.error(row.line, "more than 32 g; are these milli-g, as the column's name says?");
    if (newest && at <= *newest) {
      note(out.remarks, row.line,
           at == *newest && mg == last ? "told twice: counted once" : "not later than the line before it: left out");
      continue;
    }
    if (newest && at - *newest > std::max(2 * out.step, milliseconds{1000}))
      note(out.remarks, row.line, "a gap before it");
    newest = at, last = mg;
    if (mg && is_saturated(*mg)) {
      note(out.remarks, row.line, "at the end of its range (saturated): taken as missing");
      mg.reset();
    }
    out.at.push_back(at), out.mg.push_back(mg), out.lines.push_back(row.line);
  }
  if (!out.at.empty() && out.at.back() - out.at.front() > hours{24 * 60})
    return Error{table.file, "from its first to its last sample are more than 60 days; cut it, or mend its clock"};
  // Gravity is there in any unit: still or not, a body's median is near 1 g. Wrong units would make wrong movements.
  std::vector<float> sizes;
  for (const auto& g : out.mg)
    if (g) sizes.push_back(std::hypot((*g)[0], (*g)[1], (*g)[2]));
  if (!sizes.empty()) {
    std::nth_element(sizes.begin(), sizes.begin() + static_cast<std::ptrdiff_t>(sizes.size() / 2), sizes.end());
    const float usual = sizes[sizes.size() / 2];
    if (usual < 500 || usual > 2000)
      return Error{table.file, "its usual length is " + std::to_string(std::lround(usual)) +
                                   " milli-g, must be near 1000 (gravity); is the unit as the columns' names say?"};
  }
  forget_what_is_stuck(out);
  return out;
}

}  // namespace lull::recording
