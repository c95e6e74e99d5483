// A simulated bedroom that speaks the real dialects: pure and seeded, the same for the demo, the stories and the
// thousand nights. It has no socket and no clock: somebody carries its messages and tells it the time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/demo/air.hpp"
#include "bridge/demo/pad.hpp"
#include "bridge/demo/sleeper.hpp"
#include "bridge/demo/zigbee.hpp"

namespace lull::demo {

inline constexpr std::string_view kPadTopic = "lull/pad/left", kAnkletTopic = "lull/anklet/ana";

/// What can go wrong, or be done by hand, in a bedroom.
enum class Mishap : std::uint8_t {
  anklet_dies,      // its battery is empty
  strap_dies,       // silently: the bridge calls it online for 25 hours
  bridge_restarts,  // Zigbee2MQTT, cleanly: 8 s away, then it tells the states of before, right or wrong
  bridge_crashes,   // killed: 8 s away, then the states are unknown
  plug_refuses,     // the next command, without an error
  plug_out_of_reach,
  plug_in_reach,
  plug_button,              // somebody presses the button on the plug: it toggles
  lamp_by_hand,             // somebody turns the lamp up
  stop_button,              // on the pad, now
  massage_stopped_by_hand,  // the same when the massage has run for three minutes: a hand that waits
  stop_button_held,         // for five seconds: lets go of a latched over-temperature
  pad_folded,               // runs hot from now on
  pad_unfolded,
  pad_thermometer_breaks,
  pad_mosfet_shorts,
  power_cut,    // for an instant: each device wakes as its own settings say
  broker_gone,  // nothing is heard or said; the pad lets its heat go
  broker_back,  // everybody connects anew
  // devices that are not what they say
  plug_lies_off,  // takes each OFF, says off, and stays on until its own timer ends it
  plug_lies_on,   // says on, and is not
  plug_honest,
  plug_resets,    // its own watchdog: the timer is lost, it wakes as its setting says
  plug_wakes_on,  // the same, but it wakes ON whatever its setting says
  pad_resets,
  pad_deaf_to_off,  // until its lease lapses
};
struct Planned {
  Instant at;
  Mishap mishap{};
  bool operator==(const Planned&) const = default;
};

struct BedroomSettings {
  std::uint64_t seed = 1;
  minutes clock{22 * 60};  // what the clock in the room shows when it begins
  Instant begins{};        // the driver's time at that moment
  bool partner = false;
  double massage_helps = 0.8;
  Weather weather{};
  std::vector<Planned> plan{};
  /// The ordinary misery of a night, drawn from the seed and added to the plan: a tenth of the messages lost each way,
  /// some doubled or late, one sensor dies, Zigbee2MQTT restarts once, the plug refuses once, a hand is laid on the
  /// lamp or the massage, the broker is away for seconds.
  bool faults = false;
};

/// What is really so; nobody but a test or a picture may look.
struct Truth {
  bool in_bed = false, asleep = false, restless = false;
  double leg_rms_mg = 0;
  // the pad
  bool pad_heating = false, pad_heat_armed = false;
  double massage = 0;        // percent
  double pad_surface = 0;    // °C
  milliseconds pad_lease{};  // what it still has
  std::string_view interlock;
  // the foot warmer on the plug
  bool plug_on = false;
  double plug_watts = 0, plug_surface = 0;
  std::optional<milliseconds> plug_timer{};  // nothing while on = for ever
  // the lamp
  bool lamp_on = false;
  double lamp_level = 0;  // percent, in the middle of a fade too
  // what is dead or away
  bool anklet_dead = false, bridge_up = true, broker_up = true;
  /// Anything that warms a person.
  bool warm() const { return pad_heating || plug_on; }
};

/// Memory: kMostUnderWay messages, the sleeper's movements and a plan; nothing grows with the length of a night.
class Bedroom {
 public:
  /// `night_begins` is the wall clock's moment of settings.begins, for the time stamps in messages.
  Bedroom(BedroomSettings settings, Utc night_begins);

  /// MQTT messages that Lull, or anyone, published. Other topics than topics() are not for us and do nothing.
  void hear(std::string_view topic, std::string_view payload, Instant now);
  /// Time passes, never back. What the devices then said, in order; each message bears the time it reached the broker.
  std::vector<BedroomSays> passes(Instant now);
  /// passes() has nothing to say before this (it may have nothing then, too). What hear() brings about comes on top.
  Instant next() const;
  /// The command topics it listens to.
  static std::vector<std::string> topics();
  /// Something happens now.
  void happen(Mishap mishap, Instant now);
  /// Somebody presses the bedside button: "on", "off", "arrow_left_click" ... as STYRBAR says it.
  void press(std::string_view action, Instant now);

  Truth truth() const;
  /// Episodes that have begun, the present one with the end it would have.
  std::vector<Episode> episodes() const;
  const Sleeper& sleeper() const { return sleeper_; }
  const std::vector<Planned>& plan() const { return settings_.plan; }
  /// What the air did to messages on both ways.
  Weathered weathered() const;
  Instant at(int second) const { return settings_.begins + seconds{second}; }

 private:
  void plan_faults();
  void live_until(Instant now);
  void second(int s);
  void obey(const BedroomSays& command);
  void do_now(Mishap mishap, Instant at);

  BedroomSettings settings_;
  Sleeper sleeper_;
  Pad pad_;
  Anklet anklet_;
  Zigbee zigbee_;
  Air commands_, air_;  // to the devices, and from them
  Moment moment_{};
  int lived_ = -1;  // the last second that was lived
  Instant now_;
  std::size_t planned_ = 0;
  bool broker_up_ = true;
  bool hand_waits_ = false;  // the massage is to be stopped by hand as soon as it has run for a while
  int massage_ran_ = 0;
};

}  // namespace lull::demo
