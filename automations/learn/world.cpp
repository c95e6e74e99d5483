// The broker and the disk, as far as they concern the bedroom.
#include "automations/learn/heard.hpp"
#include "devices/dialects/dialect.hpp"

namespace lull {
namespace {

using Outcome = Decision::Outcome;

/// Whether the device tells for itself how it stops. Two sessions hear it, and what it said once is not said again for
/// the second of them: what the guard heard before the main one was up still holds, and off is proved anew in any case.
bool tells_for_itself(const Device& device) {
  const Dialect* dialect = dialect_called(device.speaks);
  return dialect && dialect->awaits.empty();
}

/// What was known of it is the past of another connection: everything is to be told again before it is relied on.
void begin_gate(Actuator& a, const Device& device) {
  Standing& is = a.standing;
  is.findings.clear();
  is.awaited.clear();
  is.armed.reset();
  is.wakes_off.reset();
  a.prepared = 0;
  if (tells_for_itself(device)) return;
  is.timer = Timer::unknown;
  is.timer_reason.clear();
  const Dialect* dialect = needs_timer(device.kind) ? dialect_called(device.speaks) : nullptr;
  if (dialect) is.awaited.assign(dialect->awaits.begin(), dialect->awaits.end());
}

}  // namespace

void heard(Turn& t, const LinkChanged& r) {
  if (t.hub.link_up == r.up) return;
  if (!r.up) end_trial(t, "the connection to the broker was lost");
  t.hub.link_up = r.up;
  t.hub.ready = false;
  t.hub.link_up_since = r.up ? std::optional(t.now) : std::nullopt;
  t.decide(Outcome::did, "broker",
           r.up ? "connected: everything off first, then states, then rules" : "connection lost");
  for (std::uint16_t i = 0; i < t.hub.actuators.size(); ++i) {
    Actuator& a = t.hub.actuators[i];
    a.standing.link_up = r.up;
    if (!is_actuator(t.house().devices[i].kind)) continue;
    if (r.up)
      begin_gate(a, t.house().devices[i]);
    else if (told_on(a))
      a.off_because = "the connection to the broker was lost";
    doubt(t, DeviceId{i});
  }
}

void heard(Turn& t, const StoreChanged& r) {
  t.hub.store_healthy = r.healthy;
  for (Actuator& a : t.hub.actuators) a.standing.store_healthy = r.healthy;
  t.decide(r.healthy ? Outcome::did : Outcome::refused, "store", r.healthy ? "writes again" : r.what);
  if (!r.healthy)
    t.tell(Notify::Urgency::fault, std::nullopt,
           "Lull cannot write to its disk (" + r.what + "). Heat and massage stay off until it can.");
}

void heard(Turn& t, const Leaving&) {
  if (!t.hub.leaving_since) t.hub.leaving_since = t.now;
  for (std::size_t i = t.hub.plays.size(); i-- > 0;) end_play(t, i, "Lull ends");
  end_trial(t, "Lull ends");
  for (Actuator& a : t.hub.actuators) a.standing.leaving = true, a.manual.reset(), a.hand.reset();
}

}  // namespace lull
