// How wide words become, without a font at hand.
#include <algorithm>
#include <array>

#include "automations/night/picture.hpp"

namespace lull {
namespace {

// Widths of DejaVu Sans in hundredths of an em, from the space to the tilde.
constexpr std::array<std::uint8_t, 95> kWidths{
    32, 40, 46, 84, 64, 95, 78, 27, 39,  39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 34, 34, 84, 84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75, 79,
    60, 79, 69, 63, 61, 73, 68, 99, 69,  61, 69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35, 63,
    63, 28, 28, 58, 28, 97, 63, 61, 63,  63, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84};

std::size_t length_at(std::string_view text, std::size_t i) {
  const auto c = static_cast<unsigned char>(text[i]);
  const std::size_t n = c < 0x80 ? 1 : c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
  return std::min(n, text.size() - i);
}
double em_at(std::string_view text, std::size_t i) {
  const auto c = static_cast<unsigned char>(text[i]);
  if (c < 0x20) return 0;
  if (c < 0x7F) return kWidths[c - 0x20U] / 100.0;
  if (c >= 0xE2) return 1.0;  // dashes, arrows, CJK, emoji: a full em
  return 0.66;                // Latin with accents, Greek, Cyrillic, Hebrew, Arabic
}

}  // namespace

double text_width(std::string_view text, double size) {
  double ems = 0;
  for (std::size_t i = 0; i < text.size(); i += length_at(text, i)) ems += em_at(text, i);
  return ems * size;
}

std::string fitted(std::string_view text, double size, double most) {
  if (text_width(text, size) <= most) return std::string(text);
  double room = most - size;  // for the ellipsis
  std::size_t i = 0;
  while (i < text.size()) {
    room -= em_at(text, i) * size;
    if (room < 0) break;
    i += length_at(text, i);
  }
  while (i > 0 && text[i - 1] == ' ') --i;
  return i == 0 ? "" : std::string(text.substr(0, i)) + "…";
}

}  // namespace lull
