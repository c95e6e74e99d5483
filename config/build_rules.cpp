// Rules: triggers, conditions, limits, actions; and those that could never fire are named as problems.
#include <algorithm>

#include "config/build.hpp"
#include "config/words.hpp"

namespace lull::config {
namespace {

constexpr int kMaxConditionDepth = 4;  // of all, any and not inside each other

bool has_sensor(const Building& b, SleeperId sleeper, Kind kind) {
  const auto& devices = b.settings.house.devices;
  return std::any_of(devices.begin(), devices.end(),
                     [&](const Device& d) { return d.kind == kind && (!d.sleeper || *d.sleeper == sleeper); });
}

/// A sleeper whose presence or restlessness something can tell; otherwise what asks for it would never happen.
std::optional<SleeperId> sensed(Building& b, const Place& at, Kind kind) {
  const auto sleeper = b.sleeper(at);
  if (sleeper && !has_sensor(b, *sleeper, kind))
    b.problem(at, "can never be: no device that is " + std::string(word_for(kind)) + " is for " +
                      in_quotes(at.node->text) + "; add one to devices");
  return sleeper;
}

std::optional<DeviceId> switchable(Building& b, const Place& at) {
  const auto id = b.device(at);
  if (!id || id->index >= b.house().devices.size() || is_actuator(b.house().devices[id->index].kind)) return id;
  b.problem(at, "is " + shown(*at.node) + ", a " + std::string(word_for(b.house().devices[id->index].kind)) +
                    ", which is neither on nor off; must be a light, a pad, sound or aroma");
  return std::nullopt;
}

Weekdays read_days(const Place& at) {
  Weekdays days = 0;
  for (const Place& day : at.each()) days = static_cast<Weekdays>(days | days_from(text(day).value_or("")).value_or(0));
  return days == 0 ? kEveryDay : days;
}

std::optional<Trigger> read_trigger(Building& b, const Place& at) {
  if (const auto time = text(at["time"]))
    return when::Time{time_from(*time).value_or(TimeOfDay{}), read_days(at["on"])};
  if (at["in_bed"]) return when::InBed{sensed(b, at["in_bed"], Kind::presence).value_or(SleeperId{}), true};
  if (at["out_of_bed"]) return when::InBed{sensed(b, at["out_of_bed"], Kind::presence).value_or(SleeperId{}), false};
  if (at["restless"]) return when::Restless{sensed(b, at["restless"], Kind::movement).value_or(SleeperId{}), true};
  if (at["calm"]) return when::Restless{sensed(b, at["calm"], Kind::movement).value_or(SleeperId{}), false};
  if (at["button"])
    return when::Button{b.device(at["button"], Kind::button).value_or(DeviceId{}), text(at["action"]).value_or("")};
  if (at["device"]) return when::DeviceIs{switchable(b, at["device"]).value_or(DeviceId{}), text(at["is"]) == "on"};
  if (at["said"]) return when::Said{text(at["said"]).value_or("")};
  if (at["before_alarm"])
    return when::BeforeAlarm{sensed(b, at["before_alarm"], Kind::alarm_clock).value_or(SleeperId{}),
                             duration(at["by"]).value_or(8h)};
  return std::nullopt;
}

Condition read_condition(Building& b, const Place& at, int depth) {
  using Is = Condition::Is;
  Condition c;
  const auto group = [&](Is is, const Place& place) {
    c.is = is;
    if (depth == kMaxConditionDepth)
      return b.problem(
          place, "is nested deeper than " + std::to_string(kMaxConditionDepth) + " levels; split the rule in two");
    for (const Place& item : place.each())
      if (c.of.size() < 16) c.of.push_back(read_condition(b, item, depth + 1));
  };
  if (const Place between = at["between"]) {
    c.is = Is::between;
    const auto times = between.each();
    if (times.size() == 2) {
      c.from = time_from(text(times[0]).value_or("")).value_or(TimeOfDay{});
      c.to = time_from(text(times[1]).value_or("")).value_or(TimeOfDay{1});
      if (c.from == c.to)
        b.problem(between,
                  "begins and ends at " + text_of(c.from) + ", so it never holds; leave it out for the whole day");
    }
  } else if (at["in_bed"] || at["out_of_bed"]) {
    c.is = Is::in_bed;
    c.wanted = static_cast<bool>(at["in_bed"]);
    c.sleeper = sensed(b, at["in_bed"] ? at["in_bed"] : at["out_of_bed"], Kind::presence).value_or(SleeperId{});
  } else if (at["device"]) {
    c.is = Is::device_on;
    c.device = switchable(b, at["device"]).value_or(DeviceId{});
    c.wanted = text(at["is"]) == "on";
  } else if (at["playing"] || at["not_playing"]) {
    c.is = Is::playing;
    c.wanted = static_cast<bool>(at["playing"]);
    c.name = b.routine(at["playing"] ? at["playing"] : at["not_playing"]).value_or("");
  } else if (at["restless"]) {
    c.is = Is::restless;
    c.sleeper = sensed(b, at["restless"], Kind::movement).value_or(SleeperId{});
  } else if (const Place count = at["count_tonight"]) {
    c.is = Is::count_tonight;
    c.name = b.rule(count["rule"]).value_or("");
    c.below = static_cast<std::int32_t>(std::min<std::int64_t>(whole(count["below"]).value_or(1), 1000));
  } else if (at["all"]) {
    group(Is::all, at["all"]);
  } else if (at["any"]) {
    group(Is::any, at["any"]);
  } else if (at["not"]) {
    group(Is::none, at["not"]);
  }
  return c;
}

act::Set read_set(Building& b, const Place& at) {
  act::Set set;
  if (const auto id = switchable(b, at["device"])) set.device = *id;
  const std::string level = text(at["level"]).value_or("");
  const bool massage =
      set.device.index < b.house().devices.size() && b.house().devices[set.device.index].kind == Kind::massage_pad;
  const Percent most = massage ? kHard.massage_level : 100_pct;
  if (level == "on")
    set.level = massage ? 40_pct : 100_pct;
  else if (level == "off")
    set.level = 0_pct;
  else if (level == "low")
    set.level = massage ? 20_pct : 40_pct;
  else if (level == "medium")
    set.level = massage ? 40_pct : 70_pct;
  else if (level == "high")
    set.level = massage ? 60_pct : 100_pct;
  else
    set.level = percent_from(level).value_or(0_pct);
  if (set.level > most)
    b.problem(at["level"], "is " + level + ", must be at most " + std::to_string(most.whole()) +
                               "%, a hard limit of massage (docs/SAFETY.md)");
  set.length = duration(at["for"]);
  return set;
}

void read_action(Building& b, const Place& at, Rule& rule) {
  if (at["play"]) rule.then.emplace_back(act::Play{b.routine(at["play"]).value_or("")});
  if (const Place stop = at["stop"])
    rule.then.emplace_back(act::Stop{text(stop) == "all" ? "" : b.routine(stop).value_or("")});
  if (const Place stop = at["stop_everything"]) {
    if (!boolean(stop).value_or(true)) b.problem(stop, "is false, which does nothing; must be true, or left out");
    rule.then.emplace_back(act::StopEverything{});
  }
  if (at["notify"]) rule.then.emplace_back(act::Notify{text(at["notify"]).value_or("")});
  if (at["set"]) rule.then.emplace_back(read_set(b, at["set"]));
}

bool holds_at(const Condition& c, TimeOfDay t) {
  return c.from <= c.to ? c.from <= t && t < c.to : t >= c.from || t < c.to;
}

/// A trigger that contradicts a condition which must hold at that very moment.
void refuse_never(Building& b, const Rule& rule, const std::vector<Place>& triggers,
                  const std::vector<Place>& conditions) {
  for (std::size_t i = 0; i < rule.when.size() && i < triggers.size(); ++i)
    for (std::size_t k = 0; k < rule.only_if.size() && k < conditions.size(); ++k) {
      const Condition& c = rule.only_if[k];
      const auto* time = std::get_if<when::Time>(&rule.when[i]);
      const auto* bed = std::get_if<when::InBed>(&rule.when[i]);
      if (time && c.is == Condition::Is::between && c.from != c.to && !holds_at(c, time->time))
        b.problem(triggers[i]["time"], "is " + text_of(time->time) + ", which is never between " + text_of(c.from) +
                                           " and " + text_of(c.to) + " as `if` asks; the rule would never fire");
      if (bed && c.is == Condition::Is::in_bed && c.sleeper == bed->sleeper && c.wanted != bed->in)
        b.problem(conditions[k],
                  "contradicts the trigger: nobody gets into bed and is out of it; the rule would never fire");
    }
}

}  // namespace

void build_rules(Building& b) {
  const Place root{&b.root, ""};
  const std::vector<Place> places = root["rules"].each();
  for (const Place& at : places) b.rule_names.push_back(text(at["name"]).value_or(""));
  std::vector<std::string> taken;
  for (const Place& at : places) {
    if (b.house().rules.size() == kMaxRules) break;
    Rule rule;
    rule.name = text(at["name"]).value_or("");
    claim(b, at["name"], "rule", taken, rule.name);
    std::vector<Place> triggers;
    for (const Place& place : at["when"].each())
      if (auto trigger = read_trigger(b, place); trigger && rule.when.size() < 8) {
        rule.when.push_back(std::move(*trigger));
        triggers.push_back(place);
      }
    const std::vector<Place> conditions = at["if"].each();
    for (const Place& place : conditions)
      if (rule.only_if.size() < 16) rule.only_if.push_back(read_condition(b, place, 0));
    const Place limits = at["limits"];
    if (const auto times = whole(limits["per_night"]))
      rule.limits.per_night = static_cast<std::int32_t>(std::min<std::int64_t>(*times, 100));
    rule.limits.apart = duration(limits["apart"]);
    rule.limits.total = duration(limits["total"]);
    read_action(b, at, rule);
    for (const Place& place : at["then"].each())
      if (rule.then.size() < 8) read_action(b, place, rule);
    refuse_never(b, rule, triggers, conditions);
    b.house().rules.push_back(std::move(rule));
  }
}

}  // namespace lull::config
