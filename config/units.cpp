// Reading quantities without a locale: "1,5h" is wrong everywhere, "1.5h" right everywhere.
#include "config/units.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <utility>

namespace lull::config {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

void skip_spaces(std::string_view& t) {
  while (!t.empty() && t.front() == ' ') t.remove_prefix(1);
}

/// Takes "12" or "12.5" from the front; at most 9 digits before the point and 6 after it.
std::optional<double> take_number(std::string_view& t) {
  std::size_t i = 0;
  double value = 0, tenth = 0.1;
  while (i < t.size() && is_digit(t[i])) {
    if (i == 9) return std::nullopt;
    value = value * 10 + (t[i++] - '0');
  }
  if (i == 0) return std::nullopt;
  if (i < t.size() && t[i] == '.') {
    const std::size_t point = i++;
    for (; i < t.size() && is_digit(t[i]); ++i, tenth /= 10) {
      if (i - point > 6) return std::nullopt;
      value += (t[i] - '0') * tenth;
    }
    if (i == point + 1) return std::nullopt;
  }
  t.remove_prefix(i);
  return value;
}

/// A number and one of these units, and nothing more.
template <std::size_t N>
std::optional<double> with_unit(std::string_view t, const std::array<std::string_view, N>& units) {
  const auto value = take_number(t);
  if (!value) return std::nullopt;
  skip_spaces(t);
  for (const std::string_view unit : units)
    if (t == unit) return value;
  return std::nullopt;
}

constexpr std::array<std::pair<std::string_view, std::int64_t>, 18> kUnits{{{"ms", 1},
                                                                            {"s", 1'000},
                                                                            {"sec", 1'000},
                                                                            {"secs", 1'000},
                                                                            {"second", 1'000},
                                                                            {"seconds", 1'000},
                                                                            {"m", 60'000},
                                                                            {"min", 60'000},
                                                                            {"mins", 60'000},
                                                                            {"minute", 60'000},
                                                                            {"minutes", 60'000},
                                                                            {"h", 3'600'000},
                                                                            {"hr", 3'600'000},
                                                                            {"hour", 3'600'000},
                                                                            {"hours", 3'600'000},
                                                                            {"d", 86'400'000},
                                                                            {"day", 86'400'000},
                                                                            {"days", 86'400'000}}};

}  // namespace

const char* const kDurationPattern =
    "^([0-9]{1,9}(\\.[0-9]{1,6})? *(ms|s|secs?|seconds?|m|mins?|minutes?|h|hr|hours?|d|days?) *)+$";
const char* const kPercentPattern = "^(100(\\.0{1,6})?|[0-9]{1,2}(\\.[0-9]{1,6})?) *%$";
const char* const kCelsiusPattern = "^[0-9]{1,9}(\\.[0-9]{1,6})? *(°C|° C|C)$";
const char* const kKelvinPattern = "^[0-9]{1,9}(\\.[0-9]{1,6})? *(K|kelvin)?$";
const char* const kTimePattern = "^([01]?[0-9]|2[0-3]):[0-5][0-9]$";

std::optional<milliseconds> duration_from(std::string_view t) {
  double total = 0;
  if (t.empty()) return std::nullopt;
  while (!t.empty()) {
    const auto value = take_number(t);
    if (!value) return std::nullopt;
    skip_spaces(t);
    std::size_t letters = 0;
    while (letters < t.size() && t[letters] >= 'a' && t[letters] <= 'z') ++letters;
    std::int64_t unit = 0;
    for (const auto& [name, size] : kUnits)
      if (t.substr(0, letters) == name) unit = size;
    if (unit == 0) return std::nullopt;
    t.remove_prefix(letters);
    skip_spaces(t);
    total += *value * static_cast<double>(unit);
    if (!(total <= 366.0 * 86'400'000)) return std::nullopt;
  }
  return milliseconds{static_cast<std::int64_t>(std::llround(total))};
}

std::string text_of(milliseconds length) {
  if (length == 0ms) return "0min";
  std::string out;
  auto left = length.count();
  for (const auto& [name, size] :
       {std::pair<const char*, std::int64_t>{"h", 3'600'000}, {"min", 60'000}, {"s", 1'000}, {"ms", 1}}) {
    if (left / size > 0) out += std::to_string(left / size) + name;
    left %= size;
  }
  return out;
}

std::optional<double> percent_number(std::string_view t) { return with_unit<1>(t, {"%"}); }
std::optional<double> celsius_number(std::string_view t) { return with_unit<3>(t, {"°C", "° C", "C"}); }
std::optional<double> kelvin_number(std::string_view t) { return with_unit<3>(t, {"", "K", "kelvin"}); }
std::optional<Percent> percent_from(std::string_view t) {
  const auto value = percent_number(t);
  return value ? Percent::from(*value) : std::nullopt;
}
std::optional<Celsius> celsius_from(std::string_view t) {
  const auto value = celsius_number(t);
  return value ? Celsius::from(*value) : std::nullopt;
}
std::optional<Kelvin> kelvin_from(std::string_view t) {
  const auto value = kelvin_number(t);
  return value ? Kelvin::from(*value) : std::nullopt;
}

std::optional<TimeOfDay> time_from(std::string_view t) {
  const std::size_t colon = t.find(':');
  if (colon == std::string_view::npos || colon < 1 || colon > 2 || t.size() != colon + 3) return std::nullopt;
  int hour = 0, minute = 0;
  for (const char c : t.substr(0, colon)) {
    if (!is_digit(c)) return std::nullopt;
    hour = hour * 10 + (c - '0');
  }
  for (const char c : t.substr(colon + 1)) {
    if (!is_digit(c)) return std::nullopt;
    minute = minute * 10 + (c - '0');
  }
  if (hour > 23 || minute > 59) return std::nullopt;
  return TimeOfDay{static_cast<std::int16_t>(hour * 60 + minute)};
}

std::string text_of(TimeOfDay time) {
  const auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  return two(time.minute / 60) + ":" + two(time.minute % 60);
}

std::optional<double> number_from(std::string_view t) {
  const bool negative = !t.empty() && t.front() == '-';
  if (negative) t.remove_prefix(1);
  const auto value = take_number(t);
  if (!value || !t.empty()) return std::nullopt;
  return negative ? -*value : *value;
}

std::optional<bool> bool_from(std::string_view t) {
  if (t == "true" || t == "True" || t == "TRUE" || t == "yes" || t == "on") return true;
  if (t == "false" || t == "False" || t == "FALSE" || t == "no" || t == "off") return false;
  return std::nullopt;
}

std::optional<Weekdays> days_from(std::string_view t) {
  constexpr std::array<std::pair<std::string_view, int>, 17> kDays{{{"sun", 1},
                                                                    {"mon", 2},
                                                                    {"tue", 4},
                                                                    {"wed", 8},
                                                                    {"thu", 16},
                                                                    {"fri", 32},
                                                                    {"sat", 64},
                                                                    {"sunday", 1},
                                                                    {"monday", 2},
                                                                    {"tuesday", 4},
                                                                    {"wednesday", 8},
                                                                    {"thursday", 16},
                                                                    {"friday", 32},
                                                                    {"saturday", 64},
                                                                    {"weekdays", 62},
                                                                    {"weekends", 65},
                                                                    {"every day", 127}}};
  for (const auto& [name, bits] : kDays)
    if (t == name) return static_cast<Weekdays>(bits);
  return std::nullopt;
}

}  // namespace lull::config
