// A bed for stories: one or two sensors, second by second, with times said as "minute 3".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "automations/restlessness/detector.hpp"

namespace lull {

struct Bed {
  Detector detector;
  Instant now{hours{1}};
  std::vector<DetectorChange> said;
  std::vector<Instant> said_at;
  bool pad = false;

  Bed& with(Stream stream, seconds epoch = 1s, seconds hold_off = 0s, const std::string& name = "Ana's ankle") {
    Device device;
    device.id = name, device.name = name, device.kind = Kind::movement;
    device.stream = stream, device.epoch = epoch, device.hold_off = hold_off;
    const DeviceId id{static_cast<std::uint16_t>(detector.sensors.size())};
    detector.sensors.push_back(sensor_for(id, device));
    return *this;
  }
  Bed& hears(const MovementSample& sample, std::uint16_t device = 0) {
    counted += detector.hear({device}, sample, now).size();
    return *this;
  }
  /// One second passes. Returns itself, for chains.
  Bed& second() {
    now = now + 1s;
    if (pad) detector.pad_runs(now);
    if (auto change = detector.tick(now)) said.push_back(*change), said_at.push_back(now);
    return *this;
  }
  /// Lies still: a sensor that reports each second says zero.
  Bed& still(seconds span) {
    for (; span > 0s; span -= 1s) quiet_second();
    return *this;
  }
  /// Kicks for two seconds, `every` so often, so many times.
  Bed& kicks(int times, seconds every) {
    for (int i = 0; i < times; ++i)
      for (seconds t{0}; t < every; t += 1s) {
        if (t < 2s) {
          loud_second();
        } else {
          quiet_second();
        }
      }
    return *this;
  }
  Bed& loud_second() { return speak(true); }
  Bed& quiet_second() { return speak(false); }
  /// Time passes without a word from any sensor.
  Bed& silence(seconds span) {
    for (; span > 0s; span -= 1s) second();
    return *this;
  }
  bool restless() const { return detector.restless; }
  Gate gate() const { return detector.gate(now); }
  std::size_t starts() const {
    std::size_t n = 0;
    for (const auto& c : said) n += c.restless;
    return n;
  }
  std::size_t counted = 0;
  std::vector<bool> asleep_sensor{};  // true: that sensor's person lies still whatever happens

 private:
  std::vector<Instant> last_vibration{};
  Bed& speak(bool loud) {
    now = now + 1s;
    if (pad) detector.pad_runs(now);
    last_vibration.resize(detector.sensors.size());
    asleep_sensor.resize(detector.sensors.size());
    for (std::uint16_t i = 0; i < detector.sensors.size(); ++i) {
      const MovementFinder& f = detector.sensors[i].finder;
      const bool moves = (loud || pad) && !asleep_sensor[i];
      switch (f.stream) {
        case Stream::counts: hears(Counts{moves ? 60 : 0}, i); break;
        case Stream::radar: hears(RadarMovement{moves ? 55 : 2}, i); break;
        case Stream::load: hears(LoadVariance{moves ? 1.4 : 0.012}, i); break;
        case Stream::acceleration:
          if (moves || now.since_boot.count() / 1000 % 10 == 0)
            hears(LegAcceleration{moves ? 90.0 : 1.5, moves ? 200.0 : 4.0, 25}, i);
          break;
        case Stream::vibration:
          if (moves && now - last_vibration[i] >= f.hold_off) hears(Vibration{}, i), last_vibration[i] = now;
          break;
        default: break;
      }
    }
    if (auto change = detector.tick(now)) said.push_back(*change), said_at.push_back(now);
    return *this;
  }
};

}  // namespace lull
