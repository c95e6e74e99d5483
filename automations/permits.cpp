// One way for rules and routines: a choice for good is kept as "1" or "0", one for tonight as the night it holds for.
#include "automations/permits.hpp"

#include <vector>

#include "automations/turn.hpp"

namespace lull {
namespace {

using Outcome = Decision::Outcome;

/// A rule or a routine, by what people call it.
struct Named {
  std::string kind, name;  // "rule", "Bedtime"
  Permit* permit;
  std::string about() const { return kind == "rule" ? kind + " " + name : name; }
  std::string setting() const { return kind + ":" + name; }
  std::string setting_tonight() const { return "tonight:" + setting(); }
};

std::vector<Named> all_of(Hub& hub) {
  std::vector<Named> all;
  for (std::size_t i = 0; i < hub.rules.size(); ++i) all.push_back({"rule", hub.house->rules[i].name, &hub.rules[i]});
  for (std::size_t i = 0; i < hub.routines.size(); ++i)
    all.push_back({"routine", hub.house->routines[i].name, &hub.routines[i]});
  return all;
}

void keep(Turn& t, std::string name, std::string value) {
  t.effects.emplace_back(KeepSetting{{std::move(name), std::move(value)}});
}

void tonight(Turn& t, const Named& one, bool on) {
  one.permit->resting = !on;
  holds_for(t, one.setting_tonight(), on ? "" : t.hub.night);
  keep(t, one.setting_tonight(), on ? "" : t.hub.night);
}

/// Who switches it on for good means tonight, too.
void for_good(Turn& t, const Named& one, bool on, const std::string& by) {
  one.permit->allowed = on;
  keep(t, one.setting(), on ? "1" : "0");
  if (on && one.permit->resting) tonight(t, one, true);
  t.decide(Outcome::did, one.about(), std::string(on ? "allowed" : "switched off") + " by " + by);
}

void for_tonight(Turn& t, const Named& one, bool on, const std::string& by) {
  tonight(t, one, on);
  if (on && !one.permit->allowed)
    return t.decide(Outcome::did_not, one.about(), "was to act again tonight, but a person switched it off for good");
  t.decide(Outcome::did, one.about(), on ? "allowed again tonight by " + by : "off until noon, says " + by);
}

template <class Do>
void with(Turn& t, const std::string& by, const std::string& kind, const std::string& name, Do what) {
  for (const Named& one : all_of(t.hub))
    if (one.kind == kind && one.name == name) return what(one);
  t.decide(Outcome::did_not, by, "there is no " + kind + " called \"" + name + "\"");
}

}  // namespace

std::string switched_off(const Permit& permit, std::string_view what) {
  if (permit.acts()) return "";
  return "a person switched " + std::string(what) + (permit.allowed ? " off for tonight" : " off");
}

std::string routine_off(const Hub& hub, std::string_view routine) {
  for (std::size_t i = 0; i < hub.routines.size(); ++i)
    if (hub.house->routines[i].name == routine) return switched_off(hub.routines[i], routine);
  return "";
}

void allow(Turn& t, const std::string& by, const ask::AllowRule& wish) {
  with(t, by, "rule", wish.rule, [&](const Named& one) { for_good(t, one, wish.on, by); });
}
void allow(Turn& t, const std::string& by, const ask::AllowRoutine& wish) {
  with(t, by, "routine", wish.routine, [&](const Named& one) { for_good(t, one, wish.on, by); });
}
void allow(Turn& t, const std::string& by, const ask::AllowTonight& wish) {
  const bool rule = !wish.rule.empty();
  with(t, by, rule ? "rule" : "routine", rule ? wish.rule : wish.routine,
       [&](const Named& one) { for_tonight(t, one, wish.on, by); });
}

void allow_again(Turn& t) {
  for (const Named& one : all_of(t.hub))
    if (one.permit->resting && is_over(t, one.setting_tonight())) tonight(t, one, true);
}

void restore_permits(Turn& t, const Setting& s) {
  for (const Named& one : all_of(t.hub)) {
    if (s.name == one.setting()) one.permit->allowed = s.value != "0";
    // A clock that is behind what is on disk is wrong: what was switched off for a night to come stays so.
    if (s.name != one.setting_tonight()) continue;
    one.permit->resting = !s.value.empty() && s.value >= t.hub.night;
    if (one.permit->resting) holds_for(t, s.name, s.value);
  }
}

std::vector<Setting> kept_permits(const Hub& hub) {
  std::vector<Setting> kept;
  Hub copy;
  copy.house = hub.house, copy.rules = hub.rules, copy.routines = hub.routines;
  for (const Named& one : all_of(copy)) {
    if (!one.permit->allowed) kept.push_back({one.setting(), "0"});
    if (one.permit->resting) kept.push_back({one.setting_tonight(), hub.night});
  }
  return kept;
}

}  // namespace lull
