// Layer 1 of the detector: turns one sensor's samples into distinct movements, whatever the sensor is.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "devices/device.hpp"
#include "devices/event.hpp"
#include "devices/units.hpp"

namespace lull {

/// A distinct movement of this person, whatever sensor saw it.
struct Movement {
  Instant at;
  double strength = 1;  // 0..1: 0.2 at the level that just counts, 0.5 at four times it
  bool operator==(const Movement&) const = default;
};

/// How loud this sensor is when nobody moves: the median of the last blocks of quiet samples, in the stream's unit.
struct QuietFloor {
  std::vector<float> blocks{};  // at most 60 means, a ring
  std::int32_t next = 0;        // where the ring goes on
  double sum = 0;               // of the block in the making
  std::int32_t samples = 0;
  double median = 0;  // 0 = not known yet

  void add(double value, std::int32_t samples_a_block);
  bool operator==(const QuietFloor&) const = default;
};

/// Turns one sensor's samples into movements. Movements less than 6 s apart are one.
struct MovementFinder {
  Stream stream{};
  seconds epoch{1}, hold_off{0};
  double level = 0;  // 0 = the stream's default
  std::optional<Instant> last_heard{};
  // the movement that goes on, or the last one
  std::optional<Instant> moving_since{}, moving_until{};
  std::int32_t told = 0;   // how often it was counted: at most 3
  bool above = false;      // radar, raw: between rising and falling
  QuietFloor floor{};      // counts, load, acceleration, raw
  double said = 0;         // load, acceleration, slow counts: its last value if that was movement, else 0 ...
  std::int32_t again = 0;  // ... and how often in a row it said just that since
  double minute_sum = 0;   // counts in epochs over 15 s: the minute in the making
  seconds minute_heard{0};
  // raw: the last two seconds, and the last quarter of one
  std::vector<std::array<float, 3>> recent{};  // at most 200 (2 s at 100 Hz), a ring
  std::int32_t recent_next = 0;
  std::vector<float> squares{};  // at most 24 (0.24 s at 100 Hz), a ring
  std::int32_t squares_next = 0;
  std::optional<Instant> raw_on{}, raw_loud{};  // since when above 4 x noise; when last above 2 x

  MovementFinder() = default;
  MovementFinder(Stream stream, seconds epoch, seconds hold_off, double level = 0);
  /// The movements that this sample completes (mostly none or one). A sample that is not of this stream, makes no
  /// sense (NaN, negative, absurd) or is older than the last one by more than an epoch is ignored.
  std::vector<Movement> hear(const MovementSample& sample, Instant at);
  /// The sensor spoke, but what it said must not be used nor learned from (a pad shakes it, the bed is empty).
  void skip(Instant at);
  /// No report for three of its usual intervals. A vibration sensor speaks only of events: its silence means nothing.
  bool is_stale(Instant now) const;
  /// The start of the time that this sample speaks of.
  Instant start_of(const MovementSample& sample, Instant at) const;
  /// What counts as movement now, in the stream's unit.
  double level_now() const;
  bool operator==(const MovementFinder&) const = default;

 private:
  /// Moving at this moment; a new movement when the last ended at least `pause` ago.
  void moves(Instant at, double value, double over, milliseconds pause, std::vector<Movement>& found);
  void hear_raw(const RawAcceleration& raw, Instant at, std::vector<Movement>& found);
  void hear_level(double value, Instant at, std::vector<Movement>& found);
  bool is_frozen(double value);
};

}  // namespace lull
