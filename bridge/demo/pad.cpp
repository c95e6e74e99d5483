// The reference pad and the anklet: what their firmware does, second by second.
#include "bridge/demo/pad.hpp"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <limits>

namespace lull::demo {
namespace {
// The substitutions of the YAML.
constexpr double kLeaseMax = 300, kTargetMax = 39.0, kTrip = 41.0;
constexpr int kHeatSession = 1800, kHeatRest = 1800, kMotorSession = 1200, kMotorRest = 600;

// The surface: a body under the blanket brings it to 32 °C, the heater alone would bring it 16 °C further.
constexpr double kRoom = 21.0, kBody = 11.0, kHeater = 16.0, kFolded = 22.0, kInertia = 300, kInertiaFolded = 90;

// The two thermometers are said when they moved by 0.2 °C, and each ten seconds (`throttle` or `delta` in the YAML).
constexpr double kDelta = 0.2;
constexpr milliseconds kThrottle{10s};

constexpr milliseconds kWifi{8};

std::string fixed(double value, int decimals) {
  if (std::isnan(value)) return "nan";
  char text[32];
  return {text, static_cast<std::size_t>(std::snprintf(text, sizeof text, "%.*f", decimals, value))};
}

/// As ESPHome reads a number: the whole payload must be one. NaN and out of range are refused by the caller.
double number_in(std::string_view text) {
  double value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? value : std::numeric_limits<double>::quiet_NaN();
}
}  // namespace

void Pad::say(Instant at, Air& air, std::string_view what, std::string payload) {
  if (!connected_) return;
  std::string topic;
  topic.reserve(prefix_.size() + what.size() + 7);
  topic.append(prefix_).append(what).append("/state");
  air.send(at + kWifi, std::move(topic), std::move(payload), true);
}

void Pad::say_number(Instant at, Air& air, std::string_view number, double value) {
  say(at, air, number, fixed(value, 6));
}

void Pad::connects(Instant at, Air& air) {
  connected_ = true;
  air.send(at + kWifi, prefix_ + "/status", "online", true, Air::Care::sure);
  say_number(at, air, "/number/lease", lease_);
  say_number(at, air, "/number/heat_target", heat_target_);
  say_number(at, air, "/number/vibration", vibration_);
  say(at, air, "/binary_sensor/stop_button", "OFF");
  if (!status_.empty()) say(at, air, "/sensor/interlock", status_);
  report(at, a_, b_, true, air);
}

void Pad::loses_broker() {
  connected_ = false;
  heat_armed_ = heat_gate_ = false;
  heat_target_ = 0;
}

void Pad::reboots() {
  loses_broker();
  lease_on_ = deaf_ = false;
  lease_ = vibration_ = 0;
  heat_used_ = heat_rest_ = motor_used_ = motor_rest_ = bad_reads_ = 0;
  status_.clear();
}

void Pad::heat_off(Instant at, Air& air) {
  heat_armed_ = heat_gate_ = false;
  if (heat_target_ != 0) say_number(at, air, "/number/heat_target", heat_target_ = 0);
}

void Pad::motor_off(Instant at, Air& air) {
  if (vibration_ != 0) say_number(at, air, "/number/vibration", vibration_ = 0);
}

void Pad::all_off(Instant at, Air& air) {
  lease_on_ = false;
  say_number(at, air, "/number/lease", lease_ = 0);
  heat_off(at, air);
  motor_off(at, air);
}

void Pad::hear(std::string_view command, std::string_view payload, Instant now, Air& air) {
  const double x = number_in(payload);
  const double most = command == Command::lease ? kLeaseMax : command == Command::heat ? kTargetMax : 100;
  if (!connected_ || !(x >= 0 && x <= most)) return;  // NaN too
  if (deaf_ && x <= 0) return;
  if (command == Command::lease) {
    if (x <= 0) return all_off(now, air);
    lease_end_ = now + milliseconds{static_cast<std::int64_t>(x) * 1000};
    lease_on_ = true;
    say_number(now, air, "/number/lease", lease_ = x);
  } else if (command == Command::heat) {
    const bool ok = lease_on_ && fault_code_ == 0 && heat_rest_ == 0 && x >= 30;
    if (!ok) heat_off(now, air);
    heat_armed_ = ok;
    say_number(now, air, "/number/heat_target", heat_target_ = ok ? x : 0);
  } else if (command == Command::vibration) {
    const bool ok = lease_on_ && motor_rest_ == 0 && x > 0;
    if (!ok) motor_off(now, air);
    say_number(now, air, "/number/vibration", vibration_ = ok ? x : 0);
  }
}

void Pad::warm(bool in_bed) {
  aim_ = kRoom + (in_bed ? kBody : 0) + (heater_on() ? kHeater + (folded_ ? kFolded : 0) : 0);
  surface_ += (aim_ - surface_) / (folded_ ? kInertiaFolded : kInertia);
}

void Pad::supervise(Instant at, double a, double b, Air& air) {
  const bool sane = a > 5 && a < 60 && b > 5 && b < 60 && std::fabs(a - b) < 6;
  bad_reads_ = sane ? 0 : bad_reads_ + 1;
  if (heat_armed_ && !sane) heat_off(at, air);
  if (bad_reads_ >= 10 && fault_code_ == 0) fault_code_ = 1;
  if (sane && std::fmax(a, b) > kTrip) fault_code_ = 2;
  if (fault_code_ == 1 && sane) fault_code_ = 0;
  if (fault_code_ != 0 && heat_armed_) heat_off(at, air);

  if (lease_on_ && at >= lease_end_) deaf_ = false, all_off(at, air);

  if (heat_armed_) {
    if (++heat_used_ >= kHeatSession) {
      heat_rest_ = kHeatRest;
      heat_used_ = 0;
      heat_off(at, air);
    }
  } else if (heat_rest_ > 0)
    --heat_rest_;
  else if (heat_used_ > 0)
    --heat_used_;

  if (vibration_ > 0) {
    if (++motor_used_ >= kMotorSession) {
      motor_rest_ = kMotorRest;
      motor_used_ = 0;
      motor_off(at, air);
    }
  } else if (motor_rest_ > 0)
    --motor_rest_;
  else if (motor_used_ > 0)
    --motor_used_;

  if (heat_armed_) {
    const double t = std::fmax(a, b);
    if (t >= heat_target_)
      heat_gate_ = false;
    else if (t < heat_target_ - 0.5)
      heat_gate_ = true;
  } else
    heat_gate_ = false;
}

std::string Pad::status_now() const {
  return fault_code_ == 2   ? "over_temp"
         : fault_code_ == 1 ? "sensor"
         : heat_rest_ > 0   ? "heat_rest"
         : motor_rest_ > 0  ? "motor_rest"
         : lease_on_        ? "leased"
                            : "idle";
}

void Pad::report(Instant at, double a, double b, bool all, Air& air) {
  const auto moved = [](double now, double said) {
    return !(std::fabs(now - said) < kDelta) && !(std::isnan(now) && std::isnan(said));
  };
  all = all || at - said_at_ >= kThrottle;
  if (all) said_at_ = at;
  if (all || moved(a, said_a_)) say(at, air, "/sensor/pad_temperature_a", fixed(said_a_ = a, 1));
  if (all || moved(b, said_b_)) say(at, air, "/sensor/pad_temperature_b", fixed(said_b_ = b, 1));
}

void Pad::second(Instant at, bool in_bed, Air& air) {
  warm(in_bed);
  const double jitter = noise_.uniform(-0.04, 0.04);
  a_ = broken_ ? std::numeric_limits<double>::quiet_NaN() : surface_ + 0.2 + jitter;
  b_ = surface_ - 0.1 - jitter;
  supervise(at, a_, b_, air);
  report(at, a_, b_, false, air);
  if (std::string s = status_now(); s != status_) say(at, air, "/sensor/interlock", status_ = std::move(s));
}

bool Pad::busy() const {
  return lease_on_ || heat_armed_ || vibration_ > 0 || heat_rest_ > 0 || motor_rest_ > 0 || bad_reads_ > 0 || broken_ ||
         status_.empty() || std::fabs(aim_ - surface_) > 0.05;
}

milliseconds Pad::lease_left(Instant now) const {
  return lease_on_ && now < lease_end_ ? lease_end_ - now : milliseconds{0};
}

void Pad::stop_button(Instant at, Air& air) {
  say(at, air, "/binary_sensor/stop_button", "ON");
  all_off(at, air);
  say(at + 300ms, air, "/binary_sensor/stop_button", "OFF");
}

void Pad::stop_button_held(Instant at, Air& air) {
  say(at - 5s, air, "/binary_sensor/stop_button", "ON");
  all_off(at, air);
  if (std::fmax(a_, b_) < 35) fault_code_ = 0;
  say(at, air, "/binary_sensor/stop_button", "OFF");
}

void Anklet::connects(Instant at, Air& air) {
  if (!dead_) air.send(at + kWifi, prefix_ + "/status", "online", true, Air::Care::sure);
}

void Anklet::second(Instant at, double rms_mg, Air& air) {
  if (dead_) return;
  const std::uint32_t s = seq_++;
  const double quiet = 1.4 + noise_.uniform(-0.3, 0.3);
  const double rms = std::sqrt(rms_mg * rms_mg + quiet * quiet);
  if (rms < 15 && s % 10 != 0) return;
  const double peak = rms * noise_.uniform(2.0, 3.5);
  const int samples = noise_.whole(24, 26);
  char text[128];
  const int n = std::snprintf(text, sizeof text, R"({"seq":%u,"up_ms":%u,"n":%d,"rms_mg":%.2f,"peak_mg":%.2f})", s,
                              (s + 1) * 1000, samples, rms, peak);
  air.send(at + kWifi, prefix_ + "/movement", std::string(text, static_cast<std::size_t>(n)));
}

void Anklet::dies(Instant at, Air& air) {
  if (dead_) return;
  dead_ = true;
  air.send(at + 22s, prefix_ + "/status", "offline", true, Air::Care::sure);  // 1.5 times its keep-alive of 15 s
}

}  // namespace lull::demo
