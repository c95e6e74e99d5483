// What is to come, in words: each rule as one would say it, its next chance, and the plan of this night.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "automations/hub.hpp"

namespace lull {

/// "At 22:30 on sun, mon, if Ana is in bed: play wind-down. At most 4 times a night, 30 min apart."
std::string in_words(const Rule& rule, const House& house);
/// "30 min: light from 60 % to 5 %, heat at 40 %, massage at 40 % (wave)"
std::string in_words(const Routine& routine, const House& house);

/// When a rule may act next.
struct Chance {
  std::optional<Utc> at{};  // its next time on the clock; nothing: it does not wait for the clock, or is switched off
  std::string text;         // "at 22:30; not yet: Ana is not in bed"
};
/// Of all rules, in the house's order.
std::vector<Chance> chances(const Hub& hub);

/// This night's plan, the clock's first: "22:30 wind-down if Ana is in bed".
std::vector<std::string> plan_of_the_night(const Hub& hub);

}  // namespace lull
