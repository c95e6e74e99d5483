// Layer 1: what counts as a movement in each stream (docs/RESTLESSNESS.md, "What a movement is").
#include "automations/restlessness/finder.hpp"

#include <algorithm>
#include <cmath>
#include <variant>

namespace lull {
namespace {

constexpr milliseconds kOneMovement = 6s;  // closer than this is the same movement
constexpr milliseconds kGoesOn = 30s;      // one that goes on without a pause counts again after this long ...
constexpr std::int32_t kMostTold = 3;      // ... twice and no more: people pause, pumps and fans do not
constexpr milliseconds kNewFloor = 10min;  // and what never paused for this long is the sensor's new silence
constexpr std::size_t kBlocks = 60;        // 10 min of blocks of 10 s
constexpr std::int32_t kSameCounts = 3;    // whole numbers may come again by chance; three times in a row they do not
constexpr double kAbsurd = 1e6;            // no activity count, load or acceleration of a sleeper is larger

bool sane(double value) { return value >= 0 && value <= kAbsurd; }  // phrased so that NaN fails it
bool is_slow(Stream stream, seconds epoch) { return stream == Stream::counts && epoch > 15s; }
double strength(double value, double level) { return value / (value + 4 * level); }

double default_level(Stream stream, seconds epoch) {
  switch (stream) {
    case Stream::counts: return epoch > 15s ? 40 : 5;  // 40 a minute on the Actiwatch scale
    case Stream::radar: return 18;
    case Stream::load: return 0.05;        // kg^2
    case Stream::acceleration: return 15;  // milli-g: where our anklet itself begins to report each second
    case Stream::raw: return 4;            // milli-g, on the vector's quarter-second RMS: twice a cheap chip's noise
    default: return 1;
  }
}

}  // namespace

void QuietFloor::add(double value, std::int32_t samples_a_block) {
  sum += value;
  if (++samples < samples_a_block) return;
  const float mean = static_cast<float>(sum / samples);
  sum = 0, samples = 0;
  if (blocks.size() < kBlocks) {
    if (blocks.empty()) blocks.reserve(kBlocks);
    blocks.push_back(mean);
  } else {
    blocks[static_cast<std::size_t>(next)] = mean;
    next = (next + 1) % static_cast<std::int32_t>(kBlocks);
  }
  std::array<float, kBlocks> sorted{};  // on the stack: a quiet night allocates nothing
  const auto end = std::copy(blocks.begin(), blocks.end(), sorted.begin());
  const auto middle = sorted.begin() + (end - sorted.begin()) / 2;
  std::nth_element(sorted.begin(), middle, end);
  median = static_cast<double>(*middle);
}

MovementFinder::MovementFinder(Stream s, seconds e, seconds h, double l)
    : stream(s), epoch(std::clamp<seconds>(e, 1s, 1h)), hold_off(std::clamp<seconds>(h, 0s, 1h)), level(l) {
  if (!(level > 0 && level <= kAbsurd)) level = 0;
  if (stream == Stream::vibration && hold_off == 0s) hold_off = 65s;  // the common model's, when nobody said
}

double MovementFinder::level_now() const {
  const double fixed = level > 0 ? level : default_level(stream, epoch);
  switch (stream) {
    case Stream::counts: return is_slow(stream, epoch) ? fixed : std::max(fixed, 6 * floor.median);
    case Stream::load:
    case Stream::acceleration: return std::max(fixed, 6 * floor.median);
    case Stream::raw: return std::max(fixed, 4 * floor.median);
    default: return fixed;
  }
}

Instant MovementFinder::start_of(const MovementSample& sample, Instant at) const {
  if (std::holds_alternative<Counts>(sample)) return at - epoch;
  if (const auto* raw = std::get_if<RawAcceleration>(&sample))
    return raw->rate_hz >= 5 && raw->mg.size() <= kMaxRawSamples
               ? at - milliseconds{std::llround(1000.0 * static_cast<double>(raw->mg.size()) / raw->rate_hz)}
               : at;
  return std::holds_alternative<Vibration>(sample) ? at : at - 1s;
}

bool MovementFinder::is_stale(Instant now) const {
  if (stream == Stream::vibration) return false;
  if (!last_heard) return true;
  // Radars speak on change and our anklet every 10 s when still, so "usual" is never shorter than that.
  const seconds usual = stream == Stream::radar ? 60s : stream == Stream::acceleration ? 10s : 5s;
  return now - *last_heard > 3 * std::max(epoch, usual);
}

void MovementFinder::skip(Instant at) {
  if (!last_heard || at > *last_heard) last_heard = at;
  moving_since.reset(), moving_until.reset();
  told = 0, above = false;
  minute_sum = 0, minute_heard = 0s;
  raw_on.reset(), raw_loud.reset();
  recent.clear(), squares.clear();
  recent_next = squares_next = 0;
}

std::vector<Movement> MovementFinder::hear(const MovementSample& sample, Instant at) {
  std::vector<Movement> found;  // empty costs nothing
  if (last_heard && at < *last_heard) {
    if (*last_heard - at > epoch) return found;  // late: its moment was judged without it
    at = *last_heard;
  }
  const auto heard = last_heard;
  const auto frozen = [&](double value) {
    if (!is_frozen(value)) return false;
    if (moving_until) moving_until = at;  // what shakes evenly goes on: it has not paused, and is no movement anew
    return true;
  };
  if (const auto* counts = std::get_if<Counts>(&sample); counts && stream == Stream::counts) {
    if (counts->count < 0 || counts->count > kAbsurd) return found;
    if (!is_slow(stream, epoch)) {
      hear_level(counts->count, at, found);
    } else {
      if (heard && at - *heard < epoch / 2) return found;  // doubled: an epoch cannot end twice in half its length
      if (frozen(counts->count)) return found;
      if (heard && at - *heard > 3 * epoch / 2) minute_sum = 0, minute_heard = 0s;  // an epoch is missing, not zero
      minute_sum += counts->count, minute_heard += epoch;
      if (minute_heard >= 60s) {
        if (minute_sum >= level_now()) moves(at, minute_sum, level_now(), kOneMovement, found);
        minute_sum = 0, minute_heard = 0s;
      }
    }
  } else if (std::holds_alternative<Vibration>(sample) && stream == Stream::vibration) {
    // Each report says "at least one movement since the last". Reports closer than the hold-off allows are one,
    // doubled or resent on the radio; a quick sensor's reports of one long turn are one as well.
    const milliseconds apart = std::max<milliseconds>(kOneMovement, hold_off * 8 / 10);
    if (hold_off <= 6s) {
      moves(at, 1, 0.25, kOneMovement, found);
    } else if (!moving_since || at - *moving_since >= apart) {
      moving_since = moving_until = at;
      found.push_back({at, 0.5});  // it cannot say how strong
    }
  } else if (const auto* radar = std::get_if<RadarMovement>(&sample); radar && stream == Stream::radar) {
    if (radar->level < 0 || radar->level > 100) return found;
    const double rising = level_now();
    // Still above means still the same movement, however seldom it reports; unless its falling was lost on the way.
    const milliseconds pause = above ? 60s : kOneMovement;
    above = above ? radar->level > rising / 2 : radar->level >= rising;
    if (above) moves(at, radar->level, rising, pause, found);
  } else if (const auto* load = std::get_if<LoadVariance>(&sample); load && stream == Stream::load) {
    if (!sane(load->variance) || frozen(load->variance)) return found;
    hear_level(load->variance, at, found);
  } else if (const auto* leg = std::get_if<LegAcceleration>(&sample); leg && stream == Stream::acceleration) {
    if (!sane(leg->rms_mg) || !sane(leg->peak_mg) || leg->samples < 0 || frozen(leg->rms_mg)) return found;
    hear_level(leg->rms_mg, at, found);
  } else if (const auto* raw = std::get_if<RawAcceleration>(&sample); raw && stream == Stream::raw) {
    hear_raw(*raw, at, found);
    return found;  // it keeps last_heard itself: only samples that made sense count as heard
  } else {
    return found;
  }
  last_heard = at;
  return found;
}

/// What moves never says the same number again. A sensor that is stuck at a loud one would else make a movement of each
/// sign of life; as it is, it soon counts as silent.
bool MovementFinder::is_frozen(double value) {
  again = value >= level_now() && value == said ? again + 1 : 0;
  said = value >= level_now() ? value : 0;
  return again > (stream == Stream::counts ? kSameCounts - 1 : 0);
}

void MovementFinder::hear_level(double value, Instant at, std::vector<Movement>& found) {
  const double over = level_now();
  if (value >= over) {
    moves(at, value, over, epoch > kOneMovement ? epoch * 3 / 2 : kOneMovement, found);
    // A mattress was turned, a fan was put beside the bed: without this the sensor would be deaf for ever.
    if (at - *moving_since < kNewFloor) return;
    if (at - *moving_since < kNewFloor + epoch) floor = QuietFloor{};
  }
  floor.add(value, std::max<std::int32_t>(1, static_cast<std::int32_t>(10s / epoch)));
}

void MovementFinder::moves(Instant at, double value, double over, milliseconds pause, std::vector<Movement>& found) {
  const bool is_new = !moving_until || at - *moving_until >= pause;
  if (is_new) {
    moving_since = at;
    told = 0;
  }
  moving_until = at;
  if (!is_new && (told >= kMostTold || at - *moving_since < told * kGoesOn)) return;
  ++told;
  found.push_back({at, strength(value, over)});
}

void MovementFinder::hear_raw(const RawAcceleration& raw, Instant at, std::vector<Movement>& found) {
  if (!(raw.rate_hz >= 5 && raw.rate_hz <= 100) || raw.mg.empty() || raw.mg.size() > kMaxRawSamples) return;
  const auto two_seconds = static_cast<std::size_t>(std::lround(2 * raw.rate_hz));
  const auto quarter = static_cast<std::size_t>(std::max(1L, std::lround(0.24 * raw.rate_hz)));
  if (last_heard && start_of(raw, at) - *last_heard > 2s) skip(at), last_heard.reset();          // a hole: begin anew
  if (recent.size() > two_seconds || squares.size() > quarter) recent.clear(), squares.clear();  // the rate changed
  const auto put = [](auto& ring, std::int32_t& next, auto value, std::size_t most) {
    if (ring.size() < most) {
      if (ring.empty()) ring.reserve(most), next = 0;
      ring.push_back(value);
    } else {
      ring[static_cast<std::size_t>(next)] = value;
      next = (next + 1) % static_cast<std::int32_t>(most);
    }
  };
  for (std::size_t i = 0; i < raw.mg.size(); ++i) {
    const auto back = static_cast<double>(raw.mg.size() - 1 - i) / raw.rate_hz;
    const Instant then = at - milliseconds{std::llround(1000 * back)};
    if (last_heard && then <= *last_heard) continue;  // doubled or overlapping
    const auto& mg = raw.mg[i];
    if (!std::all_of(mg.begin(), mg.end(), [](float v) { return v >= -32000 && v <= 32000; })) continue;  // 32 g
    last_heard = then;
    put(recent, recent_next, mg, two_seconds);
    std::array<double, 3> mean{};
    for (const auto& sample : recent)
      for (std::size_t axis = 0; axis < 3; ++axis) mean[axis] += static_cast<double>(sample[axis]);
    double square = 0;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const double off = static_cast<double>(mg[axis]) - mean[axis] / static_cast<double>(recent.size());
      square += off * off;
    }
    put(squares, squares_next, static_cast<float>(square), quarter);
    if (recent.size() < two_seconds / 2) continue;  // the mean is not worth subtracting yet
    double total = 0;
    for (const float s : squares) total += static_cast<double>(s);
    const double rms = std::sqrt(total / static_cast<double>(squares.size()));

    if (floor.median == 0) {  // the first seconds only teach; a leg that moved in them is outvoted within a minute
      floor.add(rms, static_cast<std::int32_t>(two_seconds));
      continue;
    }
    const double on = level_now();
    if (!above && rms >= on) above = true, raw_on = raw_loud = then;
    if (!above) {
      floor.add(rms, static_cast<std::int32_t>(std::lround(10 * raw.rate_hz)));
      continue;
    }
    if (rms >= on / 2) raw_loud = then;
    if (then - *raw_loud >= 500ms) {
      above = false;
      continue;
    }
    if (*raw_loud - *raw_on < 500ms) continue;  // shorter than a leg movement is
    const bool begins = !moving_until || *raw_on - *moving_until >= kOneMovement;
    std::vector<Movement> now;
    moves(begins ? *raw_on : then, rms, on, kOneMovement, now);
    moving_until = then;
    for (const Movement& m : now) found.push_back(m);
    if (then - *raw_on >= kNewFloor) floor = QuietFloor{}, floor.median = rms, above = false;
  }
}

}  // namespace lull
