// Local time by the IANA database: the one file that knows the date library. Nothing here throws or reads a clock.
#include "automations/calendar.hpp"

#include <date/tz.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>
#include <limits>

namespace lull {
namespace {

using LocalMs = date::local_time<milliseconds>;
using SysMs = date::sys_time<milliseconds>;

// 1970 to 2100. A clock that was never set, or a forged moment, must not run the calendar out of its range.
constexpr milliseconds kFirst{0}, kLast{4'102'444'800'000};

SysMs sys(Utc at) { return SysMs{std::clamp(at.since_epoch, kFirst, kLast)}; }

/// The offset from UTC at a moment. Zone::named has seen to it that the zone is read, so this cannot fail; should the
/// library still object, local time is UTC rather than the end of the night.
seconds offset_at(const Zone& zone, SysMs at) {
  if (!zone.get()) return 0s;
  try {
    return zone.get()->get_info(date::floor<seconds>(at)).offset;
  } catch (const std::exception&) { return 0s; }
}

/// The moment at which the wall clock shows this: the first of two, and for a time that a change skips the change.
/// Never date's own to_sys, which throws for both.
Utc moment(const Zone& zone, date::local_days day, TimeOfDay time) {
  const LocalMs wanted = day + minutes{time.minute};
  const Utc as_utc{wanted.time_since_epoch()};
  if (!zone.get()) return as_utc;
  try {
    const date::local_info info = zone.get()->get_info(date::floor<seconds>(wanted));
    if (info.result == date::local_info::nonexistent) return {milliseconds{info.first.end.time_since_epoch()}};
    return {as_utc.since_epoch - info.first.offset};
  } catch (const std::exception&) { return as_utc; }
}

date::local_days local_day(const Zone& zone, Utc at) {
  return date::floor<date::days>(LocalMs{sys(at).time_since_epoch() + offset_at(zone, sys(at))});
}

std::string date_text(date::local_days day) {
  const date::year_month_day d{day};
  std::array<char, 24> out{};
  std::snprintf(out.data(), out.size(), "%04d-%02u-%02u", static_cast<int>(d.year()), static_cast<unsigned>(d.month()),
                static_cast<unsigned>(d.day()));
  return out.data();
}

std::optional<int> digits(std::string_view text) {
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

std::optional<date::local_days> date_from(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto y = digits(text.substr(0, 4)), m = digits(text.substr(5, 2)), d = digits(text.substr(8, 2));
  if (!y || !m || !d || *y < 1970 || *y > 2099) return std::nullopt;
  const date::year_month_day day{date::year{*y}, date::month{static_cast<unsigned>(*m)},
                                 date::day{static_cast<unsigned>(*d)}};
  if (!day.ok()) return std::nullopt;
  return date::local_days{day};
}

constexpr TimeOfDay kNoon{12 * 60};

}  // namespace

Zone::Zone() : name_("UTC"), zone_(nullptr) {}

std::optional<Zone> Zone::named(std::string_view name) {
  if (name == "UTC") return Zone{};  // also on a machine without a database
  try {
    Zone zone;
    zone.zone_ = date::locate_zone(name);
    zone.name_ = std::string(name);
    (void)zone.zone_->get_info(date::sys_seconds{});  // the zone's file is read now, never during a night
    return zone;
  } catch (const std::exception&) {  // no such zone, or no database at all
    return std::nullopt;
  }
}

LocalTime local(const Zone& zone, Utc at) {
  const LocalMs now{sys(at).time_since_epoch() + offset_at(zone, sys(at))};
  const date::local_days day = date::floor<date::days>(now);
  const date::year_month_day d{day};
  const auto second = static_cast<int>(date::floor<seconds>(now - day).count());
  LocalTime out;
  out.year = static_cast<std::int16_t>(static_cast<int>(d.year()));
  out.month = static_cast<std::uint8_t>(static_cast<unsigned>(d.month()));
  out.day = static_cast<std::uint8_t>(static_cast<unsigned>(d.day()));
  out.weekday = static_cast<std::uint8_t>(date::weekday{day}.c_encoding());
  out.time = {static_cast<std::int16_t>(second / 60)};
  out.second = static_cast<std::uint8_t>(second % 60);
  return out;
}

std::string text(const LocalTime& t) {
  std::array<char, 64> out{};
  std::snprintf(out.data(), out.size(), "%04d-%02u-%02u %02d:%02d:%02u", t.year, t.month, t.day, t.time.minute / 60,
                t.time.minute % 60, t.second);
  return out.data();
}

std::string clock_text(const LocalTime& t) {
  std::array<char, 16> out{};
  std::snprintf(out.data(), out.size(), "%02d:%02d", t.time.minute / 60, t.time.minute % 60);
  return out.data();
}

std::string night_of(const Zone& zone, Utc at) {
  const date::local_days day = local_day(zone, at);
  return date_text(local(zone, at).time < kNoon ? day - date::days{1} : day);
}

std::optional<Span> span_of_night(const Zone& zone, std::string_view night) {
  const auto day = date_from(night);
  if (!day) return std::nullopt;
  return Span{moment(zone, *day, kNoon), moment(zone, *day + date::days{1}, kNoon)};
}

Utc next_time(const Zone& zone, TimeOfDay time, Weekdays days, Utc after) {
  Utc best{milliseconds{std::numeric_limits<std::int64_t>::max()}};  // no day at all: never
  const date::local_days today = local_day(zone, after);
  // A week and a day to each side: a change may move a moment across midnight, and a zone may skip a whole day.
  for (int i = -1; i <= 15; ++i) {
    const date::local_days day = today + date::days{i};
    if (!((days >> date::weekday{day}.c_encoding()) & 1)) continue;
    const Utc at = moment(zone, day, time);
    if (at > after && at < best) best = at;
  }
  return best;
}

std::optional<Utc> in_night(const Zone& zone, std::string_view night, TimeOfDay time) {
  const auto day = date_from(night);
  if (!day) return std::nullopt;
  return moment(zone, time < kNoon ? *day + date::days{1} : *day, time);
}

}  // namespace lull
