// What people wish for over MQTT, from outside bytes to wishes of the core. Pure; the words are in
// docs/HOME_ASSISTANT.md, "Commands".
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "automations/effect.hpp"
#include "automations/house.hpp"
#include "devices/event.hpp"
#include "devices/result.hpp"

namespace lull {

inline constexpr std::size_t kMaxCommand = 4096;  // bytes; a wish is short
inline constexpr int kMaxCommandMinutes = 60;

/// One message may wish for several things (every massage pad at once); at most one a device.
struct Wish {
  Door door = Door::home_assistant;
  std::vector<Command> commands;  // none: nothing was wished (an empty message, a word that is not for us)
  std::optional<Utc> asked_at{};  // when, if whoever asks says it
};
/// How old it is, by Lull's own clock and the sender's word. Whose clock is ahead of ours begins nothing.
Result<std::optional<milliseconds>> age_of(const Wish& wish, Utc now);

/// Why nothing came of a wish; null: something did, or nothing speaks against it.
const Decision* against(const std::vector<Decision>& decided);

/// Everything that Lull drives, now; unlike STOP it is not latched, and a rule may begin something again.
std::vector<Command> everything_off(const House& house);
/// A look whether all is well, and the routine for bedtime; nothing where there is none.
std::vector<Command> to_bed(const House& house);

/// Reads one message on one of Topics::command_filters(). A retained one is an Error, never a wish: somebody would
/// have pressed a button in the past and in every future. `ON` means "the usual strength"; a percentage of 0 is a stop.
Result<Wish> wish_from(std::string_view topic, std::string_view payload, bool retained, const House& house,
                       std::string_view install);

/// The general command, on lull/<install>/command: {"do": "play", "routine": "wind-down"}, or one plain word.
/// `where` is named in errors.
Result<Wish> wish_from_json(std::string_view payload, const House& house, std::string_view where);

}  // namespace lull
