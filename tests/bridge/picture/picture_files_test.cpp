// The two files that a picture becomes.
#include <gmock/gmock.h>
#include <png.h>

#include <cctype>
#include <cstring>
#include <limits>
#include <set>

#include "automations/night/canvas.hpp"
#include "bridge/picture/png.hpp"
#include "bridge/picture/svg.hpp"
#include "devices/utf8.hpp"
#include "tests/automations/night/diary.hpp"

namespace lull::made_up {
namespace {

/// Reads XML the strict way as far as an SVG of ours goes; the first thing that is not well-formed, or "".
std::string xml_problem(std::string_view xml) {
  const auto here = [&](std::size_t i) { return " at " + std::to_string(i) + ": " + std::string(xml.substr(i, 60)); };
  if (!is_utf8(xml)) return "not UTF-8";
  std::vector<std::string> open;
  std::size_t roots = 0, i = xml.find("?>");
  if (xml.substr(0, 5) != "<?xml" || i == xml.npos) return "no declaration";
  const auto entity = [&](std::size_t at) {
    for (const std::string_view e : {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"}) {
      if (xml.substr(at, e.size()) == e) return true;
    }
    return false;
  };
  for (i += 2; i < xml.size();) {
    const char c = xml[i];
    if (static_cast<unsigned char>(c) < 0x20 && c != '\n') return "control character" + here(i);
    if (c == '&' && !entity(i)) return "bare ampersand" + here(i);
    if (c != '<') {
      if (open.empty() && c != '\n') return "text outside the root" + here(i);
      ++i;
      continue;
    }
    const std::size_t start = i++;
    const bool closes = xml[i] == '/';
    i += closes;
    std::string name;
    while (i < xml.size() && std::isalpha(static_cast<unsigned char>(xml[i]))) name += xml[i++];
    if (name.empty()) return "no name" + here(start);
    std::set<std::string> seen;
    while (i < xml.size() && xml[i] == ' ') {
      std::string key;
      for (++i; i < xml.size() && (std::isalnum(static_cast<unsigned char>(xml[i])) || xml[i] == '-'); ++i)
        key += xml[i];
      if (xml.substr(i, 2) != "=\"") return "no value" + here(start);
      if (!seen.insert(key).second) return "attribute twice" + here(start);
      for (i += 2; i < xml.size() && xml[i] != '"'; ++i) {
        if (xml[i] == '<' || (xml[i] == '&' && !entity(i))) return "bad value" + here(start);
      }
      ++i;
    }
    const bool empty = xml[i] == '/';
    i += empty;
    if (i >= xml.size() || xml[i++] != '>') return "tag does not end" + here(start);
    if (closes) {
      if (open.empty() || open.back() != name) return "closes what is not open" + here(start);
      open.pop_back();
    } else {
      roots += open.empty();
      if (!empty) open.push_back(name);
    }
  }
  return !open.empty() ? "never closed: " + open.back() : roots != 1 ? "not one root" : "";
}

struct Pixels {
  unsigned width = 0, height = 0;
  std::vector<std::uint8_t> rgb;
  std::uint32_t at(double x, double y) const {
    const std::size_t i = (static_cast<std::size_t>(y) * width + static_cast<std::size_t>(x)) * 3;
    return static_cast<std::uint32_t>(rgb.at(i) << 16 | rgb.at(i + 1) << 8 | rgb.at(i + 2));
  }
};
Pixels decoded(const std::string& bytes) {
  png_image image;
  std::memset(&image, 0, sizeof image);
  image.version = PNG_IMAGE_VERSION;
  Pixels p;
  if (!png_image_begin_read_from_memory(&image, bytes.data(), bytes.size())) return p;
  image.format = PNG_FORMAT_RGB;
  p.rgb.resize(PNG_IMAGE_SIZE(image));
  if (!png_image_finish_read(&image, nullptr, p.rgb.data(), 0, nullptr)) return p;
  p.width = image.width, p.height = image.height;
  return p;
}

Diary night_of_difficult_names() {
  Diary d = ordinary_night(2);
  d.house.sleepers[0].name = "Zoë <script>alert(\"1\")</script> & 'Søren' 张伟 🦵";
  d.house.devices[0].name = "]]>\x01\xff\xed\xa0\x80" + std::string(4000, 'x');
  d.house.devices[1].name = "Θερμοφόρα Грелка دفء";
  d.says("&#0; <!-- \xEF\xBF\xBE");
  return d;
}

TEST(TheSvg, IsWellFormedWhateverTheNamesAre) {
  for (const Diary& d : {ordinary_night(), night_of_difficult_names(), Diary(house(), "2026-11-21")}) {
    const std::string svg = to_svg(picture_of(d.report(), d.house));
    EXPECT_EQ(xml_problem(svg), "");
    EXPECT_EQ(svg.find("<script"), svg.npos);
  }
  EXPECT_NE(xml_problem("<?xml?><a><b></a>"), "") << "the checker can say no";
  EXPECT_NE(xml_problem("<?xml?><a x=\"&\"/>"), "");
}

TEST(TheSvg, KeepsNamesInTheirOwnScriptAndTellsReadersWhatItShows) {
  const Diary d = night_of_difficult_names();
  const std::string svg = to_svg(picture_of(d.report(), d.house));
  EXPECT_THAT(svg, testing::HasSubstr("张伟"));
  EXPECT_THAT(svg, testing::HasSubstr("دفء"));
  EXPECT_THAT(svg, testing::HasSubstr("role=\"img\" aria-label=\"The night of Saturday, 21 November 2026: Zoë"));
  EXPECT_THAT(svg, testing::HasSubstr("<title>Restless 02:15 to 02:33"));
  EXPECT_EQ(svg.find("href"), svg.npos) << "nothing is fetched from elsewhere";
}

TEST(ThePng, HasTheColourOfEachLaneWhereTheLaneIs) {
  const Diary d = ordinary_night();
  const Picture p = picture_of(d.report(), d.house);
  const auto png = to_png(p);
  ASSERT_TRUE(png) << png.error().what;
  const Pixels pixels = decoded(*png);
  ASSERT_EQ(pixels.width, 1600U);
  ASSERT_EQ(pixels.height, 800U);
  EXPECT_EQ(pixels.at(3, 3), ink::ground.rgb);
  std::set<std::uint32_t> seen;
  for (const Shape& s : p.shapes) {
    const Rect* r = std::get_if<Rect>(&s);
    if (!r || r->hatched || r->fill.alpha != 255 || r->w < 8 || r->h < 8 || r->x < kLeft || r->fill == ink::panel)
      continue;
    seen.insert(r->fill.rgb);
    if (r->title.empty() || r->fill == ink::bed || r->fill == ink::light) continue;  // hour lines never cover a mark
    EXPECT_EQ(pixels.at(r->x + r->w / 2, r->y + r->h / 2), r->fill.rgb) << r->title;
  }
  for (const Colour c : {ink::bed, ink::restless, ink::massage, ink::heat, ink::light, ink::play})
    EXPECT_TRUE(seen.count(c.rgb)) << std::hex << c.rgb;
}

TEST(ThePng, IsSmallAndTheSameEveryTime) {
  const Diary d = ordinary_night(2);
  const Picture p = picture_of(d.report(), d.house);
  const auto first = to_png(p), second = to_png(p);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(*first, *second);
  EXPECT_LT(first->size(), 120'000U);
}

TEST(ThePng, WritesWordsAndDrawsABoxForASignItDoesNotHave) {
  const auto ink_of = [](std::string text) {
    Picture p;
    p.width = 200, p.height = 60;
    p.shapes.push_back(Text{10, 40, 24, {0xffffff}, Text::Anchor::left, std::move(text), ""});
    const Pixels pixels = decoded(*to_png(p));
    return std::count_if(pixels.rgb.begin(), pixels.rgb.end(), [](std::uint8_t v) { return v > 128; });
  };
  EXPECT_EQ(ink_of(""), 0);
  EXPECT_GT(ink_of("l"), 50);
  EXPECT_GT(ink_of("lull"), 2 * ink_of("l"));
  EXPECT_EQ(ink_of("腿"), ink_of("按")) << "both are the same box";
  EXPECT_NE(ink_of("Ж"), ink_of("腿"));
  EXPECT_EQ(ink_of("e\u0301"), ink_of("e")) << "a lone accent takes no room";
  EXPECT_GT(ink_of("\xff\xc3"), 0) << "broken bytes draw something and break nothing";
}

TEST(ThePng, DrawsDifficultNightsAndRefusesImpossiblePaper) {
  const Diary d = night_of_difficult_names();
  EXPECT_TRUE(to_png(picture_of(d.report(), d.house)));
  Picture p;
  for (const double side : {0.0, -5.0, 1e9, std::numeric_limits<double>::quiet_NaN()}) {
    p.width = side;
    EXPECT_FALSE(to_png(p));
  }
  p.width = 50, p.height = 50;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  p.shapes = {Rect{nan, 0, 10, 10, {}, nan, true, ""}, Rect{-1e300, -1e300, 1e301, 1e301, {0xff}, 1e9, false, ""},
              Stroke{nan, nan, 1e300, -1e300, {}, nan, true}, Text{nan, 1e300, nan, {}, Text::Anchor::right, "x", ""}};
  EXPECT_TRUE(to_png(p));
  EXPECT_EQ(xml_problem(to_svg(p)), "");
}

}  // namespace
}  // namespace lull::made_up
