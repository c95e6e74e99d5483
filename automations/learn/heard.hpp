// What each kind of news does to the hub, one overload each. Only for automations/learn/.
#pragma once

#include "automations/turn.hpp"

namespace lull {

// actuator.cpp
void heard(Turn&, const ActuatorReported&);
void heard(Turn&, const PowerReported&);
// surface.cpp
void heard(Turn&, const TemperatureReported&);
void heard(Turn&, const ReadingFailed&);
// sleeper.cpp
void heard(Turn&, const MovementReported&);
void heard(Turn&, const HeartRateReported&);
void heard(Turn&, const OccupancyReported&);
void heard(Turn&, const ButtonPressed&);
void heard(Turn&, const AlarmClockReported&);
// trust.cpp
void heard(Turn&, const ReachabilityChanged&);
void heard(Turn&, const TimerLearned&);
void heard(Turn&, const TimerReadBack&);
void heard(Turn&, const DeviceComplained&);
void heard(Turn&, const GuardChanged&);
void heard(Turn&, const RetainedCommandFound&);
// gate.cpp
void heard(Turn&, const DeviceIdentified&);
void heard(Turn&, const GateJudged&);
void heard(Turn&, const GroupsListed&);
// world.cpp
void heard(Turn&, const LinkChanged&);
void heard(Turn&, const StoreChanged&);
void heard(Turn&, const Leaving&);
// clock.cpp
void heard(Turn&, const ClockSet&);
// own_health.cpp
void heard(Turn&, const BatteryReported&);
void heard(Turn&, const BridgeAnswered&);
void heard(Turn&, const Stalled&);
void heard(Turn&, const BacklogChanged&);
// kept.cpp
void heard(Turn&, const Started&);

inline void heard(Turn&, const Tick&) {}
inline void heard(Turn&, const Asked&) {}  // listen() hears people

}  // namespace lull
