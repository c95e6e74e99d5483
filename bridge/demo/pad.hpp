// The reference pad of docs/hardware: ESPHome over MQTT, massage and heat under two thermometers, its own watchdog.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "bridge/demo/air.hpp"

namespace lull::demo {

/// The firmware's logic, line by line, above a first-order model of the surface. Made so that a reader can lay the
/// YAML beside it: names and the order of the supervisor's doubts are the same.
class Pad {
 public:
  explicit Pad(std::string prefix, std::uint64_t seed) : prefix_(std::move(prefix)), noise_(seed, 4) {}

  struct Command {
    static constexpr std::string_view lease = "/number/lease/command", heat = "/number/heat_target/command",
                                      vibration = "/number/vibration/command";
  };
  const std::string& prefix() const { return prefix_; }

  /// Connected to the broker: the birth message and every state, as ESPHome sends them.
  void connects(Instant at, Air& air);
  /// The broker is gone: heat drops at once, the motor ends with its lease.
  void loses_broker();
  /// Power came back: everything off, only the latched fault is remembered.
  void reboots();
  /// A number's command arrived. Text that is no number or out of range is dropped with a line in its own log.
  void hear(std::string_view command, std::string_view payload, Instant now, Air& air);
  /// One second of the supervisor. `in_bed`: a body warms the surface.
  void second(Instant at, bool in_bed, Air& air);
  /// True while a second more may change what it says.
  bool busy() const;
  /// When it says its temperatures again, though nothing happens.
  Instant next_report() const { return said_at_ + 10s; }

  void stop_button(Instant at, Air& air);       // a press
  void stop_button_held(Instant at, Air& air);  // for five seconds: clears a latched trip below 35 °C
  void folded(bool is) { folded_ = is; }        // onto itself: the surface runs hot
  void thermometer_broken(bool is) { broken_ = is; }
  void deaf_to_off() { deaf_ = lease_on_; }  // it hears no OFF until its lease has lapsed
  void mosfet_shorted(bool is) { shorted_ = is; }

  // the truth
  bool heater_on() const { return heat_armed_ && (heat_gate_ || shorted_); }  // the relay is in series
  bool heat_armed() const { return heat_armed_; }
  double motor() const { return vibration_; }  // percent
  double heat_target() const { return heat_target_; }
  double surface() const { return surface_; }
  milliseconds lease_left(Instant now) const;
  const std::string& interlock() const { return status_; }
  int heat_rest() const { return heat_rest_; }
  int motor_rest() const { return motor_rest_; }

 private:
  void say(Instant at, Air& air, std::string_view what, std::string payload);
  void say_number(Instant at, Air& air, std::string_view number, double value);
  void heat_off(Instant at, Air& air);
  void motor_off(Instant at, Air& air);
  void all_off(Instant at, Air& air);
  void supervise(Instant at, double a, double b, Air& air);
  void warm(bool in_bed);
  void report(Instant at, double a, double b, bool all, Air& air);
  std::string status_now() const;

  std::string prefix_;
  Chance noise_;
  Instant lease_end_{};
  bool lease_on_ = false, heat_armed_ = false, heat_gate_ = false, connected_ = false;
  bool deaf_ = false;
  bool folded_ = false, broken_ = false, shorted_ = false;
  int heat_used_ = 0, heat_rest_ = 0, motor_used_ = 0, motor_rest_ = 0, bad_reads_ = 0, fault_code_ = 0;
  double lease_ = 0, heat_target_ = 0, vibration_ = 0;  // the numbers' last published states
  double surface_ = 21.0, aim_ = 21.0;
  double a_ = 21.2, b_ = 20.9;
  double said_a_ = -100, said_b_ = -100;
  Instant said_at_{};
  std::string status_;
};

/// A second of the anklet: a leg's movement at 1 Hz while it moves, else a heartbeat each ten seconds.
class Anklet {
 public:
  explicit Anklet(std::string prefix, std::uint64_t seed) : prefix_(std::move(prefix)), noise_(seed, 5) {}
  const std::string& prefix() const { return prefix_; }
  void connects(Instant at, Air& air);
  void second(Instant at, double rms_mg, Air& air);
  /// The battery is empty; the broker notices by the keep-alive.
  void dies(Instant at, Air& air);
  bool dead() const { return dead_; }
  /// Seconds until it speaks though nothing moves.
  int heartbeat_in() const { return static_cast<int>((10 - seq_ % 10) % 10) + 1; }

 private:
  std::string prefix_;
  Chance noise_;
  std::uint32_t seq_ = 0;
  bool dead_ = false;
};

}  // namespace lull::demo
