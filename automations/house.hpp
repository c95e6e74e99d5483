// A household as it chose to be: who sleeps there, what stands there, what should happen. Never changes while Lull
// runs.
#pragma once

#include <string>
#include <vector>

#include "automations/calendar.hpp"
#include "automations/preflight.hpp"
#include "automations/relief.hpp"
#include "automations/restlessness/detector.hpp"
#include "automations/routines/score.hpp"
#include "automations/rules/rule.hpp"
#include "devices/device.hpp"
#include "devices/event.hpp"
#include "devices/safety/limits.hpp"

namespace lull {

/// What a sleeper told about themselves that tightens limits (docs/SAFETY.md, "Flags").
enum class Flag : std::uint8_t {
  neuropathy,
  diabetes,
  poor_circulation,
  sedatives,
  minor,
  cannot_remove_pad,
  thrombosis,
  recent_surgery,
  pregnancy,
  varicose_veins,
  blood_thinners,
  pacemaker,
  dialysis,
  stroke_or_spinal_injury,
  open_wound,
  skin_infection,
  heart_disease,
  cancer
};
inline constexpr std::size_t kFlagCount = 18;
std::string_view word_for(Flag flag);
std::optional<Flag> flag_for(std::string_view word);

struct FlagSince {
  Flag flag{};
  std::string date;  // "2026-10-01"
  bool operator==(const FlagSince&) const = default;
};

struct Sleeper {
  std::string id, name, side;
  std::vector<Flag> flags;
  Limits limits;  // the household's, tightened by the flags; the interlock tightens with kHard again
  DetectorSettings detector;
  std::vector<FlagSince> since{};  // of the flags that were written with a date
  std::string asked{};             // when somebody last asked whether new flags apply; "" = not written
  BackOff back_off{};
  bool operator==(const Sleeper&) const = default;
};
/// The limits of somebody with these flags, given the household's.
Limits limits_with(const std::vector<Flag>& flags, const Limits& household);

struct House {
  std::string name;
  Zone zone;                      // of the home: nights are noon to noon in it
  std::vector<Sleeper> sleepers;  // at most kMaxSleepers
  std::vector<Device> devices;    // at most kMaxDevices
  std::vector<Routine> routines;
  std::vector<Rule> rules;
  Limits limits;  // for devices that are nobody's: the strictest of all sleepers'
  PreflightSettings preflight{};
  bool heat_by_voice = false;                   // and so Home Assistant's voices see the heat pads
  std::optional<std::string> replay_routine{};  // what ask::Replay plays: the first gentle routine unless chosen

  /// Whether what comes through this door may be a voice's: words are misheard, so it warms nobody without consent.
  bool may_be_spoken(Door door) const {
    return door == Door::voice || door == Door::scene || (door == Door::home_assistant && heat_by_voice);
  }
  const Routine* routine(std::string_view name) const;
  const Limits& limits_of(const Device& device) const;
  std::optional<DeviceId> find(std::string_view device_id) const;
  /// Whether a session of its own holds this device's OFF as a last will: a heater, or the plug that is leased with
  /// one.
  bool needs_guard(DeviceId id) const;
  /// The plug in front of it that is switched on and off with it, if there is one.
  std::optional<DeviceId> leased_plug(DeviceId id) const;
};

}  // namespace lull
