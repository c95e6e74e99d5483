// Words and times as a report writes them; they end up in terminals, XML, JSON and notifications.
#include <array>
#include <cstdio>
#include <cstdlib>

#include "automations/night/report.hpp"

namespace lull {
namespace {

/// Days since 1970 of a date (Howard Hinnant's days_from_civil).
std::int64_t days_of(int y, int m, int d) {
  y -= m <= 2;
  const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
  const auto yoe = y - era * 400;
  const auto doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
  return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

/// The length of the well-formed UTF-8 character at the front, 0 when there is none (RFC 3629: no overlong forms, no
/// surrogates, nothing above U+10FFFF).
std::size_t utf8_length(std::string_view s) {
  const auto byte = [&](std::size_t i) { return i < s.size() ? static_cast<unsigned char>(s[i]) : 0U; };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const unsigned a = byte(0), b = byte(1);
  if (s.empty()) return 0;
  if (a < 0x80) return 1;
  if (a >= 0xC2 && a <= 0xDF) return follows(1) ? 2 : 0;
  if (a >= 0xE0 && a <= 0xEF) {
    if (!follows(1) || !follows(2) || (a == 0xE0 && b < 0xA0) || (a == 0xED && b > 0x9F)) return 0;
    return 3;
  }
  if (a >= 0xF0 && a <= 0xF4) {
    if (!follows(1) || !follows(2) || !follows(3) || (a == 0xF0 && b < 0x90) || (a == 0xF4 && b > 0x8F)) return 0;
    return 4;
  }
  return 0;
}

}  // namespace

seconds offset_of(const Zone& zone, Utc at) {
  const LocalTime t = local(zone, at);
  const std::int64_t shown = (days_of(t.year, t.month, t.day) * 1440 + t.time.minute) * 60 + t.second;
  const std::int64_t utc = std::chrono::floor<seconds>(at.since_epoch).count();
  const std::int64_t offset = shown - utc;
  return std::llabs(offset) > 26 * 3600 ? 0s : seconds{offset};  // a clock out of the calendar's range
}

std::string iso(const Zone& zone, Utc at) {
  const LocalTime t = local(zone, at);
  const auto offset = offset_of(zone, at).count() / 60;
  const auto away = std::llabs(offset);
  std::array<char, 64> out{};
  std::snprintf(out.data(), out.size(), "%04d-%02u-%02uT%02d:%02d:%02u%c%02d:%02d", t.year, t.month, t.day,
                t.time.minute / 60, t.time.minute % 60, t.second, offset < 0 ? '-' : '+', static_cast<int>(away / 60),
                static_cast<int>(away % 60));
  return out.data();
}

std::string length_text(milliseconds length) {
  const auto s = (length.count() + 500) / 1000;
  if (s < 60) return std::to_string(s) + " s";
  const auto m = (s + 30) / 60;
  if (m < 60) return std::to_string(m) + " min";
  return std::to_string(m / 60) + " h" + (m % 60 ? " " + std::to_string(m % 60) + " min" : "");
}

std::string printable(std::string_view text, std::size_t most) {
  std::string out;
  while (!text.empty()) {
    std::size_t length = utf8_length(text);
    std::string_view piece = text.substr(0, length ? length : 1);
    const auto first = static_cast<unsigned char>(piece[0]);
    if (!length) piece = "\xEF\xBF\xBD";  // U+FFFD for what is no character
    // C0, DEL, C1; the separators and direction marks that can reorder a line; what XML forbids (U+FFFE, U+FFFF)
    const auto second = static_cast<unsigned char>(piece.size() > 1 ? piece[1] : 0);
    const auto third = static_cast<unsigned char>(piece.size() > 2 ? piece[2] : 0);
    const bool control = first < 0x20 || first == 0x7F || (first == 0xC2 && second < 0xA0);
    const bool marks =
        first == 0xE2 && ((second == 0x80 && (third == 0x8E || third == 0x8F || (third >= 0xA8 && third <= 0xAE))) ||
                          (second == 0x81 && third >= 0xA6 && third <= 0xAF));
    const bool forbidden = first == 0xEF && second == 0xBF && third >= 0xBE;
    if (control || marks || forbidden) piece = " ";
    if (out.size() + piece.size() + 3 > most && text.size() > (length ? length : 1)) return out + "…";
    out += piece;
    text.remove_prefix(length ? length : 1);
  }
  return out;
}

std::string date_words(std::string_view night) {
  static constexpr std::array kMonths{"January", "February", "March",     "April",   "May",      "June",
                                      "July",    "August",   "September", "October", "November", "December"};
  static constexpr std::array kDays{"Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"};
  int y = 0, m = 0, d = 0;
  if (night.size() != 10 || std::sscanf(std::string(night).c_str(), "%4d-%2d-%2d", &y, &m, &d) != 3 || m < 1 ||
      m > 12 || d < 1 || d > 31 || y < 1970)
    return printable(night);
  const auto weekday = static_cast<std::size_t>(days_of(y, m, d) % 7);
  return std::string(kDays[weekday]) + ", " + std::to_string(d) + " " + kMonths[static_cast<std::size_t>(m - 1)] + " " +
         std::to_string(y);
}

}  // namespace lull
