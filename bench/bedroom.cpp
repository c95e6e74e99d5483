// The bedroom of the benchmarks, and the operator new that counts.
#include "bench/bedroom.hpp"

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <new>

#include "config/load.hpp"
#include "devices/dialects/dialect.hpp"
#include "devices/safety/gate.hpp"

namespace {
std::uint64_t asked = 0;  // one thread: google-benchmark runs ours on the one of main
}

void* operator new(std::size_t size) {
  ++asked;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc{};
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace lull::bench {

std::uint64_t allocations() { return asked; }

House house_of(const std::string& file) {
  Loaded loaded = load_file(LULL_SOURCE "/bench/" + file);
  for (const Problem& p : loaded.problems) std::fprintf(stderr, "%s\n", to_text(p).c_str());
  if (!loaded.settings) std::exit(1);
  return std::move(loaded.settings->house);
}

namespace {

constexpr Utc kNoon{milliseconds{1795258800000}};  // 2026-11-21 12:00 in Berlin

Hub fresh(House house) {
  // The store gives ids in the program; here the names are unique already.
  for (Device& device : house.devices) device.id = device.name;
  return begin(std::make_shared<const House>(std::move(house)));
}

}  // namespace

Bedroom::Bedroom(const std::string& file) : Bedroom(house_of(file)) {}

Bedroom::Bedroom(House house) : hub_(fresh(std::move(house))), now_{10h} {
  tell(ClockSet{kNoon.since_epoch});
  Started kept;  // every heater's set-up test was passed
  for (const Device& device : hub_.house->devices)
    kept.settings.push_back(
        {"trial:" + device.id, to_setting({true, Utc{1s}, fingerprint(device, {}, Timer::on_time), "passed"})});
  tell(std::move(kept));
  tell(LinkChanged{true});
  for (std::uint16_t i = 0; i < hub_.house->devices.size(); ++i) {
    const Kind kind = hub_.house->devices[i].kind;
    const Device& device = hub_.house->devices[i];
    for (const Source from : dialect_called(device.speaks)->awaits) tell(GateJudged{DeviceId{i}, from, {}});
    if (has_force(kind)) tell(TimerLearned{DeviceId{i}, Timer::on_time, ""});
    if (kind == Kind::heat_pad) tell(GuardChanged{DeviceId{i}, true});
    if (kind == Kind::heat_pad) tell(TemperatureReported{DeviceId{i}, 28.0_degC});
    if (kind == Kind::presence) tell(OccupancyReported{DeviceId{i}, true});
  }
  passes(60s);
}

void Bedroom::answer() {
  for (std::vector<Effect> told = std::exchange(effects_, {}); !told.empty(); told = std::exchange(effects_, {})) {
    std::vector<ActuatorReported> said;
    for (const Effect& effect : told) {
      if (const auto* command = std::get_if<SafeCommand>(&effect)) {
        const Percent level = command->output().fade_to.value_or(command->output().level);
        said.push_back({command->device(), level > 0_pct, level, {}, {}, true});
      } else if (const auto* ask = std::get_if<Ask>(&effect)) {
        const Actuator& a = hub_.actuators[ask->device.index];
        said.push_back({ask->device, a.on.value_or(false), a.level.value_or(0_pct), {}, {}, true});
      }
    }
    std::vector<Effect> more;
    for (ActuatorReported& one : said) {
      tell(std::move(one));
      for (Effect& effect : effects_) more.push_back(std::move(effect));
    }
    effects_ = std::move(more);
    if (said.empty()) return;
  }
}

DeviceId Bedroom::device(std::string_view name) const {
  for (std::uint16_t i = 0; i < hub_.house->devices.size(); ++i)
    if (hub_.house->devices[i].name == name) return DeviceId{i};
  std::fprintf(stderr, "the bedroom has no %s\n", std::string(name).c_str());
  std::exit(1);
}

}  // namespace lull::bench
