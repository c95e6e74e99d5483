// The general command: one JSON object or one plain word, for scripts, dashboards and people at a terminal.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "automations/asked.hpp"
#include "bridge/home_assistant/commands.hpp"
#include "bridge/home_assistant/words.hpp"

namespace lull {
namespace {

using Json = nlohmann::json;

struct Problem {
  std::string at, what;
};

/// Reads one object and remembers the first thing that is wrong with it.
class Fields {
 public:
  Fields(const Json& said, const House& house) : said_(said), house_(house) {}

  std::string text(const char* key, bool needed) {
    used_.push_back(key);
    const auto it = said_.find(key);
    if (it == said_.end()) {
      if (needed) fail(key, "is missing; it must be a text");
      return "";
    }
    if (!it->is_string() || it->get_ref<const std::string&>().size() > 200) {
      fail(key, "must be a text of at most 200 bytes");
      return "";
    }
    return it->get<std::string>();
  }
  bool flag(const char* key, bool otherwise) {
    used_.push_back(key);
    const auto it = said_.find(key);
    if (it == said_.end()) return otherwise;
    if (!it->is_boolean()) fail(key, "must be true or false");
    return it->is_boolean() && it->get<bool>();
  }
  std::optional<double> number(const char* key, double low, double high) {
    used_.push_back(key);
    const auto it = said_.find(key);
    if (it == said_.end()) return std::nullopt;
    const double value = it->is_number() ? it->get<double>() : std::nan("");
    if (!(value >= low && value <= high)) {
      fail(key, "must be a number of " + lull::number(low) + " to " + lull::number(high));
      return std::nullopt;
    }
    return value;
  }
  std::optional<minutes> whole_minutes(const char* key) {
    const auto value = number(key, 1, kMaxCommandMinutes);
    return value ? std::optional(minutes(static_cast<int>(*value))) : std::nullopt;
  }
  std::string routine(bool needed) {
    const std::string name = text("routine", needed);
    if (!name.empty() && !house_.routine(name)) {
      std::string known;
      for (const Routine& r : house_.routines) known += (known.empty() ? "" : ", ") + r.name;
      fail("routine", "\"" + one_line(name, 60) + "\" is not one of: " + known);
    }
    return name;
  }
  DeviceId device() {
    const std::string name = text("device", true);
    for (std::size_t i = 0; i < house_.devices.size(); ++i) {
      const Device& d = house_.devices[i];
      if (!is_actuator(d.kind) || (d.id != name && d.name != name)) continue;
      return DeviceId{static_cast<std::uint16_t>(i)};
    }
    std::string known;
    for (const Device& d : house_.devices)
      if (is_actuator(d.kind)) known += (known.empty() ? "" : ", ") + d.id;
    fail("device", "\"" + one_line(name, 60) + "\" is not one of: " + known);
    return {};
  }
  SleeperId sleeper() {
    const std::string name = text("sleeper", true);
    std::string known;
    for (std::uint16_t s = 0; s < house_.sleepers.size(); ++s) {
      if (house_.sleepers[s].id == name || house_.sleepers[s].name == name) return SleeperId{s};
      known += (known.empty() ? "" : ", ") + house_.sleepers[s].id;
    }
    fail("sleeper", "\"" + one_line(name, 60) + "\" is not one of: " + known);
    return {};
  }
  void fail(std::string at, std::string what) {
    if (!problem_) problem_ = Problem{std::move(at), std::move(what)};
  }
  /// The first problem; a key that nobody asked for is one too: "level_pct" must not pass as "no level: the usual".
  std::optional<Problem> problem() {
    for (const auto& [key, value] : said_.items())
      if (std::find(used_.begin(), used_.end(), key) == used_.end()) fail(one_line(key, 40), "is not known here");
    return problem_;
  }

