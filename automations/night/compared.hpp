// Movement before and after sessions, over one night or many: what it rests on is part of it, and no verdict is one
// night's.
#pragma once

#include <string>

#include "automations/night/report.hpp"

namespace lull {

/// Fewer nights with a comparison say nothing: movement differs more from night to night than relief changes it.
inline constexpr int kEnoughNights = 12;

struct Compared {
  int sessions = 0;                      // that may have moved or warmed this sleeper
  int compared = 0;                      // of them, those with enough measured minutes before and after
  int nights = 0;                        // with such a comparison
  int lower = 0;                         // of these nights, those on which movement was lower after than before
  double before_sum = 0, after_sum = 0;  // movements an hour, over the compared sessions
  minutes before_data{}, after_data{};   // measured minutes behind them
  double before() const { return compared ? before_sum / compared : 0; }
  double after() const { return compared ? after_sum / compared : 0; }
};
/// One night's.
Compared compared_in(const NightReport& report, SleeperId who);
void add(Compared& sum, const Compared& more);

/// "84 before, 31 after (2 of 3 sessions compared, 28 and 30 min measured)"; "" when there were no sessions.
std::string words_for(const Compared& of);
/// The most that may be said of it: that there are not enough nights yet, or on how many movement was lower.
std::string verdict_of(const Compared& of);

}  // namespace lull
