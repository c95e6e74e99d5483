// The next alarm, and the rules before it. A rule is woken for an alarm that it saw before its time came, at most once,
// and is never made up for: a restart, a reconnect or a late setting begins nothing. One that acted does nothing more
// before that alarm rings; one that was refused has not acted, and may for the same alarm once it is moved.
#include "automations/alarm_clock.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "automations/rules/conditions.hpp"
#include "automations/turn.hpp"

namespace lull {
namespace {

using Outcome = Decision::Outcome;

constexpr std::string_view kKept = "alarm:";

/// Under this name it is kept on disk for which alarm its rule acted last.
std::string kept_as(const House& house, const Rule& rule, const when::BeforeAlarm& trigger) {
  return std::string(kKept) + house.sleepers[trigger.sleeper.index].id + ":" +
         std::to_string(duration_cast<minutes>(trigger.by).count()) + ":" + rule.name;
}

Setting kept(const House& house, const Rule& rule, const when::BeforeAlarm& trigger, const AlarmSeen& seen) {
  return {kept_as(house, rule, trigger), std::to_string(seen.done.since_epoch.count())};
}

std::string rings_text(const Turn& t, Utc rings) { return "the alarm at " + clock_text(local(t.house().zone, rings)); }

/// Every `before_alarm` with its rule and how far it is.
template <class Visit>
void each(Hub& hub, Visit visit) {
  for (std::size_t i = 0; i < hub.rules.size(); ++i) {
    std::size_t n = 0;
    for (const Trigger& trigger : hub.house->rules[i].when) {
      const auto* before = std::get_if<when::BeforeAlarm>(&trigger);
      if (!before) continue;
      auto& alarms = hub.rules[i].alarms;
      if (alarms.size() <= n) alarms.resize(n + 1);
      visit(i, trigger, *before, alarms[n++]);
    }
  }
}

AlarmSeen how_far(const Hub& hub, std::size_t rule, const when::BeforeAlarm& trigger) {
  std::size_t n = 0;
  for (const Trigger& other : hub.house->rules[rule].when) {
    if (!std::holds_alternative<when::BeforeAlarm>(other)) continue;
    if (other == Trigger{trigger}) break;
    ++n;
  }
  const auto& alarms = hub.rules[rule].alarms;
  return n < alarms.size() ? alarms[n] : AlarmSeen{};
}

/// Its time has come, or had come already. "" it wakes its rule.
std::string why_not(const Turn& t, const AlarmSeen& seen, Utc rings, Utc due) {
  const milliseconds late = t.utc() - due;
  if (t.utc() < seen.done) return "it acted for " + rings_text(t, seen.done) + " already, which has not rung yet";
  if (seen.armed != rings)
    return rings_text(t, rings) + " became known " + minutes_text(late) + " after its time had come";
  if (late > kClockMayBeLate) return "its time passed " + minutes_text(late) + " before Lull could look";
  return "";
}

}  // namespace

bool wakes(const House& house, const Device& device, SleeperId sleeper) {
  return device.kind == Kind::alarm_clock && (device.sleeper ? *device.sleeper == sleeper : house.sleepers.size() == 1);
}

bool has_alarm_clock(const House& house, SleeperId sleeper) {
  return std::any_of(house.devices.begin(), house.devices.end(),
                     [&](const Device& d) { return wakes(house, d, sleeper); });
}

std::optional<Utc> next_alarm(const Hub& hub, SleeperId sleeper, Utc now) {
  std::optional<Utc> next;
  for (std::size_t i = 0; i < hub.vitals.size(); ++i)
    if (const auto& rings = hub.vitals[i].rings;
        rings && *rings > now && wakes(*hub.house, hub.house->devices[i], sleeper) && (!next || *rings < *next))
      next = rings;
  return next;
}

std::optional<Utc> next_due(const Hub& hub, std::size_t rule, const when::BeforeAlarm& trigger, Utc now) {
  const auto rings = next_alarm(hub, trigger.sleeper, now);
  if (!rings) return std::nullopt;
  const Utc due = *rings - trigger.by;
  const AlarmSeen seen = how_far(hub, rule, trigger);
  return due > now && due >= seen.done && seen.judged != *rings ? std::optional(due) : std::nullopt;
}

void watch_alarms(Turn& t) {
  if (!t.hub.utc_minus_boot) return;
  each(t.hub, [&](std::size_t i, const Trigger& trigger, const when::BeforeAlarm& before, AlarmSeen& seen) {
    const auto rings = next_alarm(t.hub, before.sleeper, t.utc());
    if (!rings) return void(seen.armed = Utc{});  // it rang, was switched off, or nobody knows
    const Utc due = *rings - before.by;
    if (t.utc() < due) return void(seen.armed = *rings);
    if (seen.judged == *rings) return;
    seen.judged = *rings;
    const Rule& rule = t.house().rules[i];
    if (const std::string why = why_not(t, seen, *rings, due); !why.empty())
      return t.decide(Outcome::did_not, "rule " + rule.name, text_of(trigger, t.house()) + ": " + why);
    t.struck.emplace_back(i, trigger);
  });
}

void acted_for_alarm(Turn& t, std::size_t rule, const Trigger& struck) {
  each(t.hub, [&](std::size_t i, const Trigger& trigger, const when::BeforeAlarm& before, AlarmSeen& seen) {
    if (i != rule || trigger != struck) return;
    seen.done = seen.judged;
    t.effects.emplace_back(KeepSetting{kept(t.house(), t.house().rules[i], before, seen)});
  });
}

void restore_alarms(Turn& t, const Setting& setting) {
  if (!setting.name.starts_with(kKept)) return;
  each(t.hub, [&](std::size_t i, const Trigger&, const when::BeforeAlarm& before, AlarmSeen& seen) {
    if (setting.name != kept_as(t.house(), t.house().rules[i], before)) return;
    std::int64_t at = 0;
    std::from_chars(setting.value.data(), setting.value.data() + setting.value.size(), at);
    seen.done = std::max(seen.done, Utc{milliseconds{at}});
  });
}

std::vector<Setting> kept_alarms(const Hub& hub) {
  std::vector<Setting> all;
  Hub copy;
  copy.house = hub.house, copy.rules = hub.rules;
  each(copy, [&](std::size_t i, const Trigger&, const when::BeforeAlarm& before, const AlarmSeen& seen) {
    if (seen.done != Utc{}) all.push_back(kept(*hub.house, hub.house->rules[i], before, seen));
  });
  return all;
}

void alarms_were_judged(Hub& hub, Utc now) {
  each(hub, [&](std::size_t, const Trigger&, const when::BeforeAlarm& before, AlarmSeen& seen) {
    if (const auto rings = next_alarm(hub, before.sleeper, now); rings && *rings - before.by <= now)
      seen.judged = *rings;
  });
}

std::string alarm_text(const Hub& hub, SleeperId sleeper) {
  const std::string name =
      sleeper.index < hub.house->sleepers.size() ? hub.house->sleepers[sleeper.index].name : "nobody";
  const auto now = utc(hub);
  const auto rings = now ? next_alarm(hub, sleeper, *now) : std::nullopt;
  if (!rings) return "no alarm of " + name + "'s is known";
  const LocalTime at = local(hub.house->zone, *rings);
  const bool far = *rings - *now >= 20h;
  return name + "'s alarm rings at " + (far ? text(at) : clock_text(at));
}

std::string hours_text(milliseconds span) {
  const auto all = duration_cast<minutes>(span).count();
  const std::string rest = std::to_string(all % 60) + " min";
  if (all < 60) return rest;
  return std::to_string(all / 60) + " h" + (all % 60 == 0 ? "" : " " + rest);
}

}  // namespace lull
