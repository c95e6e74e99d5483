// What Home Assistant's kinds of entities can be to us, and the actions that drive them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "devices/dialects/mqtt_mapping.hpp"

namespace lull::entity {

/// Domains that are spoken to alike: `input_number` is a number.
enum class Domain : std::uint8_t { none, light, fan, on_off, humidifier, number, select, truth, sensor, event, button };
Domain domain_of(std::string_view entity_id);

/// "light.bedside_lamp" and nothing else.
bool is_entity_id(std::string_view text);

/// Whether a device is reached by way of Home Assistant, and not by the broker.
bool is_reached_there(const Device&);

// How strong a number or a select is stands in the mapping, as something to hear of the entity itself: `level`.
/// A number's: that one times `scale` is in percent.
Mapping::Hears full_strength(const std::string& entity_id, double full);
/// A select's: one for each option, off first.
Mapping::Hears option(const std::string& entity_id, std::string word);
/// The number that is full strength; 100 where none is written.
double full_of(const Device&);
std::vector<std::string> options_of(const Device&);

/// Every problem of the device at once, each with its remedy.
std::vector<Error> check(const Device&);
/// How it stops by itself. Only of heat and massage; a reason wherever it is not enough.
std::pair<Timer, std::string> timer_of(const Device&);
/// Whether its steps are wider than what is taken for the same level: then it tells only on and off.
bool is_coarse(const Device&);

std::string on_action(std::string_view entity_id);
std::string off_action(std::string_view entity_id);
Outgoing on(const Device&, const Output&);
Outgoing off(const Device&);

}  // namespace lull::entity
