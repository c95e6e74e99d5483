// What every road to a phone has in common: whom a message is for, what stands above it, how long it is news. Pure.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "automations/effect.hpp"
#include "automations/house.hpp"

namespace lull {

inline constexpr std::size_t kLongestMessage = 2000;  // bytes; a push ends at four thousand

/// How long a message is worth sending when there was no way.
milliseconds worth_sending_for(Notify::Urgency urgency);

/// "Ana", "Last night, Ana", "Lull".
std::string title_of(const Notify& what, const House& house);

/// With its age before it, once that is worth telling.
std::string with_age(const std::string& text, milliseconds age);

/// Whether a message concerns somebody's phones (`whose`; nobody's: they hear what concerns anybody).
bool concerns(const Notify& what, std::optional<SleeperId> whose);
/// And whether they are told: what they chose, and every alarm. Somebody has to look, so one for a person without a
/// phone is for everybody. `anybody`: somebody's phones are concerned.
bool is_told(const Notify& what, std::optional<SleeperId> whose, const std::set<Notify::Urgency>& about, bool anybody);

}  // namespace lull
