// At night only what cannot wait reaches a phone. The rest is kept, on disk too, and told in the morning.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "devices/device.hpp"
#include "devices/units.hpp"

namespace lull {

/// A fault that was not told yet.
struct Held {
  std::optional<SleeperId> to{};
  std::string text;
  bool alarm = false;                    // kept only because there was no broker to tell it to
  bool told = false;                     // by the other roads: the broker alone has not heard it
  std::optional<Instant> told_lately{};  // and that may still be on its way there: on the disk it is not told yet
  bool operator==(const Held&) const = default;
};
inline constexpr std::size_t kMostHeld = 16;      // different ones; more are counted
inline constexpr std::size_t kLongestHeld = 200;  // bytes of one

struct Hush {
  bool on = false;  // it is night: from bedtime with somebody in bed, until the morning
  std::vector<Held> held{};
  std::int32_t more = 0;
  bool operator==(const Hush&) const = default;
};

/// As it is kept on disk, and back: one line a fault. A damaged text gives what can be read of it.
std::string to_text(const Hush& hush);
Hush hush_from(std::string_view text);

}  // namespace lull
