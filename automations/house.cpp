// The household's flags and what each takes away, and the look-ups that everybody needs.
#include "automations/house.hpp"

#include <algorithm>
#include <array>

namespace lull {
namespace {

struct FlagLine {
  Flag flag;
  std::string_view word;
  bool only_preheat, no_massage;
};
// docs/SAFETY.md, "Flags". Reduced feeling, or being unable to get away from a pad: the bed may be warmed, not the
// person. What a makers' list names as a reason not to massage locks massage until a clinician's advice is confirmed.
constexpr std::array<FlagLine, 12> kFlags{{
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
}};

}  // namespace

std::string_view word_for(Flag flag) {
  for (const FlagLine& line : kFlags)
    if (line.flag == flag) return line.word;
  return "";
}

std::optional<Flag> flag_for(std::string_view word) {
  for (const FlagLine& line : kFlags)
    if (line.word == word) return line.flag;
  return std::nullopt;
}

Limits limits_with(const std::vector<Flag>& flags, const Limits& household) {
  Limits limits = household;
  for (const FlagLine& line : kFlags) {
    if (std::find(flags.begin(), flags.end(), line.flag) == flags.end()) continue;
    limits.heat_only_preheat = limits.heat_only_preheat || line.only_preheat;
    limits.massage_allowed = limits.massage_allowed && !line.no_massage;
  }
  return limits;
}

const Routine* House::routine(std::string_view wanted) const {
  for (const Routine& r : routines)
    if (r.name == wanted) return &r;
  return nullptr;
}

const Limits& House::limits_of(const Device& device) const {
  return device.sleeper && device.sleeper->index < sleepers.size() ? sleepers[device.sleeper->index].limits : limits;
}

std::optional<DeviceId> House::find(std::string_view device_id) const {
  for (std::size_t i = 0; i < devices.size(); ++i)
    if (devices[i].id == device_id) return DeviceId{static_cast<std::uint16_t>(i)};
  return std::nullopt;
}

}  // namespace lull
