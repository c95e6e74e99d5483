// Lays out a line of text in the embedded font.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace lull::font {

/// One bitmap, placed relative to the line's begin on its baseline, in pixels.
struct Placed {
  int x{}, y{}, w{}, h{};
  int atlas_x{}, atlas_y{};  // -1: a box, for a sign the font does not have
};
struct Line {
  std::vector<Placed> glyphs;
  double width = 0;
};
/// In the embedded size nearest to `size`. Signs the font lacks are boxes, unless they have a plain sister that it has
/// (a hard space, a comma below).
Line line(std::string_view utf8, double size);
/// How much ink a pixel of the glyph has, 0..255.
unsigned alpha(const Placed& glyph, int x, int y);

}  // namespace lull::font
