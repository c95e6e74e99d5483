// Feeds a core with what was recorded, and answers for the actuators.
#include "automations/backtest/world.hpp"

#include <algorithm>
#include <utility>

#include "automations/alarm_clock.hpp"
#include "automations/trial.hpp"
#include "automations/turn.hpp"
#include "devices/dialects/dialect.hpp"
#include "devices/safety/gate.hpp"

namespace lull::backtest {
namespace {

/// Lamps, sounds and aromas that no routine and no rule of the house plays: what they said is part of the world.
std::vector<bool> played_in(const House& house) {
  std::vector<bool> out(house.devices.size());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = needs_timer(house.devices[i].kind);
  const auto plays = [&](DeviceId id) {
    if (id.index < out.size() && is_actuator(house.devices[id.index].kind)) out[id.index] = true;
  };
  for (const Routine& routine : house.routines)
    for (const Track& track : routine.tracks)
      if (track.kind != TrackKind::words) plays(track.device);
  for (const Rule& rule : house.rules)
    for (const Action& action : rule.then)
      if (const auto* set = std::get_if<act::Set>(&action)) plays(set->device);
  return out;
}

/// The timer that a device of this dialect would tell, were it in order.
Timer best_timer(const Device& device) {
  if (device.own_cut_off) return Timer::product;
  return device.speaks == "esphome" ? Timer::lease : Timer::on_time;
}

template <class T>
void put(std::vector<T>& all, T one, bool (*same)(const T&, const T&)) {
  const auto old = std::find_if(all.begin(), all.end(), [&](const T& other) { return same(other, one); });
  if (old == all.end())
    all.push_back(std::move(one));
  else
    *old = std::move(one);
}

}  // namespace

World::World(std::shared_ptr<const House> house)
    : house_(std::move(house)),
      hub_(begin(house_)),
      room_(*house_),
      simulated_(played_in(*house_)),
      known_(house_->devices.size()) {}

void World::keeps(const std::vector<Setting>& settings) {
  for (const Setting& s : settings)
    put<Setting>(disk_.settings, s, [](const Setting& a, const Setting& b) { return a.name == b.name; });
}

void World::starts() {
  hub_ = begin(house_);
  room_ = Room(*house_);
  link_up_ = false;
  now_ = {};
  for (std::uint16_t i = 0; i < known_.size(); ++i) {
    room_.wakes(DeviceId{i}, known_[i].wakes_off);
    // A device that no record knows passed its set-up test: else it would only ever be refused.
    const Device& d = house_->devices[i];
    if (known_[i].matched || (d.kind != Kind::heat_pad && d.kind != Kind::mains)) continue;
    keeps({{"trial:" + d.id, to_setting({true, Utc{1s}, fingerprint(d, {}, best_timer(d)), "passed"})}});
  }
}

void World::goes_on(const Before& before) {
  keeps(before.settings);
  disk_.learned = before.learned;
  starts();
  lived_ = true;
  now_ = before.at;
  tell(ClockSet{before.utc_minus_boot});
  tell(disk_);
  for (std::size_t s = 0; s < hub_.sleepers.size() && s < before.tonight.size(); ++s)
    hub_.sleepers[s].tonight = before.tonight[s];
  apply_flags(hub_);
  replays_are(before.relief);
  for (std::size_t i = 0; i < known_.size(); ++i) hub_.vitals[i].rings = known_[i].rings;
  alarms_were_judged(hub_, utc(hub_).value_or(Utc{}));
  for (std::uint16_t i = 0; i < known_.size(); ++i) {
    const Known& is = known_[i];
    if (!is.matched) continue;
    if (is.occupied) tell(OccupancyReported{DeviceId{i}, *is.occupied});
    if (!is.reachable) room_.reaches(DeviceId{i}, false), tell(ReachabilityChanged{DeviceId{i}, false});
  }
  if (!before.link_up) return;
  tell(LinkChanged{true});
  for (std::uint16_t i = 0; i < known_.size(); ++i) {
    const Known& is = known_[i];
    if (!is.matched || !is_actuator(house_->devices[i].kind)) continue;
    if (!is.identity.model.empty() || !is.identity.address.empty() || is.identity.tells_power_on) {
      DeviceIdentified identity = is.identity;
      identity.device = DeviceId{i};
      tell(std::move(identity));
    }
    if (is.timer != Timer::unknown || !is.timer_reason.empty())
      tell(TimerLearned{DeviceId{i}, is.timer, is.timer_reason});
    if (const Dialect* dialect = dialect_called(house_->devices[i].speaks))
      for (const Source from : dialect->awaits) {
        if (std::find(is.awaited.begin(), is.awaited.end(), from) != is.awaited.end()) continue;
        std::vector<Finding> findings = is.findings;
        std::erase_if(findings, [&](const Finding& f) { return f.from != from; });
        tell(GateJudged{DeviceId{i}, from, std::move(findings)});
      }
    if (is.guard_up) tell(GuardChanged{DeviceId{i}, true});
  }
}

/// What crossed that start in life crosses it here, too, where it is what a person chose or a device proved; what was
/// played and given is this world's own.
void World::restart(const Started& recorded) {
  const auto begins = [](const std::string& name, std::string_view with) { return name.rfind(with, 0) == 0; };
  for (const Setting& s : recorded.settings) {
    const bool known = std::any_of(disk_.settings.begin(), disk_.settings.end(),
                                   [&](const Setting& mine) { return mine.name == s.name; });
    const bool chosen = s.name == "stopped" || s.name == "night_replay" || s.name == "not_tonight" ||
                        begins(s.name, "rule:") || begins(s.name, "routine:") || begins(s.name, "tonight:") ||
                        begins(s.name, "flag:");
    const bool acted = begins(s.name, "alarm:") && !lived_;
    if (begins(s.name, "trial:") || ((chosen || acted) && !known)) keeps({s});
  }
  lived_ = true;
  if (disk_.learned.empty()) disk_.learned = recorded.learned;
  tell(disk_);
  std::vector<Relief> relief(hub_.sleepers.size());
  for (const Setting& s : recorded.settings)
    for (std::size_t i = 0; i < relief.size(); ++i)
      if (s.name == "relief:" + house_->sleepers[i].id) relief[i] = relief_from(s.value);
  replays_are(relief);
}

/// What the bridge of a device that was not there would have told.
void World::connects() {
  for (std::uint16_t i = 0; i < known_.size(); ++i) {
    const Device& device = house_->devices[i];
    if (known_[i].matched || !is_actuator(device.kind)) continue;
    if (const Dialect* dialect = dialect_called(device.speaks))
      for (const Source from : dialect->awaits) tell(GateJudged{DeviceId{i}, from, {}});
    if (needs_timer(device.kind)) tell(TimerLearned{DeviceId{i}, best_timer(device), ""});
    if (house_->needs_guard(DeviceId{i})) tell(GuardChanged{DeviceId{i}, true});
  }
}

bool World::concerns(const News& news) const {
  const auto mine = [&](DeviceId id) { return id.index < simulated_.size() && !simulated_[id.index]; };
  return std::visit(
      Match{[&](const ActuatorReported& r) { return mine(r.device); },
            [&](const TimerLearned& r) { return r.device.index < simulated_.size(); },
            [](const PowerReported&) { return false; }, [](const TemperatureReported&) { return false; },
            [](const ReadingFailed&) { return false; }, [](const TimerReadBack&) { return false; },
            [](const DeviceComplained&) { return false; }, [](const RetainedCommandFound&) { return false; },
            [](const BridgeAnswered&) { return false; },
            [](const Asked& a) {
              return !std::holds_alternative<ask::Test>(a.command) &&
                     !std::holds_alternative<ask::Preflight>(a.command);
            },
            [](const auto&) { return true; }},
      news);
}

void World::hears(const Event& event) {
  if (const auto* read = std::get_if<TemperatureReported>(&event.news))
    for (std::uint16_t i = 0; i < house_->devices.size(); ++i)
      if (house_->devices[i].kind == Kind::heat_pad &&
          (DeviceId{i} == read->device || house_->devices[i].thermometer == read->device))
        room_.measures(DeviceId{i});
  if (!concerns(event.news)) return;
  now_ = std::max(now_, event.at);
  if (std::holds_alternative<Tick>(event.news)) room_.passes(now_);
  if (const auto* reach = std::get_if<ReachabilityChanged>(&event.news)) room_.reaches(reach->device, reach->reachable);
  if (now_ < shaken_until_)
    for (SleeperState& sleeper : hub_.sleepers)
      if (!sleeper.detector.sensors.empty()) sleeper.detector.pad_runs(now_);
  const auto* link = std::get_if<LinkChanged>(&event.news);
  const bool connected = link && link->up && !hub_.link_up;
  if (const auto* started = std::get_if<Started>(&event.news))
    restart(*started);
  else
    tell(event.news);
  if (connected) connects();
}

void World::tell(News news) {
  tell_one(std::move(news));
  // A step's answers are heard at the same moment. A room that never stops talking would be a fault of ours: bounded.
  for (int round = 0; round < 200 && room_.has_answers(); ++round)
    for (News& one : room_.answers()) tell_one(std::move(one));
}

void World::tell_one(News news) {
  auto [next, effects] = step(std::move(hub_), {now_, std::move(news)});
  hub_ = std::move(next);
  if (!effects.empty()) perform(effects);
}

void World::perform(std::vector<Effect>& effects) {
  for (Effect& effect : effects) {
    room_.perform(effect);
    keep(effect);
    const auto at = utc(hub_);
    if (!at) continue;
    if (auto* note = std::get_if<Note>(&effect)) records_.push_back({*at, std::move(*note)});
    if (auto* decision = std::get_if<Decision>(&effect)) records_.push_back({*at, std::move(*decision)});
    if (auto* notify = std::get_if<Notify>(&effect)) records_.push_back({*at, std::move(*notify)});
  }
}

/// As the ledger would. What replays did is no evidence here: the legs that moved then did not feel them.
void World::keep(const Effect& effect) {
  std::visit(Match{[&](const KeepDose& k) {
                     put<DoseUsed>(disk_.dose, k.dose, [](const DoseUsed& a, const DoseUsed& b) {
                       return a.device == b.device && a.night == b.night;
                     });
                     if (disk_.dose.size() > 4 * kMaxDevices) disk_.dose.erase(disk_.dose.begin());
                   },
                   [&](const KeepSetting& k) {
                     if (k.setting.name.rfind("relief:", 0) != 0) keeps({k.setting});
                   },
                   [&](const NightEnded&) {
                     for (SleeperState& sleeper : hub_.sleepers) sleeper.relief.nights.clear();
                   },
                   [&](const KeepRuleUsed& k) {
                     put<RuleUsed>(disk_.rules, k.used, [](const RuleUsed& a, const RuleUsed& b) {
                       return a.rule == b.rule && a.night == b.night;
                     });
                     if (disk_.rules.size() > 4 * kMaxRules) disk_.rules.erase(disk_.rules.begin());
                   },
                   [&](const KeepLearned& k) {
                     disk_.learned.resize(std::max<std::size_t>(disk_.learned.size(), k.sleeper.index + 1u));
                     disk_.learned[k.sleeper.index] = k.text;
                   },
                   [](const auto&) {}},
             effect);
}

void World::replays_are(const std::vector<Relief>& as_recorded) {
  for (std::size_t s = 0; s < hub_.sleepers.size() && s < as_recorded.size(); ++s) {
    Relief& relief = hub_.sleepers[s].relief;
    relief.nights.clear();
    relief.weaker = as_recorded[s].weaker, relief.apart = as_recorded[s].apart;
    relief.since = as_recorded[s].since, relief.why = as_recorded[s].why;
  }
}

std::vector<Timed> World::take_records() { return std::exchange(records_, {}); }

}  // namespace lull::backtest
