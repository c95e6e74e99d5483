// What Lull is at this moment, as retained MQTT messages.
#include "bridge/home_assistant/states.hpp"

#include <algorithm>
#include <cmath>
#include <ctime>
#include <nlohmann/json.hpp>

#include "automations/night/compared.hpp"
#include "bridge/home_assistant/words.hpp"
#include "bridge/roads.hpp"
#include "bridge/topics.hpp"

namespace lull {
namespace {

using Json = nlohmann::json;

// A grey pixel: an empty picture would make Home Assistant answer 500 to everybody who looks at it.
constexpr unsigned char kNoPicture[] = {
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00,
    0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x06, 0x00, 0x00, 0x00, 0x1f, 0x15, 0xc4, 0x89, 0x00, 0x00, 0x00,
    0x0d, 0x49, 0x44, 0x41, 0x54, 0x78, 0xda, 0x63, 0x64, 0xf8, 0xcf, 0x50, 0x0f, 0x00, 0x03, 0x86, 0x01, 0x80,
    0x5a, 0x34, 0x7d, 0x6b, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82};

/// Retained states of one install, collected one by one.
struct Board {
  std::vector<Publish> all{};
  void say(std::string topic, std::string_view payload) {
    all.push_back({std::move(topic), std::string(payload), 0, true, 0});
  }
  void attributes(std::string topic, const Json& payload) {
    say(std::move(topic), payload.dump(-1, ' ', false, Json::error_handler_t::replace));
  }
};

double whole_minutes(milliseconds d) { return static_cast<double>(duration_cast<minutes>(d + 59s).count()); }

/// What is off has no level, whatever it had or will have.
std::string percent_of(std::optional<bool> on, std::optional<Percent> level) {
  return on == false ? "0" : level ? std::to_string(level->whole()) : std::string(kUnknown);
}

/// The state of the device's output, for the fan, switch and light of it.
void say_output(Board& board, const std::string& on, const std::string& level, const std::string& program,
                std::optional<bool> is_on, std::optional<Percent> is_level, std::string_view word) {
  board.say(on, on_off(is_on));
  board.say(level, percent_of(is_on, is_level));
  board.say(program, word);
}

/// When, in UTC, to the second: programs read it.
std::string stamp(Utc at) {
  const std::time_t t = static_cast<std::time_t>(duration_cast<seconds>(at.since_epoch).count());
  std::tm parts{};
  gmtime_r(&t, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

/// Whether it may be used at all, and why not.
void say_gate(Board& board, const Topics& topics, const Device& device, const DeviceView& is) {
  const auto at = [&](std::string_view what) { return topics.device(device, what); };
  Json test{{"state", word_for(is.trial.state)}, {"text", is.trial.text}};
  if (is.trial.at != Utc{}) test["at"] = stamp(is.trial.at);
  if (is.trial.of > 0) test["step"] = is.trial.step, test["of"] = is.trial.of;
  Json findings = Json::array();
  for (const Finding& f : is.findings)
    findings.push_back(
        {{"code", word_for(f.flaw)}, {"refuses", f.refuses}, {"sentence", f.sentence}, {"remedy", f.remedy}});
  const Finding* refused = refusing(is.findings);
  const Json gate{{"device", device.id},
                  {"name", device.name},
                  {"kind", word_for(device.kind)},
                  {"tier", std::string(1, static_cast<char>('A' + static_cast<int>(is.tier)))},
                  {"timer", word_for(is.timer)},
                  {"model", is.model},
                  {"firmware", is.firmware},
                  {"address", is.address},
                  {"conforming", !refused && is.timer != Timer::unknown},
                  {"findings", findings},
                  {"test", test}};
  board.attributes(at("gate"), gate);
  board.say(at("gate/code"), refused                      ? word_for(refused->flaw)
                             : is.timer == Timer::unknown ? "not_told"
                                                          : "conforming");
  board.attributes(at("test"), test);
  board.say(at("test/state"), word_for(is.trial.state));
}

/// What is known of something that is only heard, and what it cannot tell: `lull device show` reads it.
void say_sensor(Board& board, const std::string& topic, const Device& device, const DeviceView& is) {
  Json sensor{
      {"device", device.id}, {"name", device.name}, {"kind", word_for(device.kind)}, {"reachable", is.reachable}};
  if (device.kind == Kind::movement) {
    sensor["stream"] = word_for(device.stream);
    sensor["limits"] = words_for_limits(device.stream, device.epoch, device.hold_off);
  } else if (device.kind == Kind::heart_rate) {
    sensor["limits"] = "only helps to estimate awake or asleep; it begins no relief";
  }
  if (is.battery) sensor["battery_percent"] = is.battery->whole();
  board.attributes(topic, sensor);
}

void say_device(Board& board, const Topics& topics, const Device& device, const DeviceView& is) {
  const auto at = [&](std::string_view what) { return topics.device(device, what); };
  board.say(at("reachable"), on_off(is.reachable));
  if (!is_actuator(device.kind)) return say_sensor(board, at("sensor"), device, is);
  if (device.kind == Kind::massage_pad) {
    say_output(board, at("on"), at("level"), at("program"), is.on, is.level, word_for(is.program));
  } else {
    board.say(at("on"), on_off(is.on));
    if (device.kind == Kind::heat_pad) {
      // A plug knows only on and off; what is wished for is then the level it stands for.
      const Percent level = is.level.value_or(is.wanted);
      board.say(at("heat"), !is.on ? kUnknown : heat_word(*is.on ? std::max(level, 1_pct) : 0_pct));
      if (measures_surface(device))
        board.say(at("celsius"), number(is.surface ? std::optional(is.surface->value()) : std::nullopt));
    }
    if (device.kind == Kind::light) board.say(at("level"), percent_of(is.on, is.level));
  }
  if (device.kind <= Kind::heat_pad) board.say(at("minutes_left"), number(whole_minutes(is.left_tonight)));
  if (device.kind <= Kind::heat_pad) say_gate(board, topics, device, is);
  Json more{{"wanted_percent", is.wanted.whole()},
            {"owner", is.owner},
            {"hand", is.hand},
            {"refusal", code_of(is.refusal)},
            {"why", one_line(is.why)},
            {"off_proved", is.off_proved},
            {"off_proof", word_for(is.off_proof)},
            {"off_text", one_line(is.off_text)},
            {"faulty", is.faulty},
            {"tripped", is.tripped},
            {"timer", word_for(is.timer)},
            {"minutes_used_tonight", static_cast<std::int64_t>(whole_minutes(is.used_tonight))}};
  if (is.watts) more["watts"] = is.watts->whole();
  board.attributes(at("attributes"), more);
}

}  // namespace

AllMassage all_massage(const House& house, const View& view) {
  AllMassage all{false, {}, kUnknown};
  auto& [on, level, program] = all;
  for (const DeviceView& is : view.devices) {
    if (is.device.index >= house.devices.size() || house.devices[is.device.index].kind != Kind::massage_pad) continue;
    if (!is.on && on == false) on = std::nullopt;  // one that runs makes it ON, one that is unknown makes it unknown
    if (is.on != true) continue;
    program = on != true || program == word_for(is.program) ? word_for(is.program) : kUnknown;
    on = true;
    if (is.level && (!level || *is.level > *level)) level = is.level;
  }
  return all;
}

bool heat_problem(const House& house, const View& view) {
  return std::any_of(view.devices.begin(), view.devices.end(), [&](const DeviceView& d) {
    return d.device.index < house.devices.size() && house.devices[d.device.index].kind == Kind::heat_pad &&
           (d.tripped || d.faulty);
  });
}

namespace {

/// Each movement sensor with what it counts, and with what it cannot tell.
Json sensors_json(const House& house, const DetectorView& detector) {
  Json all = Json::array();
  for (const SensorView& s : detector.sensors) {
    const Device& d = house.devices[s.device.index];
    all.push_back({{"name", s.name},
                   {"movements", s.count},
                   {"needed", s.need},
                   {"heard", s.witness},
                   {"limits", words_for_limits(d.stream, d.epoch, d.hold_off)}});
  }
  return all;
}

/// What is not known, or is no number, has no key: Home Assistant would show "null".
void put(Json& into, const char* key, std::optional<double> value) {
  if (value && std::isfinite(*value)) into[key] = std::round(*value * 10) / 10;
}

/// Whether replays are weaker or rarer than chosen, why, and until when.
void say_back_off(Board& board, const std::string& topic, const BackOffView& is) {
  board.say(topic, word_for(is.state));
  Json facts{{"level_percent_of_chosen", is.level.whole()}, {"times_as_far_apart", is.times_as_far_apart}};
  for (const auto& [key, text] : {std::pair{"since", &is.since}, std::pair{"why", &is.why},
                                  std::pair{"until", &is.until}, std::pair{"signs_of_waking", &is.signs}})
    if (!text->empty()) facts[key] = one_line(*text);
  board.attributes(topic + "/attributes", facts);
}

void say_sleeper(Board& board, const Topics& topics, const House& house, const SleeperView& is, const Shown& shown) {
  const Sleeper& sleeper = house.sleepers[is.sleeper.index];
  const auto at = [&](std::string_view what) { return topics.sleeper(sleeper, what); };
  board.say(at("in_bed"), on_off(is.in_bed));
  // While gated nobody knows: unknown is not quiet, and an automation must not take it for either.
  board.say(at("restless"), is.restless_known ? on_off(is.detector.restless) : kUnknown);
  board.say(at("index"), is.restless_known ? number(std::round(is.detector.index)) : std::string(kUnknown));
  board.say(at("movements_per_hour"), number(is.detector.movements_per_hour));
  board.say(at("episodes"), is_counted(is) ? std::to_string(is.episodes_tonight) : std::string(kUnknown));
  board.say(at("replays"), std::to_string(is.replays_tonight));
  say_back_off(board, at("back_off"), is.back_off);
  board.say(at("sedatives"), on_off(is.sedatives_tonight));
  board.say(at("heat_left"), number(whole_minutes(is.heat.left)));
  board.say(at("massage_left"), number(whole_minutes(is.massage.left)));
  Json facts{{"nights_learned", is.detector.nights},
             {"gaps_in_hour", is.detector.gaps},
             {"sensors", sensors_json(house, is.detector)},
             {"disagreement", is.detector.disagreement},
             {"estimate", is.detector.state},
             {"heat_minutes_used_tonight", duration_cast<minutes>(is.heat.used + 59s).count()},
             {"heat_percent_minutes", is.heat.level_minutes},
             {"massage_minutes_used_tonight", duration_cast<minutes>(is.massage.used + 59s).count()},
             {"massage_percent_minutes", is.massage.level_minutes},
             {"counting", words_for(is.detector.gate)}};
  if (is_counted(is)) {
    facts["needed"] = is.detector.need, facts["needed_by_default"] = is.detector.usual_need;
    facts["window_minutes"] = duration_cast<minutes>(is.detector.window).count();
  }
  if (is.restless_known) facts["movements"] = is.detector.count;
  const auto whole = [](std::optional<double> v) { return v ? std::optional(std::round(*v)) : v; };
  put(facts, "coverage_hour_percent", whole(is.detector.coverage_hour));
  put(facts, "coverage_tonight_percent", whole(is.detector.coverage_tonight));
  put(facts, "usual_movements", is.detector.usual);
  put(facts, "heart_rate", is.detector.heart_rate);
  put(facts, "heart_rate_when_quiet", is.detector.heart_quiet);
  put(facts, "heart_rate_coverage_percent", is.detector.heart_coverage);
  if (is.sensor_battery) put(facts, "sensor_battery_percent", is.sensor_battery->whole());
  board.attributes(at("attributes"), facts);
  const auto last = std::find_if(shown.nights.begin(), shown.nights.end(),
                                 [&](const LastNight& n) { return n.sleeper == is.sleeper; });
  const LastNight none{};
  const LastNight& night = last == shown.nights.end() ? none : *last;
  board.say(at("last_night"), number(night.restless_minutes));
  Json more = Json::object();
  if (!night.night.empty()) more["night"] = night.night;
  put(more, "in_bed_minutes", night.in_bed_minutes);
  put(more, "movements_per_hour", night.movements_per_hour);
  put(more, "coverage_percent", night.coverage_percent);
  put(more, "episodes", night.episodes);
  put(more, "replays", night.replays);
  put(more, "sessions", night.sessions);
  put(more, "sessions_compared", night.compared);
  put(more, "movements_per_hour_before", night.before_per_hour);
  put(more, "movements_per_hour_after", night.after_per_hour);
  board.attributes(at("last_night/attributes"), more);
}

Json plays_of(const View& view) {
  Json plays = Json::array();
  for (const PlayView& p : view.plays)  // whole minutes: a second-hand would be a retained message a second
    plays.push_back({{"routine", p.routine},
                     {"asked_by", p.door},
                     {"step", p.step},
                     {"step_minutes_left", static_cast<std::int64_t>(whole_minutes(p.step_left))},
                     {"minutes_left", static_cast<std::int64_t>(whole_minutes(p.left))},
                     {"paused", p.paused}});
  return plays;
}

}  // namespace

std::vector<LastNight> nights_of(const NightReport& report) {
  std::vector<LastNight> nights;
  if (report.empty) return nights;
  const auto in_minutes = [](milliseconds d) { return static_cast<double>(d.count()) / 60'000.0; };
  for (const SleeperNight& s : report.sleepers) {
    LastNight night{s.sleeper, report.night, {}, {}, {}, s.coverage, s.episodes, s.replays, {}, {}, {}, {}};
    const Compared relief = compared_in(report, s.sleeper);
    night.sessions = relief.sessions, night.compared = relief.compared;
    if (relief.compared > 0) night.before_per_hour = relief.before(), night.after_per_hour = relief.after();
    if (!s.no_figures.empty() && s.episodes == 0) night.episodes.reset();
    if (s.no_figures.empty()) {  // too little was seen of it: no number is better than a small one
      night.restless_minutes = in_minutes(s.restless);
      night.movements_per_hour = s.movements_per_hour;
    }
    if (s.presence_known) night.in_bed_minutes = in_minutes(s.in_bed);
    nights.push_back(std::move(night));
  }
  return nights;
}

namespace {

/// What was looked at before the night, line by line: the wrong first.
Json preflight_of(const House& house, const View& view) {
  const Preflight& last = view.preflight;
  Json checks = Json::array();
  for (const Check& c : last.checks)
    checks.push_back({{"about", c.about}, {"state", word_for(c.state)}, {"text", c.text}, {"remedy", c.remedy}});
  Json all{{"kept_for_the_morning", view.held}, {"checks", std::move(checks)}};
  if (last.done_at) all["looked_at"] = text(local(house.zone, *last.done_at));
  return all;
}

void say_roads(Board& board, const Topics& topics, const House& house, const Shown& shown) {
  if (shown.home_assistant) {
    board.say(topics.hub("home_assistant"), word_for(shown.home_assistant->state));
    Json facts = attributes_of(road_json(*shown.home_assistant));
    if (facts["missing"].empty()) facts.erase("missing");
    board.attributes(topics.hub("home_assistant/attributes"), facts);
  }
  if (shown.ntfy) {
    board.say(topics.hub("ntfy"), word_for(shown.ntfy->state));
    board.attributes(topics.hub("ntfy/attributes"), attributes_of(road_json(*shown.ntfy, house.zone)));
  }
}

void say_hub(Board& board, const Topics& topics, const House& house, const View& view, const Shown& shown,
             std::string_view version) {
  board.say(topics.hub("on"), on_off(!view.stopped));
  board.say(topics.hub("status"), one_line(view.status));
  board.attributes(topics.hub("status/attributes"),
                   Json{{"why", one_line(view.status_why)},
                        {"night", view.night},
                        {"stopped", view.stopped},
                        {"ready", view.ready},
                        {"command_topic", topics.command()}});  // so that a blueprint need not ask the user for it
  board.say(topics.hub("night_replay"), on_off(view.night_replay));
  board.say(topics.hub("not_tonight"), on_off(view.not_tonight));
  board.say(topics.hub("heat_problem"), on_off(heat_problem(house, view)));
  board.say(topics.hub("ready_for_the_night"), on_off(view.ready_for_the_night));
  board.attributes(topics.hub("ready_for_the_night/attributes"), preflight_of(house, view));
  board.say(topics.hub("version"), version);
  const Decision nothing{};
  const Decision& last = shown.decision ? *shown.decision : nothing;
  board.say(topics.hub("decision"), shown.decision ? one_line(last.about + ": " + last.why) : std::string(kUnknown));
  board.attributes(topics.hub("decision/attributes"),
                   shown.decision ? Json{{"about", last.about}, {"outcome", word_for(last.outcome)}, {"why", last.why}}
                                  : Json::object());
  board.attributes(topics.plays(), plays_of(view));
  say_roads(board, topics, house, shown);
  for (const Routine& routine : house.routines) {
    const auto playing = [&](const PlayView& p) { return p.routine == routine.name; };
    board.say(topics.routine(routine.name, "on"), on_off(std::any_of(view.plays.begin(), view.plays.end(), playing)));
  }
  for (const auto& [routine, may] : view.routines) {
    board.say(topics.routine(routine, "allowed"), on_off(may.allowed));
    board.say(topics.routine(routine, "tonight"), on_off(!may.resting));
  }
  for (const auto& [rule, may] : view.rules) {
    board.say(topics.rule(rule, "on"), on_off(may.allowed));
    board.say(topics.rule(rule, "tonight"), on_off(!may.resting));
  }
}

bool is_known(const House& house, const DeviceView& is) { return is.device.index < house.devices.size(); }

/// What is about more than one device, after each of them; and the picture, last.
void say_rest(Board& board, const Topics& topics, const House& house, const View& view, const Shown& shown) {
  const auto massages = std::count_if(view.devices.begin(), view.devices.end(), [&](const DeviceView& is) {
    return is_known(house, is) && house.devices[is.device.index].kind == Kind::massage_pad;
  });
  if (massages > 1) {
    const AllMassage all = all_massage(house, view);
    say_output(board, topics.massage("on"), topics.massage("level"), topics.massage("program"), all.on, all.level,
               all.program);
  }
  const bool picture = shown.picture && !shown.picture->empty();
  board.say(topics.picture(), picture ? std::string_view(*shown.picture)
                                      : std::string_view(reinterpret_cast<const char*>(kNoPicture), sizeof kNoPicture));
}

}  // namespace

std::size_t parts_of(const View& view) { return 2 + view.devices.size() + view.sleepers.size(); }

std::vector<Publish> states_part(const House& house, const View& view, const Shown& shown, std::string_view install,
                                 std::string_view version, std::size_t part) {
  const Topics topics(install);
  Board board;
  if (part == 0) {
    say_hub(board, topics, house, view, shown, version);
  } else if (part <= view.devices.size()) {
    const DeviceView& is = view.devices[part - 1];
    if (is_known(house, is)) say_device(board, topics, house.devices[is.device.index], is);
  } else if (part <= view.devices.size() + view.sleepers.size()) {
    const SleeperView& is = view.sleepers[part - 1 - view.devices.size()];
    if (is.sleeper.index < house.sleepers.size()) say_sleeper(board, topics, house, is, shown);
  } else {
    say_rest(board, topics, house, view, shown);
  }
  return std::move(board.all);
}

std::vector<Publish> states(const House& house, const View& view, const Shown& shown, std::string_view install,
                            std::string_view version) {
  std::vector<Publish> all;
  for (std::size_t part = 0; part < parts_of(view); ++part)
    for (Publish& one : states_part(house, view, shown, install, version, part)) all.push_back(std::move(one));
  return all;
}

}  // namespace lull
