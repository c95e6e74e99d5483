// Alarm clocks: when a sleeper wants to get up, and rules that wait for so long before it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "automations/hub.hpp"

namespace lull {

/// Whether this device wakes this sleeper.
bool wakes(const House& house, const Device& device, SleeperId sleeper);
bool has_alarm_clock(const House& house, SleeperId sleeper);

/// The first alarm of theirs that is still to ring.
std::optional<Utc> next_alarm(const Hub& hub, SleeperId sleeper, Utc now);
/// When this `before_alarm` of this rule is next due: for an alarm that is known, unless the rule acted or was refused
/// for it already.
std::optional<Utc> next_due(const Hub& hub, std::size_t rule, const when::BeforeAlarm& trigger, Utc now);

/// For which alarms rules acted, as it would cross a restart now.
std::vector<Setting> kept_alarms(const Hub& hub);
/// What came to its time before this moment was judged then: nothing is said of it now.
void alarms_were_judged(Hub& hub, Utc now);

/// "Ana's alarm rings at 07:00", "no alarm of Ana's is known".
std::string alarm_text(const Hub& hub, SleeperId sleeper);
/// "8 h 30 min", "30 min"
std::string hours_text(milliseconds span);

}  // namespace lull
