// One actuator as the hub knows it: what it proved, what it was told, who owns it, and whether it may.
#pragma once

#include <optional>
#include <string>

#include "automations/off.hpp"
#include "automations/routines/score.hpp"
#include "automations/trial.hpp"
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
  bool spoken = false;  // by a voice, or perhaps: no heat without a household's consent and somebody in bed
  bool operator==(const Manual&) const = default;
};
inline constexpr minutes kManualMassage{15}, kManualHeat{30}, kManualOther{240}, kManualOff{60};
inline constexpr Percent kUsualMassage = 40_pct, kUsualHeat = 40_pct, kUsualLight = 30_pct;

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
  std::optional<Instant> state_heard{};  // when it last said on or off
  bool fresh = false;                    // and that was its own word, not a bridge's memory
  bool fades = true;                     // a light that fades by itself; otherwise a fade is made of steps

  // What it was last told.
  Output told{};
  Instant told_at{}, told_first{};  // the last message, and the first one of this target
  std::optional<Instant> asked_at{};
  std::int32_t tries = 0;
  bool pending = false;    // told and not yet confirmed
  bool confirmed = false;  // it did what it was told
  Instant lease_until{}, renew_at{};
  Instant lease_confirmed{};  // the end of the last lease that it is known to hold
  std::int32_t prepared = 0;  // how often its power-on behaviour was set to off since the last connect
  Instant prepared_at{};
  std::int32_t restarts = 0;             // it went off by itself and was switched on again: bounded
  std::optional<Instant> off_said_at{};  // first report of off since the OFF; a second one, asked for, is the proof
  bool off_proved = false;               // by its own fresh word, or because it has no power
  OffWatch watch{};                      // and by its watts
  bool alarmed = false;                  // an OFF that is not proved was told to a person
  std::string off_because;               // for the night's picture

  DeviceIdentified identity{};        // as last told
  std::vector<GroupMember> groups{};  // of its bridge, as last told
  TrialResult trial{};                // its last set-up test, kept across restarts
  std::string trial_asked{};          // the fingerprint for which a person was asked to test it anew
  std::string doubts_kept{};          // what was found out about it, as it is on the disk (doubts.cpp)

  // A plug in front of a pad, and the pad behind it (mains.cpp).
  std::optional<Instant> power_wanted{};  // mains: when something behind it last needed power
  bool cut = false;                       // mains that stays on: switched off because an OFF behind it was not proved
  std::optional<Instant> waking_since{};  // behind mains: it has power since, and must show itself and that it is off

  std::int32_t air = -1;  // whose radio time it uses: an index into Hub::air

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
constexpr bool rests_off(Kind kind) { return is_actuator(kind) && kind != Kind::light; }
inline bool rests_off(const Device& d) { return rests_off(d.kind) && !d.stays_on; }
inline constexpr std::int32_t kMaxRestarts = 2, kMaxFaults = 3;
inline constexpr minutes kFaultRest{10};
inline constexpr std::int32_t kMaxPrepared = 60;  // then every five minutes: a radio's time is not ours alone
inline constexpr seconds kPrepareAgain{5};

}  // namespace lull
