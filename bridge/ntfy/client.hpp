// The road by ntfy: what waits, who carries it, what is said about it in the log.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <random>
#include <string>

#include "bridge/ntfy/post.hpp"
#include "bridge/ntfy/queue.hpp"

namespace lull {

class NtfyClient {
 public:
  struct Handlers {
    std::function<void(const std::string&)> news;     // for the log
    std::function<void(const std::string&)> trouble;  // something a person should read; each said once until it changes
    std::function<void()> changed;                    // the status
  };
  NtfyClient(boost::asio::io_context& loop, const House& house, const NtfySettings& settings, NtfyAddress address,
             Handlers handlers);

  /// `picture`: of the night, goes with a summary.
  void notify(const Notify& what, std::shared_ptr<const std::string> picture);
  /// Once a second.
  void beat();
  const NtfyStatus& status() const { return status_; }

 private:
  void send();
  void answered(std::uint64_t letter, const NtfyOutcome& outcome);

  Handlers handlers_;
  NtfyQueue queue_;
  NtfyStatus status_, shown_;
  std::string last_trouble_;
  std::minstd_rand dice_{std::random_device{}()};
  NtfyPost post_;  // last: ends first
};

}  // namespace lull
