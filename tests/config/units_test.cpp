// Quantities as people write them, names as people mistype them.
#include "config/units.hpp"

#include <gtest/gtest.h>

#include "config/words.hpp"

namespace lull::config {
namespace {

TEST(ADuration, IsReadInEverySpellingWithAUnit) {
  EXPECT_EQ(duration_from("90s"), 90s);
  EXPECT_EQ(duration_from("90 seconds"), 90s);
  EXPECT_EQ(duration_from("30min"), 30min);
  EXPECT_EQ(duration_from("30 m"), 30min);
  EXPECT_EQ(duration_from("1.5h"), 90min);
  EXPECT_EQ(duration_from("1h 30min"), 90min);
  EXPECT_EQ(duration_from("1h30min"), 90min);
  EXPECT_EQ(duration_from("250ms"), 250ms);
  EXPECT_EQ(duration_from("0min"), 0min);
  for (const char* bad : {"", "30", "min", "-5min", "5 parsecs", "1,5h", "1.h", ".5h", "5min x", "9999999999s", "400d",
                          "nan s", "1e3s", "5Min", " 5min"})
    EXPECT_FALSE(duration_from(bad)) << bad;
}

TEST(ADuration, IsWrittenSoThatItReadsBack) {
  for (const milliseconds d :
       {milliseconds{0}, milliseconds{1}, milliseconds{90s}, milliseconds{25h}, milliseconds{3'723'004}})
    EXPECT_EQ(duration_from(text_of(d)), d) << text_of(d);
  EXPECT_EQ(text_of(milliseconds{90min}), "1h30min");
}

TEST(APercentage, NeedsItsSignAndItsRange) {
  EXPECT_EQ(percent_from("40%"), 40_pct);
  EXPECT_EQ(percent_from("40 %"), 40_pct);
  EXPECT_EQ(percent_from("2.5%"), Percent::of_tenths(25));
  for (const char* bad : {"40", "%", "101%", "-1%", "nan%", "40%%", "4 0%"}) EXPECT_FALSE(percent_from(bad)) << bad;
}

TEST(ATemperature, IsInCelsius) {
  EXPECT_EQ(celsius_from("38°C"), 38.0_degC);
  EXPECT_EQ(celsius_from("38 °C"), 38.0_degC);
  EXPECT_EQ(celsius_from("37.5C"), 37.5_degC);
  for (const char* bad : {"38", "100F", "100°F", "38°", "°C", "nan°C", "1000°C"})
    EXPECT_FALSE(celsius_from(bad)) << bad;
  EXPECT_EQ(kelvin_from("2200"), Kelvin::from(2200));
  EXPECT_EQ(kelvin_from("2200K"), Kelvin::from(2200));
  EXPECT_FALSE(kelvin_from("22000"));
}

TEST(ATimeOfDay, HasTwentyFourHours) {
  EXPECT_EQ(time_from("22:30"), TimeOfDay{22 * 60 + 30});
  EXPECT_EQ(time_from("7:05"), TimeOfDay{7 * 60 + 5});
  EXPECT_EQ(text_of(TimeOfDay{7 * 60 + 5}), "07:05");
  for (const char* bad : {"24:00", "22:60", "22:3", "22.30", "10pm", "", ":30", "222:30", "-1:30"})
    EXPECT_FALSE(time_from(bad)) << bad;
}

TEST(Days, HaveShortAndLongNames) {
  EXPECT_EQ(days_from("sun"), 1);
  EXPECT_EQ(days_from("saturday"), 64);
  EXPECT_EQ(days_from("weekdays"), 0x3e);
  EXPECT_EQ(days_from("weekends"), 0x41);
  EXPECT_EQ(days_from("every day"), kEveryDay);
  EXPECT_FALSE(days_from("someday"));
}

TEST(ANameThatIsNearlyRight, IsRecognised) {
  const std::vector<std::string> known = {"Bedside lamp", "Leg massage", "Foot warmer", "wind-down"};
  EXPECT_EQ(nearest("Bedside Lamp", known), "Bedside lamp");
  EXPECT_EQ(nearest("bedside lmap", known), "Bedside lamp");
  EXPECT_EQ(nearest("winddown", known), "wind-down");
  EXPECT_EQ(nearest("wind", known), "wind-down") << "the begin of it";
  EXPECT_EQ(nearest("refrigerator", known), "");
  EXPECT_EQ(nearest("y", {"R"}), "") << "one letter is no hint";
  EXPECT_EQ(nearest("", known), "");
}

TEST(AnId, IsMadeOfAnyEuropeanName) {
  EXPECT_EQ(slug("Ana's Fußwärmer"), "ana_s_fusswaermer");
  EXPECT_EQ(slug("Łóżko  Żony"), "lozko_zony");
  EXPECT_EQ(slug("Öl-Lampe (links)"), "oel_lampe_links");
  EXPECT_EQ(slug("Bröd & Smør"), "broed_smoer");
  EXPECT_EQ(slug("灯"), "");
  EXPECT_EQ(slug("  "), "");
  EXPECT_EQ(slug(std::string(100, 'a')).size(), 40u);
  EXPECT_EQ(slug("\xff\xfe"
                 "a"),
            "a");
}

TEST(ATextInAMessage, IsShortAndHarmless) {
  EXPECT_EQ(in_quotes("a\x1b[2Jb"), "\"a·[2Jb\"");
  EXPECT_EQ(in_quotes(std::string(100, 'x')), "\"" + std::string(60, 'x') + "...\"");
  EXPECT_EQ(in_quotes("\xff"), "\"·\"");
  EXPECT_EQ(listed({"a", "b", "c"}), "a, b or c");
}

}  // namespace
}  // namespace lull::config
