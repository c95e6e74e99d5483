// What UTC is, and what it means when it jumps: no rule is made up for, none acts twice.
#include <algorithm>

#include "automations/learn/heard.hpp"

namespace lull {
namespace {

constexpr milliseconds kJump = 60s;  // worth a word; smaller steps are what NTP does
constexpr hours kWasNoClock{24};     // a step this large: the clock had not been set at all

}  // namespace

void heard(Turn& t, const ClockSet& r) {
  const milliseconds step = t.hub.utc_minus_boot ? r.utc_minus_boot - *t.hub.utc_minus_boot : 0ms;
  t.hub.utc_minus_boot = r.utc_minus_boot;
  for (std::size_t i = 0; i < t.hub.rules.size(); ++i) {
    RuleState& state = t.hub.rules[i];
    const std::vector<Utc> before = std::exchange(state.due, {});
    for (const Trigger& trigger : t.house().rules[i].when)
      if (const auto* at = std::get_if<when::Time>(&trigger)) {
        // A step forward may pass its time: then it is due, and strike_clocks() says whether it is too late for it.
        // After a step back the same time comes again, and strike_clocks() knows whether the rule has acted on it.
        const std::size_t n = state.due.size();
        const bool passed = step > 0ms && step < kWasNoClock && n < before.size() && before[n] <= t.utc();
        state.due.push_back(passed ? before[n] : next_time(t.house().zone, at->time, at->on, t.utc()));
      }
  }
  if (t.hub.night.empty()) t.hub.night = night_of(t.house().zone, t.utc());
  if (std::chrono::abs(step) < kJump) return;
  t.hub.clock_jumped = t.now;
  t.decide(Decision::Outcome::did, "clock",
           "the time was set " + std::string(step > 0ms ? "forward" : "back") + " by " +
               minutes_text(std::chrono::abs(step)) + ", to " + text(local(t.house().zone, t.utc())));
}

}  // namespace lull
