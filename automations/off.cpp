// Proof of off: word, watts, alarms, and the ways on which an OFF that is not proved is said.
#include "automations/off.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "automations/turn.hpp"
#include "devices/dialects/home_assistant_entity.hpp"

namespace lull {
namespace {

using Outcome = Decision::Outcome;

std::string watts_text(Watts w) { return std::to_string(w.whole()) + " W"; }

/// It says that it is off, and its meter says otherwise or nothing: OFF again, on every way, until watts prove it.
void contradict(Turn& t, DeviceId id, const std::string& what, bool stuck) {
  Actuator& a = t.actuator(id);
  if (stuck) charge_past(t, id, t.now - a.told_first);  // it ran on, whatever it said
  begin_off(t, id);
  a.watch.word_is_not_enough = true;
  a.watch.stuck = a.watch.stuck || stuck;
  // A heater that may be on must reach a person at any hour; the rest waits for the morning (hush.hpp).
  fault(t, id, what, t.device(id).kind == Kind::heat_pad ? Notify::Urgency::alarm : Notify::Urgency::fault);
}

/// The time in which the meter had to speak is over.
void weigh(Turn& t, DeviceId id) {
  Actuator& a = t.actuator(id);
  OffWatch& w = a.watch;
  w.weighed = true;
  const bool heard_since = a.watts_heard && *a.watts_heard > a.told_first;
  if (*a.watts < kDrawsNothing) {
    // Perhaps an old reading, repeated: but had it begun to draw, a meter would have told by now.
    if (heard_since && !w.nothing_after) w.nothing_after = t.now - a.told_first;
    return;
  }
  const std::string after = minutes_text(t.now - a.told_first);
  if (heard_since)
    contradict(t, id, "it says it is off but still draws " + watts_text(*a.watts) + " after " + after, true);
  else
    contradict(
        t, id,
        "it says it is off, but its meter has been silent for " + after + "; its last word was " + watts_text(*a.watts),
        false);
}

/// Whether its OFF leaves here at all: by the broker, or by Home Assistant, which is out of reach when its device is.
bool road_is_open(const Turn& t, DeviceId id) {
  return entity::is_reached_there(t.device(id)) ? t.actuator(id).standing.reachable : t.hub.link_up;
}

std::string ways_tried(const Turn& t, DeviceId id) {
  const Actuator& a = t.actuator(id);
  const Device& device = t.device(id);
  std::string ways;
  if (road_is_open(t, id)) ways = entity::is_reached_there(device) ? "by Home Assistant" : "by the broker";
  const auto add = [&](const std::string& way) { ways += (ways.empty() ? "" : ", ") + way; };
  if (a.standing.guard_up && device.kind != Kind::massage_pad) add("by its guard");
  if (!device.also_off.empty() && unproved_for(a, t.now) >= kAlsoOffAfter) add("by the messages of your own");
  if (device.behind && unproved_for(a, t.now) >= kMainsOffAfter) add("by its plug " + t.device(*device.behind).name);
  return ways.empty() ? "No way to it is open" : "It was told " + std::to_string(a.watch.offs) + " times, " + ways;
}

}  // namespace

std::string_view word_for(OffProof proof) {
  constexpr std::array<std::string_view, 4> kWords{"none", "word", "mains", "watts"};
  return kWords[static_cast<std::size_t>(proof)];
}

OffProof proof_of(const Actuator& a) {
  if (!a.off_proved) return OffProof::none;
  if (a.watch.nothing_after) return OffProof::watts;
  return a.watch.by_mains ? OffProof::mains : OffProof::word;
}

milliseconds unproved_for(const Actuator& a, Instant now) { return now - a.watch.first_off.value_or(a.told_first); }

std::string proof_text(const Actuator& a) {
  switch (proof_of(a)) {
    case OffProof::none:
      return a.on == false && a.watch.word_is_not_enough && a.watts
                 ? "it says it is off, but " + watts_text(*a.watts) + " was the last word of its meter"
                 : "not proved off";
    case OffProof::mains: return "off, proved by the plug in front of it";
    case OffProof::watts: return "off, proved by its watts after " + minutes_text(*a.watch.nothing_after);
    case OffProof::word: break;
  }
  if (!a.watts) return "off by its word; it tells no power";
  return a.watch.weighed ? "off by its word; it drew nothing before either" : "off by its word; its watts are awaited";
}

void begin_off(Turn& t, DeviceId id, OffClock clock) {
  Actuator& a = t.actuator(id);
  // Still the same OFF until its last alarm, and for as long as somebody says it again and again. Who says it once more
  // after that wants to know whether it helps now.
  const bool goes_on = clock == OffClock::goes_on && a.watch.first_off &&
                       (unproved_for(a, t.now) < *std::rbegin(kOffAlarms) || t.now - a.told_first < kOffAlarms[0]);
  if (!goes_on) a.watch.first_off = t.now, a.watch.offs = a.watch.alarms = 0;
  // Off by its word, and its meter has not spoken yet: it has no more time for that because OFF is said once more.
  const bool meter_waits = clock == OffClock::goes_on && a.off_proved && a.watts && needs_timer(t.device(id).kind) &&
                           !a.watch.nothing_after && !a.watch.weighed && !a.watch.by_mains && !a.standing.unpowered;
  a.told = Output{};
  a.confirmed = a.off_proved = a.watch.by_mains = false;
  a.off_said_at.reset();
  if (meter_waits) {
    const auto is_past = [&](seconds at) { return t.now - a.told_first >= at; };
    a.tries = static_cast<std::int32_t>(std::count_if(std::begin(kOffRepeats), std::end(kOffRepeats), is_past)) - 1;
    return;
  }
  a.told_first = t.now;
  a.tries = 0;
  a.watch.before = a.watts;
  a.watch.nothing_after.reset();
  a.watch.weighed = false;
}

void watts_seen(Turn& t, DeviceId id) {
  Actuator& a = t.actuator(id);
  OffWatch& w = a.watch;
  if (!needs_timer(t.device(id).kind) || told_on(a)) return;
  const milliseconds after = t.now - a.told_first;
  if (*a.watts < kDrawsNothing) {
    // A bridge repeats its last reading beside every state. What was above before the OFF and is nothing now is new.
    if (w.nothing_after || !(w.before && *w.before >= kDrawsNothing)) return;
    w.nothing_after = after;
    if (w.word_is_not_enough && a.on == false) proved_off(t, id);
    return;
  }
  if (!a.off_proved) return;  // OFF is on its way
  const bool rose = w.nothing_after && after >= kReadingsCross;
  if (rose || after >= kWattsWithin)
    contradict(
        t, id,
        "it says it is off but draws " + watts_text(*a.watts) + (rose ? " again" : " after " + minutes_text(after)),
        true);
}

void watch_off(Turn& t, DeviceId id) {
  Actuator& a = t.actuator(id);
  OffWatch& w = a.watch;
  if (w.nothing_after || w.weighed || w.by_mains || a.standing.unpowered || !a.watts) return;
  if (!needs_timer(t.device(id).kind)) return;
  if (!t.hub.link_up || !a.standing.reachable) return;  // it is swept anew when it comes back
  const milliseconds after = t.now - a.told_first;
  const Instant asked = a.asked_at.value_or(Instant{});
  for (const seconds at : kAskMeterAt)
    if (after >= at && asked < a.told_first + at && air_is_free(t, id)) {
      ask_it(t, id);
      break;
    }
  if (after >= kWattsWithin) weigh(t, id);
}

void alarm_if_unproved(Turn& t, DeviceId id) {
  Actuator& a = t.actuator(id);
  const auto n = static_cast<std::size_t>(a.watch.alarms);
  if (n >= std::size(kOffAlarms) || a.tries == 0 || unproved_for(a, t.now) < kOffAlarms[n] ||
      !needs_timer(t.device(id).kind))
    return;
  const bool may_draw = a.lease_until > t.now || a.on == true || a.watch.word_is_not_enough;
  // Without a broker nothing can be proved. What was off stays off; what ran must be told of, by the roads that are up.
  if (!t.hub.link_up && !may_draw) return;
  ++a.watch.alarms;
  a.alarmed = true;
  a.standing.proved_off_since_start = false;  // a person was told: nothing is switched on before it is seen to be off
  const Device& device = t.device(id);
  std::string text = device.name;
  if (a.watch.word_is_not_enough && a.watts)
    text += " says that it is off, but " + watts_text(*a.watts) + " was the last word of its meter";
  else
    text += " has not shown that it is off";
  text += " for " + minutes_text(unproved_for(a, t.now)) + ". " + ways_tried(t, id) +
          (a.standing.reachable && road_is_open(t, id)
               ? ". Please look at it, and pull its plug if in doubt."
               : ". It cannot be reached: its own timer ends it; please look at it.");
  t.decide(Outcome::refused, device.name, text);
  // Without a broker a massage ends by its own timer and wakes nobody; what warms may burn.
  const bool wakes = may_draw && (t.hub.link_up || device.kind != Kind::massage_pad);
  t.tell(wakes ? Notify::Urgency::alarm : Notify::Urgency::fault, device.sleeper, text);
}

}  // namespace lull
