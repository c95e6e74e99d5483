// Minutes of heat and massage that a device gave in a night. Charged before they are given, refunded when proved off.
#pragma once

#include <algorithm>
#include <optional>
#include <string>

#include "devices/event.hpp"
#include "devices/units.hpp"

namespace lull {

inline constexpr hours kNightTurnsAfter{12};

/// The meter of one actuator. A lease is charged in full when it is granted, so that a crash can only make the
/// ledger count too much, never too little. All times are the boot clock's except `kept.last`, which survives it.
struct DoseMeter {
  DoseUsed kept;                         // this night, as it is on disk
  milliseconds session{};                // of the running or the last session, charged time included
  Instant charged_until{};               // up to here the time is paid for
  std::optional<Instant> night_began{};  // the first charge of this night, or the last one known of before a restart
  std::optional<Instant> off_since{};    // when it was proved off; nothing while it may be on
  std::optional<Instant> rest_until{};   // after a restart: no session before this, as `kept.last` says
  Percent level{};                       // at which the time that lies ahead is counted

  /// Charges the time from `now` to `until` at `at`; time that is already paid for is not paid twice, but counts at the
  /// new level from now on. True if anything changed, and so must reach the disk before the command leaves.
  bool charge(Instant now, Instant until, Percent at, Utc utc_now);
  /// It ran for so long unpaid, as is known only now.
  void charge_past(milliseconds ran, Percent how, Utc utc_now);
  /// The device is proved off at `now`: what was charged beyond it is given back. True if that changed `kept`.
  bool refund(Instant now, Utc utc_now);
  /// What was charged beyond `upto` is given back, though it is not off: another device of the same sleeper runs.
  bool give_back(Instant upto, Utc utc_upto);
  /// A new night begins: its minutes start from zero. Not within kNightTurnsAfter of its first charge on the boot
  /// clock, so that setting the wall clock buys nothing. True if the night turned.
  bool turn_night(const std::string& night, Instant now);
  /// The device ended its session by itself, a little before ours: it counts as used up.
  void end_session(milliseconds cap) { session = std::max(session, cap); }
  /// Off for `needed` or longer: the next use is a new session.
  void rest(Instant now, minutes needed);

  bool operator==(const DoseMeter&) const = default;
};

/// What the interlock asks of a meter: small, for it is looked at in every step.
struct DoseState {
  milliseconds night{}, session{};
  Instant charged_until{};
  std::optional<Instant> rest_until{};
  bool operator==(const DoseState&) const = default;
};
DoseState state_of(const DoseMeter& meter);

}  // namespace lull
