// Home Assistant's words, topic by topic.
#include "bridge/home_assistant/commands.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "bridge/home_assistant/words.hpp"
#include "bridge/topics.hpp"

namespace lull {
namespace {

std::string small(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

/// The first level of `rest`, which loses it.
std::string_view take_level(std::string_view& rest) {
  const std::size_t end = std::min(rest.find('/'), rest.size());
  const std::string_view level = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return level;
}

/// One message, and the places where its wish may be about.
struct Reader {
  std::string_view topic, payload;
  const House& house;

  Error wrong(std::string_view right) const {
    return {one_line(topic, 160), "\"" + one_line(payload, 60) + "\" is not " + std::string(right)};
  }
  std::optional<bool> on_or_off() const {
    const std::string word = small(payload);
    if (word == "on") return true;
    if (word == "off") return false;
    return std::nullopt;
  }
  bool from_scene() const { return payload == kSceneCalled; }
  Result<Wish> wish(Command command) const {
    return Wish{from_scene() ? Door::scene : Door::home_assistant, {std::move(command)}, {}};
  }

  template <class On, class Off>
  Result<Wish> either(On on, Off off) const {
    const auto is = on_or_off();
    if (!is) return wrong("ON or OFF");
    return *is ? wish(std::move(on)) : wish(std::move(off));
  }
  template <class Press>
  Result<Wish> press(Press what) const {
    const std::string word = small(payload);
    if (word != "press" && word != "on") return wrong("PRESS or ON");
    return wish(std::move(what));
  }

  /// What one pad is wished to do: ON, OFF, a percentage, a program, a heat level.
  Result<ask::SetDevice> output(std::string_view what, bool heat) const {
    ask::SetDevice set{};
    if (what == "on") {
      const auto is = on_or_off();
      if (!is) return wrong("ON or OFF");
      if (!*is) set.level = 0_pct;
    } else if (what == "level") {
      double percent = -1;
      const auto [end, problem] = std::from_chars(payload.data(), payload.data() + payload.size(), percent);
      if (problem != std::errc{} || end != payload.data() + payload.size() || !Percent::from(percent))
        return wrong("a percentage of 0 to 100");
      set.level = Percent::from(percent);
    } else if (what == "program" && !heat) {
      const auto program = program_for(small(payload));
      if (!program) return wrong("gentle, wave, pulse or steady");
      set.program = word_for(*program);
    } else if (what == "heat" && heat) {
      set.level = heat_level(payload);
      if (!set.level) return wrong("Off, Low, Medium or High");
    } else {
      return Error{one_line(topic, 160), "there is nothing to set here"};
    }
    return set;
  }

  Result<Wish> device(std::string_view id, std::string_view what) const {
    for (std::size_t i = 0; i < house.devices.size(); ++i) {
      const Device& d = house.devices[i];
      if (path_word(d.id) != id) continue;
      if (!is_actuator(d.kind))
        return Error{one_line(topic, 160), "a " + std::string(word_for(d.kind)) + " takes no commands"};
      if (what == "test" && d.kind <= Kind::heat_pad) return press(ask::Test{DeviceId{static_cast<std::uint16_t>(i)}});
      if (what == "program" && d.kind != Kind::massage_pad) break;
      auto set = output(what, d.kind == Kind::heat_pad);
      if (!set) return set.error();
      set->device = DeviceId{static_cast<std::uint16_t>(i)};
      return wish(*std::move(set));
    }
    return Error{one_line(topic, 160), "this house has no such device"};
  }

  Result<Wish> every_massage(std::string_view what) const {
    auto set = output(what, false);
    if (!set) return set.error();
    if (set->level == 0_pct) return wish(ask::StopMassage{});
    Wish all;
    for (std::size_t i = 0; i < house.devices.size(); ++i)
      if (house.devices[i].kind == Kind::massage_pad) {
        set->device = DeviceId{static_cast<std::uint16_t>(i)};
        all.commands.push_back(*set);
      }
    return all;
  }

  Result<Wish> routine(std::string_view word, std::string_view what) const {
    for (const Routine& r : house.routines) {
      if (path_word(r.name) != word) continue;
      if (what == "allowed") return either(ask::AllowRoutine{r.name, true}, ask::AllowRoutine{r.name, false});
      if (what == "tonight") return either(ask::AllowTonight{"", r.name, true}, ask::AllowTonight{"", r.name, false});
      if (what == "on")
        return from_scene() ? wish(ask::Play{r.name}) : either(ask::Play{r.name}, ask::StopPlay{r.name});
    }
    return Error{one_line(topic, 160), "this house has no such routine"};
  }
  Result<Wish> rule(std::string_view word, std::string_view what) const {
    for (const Rule& r : house.rules) {
      if (path_word(r.name) != word) continue;
      if (what == "tonight") return either(ask::AllowTonight{r.name, "", true}, ask::AllowTonight{r.name, "", false});
      if (what == "on") return either(ask::AllowRule{r.name, true}, ask::AllowRule{r.name, false});
    }
    return Error{one_line(topic, 160), "this house has no such rule"};
  }
  Result<Wish> sleeper(std::string_view id) const {
    for (std::uint16_t s = 0; s < house.sleepers.size(); ++s)
      if (path_word(house.sleepers[s].id) == id)
        return either(ask::FlagTonight{SleeperId{s}, "sedatives", true},
                      ask::FlagTonight{SleeperId{s}, "sedatives", false});
    return Error{one_line(topic, 160), "this house has no such sleeper"};
  }
  Result<Wish> all_off() const { return Wish{Door::scene, everything_off(house), {}}; }
  Result<Wish> bedtime() const {
    auto commands = to_bed(house);
    if (commands.empty()) return Error{one_line(topic, 160), "this house has no routine for bedtime"};
    return Wish{Door::scene, std::move(commands), {}};
  }
  Result<Wish> hub(std::string_view what) const {
    if (what == "on") return either(ask::Release{}, ask::StopAll{});
    if (what == "stop_massage") return press(ask::StopMassage{});
    if (what == "replay") return from_scene() ? wish(ask::Replay{}) : press(ask::Replay{});
    if (what == "all_off" && (from_scene() || small(payload) == "press")) return all_off();
    if (what == "bedtime" && (from_scene() || small(payload) == "press")) return bedtime();
    if (what == "softer") return press(ask::Softer{});
    if (what == "stronger") return press(ask::Stronger{});
    if (what == "longer") return press(ask::Extend{});
    if (what == "replays_as_chosen") return press(ask::ReplaysAsChosen{});
    if (what == "preflight") return press(ask::Preflight{});
    if (what == "not_tonight") return either(ask::NotTonight{true}, ask::NotTonight{false});
    if (what == "night_replay") return either(ask::AllowNightReplay{true}, ask::AllowNightReplay{false});
    return Error{one_line(topic, 160), "there is nothing to set here"};
  }
};

}  // namespace

const Decision* against(const std::vector<Decision>& decided) {
  using Outcome = Decision::Outcome;
  const auto did = [](const Decision& d) { return d.outcome == Outcome::did || d.outcome == Outcome::ended; };
  if (std::any_of(decided.begin(), decided.end(), did)) return nullptr;
  return decided.empty() ? nullptr : &decided.front();  // did_not, refused or lost
}

std::vector<Command> everything_off(const House& house) {
  std::vector<Command> all{ask::StopPlay{}, ask::StopMassage{}};
  for (std::uint16_t i = 0; i < house.devices.size(); ++i)
    if (is_actuator(house.devices[i].kind) && house.devices[i].kind != Kind::mains)
      all.emplace_back(ask::SetDevice{DeviceId{i}, 0_pct, "", std::nullopt});
  return all;
}
std::vector<Command> to_bed(const House& house) {
  const Routine* routine = bedtime_routine(house);
  return routine ? std::vector<Command>{ask::Preflight{}, ask::Play{routine->name}} : std::vector<Command>{};
}

Result<Wish> wish_from(std::string_view topic, std::string_view payload, bool retained, const House& house,
                       std::string_view install) {
  constexpr std::string_view kBlank = " \t\r\n";  // what a shell or an editor leaves at the ends
  payload.remove_prefix(std::min(payload.find_first_not_of(kBlank), payload.size()));
  payload = payload.substr(0, payload.find_last_not_of(kBlank) + 1);
  if (payload.empty()) return Wish{};  // a retained command was cleared, perhaps by us
  if (retained) return Error{one_line(topic, 160), "was retained; a command must not be: it is dropped and cleared"};
  if (payload.size() > kMaxCommand)
    return Error{one_line(topic, 160), "holds " + std::to_string(payload.size()) + " bytes; at most 4096 are read"};
  const Topics topics(install);
  if (topic == topics.command()) return wish_from_json(payload, house, topic);
  std::string_view rest = topic;
  const std::string begin = topics.base() + "/";
  constexpr std::string_view kEnd = "/set";
  if (rest.size() < begin.size() + kEnd.size() || rest.substr(0, begin.size()) != begin ||
      rest.substr(rest.size() - kEnd.size()) != kEnd)
    return Error{one_line(topic, 160), "is not one of our command topics"};
  rest.remove_prefix(begin.size());
  rest.remove_suffix(kEnd.size());
  const Reader read{topic, payload, house};
  const std::string_view family = take_level(rest), first = take_level(rest);
  if (family == "hub" && rest.empty()) return read.hub(first);
  if (family == "massage" && rest.empty()) return read.every_massage(first);
  if (family == "device" && !rest.empty()) return read.device(first, rest);
  if (family == "routine" && !rest.empty()) return read.routine(first, rest);
  if (family == "rule" && !rest.empty()) return read.rule(first, rest);
  if (family == "sleeper" && rest == "sedatives") return read.sleeper(first);
  return Error{one_line(topic, 160), "there is nothing to set here"};
}

}  // namespace lull
