// Nights and wall clocks across clock changes, in both hemispheres.
#include "automations/calendar.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace lull {
namespace {

Zone zone(const char* name) {
  const auto z = Zone::named(name);
  EXPECT_TRUE(z) << name;
  return z.value_or(Zone{});
}
Utc utc(std::int64_t epoch_seconds) { return {seconds{epoch_seconds}}; }
TimeOfDay at(int h, int m) { return {static_cast<std::int16_t>(h * 60 + m)}; }
constexpr Weekdays kSunday = 1, kMonday = 2;

// Europe/Berlin 2026: 2026-03-29 02:00 -> 03:00 at 01:00 UTC, 2026-10-25 03:00 -> 02:00 at 01:00 UTC.
constexpr std::int64_t kSpringChange = 1774746000, kAutumnChange = 1792890000;

TEST(TheCalendar, KnowsAZoneByItsNameAndRefusesOthers) {
  EXPECT_EQ(zone("Europe/Berlin").name(), "Europe/Berlin");
  EXPECT_FALSE(Zone::named("Europe/Berlim"));
  EXPECT_FALSE(Zone::named(""));
  EXPECT_FALSE(Zone::named("../../etc/passwd"));
  EXPECT_FALSE(Zone::named(std::string_view("Europe/Berlin\0x", 15)));
  EXPECT_EQ(Zone{}, zone("UTC"));
}

TEST(TheCalendar, ShowsWhatTheWallClockShows) {
  EXPECT_EQ(text(local(zone("Europe/Berlin"), utc(kSpringChange - 1))), "2026-03-29 01:59:59");
  EXPECT_EQ(text(local(zone("Europe/Berlin"), utc(kSpringChange))), "2026-03-29 03:00:00");
  EXPECT_EQ(text(local(zone("Europe/Berlin"), utc(kAutumnChange - 1))), "2026-10-25 02:59:59");
  EXPECT_EQ(text(local(zone("Europe/Berlin"), utc(kAutumnChange))), "2026-10-25 02:00:00");
  EXPECT_EQ(clock_text(local(zone("Asia/Kathmandu"), utc(0))), "05:30");
  EXPECT_EQ(local(Zone{}, utc(0)).weekday, 4) << "1970 began on a Thursday";
  EXPECT_EQ(local(zone("Europe/Berlin"), utc(kSpringChange)).weekday, 0) << "and clocks change on a Sunday";
}

TEST(ANight, RunsFromNoonToNoonAndBearsTheDateOfItsEvening) {
  const Zone berlin = zone("Europe/Berlin");
  const auto night = span_of_night(berlin, "2026-11-21");
  ASSERT_TRUE(night);
  EXPECT_EQ(text(local(berlin, night->begin)), "2026-11-21 12:00:00");
  EXPECT_EQ(night->end - night->begin, 24h);
  EXPECT_EQ(night_of(berlin, night->begin), "2026-11-21");
  EXPECT_EQ(night_of(berlin, night->begin + -1ms), "2026-11-20");
  EXPECT_EQ(night_of(berlin, night->end + -1ms), "2026-11-21");
  EXPECT_EQ(night_of(berlin, night->end), "2026-11-22");
}

TEST(ANight, IsAnHourShorterInSpringAndLongerInAutumn) {
  const Zone berlin = zone("Europe/Berlin");
  const auto spring = span_of_night(berlin, "2026-03-28"), autumn = span_of_night(berlin, "2026-10-24");
  ASSERT_TRUE(spring && autumn);
  EXPECT_EQ(spring->end - spring->begin, 23h);
  EXPECT_EQ(autumn->end - autumn->begin, 25h);
  EXPECT_EQ(night_of(berlin, utc(kSpringChange)), "2026-03-28");
  EXPECT_EQ(night_of(berlin, utc(kAutumnChange)), "2026-10-24");
}

TEST(ANight, IsRightInTheSouthAndWhereTheChangeIsHalfAnHour) {
  // Sydney goes forward on 2026-10-04 and back on 2026-04-05; Lord Howe the same nights, by 30 minutes.
  for (const auto& [name, change] : {std::pair{"Australia/Sydney", 60min}, {"Australia/Lord_Howe", 30min}}) {
    const Zone z = zone(name);
    const auto autumn = span_of_night(z, "2026-04-04"), spring = span_of_night(z, "2026-10-03");
    ASSERT_TRUE(autumn && spring);
    EXPECT_EQ(autumn->end - autumn->begin, 24h + change) << name;
    EXPECT_EQ(spring->end - spring->begin, 24h - change) << name;
  }
}

TEST(ANight, ThatASkippedDayTookFromSamoaIsStillANight) {  // 2011-12-30 did not happen there
  const Zone apia = zone("Pacific/Apia");
  const auto before = span_of_night(apia, "2011-12-29"), skipped = span_of_night(apia, "2011-12-30");
  ASSERT_TRUE(before && skipped);
  EXPECT_EQ(before->end, skipped->begin);
  EXPECT_EQ(before->end - before->begin, 12h);
  EXPECT_EQ(skipped->end - skipped->begin, 12h);
  EXPECT_EQ(night_of(apia, before->end + -1ms), "2011-12-29");
  EXPECT_EQ(night_of(apia, before->end), "2011-12-30");
}

TEST(ANight, HasNoSpanWhenItsNameIsNoDate) {
  for (const char* bad : {"", "2026-02-29", "2026-13-01", "2026-00-10", "2026-1-1", "26-01-01", "2026-11-21x",
                          "2026/11/21", "+026-11-21", "1969-12-31", "2100-01-01", "yesterday"})
    EXPECT_FALSE(span_of_night(Zone{}, bad)) << bad;
  EXPECT_TRUE(span_of_night(Zone{}, "2028-02-29"));
}

TEST(EveryMomentOfTwoYears, LiesInTheSpanOfItsOwnNight) {
  for (const char* name : {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca",
                           "America/Havana", "Asia/Beirut", "UTC"}) {
    const Zone z = zone(name);
    for (Utc t = utc(1767225600); t < utc(1830297600); t = t + 37min) {
      const auto span = span_of_night(z, night_of(z, t));
      ASSERT_TRUE(span && span->begin <= t && t < span->end) << name << " " << text(local(z, t));
    }
  }
}

TEST(TheNextTime, IsTheNextDayThatTheHouseholdNamed) {
  const Zone berlin = zone("Europe/Berlin");
  const Utc saturday_noon = span_of_night(berlin, "2026-11-21")->begin;
  EXPECT_EQ(text(local(berlin, next_time(berlin, at(22, 30), kEveryDay, saturday_noon))), "2026-11-21 22:30:00");
  EXPECT_EQ(text(local(berlin, next_time(berlin, at(22, 30), kSunday, saturday_noon))), "2026-11-22 22:30:00");
  EXPECT_EQ(text(local(berlin, next_time(berlin, at(22, 30), kMonday, saturday_noon))), "2026-11-23 22:30:00");
  const Utc fired = next_time(berlin, at(22, 30), kSunday, saturday_noon);
  EXPECT_EQ(text(local(berlin, next_time(berlin, at(22, 30), kSunday, fired))), "2026-11-29 22:30:00")
      << "a moment is never its own next one";
  EXPECT_GT(next_time(berlin, at(22, 30), 0, saturday_noon), utc(1LL << 40)) << "no day: never";
}

TEST(TheNextTime, ThatSpringSkipsHappensAtTheChange) {
  const Zone berlin = zone("Europe/Berlin");
  EXPECT_EQ(next_time(berlin, at(2, 30), kEveryDay, utc(kSpringChange - 3600)), utc(kSpringChange));
  EXPECT_EQ(text(local(berlin, next_time(berlin, at(2, 30), kEveryDay, utc(kSpringChange)))), "2026-03-30 02:30:00");
}

TEST(TheNextTime, ThatAutumnRepeatsHappensOnce) {
  const Zone berlin = zone("Europe/Berlin");
  const Utc first = next_time(berlin, at(2, 30), kEveryDay, utc(kAutumnChange - 7200));
  EXPECT_EQ(first, utc(kAutumnChange - 1800)) << "the first of the two";
  EXPECT_EQ(text(local(berlin, next_time(berlin, at(2, 30), kEveryDay, first))), "2026-10-26 02:30:00");
}

TEST(TheNextTime, ThatFallsAtAMidnightWhichDoesNotExistIsNotLost) {  // Beirut goes forward at 00:00
  const Zone beirut = zone("Asia/Beirut");
  const Utc eve = span_of_night(beirut, "2026-03-28")->begin;
  EXPECT_EQ(text(local(beirut, next_time(beirut, at(0, 15), kSunday, eve))), "2026-03-29 01:00:00");
}

TEST(AMomentInANight, IsBeforeMidnightOnItsDateAndAfterMidnightOnTheNext) {
  const Zone berlin = zone("Europe/Berlin");
  EXPECT_EQ(text(local(berlin, *in_night(berlin, "2026-11-21", at(23, 0)))), "2026-11-21 23:00:00");
  EXPECT_EQ(text(local(berlin, *in_night(berlin, "2026-11-21", at(2, 0)))), "2026-11-22 02:00:00");
  EXPECT_EQ(text(local(berlin, *in_night(berlin, "2026-11-21", at(12, 0)))), "2026-11-21 12:00:00");
  EXPECT_EQ(*in_night(berlin, "2026-10-24", at(2, 30)), utc(kAutumnChange - 1800)) << "the first of two";
  EXPECT_EQ(*in_night(berlin, "2026-03-28", at(2, 30)), utc(kSpringChange)) << "skipped: at the change";
  EXPECT_FALSE(in_night(berlin, "soon", at(2, 30)));
}

TEST(TheCalendar, EndsQuietlyWhereTheClockIsAbsurd) {
  const Zone berlin = zone("Europe/Berlin");
  const Utc never{milliseconds{std::numeric_limits<std::int64_t>::max()}};
  const Utc always{milliseconds{std::numeric_limits<std::int64_t>::min()}};
  EXPECT_EQ(night_of(berlin, never), "2099-12-31");
  EXPECT_EQ(night_of(berlin, always), "1969-12-31");
  EXPECT_EQ(next_time(berlin, at(1, 0), kEveryDay, never), never);
  EXPECT_LT(next_time(berlin, at(1, 0), kEveryDay, always), utc(3 * 86400));
}

}  // namespace
}  // namespace lull
