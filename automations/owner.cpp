// One owner per actuator: a hand, then a person's wish, then a rule. The losers' reasons are kept.
#include <algorithm>

#include "automations/turn.hpp"

namespace lull {
namespace {

struct Candidate {
  Priority priority = Priority::nobody;
  Instant since{};
  Output output{};
  std::string by{};
  bool replay = false, spoken = false;
};

std::string level_text(const Output& o) { return std::to_string(o.fade_to.value_or(o.level).whole()) + " %"; }

constexpr milliseconds kEase{15'000};

/// A massage that a person asked for begins within a quarter of a minute, but never with a jolt.
Percent eased(Percent level, milliseconds t, milliseconds over) {
  if (t >= over) return level;
  return std::max(
      std::min(level, 5_pct),
      Percent::of_tenths(static_cast<int>(level.tenths() * (t.count() / 5000 * 5000 + 5000) / over.count())));
}

std::optional<Candidate> manual_of(Turn& t, DeviceId id) {
  Actuator& a = t.actuator(id);
  if (!a.manual) return std::nullopt;
  if (t.now >= a.manual->until) {
    if (a.manual->level > 0_pct)
      t.decide(Decision::Outcome::ended, t.device(id).name, "the time that " + a.manual->by + " asked for is over");
    a.manual.reset();
    return std::nullopt;
  }
  Candidate c{a.manual->door == Door::rule ? Priority::rule : Priority::person,
              a.manual->began,
              {a.manual->level, {}, {}, {}},
              a.manual->by,
              a.manual->replay,
              a.manual->spoken};
  if (t.device(id).kind == Kind::massage_pad && a.manual->level > 0_pct)
    c.output.level = eased(massage_at(a.manual->program, a.manual->level, t.now - a.manual->began),
                           t.now - a.manual->began, a.manual->replay ? milliseconds{kHard.replay_ramp} : kEase);
  if (c.replay) c.output.level = backed_off(t, id, c.output.level);
  return c;
}

std::optional<Candidate> hand_of(Turn& t, DeviceId id) {
  Actuator& a = t.actuator(id);
  if (!a.hand) return std::nullopt;
  const Kind kind = t.device(id).kind;
  Candidate c{Priority::hand, a.hand->since, {a.hand->on ? a.hand->level : 0_pct, {}, {}, {}}, "a hand"};
  if (kind == Kind::heat_pad) c.output.level = 0_pct;  // never switched on by a hand: see learn/actuator.cpp
  if (kind == Kind::massage_pad && a.hand->on && t.now - a.hand->since >= kManualMassage) {
    a.hand->on = false;
    a.off_because = "a hand switched it on " + minutes_text(kManualMassage) + " ago";
    c.output.level = 0_pct;
  }
  return c;
}

/// What has force goes off; a lamp stays, also in the middle of a fade where its level is known.
Output paused(const Demand& demand) {
  Output out = demand.output;
  if (demand.kind != TrackKind::light)
    out.level = 0_pct;
  else if (out.fade_to && out.level > 0_pct)
    out.fade_to.reset(), out.fade_over = 0ms;
  return out;
}

constexpr milliseconds kRiseEvery{5'000};
constexpr int kRiseTenths = 200, kFirstOfAReplay = 50;

/// Whatever makes a massage stronger (a pause that ends, a skip, another owner, a connection that is back): it grows
/// from where it is in steps, and over somebody who sleeps as slowly as a replay begins. A pure function of what the
/// pad was last told, so that no way to a level can forget it. Weaker it may become at once.
void ease(const Turn& t, DeviceId id, bool asleep) {
  Actuator& a = t.actuator(id);
  const Device& device = t.device(id);
  if (device.kind != Kind::massage_pad || !device.steps_levels || a.priority == Priority::hand) return;
  if (a.wanted.level <= a.told.level) return;
  std::int64_t rise = kRiseTenths;
  if (asleep) {
    const Limits limits = tightest(t.house().limits_of(device), kHard);
    // Of such small steps only every second one can be felt and is told: reconciler.cpp, worth_telling.
    const std::int64_t steps = std::min<std::int64_t>((t.now - a.told_at) / kRiseEvery, 2);
    rise = limits.replay_level.tenths() * kRiseEvery.count() * steps / milliseconds{limits.replay_ramp}.count();
    if (a.told.level == 0_pct) rise = kFirstOfAReplay;
  } else if (a.told.level > 0_pct && t.now - a.told_at < kRiseEvery) {
    rise = 0;
  }
  a.wanted.level = std::min(a.wanted.level, Percent::of_tenths(static_cast<int>(a.told.level.tenths() + rise)));
}

void choose(Turn& t, DeviceId id, std::vector<Candidate>& all) {
  Actuator& a = t.actuator(id);
  if (all.empty()) {
    if (a.priority != Priority::nobody)
      a.priority = Priority::nobody, a.wanted = Output{}, a.owner.clear(), a.losers.clear(),
      a.standing.replay = a.standing.spoken = false;
    return;
  }
  const auto best = std::max_element(all.begin(), all.end(), [](const Candidate& x, const Candidate& y) {
    return std::pair(x.priority, x.since) < std::pair(y.priority, y.since);
  });
  std::string losers;
  for (auto it = all.begin(); it != all.end(); ++it)
    if (it != best && it->by != best->by) losers += (losers.empty() ? "" : ", ") + it->by;
  if (losers != a.losers) {
    for (auto it = all.begin(); it != all.end(); ++it)
      if (it != best && it->by != best->by && a.losers.find(it->by) == std::string::npos)
        t.decide(Decision::Outcome::lost, t.device(id).name,
                 it->by + " wants " + level_text(it->output) + ", but " + best->by + " has it" +
                     (best->priority == Priority::hand ? " until the next night" : ""));
    a.losers = losers;
  }
  a.priority = best->priority;
  a.wanted = best->output;
  a.owner = best->by;
  a.standing.replay = best->replay;
  a.standing.spoken = best->spoken;
  ease(t, id, best->replay);
}

}  // namespace

void decide_owners(Turn& t) {
  std::vector<std::pair<const Play*, std::vector<Demand>>> scores;
  scores.reserve(t.hub.plays.size());
  for (const Play& play : t.hub.plays)
    if (const Routine* routine = t.house().routine(play.routine))
      scores.emplace_back(&play, desired(*routine, play.elapsed, play.strength, play.extended - play.hold));
  std::vector<Candidate> all;
  for (std::uint16_t i = 0; i < t.hub.actuators.size(); ++i) {
    const DeviceId id{i};
    Actuator& a = t.actuator(id);
    if (!is_actuator(t.device(id).kind)) continue;
    if (t.hub.trial && t.hub.trial->device == id) continue;  // trying.cpp owns it
    if (scores.empty() && !a.manual && !a.hand && a.priority == Priority::nobody) continue;
    all.clear();
    if (auto c = hand_of(t, id)) all.push_back(std::move(*c));
    if (auto c = manual_of(t, id)) all.push_back(std::move(*c));
    for (const auto& [play, demands] : scores)
      for (const Demand& demand : demands)
        if (demand.device == id) {
          Candidate c{play->door == Door::rule ? Priority::rule : Priority::person,
                      play->began,
                      play->paused ? paused(demand) : demand.output,
                      play->routine + " (" + play->by + ")",
                      play->replay,
                      play->spoken};
          if (c.replay && demand.kind == TrackKind::massage)
            c.output.level = backed_off(t, id, replay_level(t, id, *play, c.output.level));
          all.push_back(std::move(c));
        }
    choose(t, id, all);
  }
}

}  // namespace lull
