// What Lull learns of its own health and of the small things around it: batteries, bridges, time that was lost,
// messages that waited.
#include "automations/learn/heard.hpp"

namespace lull {
namespace {

using Outcome = Decision::Outcome;

/// After this long every lease has lapsed, and what played an age ago is no plan for now.
constexpr milliseconds kEverythingLapsed = kHard.heat_lease;

}  // namespace

std::string Turn::too_old(const std::optional<milliseconds>& age, DeviceId device) const {
  if (age && *age >= kNewsLives) return "that was " + minutes_text(*age) + " ago";
  const Vital& vital = hub.vitals[device.index];
  const bool unknown = just_stalled() || (hub.behind && hub.behind->of_unknown_age);
  const bool just_back = vital.back_since && now - *vital.back_since < kBackWithBacklog;
  return unknown || just_back ? "nobody knows how long that waited on its way" : "";
}

void heard(Turn& t, const BatteryReported& r) { t.hub.vitals[r.device.index].battery = r.left; }

void heard(Turn& t, const BridgeAnswered& r) {
  t.hub.vitals[r.device.index].bridge_answered = t.now;
  t.hub.vitals[r.device.index].bridge_healthy = r.healthy;
}

void heard(Turn& t, const Stalled& r) {
  t.hub.stalled_at = t.now;
  const std::string how_long = minutes_text(r.lost);
  t.decide(Outcome::refused, "Lull",
           (r.asleep * 2 > r.lost ? "the machine slept for " : "stood still for ") + how_long +
               ": everything is doubted, goes off first and is asked how it is");
  if (r.lost >= kEverythingLapsed)
    for (std::size_t i = t.hub.plays.size(); i-- > 0;) end_play(t, i, "Lull stood still for " + how_long);
  for (std::uint16_t i = 0; i < t.hub.actuators.size(); ++i) {
    Actuator& a = t.hub.actuators[i];
    if (!is_actuator(t.house().devices[i].kind)) continue;
    if (told_on(a) && rests_off(t.house().devices[i].kind)) a.off_because = "Lull stood still for " + how_long;
    if (r.lost >= kEverythingLapsed && a.manual && a.manual->level > 0_pct) a.manual.reset();
    a.standing.armed.reset();
    doubt(t, DeviceId{i});
  }
}

void heard(Turn& t, const BacklogChanged& r) {
  const bool news = t.hub.behind.has_value() != r.behind;
  t.hub.behind = r.behind ? std::optional(Behind{t.hub.behind ? t.hub.behind->since : t.now, r.of_unknown_age, r.why})
                          : std::nullopt;
  for (Actuator& a : t.hub.actuators) a.standing.catching_up = r.behind;
  // After a connect or a stall that was said already.
  if (news && r.behind && !r.of_unknown_age)
    t.decide(Outcome::did_not, "Lull", r.why + ": nothing begins until Lull has caught up");
}

}  // namespace lull
