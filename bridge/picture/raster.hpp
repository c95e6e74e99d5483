// A small painter of rectangles, lines and text with smooth edges. The same input gives the same bytes everywhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "automations/night/picture.hpp"

namespace lull {

inline constexpr int kMaxRasterSide = 4096;  // 48 MiB of pixels at the very most; an ordinary night is 1600 x 800

/// Rows of red, green, blue from the top.
class Raster {
 public:
  Raster(int width, int height, Colour background);
  void paint(const Picture& picture);
  int width() const { return width_; }
  int height() const { return height_; }
  const std::vector<std::uint8_t>& rgb() const { return rgb_; }

 private:
  void draw(const Rect& rect);
  void draw(const Stroke& stroke);
  void draw(const Text& text);
  /// Mixes the colour in, by how much of the pixel is covered (0..255).
  void blend(int x, int y, Colour colour, unsigned coverage);

  int width_, height_;
  std::vector<std::uint8_t> rgb_;
};

}  // namespace lull
