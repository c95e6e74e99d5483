// When it is time to look, and what is said about it.
#include "automations/preflight.hpp"

#include <algorithm>
#include <set>

#include "automations/rules/conditions.hpp"
#include "automations/turn.hpp"
#include "devices/dialects/dialect.hpp"

namespace lull {
namespace {

using Outcome = Decision::Outcome;

constexpr TimeOfDay kNoon{12 * 60}, kEvening{17 * 60}, kTooLate{2 * 60}, kNight{23 * 60}, kUnseen{7 * 60},
    kLatest{10 * 60};
constexpr hours kWorthIt{3};  // later than that after its time nobody wants to hear of it
constexpr std::size_t kMostOnPhone = 4, kLongestOnPhone = 400;

void ask_bridges(Turn& t) {
  if (!t.hub.link_up) return;
  std::set<std::pair<std::string, std::string>> asked;
  for (std::uint16_t i = 0; i < t.house().devices.size(); ++i) {
    const Device& device = t.house().devices[i];
    const Dialect* dialect = dialect_called(device.speaks);
    if (dialect && dialect->ask_bridge && asked.emplace(device.speaks, device.base).second)
      t.effects.emplace_back(AskBridge{DeviceId{i}});
  }
}

bool all_have_answered(const Hub& hub) {
  std::set<std::pair<std::string, std::string>> open, answered;
  for (std::size_t i = 0; i < hub.vitals.size(); ++i) {
    const Device& device = hub.house->devices[i];
    const Dialect* dialect = dialect_called(device.speaks);
    if (!dialect || !dialect->ask_bridge) continue;
    open.emplace(device.speaks, device.base);
    if (hub.vitals[i].bridge_answered >= hub.preflight.begun) answered.emplace(device.speaks, device.base);
  }
  return open == answered;
}

void conclude(Turn& t) {
  Preflight& p = t.hub.preflight;
  p.checks = check_tonight(t.hub);
  p.done_at = utc(t.hub);
  p.begun.reset();
  p.first_asked.reset();
  std::string fine;
  int wrong = 0;
  for (const Check& c : p.checks) {
    if (c.state == Check::State::fine) {
      fine += (fine.empty() ? "" : ", ") + c.about;
      continue;
    }
    wrong += c.state == Check::State::wrong;
    t.decide(c.state == Check::State::wrong ? Outcome::refused : Outcome::did_not, "tonight: " + c.about,
             c.text + (c.remedy.empty() ? "" : ". " + c.remedy));
  }
  t.decide(wrong ? Outcome::refused : Outcome::did, "tonight",
           wrong ? std::to_string(wrong) + " of " + std::to_string(p.checks.size()) + " checks need a look"
                 : "ready for the night: " + fine);
  if (wrong) t.tell(Notify::Urgency::fault, std::nullopt, words_for_phone(p.checks));
}

}  // namespace

std::string_view word_for(Check::State state) {
  switch (state) {
    case Check::State::fine: return "fine";
    case Check::State::unknown: return "unknown";
    case Check::State::wrong: return "wrong";
  }
  return "unknown";
}

std::optional<bool> ready_for_the_night(const Preflight& last) {
  if (!last.done_at) return std::nullopt;
  return std::none_of(last.checks.begin(), last.checks.end(),
                      [](const Check& c) { return c.state == Check::State::wrong; });
}

std::string words_for_phone(const std::vector<Check>& checks) {
  std::string text;
  std::size_t told = 0, wrong = 0;
  for (const Check& c : checks) {
    if (c.state != Check::State::wrong) continue;
    ++wrong;
    const std::string line = " " + c.about + ": " + c.text + ". " + c.remedy;
    if (told == kMostOnPhone || text.size() + line.size() > kLongestOnPhone - 40) continue;
    text += line;
    ++told;
  }
  if (wrong == 0) return "";
  return "Tonight:" + text +
         (wrong > told ? " And " + std::to_string(wrong - told) + " more: see lull preflight." : "");
}

Tonight tonight_of(const House& house, const std::vector<bool>& allowed, const std::string& night) {
  Tonight t;
  t.night = night;
  const auto at = [&](TimeOfDay time) { return in_night(house.zone, night, time).value_or(Utc{}); };
  const Utc noon = at(kNoon), evening = at(kEvening), too_late = at(kTooLate);
  std::optional<Utc> first;
  for (std::size_t i = 0; i < house.rules.size(); ++i) {
    if (i < allowed.size() && !allowed[i]) continue;
    if (!wishes_something(house.rules[i])) continue;
    for (const Trigger& trigger : house.rules[i].when)
      if (const auto* clock = std::get_if<when::Time>(&trigger)) {
        const Utc due = next_time(house.zone, clock->time, clock->on, noon - 1ms);
        if (due >= evening && due < too_late && (!first || due < *first)) first = due;
      }
  }
  t.preflight = first ? *first - house.preflight.before : at(house.preflight.without_rule);
  t.bedtime = std::min(first.value_or(at(kNight)), at(kNight));
  t.morning_unseen = at(kUnseen);
  t.morning_latest = at(kLatest);
  return t;
}

void plan_tonight(Turn& t) {
  if (!t.hub.utc_minus_boot) return;
  std::vector<bool> allowed;
  // One that only rests tonight still says when its household goes to bed: who wants it quieter is not told more.
  for (const RuleState& rule : t.hub.rules) allowed.push_back(rule.allowed);
  t.hub.tonight = tonight_of(t.house(), allowed, t.hub.night);
}

void begin_preflight(Turn& t, std::string by) {
  Preflight& p = t.hub.preflight;
  if (p.begun) return;
  p.begun = p.first_asked = t.now;
  p.asked_by = std::move(by);
  ask_bridges(t);
}

namespace {

/// Whether to wait on: what was asked may have been lost, or its answer may lie in our own socket.
bool waits_on(Turn& t) {
  Preflight& p = t.hub.preflight;
  if (t.now - p.first_asked.value_or(Instant{}) >= kLooksAtMost) return false;
  const auto came_between = [&](const std::optional<Instant>& at) { return at && *at > *p.begun; };
  if (came_between(t.hub.link_up_since) || came_between(t.hub.stalled_at)) {
    p.begun = t.now;
    ask_bridges(t);
    return true;
  }
  return t.hub.behind.has_value();
}

/// Whether there was time enough to hear what must be heard. Without a broker for so long there is nothing to wait for:
/// that is the news.
bool has_settled(Turn& t) {
  Preflight& p = t.hub.preflight;
  if (t.hub.stalled_at && t.now - *t.hub.stalled_at < kLetThemSpeak) return false;
  if (t.hub.link_up_since) {
    p.alone_since.reset();
    return t.hub.ready && t.now - *t.hub.link_up_since >= kLetThemSpeak;
  }
  if (!p.alone_since) p.alone_since = t.now;
  return t.now - *p.alone_since >= kLetThemSpeak;
}

}  // namespace

void watch_preflight(Turn& t) {
  Preflight& p = t.hub.preflight;
  if (p.begun) {
    if (waits_on(t)) return;
    if (t.now - *p.begun >= kBridgeAnswersWithin || (t.now > *p.begun && all_have_answered(t.hub))) conclude(t);
    return;
  }
  if (!t.hub.utc_minus_boot || !t.hub.started || t.hub.leaving_since || p.night == t.hub.night) return;
  if (!t.house().preflight.on || t.hub.tonight.night != t.hub.night) return;
  const Utc due = t.hub.tonight.preflight;
  if (t.utc() < due || t.utc() >= due + kWorthIt) return;
  if (!has_settled(t)) return;
  p.night = t.hub.night;
  t.effects.emplace_back(KeepSetting{{"preflight", p.night}});
  begin_preflight(t, "");
}

}  // namespace lull
