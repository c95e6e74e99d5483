// Hands messages to the MQTT library on a thread of its own, so that the loop never waits for the library's lock.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

#include "bridge/mqtt/message.hpp"

namespace lull {

/// Paho holds its one lock for each message that comes in, and is fair to nobody: in a flood whoever publishes waits
/// for it, sometimes for tens of milliseconds, and behind the loop that waits there may be a STOP.
class Sender {
 public:
  using Send = std::function<void(const Publish&, std::uint64_t proof)>;

  /// `send` is called on the sender's thread, in order; at most `most` messages wait for it.
  Sender(std::size_t most, Send send) : most_(most), send_(std::move(send)), thread_([this] { work(); }) {}
  ~Sender() {
    end();
    thread_.join();
  }
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;

  /// What still waits is forgotten, and nothing is taken any more: nothing goes out late.
  void end() {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    wake_.notify_one();
  }

  /// Never waits. False: too many are waiting already.
  bool take(const Publish& what, std::uint64_t proof = 0) {
    Order order{what, proof};
    const std::lock_guard lock(mutex_);
    if (ended_ || waiting_.size() >= most_) return false;
    waiting_.push_back(std::move(order));
    if (waiting_.size() == 1) wake_.notify_one();
    return true;
  }

 private:
  struct Order {
    Publish what;
    std::uint64_t proof;
  };

  void work() {
    std::unique_lock lock(mutex_);
    while (true) {
      wake_.wait(lock, [this] { return ended_ || !waiting_.empty(); });
      if (ended_) return;
      const Order next = std::move(waiting_.front());
      waiting_.pop_front();
      lock.unlock();
      send_(next.what, next.proof);
      lock.lock();
    }
  }

  const std::size_t most_;
  const Send send_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Order> waiting_;
  bool ended_ = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace lull
