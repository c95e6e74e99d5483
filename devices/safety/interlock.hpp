// The interlock: the only maker of a SafeCommand, which is the only thing that has words in a dialect.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "devices/device.hpp"
#include "devices/safety/dose.hpp"
#include "devices/safety/finding.hpp"
#include "devices/safety/limits.hpp"
#include "devices/safety/surface.hpp"
#include "devices/units.hpp"

namespace lull {

/// What an actuator should do. Anyone may wish for one: rules, voice, pages.
struct Output {
  Percent level{};                   // 0 is off
  std::optional<Kelvin> kelvin{};    // lights
  std::optional<Percent> fade_to{};  // lights that fade by themselves: from `level` to this
  milliseconds fade_over{};
  bool operator==(const Output&) const = default;
};

/// Everything about one actuator that safety depends on. The hub's learning keeps it up to date; nothing else writes
/// it.
struct Standing {
  Kind kind{};
  Timer timer = Timer::unknown;
  std::string timer_reason;              // why the timer is not one to rely on
  std::optional<seconds> own_cut_off{};  // tier C, as declared
  bool stopped = false;                  // STOP is latched
  bool leaving = false;                  // Lull is about to end
  bool link_up = false, guard_up = false, store_healthy = true;
  bool reachable = true;                // false only when its bridge or its own will says so
  bool proved_off_since_start = false;  // start-up and every reconnect: first proved OFF, then anything else
  std::optional<seconds> armed{};       // the auto-off that was read back since the last reconnect
  bool behind_mains = false;            // a plug in front of it goes on and off with it, and holds a lease of its own
  bool unpowered = false;               // that plug is proved off: it can be neither reached nor on
  bool measures_surface = false;        // a thermometer at the surface is configured
  std::optional<Reading> surface{};
  bool cooling = false;  // was at the ceiling and has not cooled by kCoolByTenths yet
  bool tripped = false;  // over-temperature, latched
  bool faulty = false;   // did not do as told; a person must look or it must answer again
  std::string fault;
  std::optional<bool> in_bed{};  // its sleeper's presence; nothing = nobody can tell
  // The gate (safety/gate.hpp).
  std::vector<Finding> findings{};       // what was told against it since the last connect
  std::vector<Source> awaited{};         // what its bridge must tell first and has not told since the last connect
  bool tells_power_on = false;           // what it does after a power cut can be set and read
  std::optional<bool> wakes_off{};       // and was read back as off since the last connect
  bool trial_passed = false;             // its set-up test was passed, as it is now
  std::optional<seconds> trial_lease{};  // while its set-up test runs: no lease is longer
  bool catching_up = false;              // messages wait that may tell of something else by now
  bool in_trial = false;                 // the set-up test of another device at its address runs
  std::string name;                      // for remedies that name a command
  // Flags of its sleepers, in words for a refusal ("Ana: sedatives tonight"). Not empty: heat for an empty bed only, or
  // no massage, whatever the limits say.
  std::string flagged_heat, flagged_massage;
  SurfaceWatch watch{};               // whether its thermometers can be believed
  std::vector<DoseState> sleepers{};  // the doses of those it counts for, all their devices together
  milliseconds warmed_empty{};        // heat in an empty bed since somebody was in it
  bool replay = false;                // what is wished for is a replay in the night, made by a rule
  bool spoken = false;                // a voice asked for it, or may have: words are misheard
  bool heat_by_voice = false;         // the household allows that to warm somebody
  DoseMeter dose;
  bool operator==(const Standing&) const = default;
};

enum class Refusal : std::uint8_t {
  none,
  not_an_actuator,
  stopped,
  leaving,
  link_down,
  store_failing,
  not_proved_off,
  unreachable,
  faulty,
  guard_down,
  timer_unknown,
  timer_missing,
  timer_not_armed,
  tripped,
  no_reading,
  stale_reading,
  at_ceiling,
  presence_unknown,
  in_bed_unmeasured,
  in_bed_flagged,
  not_allowed,
  resting,
  session_used,
  night_used,
  not_conforming,    // the gate found something: safety/gate.hpp
  power_on_not_off,  // it has not shown that it stays off after a power cut
  trial_needed,      // a heater's set-up test was not passed as it is now
  in_trial,          // its set-up test runs
  mains_refused,     // the plug in front of it may not be switched on
  catching_up,
  reading_failed,     // the thermometer says what is no temperature
  reading_frozen,     // it has not changed at all while heating
  reading_jumped,     // it changed faster than a surface can
  readings_disagree,  // two of them are further apart than one surface can be
  stays_cold,         // it has been heating, and the surface does not get warm: the thermometer lies elsewhere
  nobody_came,        // an empty bed was warmed for long enough
  sleeper_resting,    // the sleeper's own dose, all their devices together
  sleeper_session_used,
  sleeper_night_used,
  replay_heat,       // heat in a night replay needs more than heat at bedtime
  heat_by_voice,     // a voice may have asked for heat, and the household does not allow that
  spoken_to_nobody,  // it does, and nobody is known to be in the bed
};
/// It had all that it, or its sleeper, may have: an end, and no fault.
constexpr bool is_used_up(Refusal r) {
  return r == Refusal::session_used || r == Refusal::night_used || r == Refusal::sleeper_session_used ||
         r == Refusal::sleeper_night_used;
}
/// A short stable code for MQTT, API and the journal, such as "guard_down".
std::string_view code_of(Refusal r);

/// Permission to send one command to one device once. Move-only: permission is spent, not kept for later.
class SafeCommand {
 public:
  SafeCommand(SafeCommand&&) = default;
  SafeCommand& operator=(SafeCommand&&) = default;
  SafeCommand(const SafeCommand&) = delete;
  SafeCommand& operator=(const SafeCommand&) = delete;

