// Conditions in three values: true, false, and "nobody can tell". Each answer has its sentence, with the numbers.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "automations/hub.hpp"
#include "automations/rules/rule.hpp"

namespace lull {

struct Answer {
  std::optional<bool> holds;  // nothing: unknown
  std::string text;
};
Answer holds(const Condition& condition, const Hub& hub);

/// Whether a rule may act now, all things considered except its trigger: allowed, conditions, limits, STOP.
struct MayAct {
  bool may = false;
  std::string text;  // why not; or why, condition by condition
};
MayAct may_act(const Hub& hub, std::size_t rule);

/// Whether this routine plays or pauses; "": any.
bool plays(const Hub& hub, std::string_view routine);

/// Whether it switches something on or changes it, and does not only stop or tell.
bool wishes_something(const Rule& rule);

/// "22:30", for sentences about a rule.
std::string clock_text(TimeOfDay time);
/// "at 22:30", "when Ana gets restless": the same.
std::string text_of(const Trigger& trigger, const House& house);

}  // namespace lull
