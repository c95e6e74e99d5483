// The words a household writes for what stands in its bedroom, and back.
#include "devices/device.hpp"

#include <algorithm>

#include <array>

#include "devices/words.hpp"

namespace lull {
namespace {
constexpr std::array<std::string_view, 12> kKinds{"massage_pad", "heat_pad", "light",      "sound",
                                                  "aroma",       "movement", "presence",   "button",
                                                  "thermometer", "mains",    "heart_rate", "alarm_clock"};
static_assert(kKinds.size() == static_cast<std::size_t>(Kind::alarm_clock) + 1);
constexpr std::array<std::string_view, 7> kStreams{"none", "counts",       "vibration", "radar",
                                                   "load", "acceleration", "raw"};
static_assert(kStreams.size() == static_cast<std::size_t>(Stream::raw) + 1);
constexpr std::array<std::string_view, 10> kTimers{
    "unknown", "on_time", "lease", "mapped_duration", "turn_off_countdown", "mapped_auto_off", "toggle_countdown",
    "product", "none",    "mains"};
static_assert(kTimers.size() == static_cast<std::size_t>(Timer::mains) + 1);
}  // namespace

std::string_view word_for(Kind kind) { return word_in(kKinds, kind); }
std::optional<Kind> kind_for(std::string_view word) { return value_in<Kind>(kKinds, word); }
std::string_view word_for(Stream stream) { return word_in(kStreams, stream); }
std::optional<Stream> stream_for(std::string_view word) { return value_in<Stream>(kStreams, word); }
std::string_view word_for(Timer timer) { return word_in(kTimers, timer); }

bool measures_surface(const Device& device) {
  const auto hears = [](const Mapping::Hears& h) { return h.means == "celsius"; };
  return device.thermometer || device.speaks == "esphome" ||
         std::any_of(device.mapping.hears.begin(), device.mapping.hears.end(), hears);
}

}  // namespace lull
