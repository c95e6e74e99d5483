// One event of the Wyoming protocol: a line of JSON, then data, then bytes. Pure: bytes in, events out, and bounds on
// everything that a stranger sends.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "devices/result.hpp"

namespace lull {

struct WyomingEvent {
  std::string type;
  nlohmann::json data = nlohmann::json::object();
};
std::string to_wire(const WyomingEvent& event);

/// Puts events together from pieces of any size. It holds no more than one of them.
class WyomingReader {
 public:
  static constexpr std::size_t kHeader = 16 * 1024, kData = 64 * 1024;
  static constexpr std::size_t kPayload = 1024 * 1024;  // sound, which is nothing to us: not even kept

  void feed(std::string_view bytes) { bytes_ += bytes; }
  /// Nothing: feed more. An error: this is no Wyoming, and there is no way to find the next event.
  Result<std::optional<WyomingEvent>> next();
  /// A part of an event waits for the rest of it.
  bool midway() const { return head_ || !bytes_.empty(); }

 private:
  struct Head {
    WyomingEvent event;
    std::size_t data = 0, payload = 0;  // still to come
  };
  Result<std::optional<Head>> head();

  std::string bytes_;
  std::size_t looked_ = 0;  // there is no end of a line in so many of them
  std::optional<Head> head_;
};

}  // namespace lull
