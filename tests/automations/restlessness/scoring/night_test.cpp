// The figures of a night, Tudor-Locke's periods and Actiware's interval, by nights small enough to count by hand.
#include <gtest/gtest.h>

#include <string>

#include "automations/restlessness/scoring/night_metrics.hpp"
#include "automations/restlessness/scoring/periods.hpp"

namespace lull::scoring {
namespace {

struct Night {
  std::vector<Label> labels{};
  std::vector<Count> counts{};
  /// n epochs of S (count 0), W (count 100), or - (missing).
  Night& add(std::size_t n, char c, std::int64_t count = -1) {
    for (std::size_t i = 0; i < n; ++i) {
      labels.push_back(c == 'S' ? Label::sleep : c == 'W' ? Label::wake : Label::missing);
      counts.push_back(c == '-' ? Count{} : Count{count >= 0 ? count : c == 'W' ? 100 : 0});
    }
    return *this;
  }
  Rest all() const { return {0, labels.size()}; }
};

TEST(Periods, ShortRunsJoinTheRunBeforeThem) {
  Night n;
  n.add(30, 'W').add(100, 'S').add(9, 'W').add(100, 'S').add(10, 'W').add(4, 'S').add(30, 'W');
  const auto periods = sleep_periods(n.labels, n.counts, 60s);
  ASSERT_EQ(periods.size(), 1u);
  const SleepPeriod& p = periods[0];
  EXPECT_EQ(p.first, 30u);
  EXPECT_EQ(p.end, 239u);
  EXPECT_EQ(p.minutes, 209);
  EXPECT_EQ(p.sleep_min, 200);
  EXPECT_EQ(p.wake_min, 9);
  EXPECT_EQ(p.awakenings, 1);
  EXPECT_EQ(p.mean_awakening_min, 9);
  EXPECT_EQ(p.counts, 900);
  EXPECT_NEAR(p.efficiency_pct, 100 * 200.0 / 209, 1e-9);
  EXPECT_NEAR(p.movement_index, 100 * 9.0 / 209, 1e-9);
  EXPECT_EQ(p.fragmentation_index, 0);
}

TEST(Periods, AMinuteOfSleepIsAFragment) {
  Night n;
  n.add(20, 'W').add(100, 'S').add(1, 'W').add(1, 'S').add(1, 'W').add(100, 'S').add(20, 'W');
  const auto periods = sleep_periods(n.labels, n.counts, 60s);
  ASSERT_EQ(periods.size(), 1u);
  EXPECT_NEAR(periods[0].fragmentation_index, 100.0 / 3, 1e-9);
  EXPECT_NEAR(periods[0].sleep_fragmentation_index, periods[0].fragmentation_index + periods[0].movement_index, 1e-9);
}

TEST(Periods, LengthNonzeroEpochsAndTheEndOfTheRecordingDecide) {
  Night n;
  n.add(20, 'W').add(160, 'S').add(20, 'W').add(159, 'S').add(20, 'W').add(200, 'S');
  EXPECT_EQ(sleep_periods(n.labels, n.counts, 60s).size(), 1u);
  EXPECT_EQ(sleep_periods(n.labels, n.counts, 60s, {.keep_last = true}).size(), 2u);
  EXPECT_EQ(sleep_periods(n.labels, n.counts, 60s, {.min_sleep = 159}).size(), 2u);
  EXPECT_EQ(sleep_periods(n.labels, n.counts, 60s, {.max_sleep = 159}).size(), 0u);
  EXPECT_EQ(sleep_periods(n.labels, n.counts, 60s, {.min_nonzero = 1}).size(), 0u);
  EXPECT_TRUE(sleep_periods(n.labels, {}, 60s).empty());
  EXPECT_TRUE(sleep_periods(n.labels, n.counts, 45s).empty());
}

TEST(Periods, AGapEndsAPeriod) {
  Night n;
  n.add(20, 'W').add(170, 'S').add(1, '-').add(170, 'S').add(20, 'W');
  EXPECT_EQ(sleep_periods(n.labels, n.counts, 60s).size(), 2u);
  Night short_after;
  short_after.add(170, 'S').add(1, '-').add(3, 'S').add(30, 'W');
  EXPECT_EQ(sleep_periods(short_after.labels, short_after.counts, 60s).at(0).end, 170u);
}

TEST(Actiware, MobileIsOneCountAQuarterMinute) {
  EXPECT_FALSE(is_mobile(0, 15s));
  EXPECT_TRUE(is_mobile(1, 15s));
  EXPECT_FALSE(is_mobile(1, 30s));
  EXPECT_TRUE(is_mobile(2, 30s));
  EXPECT_FALSE(is_mobile(3, 60s));
  EXPECT_TRUE(is_mobile(4, 60s));
}

TEST(Actiware, TheIntervalIsFromTheFirstToTheLastTenStillMinutes) {
  Night n;
  n.add(5, 'W').add(4, 'S').add(2, 'W').add(300, 'S').add(10, 'W');
  // the first ten minutes with at most one mobile minute begin with the last of the two mobile ones; the last end
  // with the first of the ten that follow
  EXPECT_EQ(sleep_interval(n.counts, 60s, n.all()), (Rest{10, 311}));
  EXPECT_EQ(sleep_interval(n.counts, 60s, {20, 60}), (Rest{20, 59}));
  EXPECT_FALSE(sleep_interval(n.counts, 60s, {0, 9}));
  EXPECT_FALSE(sleep_interval(n.counts, 60s, {300, 900}));
  n.counts[15].reset();  // nobody saw that these ten were still
  EXPECT_EQ(sleep_interval(n.counts, 60s, n.all())->first, 16u);
}

TEST(Metrics, AWholeNight) {
  Night n;  // ten minutes awake, six hours with three awakenings, ten awake
  n.add(10, 'W').add(100, 'S').add(5, 'W').add(100, 'S').add(1, 'W').add(59, 'S').add(10, 'W').add(85, 'S').add(10,
                                                                                                                'W');
  const NightMetrics m = night_metrics(n.labels, n.counts, 60s, n.all(), Detected{12, 360, 25});
  EXPECT_EQ(m.no_score, "");
  EXPECT_EQ(m.tib_min, 380);
  EXPECT_EQ(m.coverage_pct, 100);
  EXPECT_EQ(m.onset_rule, OnsetRule::immobile_10_min);
  EXPECT_EQ(*m.sol_min, 9);  // ten minutes with one mobile minute begin a minute earlier
  EXPECT_EQ(*m.tst_min, 344);
  EXPECT_EQ(*m.waso_min, 17);
  EXPECT_NEAR(*m.se_pct, 100 * 344.0 / 380, 1e-9);
  EXPECT_EQ(*m.awakenings_5min, 2);
  EXPECT_EQ(*m.movements_per_hour, 2);
  EXPECT_EQ(*m.restless_min, 25);
  const NightMetrics by_labels = night_metrics(n.labels, {}, 60s, n.all());
  EXPECT_EQ(by_labels.onset_rule, OnsetRule::first_sleep_epoch);
  EXPECT_EQ(*by_labels.sol_min, 10);
  EXPECT_EQ(*by_labels.waso_min, 16);
  EXPECT_EQ(*by_labels.awakenings, 3);
  EXPECT_NEAR(*by_labels.awakenings_per_hour, 3 / (344.0 / 60), 1e-9);
  EXPECT_FALSE(by_labels.still);
  EXPECT_FALSE(by_labels.movements_per_hour);
}

TEST(Metrics, StillnessIsMobileTimePlusShortStillRuns) {
  Night n;
  n.add(20, 'S').add(1, 'W').add(1, 'S').add(1, 'W').add(17, 'S');
  const auto s = stillness(n.counts, 60s, n.all());
  EXPECT_EQ(s->mobile_pct, 5);
  EXPECT_NEAR(s->short_immobile_pct, 100.0 / 3, 1e-9);
  EXPECT_NEAR(s->restlessness_index, 5 + 100.0 / 3, 1e-9);
  EXPECT_FALSE(stillness(std::vector<Count>(9), 60s, {0, 9}));
}

TEST(Metrics, MissingIsNeitherSleepNorWakeAndBelow70PercentNothingIsSaid) {
  Night n;
  n.add(100, 'S').add(30, '-').add(10, 'W').add(60, 'S');
  const NightMetrics m = night_metrics(n.labels, n.counts, 60s, n.all());
  EXPECT_EQ(m.coverage_pct, 85);
  EXPECT_EQ(*m.tst_min, 160);
  EXPECT_EQ(*m.waso_min, 10);
  EXPECT_NEAR(*m.se_pct, 100 * 160.0 / 170, 1e-9);
  EXPECT_EQ(*m.awakenings, 1);
  n.add(60, '-');
  const NightMetrics little = night_metrics(n.labels, n.counts, 60s, n.all());
  EXPECT_LT(little.coverage_pct, 70);
  EXPECT_NE(little.no_score.find("65.4 %"), std::string::npos) << little.no_score;
  EXPECT_FALSE(little.tst_min || little.se_pct || little.awakenings || little.still);
  EXPECT_FALSE(actiware_night(n.labels, n.counts, 60s, n.all()).tst_min);
  Night awake;
  awake.add(100, 'W');
  EXPECT_NE(night_metrics(awake.labels, awake.counts, 60s, awake.all()).no_score, "");
  EXPECT_NE(night_metrics(awake.labels, awake.counts, 60s, {50, 101}).no_score, "");
}

}  // namespace
}  // namespace lull::scoring
