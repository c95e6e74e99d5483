// Before the night: is everything alive, charged, allowed and in reach? Told while somebody can still do something.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "automations/rules/rule.hpp"
#include "devices/units.hpp"

namespace lull {

struct Hub;
struct House;

/// When a household wants it.
struct PreflightSettings {
  bool on = true;
  minutes before{30};               // the first rule of the evening that plays something by the clock
  TimeOfDay without_rule{21 * 60};  // where there is none
  bool operator==(const PreflightSettings&) const = default;
};

/// One line: what was looked at, how it is, and what to do about it.
struct Check {
  enum class State : std::uint8_t { fine, unknown, wrong };
  State state{};
  std::string about, text, remedy;  // remedy: only where something can be done
  bool operator==(const Check&) const = default;
};
std::string_view word_for(Check::State state);

/// The last one that was made, or is being made.
struct Preflight {
  std::optional<Instant> begun{};        // the bridges were asked and may still answer
  std::optional<Instant> first_asked{};  // the first time: questions and answers can be lost, but it ends
  std::optional<Instant> alone_since{};  // it is time to look, and there has been no broker since
  std::string asked_by{};                // "" = it was time
  std::string night{};                   // the last night that was looked at because it was time; on disk
  std::optional<Utc> done_at{};
  std::vector<Check> checks{};  // the wrong first, then the unknown
  bool operator==(const Preflight&) const = default;
};
inline constexpr seconds kBridgeAnswersWithin{5};  // it does within 50 ms; one that hangs never does
inline constexpr seconds kLetThemSpeak{60};        // after a connect or a stall, before silence means anything
inline constexpr seconds kLooksAtMost{60};         // however often its questions are lost

/// The hours of the hub's night that matter here.
struct Tonight {
  std::string night;
  Utc preflight{}, bedtime{};              // bedtime: the first rule that plays by the clock, at the latest 23:00
  Utc morning_unseen{}, morning_latest{};  // 07:00 where nobody knows who is in bed; 10:00 whoever still is
  bool operator==(const Tonight&) const = default;
};
Tonight tonight_of(const House& house, const std::vector<bool>& allowed, const std::string& night);

/// Every check, as things stand now. Pure: the hub is only looked at.
std::vector<Check> check_tonight(const Hub& hub);
/// Whether nothing was found wrong; nothing = not looked yet.
std::optional<bool> ready_for_the_night(const Preflight& last);
/// "Tonight: Ana's ankle has been silent for 3 h. Charge it." At most 400 bytes. Empty when nothing is wrong.
std::string words_for_phone(const std::vector<Check>& checks);

}  // namespace lull