  DeviceId device() const { return device_; }
  const Output& output() const { return output_; }
  bool off() const { return output_.level == 0_pct && !output_.fade_to; }
  Timer timer() const { return timer_; }
  /// When the permission, and the device's own lease with it, ends. An OFF never expires.
  Instant expires() const { return expires_; }
  /// What a lease in the message may say: whole seconds left, never more than was granted, 0 when it is too late.
  seconds lease(Instant now) const;
  bool operator==(const SafeCommand&) const = default;

 private:
  friend class Interlock;  // the whole trick: one maker
  SafeCommand(DeviceId device, Output output, Timer timer, Instant expires)
      : device_(device), output_(std::move(output)), timer_(timer), expires_(expires) {}
  DeviceId device_;
  Output output_;
  Timer timer_;
  Instant expires_;
};

struct Verdict {
  SafeCommand command;  // OFF when refused: silence would leave the device as it was
  Refusal refusal = Refusal::none;
  std::string why;  // a sentence with the numbers; empty when granted
};

/// Turns a wish into permission. It always answers, and each line of it is a doubt: doubt is OFF.
class Interlock {
 public:
  explicit Interlock(const Limits& household) : limits_(tightest(household, kHard)) {}
  Verdict review(DeviceId device, const Output& wish, const Standing& is, Instant now) const;
  /// Permission for the plug in front of a device, which is only as good as that device's own, and as long. `heats`:
  /// what stands behind it warms somebody.
  Verdict power(DeviceId mains, const Standing& is, const SafeCommand& behind, bool heats, Instant now) const;
  const Limits& limits() const { return limits_; }
  /// OFF needs nobody's permission.
  static SafeCommand off(DeviceId device);
  bool operator==(const Interlock&) const = default;

 private:
  Limits limits_;
};

/// The surface temperature a heat level asks for: 0 % is 30 °C, 100 % the hard limit. For pads that take a target. A
/// household whose limit is lower gets no level that asks for more than it.
Celsius heat_target(Percent level);

}  // namespace lull
