// What it costs to hear a message of a device, and to say a command.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "bench/bedroom.hpp"
#include "devices/dialects/dialect.hpp"

namespace lull::bench {
namespace {

template <class Work>
void per_call(benchmark::State& state, Work work) {
  const std::uint64_t before = allocations();
  for (auto _ : state) work();
  state.counters["allocations"] = static_cast<double>(allocations() - before) / static_cast<double>(state.iterations());
}

Device device(Kind kind, const char* speaks, const char* at) {
  Device d;
  d.id = d.name = at;
  d.kind = kind;
  d.speaks = speaks;
  d.at = at;
  return d;
}

void hear(benchmark::State& state, const Device& d, const std::string& topic, const std::string& payload) {
  const Dialect& dialect = *dialect_called(d.speaks);
  const Listener listener{DeviceId{3}, &d};
  if (dialect.hear({&listener, 1}, {topic, payload, false}).news.empty())
    return state.SkipWithError("nothing was heard, so this would time a refusal");
  per_call(state, [&] { benchmark::DoNotOptimize(dialect.hear({&listener, 1}, {topic, payload, false})); });
  state.counters["bytes"] = static_cast<double>(payload.size());
}

void hear_zigbee2mqtt_plug(benchmark::State& state) {
  hear(state, device(Kind::heat_pad, "zigbee2mqtt", "bed/foot warmer"), "zigbee2mqtt/bed/foot warmer",
       R"({"current":0.26,"energy":0,"last_seen":"2026-11-21T07:32:01.360Z","linkquality":120,"power":60,)"
       R"("power_on_behavior":"previous","state":"OFF","voltage":230})");
}
BENCHMARK(hear_zigbee2mqtt_plug);

void hear_zigbee2mqtt_vibration(benchmark::State& state) {
  Device d = device(Kind::movement, "zigbee2mqtt", "mattress_vibration");
  d.stream = Stream::vibration;
  hear(
      state, d, "zigbee2mqtt/mattress_vibration",
      R"({"action":"vibration","last_seen":"2026-11-21T07:30:34.799Z","linkquality":120,"strength":18,"vibration":true})");
}
BENCHMARK(hear_zigbee2mqtt_vibration);

/// The list of devices that the real Zigbee2MQTT published, three times over: a home of about fifty.
std::string big_device_list() {
  std::ifstream sample(LULL_SOURCE "/tests/peers/zigbee2mqtt/traffic-sample.ndjson");
  nlohmann::json largest = nlohmann::json::array();
  for (std::string line; std::getline(sample, line);) {
    if (line.find("zigbee2mqtt/bridge/devices") == std::string::npos) continue;
    const auto message = nlohmann::json::parse(line, nullptr, false);
    if (!message.is_object() || message.value("topic", "") != "zigbee2mqtt/bridge/devices") continue;
    auto list = nlohmann::json::parse(message.value("payload", ""), nullptr, false);
    if (list.is_array() && list.dump().size() > largest.dump().size()) largest = std::move(list);
  }
  nlohmann::json all = nlohmann::json::array();
  for (int copy = 0; copy < 8 && all.dump().size() < 200'000; ++copy)
    for (nlohmann::json entry : largest) {
      if (copy > 0) entry["friendly_name"] = entry.value("friendly_name", "") + " " + std::to_string(copy);
      all.push_back(std::move(entry));
    }
  return all.dump();
}

void hear_zigbee2mqtt_device_list(benchmark::State& state) {
  const std::string list = big_device_list();
  if (list.size() < 150'000) return state.SkipWithError("the sample of real traffic has no list of devices");
  hear(state, device(Kind::heat_pad, "zigbee2mqtt", "foot_warmer"), "zigbee2mqtt/bridge/devices", list);
}
BENCHMARK(hear_zigbee2mqtt_device_list)->Unit(benchmark::kMillisecond);

void hear_esphome_number(benchmark::State& state) {
  hear(state, device(Kind::massage_pad, "esphome", "lull/pad/left"), "lull/pad/left/number/vibration/state", "40");
}
BENCHMARK(hear_esphome_number);

void hear_esphome_temperature(benchmark::State& state) {
  hear(state, device(Kind::heat_pad, "esphome", "lull/pad/left"), "lull/pad/left/sensor/pad_temperature_a/state",
       "31.46");
}
BENCHMARK(hear_esphome_temperature);

void hear_esphome_movement(benchmark::State& state) {
  hear(state, device(Kind::movement, "esphome", "lull/anklet/ana"), "lull/anklet/ana/movement",
       R"({"rms_mg":3.2,"peak_mg":11.0,"n":25})");
}
BENCHMARK(hear_esphome_movement);

void say(benchmark::State& state, const Device& d, Timer timer, Percent level) {
  Standing is;
  is.kind = d.kind;
  is.timer = timer;
  is.link_up = is.guard_up = is.proved_off_since_start = is.trial_passed = true;
  is.in_bed = false;
  const Verdict verdict = Interlock{kHard}.review(DeviceId{3}, Output{.level = level}, is, Instant{1h});
  if (!verdict.why.empty()) return state.SkipWithError(verdict.why.c_str());
  const Dialect& dialect = *dialect_called(d.speaks);
  per_call(state, [&] { benchmark::DoNotOptimize(dialect.say(d, verdict.command, Instant{1h})); });
}
void say_zigbee2mqtt_on(benchmark::State& state) {
  say(state, device(Kind::heat_pad, "zigbee2mqtt", "Foot warmer plug"), Timer::on_time, 40_pct);
}
void say_zigbee2mqtt_off(benchmark::State& state) {
  say(state, device(Kind::heat_pad, "zigbee2mqtt", "Foot warmer plug"), Timer::on_time, 0_pct);
}
void say_esphome_on(benchmark::State& state) {
  say(state, device(Kind::massage_pad, "esphome", "lull/pad/left"), Timer::lease, 40_pct);
}
BENCHMARK(say_zigbee2mqtt_on);
BENCHMARK(say_zigbee2mqtt_off);
BENCHMARK(say_esphome_on);

}  // namespace
}  // namespace lull::bench
