// "Why did nothing happen at 02:00?": how everything stood at a moment, and what each would have needed to act.
#include <cmath>

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
         (verdict.text.empty() ? "it has no further conditions" : verdict.text);
}

/// "12 of 60 min used tonight"
std::string dose_text(const PersonDose& dose, minutes night) {
  return std::to_string(duration_cast<minutes>(dose.meter.kept.on + 59s).count()) + " of " +
         std::to_string(night.count()) + " min used tonight (" + std::to_string(dose.meter.kept.level_ms / 60'000) +
         " %·min)";
}

/// What they were given, what of their flags holds tonight, and which sensor is not believed.
std::string given_text(const Hub& hub, std::size_t s) {
  const SleeperState& sleeper = hub.sleepers[s];
  const Limits limits = tightest(hub.house->sleepers[s].limits, kHard);
  std::string text;
  for (const Device& d : hub.house->devices) {
    if (!has_force(d.kind) || d.sleeper.value_or(SleeperId{static_cast<std::uint16_t>(s)}).index != s) continue;
    text = "; heat: " + dose_text(sleeper.heat, limits.heat_night) +
           "; massage: " + dose_text(sleeper.massage, limits.massage_night);
  }
  for (const Flag flag : sleeper.tonight) text += "; tonight: " + std::string(word_for(flag));
  if (sleeper.replayed.times > 0)
    text += "; " + std::to_string(sleeper.replayed.times) + " of " + std::to_string(limits.replays_a_night) +
            " replays of a night";
  for (const PresenceSensor& sensor : sleeper.presence)
    if (!sensor.said && sensor.heard)
      text += "; " + hub.house->devices[sensor.device.index].name + " has said nothing for " +
              minutes_text(hub.now - *sensor.heard) + " and is not believed";
  return text;
}

/// What the numbers are worth: "94 % of the last hour and 97 % of tonight could be counted, 2 gaps; battery 80 %"
std::string quality_text(const DetectorView& d, const std::optional<Percent>& battery) {
  std::string text = std::to_string(std::lround(d.coverage_hour)) + " % of the last hour and " +
                     std::to_string(std::lround(d.coverage_tonight)) + " % of tonight could be counted";
  if (d.gaps > 0) text += ", " + std::to_string(d.gaps) + (d.gaps == 1 ? " gap" : " gaps");
  if (battery) text += "; battery " + std::to_string(battery->whole()) + " %";
  return text;
}

std::string sleeper_text(const Hub& hub, std::size_t s) {
  const SleeperState& sleeper = hub.sleepers[s];
  const DetectorView d = sleeper.detector.view(hub.now);
  std::string text = !sleeper.in_bed ? "nobody can tell whether in bed" : *sleeper.in_bed ? "in bed" : "not in bed";
  if (sleeper.detector.sensors.empty()) return text + "; no movement sensor is assigned";
  text += sleeper.restless ? "; estimated restless" : "; not restless";
  if (d.gate != Gate::open) {
    text += "; movement is not counted: " + std::string(words_for(d.gate));
  } else {
    text += ": " + d.text;
    if (!d.disagreement.empty()) text += "; " + d.disagreement;
    if (!d.state.empty()) text += "; " + d.state;
  }
  if (!d.heart.empty()) text += "; " + d.heart;
  return text + "; " + quality_text(d, sleeper_battery(hub, SleeperId{static_cast<std::uint16_t>(s)}));
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
  std::string text = !a.on ? "has not said whether it is on" : *a.on ? "on" : "off";
  if (a.on == true && a.level && kind != Kind::heat_pad) text += " at " + std::to_string(a.level->whole()) + " %";
  if (rests_off(hub.house->devices[i]) && a.on != true) text += ": " + proof_text(a);
  if (a.watts) text += ", draws " + std::to_string(a.watts->whole()) + " W";
  if (a.standing.surface) text += ", surface " + std::to_string(a.standing.surface->celsius.whole()) + " °C";
  text += a.owner.empty()
              ? "; nobody wants anything of it"
              : "; " + a.owner + " wants " + std::to_string(a.wanted.fade_to.value_or(a.wanted.level).whole()) + " %";
  if (a.refusal != Refusal::none) text += "; refused: " + a.why;
  for (const Finding& f : findings_of(a.standing)) text += (f.refuses ? "; not usable: " : "; note: ") + text_of(f);
  if (a.trial.at != Utc{}) text += "; set-up test " + a.trial.outcome;
  if (a.standing.faulty) text += "; fault: " + a.standing.fault;
  if (a.standing.watch.probes.size() > 1)
    for (const Probe& probe : a.standing.watch.probes)
      if (probe.last)
        text += ", thermometer " + std::to_string(&probe - a.standing.watch.probes.data() + 1) + ": " +
                std::to_string(probe.last->celsius.whole()) + " °C";
  if (has_force(kind)) text += "; " + minutes_text(a.standing.dose.kept.on) + " used tonight";
  return text;
}

}  // namespace

std::vector<Standpoint> explain(const Hub& hub, Instant) {
  std::vector<Standpoint> all;
  if (hub.stopped) all.push_back({"STOP", "is on: nothing runs until a person releases it"});
  if (!hub.link_up) all.push_back({"broker", "not connected"});
  if (!hub.ready) all.push_back({"Lull", "not ready: not every device has shown that it is off"});
  if (hub.not_tonight) all.push_back({"tonight", "a person said: not tonight"});
  if (!hub.night_replay) all.push_back({"night replay", "switched off"});
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
  for (std::size_t s = 0; s < hub.sleepers.size(); ++s)
    all.push_back({hub.house->sleepers[s].name, sleeper_text(hub, s) + given_text(hub, s)});
  for (std::size_t s = 0; s < hub.sleepers.size(); ++s)
    if (std::string words = back_off_text(hub, s); !words.empty())
      all.push_back({"replays for " + hub.house->sleepers[s].name, std::move(words)});
  for (std::size_t i = 0; i < hub.rules.size(); ++i)
    all.push_back({"rule " + hub.house->rules[i].name, rule_text(hub, i)});
  for (std::size_t i = 0; i < hub.actuators.size(); ++i)
    if (is_actuator(hub.house->devices[i].kind)) all.push_back({hub.house->devices[i].name, device_text(hub, i)});
  return all;
}

}  // namespace lull
