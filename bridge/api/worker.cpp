// One thread, one job after the other.
#include "bridge/api/worker.hpp"

#include <boost/asio/post.hpp>
#include <exception>
#include <utility>

#include "bridge/give_way.hpp"

namespace lull {

Worker::~Worker() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
    jobs_.clear();
  }
  woken_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Worker::run(std::function<HttpReply()> job, HttpAnswer answer) {
  {
    const std::lock_guard lock(mutex_);
    if (jobs_.size() >= kWaiting) {
      HttpReply busy = http_problem(503, "much is asked for just now", "busy", "ask again in a few seconds");
      busy.fields.emplace_back("Retry-After", "5");
      return answer(std::move(busy));
    }
    jobs_.emplace_back(std::move(job), std::move(answer));
  }
  if (!thread_.joinable()) thread_ = std::thread([this] { work(); });
  woken_.notify_one();
}

void Worker::work() {
  give_way();
  const std::weak_ptr<bool> alive = alive_;
  for (;;) {
    std::unique_lock lock(mutex_);
    woken_.wait(lock, [&] { return ends_ || !jobs_.empty(); });
    if (ends_) return;
    auto [job, answer] = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    HttpReply reply;
    try {
      reply = job();
    } catch (const std::exception& wrong) { reply = http_problem(500, wrong.what(), "fault"); }
    boost::asio::post(io_, [alive, answer = std::move(answer), reply = std::move(reply)]() mutable {
      if (alive.lock()) answer(std::move(reply));
    });
  }
}

}  // namespace lull
