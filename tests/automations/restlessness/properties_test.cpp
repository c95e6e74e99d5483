// What must hold for any stream, not only for those that somebody thought of. RapidCheck makes them up and shrinks what
// fails; RC_PARAMS="seed=..." repeats a run.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <limits>

#include "measure.hpp"

namespace lull {
namespace {
using namespace measure;

struct Moment {
  int after = 1;    // seconds since the last one
  double loud = 0;  // against the level that counts
};
constexpr Stream kLevels[] = {Stream::counts, Stream::radar, Stream::load, Stream::acceleration};
double level_of(Stream stream) {
  return stream == Stream::counts ? 5 : stream == Stream::radar ? 18 : stream == Stream::load ? 0.05 : 15;
}
MovementSample sample(Stream stream, double loud) {
  const double value = loud * level_of(stream);
  switch (stream) {
    case Stream::counts: return Counts{static_cast<std::int32_t>(std::min(value, 2e9))};
    case Stream::radar: return RadarMovement{static_cast<std::int32_t>(std::min(value, 100.0))};
    case Stream::load: return LoadVariance{value};
    default: return LegAcceleration{value, 2 * value, 25};
  }
}
/// Seconds of stillness with kicks in between, as a sensor that reports each second tells them.
rc::Gen<std::vector<Moment>> a_night() {
  return rc::gen::container<std::vector<Moment>>(rc::gen::construct<Moment>(
      rc::gen::weightedOneOf<int>({{20, rc::gen::just(1)}, {1, rc::gen::inRange(2, 40)}}),
      rc::gen::weightedOneOf<double>(
          {{8, rc::gen::just(0.0)}, {2, rc::gen::map(rc::gen::inRange(20, 120), [](int v) { return v / 10.0; })}})));
}
rc::Gen<Stream> a_stream() { return rc::gen::elementOf(std::vector<Stream>(std::begin(kLevels), std::end(kLevels))); }

struct Heard {
  Detector detector;
  std::vector<Instant> movements, on;
};
Heard listen(Stream stream, const std::vector<Moment>& night, int from = 0) {
  Heard h{detector_for(stream, 1s, 0s), {}, {}};
  h.detector.has_presence = false;
  h.detector.clock(60);
  int t = from;
  for (const Moment& m : night) {
    for (int i = 0; i < m.after; ++i) {
      ++t;
      if (i + 1 == m.after)
        for (const Movement& found : h.detector.hear({0}, sample(stream, m.loud), at_second(t)))
          h.movements.push_back(found.at);
      if (const auto change = h.detector.tick(at_second(t)); change && change->restless) h.on.push_back(at_second(t));
    }
  }
  return h;
}

RC_GTEST_PROP(AnyStream, HeardTwiceGivesTheSame, ()) {
  const auto stream = *a_stream();
  const auto night = *a_night();
  RC_ASSERT(listen(stream, night).detector == listen(stream, night).detector);
}

RC_GTEST_PROP(AnyStream, SaysTheSameAtAnotherHour, ()) {
  const auto stream = *a_stream();
  const auto night = *a_night();
  const Heard now = listen(stream, night), later = listen(stream, night, 86'400);
  RC_ASSERT(now.on.size() == later.on.size() && now.movements.size() == later.movements.size());
  for (std::size_t i = 0; i < now.movements.size(); ++i) RC_ASSERT(later.movements[i] - now.movements[i] == 24h);
}

RC_GTEST_PROP(AnyStream, HasNoMovementWhereTheSensorSaidNothingLoud, ()) {
  const auto stream = *a_stream();
  const auto night = *a_night();
  std::vector<Instant> loud;
  int t = 0;
  for (const Moment& m : night) {
    t += m.after;
    if (m.loud >= 1) loud.push_back(at_second(t));
  }
  for (const Instant at : listen(stream, night).movements)
    RC_ASSERT(std::find(loud.begin(), loud.end(), at) != loud.end());
}

RC_GTEST_PROP(AGap, NeverMakesAMovement, ()) {
  const auto stream = *a_stream();
  auto night = *a_night();
  const auto whole = listen(stream, night).movements.size();
  const auto from = *rc::gen::inRange<std::size_t>(0, night.size() + 1);
  const auto length = *rc::gen::inRange<std::size_t>(0, night.size() - from + 1);
  std::vector<Moment> holed;
  int silent = 0;
  for (std::size_t i = 0; i < night.size(); ++i) {
    if (i >= from && i < from + length) {
      silent += night[i].after;
    } else {
      holed.push_back({night[i].after + std::exchange(silent, 0), night[i].loud});
    }
  }
  // One movement that went on through the gap may be told as two; nothing else may be added.
  RC_ASSERT(listen(stream, holed).movements.size() <= whole + 1);
}

RC_GTEST_PROP(Doubled, SamplesAddNothing, ()) {
  const auto stream = *a_stream();
  const auto night = *a_night();
  Detector once = detector_for(stream, 1s, 0s), twice = once;
  once.has_presence = twice.has_presence = false;
  std::size_t first = 0, second = 0;
  int t = 0;
  for (const Moment& m : night) {
    t += m.after;
    first += once.hear({0}, sample(stream, m.loud), at_second(t)).size();
    second += twice.hear({0}, sample(stream, m.loud), at_second(t)).size();
    second += twice.hear({0}, sample(stream, m.loud), at_second(t)).size();
    once.tick(at_second(t)), twice.tick(at_second(t));
  }
  RC_ASSERT(second <= first);
}

RC_GTEST_PROP(Louder, MovementsAreNoFewer, ()) {
  const auto night = *a_night();
  auto louder = night;
  const double by = *rc::gen::inRange(1, 20);
  for (Moment& m : louder) m.loud *= by;
  RC_ASSERT(listen(Stream::load, louder).movements.size() == listen(Stream::load, night).movements.size());
}

RC_GTEST_PROP(Noise, BelowTheLevelIsNoMovement, ()) {
  const auto stream = *a_stream();
  const auto seconds_of = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 95));
  std::vector<Moment> night;
  for (const int v : seconds_of) night.push_back({1, v / 100.0});
  RC_ASSERT(listen(stream, night).movements.empty());
}

RC_GTEST_PROP(Nonsense, IsNeverAMovementAndNeverTakesTheDetectorOutOfItsBounds, ()) {
  const auto seed = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 14));
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN(), kInf = std::numeric_limits<double>::infinity();
  constexpr auto kMost = std::numeric_limits<std::int32_t>::max();
  Detector d;
  d.has_presence = false;
  for (std::uint16_t i = 0; i < 4; ++i) {
    d.sensors.push_back(detector_for(kLevels[i], 1s, 0s).sensors[0]);
    d.sensors.back().device = {i};
  }
  int t = 1000;
  std::size_t found = 0;
  for (const int what : seed) {
    const Instant at = at_second(what == 13 ? --t : t += what == 12 ? 5000 : 1);
    const float nan = static_cast<float>(kNan);
    const MovementSample nonsense[] = {Counts{kMost},
                                       Counts{-1},
                                       Counts{2'000'000},
                                       RadarMovement{kMost},
                                       RadarMovement{-5},
                                       RadarMovement{101},
                                       LoadVariance{kNan},
                                       LoadVariance{kInf},
                                       LoadVariance{-1},
                                       LegAcceleration{kNan, 1, 25},
                                       LegAcceleration{1e9, 1e9, 25},
                                       LegAcceleration{20, 20, -1},
                                       RawAcceleration{kNan, {{nan, nan, nan}}},
                                       RawAcceleration{1e9, {{1, 1, 1}}}};
    for (std::uint16_t i = 0; i < 4; ++i) found += d.hear({i}, nonsense[what], at).size();
    RC_ASSERT(!d.tick(at));
  }
  RC_ASSERT(found == 0u);
}

