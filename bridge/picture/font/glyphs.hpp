// A small embedded font: grey bitmaps of DejaVu Sans in two sizes, as one PNG atlas.
#pragma once

#include <cstddef>
#include <cstdint>

namespace lull::font {

struct Glyph {
  std::uint16_t size;        // pixels an em
  std::uint32_t code;        // Unicode
  std::uint16_t x, y, w, h;  // in the atlas
  std::int16_t left, top;    // from the pen on the baseline; upward is negative
  std::uint16_t advance;     // 1/64 pixel
};
extern const Glyph kGlyphs[];  // by size, then code
extern const std::size_t kGlyphCount;
extern const char kAtlas[];  // base64 of a PNG, 8 bit grey
extern const std::size_t kAtlasLength;

}  // namespace lull::font
