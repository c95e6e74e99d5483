// Words and widths that reports and pictures share.
#include <gtest/gtest.h>

#include "automations/night/picture.hpp"
#include "automations/night/report.hpp"
#include "devices/utf8.hpp"

namespace lull {
namespace {

TEST(ALength, ReadsAsAPersonWouldSayIt) {
  EXPECT_EQ(length_text(40s), "40 s");
  EXPECT_EQ(length_text(23min + 29s), "23 min");
  EXPECT_EQ(length_text(59min + 40s), "1 h");
  EXPECT_EQ(length_text(7h + 52min), "7 h 52 min");
}

TEST(ADate, HasItsWeekday) {
  EXPECT_EQ(date_words("2026-11-21"), "Saturday, 21 November 2026");
  EXPECT_EQ(date_words("2024-02-29"), "Thursday, 29 February 2024");
  EXPECT_EQ(date_words("yester\nday"), "yester day");
}

TEST(AMoment, BearsTheOffsetOfItsOwnHour) {
  const Zone berlin = *Zone::named("Europe/Berlin"), kathmandu = *Zone::named("Asia/Kathmandu"), utc;
  const Utc at{1'792'890'000'000ms};  // 2026-10-25 01:00 UTC, when the clocks go back in Berlin
  EXPECT_EQ(iso(berlin, at + -1ms), "2026-10-25T02:59:59+02:00");
  EXPECT_EQ(iso(berlin, at), "2026-10-25T02:00:00+01:00");
  EXPECT_EQ(iso(kathmandu, at), "2026-10-25T06:45:00+05:45");
  EXPECT_EQ(iso(utc, at), "2026-10-25T01:00:00+00:00");
}

TEST(PrintableText, IsUtf8WithoutControlWhateverItWas) {
  EXPECT_EQ(printable("a\x1b[2Jb\tc"), "a [2Jb c");
  EXPECT_EQ(printable("\xff"), "\xEF\xBF\xBD");
  EXPECT_EQ(printable("Zoë 腿 🦵"), "Zoë 腿 🦵");
  EXPECT_EQ(printable("a\u202Eb"), "a b") << "no mark that turns the rest of the line around";
  for (unsigned a = 0; a < 256; ++a) {
    for (unsigned b = 0; b < 256; ++b) {
      const std::string bytes{'x', static_cast<char>(a), static_cast<char>(b), '\x80', 'y'};
      ASSERT_TRUE(is_utf8(printable(bytes))) << a << " " << b;
    }
  }
}

TEST(PrintableText, IsCutBetweenCharacters) {
  const std::string cut = printable("ääääääääää", 12);
  EXPECT_LE(cut.size(), 12U);
  EXPECT_TRUE(is_utf8(cut));
  EXPECT_EQ(cut, "ääää…");
}

TEST(FittedText, IsNeverWiderThanItsRoom) {
  for (const char* text :
       {"Leg massage of the left side", "Массаж ног", "腿部按摩腿部按摩", "WWWWWWWW", "🦵🦵🦵"}) {
    for (double room = 0; room < 400; room += 7) {
      const std::string f = fitted(text, 24, room);
      ASSERT_LE(text_width(f, 24), room) << text;
      ASSERT_TRUE(is_utf8(f));
    }
    EXPECT_EQ(fitted(text, 24, 1000), text);
  }
}

}  // namespace
}  // namespace lull
