// What noticing restless legs costs: nanoseconds a sample and a tick, and the memory that one sleeper takes.
#include <benchmark/benchmark.h>

#include "automations/restlessness/detector.hpp"
#include "automations/restlessness/scoring/rule.hpp"
#include "bench/bedroom.hpp"

namespace lull::bench {
namespace {

Detector detector_of(Stream stream, seconds hold_off = 0s) {
  Device device;
  device.id = device.name = "sensor", device.kind = Kind::movement, device.stream = stream, device.epoch = 1s,
  device.hold_off = hold_off;
  Detector d;
  d.sensors.push_back(sensor_for(DeviceId{0}, device));
  d.clock(60);
  return d;
}
MovementSample sample(Stream stream, bool loud) {
  switch (stream) {
    case Stream::counts: return Counts{loud ? 60 : 0};
    case Stream::radar: return RadarMovement{loud ? 55 : 2};
    case Stream::load: return LoadVariance{loud ? 1.4 : 0.012};
    case Stream::raw: return RawAcceleration{25, std::vector<std::array<float, 3>>(25, {0, loud ? 90.F : 1.F, 1000})};
    default: return LegAcceleration{loud ? 90.0 : 1.5, 200.0, 25};
  }
}

/// A restless hour: a kick of two seconds each half minute.
void hear_sample(benchmark::State& state, Stream stream) {
  Detector d = detector_of(stream);
  const MovementSample quiet = sample(stream, false), loud = sample(stream, true);
  std::int64_t t = 3600;
  for (auto _ : state) {
    ++t;
    benchmark::DoNotOptimize(d.hear(DeviceId{0}, t % 30 < 2 ? loud : quiet, Instant{seconds{t}}));
    if (t % 60 == 0) d.tick(Instant{seconds{t}});
  }
}
BENCHMARK_CAPTURE(hear_sample, counts, Stream::counts);
BENCHMARK_CAPTURE(hear_sample, radar, Stream::radar);
BENCHMARK_CAPTURE(hear_sample, load, Stream::load);
BENCHMARK_CAPTURE(hear_sample, acceleration, Stream::acceleration);
BENCHMARK_CAPTURE(hear_sample, raw_25hz, Stream::raw);

/// One epoch of a recording in, one verdict out, as `lull score` and a live night do it.
void score_epoch(benchmark::State& state, const scoring::Rule& rule) {
  scoring::EpochScorer scorer(rule);
  std::int32_t t = 0;
  for (auto _ : state) benchmark::DoNotOptimize(scorer.push(++t % 7 == 0 ? 60 + t % 300 : 0));
}
BENCHMARK_CAPTURE(score_epoch, sadeh, scoring::sadeh());
BENCHMARK_CAPTURE(score_epoch, cole_kripke, scoring::cole_kripke());
BENCHMARK_CAPTURE(score_epoch, oakley_60s, *scoring::oakley(60s));

void tick(benchmark::State& state, bool restless) {
  Detector d = detector_of(Stream::acceleration);
  std::int64_t t = 3600;
  for (auto _ : state) {
    ++t;
    if (restless && t % 30 == 0) d.hear(DeviceId{0}, sample(Stream::acceleration, true), Instant{seconds{t}});
    if (t % 10 == 0) d.hear(DeviceId{0}, sample(Stream::acceleration, false), Instant{seconds{t}});
    benchmark::DoNotOptimize(d.tick(Instant{seconds{t}}));
  }
}
BENCHMARK_CAPTURE(tick, quiet, false);
BENCHMARK_CAPTURE(tick, restless, true);

void view_of(benchmark::State& state) {
  Detector d = detector_of(Stream::acceleration);
  for (std::int64_t t = 3600; t < 4200; ++t) {
    d.hear(DeviceId{0}, sample(Stream::acceleration, t % 30 < 2), Instant{seconds{t}});
    d.tick(Instant{seconds{t}});
  }
  for (auto _ : state) benchmark::DoNotOptimize(d.view(Instant{4200s}));
}
BENCHMARK(view_of);

/// What a sleeper with one sensor holds after a busy night and fourteen that were learned, in bytes.
void memory_of_a_sleeper(benchmark::State& state, Stream stream) {
  Detector d = detector_of(stream);
  for (int night = 0; night < 14; ++night) {
    d.sensors[0].baseline.tonight.parts[1] = {4 * 3600, 60, 1, 0, {}};
    d.end_night();
  }
  std::int64_t t = 3600;
  for (; t < 3600 + 4 * 3600; ++t) {
    d.hear(DeviceId{0}, sample(stream, t % 10 < 2), Instant{seconds{t}});
    d.tick(Instant{seconds{t}});
  }
  for (auto _ : state) benchmark::DoNotOptimize(d);
  const DetectorSensor& s = d.sensors[0];
  const std::size_t bytes = sizeof(Detector) + sizeof(DetectorSensor) + s.window.size() * sizeof(Movement) +
                            d.hour.size() * sizeof(Instant) + d.gated.size() * sizeof(d.gated[0]) +
                            s.finder.floor.blocks.capacity() * sizeof(float) +
                            s.finder.recent.capacity() * sizeof(s.finder.recent[0]) +
                            s.finder.squares.capacity() * sizeof(float) + s.baseline.nights.size() * sizeof(QuietNight);
  state.counters["bytes"] = static_cast<double>(bytes);
}
BENCHMARK_CAPTURE(memory_of_a_sleeper, acceleration, Stream::acceleration);
BENCHMARK_CAPTURE(memory_of_a_sleeper, raw_25hz, Stream::raw);

}  // namespace
}  // namespace lull::bench
