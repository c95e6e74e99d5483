// What reads the past, draws or computes for long, one job after the other on a thread of its own: the loop, and with
// it STOP, waits for none of it.
#pragma once

#include <boost/asio/io_context.hpp>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "bridge/http/message.hpp"

namespace lull {

class Worker {
 public:
  static constexpr std::size_t kWaiting = 16;  // jobs; one more is refused

  explicit Worker(boost::asio::io_context& io) : io_(io) {}
  /// Waits for the job that runs; those that wait are dropped.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// `job` runs on the worker's thread, `answer` then on the loop's. A job that throws is a 500.
  void run(std::function<HttpReply()> job, HttpAnswer answer);

 private:
  void work();

  boost::asio::io_context& io_;
  std::mutex mutex_;
  std::condition_variable woken_;
  std::deque<std::pair<std::function<HttpReply()>, HttpAnswer>> jobs_;
  bool ends_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  std::thread thread_;  // begun by the first job
};

}  // namespace lull
