// What one step of the core costs, in time and in allocations. Each figure is per event.
#include <benchmark/benchmark.h>
#include <time.h>

#include <algorithm>
#include <string>

#include "automations/record.hpp"
#include "bench/bedroom.hpp"

namespace lull::bench {
namespace {

/// Seconds of this thread's CPU, for a machine that builds at the same time takes us off it in the middle.
double cpu() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

/// Times `work` on a fresh copy of `start`. The figures are per event that `work` told.
template <class Work>
void per_event(benchmark::State& state, const Bedroom& start, Work work) {
  std::uint64_t asked = 0;
  std::int64_t events = 0;
  double spent = 0;
  for (auto _ : state) {
    Bedroom room(start);
    const std::uint64_t before = allocations();
    const double begin = cpu();
    work(room);
    const double took = cpu() - begin;
    asked += allocations() - before;
    events += room.events();
    spent += took;
    state.SetIterationTime(took);
  }
  state.counters["events"] = static_cast<double>(events) / static_cast<double>(state.iterations());
  state.counters["ns_per_event"] = spent * 1e9 / static_cast<double>(events);
  state.counters["allocations_per_event"] = static_cast<double>(asked) / static_cast<double>(events);
}

void quiet_tick(benchmark::State& state, const char* file) {
  const Bedroom start(file);
  per_event(state, start, [](Bedroom& room) { room.passes(10min); });
}
BENCHMARK_CAPTURE(quiet_tick, ten_devices, "ten.yaml")->UseManualTime()->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(quiet_tick, fifty_devices, "fifty.yaml")->UseManualTime()->Unit(benchmark::kMicrosecond);

void movement_sample(benchmark::State& state) {
  const Bedroom start("fifty.yaml");
  const DeviceId ankle = start.device("Ana's ankle");
  per_event(state, start, [&](Bedroom& room) {
    for (int i = 0; i < 100; ++i) room.tell(MovementReported{ankle, LegAcceleration{12.0, 20.0, 25}});
  });
}
BENCHMARK(movement_sample)->UseManualTime()->Unit(benchmark::kMicrosecond);

void actuator_reported(benchmark::State& state) {
  const Bedroom start("fifty.yaml");
  const DeviceId warmer = start.device("Foot warmer");
  per_event(state, start, [&](Bedroom& room) {
    for (int i = 0; i < 100; ++i) room.tell(ActuatorReported{warmer, false, 0_pct, {}, {}, false});
  });
}
BENCHMARK(actuator_reported)->UseManualTime()->Unit(benchmark::kMicrosecond);

Bedroom winding_down(const char* file) {
  Bedroom room(file);
  room.tell(Asked{Door::page, ask::Play{"wind-down"}});
  room.answer();
  room.passes(12min);
  return room;
}

void stop(benchmark::State& state) {
  const Bedroom start = winding_down("fifty.yaml");
  if (!start.runs("Leg massage")) return state.SkipWithError("the massage does not run, so this would time nothing");
  per_event(state, start, [](Bedroom& room) { room.tell(Asked{Door::mqtt, ask::StopAll{}}); });
}
BENCHMARK(stop)->UseManualTime()->Unit(benchmark::kMicrosecond);

void tick_in_wind_down(benchmark::State& state) {
  const Bedroom start = winding_down("fifty.yaml");
  if (!start.runs("Leg massage")) return state.SkipWithError("the massage does not run, so this would time nothing");
  per_event(state, start, [](Bedroom& room) { room.passes(10min); });
}
BENCHMARK(tick_in_wind_down)->UseManualTime()->Unit(benchmark::kMicrosecond);

/// A hospital's worth: a thousand massage pads that run, each on a lease of its own that is renewed in time. A house
/// has 128 devices at most; what is measured is whether the cost of a lease stays what it is.
void tick_with_a_thousand_leases(benchmark::State& state) {
  House house = house_of("fifty.yaml");
  const Device pad = *std::find_if(house.devices.begin(), house.devices.end(),
                                   [](const Device& d) { return d.name == "Leg massage"; });
  house.devices.clear();
  house.routines.clear();
  house.rules.clear();
  house.replay_routine.reset();
  for (int i = 0; i < 1000; ++i) {
    house.devices.push_back(pad);
    house.devices.back().name = "Pad " + std::to_string(i);
  }
  Bedroom start(std::move(house));
  for (std::uint16_t i = 0; i < 1000; ++i) {
    start.tell(Asked{Door::page, ask::SetDevice{DeviceId{i}, 40_pct, "", 20min}});
    start.answer();
  }
  start.passes(1min);
  if (!start.runs("Pad 999")) return state.SkipWithError("the last pad does not run, so this would time nothing");
  std::int64_t renewed = 0;
  per_event(state, start, [&](Bedroom& room) {
    const std::int64_t before = room.events();
    room.passes(10min);
    renewed = room.events() - before - 600;
  });
  state.counters["answers"] = static_cast<double>(renewed);  // of pads whose lease was renewed
}
BENCHMARK(tick_with_a_thousand_leases)->UseManualTime()->Unit(benchmark::kMillisecond);

/// 22:00 to 10:00: the wind-down of 22:30, an anklet that speaks once a second, and two restless quarters of an hour.
void whole_night(benchmark::State& state, const char* file) {
  const Bedroom start(file);
  const DeviceId ankle = start.device("Ana's ankle");
  std::int64_t commands = 0;
  per_event(state, start, [&](Bedroom& room) {
    for (int second = 0; second < 12 * 3600; ++second) {
      const bool restless = second / 900 == 14 || second / 900 == 24;
      const bool kick = restless ? second % 20 == 0 : second % 1200 == 0;
      room.tell(MovementReported{ankle, LegAcceleration{kick ? 90.0 : 3.0, kick ? 200.0 : 6.0, 25}});
      room.tick();
    }
    for (const RuleState& rule : room.hub().rules) commands += rule.used.times;
  });
  state.counters["plays"] = static_cast<double>(commands) / static_cast<double>(state.iterations());
}
BENCHMARK_CAPTURE(whole_night, ten_devices, "ten.yaml")->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(whole_night, fifty_devices, "fifty.yaml")->UseManualTime()->Unit(benchmark::kMillisecond);

// ---- parts of it --------------------------------------------------------------------------------------------------

template <class Work>
void per_call(benchmark::State& state, Work work) {
  const std::uint64_t before = allocations();
  for (auto _ : state) work();
  state.counters["allocations"] = static_cast<double>(allocations() - before) / static_cast<double>(state.iterations());
}

void to_text_of(benchmark::State& state, const News& news) {
  const Event event{Instant{12345678ms}, news};
  per_call(state, [&] { benchmark::DoNotOptimize(to_text(event)); });
}
BENCHMARK_CAPTURE(to_text_of, tick, Tick{});
BENCHMARK_CAPTURE(to_text_of, movement, MovementReported{DeviceId{5}, LegAcceleration{3.25, 11.5, 25}});
BENCHMARK_CAPTURE(to_text_of, actuator, ActuatorReported{DeviceId{2}, true, 40_pct, {}, 300s, true});

void to_text_of_decision(benchmark::State& state) {
  const Effect effect{Decision{Decision::Outcome::did_not, "rule Restless at night",
                               "Ana's ankle 4 of 7 movements in 5 min; 22:41 is not between 23:00 and 06:30"}};
  per_call(state, [&] { benchmark::DoNotOptimize(to_text(effect)); });
}
BENCHMARK(to_text_of_decision);

void detector_tick(benchmark::State& state) {
  const Bedroom room("ten.yaml");
  Detector detector = room.hub().sleepers[0].detector;
  const DeviceId ankle = room.device("Ana's ankle");
  Instant now = room.now();
  std::int64_t second = 0;
  per_call(state, [&] {
    now = now + 1s;
    const bool kick = ++second % 40 == 0;
    detector.hear(ankle, LegAcceleration{kick ? 90.0 : 3.0, kick ? 200.0 : 6.0, 25}, now);
    benchmark::DoNotOptimize(detector.tick(now));
  });
}
BENCHMARK(detector_tick);

}  // namespace
}  // namespace lull::bench
