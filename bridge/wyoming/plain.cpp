// Characters, one by one.
#include "bridge/wyoming/plain.hpp"

#include <algorithm>
#include <iterator>

#include "devices/utf8.hpp"

namespace lull {
namespace {

/// The character at `i` of valid UTF-8, which is then behind it.
char32_t next(std::string_view text, std::size_t& i) {
  const auto byte = [&] { return static_cast<unsigned char>(text[i++]); };
  const unsigned first = byte();
  char32_t c = first < 0x80 ? first : first < 0xE0 ? first & 0x1F : first < 0xF0 ? first & 0x0F : first & 0x07;
  for (int more = first < 0x80 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3; more > 0; --more)
    c = (c << 6) | (byte() & 0x3F);
  return c;
}

constexpr char32_t kDots = 0x0308;  // of an umlaut, behind its letter

/// "" for what is not changed.
std::string_view letters_for(char32_t c) {
  switch (c) {
    case U'Ä':
    case U'ä': return "ae";
    case U'Ö':
    case U'ö': return "oe";
    case U'Ü':
    case U'ü': return "ue";
    case U'ß':
    case U'ẞ': return "ss";
    default: return "";
  }
}

enum class Sort { letter, blank, mark, apostrophe, nothing };

bool within(char32_t c, char32_t first, char32_t last) { return c >= first && c <= last; }

/// `mark`: what ends a sentence or a part of one. `nothing`: what nobody sees.
Sort sort_of(char32_t c) {
  constexpr char32_t kMarks[] = {'.',    ',',    ';',    ':',    '!',    '?',    0x00A1, 0x00BF, 0x2026, 0x3001, 0x3002,
                                 0xFF01, 0xFF0C, 0xFF0E, 0xFF1A, 0xFF1B, 0xFF1F, 0x2028, 0x2029, '\n',   '\r'};
  constexpr char32_t kApostrophes[] = {'\'', '`', 0x00B4, 0x02BC, 0x2018, 0x2019, 0x2032, 0xFF07};
  constexpr char32_t kBlanks[] = {0x0085, 0x00A0, 0x1680, 0x180E, 0x202F, 0x205F,
                                  0x3000, 0x00AB, 0x00BB, 0x2039, 0x203A};
  const auto among = [c](const auto& all) { return std::find(std::begin(all), std::end(all), c) != std::end(all); };
  if (among(kApostrophes)) return Sort::apostrophe;
  if (among(kMarks)) return Sort::mark;
  if (within(c, 0x200B, 0x200F) || within(c, 0x202A, 0x202E) || within(c, 0x2060, 0x2064) || c == 0x00AD || c == 0xFEFF)
    return Sort::nothing;
  // Blanks, dashes, quotes; and what else stands between words: "wind-down", "(please)".
  if (c <= ' ' || c == 0x7F || within(c, 0x2000, 0x200A) || within(c, 0x2010, 0x2015) || within(c, 0x201A, 0x201F) ||
      among(kBlanks) ||
      (c < 0x7F && std::string_view("\"#$&()*+-/<=>@[\\]^_{|}~").find(static_cast<char>(c)) != std::string_view::npos))
    return Sort::blank;
  return Sort::letter;
}

void add_letter(std::string& out, char32_t c, std::string_view as_written) {
  const bool dotted = !out.empty() && std::string_view("aou").find(out.back()) != std::string_view::npos;
  if (c == kDots)
    out += dotted ? "e" : "";
  else if (within(c, 'A', 'Z'))
    out += static_cast<char>(c - 'A' + 'a');
  else if (const std::string_view letters = letters_for(c); !letters.empty())
    out += letters;
  else
    out += as_written;
}

}  // namespace

std::string plain_letters(std::string_view utf8) {
  std::string out;
  if (!is_utf8(utf8)) return out;
  for (std::size_t i = 0; i < utf8.size();) {
    const std::size_t from = i;
    const char32_t c = next(utf8, i);
    add_letter(out, c, utf8.substr(from, i - from));
  }
  return out;
}

std::vector<std::string> plain_parts(std::string_view utf8) {
  std::vector<std::string> parts;
  if (!is_utf8(utf8)) return parts;
  bool begins = true, blank = false;  // a part; a word
  for (std::size_t i = 0; i < utf8.size();) {
    const std::size_t from = i;
    const char32_t c = next(utf8, i);
    const Sort sort = sort_of(c);
    if (sort == Sort::nothing) continue;
    if (sort == Sort::mark) begins = true;
    if (sort == Sort::blank) blank = true;
    if (sort == Sort::mark || sort == Sort::blank) continue;
    if (begins) parts.emplace_back();
    if (!begins && blank && c != '%') parts.back() += ' ';  // "0 %" is "0%"
    begins = blank = false;
    sort == Sort::apostrophe ? void(parts.back() += '\'') : add_letter(parts.back(), c, utf8.substr(from, i - from));
  }
  return parts;
}

}  // namespace lull
