// Numbers and words in the form that Home Assistant takes: never nan, never 40.0, never more than 255 characters.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "automations/house.hpp"

namespace lull {

inline constexpr std::string_view kUnknown = "None";  // Home Assistant's word for it, on every platform

inline constexpr std::string_view kSceneCalled = "SCENE";  // what our scenes say: perhaps on behalf of a voice

inline std::string_view on_off(bool on) { return on ? "ON" : "OFF"; }
inline std::string_view on_off(std::optional<bool> on) { return on ? on_off(*on) : kUnknown; }
/// "40", "36.5", "None": at most one decimal, no exponent, no locale.
std::string number(double value);
std::string number(std::optional<double> value);
/// Well-formed UTF-8 in one line of at most `most` bytes. States of Home Assistant end at 255 characters.
std::string one_line(std::string_view text, std::size_t most = 250);

/// "wind-down" as one says it: "Wind down".
std::string spoken(std::string_view name);
/// "Left leg massage" as Home Assistant writes ids: "left_leg_massage". Empty when it holds anything but ASCII: then
/// Home Assistant makes a better one from the name itself.
std::string entity_word(std::string_view name);

/// Heat in the words of a person. The same levels as `level: low` in a configuration.
std::string_view heat_word(Percent level);                 // Off | Low | Medium | High
std::optional<Percent> heat_level(std::string_view word);  // any case

/// The name of all massage devices together: what the ends of their names share, "Leg massage".
std::string massage_name(const House& house);

/// The routine that the scene Bedtime plays: that of the first rule which plays by the clock in the evening or the
/// night; else the one called wind-down. Null: there is none, or one is called Bedtime itself.
const Routine* bedtime_routine(const House& house);
/// Whether a routine bears that name already: two things with one name are refused by every voice.
bool is_taken(const House& house, std::string_view spoken_name);

bool hears_presence(const House& house, std::size_t sleeper);
bool hears_movement(const House& house, std::size_t sleeper);

}  // namespace lull
