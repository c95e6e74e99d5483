// Layers 2 to 4: the window with hysteresis, the gates, and what two sensors must agree on.
#include "automations/restlessness/detector.hpp"

#include <algorithm>

#include "automations/restlessness/window.hpp"

namespace lull {
namespace {

constexpr std::size_t kMostInWindow = 160, kMostInHour = 720, kMostGated = 64, kMostLegs = 16;
constexpr milliseconds kGuard = 3s;          // after a pad, for what still swings
constexpr milliseconds kHoldOffGuard = 60s;  // a deaf sensor tells late what shook it
constexpr milliseconds kTogether = 120s;     // two sensors saw the same episode
constexpr milliseconds kSameMoment = 3s;     // a leg and the bed it lies in
constexpr double kClearlyMore = 2;           // of variance: 1.4 times as far
constexpr milliseconds kLeftBed = 60s;       // shorter is a flicker of the presence sensor, or a turn
constexpr milliseconds kForgotten = 30min;   // an episode whose end nobody could see
constexpr milliseconds kRemembered = 20min;  // more than the longest window, so that its oldest knows what was before
constexpr milliseconds kStalled = 2min;      // nobody ticked for so long: what was then nobody saw
// Of a deaf sensor, docs/RESTLESSNESS.md, "A sensor with a long hold-off".
constexpr seconds kLongerThanAWaking = 195s, kEvidence = 125s;
constexpr std::int32_t kMostNeeded = 30;

milliseconds guard(const MovementFinder& f) { return f.stream == Stream::vibration ? kHoldOffGuard : kGuard; }

std::int32_t moved(const DetectorSensor& s, milliseconds span, Instant now) {
  std::int32_t n = 0;
  for (auto m = s.window.rbegin(); m != s.window.rend() && now - m->at < span; ++m) ++n;
  return n;
}
Threshold now_asked(const Detector& d, const DetectorSensor& s) { return {d.need(s), d.window(s), 0}; }
double weight(const Detector& d, const DetectorSensor& s, Instant now) {
  const Threshold asked = now_asked(d, s);
  return tally(s, whole_after(asked), asked.window, now).weight;
}
bool any_near(const std::deque<Instant>& moments, Instant at) {
  return std::any_of(moments.begin(), moments.end(),
                     [&](Instant m) { return m - at <= kSameMoment && at - m <= kSameMoment; });
}
void remember(std::deque<Instant>& moments, Instant at) {
  if (moments.size() == kMostLegs) moments.pop_front();
  moments.push_back(at);
}

/// The loudest of a few seconds stands for them.
void feel(std::deque<Felt>& felt, Instant at, double loud) {
  if (!felt.empty() && at - felt.back().at < kSameMoment) {
    felt.back().loud = std::max(felt.back().loud, loud);
    return;
  }
  if (felt.size() == kMostLegs) felt.pop_front();
  felt.push_back({at, loud});
}
double loudest_near(const std::deque<Felt>& felt, Instant at) {
  double loud = 0;
  for (const Felt& f : felt)
    if (f.at - at <= kSameMoment && at - f.at <= kSameMoment) loud = std::max(loud, f.loud);
  return loud;
}
/// The other side was shaken clearly more: what this side felt came through the mattress.
bool came_over(const Detector& d, Instant at) {
  return loudest_near(d.others_felt, at) >= kClearlyMore * std::max(1.0, loudest_near(d.felt, at));
}

/// What these sensors felt a moment ago was somebody else's.
template <class Which>
std::int32_t take_back(Detector& d, Instant at, Which which) {
  std::int32_t taken = 0;
  for (DetectorSensor& s : d.sensors) {
    if (!which(s)) continue;
    while (!s.window.empty() && at - s.window.back().at <= kSameMoment) s.window.pop_back(), ++taken;
  }
  while (taken > 0 && !d.hour.empty() && at - d.hour.back() <= kSameMoment) d.hour.pop_back();
  return taken;
}

bool is_shaken(const Detector& d, const DetectorSensor& s, Instant from) {
  return d.pad_until && from < *d.pad_until + guard(s.finder);
}

/// One alone is believed against a healthy other that lay still only when it saw a great deal: twice its need, and for
/// half as long again.
bool is_plenty(const Detector& d, const DetectorSensor& s, Instant now) {
  const Threshold asked = now_asked(d, s);
  return moved(s, asked.window, now) >= 2 * asked.need &&
         tally(s, whole_after(asked), milliseconds{asked.window} * 3 / 2, now).weight >= 1.5 * asked.need;
}

/// How many agree, against how many must.
bool agree(const Detector& d, Instant now) {
  std::int32_t witnesses = 0, crossed = 0;
  for (const DetectorSensor& s : d.sensors) {
    if (!is_witness(s, d.window(s), now)) continue;
    ++witnesses;
    if (!s.crossed || now - *s.crossed > kTogether) continue;
    ++crossed;
    if (is_plenty(d, s, now)) return true;
  }
  return crossed > 0 && crossed >= std::min(witnesses, 2);
}

/// Calm is when one of those that opened the episode is: both had to agree, so one that no longer does ends it.
bool is_calm(const Detector& d, Instant now) {
  if (!d.open_since || now - *d.open_since < kCalm) return false;  // less than that is known
  if (!d.since || now - *d.since < kCalm) return false;
  const auto calm = [&](const DetectorSensor& s) { return !s.finder.is_stale(now) && moved(s, kCalm, now) <= 1; };
  const auto can_say = [&](const DetectorSensor& s) { return s.opened && !s.finder.is_stale(now); };
  const bool any = std::any_of(d.sensors.begin(), d.sensors.end(), can_say);
  return std::any_of(d.sensors.begin(), d.sensors.end(),
                     [&](const DetectorSensor& s) { return (s.opened || !any) && calm(s); });
}

const DetectorSensor* nearest(const Detector& d, Instant now) {
  const DetectorSensor* best = nullptr;
  double share = -1;
  for (const DetectorSensor& s : d.sensors) {
    const double n = weight(d, s, now) / d.need(s);
    if (n > share) best = &s, share = n;
  }
  return best;
}

void begin_anew(DetectorSensor& s) { s.window.clear(), s.crossed.reset(); }

DetectorChange change(Detector& d, bool restless, Instant now) {
  DetectorChange c;
  c.restless = restless;
  if (const DetectorSensor* s = nearest(d, now)) {
    c.count = shown(weight(d, *s, now)), c.need = d.need(*s), c.window = d.window(*s);
    // Eleven twelfths in a shorter time were enough too: it is said as what it stands for.
    if (restless) c.count = std::max(c.count, c.need);
    c.text = sentence_of(d, *s, now);
  }
  for (DetectorSensor& s : d.sensors) {
    const bool says = restless ? s.crossed && now - *s.crossed <= kTogether : s.opened;
    if (says) {
      if (!c.sensors.empty()) c.sensors += ", ";
      const std::int32_t saw = shown(weight(d, s, now)), need = d.need(s);
      // It had enough: then the whole need is said, though the shorter window may have been the one.
      c.sensors += s.name + " " + std::to_string(restless ? std::max(saw, need) : saw) + " of " + std::to_string(need);
    }
    s.opened = restless && says;
  }
  if (restless) {
    const std::string apart = disagreement_of(d, now);
    c.text += " (" + (apart.empty() ? c.sensors : apart) + "); " + estimate_of(d, now);
    for (DetectorSensor& s : d.sensors) unlearn_window(d, s, now);
    d.since = now;
  }
  d.restless = restless;
  d.after_pad = false;
  return c;
}

}  // namespace

Threshold default_threshold(Stream stream, seconds epoch, seconds hold_off) {
  const MovementFinder f{stream, epoch, hold_off};  // the same clamps and the same guess for an unknown hold-off
  if (stream == Stream::vibration && f.hold_off > 10s) {
    // So many that a waking of a minute and a half cannot make them alone, and their waits beyond the deafness are few.
    const auto waits = std::max<std::int64_t>(3, (kLongerThanAWaking + f.hold_off + 14s) / (f.hold_off + 15s));
    return {static_cast<std::int32_t>(waits + 1), waits * one_more_of(f) - kEvidence, 0};
  }
  if (is_slow(f)) return {5, 6 * pace_of(f), 0};  // 5 of the last 6 epochs
  return {6, 240s, 0};
}

DetectorSensor sensor_for(DeviceId id, const Device& device) {
  DetectorSensor s;
  s.device = id, s.id = device.id, s.name = device.name;
  s.threshold = default_threshold(device.stream, device.epoch, device.hold_off);
  s.finder = MovementFinder{device.stream, device.epoch, device.hold_off, s.threshold.level};
  return s;
}

Threshold Detector::asked(const DetectorSensor& s) const {
  const std::int32_t least = std::max(2, s.threshold.need - 2);
  const std::int32_t wanted = settings.need ? std::max(least, *settings.need) : s.threshold.need;
  // More than the sensor can report in the window would make it deaf without saying so.
  const seconds its_own = is_deaf(s.finder)  // it cannot speak sooner: each one more takes its time
                              ? s.threshold.window + (wanted - s.threshold.need) * one_more_of(s.finder)
                              : s.threshold.window;
  const seconds span = wanted == s.threshold.need && !settings.window
                           ? s.threshold.window
                           : std::clamp(settings.window.value_or(its_own), kShortestWindow, kLongestWindow);
  const auto can_report = static_cast<std::int32_t>(1 + (span - 1s) / pace_of(s.finder));
  const std::int32_t need = std::min(wanted, std::max(least, std::min(kMostNeeded, can_report)));
  if (!settings.window) return {need, is_deaf(s.finder) ? span : s.threshold.window, 0};
  const seconds shortest = std::max(kShortestWindow, need * pace_of(s.finder));
  return {need, std::clamp(*settings.window, std::min(shortest, kLongestWindow), kLongestWindow), 0};
}

namespace {
/// What was learned is added to a default only: a household that named a number has decided.
std::int32_t raise(const Detector& d, const DetectorSensor& s) {
  return d.settings.need || !d.part ? 0 : s.baseline.raise[static_cast<std::size_t>(*d.part)];
}
}  // namespace

std::int32_t Detector::need(const DetectorSensor& s) const { return asked(s).need + raise(*this, s); }

seconds Detector::window(const DetectorSensor& s) const {
  const Threshold is = asked(s);
  // More movements at the same pace: it must go on for longer, and nobody who does is never found.
  const seconds each = is_deaf(s.finder) ? one_more_of(s.finder) : is.window / std::max(1, is.need);
  return std::min(kLongestWindow, is.window + raise(*this, s) * each);
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
  for (DetectorSensor& s : sensors) {
    begin_anew(s);
    if (s.stir) s.stir->treated = true;
  }
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
  if (const auto loud = loudness(device, sample); loud && *loud >= 1) feel(felt, at, *loud);
  std::vector<Movement> found = s->finder.hear(sample, at);
  if (found.empty()) return found;
  if (gate(at) != Gate::open) return {};
  const bool worn = is_worn(s->finder.stream);
  std::vector<Movement> counted;
  for (const Movement& m : found) {
    const double louder = 4 * m.strength / (1 - std::min(0.999, m.strength));
    if (worn) remember(legs, m.at);
    // The bed felt it in the moment in which the partner's own leg moved, and this sleeper's did not: it was theirs.
    if (!worn && any_near(others_legs, m.at) && !any_near(legs, m.at)) continue;
    if (s->finder.stream == Stream::load && came_over(*this, m.at) && !any_near(legs, m.at)) continue;
    if (louder < s->baseline.level - 1e-9) {  // as loud as this person's quiet minutes often are
      if (part) learn_movement(*this, *s, m.at, louder);
      continue;
    }
    if (s->window.size() == kMostInWindow) s->window.pop_front();
    s->window.push_back(m);
    counted.push_back(m);
    learn_movement(*this, *s, m.at, louder);
    if (!hour.empty() && m.at - hour.back() < 6s) continue;  // another sensor saw the same movement
    if (hour.size() == kMostInHour) hour.pop_front();
    hour.push_back(m.at);
  }
  return counted;
}

std::int32_t Detector::other_moved(Instant at) {
  remember(others_legs, at);
  if (any_near(legs, at)) return 0;
  return take_back(*this, at, [](const DetectorSensor& s) { return !is_worn(s.finder.stream); });
}

std::int32_t Detector::other_felt(Instant at, double loud) {
  feel(others_felt, at, loud);
  if (any_near(legs, at) || !came_over(*this, at)) return 0;
  return take_back(*this, at, [](const DetectorSensor& s) { return s.finder.stream == Stream::load; });
}

std::optional<double> Detector::loudness(DeviceId device, const MovementSample& sample) const {
  const auto* load = std::get_if<LoadVariance>(&sample);
  if (!load || !(load->variance >= 0)) return std::nullopt;
  for (const DetectorSensor& s : sensors)
    if (s.device == device && s.finder.stream == Stream::load && load->variance != s.finder.said)  // else it is frozen
      return load->variance / s.finder.level_now();
  return std::nullopt;
}

void Detector::skip(DeviceId device, Instant at) {
  for (DetectorSensor& s : sensors)
    if (s.device == device) s.finder.skip(at);
}

std::optional<DetectorChange> Detector::tick(Instant now) {
  if (!ticked_since) ticked_since = now;
  const milliseconds passed = ticked && now - *ticked <= kStalled ? now - *ticked : 0ms;
  ticked = now;
  const bool open = gate(now) == Gate::open;
  if (in_bed != false) in_bed_tonight += passed, known_tonight += open ? passed : 0ms;
  if (open) learn_tick(*this, passed, now);
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
    while (!s.window.empty() && now - s.window.front().at >= kRemembered) s.window.pop_front();

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
    if (!s.window.empty() && is_witness(s, window(s), now) && enough(s, now_asked(*this, s), now)) s.crossed = now;

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
  for (const DetectorSensor& s : sensors)
    v.sensors.push_back(
        {s.device, s.name, shown(weight(*this, s, now)), need(s), window(s), is_witness(s, window(s), now)});
  if (const DetectorSensor* s = nearest(*this, now)) {
    v.count = shown(weight(*this, *s, now)), v.need = need(*s), v.usual_need = asked(*s).need, v.window = window(*s);
    v.index = std::min(100.0, 100.0 * weight(*this, *s, now) / v.need);
    v.nights = static_cast<std::int32_t>(s->baseline.nights.size());
    if (const auto usual = part ? s->baseline.usual_an_hour(*part) : std::nullopt)
      v.usual = *usual * static_cast<double>(v.window.count()) / 3600;
    v.text = sentence_of(*this, *s, now);
  }
  v.disagreement = disagreement_of(*this, now);
  if (restless) v.state = estimate_of(*this, now);
  v.heart_rate = heart.rate(now), v.heart_quiet = heart.resting(), v.heart_coverage = heart_coverage(heart);
  v.heart = heart_text(heart, now);
  if (in_bed_tonight > 0ms)
    v.coverage_tonight =
        100.0 * static_cast<double>(known_tonight.count()) / static_cast<double>(in_bed_tonight.count());
  if (!ticked_since) return v;
  const Instant from = std::max(*ticked_since, now - 1h);
  milliseconds known = now - from;
  for (const auto& [first, last] : gated)
    if (last > from) known -= last - std::max(first, from) + 1s, ++v.gaps;  // a closed tick stands for its second
  if (now > from)
    v.coverage_hour =
        100.0 * static_cast<double>(std::max(0ms, known).count()) / static_cast<double>((now - from).count());
  if (known < 5min) return v;
  std::int32_t n = 0;
  for (const Instant at : hour) n += at >= from;
  v.movements_per_hour = n * 3600.0 * 1000.0 / static_cast<double>(known.count());
  return v;
}

}  // namespace lull
