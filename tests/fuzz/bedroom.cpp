// Any bytes on any command topic of the simulated bedroom: it never crashes, stays within its bounds, and what it says
// is still a message that our dialects take.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "bridge/demo/bedroom.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lull;
  using namespace lull::demo;
  static const auto topics = Bedroom::topics();
  Bedroom bedroom({.seed = 1}, Utc{milliseconds{1'795'298'400'000}});
  Instant now{};
  // Messages of up to 64 bytes, or one that takes all the rest; each begins with its topic and the time until it comes.
  while (size >= 3) {
    const std::size_t topic = data[0];
    now = now + milliseconds{data[1] * 100};
    std::size_t length = data[2];
    data += 3, size -= 3;
    if (length > 64 || length > size) length = size;
    const std::string_view payload(reinterpret_cast<const char*>(data), length);
    bedroom.hear(topic < topics.size() ? std::string_view(topics[topic]) : payload, payload, now);
    for (const BedroomSays& said : bedroom.passes(now))
      if (said.topic.empty() || said.payload.size() > kBridgeDevices.size()) std::abort();
    data += length, size -= length;
  }
  bedroom.passes(now + minutes{20});
  const Truth truth = bedroom.truth();
  // No message can hold the pad beyond its lease, or above what its firmware takes.
  if (truth.pad_heat_armed || truth.massage > 0 || truth.pad_surface > 42) std::abort();
  return 0;
}
