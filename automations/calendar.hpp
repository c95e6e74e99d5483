// Local time and nights. A night runs from noon to noon in the home's zone and bears the date of its evening.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "automations/rules/rule.hpp"
#include "devices/units.hpp"

namespace date {
class time_zone;
}

namespace lull {

/// A time zone of the IANA database. Looked up once, when the configuration is read; from then on pure arithmetic.
class Zone {
 public:
  Zone();                                              // UTC
  static std::optional<Zone> named(std::string_view);  // "Europe/Berlin"
  const std::string& name() const { return name_; }
  const date::time_zone* get() const { return zone_; }
  bool operator==(const Zone& o) const { return name_ == o.name_; }

 private:
  std::string name_;
  const date::time_zone* zone_;
};

/// What the wall clock shows.
struct LocalTime {
  std::int16_t year{};
  std::uint8_t month{1}, day{1}, weekday{};  // weekday 0 is Sunday
  TimeOfDay time{};
  std::uint8_t second{};
  auto operator<=>(const LocalTime&) const = default;
};
LocalTime local(const Zone&, Utc);
/// "2026-11-21 22:30:05"
std::string text(const LocalTime&);
/// "22:30"
std::string clock_text(const LocalTime&);

/// "2026-11-21" for every moment from noon of that day to noon of the next.
std::string night_of(const Zone&, Utc);
/// The first moment of that night and of the next one. Nothing when the text is no date.
struct Span {
  Utc begin, end;
  bool operator==(const Span&) const = default;
};
std::optional<Span> span_of_night(const Zone&, std::string_view night);

/// The next moment after `after` at which the wall clock shows `time` on one of `days`. A time that a clock change
/// skips happens at the change, one that it repeats happens the first time only.
Utc next_time(const Zone&, TimeOfDay time, Weekdays days, Utc after);
/// The moment in that night at which the wall clock shows `time` (for `lull why 02:00`); the first of two.
std::optional<Utc> in_night(const Zone&, std::string_view night, TimeOfDay time);

}  // namespace lull
