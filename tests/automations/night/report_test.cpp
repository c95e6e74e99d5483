// What the morning's report says of nights that were written by hand.
#include "automations/night/report.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "tests/automations/night/diary.hpp"

namespace lull::made_up {
namespace {

using testing::HasSubstr;
using testing::Not;

const House kHouse = house();
std::string clock(Utc t) { return clock_text(local(kHouse.zone, t)); }

TEST(TheReport, TellsAnOrdinaryNight) {
  const Diary d = ordinary_night();
  const NightReport r = d.report();
  ASSERT_EQ(r.sleepers.size(), 1U);
  const SleeperNight& ana = r.sleepers[0];
  EXPECT_EQ(ana.in_bed, 8h + 21min) << "22:28 to 06:58 without nine minutes";
  ASSERT_EQ(ana.out_of_bed.size(), 1U);
  EXPECT_EQ(clock(ana.out_of_bed[0].begin) + clock(ana.out_of_bed[0].end), "04:0204:11");
  EXPECT_EQ(ana.gated, 31min + 17min + 5min + 5min) << "the pad ran, or she had just come back";
  EXPECT_EQ(ana.measured + ana.gated + ana.missing, ana.in_bed);
  EXPECT_NEAR(ana.coverage, 88.4, 0.1);
  ASSERT_TRUE(ana.movements_per_hour);
  EXPECT_NEAR(*ana.movements_per_hour, *ana.movements * 60.0 / 443, 0.01) << "per measured hour, not per hour in bed";
  EXPECT_EQ(ana.restless, 26min);
  EXPECT_EQ(ana.episodes, 2);
  EXPECT_EQ(ana.replays, 2) << "the wind-down is no replay";
  EXPECT_EQ(clock(r.span.begin) + clock(r.span.end), "22:1507:15") << "what happened, not noon to noon";

  ASSERT_EQ(r.sessions.size(), 3U);
  EXPECT_EQ(r.sessions[0].routine, "wind-down");
  EXPECT_EQ(r.sessions[0].asked_by, "rule Bedtime");
  EXPECT_EQ(r.sessions[0].ended_by, "finished");
  EXPECT_EQ(r.sessions[2].ended_by, "stopped by Bedside button");
  EXPECT_EQ(r.episodes[0].answered_by, "night-relief");
  EXPECT_EQ(r.episodes[0].answered_after, 40s);
  EXPECT_EQ(r.episodes[0].text, "Ana's ankle 7 of 7");

  ASSERT_EQ(r.devices.size(), 2U) << "the lamp is no pad";
  EXPECT_EQ(r.devices[1].on, 20min);
  EXPECT_DOUBLE_EQ(r.devices[1].level_minutes, 600);
  EXPECT_EQ(r.devices[1].spans.at(0).off_because, "its 20 minutes were over");
  EXPECT_TRUE(r.devices[1].spans.at(0).off_proved);
  ASSERT_EQ(r.devices[0].spans.size(), 3U) << "a ramp is one stretch";
  EXPECT_DOUBLE_EQ(r.devices[0].spans[0].peak_level, 40);
  EXPECT_EQ(r.devices[0].spans[2].off_because, "Bedside button");
}

TEST(TheReport, ComparesMovementBeforeAndAfterASessionOnlyWhereItWasMeasured) {
  Diary d(house(), "2026-11-21");
  d.at(1, 0).in_bed(kAna, 1).minutes_of(kAna, 15, 4);
  d.play("night-relief, asked for by a voice", true).minutes_of(kAna, 15, -1).play("night-relief: finished", false);
  d.minutes_of(kAna, 1, -1).minutes_of(kAna, 14, 1).minutes_of(kAna, 30, 0).in_bed(kAna, 0);
  const NightReport r = d.report();
  ASSERT_EQ(r.sessions.at(0).pairs.size(), 1U);
  const BeforeAfter& pair = r.sessions[0].pairs[0];
  EXPECT_DOUBLE_EQ(pair.before_per_hour.value(), 240);
  EXPECT_DOUBLE_EQ(pair.after_per_hour.value(), 60) << "the gated minute is neither quiet nor counted";
  EXPECT_EQ(pair.before_data, 15min);
  EXPECT_EQ(pair.after_data, 14min);
  EXPECT_THAT(to_text(r, d.house),
              HasSubstr("240 in the 15 min before, 60 in the 15 min after (measured 15 and 14 min)"));
  EXPECT_THAT(to_text(r, d.house), HasSubstr("one night is no verdict"));
}

TEST(TheReport, GivesNoComparisonFromTenOfFifteenMinutes) {
  Diary d(house(), "2026-11-21");
  d.at(1, 0).in_bed(kAna, 1).minutes_of(kAna, 10, 4).minutes_of(kAna, 5, -1);
  d.play("night-relief", true).minutes_of(kAna, 15, -1).play("night-relief: finished", false).minutes_of(kAna, 15, 1);
  const BeforeAfter pair = d.report().sessions.at(0).pairs.at(0);
  EXPECT_FALSE(pair.before_per_hour);
  EXPECT_TRUE(pair.after_per_hour);
  EXPECT_THAT(to_text(d.report(), d.house), HasSubstr("no comparison"));
}

TEST(TheReport, GivesNoFiguresBelowSeventyPercentAndSaysWhy) {
  for (const int measured : {69, 70}) {
    Diary d(house(), "2026-11-21");
    d.at(23, 0).in_bed(kAna, 1).minutes_of(kAna, measured, 1).minutes_of(kAna, 10, -1);
    d.after(minutes{90 - measured}).in_bed(kAna, 0);
    const SleeperNight ana = d.report().sleepers.at(0);
    EXPECT_EQ(ana.movements_per_hour.has_value(), measured == 70);
    EXPECT_EQ(ana.movements.has_value(), measured == 70);
    if (measured == 70) continue;
    EXPECT_THAT(ana.no_figures, HasSubstr("only 69 %"));
    EXPECT_THAT(ana.no_figures, HasSubstr("10 min were left out"));
    EXPECT_THAT(ana.no_figures, HasSubstr("21 min not recorded"));
    EXPECT_THAT(to_text(d.report(), d.house), Not(HasSubstr("movements an hour")));
  }
}

TEST(TheReport, SaysThatNothingWasRecorded) {
  const Diary d(house(), "2026-11-21");
  EXPECT_TRUE(d.report().empty);
  EXPECT_THAT(to_text(d.report(), d.house), HasSubstr("Nothing was recorded that night."));
  EXPECT_TRUE(nlohmann::json::parse(to_json(d.report(), d.house)).at("empty"));
}

TEST(TheReport, TellsANightThatIsStillRunning) {
  Diary d(house(), "2026-11-21");
  d.at(22, 0)
      .in_bed(kAna, 1)
      .play("wind-down, asked for by a voice", true)
      .heat(30)
      .massage(40)
      .minutes_of(kAna, 4, -1);
  const NightReport r = d.report();
  EXPECT_FALSE(r.sessions.at(0).finished);
  EXPECT_FALSE(r.sleepers.at(0).up);
  ASSERT_EQ(r.devices.at(1).spans.size(), 1U);
  EXPECT_EQ(r.devices[1].on, 4min);
  EXPECT_FALSE(r.devices[1].spans[0].off_proved) << "it is on: nothing proved otherwise";
  EXPECT_THAT(to_text(r, d.house), HasSubstr("still on when the record ends (not proved)"));
  EXPECT_THAT(to_text(r, d.house), HasSubstr("still there when the record ends at 22:04"));
}

TEST(TheReport, EndsAtACrashWhatNobodyWroteDown) {
  Diary d(house(), "2026-11-21");
  d.at(22, 0).in_bed(kAna, 1).play("wind-down, asked for by a voice", true).heat(30).restless(kAna, true);
  d.minutes_of(kAna, 6, -1).after(30s).restarts();
  d.at(23, 0).in_bed(kAna, 1).minutes_of(kAna, 30, 0).in_bed(kAna, 0);
  const NightReport r = d.report();
  EXPECT_EQ(r.devices.at(1).on, 6min) << "not the hour until somebody wrote again";
  EXPECT_FALSE(r.devices[1].spans.at(0).off_proved);
  EXPECT_THAT(r.devices[1].spans[0].off_because, HasSubstr("own timer"));
  EXPECT_EQ(r.sessions.at(0).ended_by, "Lull stopped here");
  EXPECT_EQ(r.episodes.at(0).span.end - r.episodes[0].span.begin, 6min);
  EXPECT_EQ(r.sleepers.at(0).in_bed, 90min) << "for all we know she stayed";
  EXPECT_EQ(r.sleepers[0].missing, 54min);
}

TEST(TheReport, CountsNoSecondTwiceWhenARestartCutsAMinuteShort) {
  Diary d(house(), "2026-11-21");
  d.at(22, 0).in_bed(kAna, 1).minutes_of(kAna, 10, 1).after(20s).restarts().note(Lane::movement, kAna, {}, 1);
  d.in_bed(kAna, 0);
  const SleeperNight ana = d.report().sleepers.at(0);
  EXPECT_EQ(ana.measured, 10min + 20s);
  EXPECT_EQ(ana.missing, 0ms);
  EXPECT_EQ(ana.movements, 11);
}

TEST(TheReport, NoticesBySilenceThatLullWasDown) {
  Diary d(house(), "2026-11-21");
  d.at(22, 0).in_bed(kAna, 1).heat(30).minutes_of(kAna, 10, 0).after(20min).heat(0, "start-up").minutes_of(kAna, 60, 0);
  d.in_bed(kAna, 0).after(3h).says("the night after she got up is silent, and rightly so");
  const NightReport r = d.report();
  ASSERT_EQ(r.unrecorded.size(), 1U);
  EXPECT_EQ(clock(r.unrecorded[0].begin) + clock(r.unrecorded[0].end), "22:1022:30");
  EXPECT_EQ(r.devices.at(1).on, 10min);
  EXPECT_THAT(to_text(r, d.house), HasSubstr("22:10 to 22:30  nothing was recorded: Lull was not running"));
}

TEST(TheReport, KeepsTheHourThatAClockChangeRepeatsOrSkips) {
  Diary autumn(house(), "2026-10-24"), spring(house(), "2026-03-28");
  for (Diary* d : {&autumn, &spring}) d->at(23, 0).in_bed(kAna, 1).at(7, 0).in_bed(kAna, 0);
  EXPECT_EQ(autumn.report().sleepers.at(0).in_bed, 9h);
  EXPECT_EQ(spring.report().sleepers.at(0).in_bed, 7h);
  EXPECT_THAT(to_text(autumn.report(), autumn.house), HasSubstr("The clocks went back by 1 h in this night."));
  EXPECT_THAT(to_text(spring.report(), spring.house), HasSubstr("The clocks went forward by 1 h in this night."));
  const auto json = nlohmann::json::parse(to_json(autumn.report(), autumn.house));
  EXPECT_EQ(json.at("sleepers").at(0).at("in_bed_from"), "2026-10-24T23:00:00+02:00");
  EXPECT_EQ(json.at("sleepers").at(0).at("in_bed_to"), "2026-10-25T07:00:00+01:00");
}

TEST(TheReport, KeepsTwoSleepersApart) {
  const Diary d = ordinary_night(2);
  const NightReport r = d.report(), alone = ordinary_night(1).report();
  ASSERT_EQ(r.sleepers.size(), 2U);
  EXPECT_EQ(r.sleepers[0].movements, alone.sleepers[0].movements);
  EXPECT_EQ(r.sleepers[1].restless, 9min);
  EXPECT_EQ(r.sleepers[1].replays, 0) << "the massage was under Ana's legs";
  EXPECT_EQ(r.sessions[1].pairs.size(), 1U);
}

TEST(TheReport, LeavesOutMinutesOfUnknownPresenceFromTimeInBedAndFromTimeOutOfIt) {
  Diary d(house(), "2026-11-21");
  d.at(22, 0).in_bed(kAna, 1).after(60min).in_bed(kAna, -1).after(30min).in_bed(kAna, 1).after(60min).in_bed(kAna, 0);
  const SleeperNight ana = d.report().sleepers.at(0);
  EXPECT_EQ(ana.in_bed, 2h);
  EXPECT_EQ(ana.presence_unknown, 30min);
  EXPECT_TRUE(ana.out_of_bed.empty());
}

TEST(TheReport, UsesTheMeasuredHoursWhenNoPresenceSensorSpoke) {
  Diary d(house(), "2026-11-21");
  d.at(22, 0).minutes_of(kAna, 60, -1).minutes_of(kAna, 90, 1).minutes_of(kAna, 10, -1).minutes_of(kAna, 20, 2);
  const SleeperNight ana = d.report().sleepers.at(0);
  EXPECT_FALSE(ana.presence_known);
  EXPECT_EQ(ana.in_bed, 2h);
  EXPECT_EQ(ana.movements, 130);
  EXPECT_THAT(to_text(d.report(), d.house), HasSubstr("not known"));
}

TEST(TheReport, SaysAlikeRefusalsOnceWithHowOftenAndTheLastNumbers) {
  Diary d(house(), "2026-11-21");
  for (int i = 0; i < 300; ++i)
    d.at(22, 0).after(i * 60s).decides({Decision::Outcome::did_not, "rule Restless", std::to_string(i) + " of 700"});
  d.decides({Decision::Outcome::refused, "Foot warmer", "at its ceiling"}).decides({Decision::Outcome::did, "x", "y"});
  const NightReport r = d.report();
  ASSERT_EQ(r.not_done.size(), 2U) << "what was done is no refusal";
  EXPECT_EQ(r.not_done[0].times, 300);
  EXPECT_EQ(r.not_done[0].text, "299 of 700");
  EXPECT_THAT(to_text(r, d.house), HasSubstr("refused: Foot warmer: at its ceiling"));
}

TEST(TheReport, KeepsFaultsApartFromNews) {
  Diary d(house(), "2026-11-21");
  d.at(22, 0)
      .notifies({Notify::Urgency::summary, {}, "good night"})
      .notifies({Notify::Urgency::alarm, {}, "still hot"});
  ASSERT_EQ(d.report().faults.size(), 1U);
  EXPECT_EQ(d.report().faults[0].text, "still hot");
}

TEST(TheReport, TakesWhateverItIsGiven) {
  Diary d(house(), "2026-11-21");
  const double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
  d.at(23, 0).in_bed(kAna, 1);
  d.note(Lane::heat, {}, kFeet, nan).note(Lane::massage, {}, kLegs, inf).note(Lane::movement, kAna, {}, nan);
  d.note(Lane::heat, {}, DeviceId{99}, 30).note(Lane::in_bed, SleeperId{9}, {}, 1).note(Lane::heat, {}, {}, 30);
  d.note(Lane::movement, kAna, {}, 1e300).after(1h).note(Lane::heat, {}, kFeet, 1e9).after(1h).heat(0, "\x1b[31m\xff");
  d.play("", false).play("", true).after(10min).play("nobody knows this", false).in_bed(kAna, 0);
  const NightReport r = d.report();
  EXPECT_EQ(r.left_out, 6);
  EXPECT_LE(r.devices.at(1).level_minutes, 6000.0);
  EXPECT_THAT(to_text(r, d.house), Not(HasSubstr("\x1b"))) << "a device's words must not paint the terminal";
  EXPECT_TRUE(nlohmann::json::accept(to_json(r, d.house)));
}

TEST(TheReport, IsTheSameForRecordsInAnyOrderOfEqualTruth) {
  Diary d = ordinary_night();
  const std::string told = to_json(d.report(), d.house);
  std::stable_sort(d.records.begin(), d.records.end(), [](const Timed& a, const Timed& b) { return a.utc < b.utc; });
  EXPECT_EQ(to_json(d.report(), d.house), told);
}

TEST(TheReport, HasANightForRecordsWhoseNightIsNoDate) {
  Diary d = ordinary_night();
  d.night = "yesterday";
  EXPECT_EQ(report_of(d.house, "yesterday", d.records).sleepers.at(0).in_bed, 8h + 21min);
}

TEST(AThousandNightsOfNoise, AddUpAndNeverOverlap) {
  for (unsigned seed = 1; seed <= 1000; ++seed) {
    std::mt19937 dice{seed};
    Diary d(house(2), dice() % 2 ? "2026-10-24" : "2026-03-28");
    d.at(21, 0);
    for (int i = 0; i < 60; ++i) {
      d.after(seconds{dice() % 900});
      const SleeperId who{static_cast<std::uint16_t>(dice() % 2)};
      switch (dice() % 8) {
        case 0: d.in_bed(who, static_cast<int>(dice() % 3) - 1); break;
        case 1: d.restless(who, dice() % 2); break;
        case 2: d.play(dice() % 2 ? "wind-down" : "night-relief", dice() % 2); break;
        case 3: d.massage(static_cast<double>(dice() % 101)); break;
        case 4: d.heat(dice() % 2 ? 30 : 0); break;
        case 5:
          if (dice() % 4 == 0) d.restarts();
          break;
        default:
          d.minutes_of(who, static_cast<int>(dice() % 20), [&](int) { return static_cast<int>(dice() % 6) - 1; });
      }
    }
    const NightReport r = d.report();
    for (const SleeperNight& s : r.sleepers) {
      ASSERT_EQ(s.measured + s.gated + s.missing, s.in_bed) << "seed " << seed;
      ASSERT_GE(s.missing, 0ms) << "seed " << seed;
      ASSERT_TRUE(s.coverage >= 0 && s.coverage <= 100) << "seed " << seed;
      ASSERT_EQ(s.movements_per_hour.has_value(), s.no_figures.empty()) << "seed " << seed;
      ASSERT_TRUE(std::isfinite(s.movements_per_hour.value_or(0))) << "seed " << seed;
    }
    for (std::size_t i = 0; i < r.lanes.size(); ++i) {
      const LaneSpan& a = r.lanes[i];
      ASSERT_LT(a.span.begin, a.span.end) << "seed " << seed;
      for (std::size_t j = i + 1; j < r.lanes.size(); ++j) {
        const LaneSpan& b = r.lanes[j];
        if (a.lane != b.lane || a.device != b.device || a.sleeper != b.sleeper || a.lane == Lane::play) continue;
        ASSERT_TRUE(a.span.end <= b.span.begin) << word_for(a.lane) << " overlaps, seed " << seed;
      }
    }
    for (const DeviceNight& dn : r.devices) {
      milliseconds sum{};
      for (const DeviceOn& on : dn.spans) sum += on.span.end - on.span.begin;
      ASSERT_EQ(sum, dn.on) << "seed " << seed;
    }
    const std::string text = to_text(r, d.house) + to_json(r, d.house);
    ASSERT_EQ(text.find("nan"), text.npos) << "seed " << seed;
  }
}

}  // namespace
}  // namespace lull::made_up
