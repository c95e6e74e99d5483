// Noticing a restless episode while it happens: one normal form, a window with hysteresis, gates, and two sensors.
// Facts and figures: docs/RESTLESSNESS.md. All plain data with a bound, so a night replays bit for bit.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "devices/device.hpp"
#include "devices/event.hpp"
#include "devices/units.hpp"

namespace lull {

/// Layer 1: a distinct movement of this person, whatever sensor saw it.
struct Movement {
  Instant at;
  double strength = 1;  // 0..1, relative to the person
  bool operator==(const Movement&) const = default;
};

/// What one stream needs in a window to call it restless. Start values; a baseline may only raise `need`.
struct Threshold {
  std::int32_t need = 7;
  seconds window{300};
  double level = 0;  // what counts as movement in this stream's unit; 0 = the stream's default
  bool operator==(const Threshold&) const = default;
};
Threshold default_threshold(Stream stream, seconds epoch, seconds hold_off);

struct DetectorSettings {
  std::optional<std::int32_t> need{};      // a household may ask for more movements, never fewer than the default - 2
  std::optional<seconds> window{};
  seconds get_in_time{300};                // after getting in nothing is counted
  bool operator==(const DetectorSettings&) const = default;
};

/// Turns one sensor's samples into movements. Movements less than 6 s apart are one.
struct MovementFinder {
  Stream stream{};
  seconds epoch{1}, hold_off{0};
  double level = 0;                      // 0 = default
  std::optional<Instant> last_movement{};
  std::optional<Instant> last_heard{};
  // what the streams that adapt need to remember
  bool above = false;                    // radar, raw: inside a movement
  std::optional<Instant> below_since{};
  std::vector<float> quiet{};            // load: recent quiet variances, raw: recent quiet noise; at most 600
  std::int32_t quiet_next = 0;
  std::vector<std::array<float, 3>> recent{};  // raw: at most 2 s of samples at 50 Hz
  std::optional<Instant> raw_on_since{};

  MovementFinder() = default;
  MovementFinder(Stream stream, seconds epoch, seconds hold_off, double level = 0);
  /// The movements that this sample completes (mostly none or one).
  std::vector<Movement> hear(const MovementSample& sample, Instant at);
  bool operator==(const MovementFinder&) const = default;
};

/// Why the detector does not count at the moment. A gated second is unknown, not quiet.
enum class Gate : std::uint8_t { open, pad_running, bed_empty, presence_unknown, just_got_in, sensor_stale, no_sensor };
std::string_view words_for(Gate gate);

struct DetectorSensor {
  DeviceId device;
  MovementFinder finder;
  Threshold threshold;
  std::deque<Movement> window{};         // at most 64
  std::optional<Instant> crossed{};      // when it last had enough
  bool operator==(const DetectorSensor&) const = default;
};

/// What the detector knows at this moment, for `lull why`, the page and Home Assistant.
struct DetectorView {
  bool restless = false;
  Gate gate = Gate::no_sensor;
  std::int32_t count = 0, need = 0;      // of the sensor nearest to its threshold
  seconds window{};
  double movements_per_hour = 0;         // over the last hour of ungated time
  double index = 0;                      // 0..100: count against need, 100 = restless
};

struct DetectorChange {
  bool restless = false;
  std::int32_t count = 0, need = 0;
  seconds window{};
  std::string sensors;                   // which devices crossed, "Ana's ankle 7 of 7"
};

/// One sleeper's detector, layers 2 to 4 of the reference. `now` never goes back.
struct Detector {
  DetectorSettings settings{};
  std::vector<DetectorSensor> sensors{};
  bool restless = false;
  std::optional<Instant> since{};        // of the running or the last episode
  std::optional<Instant> gated_until{};  // a pad ran: closed until then
  std::optional<bool> in_bed{};
  std::optional<Instant> in_bed_since{};
  std::deque<Instant> hour{};            // ungated movements of the last hour, at most 720
  std::deque<std::pair<Instant, Instant>> gated{};  // closed stretches of the last hour, at most 64
  std::string learned{};                 // the baseline, as it is kept; "" = none yet

  /// A sample of one of this sleeper's sensors. Returns the movements that counted (were not gated).
  std::vector<Movement> hear(DeviceId device, const MovementSample& sample, Instant at);
  /// Something that shakes this bed runs, or ran until now.
  void pad_runs(Instant now);
  void presence(std::optional<bool> in, Instant now);
  /// Time passes. At most one change.
  std::optional<DetectorChange> tick(Instant now);
  Gate gate(Instant now) const;
  DetectorView view(Instant now) const;
  bool operator==(const Detector&) const = default;
};

}  // namespace lull