 private:
  const Json& said_;
  const House& house_;
  std::vector<std::string> used_{"do", "by", "asked_at"};
  std::optional<Problem> problem_;
};

Command set_device(Fields& f, const House& house) {
  ask::SetDevice set;
  set.device = f.device();
  if (const auto level = f.number("level", 0, 100)) set.level = Percent::from(*level);
  set.program = f.text("program", false);
  if (!set.program.empty() && !program_for(set.program)) f.fail("program", "must be gentle, wave, pulse or steady");
  if (!set.program.empty() && set.device.index < house.devices.size() &&
      house.devices[set.device.index].kind != Kind::massage_pad)
    f.fail("program", "is only for massage");
  set.for_how_long = f.whole_minutes("minutes");
  return set;
}

constexpr std::string_view kWords =
    "stop, release, stop_massage, all_off, bedtime, play, replay, stop_play, pause, resume, skip, extend, softer, "
    "stronger, set, "
    "not_tonight, night_replay, allow, flag_tonight, word, test, replays_as_chosen or preflight";

std::optional<Command> command_for(const std::string& what, Fields& f, const House& house) {
  if (what == "release") return ask::Release{};
  if (what == "play") return ask::Play{f.routine(true)};
  if (what == "replay") return ask::Replay{};
  if (what == "stop_play") return ask::StopPlay{f.routine(false)};
  if (what == "pause") return ask::Pause{f.routine(false)};
  if (what == "resume") return ask::Resume{f.routine(false)};
  if (what == "skip") return ask::Skip{f.routine(false)};
  if (what == "extend") {
    const std::string routine = f.routine(false);
    return ask::Extend{routine, f.whole_minutes("minutes").value_or(10min)};
  }
  if (what == "preflight") return ask::Preflight{};
  if (what == "replays_as_chosen") return ask::ReplaysAsChosen{};
  if (what == "softer") return ask::Softer{};
  if (what == "stronger") return ask::Stronger{};
  if (what == "set") return set_device(f, house);
  if (what == "not_tonight") return ask::NotTonight{f.flag("on", true)};
  if (what == "night_replay") return ask::AllowNightReplay{f.flag("on", true)};
  if (what == "allow") {
    const std::string routine = f.routine(false), rule = f.text("rule", routine.empty());
    const bool on = f.flag("on", true), tonight = f.flag("tonight", false);
    const auto named = [&](const Rule& r) { return r.name == rule; };
    if (routine.empty() && std::none_of(house.rules.begin(), house.rules.end(), named))
      f.fail("rule", "is not a rule of this house");
    if (!routine.empty() && !rule.empty()) f.fail("rule", "must stand alone, without a routine");
    if (tonight) return ask::AllowTonight{rule, routine, on};
    return routine.empty() ? Command(ask::AllowRule{rule, on}) : Command(ask::AllowRoutine{routine, on});
  }
  if (what == "flag_tonight") {
    ask::FlagTonight flag{f.sleeper(), f.text("flag", true), f.flag("on", true)};
    if (!flag_for(flag.flag)) f.fail("flag", "is no flag; docs/SAFETY.md lists them");
    return flag;
  }
  if (what == "test") {
    const DeviceId device = f.device();
    if (device.index < house.devices.size() && house.devices[device.index].kind > Kind::heat_pad)
      f.fail("device", "only a heat_pad or a massage_pad is tested");
    return ask::Test{device};
  }
  if (what == "word") {
    const std::string word = f.text("word", true);
    if (word.empty() || word.size() > 64) f.fail("word", "must be a word of at most 64 bytes");
    return ask::Word{word};
  }
  return std::nullopt;
}

constexpr milliseconds kClocksAgree{2000};  // as near as two machines of a household have to be

bool is_deep(std::string_view payload) {
  return std::count_if(payload.begin(), payload.end(), [](char c) { return c == '{' || c == '['; }) > 8;
}

}  // namespace

Result<std::optional<milliseconds>> age_of(const Wish& wish, Utc now) {
  using Age = std::optional<milliseconds>;
  if (!wish.asked_at) return Age{};
  const milliseconds age = now - *wish.asked_at;
  if (age < -kClocksAgree && std::any_of(wish.commands.begin(), wish.commands.end(), begins_something))
    return Error{"asked_at", "lies " + std::to_string(duration_cast<seconds>(-age).count()) +
                                 " s ahead of Lull's clock; set one of the two"};
  return Age{std::max(0ms, age)};
}

Result<Wish> wish_from_json(std::string_view payload, const House& house, std::string_view where) {
  const std::string at = one_line(where, 160);
  Json said;
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
  if (payload.size() <= 32 && std::all_of(payload.begin(), payload.end(), letter)) {
    said = {{"do", payload}};  // "stop" typed by somebody in a hurry
  } else {
    if (payload.size() > kMaxCommand || is_deep(payload)) return Error{at, "is too large or too deep for a command"};
    said = Json::parse(payload, nullptr, false);
  }
  const auto verb = said.is_object() ? said.find("do") : said.end();
  if (!said.is_object() || verb == said.end() || !verb->is_string())
    return Error{at, "must be JSON like {\"do\":\"stop\"}, or one plain word such as stop"};
  Fields fields(said, house);
  Wish wish{Door::mqtt, {}, {}};
  const std::string what = verb->get<std::string>();
  // A stop is a stop, whatever else somebody wrote beside it.
  if (what == "stop") return Wish{Door::mqtt, {ask::StopAll{}}, {}};
  if (what == "stop_massage") return Wish{Door::mqtt, {ask::StopMassage{}}, {}};
  if (what == "all_off") return Wish{Door::mqtt, everything_off(house), {}};
  if (const auto by = said.find("by"); by != said.end()) {
    const auto door = by->is_string() ? door_for(by->get_ref<const std::string&>()) : std::nullopt;
    if (!door || *door == Door::rule || *door == Door::signal)
      return Error{at + " by", "must be voice, scene, home_assistant, mqtt, page, button or phone"};
    wish.door = *door;
  }
  if (const auto at_ms = fields.number("asked_at", 0, 1e13))
    wish.asked_at = Utc{milliseconds{static_cast<std::int64_t>(*at_ms)}};
  if (what == "bedtime") {
    wish.commands = to_bed(house);
    if (wish.commands.empty()) fields.fail("do", "bedtime: this house has no routine for it");
    if (const auto problem = fields.problem()) return Error{at + " " + problem->at, problem->what};
    return wish;
  }
  auto command = command_for(what, fields, house);
  if (!command) return Error{at + " do", "\"" + one_line(what, 40) + "\" must be " + std::string(kWords)};
  if (const auto problem = fields.problem()) return Error{at + " " + problem->at, problem->what};
  wish.commands.push_back(*std::move(command));
  return wish;
}

}  // namespace lull
