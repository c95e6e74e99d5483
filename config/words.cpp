// Edit distance, slugs and quoting.
#include "config/words.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <utility>

#include "devices/utf8.hpp"

namespace lull::config {
namespace {

/// The length of the valid UTF-8 sequence at the begin of `t`, or 0.
std::size_t sequence(std::string_view t) {
  for (std::size_t n = 1; n <= 4 && n <= t.size(); ++n)
    if (is_utf8(t.substr(0, n))) return n;
  return 0;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

/// Edits between two words: insert, delete, replace, and two neighbours swapped ("hlod" for "hold").
std::size_t edits(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i)
    for (std::size_t j = 1; j <= b.size(); ++j) {
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  return d[a.size()][b.size()];
}

// The letters of Latin-1 and a few more that European names use, as they are usually written without accents.
constexpr std::array<std::pair<std::uint32_t, std::string_view>, 12> kSpecial{{{0xc4, "ae"},
                                                                               {0xe4, "ae"},
                                                                               {0xd6, "oe"},
                                                                               {0xf6, "oe"},
                                                                               {0xdc, "ue"},
                                                                               {0xfc, "ue"},
                                                                               {0xdf, "ss"},
                                                                               {0xc6, "ae"},
                                                                               {0xe6, "ae"},
                                                                               {0xd8, "oe"},
                                                                               {0xf8, "oe"},
                                                                               {0x153, "oe"}}};
constexpr std::string_view kLatin1 = "aaaaaaaceeeeiiiidnooooo_ouuuuypsaaaaaaaceeeeiiiidnooooo_ouuuuypy";  // from U+00C0
constexpr std::string_view kExtendedA =                                                                   // from U+0100
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuu"
    "uu"
    "wwyyyzzzzzzs";

std::string letters_for(std::uint32_t point) {
  if (point < 0x80) {
    const char c = lower(std::string(1, static_cast<char>(point)))[0];
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? std::string(1, c) : "_";
  }
  for (const auto& [special, letters] : kSpecial)
    if (special == point) return std::string(letters);
  if (point >= 0xc0 && point < 0xc0 + kLatin1.size()) return std::string(1, kLatin1[point - 0xc0]);
  if (point >= 0x100 && point < 0x100 + kExtendedA.size()) return std::string(1, kExtendedA[point - 0x100]);
  return "_";
}

}  // namespace

std::size_t first_bad_utf8(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size()) {
    const std::size_t n = sequence(text.substr(i));
    if (n == 0) return i;
    i += n;
  }
  return text.size();
}

std::size_t length_of(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  std::size_t shown = 0;
  for (std::size_t i = 0; i < text.size();) {
    if (shown++ == 60) {
      out += "...";
      break;
    }
    const std::size_t n = std::max<std::size_t>(1, sequence(text.substr(i)));
    const bool odd = static_cast<unsigned char>(text[i]) < 0x20 || text[i] == 0x7f || sequence(text.substr(i)) == 0;
    out += odd ? std::string("·") : std::string(text.substr(i, n));
    i += n;
  }
  return out + "\"";
}

std::string listed(const std::vector<std::string>& words, std::string_view last) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? last : std::string_view(", ");
    out += words[i];
  }
  return out;
}

std::string nearest(std::string_view word, const std::vector<std::string>& known) {
  if (word.empty() || word.size() > 80) return "";
  const std::string wanted = lower(word);
  std::string best;
  // More edits than a third of the letters, and it is another word.
  std::size_t fewest = (word.size() < 3 ? 0 : std::max<std::size_t>(1, word.size() / 3)) + 1;
  for (const std::string& candidate : known) {
    if (candidate.size() > 120) continue;
    const std::string other = lower(candidate);
    std::size_t distance = edits(wanted, other);
    if (wanted.size() >= 3 && other.compare(0, wanted.size(), wanted) == 0)
      distance = std::min<std::size_t>(distance, 1);
    if (distance < fewest) {
      fewest = distance;
      best = candidate;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known) {
  const std::string near = nearest(word, known);
  return near.empty() ? "" : "; did you mean " + in_quotes(near) + "?";
}

std::string slug(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size();) {
    const std::size_t n = std::max<std::size_t>(1, sequence(name.substr(i)));
    std::uint32_t point = static_cast<unsigned char>(name[i]);
    if (n > 1) {
      point &= n == 2 ? 0x1fu : n == 3 ? 0x0fu : 0x07u;
      for (std::size_t k = 1; k < n; ++k) point = point << 6 | (static_cast<unsigned char>(name[i + k]) & 0x3fu);
    } else if (point >= 0x80) {
      point = '_';
    }
    const std::string letters = letters_for(point);
    if (letters != "_")
      out += letters;
    else if (!out.empty() && out.back() != '_')
      out += '_';
    i += n;
  }
  out.resize(std::min<std::size_t>(out.size(), 40));
  while (!out.empty() && out.back() == '_') out.pop_back();
  return out;
}

}  // namespace lull::config
