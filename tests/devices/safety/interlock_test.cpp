// The interlock by itself, for the doubts that a whole evening never reaches because another part doubts first: each
// line must hold alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "devices/safety/interlock.hpp"

namespace lull {
namespace {

constexpr Instant kNow{10h};

/// A heater under a measured bed, of which nothing speaks against heat.
Standing a_fine_heater() {
  Standing is;
  is.kind = Kind::heat_pad;
  is.timer = Timer::on_time;
  is.link_up = is.guard_up = is.proved_off_since_start = is.measures_surface = is.trial_passed = true;
  is.surface = Reading{30.0_degC, kNow - 1s};
  is.in_bed = true;
  return is;
}
Verdict asked(const Standing& is, const Limits& limits = kHard, Percent level = 40_pct) {
  return Interlock(limits).review(DeviceId{1}, Output{level, {}, {}, {}}, is, kNow);
}

TEST(TheInterlock, GrantsALeaseWhenThereIsNoDoubt) {
  const Verdict verdict = asked(a_fine_heater());
  EXPECT_EQ(verdict.refusal, Refusal::none) << verdict.why;
  EXPECT_FALSE(verdict.command.off());
  EXPECT_EQ(verdict.command.lease(kNow), 300s);
  EXPECT_EQ(verdict.command.lease(kNow + 100s), 200s) << "what is said later is less";
  EXPECT_EQ(verdict.command.lease(kNow + 300s), 0s);
}

using Plant = std::function<void(Standing&, Limits&)>;

#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wswitch"
/// What makes the interlock give this answer, each by itself. Without a default: a new code does not compile before it
/// has its doubt here.
std::vector<Plant> doubts_of(Refusal code) {
  const auto massage = [](Standing& is) { is.kind = Kind::massage_pad; };
  const auto thermometer = [](auto plant) {
    return [plant](Standing& is, Limits&) { plant(is.watch.probes.emplace_back(Probe{DeviceId{1}, 0, is.surface})); };
  };
  const auto hers = [](DoseState dose) { return [dose](Standing& is, Limits&) { is.sleepers = {{}, dose}; }; };
  switch (code) {
    case Refusal::none: return {};
    case Refusal::not_an_actuator: return {[](Standing& is, Limits&) { is.kind = Kind::thermometer; }};
    case Refusal::stopped: return {[](Standing& is, Limits&) { is.stopped = true; }};
    case Refusal::leaving: return {[](Standing& is, Limits&) { is.leaving = true; }};
    case Refusal::link_down: return {[](Standing& is, Limits&) { is.link_up = false; }};
    case Refusal::unreachable: return {[](Standing& is, Limits&) { is.reachable = false; }};
    case Refusal::store_failing: return {[](Standing& is, Limits&) { is.store_healthy = false; }};
    case Refusal::not_proved_off: return {[](Standing& is, Limits&) { is.proved_off_since_start = false; }};
    case Refusal::faulty: return {[](Standing& is, Limits&) { is.faulty = true; }};
    case Refusal::tripped: return {[](Standing& is, Limits&) { is.tripped = true; }};
    case Refusal::catching_up: return {[](Standing& is, Limits&) { is.catching_up = true; }};
    case Refusal::guard_down: return {[](Standing& is, Limits&) { is.guard_up = false; }};
    case Refusal::in_trial: return {[](Standing& is, Limits&) { is.in_trial = true; }};
    case Refusal::timer_unknown: return {[](Standing& is, Limits&) { is.timer = Timer::unknown; }};
    case Refusal::timer_missing:
      return {[](Standing& is, Limits&) { is.timer = Timer::none; },
              [](Standing& is, Limits&) { is.timer = Timer::product, is.own_cut_off = 10min; },
              [=](Standing& is, Limits&) { massage(is), is.timer = Timer::none; },
              [=](Standing& is, Limits&) { massage(is), is.timer = Timer::product; },
              [=](Standing& is, Limits&) { massage(is), is.timer = Timer::product, is.own_cut_off = 1201s; }};
    case Refusal::timer_not_armed:
      return {[](Standing& is, Limits&) { is.timer = Timer::turn_off_countdown; },
              [](Standing& is, Limits&) { is.timer = Timer::turn_off_countdown, is.armed = 0s; },
              [](Standing& is, Limits&) { is.timer = Timer::mapped_auto_off, is.armed = 301s; }};
    case Refusal::not_conforming:
      return {[](Standing& is, Limits&) {
                is.findings = {{Flaw::in_group, Source::groups, true, "in a group", ""}};
              },
              [](Standing& is, Limits&) { is.awaited = {Source::settings}; }};
    case Refusal::power_on_not_off:
      return {[](Standing& is, Limits&) { is.tells_power_on = true; },
              [](Standing& is, Limits&) { is.wakes_off = false; }};
    case Refusal::trial_needed: return {[](Standing& is, Limits&) { is.trial_passed = false; }};
    case Refusal::mains_refused: return {[](Standing& is, Limits&) { is.kind = Kind::mains; }};
    case Refusal::not_allowed:
      return {[](Standing&, Limits& l) { l.heat_allowed = false; },
              [=](Standing& is, Limits& l) { massage(is), l.massage_allowed = false; },
              [=](Standing& is, Limits&) { massage(is), is.flagged_massage = "an open wound"; }};
    case Refusal::no_reading: return {[](Standing& is, Limits&) { is.surface.reset(); }};
    case Refusal::stale_reading: return {[](Standing& is, Limits&) { is.surface->at = kNow - 61s; }};
    case Refusal::at_ceiling:
      return {[](Standing& is, Limits&) { is.surface->celsius = 39.0_degC; },
              [](Standing& is, Limits&) { is.cooling = true; }};
    case Refusal::reading_failed: return {thermometer([](Probe& p) { p.failed_at = kNow; })};
    case Refusal::reading_jumped: return {thermometer([](Probe& p) { p.jumped_at = kNow; })};
    case Refusal::reading_frozen: return {thermometer([](Probe& p) { p.frozen = true; })};
    case Refusal::readings_disagree: return {[](Standing& is, Limits&) { is.watch.apart = true; }};
    case Refusal::stays_cold: return {[](Standing& is, Limits&) { is.watch.cold = true; }};
    case Refusal::presence_unknown:
      return {[](Standing& is, Limits&) { is.measures_surface = false, is.in_bed.reset(); }};
    case Refusal::in_bed_unmeasured: return {[](Standing& is, Limits&) { is.measures_surface = false; }};
    case Refusal::in_bed_flagged:
      return {[](Standing&, Limits& l) { l.heat_only_preheat = true; },
              [](Standing& is, Limits& l) { l.heat_only_preheat = true, is.in_bed.reset(); },
              [](Standing& is, Limits&) { is.flagged_heat = "sedatives"; }};
    case Refusal::nobody_came: return {[](Standing& is, Limits&) { is.in_bed = false, is.warmed_empty = 30min; }};
    case Refusal::replay_heat:
      return {[](Standing& is, Limits&) { is.replay = true, is.in_bed = false, is.measures_surface = false; },
              [](Standing& is, Limits&) { is.replay = true, is.timer = Timer::turn_off_countdown, is.armed = 300s; },
              [](Standing& is, Limits&) { is.replay = true, is.in_bed = false, is.flagged_heat = "sedatives"; }};
    case Refusal::heat_by_voice: return {[](Standing& is, Limits&) { is.spoken = true; }};
    case Refusal::spoken_to_nobody:
      return {[](Standing& is, Limits&) { is.spoken = is.heat_by_voice = true, is.in_bed = false; },
              [](Standing& is, Limits&) { is.spoken = is.heat_by_voice = true, is.in_bed.reset(); }};
    case Refusal::night_used:
      return {[](Standing& is, Limits&) { is.dose.kept.on = 60min; },
              [](Standing& is, Limits&) { is.dose.kept.on = 60min - 999ms; },
              [=](Standing& is, Limits&) { massage(is), is.dose.kept.on = 60min; }};
    case Refusal::resting: return {[](Standing& is, Limits&) { is.dose.rest_until = kNow + 1s; }};
    case Refusal::session_used:
      return {[](Standing& is, Limits&) { is.dose.session = 30min; },
              [](Standing& is, Limits&) { is.dose.session = 30min - 999ms; },
              [=](Standing& is, Limits&) { massage(is), is.dose.session = 20min; },
              [=](Standing& is, Limits&) { massage(is), is.replay = true, is.dose.session = 10min; }};
    case Refusal::sleeper_night_used: return {hers({.night = 60min}), hers({.night = 60min - 999ms})};
    case Refusal::sleeper_resting: return {hers({.rest_until = kNow + 1s})};
    case Refusal::sleeper_session_used: return {hers({.session = 30min}), hers({.session = 30min - 999ms})};
  }
  return {};
}
#pragma GCC diagnostic pop

TEST(TheInterlock, RefusesForEachDoubtAlone) {
  int code = 1;
  for (std::vector<Plant> doubts; !(doubts = doubts_of(static_cast<Refusal>(code))).empty(); ++code) {
    const auto name = code_of(static_cast<Refusal>(code));
    for (std::size_t i = 0; i < doubts.size(); ++i) {
      Standing is = a_fine_heater();
      Limits limits = kHard;
      doubts[i](is, limits);
      const Verdict verdict = asked(is, limits);
      EXPECT_EQ(code_of(verdict.refusal), name) << i;
      EXPECT_TRUE(verdict.command.off()) << name << i;
      EXPECT_FALSE(verdict.why.empty()) << name << i;
      const Verdict off = asked(is, limits, 0_pct);
      EXPECT_TRUE(off.command.off()) << name << i;
      EXPECT_TRUE(off.refusal == Refusal::none || !is_actuator(is.kind)) << "nobody needs a reason for OFF: " << name;
    }
  }
  EXPECT_GT(code, static_cast<int>(Refusal::spoken_to_nobody)) << "a code without a doubt";
}

TEST(TheInterlock, GivesNoLeaseBeyondWhatIsLeft) {
  Standing is = a_fine_heater();
  is.dose.session = 28min;
  EXPECT_EQ(asked(is).command.lease(kNow), 2min) << "of the session";
  is = a_fine_heater();
  is.dose.kept.on = 59min;
  EXPECT_EQ(asked(is).command.lease(kNow), 1min) << "of the night";
  is = a_fine_heater();
  is.measures_surface = false;
  is.in_bed = false;
  is.dose.session = 19min;
  EXPECT_EQ(asked(is).command.lease(kNow), 1min) << "of the 20 minutes that nobody measures";
}

TEST(TheInterlock, GivesNoLeaseBeyondWhatIsLeftToAnyOfItsSleepers) {
  Standing is = a_fine_heater();
  is.sleepers = {{.session = 10min}, {.session = 28min}};
  EXPECT_EQ(asked(is).command.lease(kNow), 2min) << "whoever of two has had more";
  is.sleepers = {{.night = 59min}, {.night = 10min}};
  EXPECT_EQ(asked(is).command.lease(kNow), 1min);
}

TEST(TheInterlock, LetsTimeThatIsPaidForBeUsedUpAndNotASecondMore) {
  Standing is = a_fine_heater();
  is.catching_up = true;
  is.dose.kept.on = 60min;
  is.dose.session = 30min;
  is.dose.charged_until = kNow + 70s;
  EXPECT_EQ(asked(is).refusal, Refusal::none) << asked(is).why;
  EXPECT_EQ(asked(is).command.lease(kNow), 70s);
  is.dose.charged_until = kNow;
  EXPECT_TRUE(asked(is).command.off());
}

TEST(TheInterlock, LetsAPadWithoutATimerRunOnlyBehindAPlugThatHoldsItsLease) {
  Standing is = a_fine_heater();
  is.timer = Timer::none;
  is.trial_passed = false;  // what its plug must have instead
  EXPECT_EQ(asked(is).refusal, Refusal::timer_missing);
  is.behind_mains = true;
  EXPECT_EQ(asked(is).refusal, Refusal::none) << asked(is).why;
  EXPECT_EQ(asked(is).command.timer(), Timer::mains);
  is.findings = {{Flaw::in_group, Source::groups, true, "in a group", ""}};
  EXPECT_EQ(asked(is).refusal, Refusal::not_conforming) << "but nothing else is forgiven";
}

TEST(TheInterlock, AllowsAReplayInTheNightLessThanAnyOtherMassage) {
  Standing is = a_fine_heater();
  is.kind = Kind::massage_pad;
  is.replay = true;
  EXPECT_EQ(asked(is, kHard, 100_pct).command.output().level, 30_pct);
  is.dose.session = 9min;
  EXPECT_EQ(asked(is).command.lease(kNow), 1min) << "of ten";
}

TEST(TheInterlock, AsksForNoWarmerSurfaceThanTheHouseholdAllows) {
  Limits limits;
  const auto surface = [&](Percent level) {
    return heat_target(asked(a_fine_heater(), limits, level).command.output().level);
  };
  EXPECT_EQ(surface(100_pct), 38.0_degC);
  limits.heat_target = 34.0_degC;
  EXPECT_EQ(surface(100_pct), 34.0_degC);
  EXPECT_EQ(surface(40_pct), 33.2_degC) << "what is cooler anyway stays as it was";
  limits.heat_target = 43.0_degC;
  EXPECT_EQ(surface(100_pct), 38.0_degC) << "and no file makes it more";
  limits.heat_target = 30.0_degC;
  EXPECT_EQ(asked(a_fine_heater(), limits).refusal, Refusal::not_allowed) << "the coolest is no heat";
  EXPECT_TRUE(asked(a_fine_heater(), limits).command.off());
}

TEST(HeatInANightReplay, IsGivenWithAThermometerATimeLimitInEachCommandAndNoFlag) {
  Standing is = a_fine_heater();
  is.replay = true;
  EXPECT_EQ(asked(is).refusal, Refusal::none) << asked(is).why;
}

TEST(HeatInANightReplay, NeedsAThermometerAtTheSurface) {
  Standing is = a_fine_heater();
  is.measures_surface = false, is.surface.reset();
  is.in_bed = false;
  EXPECT_EQ(asked(is).refusal, Refusal::none) << "a bed may be warmed in the evening: " << asked(is).why;
  is.replay = true;
  EXPECT_EQ(code_of(asked(is).refusal), "replay_heat");
  EXPECT_TRUE(asked(is).command.off());
}

TEST(HeatInANightReplay, NeedsATimeLimitInEachCommand) {
  Standing is = a_fine_heater();
  is.timer = Timer::turn_off_countdown, is.armed = 300s;
  EXPECT_EQ(asked(is).refusal, Refusal::none) << "a timer that was read back is enough at bedtime: " << asked(is).why;
  is.replay = true;
  EXPECT_EQ(code_of(asked(is).refusal), "replay_heat");
  is.behind_mains = true;
  EXPECT_EQ(code_of(asked(is).refusal), "replay_heat") << "a plug in front of it makes it no better";
}

TEST(HeatInANightReplay, IsForNobodyWithAFlag) {
  Standing is = a_fine_heater();
  is.flagged_heat = "Ana: neuropathy";
  is.in_bed = false;
  EXPECT_EQ(asked(is).refusal, Refusal::none) << "her empty bed may be warmed in the evening: " << asked(is).why;
  is.replay = true;
  EXPECT_EQ(code_of(asked(is).refusal), "replay_heat") << "not at night, not even while she is up";
}

TEST(TheInterlock, LocksAMassageThatAFlagForbids) {
  Standing is = a_fine_heater();
  is.kind = Kind::massage_pad;
  EXPECT_EQ(asked(is).refusal, Refusal::none);
  EXPECT_EQ(asked(is, kHard, 100_pct).command.output().level, 60_pct);
  Limits limits;
  limits.massage_allowed = false;
  EXPECT_EQ(asked(is, limits).refusal, Refusal::not_allowed);
  is.flagged_massage = "an open wound";
  EXPECT_EQ(asked(is).refusal, Refusal::not_allowed) << "for this night only, and for this night all the same";
}

/// Limits, field by field. One field more does not compile here: it needs its stricter value below.
auto fields(const Limits& limits) {
  const auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x] = limits;
  return std::tuple(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x);
}

TEST(TheTighterOfTwoLimits, IsTheStricterInEachFieldAndInEachOrder) {
  Limits strict;
  strict.heat_target = 30.0_degC, strict.heat_ceiling = 31.0_degC, strict.heat_trip = 32.0_degC;
  strict.heat_session = strict.heat_night = strict.heat_unmeasured = strict.heat_empty = 1min;
  strict.heat_rest = strict.massage_rest = 99min;
  strict.heat_lease = strict.massage_lease = strict.reading_lives = strict.presence_lives = 10s;
  strict.massage_level = strict.replay_level = 5_pct;
  strict.massage_session = strict.massage_night = strict.replay_session = 1min;
  strict.replay_apart = 99min, strict.replay_ramp = 99s;
  strict.replays_a_night = 1;
  strict.heat_allowed = strict.massage_allowed = false;
  strict.heat_only_preheat = true;
  const auto stricter = std::apply(
      [](const auto&... mine) {
        return std::apply([&](const auto&... hard) { return std::vector<bool>{(mine != hard)...}; }, fields(kHard));
      },
      fields(strict));
  EXPECT_THAT(stricter, testing::Each(true)) << "a field without a stricter value above";
  EXPECT_EQ(fields(tightest(strict, kHard)), fields(strict));
  EXPECT_EQ(fields(tightest(kHard, strict)), fields(strict));
}

/// The plug in front of a pad, of which nothing speaks against it.
Standing a_fine_plug() {
  Standing is;
  is.kind = Kind::mains;
  is.timer = Timer::on_time;
  is.link_up = is.guard_up = is.proved_off_since_start = is.trial_passed = true;
  return is;
}
Verdict powered(const Standing& plug, const Verdict& behind, bool heats = true, Instant now = kNow) {
  return Interlock(kHard).power(DeviceId{2}, plug, behind.command, heats, now);
}

TEST(ThePlugInFront, HasPowerForAsLongAsWhatStandsBehindItMayRunAndNoLonger) {
  Standing pad = a_fine_heater();
  EXPECT_EQ(powered(a_fine_plug(), asked(pad)).command.lease(kNow), 300s);
  pad.dose.session = 28min;
  EXPECT_EQ(powered(a_fine_plug(), asked(pad)).command.lease(kNow), 2min);
  EXPECT_TRUE(powered(a_fine_plug(), asked(pad), true, kNow + 2min).command.off()) << "its permission is spent";
  pad.stopped = true;
  EXPECT_TRUE(powered(a_fine_plug(), asked(pad)).command.off()) << "and none for what is refused";
}

TEST(ThePlugInFront, IsRefusedForEachDoubtOfItsOwn) {
  using Doubt = void (*)(Standing&);
  const std::pair<Refusal, Doubt> doubts[] = {
      {Refusal::stopped, [](Standing& is) { is.stopped = true; }},
      {Refusal::leaving, [](Standing& is) { is.leaving = true; }},
      {Refusal::link_down, [](Standing& is) { is.link_up = false; }},
      {Refusal::unreachable, [](Standing& is) { is.reachable = false; }},
      {Refusal::in_trial, [](Standing& is) { is.in_trial = true; }},
      {Refusal::not_proved_off, [](Standing& is) { is.proved_off_since_start = false; }},
      {Refusal::faulty, [](Standing& is) { is.faulty = true; }},
      {Refusal::timer_unknown, [](Standing& is) { is.timer = Timer::unknown; }},
      {Refusal::timer_missing, [](Standing& is) { is.timer = Timer::none; }},
      {Refusal::timer_missing, [](Standing& is) { is.timer = Timer::product, is.own_cut_off = 10min; }},
      {Refusal::timer_not_armed, [](Standing& is) { is.timer = Timer::turn_off_countdown, is.armed = 301s; }},
      {Refusal::not_conforming, [](Standing& is) { is.awaited = {Source::groups}; }},
      {Refusal::power_on_not_off, [](Standing& is) { is.wakes_off = false; }},
      {Refusal::trial_needed, [](Standing& is) { is.trial_passed = false; }},
      {Refusal::guard_down, [](Standing& is) { is.guard_up = false; }},
  };
  ASSERT_EQ(powered(a_fine_plug(), asked(a_fine_heater())).refusal, Refusal::none);
  for (const auto& [code, plant] : doubts) {
    Standing plug = a_fine_plug();
    plant(plug);
    const Verdict verdict = powered(plug, asked(a_fine_heater()));
    EXPECT_EQ(code_of(verdict.refusal), code_of(code));
    EXPECT_TRUE(verdict.command.off()) << code_of(code);
    EXPECT_FALSE(verdict.why.empty()) << code_of(code);
  }
  Standing plug = a_fine_plug();
  plug.guard_up = false;
  EXPECT_EQ(powered(plug, asked(a_fine_heater()), false).refusal, Refusal::none) << "a massage may go on unguarded";
}

TEST(ASetUpTest, MayTryAHeaterInABedThatNobodyKnowsOfButNotUnderSomebody) {
  Standing is = a_fine_heater();
  is.measures_surface = false;
  is.surface.reset();
  is.in_bed.reset();
  EXPECT_EQ(asked(is).refusal, Refusal::presence_unknown);
  is.trial_lease = 10s;
  EXPECT_EQ(asked(is).refusal, Refusal::none) << asked(is).why;
  EXPECT_EQ(asked(is).command.lease(kNow), 10s);
  is.trial_passed = false, is.wakes_off = false;
  EXPECT_EQ(asked(is).refusal, Refusal::none) << "what it is there to find out is no doubt: " << asked(is).why;
  is.in_bed = true;
  EXPECT_EQ(asked(is).refusal, Refusal::in_bed_unmeasured);
}

TEST(ADose, IsPaidForOnceAndGivenBackOnce) {
  DoseMeter dose;
  EXPECT_TRUE(dose.charge(kNow, kNow + 5min, 40_pct, Utc{0h}));
  EXPECT_TRUE(dose.charge(kNow + 1min, kNow + 6min, 40_pct, Utc{1min}));
  EXPECT_EQ(dose.kept.on, 6min) << "a renewal pays only for what it adds";
  EXPECT_FALSE(dose.charge(kNow + 1min, kNow + 3min, 40_pct, Utc{1min}));
  EXPECT_TRUE(dose.refund(kNow + 2min, Utc{2min}));
  EXPECT_EQ(dose.kept.on, 2min);
  EXPECT_FALSE(dose.refund(kNow + 2min, Utc{2min}));
  EXPECT_EQ(dose.kept.on, 2min);
}

}  // namespace
}  // namespace lull
