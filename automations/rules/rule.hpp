// Rules as data: what wakes them, what must hold, how often they may, and what they then wish.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "devices/device.hpp"
#include "devices/units.hpp"

namespace lull {

inline constexpr std::size_t kMaxRules = 64;

/// Minutes since local midnight, 0..1439.
struct TimeOfDay {
  std::int16_t minute{};
  constexpr auto operator<=>(const TimeOfDay&) const = default;
};
/// Bit 0 is Sunday, as in std::tm and the date library.
using Weekdays = std::uint8_t;
inline constexpr Weekdays kEveryDay = 0x7f;

namespace when {
/// At this local time on these weekdays. A time that a clock change skips fires at the change; one that it
/// repeats fires once.
struct Time {
  TimeOfDay time;
  Weekdays on = kEveryDay;
  bool operator==(const Time&) const = default;
};
struct InBed {
  SleeperId sleeper;
  bool in = true;
  bool operator==(const InBed&) const = default;
};
struct Restless {
  SleeperId sleeper;
  bool start = true;
  bool operator==(const Restless&) const = default;
};
struct Button {
  DeviceId device;
  std::string action;
  bool operator==(const Button&) const = default;
};
struct DeviceIs {
  DeviceId device;
  bool on = true;
  bool operator==(const DeviceIs&) const = default;
};
/// So long before the next alarm of this sleeper's alarm clock: once for an alarm, and only if it was known in time.
struct BeforeAlarm {
  SleeperId sleeper;
  milliseconds by{};
  bool operator==(const BeforeAlarm&) const = default;
};
/// A word from voice, MQTT or page: lull/<install>/command {"word":"legs"}.
struct Said {
  std::string word;
  bool operator==(const Said&) const = default;
};
}  // namespace when
using Trigger =
    std::variant<when::Time, when::InBed, when::Restless, when::Button, when::DeviceIs, when::Said, when::BeforeAlarm>;

/// A tree of conditions. Unknown is neither true nor false: a rule needs true, and its reason says what is unknown.
struct Condition {
  enum class Is : std::uint8_t { all, any, none, between, in_bed, device_on, playing, restless, count_tonight };
  Is is = Is::all;
  std::vector<Condition> of{};  // all, any, none
  TimeOfDay from{}, to{};       // between: [from, to), across midnight when from > to
  SleeperId sleeper{};          // in_bed, restless
  DeviceId device{};            // device_on
  std::string name{};           // playing: a routine; count_tonight: a rule
  bool wanted = true;           // in_bed, device_on, playing, restless
  std::int32_t below{};         // count_tonight: fewer than this
  bool operator==(const Condition&) const = default;
};

struct RuleLimits {
  std::optional<std::int32_t> per_night{};
  std::optional<milliseconds> apart{};  // from start to start
  std::optional<milliseconds> total{};  // minutes that its plays may run in a night
  bool operator==(const RuleLimits&) const = default;
};

namespace act {
struct Play {
  std::string routine;
  bool operator==(const Play&) const = default;
};
struct Stop {
  std::string routine;
  bool operator==(const Stop&) const = default;
};  // "" = every routine
struct StopEverything {
  bool operator==(const StopEverything&) const = default;
};  // latched STOP
struct Notify {
  std::string text;
  bool operator==(const Notify&) const = default;
};
struct Set {
  DeviceId device;
  Percent level;
  std::optional<milliseconds> length{};
  bool operator==(const Set&) const = default;
};
}  // namespace act
using Action = std::variant<act::Play, act::Stop, act::StopEverything, act::Notify, act::Set>;

struct Rule {
  std::string name;
  std::vector<Trigger> when;       // any of them
  std::vector<Condition> only_if;  // all of them
  RuleLimits limits;
  std::vector<Action> then;
  bool operator==(const Rule&) const = default;
};

}  // namespace lull
