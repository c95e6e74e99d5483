// The embedded font: unpacked by libpng at the first use, found by binary search.
#include "bridge/picture/font/font.hpp"

#include <png.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>

#include "bridge/picture/font/glyphs.hpp"
#include "bridge/picture/font/glyphs.inc"  // generated

namespace lull::font {
namespace {

struct Atlas {
  std::vector<std::uint8_t> grey;
  int width = 0, height = 0;
};

std::vector<std::uint8_t> from_base64(const char* text, std::size_t length) {
  std::vector<std::uint8_t> out;
  unsigned bits = 0, held = 0;
  for (std::size_t i = 0; i < length && text[i] != '='; ++i) {
    const char c = text[i];
    const int v = c >= 'A' && c <= 'Z'   ? c - 'A'
                  : c >= 'a' && c <= 'z' ? c - 'a' + 26
                  : c >= '0' && c <= '9' ? c - '0' + 52
                  : c == '+'             ? 62
                                         : 63;
    bits = (bits << 6U) | static_cast<unsigned>(v);
    held += 6;
    if (held >= 8) {
      held -= 8;
      out.push_back(static_cast<std::uint8_t>(bits >> held));
    }
  }
  return out;
}

const Atlas& atlas() {
  static const Atlas unpacked = [] {
    Atlas a;
    const auto packed = from_base64(kAtlas, kAtlasLength);
    png_image image;
    std::memset(&image, 0, sizeof image);
    image.version = PNG_IMAGE_VERSION;
    if (png_image_begin_read_from_memory(&image, packed.data(), packed.size())) {
      image.format = PNG_FORMAT_GRAY;
      a.grey.resize(PNG_IMAGE_SIZE(image));
      if (png_image_finish_read(&image, nullptr, a.grey.data(), 0, nullptr)) {
        a.width = static_cast<int>(image.width);
        a.height = static_cast<int>(image.height);
      }
    }
    png_image_free(&image);
    return a;  // empty only if libpng is broken: then the text is boxes
  }();
  return unpacked;
}

const Glyph* find(unsigned size, std::uint32_t code) {
  const auto less = [](const Glyph& g, const std::pair<unsigned, std::uint32_t>& key) {
    return std::pair<unsigned, std::uint32_t>(g.size, g.code) < key;
  };
  const Glyph* const end = kGlyphs + kGlyphCount;
  const Glyph* const g = std::lower_bound(kGlyphs, end, std::pair(size, code), less);
  return g != end && g->size == size && g->code == code ? g : nullptr;
}

/// The next character of well-formed UTF-8 (what is not, ends the line).
std::uint32_t next(std::string_view& text) {
  const auto c = static_cast<unsigned char>(text[0]);
  const std::size_t n = c < 0x80 ? 1 : c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 1;
  std::uint32_t code = n == 1 ? c : c & (0x7FU >> n);
  if (n > text.size()) {
    text = {};
    return 0xFFFD;
  }
  for (std::size_t i = 1; i < n; ++i) code = (code << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
  text.remove_prefix(n);
  return code;
}

/// A plain sister of a sign the font does not have.
std::uint32_t sister(std::uint32_t code) {
  switch (code) {
    case 0xA0:
    case 0x2007:
    case 0x2009:
    case 0x202F: return ' ';
    case 0x2010:
    case 0x2011:
    case 0xAD: return '-';
    case 0x2212: return 0x2013;
    case 0x1E9E: return 0xDF;
    case 0x218: return 0x15E;
    case 0x219: return 0x15F;
    case 0x21A: return 0x162;
    case 0x21B: return 0x163;
    default: return code;
  }
}
/// What adds nothing of its own to a line: joiners, variation selectors, combining marks.
bool invisible(std::uint32_t c) {
  return (c >= 0x300 && c <= 0x36F) || (c >= 0x200B && c <= 0x200D) || (c >= 0xFE00 && c <= 0xFE0F) || c == 0xFEFF;
}

}  // namespace

Line line(std::string_view text, double size) {
  const unsigned wanted = size < 30 ? 24 : 36;  // the two sizes of make_font.py
  Line out;
  double pen = 0;
  while (!text.empty()) {
    const std::uint32_t code = next(text);
    if (invisible(code)) continue;
    const Glyph* g = find(wanted, code);
    for (const unsigned other : {wanted, 24U, 36U}) {
      if (!g) g = find(other, code);
      if (!g) g = find(other, sister(code));
    }
    const int at = static_cast<int>(std::lround(pen));
    if (!g || atlas().width == 0) {
      const int side = static_cast<int>(wanted) * 5 / 8;
      out.glyphs.push_back({at + 2, -side, side - 2, side, -1, -1});
      pen += side + 3;
      continue;
    }
    if (g->w > 0) out.glyphs.push_back({at + g->left, g->top, g->w, g->h, g->x, g->y});
    pen += g->advance / 64.0;
  }
  out.width = pen;
  return out;
}

unsigned alpha(const Placed& g, int x, int y) {
  if (g.atlas_x < 0) {
    const bool edge = x < 2 || y < 2 || x >= g.w - 2 || y >= g.h - 2;
    return edge ? 200 : 0;
  }
  const Atlas& a = atlas();
  const int ax = g.atlas_x + x, ay = g.atlas_y + y;
  if (ax >= a.width || ay >= a.height) return 0;
  return a.grey[static_cast<std::size_t>(ay) * static_cast<std::size_t>(a.width) + static_cast<std::size_t>(ax)];
}

}  // namespace lull::font
