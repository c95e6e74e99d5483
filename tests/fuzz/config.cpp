// Any bytes as a household's file: no crash, no hang, and either settings that keep the promises or problems with a
// remedy. A zero byte divides the file from a secrets.yaml.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "config/load.hpp"
#include "devices/utf8.hpp"

namespace {
using namespace lull;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_told(const std::vector<Problem>& problems) {
  for (const Problem& problem : problems) {
    require(!problem.what.empty() && problem.what.size() < 4000);
    require(problem.path.empty() || problem.path.front() == '/');
    require(is_utf8(to_text(problem)));
  }
}

void check_house(const House& house) {
  for (const Sleeper& sleeper : house.sleepers) require(tightest(sleeper.limits, kHard) == sleeper.limits);
  require(tightest(house.limits, kHard) == house.limits);
  require(house.devices.size() <= kMaxDevices && house.sleepers.size() <= kMaxSleepers);
  require(house.routines.size() <= kMaxRoutines && house.rules.size() <= kMaxRules);
  for (const Device& device : house.devices) {
    require(!device.id.empty() && !device.name.empty());
    require(!device.sleeper || device.sleeper->index < house.sleepers.size());
    require(!device.thermometer || house.devices[device.thermometer->index].kind == Kind::thermometer);
  }
  for (const Routine& routine : house.routines) {
    require(routine.tracks.size() <= kMaxTracks && routine.length > 0ms);
    for (const Track& track : routine.tracks) {
      if (track.kind == TrackKind::words) continue;
      require(track.device.index < house.devices.size() && track.at >= 0ms && track.length >= 0ms);
      if (track.kind == TrackKind::massage)
        require(track.length <= kHard.massage_session && track.to <= kHard.massage_level);
      if (track.kind == TrackKind::heat) require(track.length <= kHard.heat_session);
    }
  }
  for (const Rule& rule : house.rules) require(!rule.name.empty() && !rule.when.empty() && !rule.then.empty());
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const std::size_t zero = all.find('\0');
  const std::string_view text = all.substr(0, zero);
  std::optional<std::string_view> secrets;
  if (zero != std::string_view::npos) secrets = all.substr(zero + 1);
  const Loaded loaded = load_text(text, "f", secrets);
  check_told(loaded.problems);
  check_told(loaded.hints);
  require(loaded.settings.has_value() == loaded.problems.empty());
  if (!loaded.settings) return 0;
  check_house(loaded.settings->house);
  const Loaded again = load_journaled(loaded.settings->text, "journal");
  const bool left_out = loaded.settings->text.rfind("# The file holds a password", 0) == 0;
  require(left_out || again.settings.has_value());
  if (again.settings) {
    require(again.settings->house.devices == loaded.settings->house.devices);
    require(again.settings->house.routines == loaded.settings->house.routines);
    require(again.settings->house.rules == loaded.settings->house.rules);
  }
  return 0;
}
