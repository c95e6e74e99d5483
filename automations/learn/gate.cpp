// What a device is and what speaks against it, as its bridge tells.
#include "devices/safety/gate.hpp"

#include <algorithm>

#include "automations/learn/heard.hpp"

namespace lull {
namespace {

using Outcome = Decision::Outcome;

/// Says what is new, once; and tells a person when something that was fine is not any more.
void judged(Turn& t, DeviceId id, Source from, std::vector<Finding> now) {
  Standing& is = t.actuator(id).standing;
  const bool first = std::erase(is.awaited, from) > 0;
  for (const Finding& f : now) {
    if (std::find_if(is.findings.begin(), is.findings.end(), [&](const Finding& old) {
          return old.flaw == f.flaw && old.sentence == f.sentence;
        }) != is.findings.end())
      continue;
    t.decide(f.refuses ? Outcome::refused : Outcome::did_not, t.device(id).name, text_of(f));
    if (f.refuses && !first && has_force(t.device(id).kind))
      t.tell(Notify::Urgency::fault, t.device(id).sleeper,
             t.device(id).name + " is not used any more: " + text_of(f) + ".");
  }
  replace(is.findings, from, std::move(now));
}

}  // namespace

void heard(Turn& t, const DeviceIdentified& r) {
  Actuator& a = t.actuator(r.device);
  const bool another = a.identity.model != r.model || a.identity.firmware != r.firmware ||
                       a.identity.address != r.address || a.standing.tells_power_on != r.tells_power_on;
  a.standing.tells_power_on = r.tells_power_on;
  if (!another) return;
  // What was armed and read back was another device's.
  a.identity = r;
  look_at_trial(t, r.device);
  a.prepared = 0;
  a.standing.armed.reset();
  a.standing.wakes_off.reset();
  if (!a.groups.empty()) judged(t, r.device, Source::groups, found_in_groups(r.address, a.groups));
}

void heard(Turn& t, const GateJudged& r) { judged(t, r.device, r.from, r.findings); }

void heard(Turn& t, const GroupsListed& r) {
  Actuator& a = t.actuator(r.device);
  a.groups = r.members;
  judged(t, r.device, Source::groups, found_in_groups(a.identity.address, a.groups));
}

}  // namespace lull