RC_GTEST_PROP(ASaturatedSensor, IsNeverAnEpisode, ()) {
  const auto stream = *a_stream();
  const int stuck = *rc::gen::inRange(400, 2000);
  std::vector<Moment> night(static_cast<std::size_t>(stuck), {1, 100.0});
  RC_ASSERT(listen(stream, night).on.empty());
  RC_ASSERT(listen(stream, night).movements.size() <= 4u);  // people pause, what is stuck does not
}

RC_GTEST_PROP(AnyBaseline, SurvivesARestartEqualAndStaysSmall, ()) {
  Detector d = detector_for(Stream::counts, 1s, 0s);
  const int nights = *rc::gen::inRange(0, 40);
  for (int n = 0; n < nights; ++n) {
    for (QuietTime& q : d.sensors[0].baseline.tonight.parts) {
      q.seconds = *rc::gen::inRange(0, 20'000), q.movements = *rc::gen::inRange(0, 300);
      q.near = *rc::gen::inRange(0, 30), q.fired = *rc::gen::inRange(0, 10);
    }
    d.end_night();
  }
  const Baseline& b = d.sensors[0].baseline;
  RC_ASSERT(b.nights.size() <= Baseline::kMostNights);
  for (const std::int32_t raise : b.raise) RC_ASSERT(raise >= 0 && raise <= Baseline::kMostRaised);
  Detector again = detector_for(Stream::counts, 1s, 0s);
  again.restore(d.learned("n"), "n");
  RC_ASSERT(again.sensors[0].baseline == b);
}

}  // namespace
}  // namespace lull
