// Zigbee2MQTT with a metering plug, a lamp, a bed strap and a button, as they behave, traps included.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/demo/air.hpp"

namespace lull::demo {

inline constexpr std::string_view kZigbeeBase = "zigbee2mqtt";
inline constexpr std::string_view kPlug = "Foot warmer plug", kPlugIeee = "0xa4c1380000000102";
inline constexpr std::string_view kLamp = "Bedside lamp", kLampIeee = "0xa4c1380000000105";
inline constexpr std::string_view kStrap = "Bed left", kButton = "Bedside button";
extern const std::string_view kBridgeDevices, kBridgeInfo;  // retained by the broker

/// What a `/set` asked for, the parts of it that these two devices know.
struct ZigbeeSet {
  enum class State : std::uint8_t { unsaid, on, off, toggle };
  State state = State::unsaid;
  std::optional<double> on_time, brightness, color_temp, transition;
  std::optional<std::string> power_on_behavior;
  std::vector<std::string> unknown;  // keys that no converter takes, at most 8
  bool bad_on_time = false;          // text, negative or beyond 6553.5 s: nothing is sent
};
/// Nothing when Zigbee2MQTT would skip the message as invalid (bad JSON, no object, no bare word).
std::optional<ZigbeeSet> zigbee_set_in(std::string_view payload);
std::string iso8601(Utc t);
/// What a device says of itself against the truth.
enum class Lie : std::uint8_t { none, off, on };

/// The bridge, its state cache and the devices behind it. The relay, the lamp and their timers live in the devices:
/// they go on while the bridge is down, and the cache may then be wrong.
class Zigbee {
 public:
  /// `origin` is the moment of `begins`: the bridge stamps its messages with a wall clock.
  Zigbee(std::uint64_t seed, Utc origin, Instant begins);

  void starts(Instant at, Air& air);  // what is retained, and the first states
  /// A message on a topic below the base: "Foot warmer plug/set", "0xa4c1380000000102/get",
  /// "bridge/request/health_check".
  void hear(std::string_view topic, std::string_view payload, Instant now, Air& air);
  /// One second: timers run out, reports fall due, the strap feels the sleeper.
  void second(Instant at, bool in_bed, bool moving, Air& air);
  std::optional<Instant> next() const;  // of what second() would say though nobody moves

  void goes_down(Instant at, milliseconds back_after, bool cleanly, Air& air);
  void broker_back(Instant at, Air& air);                     // retained topics once more: the broker kept nothing
  void press(std::string_view action, Instant at, Air& air);  // the bedside button
  void plug_button(Instant at, Air& air);                     // the button on the plug itself: toggles
  void lamp_by_hand(bool on, double percent, Instant at, Air& air);
  void plug_refuses_next() { plug_.refuse = true; }
  void plug_lies(Lie lie) { plug_.lie = lie; }
  void plug_in_reach(bool is, Instant at);
  /// The timer in the plug is lost; power_on_behavior decides whether it wakes ON.
  void power_cut(Instant at);
  void wakes_on(Instant at);  // a power cut after which it is on, whatever its setting says
  void strap_dies() { strap_.dead = true; }

  // the truth
  bool up() const { return !back_at_; }
  bool plug_on(Instant now) const { return plug_.on && (!plug_.off_at || now < *plug_.off_at); }
  std::optional<milliseconds> plug_timer_left(Instant now) const;
  double plug_surface() const { return plug_.surface; }
  bool lamp_on() const { return lamp_.on; }
  double lamp_level(Instant now) const;  // percent, now, in the middle of a fade too
  std::optional<double> lamp_mired() const { return lamp_.mired; }
  const std::string& power_on_behavior() const { return plug_.power_on; }

 private:
  struct Plug {
    bool on = false, refuse = false, in_reach = true;
    Lie lie = Lie::none;
    std::optional<Instant> off_at{};      // its own timer
    std::optional<Instant> report_at{};   // of current and power: ten seconds after the last one at the earliest
    std::optional<Instant> offline_at{};  // the bridge gives it up
    std::optional<Instant> read_at{};     // the bridge reads its state after a start
    Instant reported{};
    double watts_said = 0, energy_kwh = 0, surface = 21;
    std::string power_on = "previous";
    bool online = true;
  };
  struct PlugCache {  // missing = never heard since the bridge started without its file
    std::optional<bool> on{};
    std::optional<double> power{}, current{}, energy{};
    std::optional<std::string> power_on{};
  };
  struct Lamp {
    bool on = false;
    double from = 254, to = 254;  // of the fade, in the device's 0..254
    Instant since{}, until{};
    std::optional<double> mired{};
    double level_memory = 254;
    bool fading = false, ends_off = false;
  };
  struct LampCache {
    std::optional<bool> on{};
    std::optional<double> brightness{}, mired{};
  };
  struct Strap {
    bool dead = false, occupied = false;
    std::optional<Instant> empty_at{};  // its own delay before it says so
    Instant since{}, said_at{};
    int pressure = 0;
    std::string state = "none";
  };

  void publish_plug(Instant at, Air& air, bool fresh = true);
  void publish_lamp(Instant at, Air& air, bool fresh = true);
  void publish_strap(Instant at, Air& air);
  void log_error(Instant at, std::string_view message, Air& air);
  void say_retained(Instant at, Air& air);
  void availability(std::string_view name, bool online, Instant at, Air& air);
  void set_plug(const ZigbeeSet& set, Instant now, Air& air);
  void set_lamp(const ZigbeeSet& set, Instant now, Air& air);
  void get(bool plug, std::string_view payload, Instant now, Air& air);
  void plug_reports(Instant at, Air& air);
  bool plug_says_on(Instant now) const;
  void turn_plug(bool on, std::optional<Instant> off_at, Instant at);
  void fade_lamp(double to, milliseconds over, Instant now);
  void feel(Instant at, bool in_bed, bool moving, Air& air);
  std::string seen(Instant at, bool fresh, Instant& last) const;
  std::string topic(std::string_view rest) const;

  Chance chance_;
  Utc origin_;
  Instant begins_;
  std::optional<Instant> back_at_{};
  bool kept_cache_ = true;
  Plug plug_;
  PlugCache plug_cache_;
  Lamp lamp_;
  LampCache lamp_cache_;
  Strap strap_;
  Instant plug_seen_{}, lamp_seen_{};
  std::string last_error_;
};

}  // namespace lull::demo
