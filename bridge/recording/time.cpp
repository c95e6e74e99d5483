// Moments and spans in recordings.
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <limits>

#include "bridge/recording/table.hpp"

namespace lull::recording {
namespace {

using namespace std::chrono;

/// Takes a number of exactly `digits` digits off the front.
std::optional<int> take(std::string_view& text, std::size_t digits) {
  int value = 0;
  if (text.size() < digits) return std::nullopt;
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + digits, value);
  if (wrong != std::errc{} || end != text.data() + digits || value < 0) return std::nullopt;
  text.remove_prefix(digits);
  return value;
}
bool take(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<milliseconds> in_unit(double value, double unit_ms) {
  const double ms = value * unit_ms;
  if (!(std::abs(ms) < 1e15)) return std::nullopt;
  return milliseconds{std::llround(ms)};
}

struct Column {
  const char* name;
  double unit_ms;  // 0: dates, or seconds since 1970
};
constexpr Column kTimes[] = {{"timestamp", 0}, {"datetime", 0},   {"date_time", 0},  {"time", 0},
                             {"t", 1000},      {"second", 1000},  {"seconds", 1000}, {"t_s", 1000},
                             {"time_s", 1000}, {"onset_s", 1000}, {"minute", 60000}};

}  // namespace

std::optional<double> parse_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size() || text.empty()) return std::nullopt;
  if (wrong == std::errc::result_out_of_range) return std::numeric_limits<double>::infinity();
  if (wrong != std::errc{}) return std::nullopt;
  return value;
}

bool is_missing(std::string_view cell) {
  for (const std::string_view word : {"", "NaN", "nan", "NAN", "NA", "N/A", "null", "None", ".", "-"})
    if (cell == word) return true;
  return false;
}

std::optional<milliseconds> parse_time(std::string_view text) {
  const auto year_ = take(text, 4);
  if (!year_ || !take(text, "-/")) return std::nullopt;
  const auto month_ = take(text, 2);
  if (!month_ || !take(text, "-/")) return std::nullopt;
  const auto day_ = take(text, 2);
  if (!day_) return std::nullopt;
  const year_month_day date{year{*year_}, month{static_cast<unsigned>(*month_)}, day{static_cast<unsigned>(*day_)}};
  if (!date.ok()) return std::nullopt;
  milliseconds at = sys_days{date}.time_since_epoch();
  if (text.empty()) return at;
  if (!take(text, "T ")) return std::nullopt;
  const auto hour_ = take(text, 2);
  if (!hour_ || *hour_ > 23 || !take(text, ":")) return std::nullopt;
  const auto minute_ = take(text, 2);
  if (!minute_ || *minute_ > 59) return std::nullopt;
  at += hours{*hour_} + minutes{*minute_};
  if (take(text, ":")) {
    const auto second_ = take(text, 2);
    if (!second_ || *second_ > 60) return std::nullopt;
    at += seconds{*second_};
    if (take(text, ".,")) {
      int scale = 100;
      if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;
      for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1), scale /= 10)
        at += milliseconds{(text.front() - '0') * scale};
    }
  }
  if (text.empty() || text == "Z") return at;
  const int sign = text.front() == '+' ? 1 : -1;
  if (!take(text, "+-")) return std::nullopt;
  const auto off_hours = take(text, 2);
  if (!off_hours || *off_hours > 14) return std::nullopt;
  take(text, ":");
  const auto off_minutes = text.empty() ? std::optional{0} : take(text, 2);
  if (!off_minutes || *off_minutes > 59 || !text.empty()) return std::nullopt;
  return at - sign * (hours{*off_hours} + minutes{*off_minutes});
}

std::string time_text(milliseconds since_1970) {
  const auto day_ = floor<days>(sys_time<milliseconds>{since_1970});
  const year_month_day date{day_};
  const hh_mm_ss time{sys_time<milliseconds>{since_1970} - day_};
  char text[48];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()));
  std::string out = text;
  if (const auto ms = time.subseconds().count(); ms != 0) {
    std::snprintf(text, sizeof text, ".%03d", static_cast<int>(ms));
    out += text;
  }
  return out;
}

std::optional<milliseconds> parse_span(std::string_view text) {
  double value = 0;
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (wrong != std::errc{} || !(value > 0)) return std::nullopt;
  std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  while (unit.starts_with(' ')) unit.remove_prefix(1);
  for (const auto& [name, ms] : {std::pair{"ms", 1.0}, {"s", 1000.0}, {"min", 60'000.0}, {"h", 3'600'000.0}})
    if (unit == name) {
      const auto span = in_unit(value, ms);
      return span && *span >= 1ms && *span <= 24h ? span : std::nullopt;
    }
  return std::nullopt;
}

std::string Times::text(milliseconds at) const {
  if (by_calendar) return time_text(at);
  char out[40];
  std::snprintf(out, sizeof out, at.count() % 1000 ? "%.3f" : "%.0f", static_cast<double>(at.count()) / 1000);
  return out;
}

Result<Times> times_of(const Table& table, std::optional<milliseconds> step) {
  Times times;
  times.samples.reserve(table.rows.size());
  for (const Column& column : kTimes) {
    const auto at = table.find(column.name);
    if (!at) continue;
    for (const Row& row : table.rows) {
      const std::string& cell = row.cells[*at];
      const auto number = parse_number(cell);
      std::optional<milliseconds> moment;
      if (column.unit_ms > 0) {
        if (number) moment = in_unit(*number, column.unit_ms);
        if (moment && table.start) *moment += *table.start;
      } else if (number) {
        moment = in_unit(*number, *number > 1e11 ? 1 : 1000);
      } else {
        moment = parse_time(cell);
      }
      if (!moment) {
        const bool dates = column.unit_ms == 0;
        return table.error(row.line, std::string(column.name) + " is '" + cell + "', must be " +
                                         (dates ? "a time such as 2026-11-21T23:30:00" : "a number"));
      }
      times.by_calendar = times.by_calendar || (column.unit_ms == 0 && (!number || *number > 1e8));
      times.samples.push_back({*moment, row.line});
    }
    times.by_calendar = times.by_calendar || table.start.has_value();
    return times;
  }
  if (!step) step = table.step;
  if (!step)
    return Error{
        table.file,
        "no column tells the time (timestamp, t, second or minute); say how far apart the rows are, --epoch 60s"};
  milliseconds at = table.start.value_or(0ms);
  for (const Row& row : table.rows) {
    times.samples.push_back({at, row.line});
    at += *step;
  }
  times.by_calendar = table.start.has_value();
  return times;
}

}  // namespace lull::recording
