// Places are those of one configuration only; ids and names are what two of them share.
#include "automations/backtest/match.hpp"

#include <algorithm>
#include <memory>
#include <type_traits>
#include <utility>

#include "automations/alarm_clock.hpp"

namespace lull::backtest {
namespace {

/// What its rules did, with the sleepers' ids of the tested house.
Hub with_names_of(const House& tested, const Hub& recorded, const Matching& matching) {
  House house = *recorded.house;
  for (std::size_t s = 0; s < house.sleepers.size() && s < matching.sleepers.size(); ++s)
    if (matching.sleepers[s]) house.sleepers[s].id = tested.sleepers[matching.sleepers[s]->index].id;
  Hub hub;
  hub.house = std::make_shared<const House>(std::move(house)), hub.rules = recorded.rules;
  return hub;
}

std::string named(const Device& device) { return device.name + " (" + std::string(word_for(device.kind)) + ")"; }

}  // namespace

Matching match(const House& recorded, const House& tested) {
  Matching out;
  std::vector<bool> taken(tested.devices.size());
  out.devices.resize(recorded.devices.size());
  const auto pair_up = [&](auto same) {
    for (std::size_t i = 0; i < recorded.devices.size(); ++i) {
      if (out.devices[i]) continue;
      for (std::uint16_t j = 0; j < tested.devices.size(); ++j) {
        if (taken[j] || recorded.devices[i].kind != tested.devices[j].kind ||
            !same(recorded.devices[i], tested.devices[j]))
          continue;
        out.devices[i] = DeviceId{j};
        taken[j] = true;
        break;
      }
    }
  };
  pair_up([](const Device& a, const Device& b) { return !a.id.empty() && a.id == b.id; });
  pair_up([](const Device& a, const Device& b) { return a.name == b.name; });
  for (std::size_t i = 0; i < recorded.devices.size(); ++i)
    if (!out.devices[i]) out.lost.push_back(named(recorded.devices[i]));
  for (std::size_t j = 0; j < taken.size(); ++j)
    if (!taken[j]) out.fresh.push_back(named(tested.devices[j]));
  for (const Sleeper& old : recorded.sleepers) {
    const auto same = std::find_if(tested.sleepers.begin(), tested.sleepers.end(),
                                   [&](const Sleeper& s) { return s.id == old.id || s.name == old.name; });
    out.sleepers.push_back(same == tested.sleepers.end()
                               ? std::nullopt
                               : std::optional(SleeperId{static_cast<std::uint16_t>(same - tested.sleepers.begin())}));
  }
  return out;
}

std::optional<Event> moved(const Event& event, const Matching& matching) {
  const auto place = [&](DeviceId& id) {
    if (id.index >= matching.devices.size() || !matching.devices[id.index]) return false;
    id = *matching.devices[id.index];
    return true;
  };
  Event out = event;
  const bool there = std::visit(
      [&](auto& news) {
        using N = std::decay_t<decltype(news)>;
        if constexpr (std::is_same_v<N, Asked>) {
          if (auto* set = std::get_if<ask::SetDevice>(&news.command)) return place(set->device);
          if (auto* test = std::get_if<ask::Test>(&news.command)) return place(test->device);
          if (auto* flag = std::get_if<ask::FlagTonight>(&news.command)) {
            if (flag->sleeper.index >= matching.sleepers.size() || !matching.sleepers[flag->sleeper.index])
              return false;
            flag->sleeper = *matching.sleepers[flag->sleeper.index];
          }
          return true;
        } else if constexpr (requires { news.device; }) {
          return place(news.device);
        } else {
          return true;
        }
      },
      out.news);
  return there ? std::optional(std::move(out)) : std::nullopt;
}

std::vector<Known> known_of(const Hub& recorded, const Matching& matching, const House& tested) {
  std::vector<Known> out(tested.devices.size());
  for (std::size_t i = 0; i < matching.devices.size() && i < recorded.actuators.size(); ++i) {
    if (!matching.devices[i]) continue;
    const Actuator& a = recorded.actuators[i];
    Known& known = out[matching.devices[i]->index];
    known.matched = true;
    known.timer = a.standing.timer;
    known.timer_reason = a.standing.timer_reason;
    known.identity = a.identity;
    known.findings = a.standing.findings;
    known.awaited = a.standing.awaited;
    known.wakes_off = a.standing.wakes_off;
    known.reachable = a.standing.reachable;
    known.guard_up = a.standing.guard_up;
    known.rings = recorded.vitals[i].rings;
  }
  for (const SleeperState& sleeper : recorded.sleepers)
    for (const PresenceSensor& sensor : sleeper.presence)
      if (sensor.said && sensor.device.index < matching.devices.size() && matching.devices[sensor.device.index])
        out[matching.devices[sensor.device.index]->index].occupied = sensor.said;
  return out;
}

Before before_of(const Hub& recorded, const Matching& matching, const House& tested) {
  Before out;
  out.at = recorded.now;
  out.utc_minus_boot = recorded.utc_minus_boot.value_or(0ms);
  out.link_up = recorded.link_up;
  out.settings.push_back({"stopped", recorded.stopped ? "1" : "0"});
  out.settings.push_back({"night_replay", recorded.night_replay ? "1" : "0"});
  out.settings.push_back({"not_tonight", recorded.not_tonight ? recorded.night : ""});
  for (Setting& s : kept_permits(recorded)) out.settings.push_back(std::move(s));
  for (Setting& s : kept_alarms(with_names_of(tested, recorded, matching))) out.settings.push_back(std::move(s));
  for (std::size_t i = 0; i < matching.devices.size() && i < recorded.actuators.size(); ++i) {
    if (!matching.devices[i]) continue;
    const std::string& id = tested.devices[matching.devices[i]->index].id;
    const Actuator& a = recorded.actuators[i];
    if (a.trial.at != Utc{}) out.settings.push_back({"trial:" + id, to_setting(a.trial)});
    if (a.standing.tripped) out.settings.push_back({"tripped:" + id, "1"});
  }
  out.tonight.resize(tested.sleepers.size());
  out.learned.resize(tested.sleepers.size());
  out.relief.resize(tested.sleepers.size());
  for (std::size_t s = 0; s < matching.sleepers.size() && s < recorded.sleepers.size(); ++s) {
    if (!matching.sleepers[s]) continue;
    out.tonight[matching.sleepers[s]->index] = recorded.sleepers[s].tonight;
    out.relief[matching.sleepers[s]->index] = recorded.sleepers[s].relief;
    out.learned[matching.sleepers[s]->index] = recorded.sleepers[s].detector.learned(recorded.night);
  }
  return out;
}

}  // namespace lull::backtest
