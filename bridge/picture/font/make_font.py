#!/usr/bin/env python3
"""Makes glyphs.inc, the little font of the PNG pictures, from DejaVu Sans. Run by hand when a sign is missing:

    pip install Pillow && python3 make_font.py /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf > glyphs.inc

Each size is one grey atlas; all are stacked into one PNG, so that libpng, which is there anyway, unpacks it.
"""
import base64
import io
import sys

from PIL import Image, ImageDraw, ImageFont

SIZES = (24, 36)
SIGNS = "–—‘’“”„…•·€→←↑↓✓−≤≥×\ufffd"
CODES = sorted(set(range(0x21, 0x7F)) | set(range(0xA1, 0x180)) - {0xAD} | {ord(c) for c in SIGNS}
               | {0x218, 0x219, 0x21A, 0x21B}                              # Romanian
               | set(range(0x386, 0x3CF)) - {0x387, 0x38B, 0x38D, 0x3A2}  # Greek
               | set(range(0x400, 0x460)) | {0x490, 0x491})               # Cyrillic
WIDTH = 1024

path = sys.argv[1]
rows, glyphs, y0 = [], [], 0
for size in SIZES:
    font = ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)
    x, y, line = 0, y0, 0
    cells = []
    for code in CODES if size == SIZES[0] else [c for c in CODES if c < 0x100 or chr(c) in "–’…"]:
        mask, (left, top) = font.getmask2(chr(code), mode="L", anchor="ls")
        w, h = mask.size
        if x + w > WIDTH:
            x, y, line = 0, y + line, 0
        cells.append((mask, x, y))
        # advance in 1/64 pixel; top counts from the baseline, upward is negative
        glyphs.append((size, code, x, y, w, h, left, top, round(font.getlength(chr(code)) * 64)))
        x, line = x + w, max(line, h)
    rows += cells
    glyphs.append((size, 0x20, 0, 0, 0, 0, 0, 0, round(font.getlength(" ") * 64)))
    y0 = y + line
atlas = Image.new("L", (WIDTH, y0))
for mask, x, y in rows:
    for j in range(mask.size[1]):
        for i in range(mask.size[0]):
            atlas.putpixel((x + i, y + j), mask.getpixel((i, j)) * 9 // 256 * 255 // 8)  # 9 greys pack better and look alike
png = io.BytesIO()
atlas.save(png, "PNG", optimize=True)
data = png.getvalue()

print("// The font of the PNG pictures, made by make_font.py from DejaVu Sans (LICENSE beside this file). Do not edit.")
print('#include "bridge/picture/font/glyphs.hpp"\n\nnamespace lull::font {\n\n// clang-format off')
print("extern const Glyph kGlyphs[] = {  // by size, then code point")
for k, g in enumerate(sorted(glyphs)):
    print("{%s}," % ",".join(map(str, g)), end="\n" if k % 5 == 4 else "")
print("};\nextern const std::size_t kGlyphCount = sizeof kGlyphs / sizeof kGlyphs[0];\n")
print("// base64 of a PNG\nextern const char kAtlas[] =")
text = base64.b64encode(data).decode()
for k in range(0, len(text), 116):
    print('"' + text[k:k + 116] + '"')
print(";\nextern const std::size_t kAtlasLength = sizeof kAtlas - 1;\n// clang-format on\n\n}  // namespace lull::font")
print(f"{len(glyphs)} glyphs, atlas {atlas.size}, {len(data)} bytes", file=sys.stderr)
