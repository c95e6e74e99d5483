// What speaks against relying on a device, as data: a code, what is so, and what to do about it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lull {

/// Where a finding comes from. What the same source says next replaces it.
enum class Source : std::uint8_t {
  device,    // its own states
  list,      // its bridge's list of devices: what it is and what it exposes
  settings,  // its bridge's settings
  groups,    // its bridge's groups
  commands,  // its command topics
};
std::string_view word_for(Source source);

/// Stored and published: add at the end, never rename.
enum class Flaw : std::uint8_t {
  not_told,            // its bridge has not told what must be known first
  list_unreadable,     // the list of devices cannot be read
  not_found,           // the list does not have it
  disabled,            // in its bridge
  not_interviewed,     // paired, but not asked what it is
  unsupported,         // its bridge does not know what it is
  battery_powered,     // sleeps, so an OFF comes late
  state_missing,       // exposes no switch to drive
  level_missing,       // exposes no level, but is declared with levels
  ignores_on_time,     // a model that is reported to forget its time limit
  toggling_countdown,  // its only timer toggles
  not_askable,         // its state cannot be asked
  no_on_time,          // its bridge sends it no time limit
  timer_missing,       // it cannot stop by itself, or not soon enough
  power_on_unknown,    // nobody can tell what it does after a power cut
  power_on_not_off,    // it does not come back off after a power cut
  retained_command,    // somebody left a command on its command topic
  in_group,            // a group can switch it on without a time limit
  settings_unreadable,
  bridge_too_old,
  output_attribute,  // its bridge publishes no JSON
  cache_state_off,   // each message is a part of the state only
  transition_option,
  debounce_option,
  throttle_option,
  filtered_state,
  availability_off,
  last_seen_off,
  trial_needed,  // its set-up test was not passed as it is now
};
std::string_view word_for(Flaw flaw);

struct Finding {
  Flaw flaw{};
  Source from{};
  bool refuses = true;   // false: said and shown, but it may be used
  std::string sentence;  // what is so: "it is in the Zigbee group 'bedroom'"
  std::string remedy;    // what would be right: "take it out of the group in Zigbee2MQTT"
  bool operator==(const Finding&) const = default;
};
inline constexpr std::size_t kMaxFindings = 32;  // of one device, all sources together

/// "it is in the Zigbee group 'bedroom'; take it out of the group in Zigbee2MQTT"
std::string text_of(const Finding& finding);
/// The findings of `from` are these from now on; the others stay.
void replace(std::vector<Finding>& all, Source from, std::vector<Finding> now);
/// The first that refuses, or null.
const Finding* refusing(const std::vector<Finding>& all);

}  // namespace lull
