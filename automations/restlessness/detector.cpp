// Layers 2 to 4: the window with hysteresis, the gates, and what two sensors must agree on.
#include "automations/restlessness/detector.hpp"

#include <algorithm>

namespace lull {
namespace {

constexpr std::size_t kMostInWindow = 64, kMostInHour = 720, kMostGated = 64;
constexpr milliseconds kGuard = 3s;          // after a pad, for what still swings
constexpr milliseconds kHoldOffGuard = 60s;  // a deaf sensor tells late what shook it
constexpr milliseconds kCalm = 5min;         // at most one movement in this long, and not sooner after ON
constexpr milliseconds kTogether = 120s;     // two sensors saw the same episode
constexpr milliseconds kLeftBed = 60s;       // shorter is a flicker of the presence sensor, or a turn
constexpr milliseconds kForgotten = 30min;   // an episode whose end nobody could see
constexpr seconds kShortestWindow = 180s, kLongestWindow = 900s;
constexpr std::int32_t kMostNeeded = 30;

bool slow(const MovementFinder& f) { return f.epoch > 15s && f.stream != Stream::vibration; }
seconds pace(const MovementFinder& f) {
  if (f.stream == Stream::vibration) return std::max(seconds{6}, f.hold_off);
  return slow(f) ? std::max(seconds{60}, f.epoch) : std::max(seconds{6}, f.epoch);
}
milliseconds guard(const MovementFinder& f) { return f.stream == Stream::vibration ? kHoldOffGuard : kGuard; }

std::int32_t count(const DetectorSensor& s, milliseconds span, Instant now) {
  std::int32_t n = 0;
  for (auto m = s.window.rbegin(); m != s.window.rend() && now - m->at < span; ++m) ++n;
  return n;
}

/// Can be a witness now: it spoke lately. An event-only sensor cannot be missed by its silence, but one that said
/// nothing in a whole window is no witness either: perhaps its battery died, perhaps the mattress swallows it all.
bool is_witness(const DetectorSensor& s, seconds window, Instant now) {
  if (s.finder.stream == Stream::vibration) return s.finder.last_heard && now - *s.finder.last_heard < window;
  return !s.finder.is_stale(now);
}

bool is_shaken(const Detector& d, const DetectorSensor& s, Instant from) {
  return d.pad_until && from < *d.pad_until + guard(s.finder);
}

bool is_enough(const Detector& d, const DetectorSensor& s, Instant now) {
  if (s.window.empty()) return false;
  const seconds window = d.window(s);
  const std::int32_t n = count(s, window, now), need = d.need(s);
  if (n < need) return false;
  // One long turn is over in a minute; an episode spreads over at least a third of the window.
  const Instant first = s.window[s.window.size() - static_cast<std::size_t>(n)].at;
  return s.window.back().at - first >= window / 3;
}

/// How many agree, against how many must. One alone may decide when it saw twice of what it needs.
bool agree(const Detector& d, Instant now) {
  std::int32_t witnesses = 0, crossed = 0;
  for (const DetectorSensor& s : d.sensors) {
    if (!is_witness(s, d.window(s), now)) continue;
    ++witnesses;
    if (!s.crossed || now - *s.crossed > kTogether) continue;
    ++crossed;
    if (count(s, d.window(s), now) >= 2 * d.need(s)) return true;
  }
  return crossed > 0 && crossed >= std::min(witnesses, 2);
}

/// Calm is when one of those that opened the episode is: both had to agree, so one that no longer does ends it.
bool is_calm(const Detector& d, Instant now) {
  if (!d.open_since || now - *d.open_since < kCalm) return false;  // less than that is known
  if (!d.since || now - *d.since < kCalm) return false;
  const auto calm = [&](const DetectorSensor& s) { return !s.finder.is_stale(now) && count(s, kCalm, now) <= 1; };
  const auto can_say = [&](const DetectorSensor& s) { return s.opened && !s.finder.is_stale(now); };
  const bool any = std::any_of(d.sensors.begin(), d.sensors.end(), can_say);
  return std::any_of(d.sensors.begin(), d.sensors.end(),
                     [&](const DetectorSensor& s) { return (s.opened || !any) && calm(s); });
}

const DetectorSensor* nearest(const Detector& d, Instant now) {
  const DetectorSensor* best = nullptr;
  double share = -1;
  for (const DetectorSensor& s : d.sensors) {
    const double n = static_cast<double>(count(s, d.window(s), now)) / d.need(s);
    if (n > share) best = &s, share = n;
  }
  return best;
}

void begin_anew(DetectorSensor& s) { s.window.clear(), s.crossed.reset(); }

DetectorChange change(Detector& d, bool restless, Instant now) {
  DetectorChange c;
  c.restless = d.restless = restless;
  if (const DetectorSensor* s = nearest(d, now)) {
    c.count = count(*s, d.window(*s), now), c.need = d.need(*s), c.window = d.window(*s);
  }
  for (DetectorSensor& s : d.sensors) {
    const bool says = restless ? s.crossed && now - *s.crossed <= kTogether : s.opened;
    if (says) {
      if (!c.sensors.empty()) c.sensors += ", ";
      c.sensors += s.name + " " + std::to_string(count(s, d.window(s), now)) + " of " + std::to_string(d.need(s));
    }
    s.opened = restless && says;
  }
  d.after_pad = false;
  if (restless) d.since = now;
  return c;
}

}  // namespace

Threshold default_threshold(Stream stream, seconds epoch, seconds hold_off) {
  const MovementFinder f{stream, epoch, hold_off};  // the same clamps and the same guess for an unknown hold-off
  if (stream == Stream::vibration) {
    if (f.hold_off <= 10s) return {7, 300s, 0};
    if (f.hold_off < 30s) return {5, 300s, 0};
    return {4, std::max(seconds{300}, 4 * (f.hold_off + 10s)), 0};
  }
  if (slow(f)) return {5, 7 * pace(f), 0};  // 5 of the last 7 epochs
  if (stream == Stream::radar) return {7, 360s, 0};
  return {7, 300s, 0};
}

std::string_view words_for(Gate gate) {
  switch (gate) {
    case Gate::open: return "watching";
    case Gate::pad_running: return "a pad shakes the bed, or did a moment ago";
    case Gate::bed_empty: return "the bed is empty";
    case Gate::presence_unknown: return "not known whether somebody is in bed";
    case Gate::just_got_in: return "just got into bed";
    case Gate::sensor_stale: return "the movement sensor went quiet";
    case Gate::no_sensor: return "no movement sensor";
  }
  return "no movement sensor";
}

DetectorSensor sensor_for(DeviceId id, const Device& device) {
  DetectorSensor s;
  s.device = id, s.id = device.id, s.name = device.name;
  s.threshold = default_threshold(device.stream, device.epoch, device.hold_off);
  s.finder = MovementFinder{device.stream, device.epoch, device.hold_off, s.threshold.level};
  return s;
}

std::int32_t Detector::need(const DetectorSensor& s) const {
  const std::int32_t least = std::max(2, s.threshold.need - 2);
  const std::int32_t asked = settings.need ? std::max(least, *settings.need) : s.threshold.need;
  // More than the sensor can report in the window would make it deaf without saying so.
  const seconds span =
      settings.window ? std::clamp(*settings.window, kShortestWindow, kLongestWindow) : s.threshold.window;
  const auto can_report = static_cast<std::int32_t>(1 + (span - 1s) / pace(s.finder));
  return std::min(asked, std::max(least, std::min(kMostNeeded, can_report)));
}

seconds Detector::window(const DetectorSensor& s) const {
  if (!settings.window) return s.threshold.window;
  const seconds shortest = std::max(kShortestWindow, need(s) * pace(s.finder));
  return std::clamp(*settings.window, std::min(shortest, kLongestWindow), kLongestWindow);
}

Gate Detector::gate(Instant now) const {
  if (sensors.empty()) return Gate::no_sensor;
  bool all_shaken = true, all_quiet = true;
  for (const DetectorSensor& s : sensors) {
    const bool shaken = is_shaken(*this, s, now), stale = s.finder.is_stale(now);
    all_shaken = all_shaken && shaken;
    all_quiet = all_quiet && (shaken || stale);
  }
  if (all_shaken) return Gate::pad_running;
  if (in_bed && !*in_bed) return Gate::bed_empty;
  if (!in_bed && has_presence) return Gate::presence_unknown;
  if (in_bed && in_bed_since && now - *in_bed_since < settings.get_in_time) return Gate::just_got_in;
  return all_quiet ? Gate::sensor_stale : Gate::open;
}

void Detector::pad_runs(Instant now) {
  if (!pad_until || now - *pad_until > kGuard) {  // it begins: the last seconds may be its own first shake
    while (!hour.empty() && now - hour.back() < kGuard) hour.pop_back();
    after_pad = after_pad || restless;
  }
  pad_until = now;
  // What was seen before says nothing about the legs after a massage: a fresh window decides.
  for (DetectorSensor& s : sensors) begin_anew(s);
}

void Detector::presence(std::optional<bool> in, Instant now) {
  if (in == in_bed) return;
  if (in && *in) {
    const bool was_away = !in_bed_since || (out_since && now - *out_since >= kLeftBed);
    if (was_away) {
      in_bed_since = now;
      for (DetectorSensor& s : sensors) begin_anew(s);
    }
    out_since.reset();
  } else if (in && !out_since) {
    out_since = now;
  }
  in_bed = in;
}

std::vector<Movement> Detector::hear(DeviceId device, const MovementSample& sample, Instant at) {
  const auto s = std::find_if(sensors.begin(), sensors.end(), [&](const auto& x) { return x.device == device; });
  if (s == sensors.end()) return {};
  // A pad's shaking and an empty bed must neither count nor teach the sensor what quiet is.
  if (is_shaken(*this, *s, s->finder.start_of(sample, at)) || (in_bed && !*in_bed)) {
    s->finder.skip(at);
    return {};
  }
  std::vector<Movement> found = s->finder.hear(sample, at);
  if (found.empty()) return found;
  if (gate(at) != Gate::open) return {};
  for (const Movement& m : found) {
    if (s->window.size() == kMostInWindow) s->window.pop_front();
    s->window.push_back(m);
    if (!hour.empty() && m.at - hour.back() < 6s) continue;  // another sensor saw the same movement
    if (hour.size() == kMostInHour) hour.pop_front();
    hour.push_back(m.at);
  }
  return found;
}

void Detector::skip(DeviceId device, Instant at) {
  for (DetectorSensor& s : sensors)
    if (s.device == device) s.finder.skip(at);
}

std::optional<DetectorChange> Detector::tick(Instant now) {
  if (!ticked_since) ticked_since = now;
  const bool open = gate(now) == Gate::open;
  if (open) {
    if (!open_since) open_since = now;
    closed_since.reset();
  } else {
    if (!closed_since) closed_since = now;
    open_since.reset();
    if (!gated.empty() && now - gated.back().second <= 2s) {
      gated.back().second = now;
    } else {
      if (gated.size() == kMostGated) gated.pop_front();
      gated.emplace_back(now, now);
    }
  }
  while (!gated.empty() && now - gated.front().second > 1h) gated.pop_front();
  while (!hour.empty() && now - hour.front() > 1h) hour.pop_front();
  for (DetectorSensor& s : sensors)
    while (!s.window.empty() && now - s.window.front().at >= kLongestWindow) s.window.pop_front();

  const auto is_over = [&] {
    for (DetectorSensor& s : sensors) begin_anew(s);
    return change(*this, false, now);
  };
  if (!open) {
    const bool left = in_bed && !*in_bed && out_since && now - *out_since >= kCalm;
    if (restless && (left || now - *closed_since >= kForgotten)) return is_over();
    return std::nullopt;
  }
  for (DetectorSensor& s : sensors)
    if (!s.window.empty() && is_witness(s, window(s), now) && is_enough(*this, s, now)) s.crossed = now;

  if (!restless) {
    if (agree(*this, now)) return change(*this, true, now);
  } else if (after_pad && agree(*this, now)) {
    return change(*this, false, now);  // it went on after the relief: the old episode ends, the next tick opens one
  } else if (is_calm(*this, now)) {
    return is_over();
  }
  return std::nullopt;
}

DetectorView Detector::view(Instant now) const {
  DetectorView v;
  v.restless = restless;
  v.gate = gate(now);
  if (const DetectorSensor* s = nearest(*this, now)) {
    v.count = count(*s, window(*s), now), v.need = need(*s), v.window = window(*s);
    v.index = std::min(100.0, 100.0 * v.count / v.need);
  }
  if (!ticked_since) return v;
  const Instant from = std::max(*ticked_since, now - 1h);
  milliseconds known = now - from;
  for (const auto& [first, last] : gated)
    if (last > from) known -= last - std::max(first, from) + 1s;  // a closed tick stands for its second
  if (known < 5min) return v;
  std::int32_t n = 0;
  for (const Instant at : hour) n += at >= from;
  v.movements_per_hour = n * 3600.0 * 1000.0 / static_cast<double>(known.count());
  return v;
}

}  // namespace lull
