// Whether what is read now is news: how old each message is, whether the loop keeps up, and time that it did not live.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "devices/dialects/dialect.hpp"
#include "devices/event.hpp"
#include "devices/units.hpp"

namespace lull {

/// The clocks of those who stamp their messages, each against ours. A message cannot arrive before it was sent, so the
/// quickest of the last minutes shows how far two clocks are apart.
class SenderClocks {
 public:
  static constexpr std::size_t kMost = 128;     // clocks; later ones are taken at their word
  static constexpr milliseconds kSpan{600000};  // what is remembered: one to two of these
  static constexpr seconds kWrong{5};           // a clock that is behind by more is wrong, when it stays so
  static constexpr int kSure = 20;              // messages, and for kStays: a burst of late ones is no wrong clock
  static constexpr minutes kStays{2};

  /// How long before `arrived` it was sent; 0 where it cannot be told.
  milliseconds age(const Sent& sent, Instant arrived, Utc utc);
  /// Our own clock was set: what was known of others is void.
  void forget() { clocks_.clear(); }

 private:
  struct Seen {
    milliseconds least{}, least_before{};  // arrival minus stamp, in this span and the one before
    milliseconds last_stamp{};
    Instant first{}, span_began{};
    int messages = 0;
  };
  std::map<std::string, Seen, std::less<>> clocks_;
};

/// Whether older messages are still being read. Nothing begins meanwhile.
class Backlog {
 public:
  static constexpr milliseconds kLate{1000};  // waited longer at our own door than any loop should need
  static constexpr seconds kQuiet{2};         // nothing late for so long: caught up

  void connected(Instant now) { doubt(now, true, "connected to the broker"); }
  void stalled(Instant now) { doubt(now, true, "Lull stood still"); }
  void read(milliseconds waited, Instant now);
  /// What is to be told to the core, once a change.
  std::optional<BacklogChanged> look(Instant now);

 private:
  void doubt(Instant now, bool of_unknown_age, std::string why);

  std::optional<Instant> late_;  // when something late was last read
  bool unknown_ = false, told_ = false, told_unknown_ = false;
  std::string why_;
};

/// Notices that the loop did not live through some time: the machine slept, the process was stopped or starved.
class Stall {
 public:
  static constexpr seconds kLost{5};  // one tick a second is expected

  /// `now`: boot time. `asleep`: how long the machine was suspended since it was booted.
  void ticked(Instant now, milliseconds asleep) { last_ = now, asleep_ = asleep; }
  /// Asked first, whenever the loop begins to do something: after a suspend a message may come before the tick.
  std::optional<Stalled> look(Instant now, milliseconds asleep);

 private:
  std::optional<Instant> last_;
  milliseconds asleep_{};
};

/// Marks what is too old to be fresh.
void set_age(News& news, milliseconds age);

}  // namespace lull
