// "Why did nothing happen at 02:00?": how everything stood at a moment, and what each would have needed to act.
#include <algorithm>
#include <cmath>

#include "automations/alarm_clock.hpp"
#include "automations/hub.hpp"
#include "automations/rules/conditions.hpp"
#include "automations/turn.hpp"
#include "automations/view.hpp"
#include "devices/safety/gate.hpp"

namespace lull {
namespace {

std::string rule_text(const Hub& hub, std::size_t i) {
  const Rule& rule = hub.house->rules[i];
  std::string waits;
  for (const Trigger& trigger : rule.when) waits += (waits.empty() ? "acts " : " or ") + text_of(trigger, *hub.house);
  const MayAct verdict = may_act(hub, i);
  return waits + (verdict.may ? ". It could have acted: " : ". It could not have acted: ") +
         (verdict.text.empty() ? "nothing else was needed" : verdict.text);
}

/// "12 of 60 min (480 %·min)"
std::string dose_text(const PersonDose& dose, minutes night) {
  return std::to_string(duration_cast<minutes>(dose.meter.kept.on + 59s).count()) + " of " +
         std::to_string(night.count()) + " min (" + std::to_string(dose.meter.kept.level_ms / 60'000) + " %·min)";
}

void add(std::string& to, const std::string& part, const char* by = "; ") {
  if (!part.empty()) to += (to.empty() ? "" : by) + part;
}

/// What they were given, what of their flags holds tonight, and which sensor is not believed.
std::string given_text(const Hub& hub, std::size_t s) {
  const SleeperState& sleeper = hub.sleepers[s];
  const Limits limits = tightest(hub.house->sleepers[s].limits, kHard);
  std::string text;
  const auto theirs = [&](const Device& d) {
    return has_force(d.kind) && d.sleeper.value_or(SleeperId{static_cast<std::uint16_t>(s)}).index == s;
  };
  if (std::any_of(hub.house->devices.begin(), hub.house->devices.end(), theirs))
    text = "heat " + dose_text(sleeper.heat, limits.heat_night) + ", massage " +
           dose_text(sleeper.massage, limits.massage_night);
  if (sleeper.replayed.times > 0)
    add(text, std::to_string(sleeper.replayed.times) + " of " + std::to_string(limits.replays_a_night) + " replays",
        ", ");
  for (const Flag flag : sleeper.tonight) add(text, "flag of tonight: " + std::string(word_for(flag)));
  for (const PresenceSensor& sensor : sleeper.presence)
    if (!sensor.said && sensor.heard)
      add(text, hub.house->devices[sensor.device.index].name + " has said nothing for " +
                    minutes_text(hub.now - *sensor.heard) + " and is not believed");
  return text;
}

/// What the numbers are worth: "94 % of the last hour, 97 % of tonight, 2 gaps; battery 80 %"
std::string quality_text(const DetectorView& d, const std::optional<Percent>& battery) {
  if (!d.coverage_tonight) return "nobody was in this bed tonight";
  std::string text = std::to_string(std::lround(d.coverage_hour.value_or(0))) + " % of the last hour, " +
                     std::to_string(std::lround(*d.coverage_tonight)) + " % of tonight";
  if (d.gaps > 0) text += ", " + std::to_string(d.gaps) + (d.gaps == 1 ? " gap" : " gaps");
  if (battery) text += "; battery " + std::to_string(battery->whole()) + " %";
  return text;
}

std::string sleeper_text(const Hub& hub, std::size_t s) {
  const SleeperState& sleeper = hub.sleepers[s];
  const DetectorView d = sleeper.detector.view(hub.now);
  std::string text = !sleeper.in_bed ? "nobody can tell whether in bed" : *sleeper.in_bed ? "in bed" : "not in bed";
  const SleeperId id{static_cast<std::uint16_t>(s)};
  if (has_alarm_clock(*hub.house, id)) text += "; " + alarm_text(hub, id);
  if (sleeper.detector.sensors.empty()) return text + "; no movement sensor is assigned";
  text += sleeper.restless ? "; estimated restless" : "; not restless";
  if (d.gate != Gate::open) {
    text += "; movement is not counted: " + std::string(words_for(d.gate));
  } else {
    text += ": " + d.text;
    if (!d.disagreement.empty()) text += "; " + d.disagreement;
    if (!d.state.empty()) text += "; " + d.state;
  }
  return d.heart.empty() ? text : text + "; " + d.heart;
}

void say_sleeper(const Hub& hub, std::size_t s, std::vector<Standpoint>& all) {
  const SleeperState& sleeper = hub.sleepers[s];
  const std::string& name = hub.house->sleepers[s].name;
  all.push_back({name, sleeper_text(hub, s)});
  if (!sleeper.detector.sensors.empty())
    all.push_back({name + ", measured", quality_text(sleeper.detector.view(hub.now),
                                                     sleeper_battery(hub, SleeperId{static_cast<std::uint16_t>(s)}))});
  if (std::string given = given_text(hub, s); !given.empty())
    all.push_back({name + ", given tonight", std::move(given)});
}

/// Whether replays are weaker or rarer than chosen, why, and until when; "" = as they were chosen.
std::string back_off_text(const Hub& hub, std::size_t s) {
  const BackOffView is = view(hub.sleepers[s].relief, hub.house->sleepers[s].back_off);
  if (is.state == BackOffView::State::off) return "as they were chosen: back-off is " + is.why;
  const std::string words = words_for(hub.sleepers[s].relief);
  return words.empty() ? "" : words + "; " + is.until;
}

std::string device_text(const Hub& hub, std::size_t i) {
  const Actuator& a = hub.actuators[i];
  const Kind kind = hub.house->devices[i].kind;
  const bool proves = rests_off(hub.house->devices[i]) && a.on != true;
  std::string text = !a.on ? "has not said whether it is on" : *a.on ? "on" : proves ? proof_text(a) : "off";
  if (a.on == true && a.level && kind != Kind::heat_pad) text += " at " + std::to_string(a.level->whole()) + " %";
  if (proves && !a.on) text += "; " + proof_text(a);
  if (a.watts) text += "; draws " + std::to_string(a.watts->whole()) + " W";
  if (a.standing.surface) text += "; surface " + std::to_string(a.standing.surface->celsius.whole()) + " °C";
  if (a.standing.watch.probes.size() > 1)
    for (const Probe& probe : a.standing.watch.probes)
      if (probe.last)
        text += ", thermometer " + std::to_string(&probe - a.standing.watch.probes.data() + 1) + ": " +
                std::to_string(probe.last->celsius.whole()) + " °C";
  text += a.owner.empty()
              ? "; nobody wants it on"
              : "; " + a.owner + " wants " + std::to_string(a.wanted.fade_to.value_or(a.wanted.level).whole()) + " %";
  if (a.refusal != Refusal::none) text += "; refused: " + a.why;
  for (const Finding& f : findings_of(a.standing)) text += (f.refuses ? "; not usable: " : "; note: ") + text_of(f);
  if (a.standing.faulty) text += "; fault: " + a.standing.fault;
  if (has_force(kind)) text += "; " + minutes_text(a.standing.dose.kept.on) + " used tonight";
  return text;
}

void say_device(const Hub& hub, std::size_t i, std::vector<Standpoint>& all) {
  const std::string& name = hub.house->devices[i].name;
  all.push_back({name, device_text(hub, i)});
  if (const TrialResult& trial = hub.actuators[i].trial; trial.at != Utc{})
    all.push_back({name + ", set-up test", trial.outcome});
}

}  // namespace

std::vector<Standpoint> explain(const Hub& hub, Instant) {
  std::vector<Standpoint> all;
  if (hub.stopped) all.push_back({"STOP", "is on: nothing runs until a person releases it"});
  if (!hub.link_up) all.push_back({"broker", "not connected"});
  if (!hub.ready) all.push_back({"Lull", "not ready: not every device has shown that it is off"});
  if (hub.not_tonight) all.push_back({"tonight", "a person said: not tonight"});
  if (!hub.night_replay) all.push_back({"night replay", "switched off"});
  for (std::size_t i = 0; i < hub.routines.size(); ++i)
    if (std::string off = switched_off(hub.routines[i], "it"); !off.empty())
      all.push_back({"routine " + hub.house->routines[i].name, off + "; a person may begin it"});
  if (hub.behind) all.push_back({"Lull", "catches up: " + hub.behind->why + "; nothing begins"});
  if (hub.preflight.done_at)
    all.push_back(
        {"tonight", "looked at everything at " + clock_text(local(hub.house->zone, *hub.preflight.done_at)) + ": " +
                        (*ready_for_the_night(hub.preflight) ? "ready for the night" : "something needed a look")});
  for (const Check& c : hub.preflight.checks)
    if (c.state != Check::State::fine)
      all.push_back({"tonight: " + c.about, c.text + (c.remedy.empty() ? "" : ". " + c.remedy)});
  for (const Held& h : hub.hush.held) all.push_back({"phone", "kept for the morning: " + h.text});
  for (const Play& play : hub.plays) {
    const Step step = step_at(*hub.house->routine(play.routine), play.elapsed);
    all.push_back({play.routine, (play.paused ? "paused at " : "plays: ") + step.name + ", asked for by " + play.by});
  }
  for (std::size_t s = 0; s < hub.sleepers.size(); ++s) say_sleeper(hub, s, all);
  for (std::size_t s = 0; s < hub.sleepers.size(); ++s)
    if (std::string words = back_off_text(hub, s); !words.empty())
      all.push_back({"replays for " + hub.house->sleepers[s].name, std::move(words)});
  for (std::size_t i = 0; i < hub.rules.size(); ++i)
    all.push_back({"rule " + hub.house->rules[i].name, rule_text(hub, i)});
  for (std::size_t i = 0; i < hub.actuators.size(); ++i)
    if (is_actuator(hub.house->devices[i].kind)) say_device(hub, i, all);
  return all;
}

}  // namespace lull
