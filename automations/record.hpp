// Events and effects as text, one line of JSON each: the journal's language. Reading gives back exactly what was
// written.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "automations/effect.hpp"
#include "devices/event.hpp"
#include "devices/result.hpp"

namespace lull {

/// {"at":123456,"tick":{}} and so on; keys are the names of the types and fields. Doubles are written so that they
/// read back bit for bit.
std::string to_text(const Event& event);
Result<Event> event_from(std::string_view text);

/// {"command":{"device":3,"level":24,"lease_ms":300000,...}}, {"decision":{...}}, {"note":{...}} and so on.
std::string to_text(const Effect& effect);
/// The effects that are records (decisions, notes, notifications, what is kept) can be read back. A command cannot:
/// reading one would be a second maker of a SafeCommand. Its text is compared, never run.
using Recorded =
    std::variant<Decision, Notify, Note, KeepDose, KeepSetting, KeepRuleUsed, KeepLearned, NightEnded, TrialTold>;
Result<std::optional<Recorded>> recorded_from(std::string_view text);

}  // namespace lull
