// What a hostile world does to what Lull hears and keeps: sensors that lie, messages that nobody sent, a disk that is
// full. Each thing that happens is counted, so that a night in which nothing happened proves nothing unseen.
#pragma once

#include <array>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "automations/record.hpp"
#include "bridge/demo/bedroom.hpp"

namespace lull {

/// Every way in which a night can be against us.
enum class Harm : std::uint8_t {
  lost,
  late,
  doubled,
  overtaken,
  cut,
  frame_lost,
  forged_state,
  forged_command,
  device_refuses,
  device_says_off_and_is_on,
  device_says_on_and_is_off,
  device_resets,
  device_wakes_on,
  power_cut,
  out_of_reach,
  hand,
  lull_killed,
  lull_killed_between_two_messages,
  lull_killed_at_its_start,
  lull_killed_for_long,
  lull_hangs,
  bridge_restarts,
  bridge_crashes,
  broker_restarts,
  clock_jumps,
  clock_lost,
  clock_change_night,
  sensor_silent,
  sensor_frozen,
  sensor_jumps,
  sensor_not_a_number,
  sensors_swapped,
  pad_folded,
  disk_full,
  stop,
  voice,
};
inline constexpr std::array kHarms{"lost",
                                   "late",
                                   "doubled",
                                   "overtaken",
                                   "cut",
                                   "frame lost",
                                   "forged state",
                                   "forged command",
                                   "device refuses",
                                   "device says off and is on",
                                   "device says on and is off",
                                   "device resets",
                                   "device wakes on",
                                   "power cut",
                                   "out of reach",
                                   "hand",
                                   "Lull killed",
                                   "Lull killed between two messages",
                                   "Lull killed at its start",
                                   "Lull killed for long",
                                   "Lull hangs",
                                   "bridge restarts",
                                   "bridge crashes",
                                   "broker restarts",
                                   "clock jumps",
                                   "clock lost",
                                   "clock change night",
                                   "sensor silent",
                                   "sensor frozen",
                                   "sensor jumps",
                                   "sensor not a number",
                                   "sensors swapped",
                                   "pad folded",
                                   "disk full",
                                   "STOP",
                                   "a voice asks for heat"};
static_assert(kHarms.size() == static_cast<std::size_t>(Harm::voice) + 1);

struct Harms {
  std::array<int, kHarms.size()> n{};
  int& operator[](Harm h) { return n[static_cast<std::size_t>(h)]; }
  void add(const Harms& other);
  void add(const demo::Weathered& weather);
  std::string text() const;
};

/// A sensor that lies, for a while: what is said on topics that contain `topic`.
struct SensorLie {
  enum class How : std::uint8_t { silent, frozen, jumps, not_a_number, swapped } how{};
  std::string topic;
  Instant until{};
};

/// Bends what devices say before Lull hears it. Memory: one lie at a time, one payload a topic of it.
class Liar {
 public:
  explicit Liar(std::uint64_t seed) : chance_(seed, 21) {}
  void lies(SensorLie lie) { lie_ = std::move(lie), kept_.clear(); }
  /// False: it is not heard at all.
  bool bend(demo::BedroomSays& said, Instant now, Harms& harms);

 private:
  demo::Chance chance_;
  std::optional<SensorLie> lie_{};
  std::map<std::string, std::string> kept_;  // topic to what is said again and again
};

/// A message that nobody in the bedroom sent. `number` picks it.
struct Forged {
  std::string_view topic, payload;
  bool command = false;          // to a device: else it pretends to come from one
  std::array<bool, 3> starts{};  // the massage, the pad's heat, the plug: what it switches on
};
const Forged& forged(int number, bool command);

/// The ledger's disk: what is kept is on it a moment later, or not at all while it is full. A crash forgets the rest.
class Disk {
 public:
  static constexpr milliseconds kTakes{12};

  std::uint64_t keep(Recorded what, Instant now);
  /// Writes what is due. The newest ticket that is on the disk, when that is news.
  std::optional<std::uint64_t> writes(Instant now);
  std::optional<Instant> next() const;
  bool stuck(Instant now) const { return full && !waiting_.empty() && now - waiting_.front().at >= kTakes; }
  void forgets() { waiting_.clear(); }
  bool full = false;
  Started kept;

 private:
  struct Waiting {
    Recorded what;
    std::uint64_t ticket;
    Instant at;
  };
  void write(const Recorded& what);
  std::deque<Waiting> waiting_;
  std::uint64_t ticket_ = 0;
};

}  // namespace lull
