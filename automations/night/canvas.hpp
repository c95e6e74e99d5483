// Inside the picture: the paper with its time axis, and the colours. Used by picture.cpp and picture_lanes.cpp only.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "automations/night/picture.hpp"

namespace lull {

// On a dark ground, for tired eyes. The lane colours are Okabe and Ito's, lightened: they differ for every kind of
// colour vision, and no meaning rests on colour alone (each lane has its name, what was not measured is striped).
namespace ink {
inline constexpr Colour ground{0x0e1420}, panel{0x172033}, grid{0x2a3750}, text{0xe9eef7}, dim{0xa3b4cc};
inline constexpr Colour bed{0x53709f}, movement{0x8ecdf0}, still{0x3f6a86}, restless{0xf29ac2}, play{0x8fa0bd};
inline constexpr Colour massage{0x3fc29b}, heat{0xf07f4f}, light{0xf3e08b}, other{0xb9a5e0}, fault{0xffffff};
}  // namespace ink

inline constexpr double kLeft = 262, kRight = 1568;  // of the plot
inline constexpr double kLabelX = 32, kSize = 24, kTitleSize = 36;

struct Canvas {
  Picture picture;
  const NightReport& report;
  const House& house;
  const InOtherWords& other;

  /// Each sentence that is written passes here before it is measured: in another language it is longer.
  std::string say(const std::string& text) const { return other ? other(text) : text; }
  double x(Utc t) const {
    const auto all = static_cast<double>((report.span.end - report.span.begin).count());
    const auto part = static_cast<double>((t - report.span.begin).count());
    const double share = all > 0 ? part / all : 0;
    return kLeft + (kRight - kLeft) * (share < 0 ? 0 : share > 1 ? 1 : share);
  }
  /// Whether any of it lies on the plot.
  bool shows(const Span& s) const { return s.end > report.span.begin && s.begin < report.span.end; }
  std::string clock(Utc t) const { return clock_text(local(house.zone, t)); }
  std::string from_to(const Span& s) const { return clock(s.begin) + " to " + clock(s.end); }
  void add(Shape shape) {
    if (picture.shapes.size() < kMaxShapes) picture.shapes.push_back(std::move(shape));
  }
  void words(double at_x, double baseline, std::string text, Colour colour = ink::text,
             Text::Anchor anchor = Text::Anchor::left, double size = kSize, std::string title = "") {
    add(Text{at_x, baseline, size, colour, anchor, std::move(text), std::move(title)});
  }
};

/// One horizontal band of the picture.
struct Row {
  enum class What { in_bed, movement, restless, level, plays, notes };
  What what{};
  std::string label;
  double least{}, liked{};  // heights
  SleeperId sleeper{};
  DeviceId device{};
  Lane lane{};
  Colour colour{};
  double y{}, h{};
};
/// What this night has to show, top to bottom; `left_out` counts devices for which there is no room.
std::vector<Row> rows_of(const Canvas& canvas, int& left_out);
void draw_row(Canvas& canvas, const Row& row);

}  // namespace lull
