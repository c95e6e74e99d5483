// Whether the thermometers at a heater's surface can be believed. Each answer but "none" is a doubt, and doubt is OFF.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "devices/device.hpp"
#include "devices/units.hpp"

namespace lull {

struct Reading {
  Celsius celsius;
  Instant at;
  bool operator==(const Reading&) const = default;
};

// Where these come from: docs/SAFETY.md, "Thermometers that lie".
inline constexpr minutes kFrozenAfter{5};        // of heating without any change: a live surface moves in three
inline constexpr int kMovesTenths = 1;           // less than the last digit is no change
inline constexpr int kJumpTenths = 40;           // by this or more, and
inline constexpr int kJumpTenthsASecond = 5;     // faster than this: no surface does that
inline constexpr minutes kCalmAfterJump{5};      // without a jump before it is believed again
inline constexpr seconds kGoodAfterFailure{30};  // of readings before it is believed again
inline constexpr int kApartTenths = 60, kTogetherTenths = 50;  // two of one surface; together again below the second
inline constexpr minutes kColdAfter{15};                       // of heating, and
inline constexpr int kColdRiseTenths = 20;                     // no warmer than this, and
inline constexpr Celsius kCold = 28.0_degC;                    // not even as warm as a body makes it
inline constexpr std::size_t kMaxProbes = 4;                   // a pad's own two, a separate one, and one to spare

enum class SurfaceDoubt : std::uint8_t { none, failed, frozen, jumped, apart, cold };

/// One thermometer: a device, and which of its sensors.
struct Probe {
  DeviceId device;
  std::int32_t sensor{};
  std::optional<Reading> last{};
  std::optional<Instant> unchanged_since{};  // while the heater drives; nothing = it moved, or nothing drives
  std::int32_t same = 0;                     // readings since then
  bool frozen = false;                       // until it moves
  std::optional<Instant> failed_at{}, jumped_at{};
  std::string said{};  // when it failed
  bool operator==(const Probe&) const = default;
};

struct SurfaceWatch {
  std::vector<Probe> probes{};            // at most kMaxProbes
  std::optional<Instant> driven_since{};  // the heater has been on without a pause
  std::optional<Celsius> began_at{};      // the surface then
  bool apart = false;
  bool cold = false;  // until a person has looked, or the next night

  /// A reading, which also says whether all that live (are at most this old) agree.
  void reads(DeviceId device, std::int32_t sensor, Celsius celsius, Instant now, seconds lives);
  void fails(DeviceId device, std::int32_t sensor, std::string what, Instant now);
  /// Once a second. `drives`: power should flow into the heater, for it is on and below what it regulates to.
  void drives(bool drives, Instant now, seconds lives);
  /// The hottest of the readings that live, with the time of the newest.
  std::optional<Reading> hottest(Instant now, seconds lives) const;
  SurfaceDoubt doubted(Instant now) const;
  /// The same in a sentence.
  std::string why(Instant now) const;
  bool operator==(const SurfaceWatch&) const = default;

 private:
  Probe* probe(DeviceId device, std::int32_t sensor);
};

}  // namespace lull
