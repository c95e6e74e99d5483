// Findings that follow from what is known of an actuator. Its dialect finds the others.
#include "devices/safety/gate.hpp"

#include <algorithm>
#include <cstdint>

namespace lull {
namespace {

/// FNV-1a: the same on every machine, unlike std::hash. For a mapping that its household may change.
std::string hash_of(const Mapping& mapping) {
  std::uint32_t hash = 2166136261u;
  const auto add = [&](const std::string& text) {
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
    hash = (hash ^ 0xffu) * 16777619u;
  };
  for (const auto& h : mapping.hears) add(h.topic), add(h.pointer), add(h.means), add(h.yes), add(h.no);
  for (const auto* list : {&mapping.on, &mapping.off, &mapping.ask, &mapping.arm}) {
    for (const auto& said : *list) add(said.topic), add(said.payload);
    add("|");
  }
  std::string word;
  for (int shift = 28; shift >= 0; shift -= 4) word += "0123456789abcdef"[(hash >> shift) & 15u];
  return word;
}

std::string what_is_awaited(Source source) {
  switch (source) {
    case Source::list: return "its list of devices (bridge/devices)";
    case Source::settings: return "its settings (bridge/info)";
    case Source::groups: return "its groups (bridge/groups)";
    default: return std::string(word_for(source));
  }
}

}  // namespace

std::string fingerprint(const Device& device, const DeviceIdentified& identity, Timer timer) {
  std::string text = device.speaks;
  const auto add = [&](const std::string& part) { text += " " + (part.empty() ? std::string("-") : part); };
  add(identity.address.empty() ? device.base + device.at : identity.address);
  add(identity.model);
  add(identity.firmware);
  add(std::string(word_for(timer)));
  if (device.speaks == "mqtt" || device.speaks == "home_assistant") add(hash_of(device.mapping));
  return text;
}

std::vector<Finding> found_in_groups(const std::string& address, const std::vector<GroupMember>& members) {
  std::vector<Finding> all;
  for (const GroupMember& m : members)
    if (!address.empty() && m.address == address && all.size() < kMaxFindings / 2)
      all.push_back({Flaw::in_group, Source::groups, true,
                     "it is in the Zigbee group '" + m.group + "', which can switch it on without a time limit",
                     "take it out of that group in Zigbee2MQTT"});
  return all;
}

bool passes_gate(const Standing& is) {
  const bool heat = is.kind != Kind::massage_pad;  // a mains plug brings power to heat
  return is.awaited.empty() && !refusing(is.findings) && is.wakes_off != false &&
         tier_of(is.timer) <= (heat ? GuardTier::B : GuardTier::C) &&
         (!heat || ((!is.tells_power_on || is.wakes_off) && is.trial_passed));
}

std::vector<Finding> findings_of(const Standing& is) {
  std::vector<Finding> all;
  const bool heat = is.kind != Kind::massage_pad;  // a mains plug brings power to heat
  if (!needs_timer(is.kind)) return all;
  const auto add = [&](Flaw flaw, bool refuses, std::string sentence, std::string remedy) {
    all.push_back({flaw, Source::device, refuses, std::move(sentence), std::move(remedy)});
  };
  for (const Source source : is.awaited)
    add(Flaw::not_told, true, "its bridge has not yet told " + what_is_awaited(source),
        "if that stays so, restart the bridge");
  for (const Finding& f : is.findings)
    if (f.refuses) all.push_back(f);
  const GuardTier tier = tier_of(is.timer);
  if (!refusing(all) && is.timer != Timer::unknown && (tier == GuardTier::D || (heat && tier == GuardTier::C)))
    add(Flaw::timer_missing, true,
        is.timer_reason.empty() ? "it cannot stop by itself when nobody talks to it" : is.timer_reason,
        is.timer_reason.empty() ? "use a device that can, or a plug that does" : "");
  if (is.wakes_off == false)
    add(Flaw::power_on_not_off, true, "after a power cut it would not come back off",
        "set its power-on behaviour to off in its bridge");
  else if (heat && is.tells_power_on && !is.wakes_off)
    add(Flaw::power_on_not_off, true, "it has not yet shown that it stays off after a power cut",
        "if that stays so, set its power-on behaviour to off in its bridge and restart Lull");
  else if (heat && !is.tells_power_on && tier <= GuardTier::B && is.timer != Timer::lease)
    add(Flaw::power_on_unknown, false, "nobody can tell what it does after a power cut",
        "unplug it while it is on, plug it in again, and see that it stays off");
  if (heat && !is.trial_passed && is.timer != Timer::unknown)
    add(Flaw::trial_needed, true, "its set-up test has not been passed as it is now",
        "run `lull device test \"" + is.name + "\"` and watch it");
  for (const Finding& f : is.findings)
    if (!f.refuses) all.push_back(f);
  return all;
}

}  // namespace lull
