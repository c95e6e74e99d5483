// What Lull says to a voice, in the language of who asked. "Stopping", never "stopped": it is said before a pad has
// proved anything. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "automations/effect.hpp"
#include "automations/house.hpp"
#include "bridge/home_assistant/states.hpp"
#include "bridge/wyoming/sentences.hpp"

namespace lull {

/// The same words as the voice blueprints'. `last_night` has none here.
std::string answer_to(const Understood& wish, std::string_view language);

enum class Trouble { not_understood, is_stopped, no_broker, no_wind_down };
std::string_view answer_to(Trouble trouble, std::string_view language);

/// Why nothing came of it.
std::string answer_to(const Decision& against, std::string_view language);

/// Everybody's last night, estimated; an older one is called by its date.
std::string night_in_words(const std::vector<LastNight>& nights, const House& house, Utc now,
                           std::string_view language);

}  // namespace lull
