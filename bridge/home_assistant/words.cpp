// Numbers and words in the form that Home Assistant takes.
#include "bridge/home_assistant/words.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <utility>
#include <vector>

#include "devices/utf8.hpp"

namespace lull {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }
std::string lower(std::string_view text) {
  std::string out;
  std::transform(text.begin(), text.end(), std::back_inserter(out), [](char c) { return lower(c); });
  return out;
}

/// The length of the well-formed UTF-8 character at the front, 0 when it is none.
std::size_t character(std::string_view s) {
  for (std::size_t length = 1; length <= 4 && length <= s.size(); ++length)
    if (is_utf8(s.substr(0, length))) return length;
  return 0;
}

std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words(1);
  for (const char c : name) {
    if (c != ' ')
      words.back() += c;
    else if (!words.back().empty())
      words.emplace_back();
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

struct HeatLevel {
  std::string_view word;
  Percent level;
};
constexpr HeatLevel kHeatLevels[] = {{"Off", 0_pct}, {"Low", 40_pct}, {"Medium", 70_pct}, {"High", 100_pct}};

bool concerns(const Device& device, std::size_t sleeper) { return !device.sleeper || device.sleeper->index == sleeper; }

}  // namespace

std::string number(double value) {
  if (!std::isfinite(value) || std::abs(value) > 1e12) return std::string(kUnknown);
  const double tenths = std::round(value * 10);
  char text[32];
  const bool whole = std::fmod(tenths, 10) == 0;
  const double shown = tenths == 0 ? 0.0 : tenths / 10;  // no "-0"
  const auto end = std::to_chars(text, text + sizeof text, shown, std::chars_format::fixed, whole ? 0 : 1);
  return {text, end.ptr};
}
std::string number(std::optional<double> value) { return value ? number(*value) : std::string(kUnknown); }

std::string one_line(std::string_view text, std::size_t most) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = character(text);
    const bool control = length == 1 && (static_cast<unsigned char>(text[0]) < 0x20 || text[0] == 0x7f);
    const std::string_view piece = length == 0 ? "?" : control ? " " : text.substr(0, length);
    if (out.size() + piece.size() + 3 > most && out.size() + text.size() > most) return out + "…";
    out += piece;
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

std::string spoken(std::string_view name) {
  std::string out(name);
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c == '-' || c == '_'; }, ' ');
  if (!out.empty()) out[0] = upper(out[0]);
  return one_line(out, 100);
}

std::string entity_word(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (static_cast<unsigned char>(c) >= 0x80) return "";
    const char l = lower(c);
    if ((l >= 'a' && l <= 'z') || (l >= '0' && l <= '9'))
      out += l;
    else if (!out.empty() && out.back() != '_')
      out += '_';
  }
  while (!out.empty() && out.back() == '_') out.pop_back();
  return out;
}

std::string_view heat_word(Percent level) {
  if (level == 0_pct) return kHeatLevels[0].word;
  const HeatLevel* nearest = &kHeatLevels[1];  // never Off while it heats
  for (const HeatLevel& one : kHeatLevels)
    if (one.level > 0_pct &&
        std::abs(one.level.tenths() - level.tenths()) < std::abs(nearest->level.tenths() - level.tenths()))
      nearest = &one;
  return nearest->word;
}
std::optional<Percent> heat_level(std::string_view word) {
  for (const HeatLevel& one : kHeatLevels)
    if (lower(one.word) == lower(word)) return one.level;
  return std::nullopt;
}

std::string massage_name(const House& house) {
  std::vector<std::string> shared, names;
  bool first = true;
  for (const Device& d : house.devices) {
    names.push_back(lower(d.name));
    if (d.kind != Kind::massage_pad) continue;
    std::vector<std::string> words = words_of(lower(d.name));
    if (std::exchange(first, false)) shared = words;
    const auto [a, b] = std::mismatch(shared.rbegin(), shared.rend(), words.rbegin(), words.rend());
    shared.erase(shared.begin(), a.base());
  }
  std::string name;
  for (const std::string& word : shared) name += (name.empty() ? "" : " ") + word;
  if (name.empty()) name = "massage";
  // Two things of one name answer to nobody: "multiple devices called leg massage".
  if (std::find(names.begin(), names.end(), name) != names.end()) name = "all " + name;
  return spoken(name);
}

const Routine* bedtime_routine(const House& house) {
  if (is_taken(house, "Bedtime")) return nullptr;
  constexpr TimeOfDay kEvening{17 * 60}, kMorning{4 * 60};
  for (const Rule& rule : house.rules)
    for (const Trigger& trigger : rule.when) {
      const auto* clock = std::get_if<when::Time>(&trigger);
      if (!clock || (clock->time < kEvening && clock->time >= kMorning)) continue;
      for (const Action& action : rule.then)
        if (const auto* play = std::get_if<act::Play>(&action)) return house.routine(play->routine);
    }
  return house.routine("wind-down");
}

bool is_taken(const House& house, std::string_view spoken_name) {
  return std::any_of(house.routines.begin(), house.routines.end(),
                     [&](const Routine& r) { return spoken(r.name) == spoken_name; });
}

bool hears_presence(const House& house, std::size_t sleeper) {
  return std::any_of(house.devices.begin(), house.devices.end(),
                     [&](const Device& d) { return d.kind == Kind::presence && concerns(d, sleeper); });
}
bool hears_movement(const House& house, std::size_t sleeper) {
  return std::any_of(house.devices.begin(), house.devices.end(),
                     [&](const Device& d) { return d.kind == Kind::movement && concerns(d, sleeper); });
}

}  // namespace lull
