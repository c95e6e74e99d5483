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

#include "automations/restlessness/baseline.hpp"
#include "automations/restlessness/finder.hpp"
#include "automations/restlessness/heart.hpp"
#include "devices/device.hpp"
#include "devices/event.hpp"
#include "devices/units.hpp"

namespace lull {

/// What one stream needs in a window to call it restless.
struct Threshold {
  std::int32_t need = 6;
  seconds window{240};
  double level = 0;  // what counts as movement in this stream's unit; 0 = the stream's default
  bool operator==(const Threshold&) const = default;
};
/// `epoch` is the length of a counts epoch, or the usual distance of two reports; `hold_off` is the vibration
/// sensor's (0 = unknown, taken as 65 s, which the common model has).
Threshold default_threshold(Stream stream, seconds epoch, seconds hold_off);
/// What this stream cannot tell, in words for the person who owns the sensor.
std::string_view words_for_limits(Stream stream, seconds epoch, seconds hold_off);

struct DetectorSettings {
  std::optional<std::int32_t> need{};  // a household may ask for more movements, never fewer than the default - 2
  std::optional<seconds> window{};     // kept within 180 s to 900 s, and long enough for `need` reports
  seconds get_in_time{300};            // after getting in nothing is counted
  bool operator==(const DetectorSettings&) const = default;
};

/// Why the detector does not count at the moment. A gated second is unknown, not quiet.
enum class Gate : std::uint8_t { open, pad_running, bed_empty, presence_unknown, just_got_in, sensor_stale, no_sensor };
std::string_view words_for(Gate gate);

/// A stretch of movement that came near to an episode, from its first movement on.
struct Stir {
  Instant since{}, last{};
  bool enough = false;   // it reached the default need
  bool treated = false;  // a pad ran into it: what it would have become nobody knows
  bool operator==(const Stir&) const = default;
};

struct DetectorSensor {
  DeviceId device;
  std::string id, name;  // Device::id and Device::name
  MovementFinder finder;
  Threshold threshold;
  std::deque<Movement> window{};     // at most 160, of the last 20 min
  std::optional<Instant> crossed{};  // when it last had enough
  bool opened = false;               // it was one of those that opened the running episode
  Baseline baseline{};
  std::optional<Stir> stir{};
  bool operator==(const DetectorSensor&) const = default;
};
/// The sensor of a detector for this device of kind `movement`.
DetectorSensor sensor_for(DeviceId id, const Device& device);

/// One sensor at this moment.
struct SensorView {
  DeviceId device;
  std::string name;
  std::int32_t count = 0, need = 0;
  seconds window{};
  bool witness = false;  // it can be believed now
};

/// What the detector knows at this moment, for `lull why`, the page and Home Assistant.
struct DetectorView {
  bool restless = false;
  Gate gate = Gate::no_sensor;
  std::int32_t count = 0, need = 0;  // of the sensor nearest to its threshold
  std::int32_t usual_need = 0;       // the default, or what the household asked for: `need` less what was learned
  seconds window{};
  std::optional<double> movements_per_hour{};  // over the last hour of ungated time, from 5 min of it on
  double index = 0;                            // 0..100: count against need, 100 = enough to be restless
  std::optional<double> usual;                 // quiet movements in such a window at this time of night, learned
  std::int32_t nights = 0;                     // from so many nights
  std::optional<double> coverage_hour{}, coverage_tonight{};  // percent of the time in bed that could be counted
  std::int32_t gaps = 0;                                      // stretches of the last hour that could not
  std::vector<SensorView> sensors{};
  std::string disagreement{};  // "Ana's ankle 6 of 6, Bed left 1 of 6: only Ana's ankle sees it"
  std::string state{};         // an estimate with its reasons while restless, never a diagnosis
  std::string text{};          // count, need, window and the baseline in one sentence
  std::optional<std::int32_t> heart_rate{}, heart_quiet{};  // now, and in tonight's quiet minutes
  std::optional<double> heart_coverage{};                   // percent of tonight
  std::string heart{};                                      // the same in words; "" = no heart rate was ever told
};

struct DetectorChange {
  bool restless = false;
  std::int32_t count = 0, need = 0;
  seconds window{};
  std::string sensors;  // which devices decided, "Ana's ankle 6 of 6"
  std::string text{};   // the same with window, baseline, disagreement and the estimate of what it is
};

/// How loud a bed sensor was, times its level, at the loudest of some seconds.
struct Felt {
  Instant at;
  double loud = 0;
  bool operator==(const Felt&) const = default;
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
  std::optional<Instant> ticked{};                      // the last tick
  std::optional<std::int32_t> part{};                   // of the night, once the local time is known
  milliseconds known_tonight{}, in_bed_tonight{};       // what could be counted of the time in bed
  std::deque<Instant> legs{};         // movements of this sleeper's own leg sensors in the last seconds, at most 16
  std::deque<Instant> others_legs{};  // and of those who share the bed
  std::deque<Felt> felt{}, others_felt{};  // by the bed cells of this side and of the other, at most 16 each
  Heart heart{};

  /// A sample of one of this sleeper's sensors. Returns the movements that counted (were not gated).
  std::vector<Movement> hear(DeviceId device, const MovementSample& sample, Instant at);
  /// One of its sensors spoke, but what it said must not count (it is old): it lives, and that is all.
  void skip(DeviceId device, Instant at);
  /// Somebody else in this bed moved a leg: what the bed felt in that moment was theirs. Returns how many were taken
  /// back.
  std::int32_t other_moved(Instant at);
  /// The cell on somebody else's side felt something this loud (times its level): who shook it more is who moved.
  std::int32_t other_felt(Instant at, double loud);
  /// How loud this sample is to its sensor, times its level; nothing for what is no bed cell of this sleeper.
  std::optional<double> loudness(DeviceId device, const MovementSample& sample) const;
  /// Something that shakes this bed runs, or ran until now. Tell it at least every 2 s while it runs.
  void pad_runs(Instant now);
  void presence(std::optional<bool> in, Instant now);
  /// The local time, so that what is usual can be learned by the time of night. Without it nothing is learned.
  void clock(std::int32_t minute_of_day) { part = part_of(minute_of_day); }
  /// Time passes. At most one change.
  std::optional<DetectorChange> tick(Instant now);
  /// It is noon: what was quiet in this night becomes part of the baseline.
  void end_night();
  Gate gate(Instant now) const;
  DetectorView view(Instant now) const;

  /// What this sensor needs, and in which window: the default or the household's, and what was learned.
  std::int32_t need(const DetectorSensor& sensor) const;
  seconds window(const DetectorSensor& sensor) const;
  /// The same without what was learned.
  Threshold asked(const DetectorSensor& sensor) const;

  /// The baselines as a text to keep on disk, and back. A text that makes no sense changes nothing.
  std::string learned(const std::string& night) const;
  void restore(const std::string& learned, const std::string& night);

  bool operator==(const Detector&) const = default;
};

}  // namespace lull
