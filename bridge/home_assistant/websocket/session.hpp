// Home Assistant's WebSocket protocol without a socket: frames in, frames out, time as an argument.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "devices/dialects/payload.hpp"
#include "devices/units.hpp"

namespace lull {

/// One log-in and what is asked and told after it. Pure: no clock, no socket; whoever holds it brings both.
class HaSession {
 public:
  static constexpr std::size_t kMaxFrame = 4 * 1024 * 1024;  // bytes; what we ask for is answered in a few hundred
  static constexpr std::size_t kMaxWaiting = 64;             // questions at a time,
  static constexpr std::size_t kMaxUrgent = 320;  // and with those that must not wait for an answer: every OFF
  static constexpr std::size_t kMaxSubscriptions = 16;
  static constexpr milliseconds kAnswerWithin{5'000};
  static constexpr milliseconds kLogInWithin{10'000};  // Home Assistant's own limit
  static constexpr milliseconds kPingAfter{30'000};    // of silence

  struct Answer {
    bool well = false;
    std::string code{}, text{};  // not well: Home Assistant's, or ours: "timeout", "gone"
    Json result{};
  };
  using OnAnswer = std::function<void(const Answer&)>;
  using OnEvent = std::function<void(const Json& event)>;

  /// All are called from inside heard(), tick() and closed(), and may ask again.
  struct Handlers {
    std::function<bool(std::string frame)> send;  // false: it cannot be sent
    std::function<void()> up;                     // logged in
    /// The token is no good. It must not be tried again: each trial counts towards a ban of this address.
    std::function<void()> rejected;
    /// This connection is of no use any more: close it. Nothing is called after this but closed().
    std::function<void(std::string why)> give_up;
  };

  explicit HaSession(Handlers handlers) : handlers_(std::move(handlers)) {}

  /// A new connection stands. The token is forgotten as soon as it was sent.
  void opened(std::string token, Instant now);
  void heard(std::string_view frame, Instant now);
  /// The connection is gone: all that waits is answered "gone", and subscriptions end.
  void closed();
  /// Once a second or so: what was not answered in time, and whether anybody is still there.
  void tick(Instant now);

  /// `then` is called exactly once, "gone" at once when nobody is logged in or too many wait already.
  void ask(Json command, Instant now, OnAnswer then, milliseconds within = kAnswerWithin, bool urgent = false);
  /// Events may come before the answer. Ends with the connection.
  void subscribe(Json command, Instant now, OnEvent on_event, OnAnswer then);

  bool is_up() const { return state_ == State::up; }
  const std::string& version() const { return version_; }  // of Home Assistant, at the last log-in

 private:
  enum class State : std::uint8_t { closed, logging_in, up, over };
  struct Waiting {
    OnAnswer then;
    Instant due;
    bool ping;
  };

  std::uint64_t send(Json command, Instant now, OnAnswer then, milliseconds within, bool ping = false,
                     std::size_t at_most = kMaxWaiting);
  void hear_one(const Json& message, Instant now);
  void logging_in(const Json& message, std::string_view type, Instant now);
  void answer(std::uint64_t id, const Answer& with);
  void give_up(std::string why);

  Handlers handlers_;
  State state_ = State::closed;
  std::string token_{}, version_{};
  std::uint64_t next_id_ = 1;  // Home Assistant wants them to grow
  std::map<std::uint64_t, Waiting> waiting_;
  std::map<std::uint64_t, OnEvent> subscriptions_;
  Instant last_heard_{}, log_in_due_{};
  bool pinging_ = false;
};

}  // namespace lull
