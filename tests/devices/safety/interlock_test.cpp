// The interlock by itself, for the doubts that a whole evening never reaches because another part doubts first: each
// line must hold alone.
#include <gtest/gtest.h>

#include <functional>
#include <string>
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

TEST(TheInterlock, RefusesForEachDoubtAlone) {
  struct Doubt {
    Refusal code;
    std::function<void(Standing&, Limits&)> plant;
  };
  const std::vector<Doubt> doubts{
      {Refusal::stopped, [](Standing& is, Limits&) { is.stopped = true; }},
      {Refusal::leaving, [](Standing& is, Limits&) { is.leaving = true; }},
      {Refusal::link_down, [](Standing& is, Limits&) { is.link_up = false; }},
      {Refusal::unreachable, [](Standing& is, Limits&) { is.reachable = false; }},
      {Refusal::store_failing, [](Standing& is, Limits&) { is.store_healthy = false; }},
      {Refusal::not_proved_off, [](Standing& is, Limits&) { is.proved_off_since_start = false; }},
      {Refusal::faulty, [](Standing& is, Limits&) { is.faulty = true; }},
      {Refusal::tripped, [](Standing& is, Limits&) { is.tripped = true; }},
      {Refusal::timer_unknown, [](Standing& is, Limits&) { is.timer = Timer::unknown; }},
      {Refusal::timer_missing, [](Standing& is, Limits&) { is.timer = Timer::none; }},
      {Refusal::timer_missing, [](Standing& is, Limits&) { is.timer = Timer::product, is.own_cut_off = 10min; }},
      {Refusal::timer_not_armed, [](Standing& is, Limits&) { is.timer = Timer::turn_off_countdown; }},
      {Refusal::timer_not_armed, [](Standing& is, Limits&) { is.timer = Timer::turn_off_countdown, is.armed = 0s; }},
      {Refusal::timer_not_armed, [](Standing& is, Limits&) { is.timer = Timer::mapped_auto_off, is.armed = 301s; }},
      {Refusal::trial_needed, [](Standing& is, Limits&) { is.trial_passed = false; }},
      {Refusal::catching_up, [](Standing& is, Limits&) { is.catching_up = true; }},
      {Refusal::guard_down, [](Standing& is, Limits&) { is.guard_up = false; }},
      {Refusal::not_allowed, [](Standing&, Limits& l) { l.heat_allowed = false; }},
      {Refusal::no_reading, [](Standing& is, Limits&) { is.surface.reset(); }},
      {Refusal::stale_reading, [](Standing& is, Limits&) { is.surface->at = kNow - 61s; }},
      {Refusal::at_ceiling, [](Standing& is, Limits&) { is.surface->celsius = 39.0_degC; }},
      {Refusal::at_ceiling, [](Standing& is, Limits&) { is.cooling = true; }},
      {Refusal::in_bed_flagged, [](Standing&, Limits& l) { l.heat_only_preheat = true; }},
      {Refusal::in_bed_flagged, [](Standing& is, Limits& l) { l.heat_only_preheat = true, is.in_bed.reset(); }},
      {Refusal::in_bed_flagged, [](Standing& is, Limits&) { is.flagged_heat = "sedatives"; }},
      {Refusal::presence_unknown, [](Standing& is, Limits&) { is.measures_surface = false, is.in_bed.reset(); }},
      {Refusal::in_bed_unmeasured, [](Standing& is, Limits&) { is.measures_surface = false; }},
      {Refusal::night_used, [](Standing& is, Limits&) { is.dose.kept.on = 60min; }},
      {Refusal::resting, [](Standing& is, Limits&) { is.dose.rest_until = kNow + 1s; }},
      {Refusal::session_used, [](Standing& is, Limits&) { is.dose.session = 30min; }},
  };
  for (const Doubt& doubt : doubts) {
    Standing is = a_fine_heater();
    Limits limits = kHard;
    doubt.plant(is, limits);
    const Verdict verdict = asked(is, limits);
    EXPECT_EQ(code_of(verdict.refusal), code_of(doubt.code));
    EXPECT_TRUE(verdict.command.off()) << code_of(doubt.code);
    EXPECT_FALSE(verdict.why.empty()) << code_of(doubt.code);
    const Verdict off = asked(is, limits, 0_pct);
    EXPECT_TRUE(off.command.off() && off.refusal == Refusal::none) << "nobody needs a reason for OFF";
  }
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

TEST(TheTighterOfTwoLimits, IsTheStricterInEachFieldAndInEachOrder) {
  Limits strict;
  strict.heat_target = 30.0_degC, strict.heat_ceiling = 31.0_degC, strict.heat_trip = 32.0_degC;
  strict.heat_session = strict.heat_night = strict.heat_unmeasured = 1min;
  strict.heat_rest = strict.massage_rest = 99min;
  strict.heat_lease = strict.massage_lease = strict.reading_lives = 10s;
  strict.massage_level = 5_pct;
  strict.massage_session = strict.massage_night = 1min;
  strict.heat_allowed = strict.massage_allowed = false;
  strict.heat_only_preheat = true;
  EXPECT_EQ(tightest(strict, kHard), strict);
  EXPECT_EQ(tightest(kHard, strict), strict);
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
