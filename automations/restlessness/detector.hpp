// Noticing a restless episode while it happens: one normal form, a window with hysteresis, gates, and two sensors.
// Facts and figures: docs/RESTLESSNESS.md. All plain data with a bound, so a night replays bit for bit.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "automations/restlessness/finder.hpp"
#include "devices/device.hpp"
#include "devices/event.hpp"
#include "devices/units.hpp"

namespace lull {

/// What one stream needs in a window to call it restless.
struct Threshold {
  std::int32_t need = 7;
  seconds window{300};
  double level = 0;  // what counts as movement in this stream's unit; 0 = the stream's default
  bool operator==(const Threshold&) const = default;
};
/// `epoch` is the length of a counts epoch, or the usual distance of two reports; `hold_off` is the vibration
/// sensor's (0 = unknown, taken as 65 s, which the common model has).
Threshold default_threshold(Stream stream, seconds epoch, seconds hold_off);

struct DetectorSettings {
  std::optional<std::int32_t> need{};  // a household may ask for more movements, never fewer than the default - 2
  std::optional<seconds> window{};     // kept within 180 s to 900 s, and long enough for `need` reports
  seconds get_in_time{300};            // after getting in nothing is counted
  bool operator==(const DetectorSettings&) const = default;
};

/// Why the detector does not count at the moment. A gated second is unknown, not quiet.
enum class Gate : std::uint8_t { open, pad_running, bed_empty, presence_unknown, just_got_in, sensor_stale, no_sensor };
std::string_view words_for(Gate gate);

struct DetectorSensor {
  DeviceId device;
  std::string id, name;  // Device::id and Device::name
  MovementFinder finder;
  Threshold threshold;
  std::deque<Movement> window{};     // at most 64, of the last 15 min
  std::optional<Instant> crossed{};  // when it last had enough
  bool opened = false;               // it was one of those that opened the running episode
  bool operator==(const DetectorSensor&) const = default;
};
/// The sensor of a detector for this device of kind `movement`.
DetectorSensor sensor_for(DeviceId id, const Device& device);

/// What the detector knows at this moment, for `lull why`, the page and Home Assistant.
struct DetectorView {
  bool restless = false;
  Gate gate = Gate::no_sensor;
  std::int32_t count = 0, need = 0;  // of the sensor nearest to its threshold
  seconds window{};
  double movements_per_hour = 0;  // over the last hour of ungated time; 0 with less than 5 min of it
  double index = 0;               // 0..100: count against need, 100 = enough to be restless
};

struct DetectorChange {
  bool restless = false;
  std::int32_t count = 0, need = 0;
  seconds window{};
  std::string sensors;  // which devices decided, "Ana's ankle 7 of 7"
};

/// One sleeper's detector, layers 2 to 4 of docs/RESTLESSNESS.md. `now` never goes back.
struct Detector {
  DetectorSettings settings{};
  std::vector<DetectorSensor> sensors{};  // at most kMaxDevices
  bool has_presence = false;              // a presence sensor is configured: unknown then means closed
  bool restless = false;
  std::optional<Instant> since{};      // of the running or the last episode
  bool after_pad = false;              // a pad ran into the running episode: a fresh window decides
  std::optional<Instant> pad_until{};  // when a pad last ran
  std::optional<bool> in_bed{};
  std::optional<Instant> in_bed_since{}, out_since{};
  std::optional<Instant> ticked_since{};                // the first tick
  std::optional<Instant> open_since{}, closed_since{};  // one of them: how long the gate has been as it is
  std::deque<Instant> hour{};                           // ungated movements of the last hour, at most 720
  std::deque<std::pair<Instant, Instant>> gated{};      // closed stretches of the last hour, at most 64
  std::string learned{};  // a personal baseline, as it is kept: none is learned yet (docs/RESTLESSNESS.md), so ""

  /// A sample of one of this sleeper's sensors. Returns the movements that counted (were not gated).
  std::vector<Movement> hear(DeviceId device, const MovementSample& sample, Instant at);
  /// One of its sensors spoke, but what it said must not count (it is old): it lives, and that is all.
  void skip(DeviceId device, Instant at);
  /// Something that shakes this bed runs, or ran until now. Tell it at least every 2 s while it runs.
  void pad_runs(Instant now);
  void presence(std::optional<bool> in, Instant now);
  /// Time passes. At most one change.
  std::optional<DetectorChange> tick(Instant now);
  Gate gate(Instant now) const;
  DetectorView view(Instant now) const;

  /// What this sensor needs, and in which window, after the settings.
  std::int32_t need(const DetectorSensor& sensor) const;
  seconds window(const DetectorSensor& sensor) const;

  bool operator==(const Detector&) const = default;
};

}  // namespace lull
