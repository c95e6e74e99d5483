// The household's flags: what each takes away, and those that hold for one night only.
#include <algorithm>
#include <array>

#include "automations/turn.hpp"

namespace lull {
namespace {

struct FlagLine {
  Flag flag;
  std::string_view word;
  bool only_preheat, no_massage;
};
// docs/SAFETY.md, "Flags". Reduced feeling, poor blood flow, damaged skin, or being unable to get away from a pad: the
// bed may be warmed, not the person. What makers of massagers name as a reason not to massage locks massage.
constexpr std::array<FlagLine, 18> kFlags{{
    {Flag::neuropathy, "neuropathy", true, false},
    {Flag::diabetes, "diabetes", true, false},
    {Flag::poor_circulation, "poor_circulation", true, false},
    {Flag::sedatives, "sedatives", true, false},
    {Flag::minor, "minor", true, false},
    {Flag::cannot_remove_pad, "cannot_remove_pad", true, false},
    {Flag::thrombosis, "thrombosis", false, true},
    {Flag::recent_surgery, "recent_surgery", false, true},
    {Flag::pregnancy, "pregnancy", true, true},
    {Flag::varicose_veins, "varicose_veins", false, true},
    {Flag::blood_thinners, "blood_thinners", false, true},
    {Flag::pacemaker, "pacemaker", false, true},
    {Flag::dialysis, "dialysis", true, false},
    {Flag::stroke_or_spinal_injury, "stroke_or_spinal_injury", true, false},
    {Flag::open_wound, "open_wound", true, true},
    {Flag::skin_infection, "skin_infection", true, true},
    {Flag::heart_disease, "heart_disease", false, true},
    {Flag::cancer, "cancer", false, true},
}};
static_assert(kFlags.size() == kFlagCount);

const FlagLine& line_of(Flag flag) { return kFlags[static_cast<std::size_t>(flag)]; }
static_assert([] {
  for (std::size_t i = 0; i < kFlags.size(); ++i)
    if (kFlags[i].flag != static_cast<Flag>(i)) return false;
  return true;
}());

std::string setting_name(const Sleeper& sleeper, Flag flag) {
  return "flag:" + sleeper.id + ":" + std::string(word_for(flag));
}

void add_words(std::string& words, const Sleeper& sleeper, Flag flag, bool tonight) {
  words +=
      (words.empty() ? "" : ", ") + sleeper.name + ": " + std::string(word_for(flag)) + (tonight ? " tonight" : "");
}

}  // namespace

std::string_view word_for(Flag flag) { return static_cast<std::size_t>(flag) < kFlagCount ? line_of(flag).word : ""; }

std::optional<Flag> flag_for(std::string_view word) {
  for (const FlagLine& line : kFlags)
    if (line.word == word) return line.flag;
  return std::nullopt;
}

Limits limits_with(const std::vector<Flag>& flags, const Limits& household) {
  Limits limits = household;
  for (const Flag flag : flags) {
    limits.heat_only_preheat = limits.heat_only_preheat || line_of(flag).only_preheat;
    limits.massage_allowed = limits.massage_allowed && !line_of(flag).no_massage;
  }
  return limits;
}

void apply_flags(Hub& hub) {
  for (std::size_t i = 0; i < hub.actuators.size(); ++i) {
    const Device& device = hub.house->devices[i];
    if (!has_force(device.kind)) continue;
    Standing& is = hub.actuators[i].standing;
    is.flagged_heat.clear();
    is.flagged_massage.clear();
    for (std::uint16_t s = 0; s < hub.sleepers.size(); ++s) {
      if (device.sleeper && *device.sleeper != SleeperId{s}) continue;  // what is nobody's is under everybody
      const Sleeper& sleeper = hub.house->sleepers[s];
      const std::vector<Flag>& tonight = hub.sleepers[s].tonight;
      for (const FlagLine& line : kFlags) {
        const bool always = std::find(sleeper.flags.begin(), sleeper.flags.end(), line.flag) != sleeper.flags.end();
        if (!always && std::find(tonight.begin(), tonight.end(), line.flag) == tonight.end()) continue;
        if (line.only_preheat) add_words(is.flagged_heat, sleeper, line.flag, !always);
        if (line.no_massage) add_words(is.flagged_massage, sleeper, line.flag, !always);
      }
    }
  }
}

void flag_tonight(Turn& t, SleeperId id, Flag flag, bool on) {
  std::vector<Flag>& tonight = t.hub.sleepers[id.index].tonight;
  std::erase(tonight, flag);
  const std::string name = setting_name(t.house().sleepers[id.index], flag), night = on ? t.hub.night : std::string();
  if (on) tonight.push_back(flag);
  holds_for(t, name, night);
  t.effects.emplace_back(KeepSetting{{name, night}});
  apply_flags(t.hub);
}

void forget_flags_of_tonight(Turn& t) {
  for (std::uint16_t s = 0; s < t.hub.sleepers.size(); ++s)
    for (std::size_t i = t.hub.sleepers[s].tonight.size(); i-- > 0;)
      if (const Flag flag = t.hub.sleepers[s].tonight[i]; is_over(t, setting_name(t.house().sleepers[s], flag)))
        flag_tonight(t, SleeperId{s}, flag, false);
}

void keep_flags_of_tonight(Turn& t, const Setting& setting) {
  if (setting.value.empty()) return;
  for (std::uint16_t s = 0; s < t.hub.sleepers.size(); ++s)
    for (const FlagLine& line : kFlags)
      // A clock that is behind what is on disk is wrong: a flag of a night to come holds too.
      if (setting.name == setting_name(t.house().sleepers[s], line.flag) && setting.value >= t.hub.night)
        t.hub.sleepers[s].tonight.push_back(line.flag), holds_for(t, setting.name, setting.value);
  apply_flags(t.hub);
}

}  // namespace lull
