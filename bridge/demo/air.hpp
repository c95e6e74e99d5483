// The way of a message between a device and the broker: a few milliseconds, and in bad weather lost, doubled or late.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bridge/demo/chance.hpp"
#include "devices/units.hpp"

namespace lull::demo {

/// One MQTT message.
struct BedroomSays {
  Instant at;
  std::string topic, payload;
  bool retain = false;
  bool operator==(const BedroomSays&) const = default;
};

/// The share of messages, in each direction, that meet with this. Nothing of it happens to retained bridge news.
struct Weather {
  double lost = 0, doubled = 0, late = 0;  // late: by up to three seconds, so that later ones overtake it
  double cut = 0;                          // only its beginning arrives
};
/// How often it really happened.
struct Weathered {
  int lost = 0, doubled = 0, late = 0, cut = 0, overtaken = 0, frames_lost = 0;
};

/// Messages under way. Bounded: a queue of more than kMostUnderWay drops the newest, as a radio would.
class Air {
 public:
  static constexpr std::size_t kMostUnderWay = 4096;

  Air(std::uint64_t seed, Weather weather) : chance_(seed, 3), weather_(weather) {}

  /// sure: what TCP and QoS 1 carry, whatever the weather. in_order: lost or late with the radio below, but one TCP
  /// stream, in which nothing overtakes.
  enum class Care : std::uint8_t { radio, sure, in_order };
  void send(Instant at, std::string topic, std::string payload, bool retain = false, Care care = Care::radio);
  /// The first message that is due by `now`, in the order of arrival.
  std::optional<BedroomSays> arrived(Instant now);
  std::optional<Instant> next() const;
  /// Everything under way is lost.
  void clear() { under_way_.clear(); }
  /// One more throw of the same dice, for a frame between a Zigbee device and its bridge.
  bool loses_frame() {
    const bool lost = chance_.happens(weather_.lost / 2);
    happened_.frames_lost += lost;
    return lost;
  }
  const Weathered& happened() const { return happened_; }

 private:
  struct UnderWay {
    BedroomSays message;
    std::uint64_t number;
    bool late;
  };
  static bool later(const UnderWay& a, const UnderWay& b);
  void push(Instant at, std::string topic, std::string payload, bool retain, bool late = false);

  Chance chance_;
  Weather weather_;
  std::vector<UnderWay> under_way_;  // a heap, the next one on top
  Instant in_order_until_{};
  std::uint64_t sent_ = 0, newest_ = 0;  // newest_: the highest number that has arrived
  Weathered happened_;
};

}  // namespace lull::demo
