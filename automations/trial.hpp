// The set-up test: a device proves, in front of a person, that it switches itself off. A pure state machine.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "devices/event.hpp"
#include "devices/safety/interlock.hpp"

namespace lull {

//   off proved -> ON for 10 s, nothing is sent, it must go off -> once more with one renewal -> what a power cut leaves
//
// What a device exposes says only which words its converter sends. Whether its firmware obeys them is seen here or
// nowhere: as long as Lull lives, Lull's own OFF comes first.

/// What a trial looks at: the device as it last spoke.
struct TrialSees {
  Timer timer{};
  bool off_proved = false;   // by the reconciler's own rules
  std::optional<bool> on{};  // as it last said
  Instant said{};            // when it said so
  bool fresh = false;        // the device's own word, not a bridge's memory of it
  std::optional<Watts> watts{};
  Instant watts_said{};
  std::optional<seconds> armed{};   // the auto-off that was read back
  bool tells_power_on = false;      // what it does after a power cut can be read
  std::optional<bool> wakes_off{};  // and was read, since the trial asked for it
  bool can_be_asked = true;
};

/// What a trial wants done now. `off` stands until it wants something else.
enum class TrialWants : std::uint8_t {
  nothing,    // keep silent: this is the test
  off,        // off, proved
  ask,        // its state
  arm,        // its own auto-off set to kTrialLease, and read back
  on,         // ON for kTrialLease, once
  set_power,  // its power-on behaviour to off, and read back
  end,        // over: `passed` and `text` say how
};

inline constexpr seconds kTrialLease{10};    // long enough to be seen, short enough to be watched
inline constexpr seconds kTrialLate{4};      // a message may come so late that a later one overtakes it
inline constexpr seconds kTrialLapses{20};   // after an ON it must be off by then
inline constexpr seconds kTrialSilent{32};   // and have said so for certain, or nobody can tell
inline constexpr seconds kTrialEarly{5};     // a device that is off sooner would not keep a lease either
inline constexpr seconds kTrialAnswers{12};  // to confirm an ON, which is said again meanwhile
inline constexpr seconds kTrialRenews{5};    // after the ON of its round
inline constexpr seconds kTrialProvesOff{40};
inline constexpr seconds kTrialWatts{20};  // for its power to fall; a plug that is polled may not tell in time
inline constexpr seconds kTrialPower{30};  // for its power-on behaviour to be read back
// Radio weather is no verdict: what speaks against a device must be seen again, each time from the beginning. Only that
// it stays on is enough when it was seen once, for it was asked for certain.
inline constexpr std::int32_t kTrialTries = 5;       // then nobody can tell
inline constexpr std::int32_t kTrialComplaints = 3;  // then it is the device

struct Trial {
  enum class Step : std::uint8_t { off, arm, on, lapses, again, renewed, outlasts, lapses_again, power, over };
  DeviceId device;
  Step step{};
  Instant since{};                    // of this step
  Instant told{}, renewed_at{};       // the ON of this round, its renewal
  std::optional<Instant> on_said{};   // when it confirmed
  std::optional<Instant> off_said{};  // when it was first off again
  Instant asked{};                    // the last question of this step
  std::int32_t tries = 0;             // of this round, that came to nothing
  std::int32_t complaints = 0;        // so many of them because of what was seen of the device
  std::int32_t round = 1;             // 1: let it lapse. 2: renew it once
  std::int32_t renewals = 0;          // of this try: one, said again while nothing was heard of it
  bool renewal_heard = false;         // something was said right after it
  std::int32_t insists = 0;           // how often it said that it is on though its time was over
  Instant insisted{};                 // the last of these
  std::optional<Watts> drew{};        // while it was on, where it said so in time
  bool passed = false;
  bool verdict = true;  // false: broken off, which says nothing about the device
  std::string text;     // of this step, for the person who watches; at the end the outcome
  std::string lasted;   // "went off by itself after 11 s", for the outcome
  bool operator==(const Trial&) const = default;

  /// 1..kSteps, for people.
  std::int32_t number() const;
  static constexpr std::int32_t kSteps = 7;
  /// Whether it is to be on now, by the trial's wish.
  bool wants_on() const;
};

/// Goes on. Called after every event: most of the time there is nothing to do. `news`: a step began or ended.
struct TrialNext {
  TrialWants wants = TrialWants::nothing;
  bool news = false;
};
TrialNext go_on(Trial& trial, const TrialSees& sees, Instant now);
/// The end before its end: STOP, a refusal, a person's OFF.
void break_off(Trial& trial, const std::string& why);

/// How the last set-up test of a device ended, and of what: another firmware is another device.
struct TrialResult {
  bool passed = false;
  Utc at{};             // 0 = never
  std::string of;       // the fingerprint (safety/gate.hpp)
  std::string outcome;  // in words: what was seen, or which step failed and what to do
  bool operator==(const TrialResult&) const = default;
};

/// For the store, under "trial:DEVICE".
std::string to_setting(const TrialResult&);
std::optional<TrialResult> trial_from_setting(const std::string& text);

}  // namespace lull
