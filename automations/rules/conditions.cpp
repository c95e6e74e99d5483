// Three-valued conditions and the limits of a rule.
#include "automations/rules/conditions.hpp"

#include <algorithm>

#include "automations/turn.hpp"
#include "devices/result.hpp"

namespace lull {
namespace {

std::string clock(TimeOfDay t) {
  LocalTime l;
  l.time = t;
  return clock_text(l);
}

Answer between(const Condition& c, const Hub& hub) {
  const auto now = utc(hub);
  if (!now) return {std::nullopt, "the time is not known yet"};
  const TimeOfDay t = local(hub.house->zone, *now).time;
  const bool in = c.from <= c.to ? (t >= c.from && t < c.to) : (t >= c.from || t < c.to);
  return {in, clock(t) + (in ? " is between " : " is not between ") + clock(c.from) + " and " + clock(c.to)};
}

Answer in_bed(const Condition& c, const Hub& hub) {
  const std::string& name = hub.house->sleepers[c.sleeper.index].name;
  const auto in = hub.sleepers[c.sleeper.index].in_bed;
  if (!in) return {std::nullopt, "nobody can tell whether " + name + " is in bed"};
  return {*in == c.wanted, name + (*in ? " is in bed" : " is not in bed")};
}

Answer device_on(const Condition& c, const Hub& hub) {
  const Actuator& a = hub.actuators[c.device.index];
  const std::string& name = hub.house->devices[c.device.index].name;
  if (!a.on) return {std::nullopt, name + " has not said whether it is on"};
  return {*a.on == c.wanted, name + (*a.on ? " is on" : " is off")};
}

Answer playing(const Condition& c, const Hub& hub) {
  const bool plays = std::any_of(hub.plays.begin(), hub.plays.end(),
                                 [&](const Play& p) { return c.name.empty() || p.routine == c.name; });
  return {plays == c.wanted, (c.name.empty() ? "a routine" : c.name) + (plays ? " plays" : " does not play")};
}

Answer restless(const Condition& c, const Hub& hub) {
  const bool is = hub.sleepers[c.sleeper.index].restless;
  return {is == c.wanted, hub.house->sleepers[c.sleeper.index].name + (is ? " is restless" : " is not restless")};
}

Answer count_tonight(const Condition& c, const Hub& hub) {
  std::int32_t n = 0;
  for (std::size_t i = 0; i < hub.rules.size(); ++i)
    if (hub.house->rules[i].name == c.name) n = hub.rules[i].used.times;
  return {n < c.below, "rule " + c.name + " acted " + std::to_string(n) + " times tonight, wanted fewer than " +
                           std::to_string(c.below)};
}

/// all: false as soon as one is false. any: true as soon as one is true. Otherwise unknown if any is unknown.
Answer group(const Condition& c, const Hub& hub) {
  const bool any = c.is == Condition::Is::any;
  bool unknown = false;
  std::string text;
  for (const Condition& part : c.of) {
    Answer a = holds(part, hub);
    if (a.holds == std::optional(any)) return {c.is == Condition::Is::none ? std::optional(!any) : a.holds, a.text};
    unknown = unknown || !a.holds;
    text += (text.empty() ? "" : ", ") + a.text;
  }
  return {unknown ? std::nullopt : std::optional(!any), text};
}

Answer none(const Condition& c, const Hub& hub) {
  Condition some = c;
  some.is = Condition::Is::any;
  Answer a = group(some, hub);
  if (a.holds) a.holds = !*a.holds;
  return a;
}

const Routine* played_by(const Hub& hub, const Rule& rule) {
  for (const Action& a : rule.then)
    if (const auto* play = std::get_if<act::Play>(&a)) return hub.house->routine(play->routine);
  return nullptr;
}

/// The text of the first limit that is reached; empty when none is.
std::string limit_reached(const Hub& hub, const Rule& rule, const RuleState& state) {
  const RuleLimits& l = rule.limits;
  if (l.per_night && state.used.times >= *l.per_night)
    return std::to_string(state.used.times) + " of " + std::to_string(*l.per_night) + " times used tonight";
  if (l.apart && state.last && hub.now - *state.last < *l.apart)
    return "the last time was " + minutes_text(hub.now - *state.last) + " ago, must be " + minutes_text(*l.apart) +
           " apart";
  const Routine* routine = played_by(hub, rule);
  if (l.total && routine && state.used.total + routine->length > *l.total)
    return minutes_text(state.used.total) + " of " + minutes_text(*l.total) + " used tonight, " + routine->name +
           " would take " + minutes_text(routine->length);
  return "";
}

}  // namespace

Answer holds(const Condition& c, const Hub& hub) {
  using Is = Condition::Is;
  switch (c.is) {
    case Is::all:
    case Is::any: return group(c, hub);
    case Is::none: return none(c, hub);
    case Is::between: return between(c, hub);
    case Is::in_bed: return in_bed(c, hub);
    case Is::device_on: return device_on(c, hub);
    case Is::playing: return playing(c, hub);
    case Is::restless: return restless(c, hub);
    case Is::count_tonight: return count_tonight(c, hub);
  }
  return {std::nullopt, "a condition that this version does not know"};
}

bool wishes_something(const Rule& rule) {
  return std::any_of(rule.then.begin(), rule.then.end(), [](const Action& a) {
    return std::holds_alternative<act::Play>(a) || std::holds_alternative<act::Set>(a);
  });
}

MayAct may_act(const Hub& hub, std::size_t i) {
  const Rule& rule = hub.house->rules[i];
  const RuleState& state = hub.rules[i];
  if (!state.allowed) return {false, "a person switched this rule off"};
  if (!hub.ready) return {false, "Lull is not ready: not every device has shown that it is off"};
  std::string reasons;
  for (const Condition& c : rule.only_if) {
    const Answer a = holds(c, hub);
    if (a.holds != true) return {false, a.text};
    reasons += (reasons.empty() ? "" : ", ") + a.text;
  }
  if (!wishes_something(rule)) return {true, reasons};
  if (hub.stopped) return {false, "STOP is on"};
  if (hub.leaving_since) return {false, "Lull is about to end"};
  if (hub.not_tonight) return {false, "a person said: not tonight"};
  const Routine* routine = played_by(hub, rule);
  if (routine && routine->gentle && !hub.night_replay) return {false, "the night replay is switched off"};
  if (std::string limit = limit_reached(hub, rule, state); !limit.empty()) return {false, limit};
  if (std::string limit = replay_refused(hub, rule); !limit.empty()) return {false, limit};
  if (rule.limits.per_night)
    reasons += (reasons.empty() ? "" : ", ") + std::to_string(state.used.times) + " of " +
               std::to_string(*rule.limits.per_night) + " used tonight";
  return {true, reasons};
}

std::string text_of(const Trigger& trigger, const House& house) {
  return std::visit(
      Match{[](const when::Time& w) { return "at " + clock(w.time); },
            [&](const when::InBed& w) {
              return "when " + house.sleepers[w.sleeper.index].name + (w.in ? " gets into bed" : " leaves the bed");
            },
            [&](const when::Restless& w) {
              return "when " + house.sleepers[w.sleeper.index].name + (w.start ? " gets restless" : " is calm again");
            },
            [&](const when::Button& w) { return "when " + house.devices[w.device.index].name + " says " + w.action; },
            [&](const when::DeviceIs& w) {
              return "when " + house.devices[w.device.index].name + (w.on ? " goes on" : " goes off");
            },
            [](const when::Said& w) { return "when somebody says \"" + w.word + "\""; }},
      trigger);
}

}  // namespace lull
