// Nights side by side: medians of what counts, and nothing said that a few nights cannot carry.
#include "automations/night/trend.hpp"

#include <gtest/gtest.h>

#include "tests/automations/night/diary.hpp"

namespace lull {
namespace {

using namespace made_up;

/// A night from 23:00 to 07:00 with one episode of `restless` minutes and one replay: `before` movements a minute, then
/// `after`. `seen` minutes of the night have data.
Diary a_night(const std::string& date, int before, int after, int seen = 480) {
  Diary d(house(), date);
  d.at(23, 0).in_bed(kAna, 1);
  int minute = 0;
  const auto live = [&](int count, double movements) {
    d.minutes_of(kAna, count, [&](int) { return minute++ < seen ? movements : -1.0; });
  };
  live(60, 0);
  d.restless(kAna, true, "Ana's ankle 7 of 7");
  live(15, before);
  d.play("night-relief (rule Restless at night)", true).massage(18);
  live(10, -1);
  d.massage(0).play("night-relief: finished", false);
  live(15, after);
  d.restless(kAna, false);
  live(380, 0);
  d.in_bed(kAna, 0);
  return d;
}

Trend trend_of(std::vector<Diary> nights) {
  Trend t;
  for (const Diary& d : nights) t.house = d.house.name, t.zone = d.house.zone, add_night(t, d.report(), d.house);
  return t;
}

TEST(ATrend, HasTheMedianOfTheNightsThatCountAndMarksTheOthers) {
  const Trend t = trend_of({a_night("2026-11-23", 4, 1), a_night("2026-11-24", 2, 1), a_night("2026-11-25", 8, 1),
                            a_night("2026-11-26", 40, 40, 100)});  // a fifth of it was seen
  ASSERT_EQ(t.sleepers.size(), 1u);
  const auto weeks = t.sleepers[0].weeks();
  ASSERT_EQ(weeks.size(), 1u);
  EXPECT_EQ(weeks[0].monday, "2026-11-23");
  EXPECT_EQ(weeks[0].recorded, 4);
  EXPECT_EQ(weeks[0].counted, 3);
  EXPECT_NEAR(*weeks[0].movements_per_hour, (4 * 15 + 15) / (470 / 60.0), 0.1) << "the middle one, not the mean";
  EXPECT_EQ(*weeks[0].episodes, 1);
  EXPECT_NEAR(*weeks[0].restless_minutes, 40, 0.1);
  const std::string text = to_text(t);
  EXPECT_NE(text.find("2026-11-23    3 of 4"), std::string::npos) << text;
  EXPECT_NE(text.find("2026-11-26    19 % *"), std::string::npos) << text;
  EXPECT_NE(text.find("in no median"), std::string::npos) << text;
  EXPECT_NE(text.find("Not enough nights yet to say anything about relief: 4 of 12"), std::string::npos) << text;
}

TEST(ATrend, BeginsItsWeeksOnMondayAlsoOverAYearsEnd) {
  EXPECT_EQ(monday_of("2026-11-22"), "2026-11-16");
  EXPECT_EQ(monday_of("2026-11-23"), "2026-11-23");
  EXPECT_EQ(monday_of("2027-01-02"), "2026-12-28");
  EXPECT_EQ(days_after("2028-02-28", 2), "2028-03-01");
  EXPECT_EQ(monday_of("no date"), "no date");
  const Trend t = trend_of({a_night("2026-11-22", 4, 1), a_night("2026-11-23", 2, 1), a_night("2026-12-09", 2, 1)});
  EXPECT_EQ(t.sleepers[0].weeks().size(), 3u);
}

TEST(Relief, IsJudgedOnTwelveNightsOrNotAtAll) {
  Compared sum;
  for (int i = 0; i < kEnoughNights - 1; ++i)
    add(sum, compared_in(a_night("2026-11-21", 4, i < 3 ? 6 : 1).report(), kAna));
  EXPECT_EQ(sum.nights, 11);
  EXPECT_EQ(sum.lower, 8);
  EXPECT_NEAR(sum.before(), 240, 0.1);
  EXPECT_NE(verdict_of(sum).find("Not enough nights yet"), std::string::npos);
  add(sum, compared_in(a_night("2026-11-21", 4, 1).report(), kAna));
  EXPECT_NE(verdict_of(sum).find("On 9 of 12 nights movement was lower"), std::string::npos) << verdict_of(sum);
  EXPECT_NE(verdict_of(sum).find("by itself"), std::string::npos) << "no cause is claimed";
}

TEST(Relief, WithoutEnoughMeasuredMinutesIsNotComparedAndSaysSo) {
  const Compared c = compared_in(a_night("2026-11-21", 4, 1, 75).report(), kAna);
  EXPECT_EQ(c.sessions, 1);
  EXPECT_EQ(c.compared, 0);
  EXPECT_EQ(words_for(c), "no comparison (0 of 1 session compared)");
  EXPECT_EQ(words_for(compared_in(a_night("2026-11-21", 4, 1).report(), kAna)),
            "240 before, 60 after (1 of 1 session compared, 15 and 15 min measured)");
}

TEST(ATableOfNights, HasARowANightAndNothingWhereNothingIsKnown) {
  House named = house();
  named.sleepers[0].name = "Ana, \"the\" sleeper";
  Diary good = a_night("2026-11-23", 4, 1), poor = a_night("2026-11-24", 4, 1, 100);
  good.house = poor.house = named;
  const std::string csv = to_csv(trend_of({good, poor}));
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 3) << csv;
  EXPECT_NE(
      csv.find(
          "\r\n2026-11-23,ana,\"Ana, \"\"the\"\" sleeper\",1,2026-11-23T23:00:00+01:00,2026-11-24T07:00:00+01:00,480,"),
      std::string::npos)
      << csv;
  const auto second = csv.substr(csv.find("2026-11-24,ana"));
  EXPECT_NE(second.find(",,,1,40,"), std::string::npos) << "no movements, and no rate: " << second;
  const auto columns = [](const std::string& line) {
    int n = 1;
    bool quoted = false;
    for (const char c : line) quoted ^= c == '"', n += c == ',' && !quoted;
    return n;
  };
  const auto header = csv.substr(0, csv.find("\r\n"));
  EXPECT_EQ(columns(header),
            columns(csv.substr(csv.find("2026-11-23"), csv.find("\r\n2026-11-24") - csv.find("2026-11-23"))));
}

TEST(ATableOfMinutes, HasBothHoursOfTheClockThatGoesBack) {
  const Diary d = a_night("2026-10-24", 4, 1);
  const NightReport r = d.report();
  const std::string csv = minutes_csv(r, d.house, true);
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 481);
  EXPECT_NE(csv.find("2026-10-25T02:30:00+02:00,2026-10-25T00:30:00Z"), std::string::npos);
  EXPECT_NE(csv.find("2026-10-25T02:30:00+01:00,2026-10-25T01:30:00Z"), std::string::npos);
  EXPECT_NE(csv.find(",60,gated,,1,1,18,0,night-relief\r\n"), std::string::npos) << "under a pad nothing is known";
  EXPECT_NE(csv.find(",60,measured,4,1,1,0,0,\r\n"), std::string::npos);
  EXPECT_EQ(minutes_csv(r, d.house, false), csv.substr(csv.find("\r\n") + 2));
}

TEST(ATrendForPrograms, TellsWhatItRestsOn) {
  const std::string json = to_json(trend_of({a_night("2026-11-23", 4, 1)}));
  for (const char* key : {"\"lull_trend\": 1", "\"nights_counted\": 1", "\"median_movements_per_hour\"",
                          "\"enough_nights\": false", "\"before_per_hour\": 240.0", "\"after_measured_minutes\": 15"})
    EXPECT_NE(json.find(key), std::string::npos) << key << json;
}

}  // namespace
}  // namespace lull
