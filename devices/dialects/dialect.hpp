// How a family of devices speaks: bytes to facts, and safe commands to bytes. One file a dialect, one line in the
// registry.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "devices/device.hpp"
#include "devices/event.hpp"
#include "devices/result.hpp"
#include "devices/safety/interlock.hpp"

namespace lull {

/// One MQTT message that arrived. Topics and payloads are outside bytes: anything may be in them.
struct Incoming {
  std::string_view topic, payload;
  bool retained = false;
};

/// For what a broker may have kept: true when it did, nothing when it is said now.
inline std::optional<bool> remembered(const Incoming& in) { return in.retained ? std::optional(true) : std::nullopt; }

/// One MQTT message to send. Never retained: a retained command is replayed at every reconnect.
struct Outgoing {
  std::string topic, payload;
  bool operator==(const Outgoing&) const = default;
};

/// A device that listens to a topic, and its place in the bedroom.
struct Listener {
  DeviceId id;
  const Device* device;
};

/// When a message was sent, by whoever stamped it.
struct Sent {
  enum class By : std::uint8_t { utc, uptime };
  By by{};
  milliseconds at{};  // since 1970, or since the sender began
  std::string clock;  // whose: all messages with the same one were stamped by the same clock
  bool operator==(const Sent&) const = default;
};

/// What a message said, and what was wrong with it. Both may be filled: a bad field does not hide a good one.
struct Heard {
  std::vector<News> news;
  std::vector<Error> problems;
  std::optional<Sent> sent{};
};

inline constexpr std::size_t kMaxPayload = 65536;           // of a device's own message; more is a problem, unread
inline constexpr std::size_t kMaxBridgePayload = 4u << 20;  // of a bridge's device list
inline constexpr int kMaxNesting = 16;                      // of JSON

/// A dialect keeps no state: what it learned is in the events it made, so a night can be replayed.
struct Dialect {
  std::string_view name;

  /// What is wrong with this device's configuration for this dialect, and what would be right. Empty: nothing.
  std::vector<Error> (*check)(const Device&);
  /// The exact topics (no wildcards) on which news of this device arrives, its bridge's included. Subscribe in this
  /// order: retained messages arrive in it, and a device's own word must come after its bridge's.
  std::vector<std::string> (*topics)(const Device&);
  /// The exact topics on which this device takes commands. Lull watches them for retained messages of others.
  std::vector<std::string> (*command_topics)(const Device&);
  /// Hears one message, once, for all the devices of this dialect that listen to its topic.
  /// A TimerLearned replaces the one before, a GateJudged the one before of the same source.
  Heard (*hear)(std::span<const Listener>, const Incoming&);
  /// The words for a command that the Interlock allowed. An OFF stands alone and first, always.
  std::vector<Outgoing> (*say)(const Device&, const SafeCommand&, Instant now);
  /// The words that ask the device for its state (empty where it cannot be asked).
  std::vector<Outgoing> (*ask)(const Device&);
  /// The words that set the device's own auto-off to `value` (and its power-on behaviour to off, where it has one),
  /// and read both back. Empty where the timer needs no arming.
  std::vector<Outgoing> (*arm)(const Device&, Timer, seconds value);
  /// Whether a light that steps levels fades by itself (Output::fade_to). Elsewhere `say` sends `level` alone, and a
  /// fade is made of steps.
  bool fades = false;
  /// The words that ask this device's bridge whether it lives, and `topics` has where it answers. Null: no bridge.
  std::vector<Outgoing> (*ask_bridge)(const Device&) = nullptr;
  /// What its bridge must have told (as GateJudged) before a device is relied on. Empty: there is no such bridge.
  std::span<const Source> awaits{};
  /// Whether all its devices below one base topic share one radio, whose time is short (devices/airtime.hpp).
  bool shares_air = false;
};

/// The OFF that needs no permission: what a last will says, what start-up says, what STOP says.
/// Made by the dialect from Interlock::off(device).
std::vector<Outgoing> off_words(const Dialect&, DeviceId, const Device&);

/// Every dialect Lull speaks, in the order of the manual. A plain list, so that no linker can drop a line of it.
std::span<const Dialect* const> all_dialects();
/// The dialect of that name, or null.
const Dialect* dialect_called(std::string_view name);

}  // namespace lull
