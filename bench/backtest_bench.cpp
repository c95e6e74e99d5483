// What a night costs that is tried under other settings: the core, the room that obeys, and the report of it.
#include <benchmark/benchmark.h>

#include "automations/backtest/outcome.hpp"
#include "automations/backtest/world.hpp"
#include "bench/bedroom.hpp"

namespace lull::bench {
namespace {

/// 22:00 to 07:00, an anklet that speaks each second, and two restless quarters of an hour.
void night(benchmark::State& state, const char* file) {
  House named = house_of(file);
  for (Device& device : named.devices) device.id = device.name;
  const auto house = std::make_shared<const House>(std::move(named));
  std::optional<DeviceId> ankle, bed;
  for (std::uint16_t i = 0; i < house->devices.size(); ++i) {
    if (!ankle && house->devices[i].name == "Ana's ankle") ankle = DeviceId{i};
    if (!bed && house->devices[i].kind == Kind::presence) bed = DeviceId{i};
  }
  const milliseconds noon{1795258800000};  // 2026-11-21 12:00 in Berlin
  std::size_t sessions = 0;
  for (auto _ : state) {
    backtest::World world(house);
    world.starts();
    Instant now{10h};
    const auto tell = [&](News news) { world.hears({now, std::move(news)}); };
    tell(ClockSet{noon});
    tell(Started{});
    tell(LinkChanged{true});
    if (bed) tell(OccupancyReported{*bed, true});
    for (int second = 0; second < 9 * 3600; ++second) {
      const bool restless = second / 900 == 14 || second / 900 == 24;
      const bool kick = restless ? second % 20 == 0 : second % 1200 == 0;
      if (ankle) tell(MovementReported{*ankle, LegAcceleration{kick ? 90.0 : 3.0, kick ? 200.0 : 6.0, 25}});
      now = now + 1s;
      tell(Tick{});
    }
    const auto figures = backtest::night_of_report(report_of(*house, "2026-11-21", world.take_records()), *house);
    sessions += figures.sessions.size();
  }
  if (sessions == 0) return state.SkipWithError("no session would have been, so this times too little");
  state.counters["nights_per_second"] =
      benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
  state.counters["sessions"] = static_cast<double>(sessions) / static_cast<double>(state.iterations());
}
BENCHMARK_CAPTURE(night, ten_devices, "ten.yaml")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(night, fifty_devices, "fifty.yaml")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace lull::bench
