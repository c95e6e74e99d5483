// Flags, rules off for tonight and counts end at noon. Not because a clock jumped over it: at 22:00 nobody's sleeping
// tablets are over. So each is forgotten when the wall clock says a later night AND its own has passed on the boot
// clock.
#include "automations/for_tonight.hpp"

#include <algorithm>

#include "automations/turn.hpp"

namespace lull {
namespace {

ForTonight* find(Hub& hub, const std::string& name) {
  const auto is = [&](const ForTonight& one) { return one.name == name; };
  const auto at = std::find_if(hub.for_tonight.begin(), hub.for_tonight.end(), is);
  return at == hub.for_tonight.end() ? nullptr : &*at;
}

Instant end_of(const Turn& t, const std::string& night) {
  const auto span = span_of_night(t.house().zone, night);
  return span && t.hub.utc_minus_boot ? t.now + std::max(0ms, span->end - t.utc()) : Instant{};
}

std::string count_name(const RuleUsed& used) { return "used:" + used.rule; }

std::vector<RuleUsed*> all_counts(Hub& hub) {
  std::vector<RuleUsed*> all;
  for (SleeperState& s : hub.sleepers) all.push_back(&s.replayed);
  for (RuleState& r : hub.rules) all.push_back(&r.used);
  return all;
}

}  // namespace

void holds_for(Turn& t, const std::string& name, const std::string& night) {
  holds_no_more(t, name);
  if (!night.empty())
    t.hub.for_tonight.push_back({name, night, t.now, night == t.hub.night ? end_of(t, night) : Instant{}});
}

void holds_no_more(Turn& t, const std::string& name) {
  std::erase_if(t.hub.for_tonight, [&](const ForTonight& one) { return one.name == name; });
}

bool is_over(const Turn& t, const std::string& name) {
  const ForTonight* one = find(t.hub, name);
  if (!one) return t.night_turned;
  return (one->night < t.hub.night && t.now >= one->until) || t.now - one->since >= kLongestNight;
}

void say_anew_for(Turn& t, const std::string& before, const std::string& night) {
  const auto span = span_of_night(t.house().zone, before);
  if (!span || night <= night_of(t.house().zone, span->end)) return;
  for (ForTonight& one : t.hub.for_tonight) {
    if (one.night != before || t.now >= one.until) continue;
    one.night = night;
    one.until = end_of(t, night);
    bool counted = false;
    for (RuleUsed* used : all_counts(t.hub))
      if (count_name(*used) == one.name) {
        counted = true;
        used->night = night;
        t.effects.emplace_back(KeepRuleUsed{*used});
      }
    if (!counted) t.effects.emplace_back(KeepSetting{{one.name, night}});
  }
}

void count_tonight(Turn& t, RuleUsed& used) {
  used.night = std::max(used.night, t.hub.night);  // found on the disk under a later one, it keeps that name
  used.last = t.utc();
  ++used.times;
  holds_for(t, count_name(used), used.night);
  t.effects.emplace_back(KeepRuleUsed{used});
}

/// The counts are of one night. When it last acted is not: two that are to lie apart may have a noon between them.
void restore_count(Turn& t, RuleUsed& now, const RuleUsed& used) {
  const Utc last = std::max(now.last, used.last);
  // A clock that is behind what is on disk is wrong: of a night to come it counts, too, and of two the newer.
  if (used.night >= t.hub.night && used.night >= now.night) {
    now = used;
    holds_for(t, count_name(used), used.night);
  }
  now.last = last;
}

void forget_counts(Turn& t) {
  for (RuleUsed* used : all_counts(t.hub)) {
    if (!is_over(t, count_name(*used))) continue;
    holds_no_more(t, count_name(*used));
    *used = RuleUsed{used->rule, t.hub.night, 0, 0ms, used->last};
  }
}

}  // namespace lull
