// A readable id from a spoken name: "Ana's Fußwärmer" is ana_s_fuswarmer.
#pragma once

#include <string>
#include <string_view>

namespace lull::store {

inline constexpr std::size_t kMaxSlug = 48;  // topics and entity ids carry it

/// Of a-z, 0-9 and single underscores in between, at most kMaxSlug long. Latin letters lose their accents, everything
/// else is a gap. May be empty.
inline std::string slug(std::string_view name) {
  // U+00C0 to U+017F, one letter each.
  static constexpr std::string_view kLatin =
      "aaaaaaaceeeeiiiidnooooo_ouuuuytsaaaaaaaceeeeiiiidnooooo_ouuuuytyaaaaaaccccccccddddeeeeeeeeeegggg"
      "gggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
  std::string out;
  bool gap = false;
  const auto add = [&](char c) {
    if (c == '_') {
      gap = true;
      return;
    }
    if (gap && !out.empty()) out += '_';
    gap = false;
    out += c;
  };
  for (std::size_t i = 0; i < name.size() && out.size() < kMaxSlug - 1; ++i) {
    const auto b = static_cast<unsigned char>(name[i]);
    if (b >= 'A' && b <= 'Z') {
      add(static_cast<char>(b - 'A' + 'a'));
    } else if ((b >= 'a' && b <= 'z') || (b >= '0' && b <= '9')) {
      add(static_cast<char>(b));
    } else if (b >= 0xC3 && b <= 0xC5 && i + 1 < name.size()) {
      const std::size_t code = ((b & 0x1Fu) << 6) | (static_cast<unsigned char>(name[++i]) & 0x3Fu);
      add(kLatin[code - 0xC0]);
    } else {
      add('_');
    }
  }
  return out;
}

}  // namespace lull::store
