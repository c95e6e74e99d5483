// Three-valued conditions and the limits of a rule.
#include "automations/rules/conditions.hpp"

#include <algorithm>

#include "automations/alarm_clock.hpp"
#include "automations/turn.hpp"
#include "devices/result.hpp"

namespace lull {

std::string clock_text(TimeOfDay t) {
  LocalTime l;
  l.time = t;
  return clock_text(l);
}

namespace {

Answer between(const Condition& c, const Hub& hub) {
  const auto now = utc(hub);
  if (!now) return {std::nullopt, "the time is not known yet"};
  const TimeOfDay t = local(hub.house->zone, *now).time;
  const bool in = c.from <= c.to ? (t >= c.from && t < c.to) : (t >= c.from || t < c.to);
  return {in,
          clock_text(t) + (in ? " is between " : " is not between ") + clock_text(c.from) + " and " + clock_text(c.to)};
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
  const bool does = plays(hub, c.name);
  return {does == c.wanted, (c.name.empty() ? "a routine" : c.name) + (does ? " plays" : " does not play")};
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

/// The minutes that all it plays would take.
milliseconds would_take(const Hub& hub, const Rule& rule, std::string& names) {
  milliseconds all{};
  for (const Action& a : rule.then) {
    const auto* play = std::get_if<act::Play>(&a);
    const Routine* routine = play ? hub.house->routine(play->routine) : nullptr;
    if (!routine) continue;
    all += routine->length;
    names += (names.empty() ? "" : " and ") + routine->name;
  }
  return all;
}

/// The text of the first limit that is reached; empty when none is.
std::string limit_reached(const Hub& hub, const Rule& rule, const RuleState& state) {
  const RuleLimits& l = rule.limits;
  if (l.per_night && state.used.times >= *l.per_night)
    return std::to_string(state.used.times) + " of " + std::to_string(*l.per_night) + " times used tonight";
  if (l.apart && state.last && hub.now - *state.last < *l.apart)
    return "the last time was " + minutes_text(hub.now - *state.last) + " ago, must be " + minutes_text(*l.apart) +
           " apart";
  std::string names;
  const milliseconds more = would_take(hub, rule, names);
  if (l.total && more > 0ms && state.used.total + more > *l.total)
    return minutes_text(state.used.total) + " of " + minutes_text(*l.total) + " used tonight, " + names +
           " would take " + minutes_text(more);
  return "";
}

bool stops_something(const Rule& rule) {
  return std::any_of(rule.then.begin(), rule.then.end(), [](const Action& a) {
    const auto* set = std::get_if<act::Set>(&a);
    return std::holds_alternative<act::Stop>(a) || std::holds_alternative<act::StopEverything>(a) ||
           (set && set->level == 0_pct);
  });
}

/// Why what it plays cannot begin: it is all there already, a person does not want it, or there is no room for it.
std::string cannot_play(const Hub& hub, const Rule& rule) {
  std::string there;
  std::size_t begin = 0;
  for (const Action& a : rule.then) {
    const auto* play = std::get_if<act::Play>(&a);
    if (!play) return "";  // it does more, and may even make room: engine.cpp says what of it was not done
    if (std::string off = routine_off(hub, play->routine); !off.empty())
      there = std::move(off);
    else if (plays(hub, play->routine))
      there = play->routine + " plays already";
    else
      ++begin;
  }
  if (begin == 0) return there;
  if (hub.plays.size() + begin > kMaxPlays) return std::to_string(hub.plays.size()) + " routines play already";
  return "";
}

/// A gentle routine is for the night, and a person may not want that.
bool plays_gently(const Hub& hub, const Rule& rule) {
  return std::any_of(rule.then.begin(), rule.then.end(), [&](const Action& a) {
    const auto* play = std::get_if<act::Play>(&a);
    const Routine* routine = play ? hub.house->routine(play->routine) : nullptr;
    return routine && routine->gentle;
  });
}

/// What holds a wish back, before it is asked how often it may.
std::string held_back(const Hub& hub, const Rule& rule) {
  if (hub.stopped) return "STOP is on";
  if (hub.leaving_since) return "Lull is about to end";
  if (hub.not_tonight) return "a person said: not tonight";
  if (plays_gently(hub, rule) && !hub.night_replay) return "the night replay is switched off";
  return cannot_play(hub, rule);
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

bool plays(const Hub& hub, std::string_view routine) {
  return std::any_of(hub.plays.begin(), hub.plays.end(),
                     [&](const Play& p) { return routine.empty() || p.routine == routine; });
}

bool wishes_something(const Rule& rule) {
  return std::any_of(rule.then.begin(), rule.then.end(), [](const Action& a) {
    const auto* set = std::get_if<act::Set>(&a);
    return std::holds_alternative<act::Play>(a) || (set && set->level > 0_pct);
  });
}

MayAct may_act(const Hub& hub, std::size_t i) {
  const Rule& rule = hub.house->rules[i];
  const RuleState& state = hub.rules[i];
  const bool wishes = wishes_something(rule);
  const bool only_stops = !wishes && stops_something(rule);
  if (std::string off = switched_off(state, "this rule"); !off.empty()) return {false, off};
  if (!hub.ready && !only_stops) return {false, "Lull is not ready: not every device has shown that it is off"};
  std::string reasons;
  for (const Condition& c : rule.only_if) {
    const Answer a = holds(c, hub);
    if (a.holds != true) return {false, a.text};
    reasons += (reasons.empty() ? "" : ", ") + a.text;
  }
  if (only_stops) return {true, reasons};  // a stop waits for nobody, and no limit holds it back
  if (wishes)
    if (std::string why = held_back(hub, rule); !why.empty()) return {false, why};
  if (std::string limit = limit_reached(hub, rule, state); !limit.empty()) return {false, limit};
  if (wishes)
    if (std::string limit = replay_refused(hub, rule); !limit.empty()) return {false, limit};
  if (rule.limits.per_night)
    reasons += (reasons.empty() ? "" : ", ") + std::to_string(state.used.times) + " of " +
               std::to_string(*rule.limits.per_night) + " used tonight";
  return {true, reasons};
}

std::string text_of(const Trigger& trigger, const House& house) {
  return std::visit(
      Match{[](const when::Time& w) { return "at " + clock_text(w.time); },
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
            [](const when::Said& w) { return "when somebody says \"" + w.word + "\""; },
            [&](const when::BeforeAlarm& w) {
              return hours_text(w.by) + " before " + house.sleepers[w.sleeper.index].name + "'s alarm";
            }},
      trigger);
}

}  // namespace lull
