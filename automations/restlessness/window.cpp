// The tally of a window: how much movement it holds, and whether that is enough.
#include "automations/restlessness/window.hpp"

#include <algorithm>
#include <cmath>

namespace lull {
namespace {

/// Of epochs above 6 s the moment of a movement is known to an epoch only, and two neighbours are one movement. What
/// this takes from a window of six at the pace that is asked for, in movements: docs/RESTLESSNESS.md, "Counts of 10 s".
double lost_to_epochs(const MovementFinder& f) {
  return f.stream == Stream::counts && f.epoch > 6s && !is_slow(f) ? 0.25 : 0;
}

}  // namespace

bool is_slow(const MovementFinder& f) { return f.epoch > 15s && f.stream != Stream::vibration; }
bool is_deaf(const MovementFinder& f) { return f.stream == Stream::vibration && f.hold_off > 10s; }
seconds one_more_of(const MovementFinder& f) { return f.hold_off + 60s; }
bool is_worn(Stream stream) {
  return stream == Stream::acceleration || stream == Stream::raw || stream == Stream::counts;
}
seconds pace_of(const MovementFinder& f) {
  if (f.stream == Stream::vibration) return std::max(seconds{6}, f.hold_off);
  return is_slow(f) ? std::max(seconds{60}, f.epoch) : std::max(seconds{6}, f.epoch);
}

bool is_witness(const DetectorSensor& s, seconds window, Instant now) {
  if (s.finder.stream == Stream::vibration) return s.finder.last_heard && now - *s.finder.last_heard < window;
  return !s.finder.is_stale(now);
}

milliseconds whole_after(const Threshold& asked) {
  // With a need of two the span that is asked for anyway: a third of the window.
  return std::min(milliseconds{asked.window} / (2 * std::max(1, asked.need - 1)), milliseconds{asked.window} / 3);
}

Tally tally(const DetectorSensor& s, milliseconds whole, milliseconds window, Instant now) {
  Tally t;
  for (std::size_t i = s.window.size(); i-- > 0;) {
    const Instant at = s.window[i].at;
    if (now - at >= window) break;
    const milliseconds since = i == 0 ? whole : at - s.window[i - 1].at;
    t.weight += since >= whole ? 1.0 : static_cast<double>(since.count()) / static_cast<double>(whole.count());
    ++t.movements;
    t.first = at;
    if (!t.last) t.last = at;
  }
  return t;
}

std::int32_t shown(double weight) { return static_cast<std::int32_t>(std::floor(weight + 1e-9)); }

std::optional<Enough> enough(const DetectorSensor& s, const Threshold& asked, Instant now) {
  if (s.window.empty()) return std::nullopt;
  const milliseconds whole = whole_after(asked);
  const auto has = [&](double need, milliseconds window) -> std::optional<Enough> {
    const Tally is = tally(s, whole, window, now);
    const bool spans = is.first && *is.last - *is.first >= window / 3;  // one long turn is over in a minute
    return is.weight >= need - 1e-9 && spans ? std::optional(Enough{is.weight, need, window}) : std::nullopt;
  };
  const double need = asked.need - lost_to_epochs(s.finder);
  if (const auto in_all = has(need, asked.window)) return in_all;
  for (std::int32_t more = 1; is_deaf(s.finder) && more <= 2; ++more) {
    const milliseconds span = asked.window + more * one_more_of(s.finder);
    if (const auto is = tally(s, whole, span, now).movements; is >= asked.need + more)
      return Enough{static_cast<double>(is), static_cast<double>(asked.need + more), span};
  }
  if (pace_of(s.finder) > 10s) return std::nullopt;  // a slow sensor's movements come one by one: nothing lies between
  return has(need - asked.need / 12.0, milliseconds{asked.window} * 3 / 4);
}

}  // namespace lull
