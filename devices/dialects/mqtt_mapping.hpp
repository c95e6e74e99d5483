// The mapping of a device that Lull has never heard of: what may be written in it, and how the device then stops by
// itself.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "devices/dialects/payload.hpp"

namespace lull::mapping {

/// What a heard value can mean, in the order of the manual.
enum class Means : std::uint8_t {
  on,
  level,
  watts,
  celsius,
  timer_left,
  auto_off,
  occupied,
  movement,
  action,
  reachable,
  battery,
  heart_rate
};
std::optional<Means> means_for(std::string_view word);

/// Every problem of the mapping at once, each with its remedy.
std::vector<Error> check(const Device&);

/// How the device stops by itself, as its mapping says. Only of heat and massage; a reason wherever it is not enough.
std::pair<Timer, std::string> timer_of(const Device&);

/// The words for yes and no, with the usual ones where the household wrote none.
std::pair<std::string, std::string> yes_no(const Mapping::Hears&);

/// The value a JSON pointer (RFC 6901) leads to, or null. Never throws, whatever the pointer.
const Json* find(const Json& document, std::string_view pointer);
/// Empty when the pointer is one, else what is wrong with it.
std::string pointer_problem(std::string_view pointer);

/// What {level}, {seconds}, {kelvin} and {celsius} become. A number that is not there leaves its message unsent.
struct Numbers {
  std::optional<Percent> level{};
  std::optional<seconds> lease{};
  std::optional<Kelvin> kelvin{};
  std::optional<Celsius> celsius{};
};
/// The messages with their numbers filled in, in their order.
std::vector<Outgoing> filled(const std::vector<Mapping::Says>&, const Numbers&);

}  // namespace lull::mapping
