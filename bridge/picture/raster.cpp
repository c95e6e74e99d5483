// Coverage is computed per pixel, in the only shapes a night needs: boxes, thin lines, and glyphs of the little font.
#include "bridge/picture/raster.hpp"

#include <algorithm>
#include <cmath>

#include "bridge/picture/font/font.hpp"

namespace lull {
namespace {

/// A number on or beside the paper; 0 for what is no number.
double clamped(double v, double most) { return std::isfinite(v) ? std::clamp(v, -1.0, most + 1.0) : 0.0; }
/// How much of the pixel [i, i+1) lies in [from, to).
double share(int i, double from, double to) {
  return std::clamp(std::min(to, i + 1.0) - std::max(from, static_cast<double>(i)), 0.0, 1.0);
}
unsigned to_coverage(double share) { return static_cast<unsigned>(std::lround(share * 255)); }

}  // namespace

Raster::Raster(int width, int height, Colour background)
    : width_(std::clamp(width, 1, kMaxRasterSide)),
      height_(std::clamp(height, 1, kMaxRasterSide)),
      rgb_(static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_) * 3) {
  for (std::size_t i = 0; i < rgb_.size(); i += 3) {
    rgb_[i] = static_cast<std::uint8_t>(background.rgb >> 16);
    rgb_[i + 1] = static_cast<std::uint8_t>(background.rgb >> 8);
    rgb_[i + 2] = static_cast<std::uint8_t>(background.rgb);
  }
}

void Raster::paint(const Picture& picture) {
  for (const Shape& shape : picture.shapes) std::visit([&](const auto& any) { draw(any); }, shape);
}

void Raster::blend(int x, int y, Colour c, unsigned coverage) {
  if (x < 0 || y < 0 || x >= width_ || y >= height_ || coverage == 0) return;
  const unsigned a = c.alpha * coverage / 255;
  std::uint8_t* const p =
      &rgb_[(static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) + static_cast<std::size_t>(x)) * 3];
  for (int channel = 0; channel < 3; ++channel) {
    const unsigned ink = (c.rgb >> (16 - 8 * channel)) & 0xFFU;
    p[channel] = static_cast<std::uint8_t>((p[channel] * (255 - a) + ink * a + 127) / 255);
  }
}

void Raster::draw(const Rect& r) {
  const double x1 = clamped(r.x, width_), x2 = clamped(r.x + r.w, width_);
  const double y1 = clamped(r.y, height_), y2 = clamped(r.y + r.h, height_);
  if (!(x2 > x1 && y2 > y1)) return;
  const double radius = std::clamp(clamped(r.radius, width_), 0.0, std::min(x2 - x1, y2 - y1) / 2);
  for (int y = static_cast<int>(std::floor(y1)); y < y2; ++y) {
    const double row = share(y, y1, y2), cy = y + 0.5;
    for (int x = static_cast<int>(std::floor(x1)); x < x2; ++x) {
      double covered = row * share(x, x1, x2);
      if (radius > 0) {  // inside a corner's square its circle decides
        const double cx = x + 0.5;
        const double dx = std::max({x1 + radius - cx, cx - (x2 - radius), 0.0});
        const double dy = std::max({y1 + radius - cy, cy - (y2 - radius), 0.0});
        if (dx > 0 && dy > 0) covered *= std::clamp(radius - std::hypot(dx, dy) + 0.5, 0.0, 1.0);
      }
      // Stripes at 45 degrees, 3 of every 9 pixels across, as in the SVG.
      if (r.hatched) {
        const double across = std::fmod((x + 0.5 + cy) * 0.70710678, 9.0);
        covered *= std::clamp(std::min(across + 0.5, 3.5 - across), 0.0, 1.0);
      }
      blend(x, y, r.fill, to_coverage(covered));
    }
  }
}

void Raster::draw(const Stroke& s) {
  const double x1 = clamped(s.x1, width_), x2 = clamped(s.x2, width_);
  const double y1 = clamped(s.y1, height_), y2 = clamped(s.y2, height_);
  const double length = std::hypot(x2 - x1, y2 - y1), half = std::clamp(clamped(s.width, 50), 0.5, 50.0) / 2;
  if (!(length > 0)) return;
  const double ux = (x2 - x1) / length, uy = (y2 - y1) / length;
  const int left = static_cast<int>(std::floor(std::min(x1, x2) - half)) - 1;
  const int right = static_cast<int>(std::ceil(std::max(x1, x2) + half)) + 1;
  const int top = static_cast<int>(std::floor(std::min(y1, y2) - half)) - 1;
  const int bottom = static_cast<int>(std::ceil(std::max(y1, y2) + half)) + 1;
  for (int y = top; y <= bottom; ++y) {
    for (int x = left; x <= right; ++x) {
      const double px = x + 0.5 - x1, py = y + 0.5 - y1;
      const double along = px * ux + py * uy, away = std::fabs(px * uy - py * ux);
      if (s.dashed && std::fmod(std::max(along, 0.0), 14.0) > 8) continue;
      const double covered =
          std::clamp(half - away + 0.5, 0.0, 1.0) * std::clamp(std::min(along, length - along) + 0.5, 0.0, 1.0);
      blend(x, y, s.colour, to_coverage(covered));
    }
  }
}

void Raster::draw(const Text& t) {
  const font::Line line = font::line(t.text, t.size);
  double pen = t.x;
  if (t.anchor == Text::Anchor::middle) pen -= line.width / 2;
  if (t.anchor == Text::Anchor::right) pen -= line.width;
  const int x0 = static_cast<int>(std::lround(clamped(pen, width_)));
  const int y0 = static_cast<int>(std::lround(clamped(t.y, height_)));
  for (const font::Placed& glyph : line.glyphs) {
    for (int y = 0; y < glyph.h; ++y) {
      for (int x = 0; x < glyph.w; ++x) blend(x0 + glyph.x + x, y0 + glyph.y + y, t.colour, font::alpha(glyph, x, y));
    }
  }
}

}  // namespace lull
