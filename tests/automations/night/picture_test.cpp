// The display list: everything on the paper, everything said, nothing but finite numbers.
#include "automations/night/picture.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "automations/night/canvas.hpp"
#include "tests/automations/night/diary.hpp"

namespace lull::made_up {
namespace {

std::string all_words(const Picture& p) {
  std::string out;
  for (const Shape& s : p.shapes) {
    if (const Text* t = std::get_if<Text>(&s)) out += t->text + "\n";
  }
  return out;
}
std::string all_titles(const Picture& p) {
  std::string out;
  for (const Shape& s : p.shapes) {
    if (const Rect* r = std::get_if<Rect>(&s)) out += r->title + "\n";
  }
  return out;
}
Picture picture(const Diary& d) { return picture_of(d.report(), d.house); }

void expect_on_paper(const Picture& p) {
  for (const Shape& s : p.shapes) {
    if (const Rect* r = std::get_if<Rect>(&s)) {
      ASSERT_TRUE(std::isfinite(r->x + r->y + r->w + r->h));
      ASSERT_TRUE(r->x >= 0 && r->y >= 0 && r->w >= 0 && r->h >= 0 && r->x + r->w <= p.width && r->y + r->h <= p.height)
          << r->title << " " << r->x << " " << r->w;
    } else if (const Text* t = std::get_if<Text>(&s)) {
      const double w = text_width(t->text, t->size);
      const double left = t->anchor == Text::Anchor::left    ? t->x
                          : t->anchor == Text::Anchor::right ? t->x - w
                                                             : t->x - w / 2;
      ASSERT_TRUE(left >= 0 && left + w <= p.width && t->y <= p.height) << t->text;
      ASSERT_GE(t->size, 22) << "unreadable on a phone: " << t->text;
    }
  }
  ASSERT_LE(p.shapes.size(), kMaxShapes);
}

TEST(ThePicture, SaysWhatTheNightWas) {
  const Picture p = picture(ordinary_night());
  const std::string words = all_words(p), titles = all_titles(p);
  for (const char* wanted :
       {"Ana", "Saturday, 21 November 2026", "movements an hour (88 % of 8 h 21 min in bed measured)",
        "2 restless episodes, 26 min", "In bed", "Movement", "Restless", "Leg massage", "Foot warmer", "Bedside lamp",
        "off: its 20 minutes were over", "23:00", "wind-down",
        "Estimated from movement. Lull gives comfort, it treats nothing."})
    EXPECT_THAT(words, testing::HasSubstr(wanted));
  EXPECT_THAT(titles, testing::HasSubstr("Foot warmer 22:30 to 22:50, up to 30 %; off: its 20 minutes were over"));
  EXPECT_THAT(titles, testing::HasSubstr("Restless 02:15 to 02:33"));
  EXPECT_THAT(titles, testing::HasSubstr("Not measured 22:30 to 23:01"));
  EXPECT_DOUBLE_EQ(p.width / p.height, 2.0);
  expect_on_paper(p);
}

TEST(ThePicture, OfTwoKeepsItsShape) {
  const Picture p = picture(ordinary_night(2));
  EXPECT_DOUBLE_EQ(p.width / p.height, 2.0);
  EXPECT_THAT(all_words(p), testing::HasSubstr("Ben moving"));
  expect_on_paper(p);
}

TEST(ThePicture, LaysRoutinesThatMeetOneAboveTheOther) {
  Diary d(house(), "2026-11-21");
  d.at(22, 12).play("night-relief, asked for by a voice", true);
  d.at(22, 25).play("wind-down, asked for by rule Bedtime", true);
  d.at(22, 32).play("night-relief: finished", false);
  d.at(22, 55).play("wind-down: finished", false);
  d.at(23, 50).in_bed(kAna, 1);
  const Picture p = picture(d);
  expect_on_paper(p);
  const auto bar = [&](std::string_view title) {
    for (const Shape& s : p.shapes)
      if (const Rect* r = std::get_if<Rect>(&s); r && r->title == title) return *r;
    return Rect{};
  };
  const Rect relief = bar("night-relief 22:12 to 22:32"), wind = bar("wind-down 22:25 to 22:55");
  ASSERT_GT(relief.w, 0) << all_titles(p);
  ASSERT_GT(wind.w, 0) << all_titles(p);
  EXPECT_GT(wind.y, relief.y + relief.h);
  EXPECT_THAT(all_words(p), testing::HasSubstr("night-relief"));
}

TEST(ThePicture, ShowsTheHourThatComesTwice) {
  Diary d(house(), "2026-10-24");
  d.at(23, 0).in_bed(kAna, 1).at(7, 0).in_bed(kAna, 0);
  const std::string words = all_words(picture(d));
  EXPECT_THAT(words, testing::HasSubstr("clocks go back"));
  EXPECT_NE(words.find("02:00"), words.rfind("02:00"));
}

TEST(ThePicture, OfNothingSaysSo) {
  EXPECT_THAT(all_words(picture(Diary(house(), "2026-11-21"))), testing::HasSubstr("Nothing was recorded that night."));
}

TEST(ThePicture, GrowsForAHouseOfManyInsteadOfBecomingUnreadable) {
  Diary d = ordinary_night(2);
  for (int i = 0; i < 20; ++i) {
    d.house.devices.push_back(d.house.devices[0]);
    d.house.devices.back().name = std::string(300, 'W') + std::to_string(i);
  }
  d.house.sleepers[0].name = std::string(500, 'M');
  const Picture p = picture(d);
  EXPECT_GT(p.height, 800);
  EXPECT_THAT(all_words(p), testing::HasSubstr("more devices in the report"));
  expect_on_paper(p);
}

TEST(ThePicture, StaysBoundedAndOnThePaperWhateverWasRecorded) {
  for (unsigned seed = 1; seed <= 40; ++seed) {
    std::mt19937 dice{seed};
    Diary d = ordinary_night(2, seed);
    d.at(12, 0);
    for (int i = 0; i < 2000; ++i) {
      const auto level = [&] { return static_cast<double>(dice() % 101); };
      d.after(seconds{dice() % 40}).massage(level()).heat(level(), "x").light(level());
      if (dice() % 9 == 0)
        d.play("p" + std::to_string(dice() % 5), dice() % 2)
            .says(std::string(dice() % 400, 'n') + std::to_string(i % 7));
      if (dice() % 9 == 0) d.restless(kAna, dice() % 2).in_bed(kBen, static_cast<int>(dice() % 3) - 1);
    }
    ASSERT_NO_FATAL_FAILURE(expect_on_paper(picture(d))) << "seed " << seed;
  }
}

}  // namespace
}  // namespace lull::made_up
