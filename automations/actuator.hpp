// One actuator as the hub knows it: what it proved, what it was told, who owns it, and whether it may.
#pragma once

#include <optional>
#include <string>

#include "automations/routines/score.hpp"
#include "devices/event.hpp"
#include "devices/safety/interlock.hpp"

namespace lull {

/// Somebody changed the device itself. That wins until the next night.
struct Hand {
  bool on = false;
  Percent level{};
  Instant since;
  bool operator==(const Hand&) const = default;
};

/// A person's wish for one device, by voice, page or Home Assistant: boxed in time, for every voice ON may be an
/// accident.
struct Manual {
  Percent level{};
  Program program = Program::steady;
  Instant began, until;
  Door door{};
  std::string by;       // "voice", "rule Warm the bed"
  bool replay = false;  // a rule on restlessness wants it: somebody is asleep
  bool operator==(const Manual&) const = default;
};
inline constexpr minutes kManualMassage{15}, kManualHeat{30}, kManualOther{240}, kManualOff{60};
inline constexpr Percent kUsualMassage = 40_pct, kUsualHeat = 40_pct, kUsualLight = 30_pct;

/// How the last set-up test of a device ended, and of what: another firmware is another device.
struct TrialResult {
  bool passed = false;
  Utc at{};             // 0 = never
  std::string of;       // the fingerprint (safety/gate.hpp)
  std::string outcome;  // in words: what was seen, or which step failed and what to do
  bool operator==(const TrialResult&) const = default;
};

/// Who decides over a device. In order of priority; STOP and the interlock stand above them all.
enum class Priority : std::uint8_t { nobody, rule, person, hand };

struct Actuator {
  Standing standing;

  // What it last said of itself. Nothing = never said since it came into reach.
  std::optional<bool> on{};
  std::optional<Percent> level{};
  std::optional<Kelvin> kelvin{};
  std::optional<Watts> watts{};
  std::optional<Instant> heard{}, watts_heard{};
  bool heats_by_watts = false;  // it measures: OFF is proved by watts too
  bool fades = true;            // a light that fades by itself; otherwise a fade is made of steps

  // What it was last told.
  Output told{};
  Instant told_at{}, told_first{};  // the last message, and the first one of this target
  std::optional<Instant> asked_at{};
  std::int32_t tries = 0;
  bool pending = false;    // told and not yet confirmed
  bool confirmed = false;  // it did what it was told
  Instant lease_until{}, renew_at{};
  std::int32_t prepared = 0;  // how often its power-on behaviour was set to off since the last connect
  Instant prepared_at{};
  std::int32_t restarts = 0;             // it went off by itself and was switched on again: bounded
  std::optional<Instant> off_said_at{};  // first report of off since the OFF; a second one, asked for, is the proof
  bool off_proved = false;
  bool alarmed = false;     // an OFF that is not proved was told to a person
  std::string off_because;  // for the night's picture

  DeviceIdentified identity{};        // as last told
  std::vector<GroupMember> groups{};  // of its bridge, as last told
  TrialResult trial{};                // its last set-up test, kept across restarts

  std::optional<Hand> hand{};
  std::optional<Manual> manual{};
  std::optional<Instant> faulty_since{};
  std::int32_t faults_tonight = 0;

  // The last verdict, for why and view.
  Output wanted{};
  Priority priority = Priority::nobody;
  std::string owner{}, losers{};
  Refusal refusal = Refusal::none;
  std::string why{};
  Percent noted{};  // the level in the night's notes

  bool operator==(const Actuator&) const = default;
};

/// Told on by us: lit, warm or shaking, or on its way there.
constexpr bool told_on(const Actuator& a) { return a.told.level > 0_pct || a.told.fade_to.value_or(0_pct) > 0_pct; }
/// A device whose wrong state can hurt: it is swept off at every start and proved off at every end.
constexpr bool has_force(Kind kind) { return kind == Kind::heat_pad || kind == Kind::massage_pad; }
/// Devices that are off unless somebody wishes otherwise. A lamp is not: people use it too.
constexpr bool rests_off(Kind kind) { return has_force(kind) || kind == Kind::sound || kind == Kind::aroma; }
inline constexpr Watts kDrawsNothing = 3_W;
inline constexpr std::int32_t kMaxRestarts = 2, kMaxFaults = 3;
inline constexpr minutes kFaultRest{10};
inline constexpr std::int32_t kMaxPrepared = 8;
inline constexpr seconds kPrepareAgain{5};

}  // namespace lull
