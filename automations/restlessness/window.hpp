// How much movement a window holds. A movement that follows quickly on another counts in part only: restless legs go
// on, a turn in bed and a short waking move often, but not for long. Used by the detector alone.
#pragma once

#include "automations/restlessness/detector.hpp"

namespace lull {

/// What a window holds at a moment.
struct Tally {
  double weight = 0;           // movements, quick ones in part
  std::int32_t movements = 0;  // each as one
  std::optional<Instant> first{}, last{};
};

/// A movement counts whole that comes at least this long after the one before: half of the pace that is asked for.
milliseconds whole_after(const Threshold& asked);
Tally tally(const DetectorSensor& sensor, milliseconds whole, milliseconds window, Instant now);
/// What was enough, of what was needed, in how long.
struct Enough {
  double weight = 0, need = 0;
  milliseconds window{};
};
/// `need` in `window`, or 11 twelfths of it in three quarters (quick streams), or one or two more in as much more time
/// (deaf sensors). Nothing: it is not enough.
std::optional<Enough> enough(const DetectorSensor& sensor, const Threshold& asked, Instant now);
/// A vibration sensor with a long hold-off, and the time in which it should have spoken once more.
bool is_deaf(const MovementFinder& finder);
seconds one_more_of(const MovementFinder& finder);
/// The weight as it is shown: 5.9 of 6 are 5.
std::int32_t shown(double weight);

/// Its pace: the least time between two movements that this sensor can tell.
seconds pace_of(const MovementFinder& finder);
bool is_slow(const MovementFinder& finder);
/// It is worn: what it feels are this person's own limbs.
bool is_worn(Stream stream);
/// Can be a witness now: it spoke lately. An event-only sensor cannot be missed by its silence, but one that said
/// nothing in a whole window is no witness either: perhaps its battery died, perhaps the mattress swallows it all.
bool is_witness(const DetectorSensor& sensor, seconds window, Instant now);

/// "6 movements in 4 min, 6 are needed; usual between 0:00 and 3:00: 0.9"
std::string sentence_of(const Detector& detector, const DetectorSensor& sensor, Instant now);
/// What the sensors do not agree on, "" = nothing.
std::string disagreement_of(const Detector& detector, Instant now);
/// Awake and moving often, or moving in sleep: an estimate with its reasons.
std::string estimate_of(const Detector& detector, Instant now);

/// How a stir goes on and ends, and what it teaches. `louder`: the movement against the level that counts.
void learn_movement(Detector& detector, DetectorSensor& sensor, Instant at, double louder);
void learn_tick(Detector& detector, milliseconds passed, Instant now);
/// An episode began: the movements that made it were not quiet ones.
void unlearn_window(Detector& detector, DetectorSensor& sensor, Instant now);

inline constexpr milliseconds kCalm = 5min;  // at most one movement in this long, and not sooner after ON
inline constexpr seconds kShortestWindow = 180s, kLongestWindow = 900s;

}  // namespace lull
