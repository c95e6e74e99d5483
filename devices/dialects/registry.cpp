// Every dialect Lull speaks. A new one is its file, its two words here, and a folder of recorded messages.
#include <array>

#include "devices/dialects/dialect.hpp"

namespace lull {

extern const Dialect kZigbee2mqtt, kEsphome, kMqtt, kHomeAssistant;

namespace {
constexpr std::array<const Dialect*, 4> kDialects{&kZigbee2mqtt, &kEsphome, &kMqtt, &kHomeAssistant};
}

std::span<const Dialect* const> all_dialects() { return kDialects; }

const Dialect* dialect_called(std::string_view name) {
  for (const Dialect* dialect : kDialects)
    if (dialect->name == name) return dialect;
  return nullptr;
}

std::vector<Outgoing> off_words(const Dialect& dialect, DeviceId id, const Device& device) {
  return dialect.say(device, Interlock::off(id), Instant{});  // an OFF never expires, so the time does not matter
}

}  // namespace lull
