// What waits to be told by ntfy: to which topic, how loud, how often it is tried, and when it is no news any more.
// Pure.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "automations/effect.hpp"
#include "automations/house.hpp"
#include "bridge/mqtt/backoff.hpp"
#include "bridge/ntfy/status.hpp"
#include "config/load.hpp"

namespace lull {

/// One message as the server takes it: PUT /<topic>.
struct NtfyRequest {
  std::uint64_t letter = 0;
  std::string topic;
  std::vector<std::pair<std::string, std::string>> headers;
  std::shared_ptr<const std::string> body;
  bool insists = false;  // goes out although the server said no a moment ago: an alarm
};

/// What became of it.
struct NtfyOutcome {
  int status = 0;  // of HTTP; 0: it did not arrive, or nobody knows
  std::string why{};
  bool untried = false;         // refused before, and nothing has changed since
  milliseconds ask_again_in{};  // as the server wishes
  bool sent = false;            // it was there, and was told at least a part
  bool arrived() const { return status >= 200 && status < 300; }
};

inline constexpr int kTooMany = 429;  // messages, says the server

class NtfyQueue {
 public:
  static constexpr std::size_t kMaxLetters = 32;           // that wait; the least urgent give way
  static constexpr std::size_t kMaxFlying = 2;             // at a time, and one more for an alarm
  static constexpr std::size_t kMaxPicture = 1024 * 1024;  // bytes
  static constexpr milliseconds kAlarmAgain{5'000};     // an alarm does not wait for the growing pause: but after 429
  static constexpr milliseconds kRefusedAgain{30'000};  // then it is looked whether the token is another
  static constexpr milliseconds kMaxAskedFor{120'000};  // so long a server that has had too many may want us to wait
  static constexpr int kPictureTries = 2;               // that end without an answer; then the words alone

  NtfyQueue(const House& house, NtfySettings settings) : house_(house), settings_(std::move(settings)) {}

  /// `picture`: of the night, for a summary; may be null.
  void tell(const Notify& what, std::shared_ptr<const std::string> picture, Instant now);
  /// What is to be sent now.
  std::vector<NtfyRequest> due(Instant now);
  /// "" or what a person should read. `pause_share`: 0 to 1, so that not everybody comes back at once.
  std::string answered(std::uint64_t letter, const NtfyOutcome& outcome, Instant now, double pause_share);
  std::size_t waiting() const { return letters_.size(); }
  /// Given up before they arrived: no news any more, not taken, or in the way of something more urgent.
  std::uint64_t lost() const { return lost_; }

 private:
  struct Letter {
    std::uint64_t id;
    std::string topic, title, text;
    Notify::Urgency urgency;
    std::shared_ptr<const std::string> picture;
    Instant at, until, next;
    bool flying = false;
    int tries = 0, stuck = 0;  // stuck: with the picture, and no answer
  };
  void post(Letter letter);
  NtfyRequest request(const Letter& letter, Instant now) const;

  const House& house_;
  NtfySettings settings_;
  std::vector<Letter> letters_;  // the oldest first
  Backoff backoff_{2s, 4s, 60s};
  Instant quiet_until_{};
  std::uint64_t next_id_ = 1, lost_ = 0;
};

/// What became of a message, for who looks; `trouble`: what the queue says about it.
void note(NtfyStatus& status, const NtfyOutcome& outcome, const std::string& trouble, Utc at);

/// As a header may carry it: one line of ASCII, other letters as RFC 2047 has them.
std::string header_text(const std::string& text);

}  // namespace lull
