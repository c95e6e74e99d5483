// What stands in a bedroom: the devices a household named, as plain data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "devices/units.hpp"

namespace lull {

/// The place of a device in the bedroom's list; never shown, never stored across configurations.
struct DeviceId {
  std::uint16_t index{};
  constexpr auto operator<=>(const DeviceId&) const = default;
};
struct SleeperId {
  std::uint16_t index{};
  constexpr auto operator<=>(const SleeperId&) const = default;
};

inline constexpr std::size_t kMaxDevices = 128;  // a bedroom has ten; the bound keeps state and snapshots small
inline constexpr std::size_t kMaxSleepers = 4;

enum class Kind : std::uint8_t {
  massage_pad,
  heat_pad,
  light,
  sound,  // something that plays while it is on: a speaker or noise machine behind a switch
  aroma,  // a diffuser behind a switch
  movement,
  presence,
  button,
  thermometer,  // at the pad's surface; a heat pad that measures itself needs none
  mains,        // a plug in front of a pad: on only while that pad is, and its last way off. Never played by itself
  heart_rate,   // beats a minute, of a strap, a watch or a radar; only helps to estimate awake or asleep
  alarm_clock,  // a phone's next alarm: when its sleeper wants to get up
};
/// Warms or shakes somebody, or brings power to what does: it needs a timer of its own, and a proof that it is off.
constexpr bool needs_timer(Kind k) { return k == Kind::heat_pad || k == Kind::massage_pad || k == Kind::mains; }
/// The word a household writes after `is:`.
std::string_view word_for(Kind kind);
std::optional<Kind> kind_for(std::string_view word);
constexpr bool is_actuator(Kind k) { return k <= Kind::aroma || k == Kind::mains; }

/// What a movement sensor's numbers mean (docs/RESTLESSNESS.md says how each becomes movements).
enum class Stream : std::uint8_t {
  none,
  counts,        // activity counts per epoch
  vibration,     // one event a report, then deaf for the hold-off
  radar,         // body movement 0..100
  load,          // variance of a bed load cell over a second, kg^2
  acceleration,  // root mean square and peak over a second, milli-g, computed in the sensor
  raw,           // three axes, milli-g, 10 to 50 Hz
};
std::string_view word_for(Stream stream);
std::optional<Stream> stream_for(std::string_view word);

/// How a device stops by itself when nobody talks to it any more. The order is from best to none.
enum class Timer : std::uint8_t {
  unknown,             // not learned yet: treated as none
  on_time,             // each ON carries its own duration (ZCL On With Timed Off)
  lease,               // our reference pad: a lease in seconds that must be renewed
  mapped_duration,     // mqtt dialect: the ON message carries {seconds}
  turn_off_countdown,  // an attribute that only ever turns off and can be read back; armed before ON
  mapped_auto_off,     // mqtt dialect: an auto-off setting that is written, then read back; armed before ON
  toggle_countdown,    // Tuya: a delayed toggle, armed only while ON is freshly confirmed
  product,             // the product's own cut-off, as the household declares it
  none,
  mains,  // only in a command: it has none, but the plug in front of it holds the lease
};
std::string_view word_for(Timer timer);

/// A: each command carries its duration. B: an auto-off that was read back. C: the product's own cut-off. D: none.
/// Heat needs A or B, massage A to C (docs/SAFETY.md, promise 3).
enum class GuardTier : std::uint8_t { A, B, C, D };
constexpr GuardTier tier_of(Timer timer) {
  switch (timer) {
    case Timer::on_time:
    case Timer::lease:
    case Timer::mapped_duration: return GuardTier::A;
    case Timer::turn_off_countdown:
    case Timer::mapped_auto_off:
    case Timer::toggle_countdown: return GuardTier::B;
    case Timer::product: return GuardTier::C;
    default: return GuardTier::D;
  }
}
/// True for timers that must be set and read back before ON is allowed.
constexpr bool is_armed_before_on(Timer t) { return t == Timer::turn_off_countdown || t == Timer::mapped_auto_off; }

/// The `mqtt` dialect's mapping: how a device that Lull has never heard of speaks, written in the config.
struct Mapping {
  /// One thing to listen for. `pointer` is a JSON pointer ("" = the whole payload, also when it is no JSON).
  struct Hears {
    std::string topic, pointer;
    /// on | level | watts | celsius | timer_left | auto_off | occupied | movement | action | reachable |
    /// battery | heart_rate
    std::string means;
    std::string yes, no;  // payloads for on, occupied, reachable; any other value is a problem
    double scale = 1.0;   // the number times this is in our unit (%, W, °C, s)
    bool operator==(const Hears&) const = default;
  };
  /// One message to send. In `payload`, {level}, {seconds}, {kelvin}, {celsius} are replaced by numbers.
  struct Says {
    std::string topic, payload;
    bool operator==(const Says&) const = default;
  };
  std::vector<Hears> hears;             // at most 16
  std::vector<Says> on, off, ask, arm;  // at most 4 each; arm writes the auto-off {seconds}
  bool operator==(const Mapping&) const = default;
};

/// One device as the household wrote it. Fields that its kind or dialect does not use are left as they are.
struct Device {
  std::string id;    // stable and readable: topics, entities, store. Never derived anew from a changed name
  std::string name;  // as spoken
  Kind kind{};
  std::string speaks;                  // a dialect's name
  std::string at;                      // the dialect's address of it
  std::string base;                    // the dialect's base topic; empty = the dialect's default
  std::optional<SleeperId> sleeper{};  // whose it is; nobody's = everybody's
  std::vector<std::string> zones{};

  // movement
  Stream stream = Stream::none;
  seconds epoch{1};     // counts: the length of an epoch. Others: the usual distance of two reports
  seconds hold_off{0};  // vibration: deaf for this long after a report

  // button: the presses that are a STOP (automations/stop_button.hpp). Not given: its long presses
  std::optional<std::vector<std::string>> stop_on{};

  // massage: what "on" means where the device knows only on and off is decided by its dialect
  bool steps_levels = true;              // false: a motor on a plug, on or off
  std::optional<seconds> own_cut_off{};  // the product's own timer, as declared by the household (tier C)

  // heat
  std::optional<DeviceId> thermometer{};  // a separate sensor at the pad's surface

  // heat and massage: more ways to OFF
  std::optional<DeviceId> behind{};       // the mains plug in front of it
  std::vector<Mapping::Says> also_off{};  // said with every OFF that is not proved after kAlsoOffAfter; at most 4
  // mains
  bool stays_on = false;  // it is left on between uses, and only cut when an OFF behind it is not proved

  Mapping mapping{};  // mqtt; home_assistant: other entities beside `at`, its strengths, what is said with each start

  bool operator==(const Device&) const = default;
};

/// Whether a thermometer at its surface watches this device: a separate one, or one of its own (our reference pad has
/// two). Without one it may only warm an empty bed.
bool measures_surface(const Device& device);

}  // namespace lull
