// Measures a detector against known episodes, event by event (docs/RESTLESSNESS.md, "How it is measured").
#pragma once

#include <algorithm>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "automations/restlessness/detector.hpp"

namespace lull::measure {

inline Instant at_second(double t) { return {hours{1} + milliseconds{static_cast<std::int64_t>(t * 1000 + 0.5)}}; }

struct Episode {
  int start = 0, end = 0;
  bool treated = false;
};
/// One night as a sensor sees it, second by second, and what truly happened.
struct Night {
  int onset = 0, wake = 0;                              // asleep from, awake from: seconds from the start
  std::vector<Episode> episodes, awake;                 // awake: for a moment, without an episode
  std::vector<bool> occupied, pad;                      // one a second
  std::vector<std::pair<int, MovementSample>> samples;  // in order
};

struct Score {
  int nights = 0, episodes = 0, found = 0, false_alarms = 0, awake_alarms = 0, retriggers = 0, self_triggers = 0;
  std::vector<double> latencies{};

  double latency(double quantile) const {
    if (latencies.empty()) return 0;
    auto sorted = latencies;
    std::sort(sorted.begin(), sorted.end());
    return sorted[static_cast<std::size_t>(quantile * static_cast<double>(sorted.size() - 1) + 0.5)];
  }
  double sensitivity() const { return episodes ? static_cast<double>(found) / episodes : 1; }
  double false_a_night() const { return nights ? static_cast<double>(false_alarms) / nights : 0; }
  double per_night(int n) const { return nights ? static_cast<double>(n) / nights : 0; }
  std::string row(const std::string& name) const {
    char text[200];
    std::snprintf(text, sizeof text, "%-32s %4d of %4d  %5.2f  %4.0f / %4.0f s  %6.2f %6.2f  %4d  %4d", name.c_str(),
                  found, episodes, sensitivity(), latency(0.5), latency(0.9), false_a_night(), per_night(awake_alarms),
                  retriggers, self_triggers);
    return text;
  }
  static std::string heading() {
    return "                                                 sensi-   latency, s   false alarms a night\n"
           "stream                               found       tivity  50 %    90 %     all  awake  again  self";
  }
};

/// The seconds at which the detector said "restless".
inline std::vector<int> starts(Detector detector, const Night& night, DeviceId device = {0}) {
  std::vector<int> on;
  std::size_t next = 0;
  for (int t = 0; t < static_cast<int>(night.occupied.size()); ++t) {
    const auto now = at_second(t);
    detector.presence(night.occupied[static_cast<std::size_t>(t)], now);
    if (night.pad[static_cast<std::size_t>(t)]) detector.pad_runs(now);
    for (; next < night.samples.size() && night.samples[next].first <= t; ++next)
      detector.hear(device, night.samples[next].second, now);
    if (const auto change = detector.tick(now); change && change->restless) on.push_back(t);
  }
  return on;
}

inline void judge(Score& score, const Night& night, const std::vector<int>& on) {
  ++score.nights;
  std::vector<bool> used(on.size());
  for (const Episode& e : night.episodes) {
    if (!e.treated) ++score.episodes;
    bool found = false;
    for (std::size_t i = 0; i < on.size(); ++i) {
      if (on[i] < e.start || on[i] > e.end + 120) continue;
      used[i] = true;
      if (found && !e.treated) ++score.retriggers;
      if (!found && !e.treated) ++score.found, score.latencies.push_back(on[i] - e.start);
      found = true;
    }
  }
  for (std::size_t i = 0; i < on.size(); ++i) {
    const auto first = static_cast<std::size_t>(std::max(0, on[i] - 60));
    for (std::size_t t = first; t <= static_cast<std::size_t>(on[i]); ++t)
      if (night.pad[t]) {
        ++score.self_triggers;
        break;
      }
    if (used[i] || on[i] < night.onset + 300 || on[i] > night.wake) continue;
    ++score.false_alarms;
    score.awake_alarms += std::any_of(night.awake.begin(), night.awake.end(),
                                      [&](const Episode& e) { return on[i] >= e.start && on[i] <= e.end + 120; });
  }
}

inline Detector detector_for(Stream stream, seconds epoch, seconds hold_off) {
  Device device;
  device.id = "sensor", device.name = "Sensor", device.kind = Kind::movement;
  device.stream = stream, device.epoch = epoch, device.hold_off = hold_off;
  Detector detector;
  detector.sensors.push_back(sensor_for({0}, device));
  detector.has_presence = true;
  return detector;
}

}  // namespace lull::measure
