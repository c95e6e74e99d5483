// The picture of a night as one display list: what SVG, PNG and the page all draw, so that they cannot differ.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "automations/night/report.hpp"

namespace lull {

/// 0xRRGGBB and how much of it, 0..255.
struct Colour {
  std::uint32_t rgb{};
  std::uint8_t alpha = 255;
  bool operator==(const Colour&) const = default;
};

// Coordinates are in pixels of the picture, y downward. `title` is the tooltip, "" = none.
struct Rect {
  double x{}, y{}, w{}, h{};
  Colour fill;
  double radius = 0;
  bool hatched = false;  // diagonal stripes of the fill instead of all of it
  std::string title;
};
struct Stroke {
  double x1{}, y1{}, x2{}, y2{};
  Colour colour;
  double width = 2;
  bool dashed = false;
};
struct Text {
  enum class Anchor : std::uint8_t { left, middle, right };
  double x{}, y{};  // of the baseline
  double size{};    // pixels an em
  Colour colour;
  Anchor anchor = Anchor::left;
  std::string text;  // well-formed UTF-8 without control characters
  std::string title;
};
using Shape = std::variant<Rect, Stroke, Text>;

struct Picture {
  double width = 1600, height = 800;
  Colour background;
  std::string title, description;  // for readers who cannot see it
  std::vector<Shape> shapes;       // in the order of painting; at most kMaxShapes
};
inline constexpr std::size_t kMaxShapes = 12'000;

/// The same sentence in another language; what it does not know it leaves as it is.
using InOtherWords = std::function<std::string(const std::string&)>;

/// 1600 x 800 for an ordinary household, higher only when its lanes would become too thin to read.
Picture picture_of(const NightReport& report, const House& house, const InOtherWords& say = {});

/// The width of a line of text in pixels, as in DejaVu Sans (a wide face: in another one the text is hardly longer).
double text_width(std::string_view text, double size);
/// The text, cut with "…" to be no wider than `most`.
std::string fitted(std::string_view text, double size, double most);

}  // namespace lull
