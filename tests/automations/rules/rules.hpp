// A home with the rules of one story, and the moments that such stories are about.
#pragma once

#include <utility>
#include <vector>

#include "tests/automations/home.hpp"

namespace lull {

constexpr TimeOfDay clock_at(int hour, int minute) { return {static_cast<std::int16_t>(hour * 60 + minute)}; }

/// Ana's home, with these rules and no others.
inline House with_rules(std::vector<Rule> rules) {
  House house = ana();
  house.rules = std::move(rules);
  return house;
}
inline Rule rule(std::string name, std::vector<Trigger> when, std::vector<Action> then) {
  return {std::move(name), std::move(when), {}, {}, std::move(then)};
}
/// Lull starts at this moment, on whatever day, with what is on the disk.
inline Home& begins_at(Home& home, Utc moment) {
  home.now = Instant{24h};
  const Started kept = home.disk;
  home.hears(ClockSet{moment.since_epoch - 24h}).hears(kept).hears(LinkChanged{true});
  for (const DeviceId id : {kPad, kWarmer}) home.hears(TimerLearned{id, Timer::on_time, ""});
  home.hears(GuardChanged{kWarmer, true}).hears(TemperatureReported{kWarmer, 28.0_degC});
  return home.passed_its_test().passes(10s);
}
/// One that only tells: what can be counted on the phone.
inline Rule tells(std::string name, Trigger when) {
  return rule(name, {std::move(when)}, {act::Notify{name + " acts."}});
}
inline auto told_times(const Home& home, std::string_view text) {
  return std::count(home.phone.begin(), home.phone.end(), text);
}
inline auto decided_times(const Home& home, std::string_view part) {
  return std::count_if(home.decisions.begin(), home.decisions.end(),
                       [&](const std::string& d) { return d.find(part) != std::string::npos; });
}

// Europe/Berlin 2026: on 2026-03-29 at 02:00 it is 03:00, on 2026-10-25 at 03:00 it is 02:00. Both at 01:00 UTC.
inline constexpr Utc kSpringChange{1774746000s}, kAutumnChange{1792890000s};

inline Condition condition(Condition::Is is) {
  Condition c;
  c.is = is;
  return c;
}
inline Condition between(TimeOfDay from, TimeOfDay to) {
  Condition c = condition(Condition::Is::between);
  c.from = from, c.to = to;
  return c;
}
inline Condition ana_in_bed(bool wanted = true) {
  Condition c = condition(Condition::Is::in_bed);
  c.sleeper = kAna, c.wanted = wanted;
  return c;
}
inline Condition group(Condition::Is is, std::vector<Condition> of) {
  Condition c = condition(is);
  c.of = std::move(of);
  return c;
}

}  // namespace lull
