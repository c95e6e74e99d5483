// The state as JSON.
#include "bridge/api/state.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "automations/outlook.hpp"
#include "bridge/home_assistant/states.hpp"
#include "bridge/home_assistant/words.hpp"
#include "bridge/roads.hpp"

namespace lull {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostPoints = 400;  // of a track's line

Json text_or_null(std::string_view text) { return text.empty() ? Json() : Json(text); }
Json flag(std::optional<bool> value) { return value ? Json(*value) : Json(); }
Json tenth(std::optional<double> value) {
  return value && std::isfinite(*value) ? Json(std::round(*value * 10) / 10) : Json();
}
template <class Quantity>
Json quantity(const std::optional<Quantity>& value) {
  return value ? tenth(value->value()) : Json();
}
std::int64_t whole_seconds(milliseconds d) { return duration_cast<seconds>(d).count(); }

/// When, on the home's clock: null while the time is not known.
struct Times {
  const Hub& hub;
  Json utc(std::optional<Utc> at) const { return at ? Json(iso(hub.house->zone, *at)) : Json(); }
  Json at(std::optional<Instant> when) const {
    if (!when || !hub.utc_minus_boot || *when == Instant{}) return Json();
    return utc(Utc{when->since_boot + *hub.utc_minus_boot});
  }
};

// ---- routines -------------------------------------------------------------------------------------------------------

/// The level of one device over the time of a score, without the points that a straight line passes through anyway.
Json points_of(const Routine& routine, DeviceId device) {
  struct Point {
    std::int64_t s;
    double level;
  };
  std::vector<Point> line;
  const std::int64_t length = whole_seconds(routine.length);
  const std::int64_t step = std::max<std::int64_t>(1, length / 3600);
  const auto level_at = [&](std::int64_t s) {
    for (const Demand& d : desired(routine, milliseconds{s * 1000}))
      if (d.device == device) return d.output.level.value();
    return 0.0;
  };
  for (std::int64_t s = 0; s <= length; s += step) {
    const Point next{s, s == length ? 0 : level_at(s)};
    if (line.size() >= 2) {
      const Point &a = line[line.size() - 2], &b = line.back();
      const double between =
          a.level + (next.level - a.level) * static_cast<double>(b.s - a.s) / static_cast<double>(next.s - a.s);
      if (std::abs(between - b.level) < 0.25) line.pop_back();
    }
    line.push_back(next);
  }
  Json points = Json::array();
  const std::size_t every = line.size() / kMostPoints + 1;
  for (std::size_t i = 0; i < line.size(); i += every) points.push_back({line[i].s, tenth(line[i].level)});
  return points;
}

Json routine_json(const Routine& routine, const House& house) {
  Json score = Json::array();
  std::vector<DeviceId> drawn;
  bool heat = false;
  for (const Track& track : routine.tracks) {
    heat = heat || track.kind == TrackKind::heat;
    if (track.kind == TrackKind::words) {
      score.push_back(
          {{"track", "words"}, {"device", nullptr}, {"at_s", whole_seconds(track.at)}, {"text", track.words}});
      continue;
    }
    if (std::find(drawn.begin(), drawn.end(), track.device) != drawn.end()) continue;
    drawn.push_back(track.device);
    score.push_back({{"track", word_for(track.kind)},
                     {"device", house.devices[track.device.index].id},
                     {"program", track.kind == TrackKind::massage ? Json(word_for(track.program)) : Json()},
                     {"points", points_of(routine, track.device)}});
  }
  return {{"id", routine.name},
          {"name", spoken(routine.name)},
          {"in_words", in_words(routine, house)},
          {"minutes", tenth(static_cast<double>(routine.length.count()) / 60'000)},
          {"heat", heat},
          {"gentle", routine.gentle},
          {"score", score}};
}

// ---- devices --------------------------------------------------------------------------------------------------------

Json trial_json(const TrialView& trial, const Times& times) {
  return {{"state", word_for(trial.state)},
          {"text", text_or_null(trial.text)},
          {"at", trial.at == Utc{} ? Json() : times.utc(trial.at)},
          {"step", trial.of > 0 ? Json(trial.step) : Json()},
          {"of", trial.of > 0 ? Json(trial.of) : Json()}};
}

Json device_json(const Hub& hub, const DeviceView& is, const Times& times) {
  const House& house = *hub.house;
  const Device& device = house.devices[is.device.index];
  const Actuator& a = hub.actuators[is.device.index];
  const auto& battery = hub.vitals[is.device.index].battery;
  Json j{{"id", device.id},
         {"name", device.name},
         {"kind", word_for(device.kind)},
         {"for", device.sleeper ? Json(house.sleepers[device.sleeper->index].id) : Json()},
         {"actuator", is_actuator(device.kind)},
         {"reachable", is.reachable},
         {"battery_percent", quantity(battery)}};
  if (device.kind == Kind::movement)
    j["stream"] = word_for(device.stream), j["limits"] = words_for_limits(device.stream, device.epoch, device.hold_off);
  if (!is_actuator(device.kind)) return j;
  j["on"] = flag(is.on);
  j["level"] = quantity(is.on == false ? std::optional(0_pct) : is.level);
  j["wanted"] = tenth(is.wanted.value());
  j["off"] = {{"proved", is.off_proved},
              {"by", word_for(is.off_proof)},
              {"text", text_or_null(is.off_text)},
              {"asked_at", told_on(a) ? Json() : times.at(a.told_first)},
              {"said_at", times.at(a.off_said_at)}};
  j["faulty"] = is.faulty, j["tripped"] = is.tripped;
  j["refusal"] = is.refusal == Refusal::none ? Json() : Json(code_of(is.refusal));
  j["why"] = text_or_null(is.why);
  j["watts"] = quantity(is.watts);
  j["owner"] = text_or_null(is.owner);
  j["hand"] = is.hand;
  if (device.kind == Kind::massage_pad) {
    j["program"] = word_for(is.program);
    Json programs = Json::array();
    for (const Program p : {Program::steady, Program::gentle, Program::wave, Program::pulse})
      programs.push_back(word_for(p));
    j["programs"] = programs;
  }
  if (device.kind == Kind::heat_pad) j["surface_celsius"] = quantity(is.surface);
  if (!has_force(device.kind)) return j;
  j["timer"] = word_for(is.timer);
  j["tier"] = std::string(1, static_cast<char>('A' + static_cast<int>(is.tier)));
  j["used_tonight_s"] = is.used_tonight.count();
  j["left_tonight_s"] = is.left_tonight.count();
  Json findings = Json::array();
  for (const Finding& f : is.findings)
    findings.push_back(
        {{"code", word_for(f.flaw)}, {"refuses", f.refuses}, {"text", f.sentence}, {"remedy", text_or_null(f.remedy)}});
  j["findings"] = findings;
  j["trial"] = trial_json(is.trial, times);
  j["conforming"] = !refusing(is.findings) && is.timer != Timer::unknown;
  j["model"] = text_or_null(is.model), j["firmware"] = text_or_null(is.firmware);
  j["address"] = text_or_null(is.address);
  return j;
}

// ---- sleepers -------------------------------------------------------------------------------------------------------

Json dose_json(const DoseView& dose) {
  return {{"used_s", dose.used.count()}, {"left_s", dose.left.count()}, {"percent_minutes", dose.level_minutes}};
}

/// Whether replays are weaker or rarer than chosen, why, and until when.
Json back_off_json(const BackOffView& is) {
  return {{"state", word_for(is.state)},
          {"level_percent_of_chosen", is.level.whole()},
          {"times_as_far_apart", is.times_as_far_apart},
          {"since", text_or_null(is.since)},
          {"why", text_or_null(is.why)},
          {"until", text_or_null(is.until)},
          {"signs_of_waking", text_or_null(is.signs)}};
}

/// What each movement sensor counts, and what it cannot tell.
Json sensors_json(const House& house, const DetectorView& detector) {
  Json all = Json::array();
  for (const SensorView& s : detector.sensors) {
    const Device& d = house.devices[s.device.index];
    all.push_back({{"device", d.id},
                   {"name", s.name},
                   {"movements", s.count},
                   {"needed", s.need},
                   {"heard", s.witness},
                   {"limits", words_for_limits(d.stream, d.epoch, d.hold_off)}});
  }
  return all;
}

Json sleeper_json(const Hub& hub, const SleeperView& is) {
  const Sleeper& sleeper = hub.house->sleepers[is.sleeper.index];
  const DetectorView& d = is.detector;
  // While gated nobody knows: unknown is not quiet.
  const auto known = [&](Json value) { return is.restless_known ? std::move(value) : Json(); };
  const auto counted = [&](Json value) { return is_counted(is) ? std::move(value) : Json(); };
  const auto maybe = [](const std::optional<std::int32_t>& value) { return value ? Json(*value) : Json(); };
  return {{"id", sleeper.id},
          {"name", sleeper.name},
          {"side", text_or_null(sleeper.side)},
          {"in_bed", flag(is.in_bed)},
          {"restless", known(d.restless)},
          {"index", known(tenth(d.index))},
          {"movements", known(d.count)},
          {"threshold", counted(d.need)},
          {"threshold_by_default", counted(d.usual_need)},
          {"window_s", counted(d.window.count())},
          {"usual_movements", tenth(d.usual)},
          {"nights_learned", d.nights},
          {"sensors", sensors_json(*hub.house, d)},
          {"disagreement", text_or_null(d.disagreement)},
          {"estimate", text_or_null(d.state)},
          {"heart",
           {{"rate", maybe(d.heart_rate)},
            {"when_quiet", maybe(d.heart_quiet)},
            {"coverage_percent", tenth(d.heart_coverage)}}},
          {"movements_per_hour", tenth(d.movements_per_hour)},
          {"counting", words_for(d.gate)},
          {"text", text_or_null(d.text)},
          {"episodes_tonight", counted(is.episodes_tonight)},
          {"replays_tonight", is.replays_tonight},
          {"heat", dose_json(is.heat)},
          {"massage", dose_json(is.massage)},
          {"back_off", back_off_json(is.back_off)},
          {"sedatives_tonight", is.sedatives_tonight},
          {"quality",
           {{"coverage_hour_percent", tenth(d.coverage_hour)},
            {"coverage_tonight_percent", tenth(d.coverage_tonight)},
            {"gaps_in_hour", d.gaps},
            {"battery_percent", quantity(is.sensor_battery)}}}};
}

Json last_night_json(const House& house, const LastNight& n) {
  const auto count = [](const std::optional<int>& v) { return v ? Json(*v) : Json(); };
  return {{"sleeper", house.sleepers[n.sleeper.index].id},
          {"night", n.night},
          {"restless_minutes", tenth(n.restless_minutes)},
          {"in_bed_minutes", tenth(n.in_bed_minutes)},
          {"movements_per_hour", tenth(n.movements_per_hour)},
          {"coverage_percent", tenth(n.coverage_percent)},
          {"episodes", count(n.episodes)},
          {"replays", count(n.replays)},
          {"sessions", count(n.sessions)},
          {"sessions_compared", count(n.compared)},
          {"before_per_hour", tenth(n.before_per_hour)},
          {"after_per_hour", tenth(n.after_per_hour)}};
}

template <class T, class Each>
Json list(const std::vector<T>& of, Each each) {
  Json all = Json::array();
  for (const T& one : of) all.push_back(each(one));
  return all;
}

}  // namespace

Json frame_of(const House& house, const std::string& install, const std::string& version) {
  return {{"install", install},
          {"version", version},
          {"home", {{"name", house.name}, {"time_zone", house.zone.name()}}},
          {"routines", list(house.routines, [&](const Routine& r) { return routine_json(r, house); })}};
}

Json state_of(const Json& frame, const Hub& hub, const Seen& seen) {
  const House& house = *hub.house;
  const View& view = seen.view;
  const Times times{hub};
  Json s = frame;
  s["at"] = times.utc(utc(hub));
  s["night"] = text_or_null(view.night);
  s["status"] = view.status, s["status_why"] = view.status_why;
  s["stopped"] = view.stopped, s["leaving"] = view.leaving, s["ready"] = view.ready;
  s["link_up"] = hub.link_up, s["store_healthy"] = hub.store_healthy;
  s["not_tonight"] = view.not_tonight, s["night_replay"] = view.night_replay;
  s["heat_problem"] = heat_problem(house, view);
  const AllMassage massage = all_massage(house, view);
  s["massage"] = {{"on", flag(massage.on)},
                  {"level", quantity(massage.on == false ? std::optional(0_pct) : massage.level)},
                  {"program", massage.program == kUnknown ? Json() : Json(massage.program)}};
  const Shown& shown = seen.shown;  // null: a road that is not used
  s["home_assistant"] = shown.home_assistant ? road_json(*shown.home_assistant) : Json();
  s["ntfy"] = shown.ntfy ? road_json(*shown.ntfy, house.zone) : Json();
  s["devices"] = list(view.devices, [&](const DeviceView& d) { return device_json(hub, d, times); });
  s["sleepers"] = list(view.sleepers, [&](const SleeperView& v) { return sleeper_json(hub, v); });
  s["plays"] = list(view.plays, [](const PlayView& p) -> Json {
    return {{"routine", p.routine}, {"name", spoken(p.routine)},          {"door", p.door},
            {"step", p.step},       {"step_left_s", p.step_left.count()}, {"left_s", p.left.count()},
            {"paused", p.paused}};
  });
  Json rules = Json::array();
  const auto next = chances(hub);
  for (std::size_t i = 0; i < next.size(); ++i)
    rules.push_back({{"name", house.rules[i].name},
                     {"on", hub.rules[i].allowed},
                     {"on_tonight", !hub.rules[i].resting},
                     {"in_words", in_words(house.rules[i], house)},
                     {"acted_tonight", hub.rules[i].used.times},
                     {"next", times.utc(next[i].at)},
                     {"next_text", next[i].text}});
  s["rules"] = rules;
  for (std::size_t i = 0; i < hub.routines.size(); ++i)
    s["routines"][i]["on"] = hub.routines[i].allowed, s["routines"][i]["on_tonight"] = !hub.routines[i].resting;
  s["plan"] = plan_of_the_night(hub);
  s["preflight"] = {
      {"ready", flag(view.ready_for_the_night)},
      {"at", times.utc(view.preflight.done_at)},
      {"checks", list(view.preflight.checks, [](const Check& c) -> Json {
         return {
             {"about", c.about}, {"state", word_for(c.state)}, {"text", c.text}, {"remedy", text_or_null(c.remedy)}};
       })}};
  s["last_night"] = list(shown.nights, [&](const LastNight& n) { return last_night_json(house, n); });
  s["held"] = view.held;
  const auto& d = shown.decision;
  s["last_decision"] = d ? Json{{"about", d->about}, {"outcome", word_for(d->outcome)}, {"why", d->why}} : Json();
  return s;
}

Json without_diary(Json state) {
  state["last_night"] = Json::array();
  state["last_decision"] = nullptr;
  constexpr std::string_view kTheirs[] = {"restless",
                                          "index",
                                          "movements_per_hour",
                                          "text",
                                          "movements",
                                          "usual_movements",
                                          "sensors",
                                          "disagreement",
                                          "estimate",
                                          "heart",
                                          "back_off",
                                          "episodes_tonight",
                                          "replays_tonight",
                                          "nights_learned",
                                          "threshold",
                                          "threshold_by_default",
                                          "sedatives_tonight"};
  for (Json& sleeper : state["sleepers"])
    for (const std::string_view key : kTheirs) sleeper[std::string(key)] = nullptr;  // not told: 0 would be a figure
  for (Json& rule : state["rules"]) rule["acted_tonight"] = nullptr, rule["next_text"] = "";
  return state;
}

Json merge_patch_of(const Json& before, const Json& now) {
  Json patch = Json::object();
  for (const auto& [key, value] : before.items())
    if (!now.contains(key)) patch[key] = nullptr;
  for (const auto& [key, value] : now.items()) {
    const auto was = before.find(key);
    if (was == before.end()) {
      patch[key] = value;
    } else if (*was != value) {
      const bool both = was->is_object() && value.is_object();
      patch[key] = both ? merge_patch_of(*was, value) : value;
    }
  }
  return patch;
}

}  // namespace lull
