// Quantities with their unit, and a time that can only be handed over.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>

namespace lull {

using namespace std::chrono_literals;
using std::chrono::duration_cast;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

/// A moment on the clock that counts while the machine runs or is suspended (CLOCK_BOOTTIME).
/// It has no now(), on purpose: it arrives inside an event or not at all.
struct Instant {
  milliseconds since_boot{};
  constexpr auto operator<=>(const Instant&) const = default;
  constexpr Instant operator+(milliseconds d) const { return {since_boot + d}; }
  constexpr Instant operator-(milliseconds d) const { return {since_boot - d}; }
  constexpr milliseconds operator-(Instant past) const { return since_boot - past.since_boot; }
};

/// Milliseconds since 1970 in UTC. Only the calendar asks for it; durations never do, for it jumps.
struct Utc {
  milliseconds since_epoch{};
  constexpr auto operator<=>(const Utc&) const = default;
  constexpr Utc operator+(milliseconds d) const { return {since_epoch + d}; }
  constexpr Utc operator-(milliseconds d) const { return {since_epoch - d}; }
  constexpr milliseconds operator-(Utc past) const { return since_epoch - past.since_epoch; }
};

/// A number with a unit and a range, kept in tenths: not a double, whose NaN is never above any limit.
template <class Unit, int kLow, int kHigh>
class Quantity {
 public:
  static constexpr int low = kLow, high = kHigh;
  constexpr Quantity() : tenths_(kLow > 0 ? kLow * 10 : 0) {}
  /// The nearest tenth, or nothing when out of range. Phrased so that NaN fails it.
  static constexpr std::optional<Quantity> from(double v) {
    if (!(v >= kLow && v <= kHigh)) return std::nullopt;
    return Quantity{static_cast<int>(v * 10 + (v < 0 ? -0.5 : 0.5))};
  }
  static constexpr Quantity of_tenths(int tenths) {
    const int t = tenths < kLow * 10 ? kLow * 10 : tenths > kHigh * 10 ? kHigh * 10 : tenths;
    return Quantity{t};
  }
  constexpr double value() const { return tenths_ / 10.0; }
  constexpr int tenths() const { return tenths_; }
  constexpr int whole() const { return (tenths_ + (tenths_ < 0 ? -5 : 5)) / 10; }
  constexpr auto operator<=>(const Quantity&) const = default;

 private:
  explicit constexpr Quantity(int tenths) : tenths_(tenths) {}
  int tenths_;
};

using Celsius = Quantity<struct CelsiusUnit, -40, 125>;  // 40_pct < 41.0_degC will not compile,
using Percent = Quantity<struct PercentUnit, 0, 100>;    // and neither will 140_pct
using Watts = Quantity<struct WattsUnit, 0, 10000>;
using Kelvin = Quantity<struct KelvinUnit, 1000, 10000>;

consteval Celsius operator""_degC(long double v) { return *Celsius::from(static_cast<double>(v)); }
consteval Percent operator""_pct(unsigned long long v) { return *Percent::from(static_cast<double>(v)); }
consteval Watts operator""_W(unsigned long long v) { return *Watts::from(static_cast<double>(v)); }

/// The part of a percentage, by a percentage: 40 % scaled by 60 % is 24 %.
constexpr Percent scaled(Percent level, Percent by) {
  return Percent::of_tenths((level.tenths() * by.tenths() + 500) / 1000);
}

}  // namespace lull
