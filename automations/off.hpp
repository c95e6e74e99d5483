// How an OFF is proved: by the device's own word, then by its watts. Until then it is said on every way there is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "devices/units.hpp"

namespace lull {

struct Actuator;
struct House;

/// What is known of the last OFF besides the device's own word (Actuator::off_proved). Times are since it was first
/// said.
struct OffWatch {
  std::optional<Watts> before{};                // what its meter had told last when OFF was first said
  std::optional<milliseconds> nothing_after{};  // when a reading that cannot be from before the OFF showed nothing
  bool weighed = false;                         // the time in which its meter had to speak is over
  bool word_is_not_enough = false;              // it said off and drew power, or its meter did not say: now watts must
  bool stuck = false;                           // it was seen to: not used again before a person releases it
  bool by_mains = false;                        // it has no power: the plug in front of it is off
  std::int32_t alarms = 0;                      // how often a person was told that it is not proved
  std::optional<Instant> first_off{};           // when it was first said; saying it anew (told_first) is no new begin
  std::int32_t offs = 0;                        // how often since then
  bool operator==(const OffWatch&) const = default;
};

/// How much is known. `word` is enough for everything that waits for OFF; whoever wants to be sure asks for `watts`.
enum class OffProof : std::uint8_t { none, word, mains, watts };
std::string_view word_for(OffProof proof);
OffProof proof_of(const Actuator& a);
/// How long OFF has been said and not been proved, however often somebody has said it anew since.
milliseconds unproved_for(const Actuator& a, Instant now);
/// "off, proved by 0 W after 3 s", "off by its word; it does not measure its power", "not proved off"
std::string proof_text(const Actuator& a);

inline constexpr Watts kDrawsNothing = 3_W;
/// A repeated old reading may arrive this long after the OFF; a rise after that is a rise.
inline constexpr seconds kReadingsCross{10};
/// When its meter has not spoken by then, it is asked for its state: many bridges tell the power with it.
inline constexpr seconds kAskMeterAt[] = {20s, 60s};

}  // namespace lull
