// Reads the times that devices and bridges stamp on their messages.
#include "devices/dialects/stamp.hpp"

#include <nlohmann/json.hpp>

#include "devices/dialects/payload.hpp"

namespace lull {
namespace {

constexpr double kYear2000 = 946'684'800'000, kYear2200 = 7'258'118'400'000;  // ms; seconds would be 1970

/// Takes a number of so many digits off the front, or fails.
std::optional<int> digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return std::nullopt;
  int n = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    n = n * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return n;
}
bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

/// Z, +01:00 or +0100; the offset from UTC.
std::optional<milliseconds> zone(std::string_view text) {
  if (text == "Z" || text == "z") return 0ms;
  const bool east = take(text, '+');
  if (!east && !take(text, '-')) return std::nullopt;
  const auto hour = digits(text, 2);
  take(text, ':');
  const auto minute = digits(text, 2);
  if (!hour || !minute || !text.empty() || *hour > 14 || *minute > 59) return std::nullopt;
  const milliseconds offset = hours{*hour} + minutes{*minute};
  return east ? offset : -offset;
}

}  // namespace

std::optional<milliseconds> iso_8601(std::string_view text) {
  const auto year = digits(text, 4);
  const bool a = take(text, '-');
  const auto month = digits(text, 2);
  const bool b = take(text, '-');
  const auto day = digits(text, 2);
  const bool c = take(text, 'T');
  const auto hour = digits(text, 2);
  const bool d = take(text, ':');
  const auto minute = digits(text, 2);
  const bool e = take(text, ':');
  const auto second = digits(text, 2);
  if (!(a && b && c && d && e) || !year || !month || !day || !hour || !minute || !second) return std::nullopt;
  if (*year < 2000 || *year > 2199 || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  milliseconds part = 0ms;
  if (take(text, '.')) {
    std::size_t count = 0;
    for (int unit = 100; !text.empty() && text.front() >= '0' && text.front() <= '9'; unit /= 10, ++count)
      part += milliseconds{unit * (text.front() - '0')}, text.remove_prefix(1);
    if (count == 0) return std::nullopt;
  }
  const auto offset = zone(text);
  const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!offset || !date.ok()) return std::nullopt;
  return std::chrono::sys_days{date}.time_since_epoch() + hours{*hour} + minutes{*minute} + seconds{*second} + part -
         *offset;
}

std::optional<milliseconds> utc_stamp(const Json& value) {
  if (value.is_string()) return iso_8601(value.get_ref<const std::string&>());
  const auto n = finite(value);
  if (!n || *n < kYear2000 || *n > kYear2200) return std::nullopt;
  return milliseconds{static_cast<std::int64_t>(*n)};
}

}  // namespace lull
