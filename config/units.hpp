// Quantities as a household writes them: "30min", "40%", "38 °C", "22:30". Text in, value out, and nothing else.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "automations/rules/rule.hpp"
#include "devices/units.hpp"

namespace lull::config {

/// "90s", "30min", "1.5h", "1h 30min"; ms, s, sec, min, m, h, hour(s), d, spaces allowed. At most 366 days.
std::optional<milliseconds> duration_from(std::string_view text);
/// "1h30min", "90s" as "1min30s": how Lull writes it.
std::string text_of(milliseconds length);
/// "40%", "40 %", "2.5%"; 0 to 100.
std::optional<Percent> percent_from(std::string_view text);
/// "38°C", "38 C", "37.5 °C".
std::optional<Celsius> celsius_from(std::string_view text);
/// "2200", "2200K", "2200 kelvin".
std::optional<Kelvin> kelvin_from(std::string_view text);
/// The same before their range is looked at: "140%" is 140. Also "55°C" and "22000K".
std::optional<double> percent_number(std::string_view text);
std::optional<double> celsius_number(std::string_view text);
std::optional<double> kelvin_number(std::string_view text);
/// "22:30", "7:05".
std::optional<TimeOfDay> time_from(std::string_view text);
std::string text_of(TimeOfDay time);
/// A whole or decimal number without a unit; never NaN, never infinite.
std::optional<double> number_from(std::string_view text);
/// true, false, and as Home Assistant people write it: yes, no, on, off.
std::optional<bool> bool_from(std::string_view text);
/// Bit 0 is Sunday. "sun" to "sat", whole names, weekdays, weekends, every day.
std::optional<Weekdays> days_from(std::string_view text);

// The same languages as patterns, for the editor's schema.
extern const char* const kDurationPattern;
extern const char* const kPercentPattern;
extern const char* const kCelsiusPattern;
extern const char* const kKelvinPattern;
extern const char* const kTimePattern;

}  // namespace lull::config
