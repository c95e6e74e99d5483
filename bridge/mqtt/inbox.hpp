// The queue between Paho's threads and the loop: bounded in messages and bytes, whatever a broker sends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "bridge/clock.hpp"
#include "devices/dialects/dialect.hpp"

namespace lull {

/// How messages on some topics are taken in.
struct Intake {
  std::size_t largest = kMaxPayload;  // bytes of payload; a larger message is counted and not handed over
  bool urgent = false;                // read before everything else: STOP, states that safety depends on
  /// Also a message that comes while we listen says whether it stays on the broker (MQTT 5 only): a command that
  /// somebody retains now would be obeyed anew at the next reconnect of its bridge.
  bool tells_retained = false;
};

/// Push from any thread, take from one. Order is kept among the urgent and among the others.
class Inbox {
 public:
  static constexpr std::size_t kMessages = 4096;    // waiting, the others; beyond it the oldest goes
  static constexpr std::size_t kUrgent = 512;       // waiting, urgent
  static constexpr std::size_t kBytes = 16u << 20;  // waiting, of topics and payloads together
  static constexpr std::size_t kComplaints = 64;    // topics complained about; then only counted
  static constexpr std::size_t kUrgentBytes = 4u << 20;

  struct Message {
    std::string topic, payload;
    bool retained = false;
    Instant arrived{};  // at the socket: how long it waited for the loop is its least age
  };
  struct Counts {
    std::uint64_t received = 0;   // all that arrived
    std::uint64_t too_large = 0;  // not handed over: larger than its topic may be
    std::uint64_t dropped = 0;    // not handed over: the queue was full
  };
  struct Taken {
    std::vector<Message> messages;        // the urgent first
    std::vector<std::string> complaints;  // once per topic, once per overflow
    bool more = false;                    // come again: the loop's other work goes between
  };

  /// How messages that match `filter` are taken in. The widest `largest` of all matching filters counts.
  void expect(const std::string& filter, Intake intake);

  /// True when the loop must be woken: nothing was waiting before.
  bool push(std::string_view topic, std::string_view payload, bool retained, Instant now = Clock{}.now());

  /// At most `most` messages.
  Taken take(std::size_t most);

  Counts counts() const;

 private:
  struct Queue {
    std::deque<Message> messages;
    std::size_t bytes = 0;
    Message take_oldest();
  };
  Intake intake_for(std::string_view topic) const;
  void complain(std::string_view about, std::string text);

  mutable std::mutex mutex_;
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  // Only what is not the default. Exact topics are hundreds, and looked up once a message; filters are few.
  std::unordered_map<std::string, Intake, Hash, std::equal_to<>> exact_;
  std::vector<std::pair<std::string, Intake>> expected_;
  Queue urgent_, others_;
  bool woken_ = false, overflowing_ = false;
  std::set<std::string, std::less<>> complained_;
  std::vector<std::string> complaints_;
  Counts counts_;
};

}  // namespace lull
