// What the core wants done in the world. The shell does it and nothing else.
#pragma once

#include <string>
#include <variant>

#include "automations/night/note.hpp"
#include "devices/event.hpp"
#include "devices/safety/interlock.hpp"

namespace lull {

/// Ask the device what it does.
struct Ask {
  DeviceId device;
  bool operator==(const Ask&) const = default;
};
/// Set the device's own auto-off and read it back.
struct Arm {
  DeviceId device;
  Timer timer{};
  seconds value{};
  bool operator==(const Arm&) const = default;
};

/// Say OFF on the topics that the household wrote for this device (Device::also_off): one more way.
struct AlsoOff {
  DeviceId device;
  bool operator==(const AlsoOff&) const = default;
};

/// Why something was done, or was not. The stuff of `lull why`.
struct Decision {
  enum class Outcome : std::uint8_t { did, did_not, ended, refused, lost };  // lost: another owner had priority
  Outcome outcome{};
  std::string about;  // "rule Restless at night", "Foot warmer", "STOP"
  std::string why;    // a sentence with the numbers
  bool operator==(const Decision&) const = default;
};
std::string_view word_for(Decision::Outcome outcome);

/// For a person's phone.
struct Notify {
  enum class Urgency : std::uint8_t { summary, notice, restless, fault, alarm };
  enum class Road : std::uint8_t { broker };
  Urgency urgency{};
  std::optional<SleeperId> to{};  // nobody's: everybody's
  std::string text;
  std::optional<Road> only{};  // nothing: by every road there is
  bool operator==(const Notify&) const = default;
};
std::string_view word_for(Notify::Urgency urgency);
std::string_view word_for(Notify::Road road);

/// To be on disk before any later effect of the same step leaves.
struct KeepDose {
  DoseUsed dose;
  bool operator==(const KeepDose&) const = default;
};
struct KeepSetting {
  Setting setting;
  bool operator==(const KeepSetting&) const = default;
};
struct KeepRuleUsed {
  RuleUsed used;
  bool operator==(const KeepRuleUsed&) const = default;
};
struct KeepLearned {
  SleeperId sleeper;
  std::string text;
  bool operator==(const KeepLearned&) const = default;
};
/// Everything we drive is proved off: the process may end. Or it could not be proved in time, and `what` says so.
struct MayLeave {
  std::string what;
  bool operator==(const MayLeave&) const = default;
};
/// The night is over (noon) or its sleepers got up: time for the report of that night.
struct NightEnded {
  std::string night;
  bool operator==(const NightEnded&) const = default;
};

/// A step of a device's set-up test, for the person who watches it.
struct TrialTold {
  enum class State : std::uint8_t { runs, passed, failed };
  DeviceId device;
  std::int32_t step{}, of{};  // 1..of
  State state{};
  std::string text;  // what is seen, or what went wrong and what to do
  bool operator==(const TrialTold&) const = default;
};
std::string_view word_for(TrialTold::State state);

/// Ask the bridge of this device whether it is well: one that hangs stays "online" for a minute and a half.
struct AskBridge {
  DeviceId device;
  bool operator==(const AskBridge&) const = default;
};

using Effect = std::variant<SafeCommand, Ask, Arm, Decision, Notify, Note, KeepDose, KeepSetting, KeepRuleUsed,
                            KeepLearned, MayLeave, NightEnded, TrialTold, AlsoOff, AskBridge>;

}  // namespace lull
