// Flags grow old: whether they still hold, and whether new ones came, is asked again. Nothing is ever loosened by time.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "automations/house.hpp"

namespace lull {

/// Days since 1970 of "2026-11-21"; nothing when it is no date.
std::optional<int> day_of(std::string_view date);

/// After so many days a flag is asked about again. A wound or an infection changes within two weeks, a pregnancy and
/// the time after an operation within a month (and what they bring is worse than what they were), the others slowly.
int days_of(Flag flag);
inline constexpr int kAskForNewFlags = 180;

/// One question for each flag with a date, and each sleeper with a date of asking, that is older than that on `today`.
std::vector<std::string> questions(const House& house, std::string_view today);

}  // namespace lull
