// Rules and routines in the words of a person.
#include "automations/outlook.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "automations/alarm_clock.hpp"
#include "automations/rules/conditions.hpp"
#include "automations/turn.hpp"
#include "devices/result.hpp"

namespace lull {
namespace {

void join(std::string& to, const std::string& part, const char* by) {
  if (!part.empty()) to += (to.empty() ? "" : by) + part;
}

std::string percent(Percent p) { return std::to_string(p.whole()) + " %"; }

std::string words(const Condition& c, const House& house);
std::string words(const std::vector<Condition>& all, const House& house, const char* by) {
  std::string text;
  for (const Condition& c : all) join(text, words(c, house), by);
  return text;
}

std::string words(const Condition& c, const House& house) {
  using Is = Condition::Is;
  const auto who = [&] { return house.sleepers[c.sleeper.index].name; };
  switch (c.is) {
    case Is::all: return words(c.of, house, " and ");
    case Is::any: return words(c.of, house, " or ");
    case Is::none: return "not (" + words(c.of, house, " or ") + ")";
    case Is::between: return "it is between " + clock_text(c.from) + " and " + clock_text(c.to);
    case Is::in_bed: return who() + (c.wanted ? " is in bed" : " is out of bed");
    case Is::device_on: return house.devices[c.device.index].name + (c.wanted ? " is on" : " is off");
    case Is::playing:
      return (c.name.empty() ? std::string("something") : c.name) + (c.wanted ? " plays" : " does not play");
    case Is::restless: return who() + (c.wanted ? " is restless" : " is calm");
    case Is::count_tonight: return "rule " + c.name + " acted fewer than " + std::to_string(c.below) + " times tonight";
  }
  return "";
}

std::string words(const Action& action, const House& house) {
  return std::visit(Match{[](const act::Play& a) { return "play " + a.routine; },
                          [](const act::Stop& a) { return a.routine.empty() ? "end what plays" : "end " + a.routine; },
                          [](const act::StopEverything&) { return std::string("STOP everything"); },
                          [](const act::Notify& a) { return "tell \"" + a.text + "\""; },
                          [&](const act::Set& a) {
                            const std::string& name = house.devices[a.device.index].name;
                            return (a.level == 0_pct ? "switch " + name + " off" : name + " at " + percent(a.level)) +
                                   (a.length && a.level > 0_pct ? " for " + minutes_text(*a.length) : "");
                          }},
                    action);
}

std::string days(Weekdays on) {
  constexpr std::array<const char*, 7> kNames{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
  if (on == kEveryDay) return "";
  std::string text;
  for (std::size_t i = 0; i < kNames.size(); ++i)
    if ((on >> i) & 1) join(text, kNames[i], ", ");
  return text.empty() ? " on no day" : " on " + text;
}

std::string words(const Trigger& trigger, const House& house) {
  const auto* time = std::get_if<when::Time>(&trigger);
  return text_of(trigger, house) + (time ? days(time->on) : "");
}

std::string words(const RuleLimits& limits) {
  std::string text;
  if (limits.per_night)
    text = *limits.per_night == 1 ? "once a night" : "at most " + std::to_string(*limits.per_night) + " times a night";
  if (limits.apart) join(text, minutes_text(*limits.apart) + " apart", ", ");
  if (limits.total) join(text, minutes_text(*limits.total) + " in all", ", ");
  return text;
}

std::string capital(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

/// Nights are named by their evening: after midnight the noon to come is today's.
std::string off_for_tonight(const Hub& hub) {
  const auto now = utc(hub);
  const bool evening = now && text(local(hub.house->zone, *now)).starts_with(hub.night);
  return evening ? "off for tonight; back tomorrow at noon" : "off for tonight; back at noon";
}

/// The next moment that is known: by the clock, or by an alarm that is set.
std::optional<Utc> next_known(const Hub& hub, std::size_t rule, Utc now) {
  std::optional<Utc> next;
  for (const Trigger& trigger : hub.house->rules[rule].when) {
    std::optional<Utc> at;
    if (const auto* alarm = std::get_if<when::BeforeAlarm>(&trigger)) at = next_due(hub, rule, *alarm, now);
    if (const auto* time = std::get_if<when::Time>(&trigger); time && time->on != 0)
      at = next_time(hub.house->zone, time->time, time->on, now);
    if (at && (!next || *at < *next)) next = at;
  }
  return next;
}

}  // namespace

std::string in_words(const Rule& rule, const House& house) {
  std::string when, then;
  for (const Trigger& trigger : rule.when) join(when, words(trigger, house), " or ");
  for (const Action& action : rule.then) join(then, words(action, house), ", ");
  const std::string only_if = words(rule.only_if, house, " and "), limits = words(rule.limits);
  return capital(when) + (only_if.empty() ? "" : ", if " + only_if) + ": " + then + "." +
         (limits.empty() ? "" : " " + capital(limits) + ".");
}

std::string in_words(const Routine& routine, const House& house) {
  std::string text;
  for (const Track& track : routine.tracks) {
    if (track.kind == TrackKind::words) {
      join(text, "a word to the phone", ", ");
      continue;
    }
    std::string one = house.devices[track.device.index].name;
    if (track.from) one += " from " + percent(*track.from) + " to " + percent(track.to);
    if (!track.from) one += " at " + percent(track.to);
    if (track.kind == TrackKind::massage && track.program != Program::steady)
      one += " (" + std::string(word_for(track.program)) + ")";
    if (track.at > 0ms) one += " from minute " + std::to_string(duration_cast<minutes>(track.at).count());
    if (track.then_off) one += ", then off";
    join(text, one, "; ");
  }
  return minutes_text(routine.length) + ": " + text;
}

std::vector<Chance> chances(const Hub& hub) {
  std::vector<Chance> all;
  const auto now = utc(hub);
  for (std::size_t i = 0; i < hub.rules.size(); ++i) {
    const Rule& rule = hub.house->rules[i];
    Chance chance;
    if (!hub.rules[i].allowed) {
      chance.text = "switched off";
      all.push_back(std::move(chance));
      continue;
    }
    const auto night = span_of_night(hub.house->zone, hub.night);
    const bool rests = hub.rules[i].resting || hub.not_tonight;
    if (now) chance.at = next_known(hub, i, rests && night ? std::max(*now, night->end - 1ms) : *now);
    if (hub.rules[i].resting) {
      chance.text = off_for_tonight(hub);
      all.push_back(std::move(chance));
      continue;
    }
    for (const Trigger& trigger : rule.when) {
      join(chance.text, words(trigger, *hub.house), " or ");
      if (const auto* alarm = std::get_if<when::BeforeAlarm>(&trigger))
        chance.text += " (" + alarm_text(hub, alarm->sleeper) + ")";
    }
    const MayAct verdict = may_act(hub, i);
    if (!verdict.may) chance.text += "; not now: " + verdict.text;
    all.push_back(std::move(chance));
  }
  return all;
}

std::vector<std::string> plan_of_the_night(const Hub& hub) {
  const House& house = *hub.house;
  const auto now = utc(hub);
  if (!now) return {"The time is not known yet."};
  if (hub.stopped) return {"STOP is on: nothing runs until a person releases it."};
  if (hub.not_tonight) return {"A person said: not tonight. Nothing begins by itself before noon."};
  const auto night = span_of_night(house.zone, hub.night);
  std::multimap<Utc, std::string> timed;
  std::vector<std::string> others, resting;
  for (std::size_t i = 0; i < hub.rules.size(); ++i) {
    const Rule& rule = house.rules[i];
    if (!hub.rules[i].allowed || !wishes_something(rule)) continue;
    if (hub.rules[i].resting) {
      resting.push_back(rule.name + ": " + off_for_tonight(hub));
      continue;
    }
    std::string then, when;
    for (const Action& action : rule.then) {
      const auto* play = std::get_if<act::Play>(&action);
      if (play && !routine_off(hub, play->routine).empty()) continue;
      join(then, play ? play->routine : words(action, house), ", ");
    }
    if (then.empty()) continue;  // all that it would begin is said below
    const std::string only_if = words(rule.only_if, house, " and "), limits = words(rule.limits);
    const std::string tail = (only_if.empty() ? "" : " if " + only_if) + (limits.empty() ? "" : "; " + limits);
    for (const Trigger& trigger : rule.when) {
      const auto* time = std::get_if<when::Time>(&trigger);
      if (const auto* alarm = std::get_if<when::BeforeAlarm>(&trigger)) {
        const auto at = next_due(hub, i, *alarm, *now);
        if (at && night && *at < night->end)
          timed.emplace(*at, clock_text(local(house.zone, *at)) + " " + then + ", " + words(trigger, house) + tail);
        if (next_alarm(hub, alarm->sleeper, *now)) continue;  // else: in words, for one may still be set
      }
      if (!time) {
        join(when, words(trigger, house), " or ");
        continue;
      }
      const Utc at = next_time(house.zone, time->time, time->on, *now);
      if (night && at < night->end) timed.emplace(at, clock_text(local(house.zone, at)) + " " + then + tail);
    }
    if (!when.empty()) others.push_back(capital(then) + " " + when + tail);
  }
  std::vector<std::string> plan;
  for (auto& [at, line] : timed) plan.push_back(std::move(line));
  plan.insert(plan.end(), others.begin(), others.end());
  for (std::size_t i = 0; i < hub.routines.size(); ++i)
    if (hub.routines[i].allowed && hub.routines[i].resting)
      resting.push_back(house.routines[i].name + ": " + off_for_tonight(hub));
  if (plan.empty()) plan.push_back("Nothing begins by itself any more tonight.");
  plan.insert(plan.end(), resting.begin(), resting.end());
  return plan;
}

}  // namespace lull
