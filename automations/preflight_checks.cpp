// The single checks: broker and bridges, clock and disk, sensors and batteries, and what tonight's routines need.
#include <algorithm>
#include <set>

#include "automations/alarm_clock.hpp"
#include "automations/hub.hpp"
#include "automations/preflight.hpp"
#include "automations/turn.hpp"
#include "devices/dialects/dialect.hpp"

namespace lull {
namespace {

using State = Check::State;

/// No clock that says less has been set: this was written later.
constexpr Utc kWritten{milliseconds{1'793'491'200'000}};  // 2026-11-01
constexpr minutes kJumpIsOld{10};
constexpr Output kUsual{40_pct, {}, {}, 0ms};

std::string span(milliseconds d) {
  if (d < 2h) return minutes_text(d);
  return std::to_string((d + 30min) / 1h) + " h";
}

struct Look {
  const Hub& hub;
  std::vector<Check>& all;

  const House& house() const { return *hub.house; }
  /// For how long it could be heard without a break; nothing = there is no broker.
  std::optional<milliseconds> listened() const {
    if (!hub.link_up_since) return std::nullopt;
    return hub.now - std::max(*hub.link_up_since, hub.stalled_at.value_or(Instant{}));
  }
  /// "Lull connected 20 s ago": since when it could be heard.
  std::string since_when() const {
    const bool stall = hub.stalled_at.value_or(Instant{}) > hub.link_up_since.value_or(Instant{});
    return std::string(stall ? "Lull stood still, " : "Lull connected ") + span(listened().value_or(0ms)) + " ago";
  }
  void fine(std::string about, std::string text) const {
    all.push_back({State::fine, std::move(about), std::move(text), ""});
  }
  void unknown(std::string about, std::string text, std::string remedy = "") const {
    all.push_back({State::unknown, std::move(about), std::move(text), std::move(remedy)});
  }
  void wrong(std::string about, std::string text, std::string remedy) const {
    all.push_back({State::wrong, std::move(about), std::move(text), std::move(remedy)});
  }
};

// ---- Lull itself ----------------------------------------------------------------------------------------------------

void clock(const Look& look) {
  const auto now = utc(look.hub);
  if (!now) return look.wrong("clock", "the time is not known", "Let the machine set its clock (NTP).");
  const Zone& zone = look.house().zone;
  const std::string shows = text(local(zone, *now)) + " in " + zone.name();
  if (*now < kWritten)
    return look.wrong("clock", "it shows " + shows + ", which is past", "Let the machine set its clock (NTP).");
  if (look.hub.clock_jumped && look.hub.now - *look.hub.clock_jumped < kJumpIsOld)
    return look.unknown("clock",
                        "it was set " + span(look.hub.now - *look.hub.clock_jumped) + " ago and shows " + shows,
                        "Look whether that is right.");
  const int there = local(zone, *now).time.minute, later = local(zone, *now + 12h).time.minute;
  const bool changes = (later - there + 48 * 60) % (24 * 60) != 12 * 60;
  look.fine("clock", "shows " + shows + (changes ? "; the clocks change tonight" : ""));
}

void broker(const Look& look) {
  if (!look.hub.link_up)
    return look.wrong("broker", "there is no connection", "Look whether the broker runs and the network is up.");
  look.fine("broker", "connected for " + span(look.hub.now - look.hub.link_up_since.value_or(look.hub.now)));
}

void store(const Look& look) {
  look.hub.store_healthy ? look.fine("disk", "writes")
                         : look.wrong("disk", "cannot be written", "Make room on it, or look whether it is broken.");
}

void wishes(const Look& look) {
  if (look.hub.stopped) look.wrong("STOP", "is on: nothing will run tonight", "Release it.");
  if (look.hub.not_tonight) look.unknown("tonight", "a person said: not tonight");
}

// ---- bridges --------------------------------------------------------------------------------------------------------

void bridges(const Look& look) {
  std::set<std::pair<std::string, std::string>> seen;
  const auto& devices = look.house().devices;
  for (std::size_t i = 0; i < devices.size(); ++i) {
    const Dialect* dialect = dialect_called(devices[i].speaks);
    if (!dialect || !dialect->ask_bridge || !seen.emplace(devices[i].speaks, devices[i].base).second) continue;
    const std::string about = devices[i].base.empty() ? devices[i].speaks : devices[i].speaks + " " + devices[i].base;
    if (!look.hub.link_up) {
      look.unknown(about, "cannot be asked without a broker");
      continue;
    }
    // Any device behind the same bridge may have been the one that the answer was told for.
    std::optional<Instant> answered;
    bool healthy = false, any_in_reach = false;
    for (std::size_t j = 0; j < devices.size(); ++j) {
      if (devices[j].speaks != devices[i].speaks || devices[j].base != devices[i].base) continue;
      const Vital& vital = look.hub.vitals[j];
      if (vital.bridge_answered > answered) answered = vital.bridge_answered, healthy = vital.bridge_healthy;
      any_in_reach = any_in_reach || look.hub.actuators[j].standing.reachable;
    }
    const auto& begun = look.hub.preflight.begun;
    if (begun && answered >= begun) {
      healthy ? look.fine(about, "answers")
              : look.wrong(about, "answers that it is not well", "Look into its log, and restart it.");
    } else if (begun && (look.hub.behind || look.hub.stalled_at > begun || look.hub.link_up_since > begun)) {
      look.unknown(about, "it has not yet told: its answer may have been lost while Lull could not listen");
    } else if (begun) {
      look.wrong(about, any_in_reach ? "says that it is online, but does not answer: it hangs" : "is offline",
                 "Restart it. Without it nothing behind it can be switched on.");
    } else {
      look.unknown(about,
                   answered ? "last answered " + span(look.hub.now - *answered) + " ago" : "has not been asked yet");
    }
  }
}

// ---- sensors --------------------------------------------------------------------------------------------------------

void sensor(const Look& look, std::size_t i) {
  const Device& device = look.house().devices[i];
  const Vital& vital = look.hub.vitals[i];
  const bool needs_to_speak =
      device.kind == Kind::movement || device.kind == Kind::presence || device.kind == Kind::thermometer;
  if (device.kind == Kind::alarm_clock)  // silent until somebody sets it, and a phone may be off
    return look.fine(device.name, alarm_text(look.hub, device.sleeper.value_or(SleeperId{})));
  if (!look.hub.actuators[i].standing.reachable)
    return look.wrong(device.name, "cannot be reached", "Look whether it has power and radio.");
  if (vital.battery && *vital.battery <= kBatteryLow)
    return look.wrong(device.name, "its battery is at " + std::to_string(vital.battery->whole()) + " %",
                      "Change or charge it today.");
  const std::string battery = vital.battery ? ", battery " + std::to_string(vital.battery->whole()) + " %" : "";
  const milliseconds may = may_be_silent(device, vital);
  if (vital.heard) {
    const milliseconds silent = look.hub.now - *vital.heard;
    if (needs_to_speak && silent > may && look.listened().value_or(0ms) <= may)
      return look.unknown(device.name, look.listened() ? "it has not yet told anything since " + look.since_when()
                                                       : "cannot be heard without a broker");
    if (needs_to_speak && silent > may)
      return look.wrong(
          device.name, "has been silent for " + span(silent),
          device.kind == Kind::movement ? "Put it on, or charge it." : "Look whether it has power and radio.");
    return look.fine(device.name, "heard " + span(silent) + " ago" + battery);
  }
  if (device.kind == Kind::heart_rate) return look.fine(device.name, "not worn yet, as far as was heard" + battery);
  if (!needs_to_speak) return look.fine(device.name, "nothing was pressed yet" + battery);
  if (!look.listened()) return look.unknown(device.name, "has not been heard yet");
  const milliseconds since = *look.listened();
  if (since > may)
    return look.wrong(device.name, "has not been heard for " + span(since), "Look whether it has power and radio.");
  look.unknown(device.name, "has not been heard since " + look.since_when());
}

// ---- what the routines need -----------------------------------------------------------------------------------------

/// What each device would be asked for tonight: by each rule that may act, and by a replay.
std::vector<std::optional<milliseconds>> needed(const Hub& hub) {
  std::vector<std::optional<milliseconds>> all(hub.house->devices.size());
  const auto need = [&](DeviceId id, milliseconds span) {
    all[id.index] = std::max(all[id.index].value_or(0ms), span);
  };
  const auto play = [&](std::string_view name) {
    const Routine* routine = hub.house->routine(name);
    if (!routine) return;
    for (const Track& track : routine->tracks)
      if (track.kind != TrackKind::words) need(track.device, track.length);
  };
  for (std::size_t i = 0; i < hub.rules.size(); ++i) {
    if (!hub.rules[i].acts()) continue;
    for (const Action& action : hub.house->rules[i].then) {
      if (const auto* p = std::get_if<act::Play>(&action); p && routine_off(hub, p->routine).empty()) play(p->routine);
      if (const auto* s = std::get_if<act::Set>(&action); s && s->level > 0_pct)
        need(s->device, s->length.value_or(0ms));
    }
  }
  if (hub.house->replay_routine) play(*hub.house->replay_routine);
  return all;
}

std::string remedy_for(Refusal refusal, const Standing& is) {
  for (const Finding& f : is.findings)
    if (f.refuses && !f.remedy.empty()) return f.remedy;
  switch (refusal) {
    case Refusal::unreachable: return "Look whether it has power and radio.";
    case Refusal::not_proved_off:
    case Refusal::faulty: return "Look at it, and switch it off and on again.";
    case Refusal::guard_down: return "Look whether the broker allows a second connection.";
    case Refusal::timer_unknown: return "Restart it or its bridge.";
    case Refusal::timer_missing:
    case Refusal::timer_not_armed: return "Use a device that stops by itself; the manual names some.";
    case Refusal::tripped: return "Look at it; release it when it is cool and whole.";
    case Refusal::no_reading:
    case Refusal::stale_reading: return "Look whether its thermometer has power and radio.";
    case Refusal::presence_unknown: return "Give it a thermometer at its surface, or its sleeper a bed sensor.";
    case Refusal::not_allowed: return "Take it out of tonight's routines.";
    default: return "";
  }
}

/// Doubts that come and go by themselves, or that have a line of their own.
bool passes(Refusal refusal) {
  switch (refusal) {
    case Refusal::none:
    case Refusal::stopped:
    case Refusal::leaving:
    case Refusal::link_down:
    case Refusal::store_failing:
    case Refusal::in_bed_unmeasured:
    case Refusal::in_bed_flagged:
    case Refusal::resting:
    case Refusal::session_used:
    case Refusal::night_used:
    case Refusal::nobody_came:
    case Refusal::replay_heat:
    case Refusal::heat_by_voice:
    case Refusal::spoken_to_nobody:
    case Refusal::sleeper_resting:
    case Refusal::sleeper_session_used:
    case Refusal::sleeper_night_used: return true;
    default: return false;
  }
}

/// What it, or its bridge, tells by itself soon after a connect or a stall: no fault before its time.
bool may_be_told_yet(Refusal refusal, const Standing& is) {
  switch (refusal) {
    case Refusal::not_proved_off:
    case Refusal::guard_down:
    case Refusal::timer_unknown:
    case Refusal::timer_not_armed:
    case Refusal::no_reading:
    case Refusal::stale_reading:
    case Refusal::presence_unknown: return true;
    case Refusal::not_conforming: return !is.awaited.empty();
    case Refusal::power_on_not_off: return !is.wakes_off.has_value();
    default: return false;
  }
}

void actuator(const Look& look, std::size_t i, milliseconds need) {
  const Device& device = look.house().devices[i];
  const Standing& is = look.hub.actuators[i].standing;
  const Interlock interlock(look.house().limits_of(device));
  const Verdict verdict = interlock.review(DeviceId{static_cast<std::uint16_t>(i)}, kUsual, is, look.hub.now);
  if (!passes(verdict.refusal)) {
    if (verdict.refusal == Refusal::catching_up || verdict.refusal == Refusal::in_trial)
      return look.unknown(device.name, verdict.why);
    if (look.listened().value_or(0ms) < kLetThemSpeak && may_be_told_yet(verdict.refusal, is))
      return look.unknown(device.name, "not yet told since " + look.since_when() + ": " + verdict.why,
                          "Look again in a minute.");
    return look.wrong(device.name, "would be refused: " + verdict.why, remedy_for(verdict.refusal, is));
  }
  if (!has_force(device.kind)) return look.fine(device.name, "in reach");
  const Limits& l = interlock.limits();
  const milliseconds night = device.kind == Kind::heat_pad ? l.heat_night : l.massage_night;
  const milliseconds left = std::max(0ms, night - is.dose.kept.on);
  const std::string minutes = minutes_text(left) + " of " + minutes_text(night) + " are left tonight";
  if (left < std::min(need, night) && is.dose.charged_until <= look.hub.now)
    return look.wrong(device.name, minutes + ", a routine wants " + minutes_text(need),
                      "It will end sooner tonight; use it less before bedtime.");
  look.fine(device.name, "allowed, " + minutes);
}

}  // namespace

std::vector<Check> check_tonight(const Hub& hub) {
  std::vector<Check> all;
  const Look look{hub, all};
  wishes(look);
  clock(look);
  broker(look);
  store(look);
  bridges(look);
  const auto& devices = hub.house->devices;
  for (std::size_t i = 0; i < devices.size(); ++i)
    if (!is_actuator(devices[i].kind)) sensor(look, i);
  const auto need = needed(hub);
  for (std::size_t i = 0; i < devices.size(); ++i)
    if (need[i] && is_actuator(devices[i].kind)) actuator(look, i, *need[i]);
  std::stable_sort(all.begin(), all.end(), [](const Check& a, const Check& b) { return a.state > b.state; });
  return all;
}

}  // namespace lull
