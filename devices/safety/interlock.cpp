// Each line of review() is a doubt, and doubt is OFF. The order is the order in which a person can do something about
// it.
#include "devices/safety/interlock.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "devices/safety/gate.hpp"

namespace lull {
namespace {

std::string tenths(double v) {
  std::string s = std::to_string(v);
  return s.substr(0, s.find('.') + 2);
}
std::string in_minutes(milliseconds d) { return std::to_string(d.count() / 60000) + " min"; }

constexpr int kCoolest = 300, kHeatRange = kHard.heat_target.tenths() - kCoolest;  // what heat levels mean, in tenths

/// The level that asks for the warmest surface this household allows; 0 where that is none.
Percent warmest(const Limits& l) {
  return Percent::of_tenths(std::max(0, (l.heat_target.tenths() - kCoolest) * 1000 / kHeatRange));
}

/// What a kind of actuator may do, in one place so that heat and massage pass through the same lines.
struct Allowance {
  bool allowed;
  minutes session, night, rest;
  seconds lease;
};
Allowance allowance(const Standing& is, const Limits& l) {
  if (is.kind == Kind::heat_pad)
    return {l.heat_allowed && warmest(l) > 0_pct,
            is.measures_surface ? l.heat_session : std::min(l.heat_session, l.heat_unmeasured), l.heat_night,
            l.heat_rest, l.heat_lease};
  return {l.massage_allowed, is.replay ? std::min(l.massage_session, l.replay_session) : l.massage_session,
          l.massage_night, l.massage_rest, l.massage_lease};
}

std::pair<Refusal, std::string> no(Refusal code, std::string why) { return {code, std::move(why)}; }

Refusal refusal_for(SurfaceDoubt doubt) {
  switch (doubt) {
    case SurfaceDoubt::none: return Refusal::none;
    case SurfaceDoubt::failed: return Refusal::reading_failed;
    case SurfaceDoubt::frozen: return Refusal::reading_frozen;
    case SurfaceDoubt::jumped: return Refusal::reading_jumped;
    case SurfaceDoubt::apart: return Refusal::readings_disagree;
    case SurfaceDoubt::cold: break;
  }
  return Refusal::stays_cold;
}

/// Doubts that every actuator shares.
std::pair<Refusal, std::string> doubt(const Standing& is) {
  if (is.stopped) return no(Refusal::stopped, "STOP is on until a person releases it");
  if (is.leaving) return no(Refusal::leaving, "Lull is about to end");
  if (!is.link_up) return no(Refusal::link_down, "there is no connection to the broker");
  if (!is.reachable && !is.unpowered) return no(Refusal::unreachable, "it is out of reach");
  if (is.in_trial)
    return no(Refusal::in_trial, "a set-up test runs at its address, whose timer it shares, or of the plug before it");
  return no(Refusal::none, "");
}

/// Whether the plug in front of it holds the lease, for its own timer is none to rely on.
bool mains_guards(const Standing& is) {
  if (!is.behind_mains) return false;
  return tier_of(is.timer) > GuardTier::B || (is_armed_before_on(is.timer) && !is.armed);
}

/// Doubts about what it is and how it is set up (gate.hpp). A set-up test finds out about the last two itself.
std::pair<Refusal, std::string> doubt_gate(const Standing& is) {
  if (passes_gate(is)) return no(Refusal::none, "");
  for (const Finding& f : findings_of(is)) {
    if (!f.refuses) continue;
    const Refusal code = f.flaw == Flaw::trial_needed       ? Refusal::trial_needed
                         : f.flaw == Flaw::power_on_not_off ? Refusal::power_on_not_off
                                                            : Refusal::not_conforming;
    const bool tried = code == Refusal::trial_needed || code == Refusal::power_on_not_off;
    if (is.trial_lease && tried) continue;
    if (mains_guards(is) && (tried || f.flaw == Flaw::timer_missing)) continue;  // its plug has to have all that
    return no(code, text_of(f));
  }
  return no(Refusal::none, "");
}

/// Doubts about how it stops when nobody talks to it any more.
std::pair<Refusal, std::string> doubt_timer(const Standing& is, const Allowance& may) {
  const bool heat = is.kind != Kind::massage_pad;
  const GuardTier tier = tier_of(is.timer);
  if (is.timer == Timer::unknown)
    return no(Refusal::timer_unknown,
              is.timer_reason.empty()
                  ? "it has not yet told how it stops by itself; if that stays so, restart it or its bridge"
                  : is.timer_reason);
  if (tier == GuardTier::D || (heat && tier == GuardTier::C))
    return no(Refusal::timer_missing,
              is.timer_reason.empty() ? "it cannot stop by itself when nobody talks to it" : is.timer_reason);
  if (is_armed_before_on(is.timer) && (!is.armed || *is.armed <= 0s || *is.armed > may.lease))
    return no(Refusal::timer_not_armed, is.armed ? "its own timer reads " + std::to_string(is.armed->count()) +
                                                       " s, must be 1 to " + std::to_string(may.lease.count()) + " s"
                                                 : "its own timer has not been read back since it came into reach");
  if (tier == GuardTier::C && (!is.own_cut_off || *is.own_cut_off > may.session))
    return no(Refusal::timer_missing, "its own cut-off is longer than a session of " + in_minutes(may.session));
  return no(Refusal::none, "");
}

/// Doubts about what can hurt: heat and massage.
std::pair<Refusal, std::string> doubt_force(const Standing& is, const Limits& l, Instant now) {
  const bool heat = is.kind == Kind::heat_pad;
  if (!is.store_healthy) return no(Refusal::store_failing, "the ledger of minutes cannot be written to disk");
  if (!is.proved_off_since_start) return no(Refusal::not_proved_off, "it has not yet shown that it is off");
  // What runs on a paid lease may go on: every doubt about it still ends it. Nothing new begins.
  if (is.catching_up && is.dose.charged_until <= now)
    return no(Refusal::catching_up, "older messages are still being read; nothing begins until Lull has caught up");
  if (is.faulty) return no(Refusal::faulty, is.fault.empty() ? "it did not do as told" : is.fault);
  if (heat && is.tripped)
    return no(Refusal::tripped,
              "it was at " + tenths(l.heat_trip.value()) + " °C or more: a person must look at it first");

  const Allowance may = allowance(is, l);
  if (!mains_guards(is))
    if (auto d = doubt_timer(is, may); d.first != Refusal::none) return d;
  if (auto d = doubt_gate(is); d.first != Refusal::none) return d;
  if (heat && !is.guard_up)
    return no(Refusal::guard_down, "the session that would switch it off if Lull died is not connected");
  if (!may.allowed || (!heat && !is.flagged_massage.empty()))
    return no(Refusal::not_allowed, heat ? "a limit forbids heat"
                                    : is.flagged_massage.empty()
                                        ? "a limit forbids massage"
                                        : "a flag locks massage (" + is.flagged_massage + "): ask a clinician first");

  if (heat && is.measures_surface) {
    if (!is.surface) return no(Refusal::no_reading, "no temperature seen yet");
    if (now - is.surface->at > l.reading_lives)
      return no(Refusal::stale_reading,
                "the thermometer went quiet " + std::to_string((now - is.surface->at).count() / 1000) + " s ago");
    if (is.cooling || is.surface->celsius >= l.heat_ceiling)
      return no(Refusal::at_ceiling, "its surface is at " + tenths(is.surface->celsius.value()) +
                                         " °C, the ceiling is " + tenths(l.heat_ceiling.value()) + " °C");
  }
  if (heat)
    if (const SurfaceDoubt lies = is.watch.doubted(now); lies != SurfaceDoubt::none)
      return no(refusal_for(lies), is.watch.why(now));
  // In a set-up test somebody stands beside it, and it is warm for ten seconds: a bed that is not known may be tried.
  const bool may_be_occupied = !is.in_bed && !is.trial_lease;
  if (heat && !is.measures_surface) {
    if (may_be_occupied)
      return no(Refusal::presence_unknown,
                "without a thermometer it only warms an empty bed, and nobody can tell whether it is");
    if (is.in_bed == true)
      return no(Refusal::in_bed_unmeasured, "without a thermometer it only warms an empty bed, and somebody is in it");
  }
  if (heat && (l.heat_only_preheat || !is.flagged_heat.empty()) && (may_be_occupied || is.in_bed == true))
    return no(Refusal::in_bed_flagged, (is.flagged_heat.empty() ? "a limit" : "a flag (" + is.flagged_heat + ")") +
                                           std::string(" allows heat only in an empty bed, and ") +
                                           (is.in_bed ? "somebody is in it" : "nobody can tell whether it is"));
  return no(Refusal::none, "");
}

/// Doubts about what warms an empty bed, and what warms somebody asleep.
std::pair<Refusal, std::string> doubt_whom(const Standing& is, const Limits& l) {
  if (is.in_bed == false && is.warmed_empty >= l.heat_empty)
    return no(Refusal::nobody_came, "it warmed an empty bed for " + in_minutes(is.warmed_empty) +
                                        ", and nobody got in: it waits until somebody was in bed");
  if (is.replay && (!is.measures_surface || tier_of(is.timer) != GuardTier::A || !is.flagged_heat.empty()))
    return no(Refusal::replay_heat,
              "in a night replay it needs a thermometer at its surface, a time limit in each command, and a sleeper "
              "without a flag");
  if (is.kind == Kind::heat_pad && is.spoken && !is.heat_by_voice)
    return no(Refusal::heat_by_voice,
              "a voice asked for it, or may have, and heat by voice is not allowed (home_assistant: heat_by_voice)");
  if (is.kind == Kind::heat_pad && is.spoken && is.in_bed != true)
    return no(Refusal::spoken_to_nobody, std::string("a voice asked for it, or may have, and ") +
                                             (is.in_bed ? "nobody is in bed" : "nobody can tell who is in bed") +
                                             ": it waits until somebody is");
  return no(Refusal::none, "");
}

/// Doubts about how much was enough. Time that is already charged may be used up.
std::pair<Refusal, std::string> doubt_dose(const DoseState& dose, const Allowance& may, Instant now, bool sleeper) {
  const std::string whose = sleeper ? "all devices of its sleeper together: " : "";
  if (dose.charged_until > now) return no(Refusal::none, "");
  if (dose.night >= may.night)
    return no(sleeper ? Refusal::sleeper_night_used : Refusal::night_used,
              whose + in_minutes(dose.night) + " of " + in_minutes(may.night) + " used tonight");
  if (dose.rest_until && now < *dose.rest_until)
    return no(sleeper ? Refusal::sleeper_resting : Refusal::resting,
              whose + "it rests for another " + in_minutes(*dose.rest_until - now + 59s));
  if (dose.session >= may.session)
    return no(sleeper ? Refusal::sleeper_session_used : Refusal::session_used,
              whose + "a session is " + in_minutes(may.session) + ", then it rests for " + in_minutes(may.rest));
  return no(Refusal::none, "");
}

/// The doubts of a device's own dose, then those of its sleepers'; and how long it may run, which bounds the lease: a
/// device that hears nothing more stops before a session or a night is used up.
std::pair<Refusal, std::string> doubt_doses(const Standing& is, const Allowance& may, Instant now,
                                            milliseconds& lease) {
  lease = may.lease;
  const auto look = [&](const DoseState& dose, bool sleeper) {
    auto d = doubt_dose(dose, may, now, sleeper);
    if (d.first != Refusal::none) return d;
    const milliseconds paid = dose.charged_until > now ? dose.charged_until - now : 0ms;
    const milliseconds tonight = may.night - dose.night + paid, now_left = may.session - dose.session + paid;
    lease = std::min({lease, tonight, now_left});
    if (tonight < 1s)
      return no(sleeper ? Refusal::sleeper_night_used : Refusal::night_used,
                in_minutes(may.night) + " of " + in_minutes(may.night) + " used tonight");
    if (now_left < 1s)
      return no(sleeper ? Refusal::sleeper_session_used : Refusal::session_used,
                "a session is " + in_minutes(may.session));
    return no(Refusal::none, "");
  };
  if (auto d = look(state_of(is.dose), false); d.first != Refusal::none) return d;
  for (const DoseState& dose : is.sleepers)
    if (auto d = look(dose, true); d.first != Refusal::none) return d;
  return no(Refusal::none, "");
}

constexpr std::array<std::string_view, 42> kCodes{"none",
                                                  "not_an_actuator",
                                                  "stopped",
                                                  "leaving",
                                                  "link_down",
                                                  "store_failing",
                                                  "not_proved_off",
                                                  "unreachable",
                                                  "faulty",
                                                  "guard_down",
                                                  "timer_unknown",
                                                  "timer_missing",
                                                  "timer_not_armed",
                                                  "tripped",
                                                  "no_reading",
                                                  "stale_reading",
                                                  "at_ceiling",
                                                  "presence_unknown",
                                                  "in_bed_unmeasured",
                                                  "in_bed_flagged",
                                                  "not_allowed",
                                                  "resting",
                                                  "session_used",
                                                  "night_used",
                                                  "not_conforming",
                                                  "power_on_not_off",
                                                  "trial_needed",
                                                  "in_trial",
                                                  "mains_refused",
                                                  "catching_up",
                                                  "reading_failed",
                                                  "reading_frozen",
                                                  "reading_jumped",
                                                  "readings_disagree",
                                                  "stays_cold",
                                                  "nobody_came",
                                                  "sleeper_resting",
                                                  "sleeper_session_used",
                                                  "sleeper_night_used",
                                                  "replay_heat",
                                                  "heat_by_voice",
                                                  "spoken_to_nobody"};
static_assert(kCodes.size() == static_cast<std::size_t>(Refusal::spoken_to_nobody) + 1);

}  // namespace

std::string_view code_of(Refusal r) { return kCodes[static_cast<std::size_t>(r)]; }

seconds SafeCommand::lease(Instant now) const {
  return off() || expires_ <= now ? 0s : duration_cast<seconds>(expires_ - now);
}

SafeCommand Interlock::off(DeviceId device) { return {device, Output{}, Timer::unknown, Instant{milliseconds::max()}}; }

Verdict Interlock::review(DeviceId device, const Output& wish, const Standing& is, Instant now) const {
  const auto refuse = [&](std::pair<Refusal, std::string> why) {
    return Verdict{off(device), why.first, std::move(why.second)};
  };
  if (!is_actuator(is.kind)) return refuse(no(Refusal::not_an_actuator, "it is no actuator"));
  if (wish.level == 0_pct && !wish.fade_to) return {off(device), Refusal::none, ""};  // nobody needs a reason for OFF
  if (auto d = doubt(is); d.first != Refusal::none) return refuse(std::move(d));

  if (is.kind == Kind::mains && !is.trial_lease)  // power() alone may, for what stands behind it
    return refuse(no(Refusal::mains_refused, "a mains plug goes on and off with what stands behind it"));
  if (!needs_timer(is.kind))  // a lamp or a sound harms nobody while we are gone
    return {SafeCommand{device, wish, is.timer, Instant{milliseconds::max()}}, Refusal::none, ""};

  if (auto d = doubt_force(is, limits_, now); d.first != Refusal::none) return refuse(std::move(d));
  if (is.kind == Kind::heat_pad)
    if (auto d = doubt_whom(is, limits_); d.first != Refusal::none) return refuse(std::move(d));
  const Allowance may = allowance(is, limits_);
  milliseconds lease{};
  if (auto d = doubt_doses(is, may, now, lease); d.first != Refusal::none) return refuse(std::move(d));
  if (is.trial_lease) lease = std::min<milliseconds>(lease, *is.trial_lease);
  Output output{wish.level, std::nullopt, std::nullopt, 0ms};
  if (is.kind == Kind::heat_pad) output.level = std::min(output.level, warmest(limits_));
  if (is.kind == Kind::massage_pad) output.level = std::min(output.level, limits_.massage_level);
  if (is.kind == Kind::massage_pad && is.replay) output.level = std::min(output.level, limits_.replay_level);
  return {SafeCommand{device, output, mains_guards(is) ? Timer::mains : is.timer, now + lease}, Refusal::none, ""};
}

Verdict Interlock::power(DeviceId mains, const Standing& is, const SafeCommand& behind, bool heats, Instant now) const {
  const auto refuse = [&](std::pair<Refusal, std::string> why) {
    return Verdict{off(mains), why.first, std::move(why.second)};
  };
  const seconds lease = std::min(behind.lease(now), limits_.heat_lease);
  if (behind.off() || lease < 1s) return {off(mains), Refusal::none, ""};
  if (auto d = doubt(is); d.first != Refusal::none) return refuse(std::move(d));
  if (!is.proved_off_since_start) return refuse(no(Refusal::not_proved_off, "it has not yet shown that it is off"));
  if (is.faulty) return refuse(no(Refusal::faulty, is.fault.empty() ? "it did not do as told" : is.fault));
  if (auto d = doubt_timer(is, {true, limits_.heat_session, limits_.heat_night, limits_.heat_rest, limits_.heat_lease});
      d.first != Refusal::none)
    return refuse(std::move(d));
  if (auto d = doubt_gate(is); d.first != Refusal::none) return refuse(std::move(d));
  if (heats && !is.guard_up)
    return refuse(no(Refusal::guard_down, "the session that would switch it off if Lull died is not connected"));
  return {SafeCommand{mains, {100_pct, {}, {}, 0ms}, is.timer, now + lease}, Refusal::none, ""};
}

Celsius heat_target(Percent level) { return Celsius::of_tenths(kCoolest + kHeatRange * level.tenths() / 1000); }

}  // namespace lull
