// The picture of a night in German: each of its words, and none that leaves the paper for being longer.
#include <gtest/gtest.h>

#include <regex>
#include <sstream>

#include "automations/night/picture.hpp"
#include "bridge/speech/phrase_book.hpp"
#include "tests/automations/night/diary.hpp"

namespace lull::made_up {
namespace {

Picture in_german(const Diary& d) {
  return picture_of(d.report(), d.house,
                    [](const std::string& text) { return phrase_book("de")->sentence(text).value_or(text); });
}
std::string all_words(const Picture& p) {
  std::string out = p.title + "\n" + p.description + "\n";
  for (const Shape& s : p.shapes) {
    if (const Text* t = std::get_if<Text>(&s)) out += t->text + "\n" + t->title + "\n";
    if (const Rect* r = std::get_if<Rect>(&s)) out += r->title + "\n";
  }
  return out;
}

TEST(TheGermanPicture, SaysNothingInEnglish) {
  const std::string words = all_words(in_german(ordinary_night()));
  for (const char* wanted :
       {"Samstag, 21. November 2026", "Die Nacht vom Samstag, 21. November 2026: Ana",
        "Bewegungen je Stunde (88 % von 8 h 21 min im Bett gemessen) · 2 unruhige Phasen, 26 min", "Im Bett", "Unruhig",
        "Bewegung", "nicht gemessen: Matte an oder Sensor still", "Unruhig 02:15 bis 02:33",
        "Aus Bewegung geschätzt. Lull dient dem Wohlbefinden, es behandelt nichts.",
        "Foot warmer 22:30 bis 22:50, bis zu 30 %"})
    EXPECT_NE(words.find(wanted), std::string::npos) << wanted;
  // What turned something off, and one note, are made up in this diary, in words that no Lull says.
  const std::regex english(R"(\b(the|of|measured|movements?|restless|not|bed|record|night|up)\b)");
  std::istringstream lines(words);
  for (std::string line; std::getline(lines, line);)
    if (line.find("off:") == std::string::npos && line.find("was out of reach") == std::string::npos) {
      EXPECT_FALSE(
          std::regex_search(std::regex_replace(line, std::regex("night-relief|Restless at night"), ""), english))
          << line;
    }
}

TEST(TheGermanPicture, StaysOnThePaper) {
  const Picture p = in_german(ordinary_night());
  for (const Shape& s : p.shapes) {
    const Text* t = std::get_if<Text>(&s);
    if (!t) continue;
    const double w = text_width(t->text, t->size);
    const double left = t->anchor == Text::Anchor::left    ? t->x
                        : t->anchor == Text::Anchor::right ? t->x - w
                                                           : t->x - w / 2;
    EXPECT_TRUE(left >= 0 && left + w <= p.width) << t->text;
  }
}

TEST(TheGermanPicture, OfNothingSaysSo) {
  EXPECT_NE(all_words(in_german(Diary(house(), "2026-11-21"))).find("In dieser Nacht wurde nichts aufgezeichnet."),
            std::string::npos);
}

}  // namespace
}  // namespace lull::made_up
