// Leg movements and their series: WASM 2016 (PMID 27890390), AASM v2, and the periodicity index of Ferri 2006 (Sleep
// 29(6)). From a leg sensor these are estimated periodic leg movements: the rules were made for muscle currents, and
// movements that go with breathing cannot be told apart without airflow.
#pragma once

#include <span>

#include "automations/restlessness/scoring/label.hpp"
#include "devices/units.hpp"

namespace lull::scoring {

enum class Leg : std::uint8_t { left, right, both };

/// What a detector reports. Times from the recording's start, in whole milliseconds: 0.5 s is exactly 0.5 s.
struct LegMovement {
  milliseconds onset{}, offset{};
  Leg leg = Leg::left;
  milliseconds length() const { return offset - onset; }
  bool operator==(const LegMovement&) const = default;
};

/// A movement after those that belong together were merged.
struct ScoredMovement {
  milliseconds onset{}, offset{};
  Leg leg = Leg::left;
  std::int32_t parts = 1;
  bool candidate = false;   // WASM's CLM; AASM keeps only those
  std::int32_t series = 0;  // 1 for the first series; 0 = periodic in none
  bool periodic() const { return series > 0; }
  bool operator==(const ScoredMovement&) const = default;
};

/// What ends a WASM series besides a long interval: a candidate less than 10 s after the movement before it. `strict`:
/// it then belongs to none and starts none; `lenient`: it may start the next.
enum class Wasm { strict, lenient };

/// Movements in any order; those without a positive length are left out. In order of onset come back:
/// merged when they overlap or begin less than 0.5 s after the one before has ended; candidates of 0.5 to 10 s on one
/// leg, or on both of at most four parts, each at most 10 s, 15 s together; series of four or more, 10 to 90 s apart.
std::vector<ScoredMovement> wasm(std::span<const LegMovement> movements, Wasm breaks = Wasm::strict);

/// Only movements of 0.5 to 10 s; two on different legs with onsets less than 5 s apart are one; series of four or
/// more, 5 to 90 s apart.
std::vector<ScoredMovement> aasm(std::span<const LegMovement> movements);

/// One leg's movements alone, for figures per leg.
std::vector<LegMovement> of_leg(std::span<const LegMovement> movements, Leg leg);

/// Indices of a night. `hypnogram` has one label an epoch, from the recording's start; a movement belongs to the epoch
/// of its onset. Movements in missing epochs, or after the hypnogram's end, are in neither index.
struct LegIndices {
  std::int64_t movements = 0, candidates = 0, periodic = 0, series = 0;
  std::int64_t periodic_asleep = 0, periodic_awake = 0, candidates_asleep = 0;
  double sleep_h = 0, wake_h = 0;
  std::optional<double> periodic_per_sleep_hour{}, periodic_per_wake_hour{};  // empty without an hour to divide by
  std::optional<double> periodic_of_candidates_asleep{};                      // 0..1
  std::optional<double> periodicity_index{};                                  // of candidates asleep, 0..1
};
LegIndices leg_indices(std::span<const ScoredMovement> movements, std::span<const Label> hypnogram,
                       seconds epoch = seconds{30});

/// Ferri's: intervals from onset to onset above 10 and up to 90 s, in runs of three or more, of all intervals. Empty
/// with fewer than two movements.
std::optional<double> periodicity_index(std::span<const milliseconds> onsets);

}  // namespace lull::scoring
