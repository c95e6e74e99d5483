// A socket in the state folder, through which `lull stop` speaks to the running service: needs no broker, no password
// and no network, only the right to enter the folder.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "devices/result.hpp"

namespace lull {

class LocalDoor {
 public:
  static constexpr std::size_t kLongest = 64;  // bytes of a question; more is none
  static constexpr int kGuests = 8;            // at once; others wait in the kernel's queue

  /// `answer` gets one line and gives the whole reply; on the loop's thread. Only the owner of the process may come in.
  /// Errors: the folder's name is too long for a socket, it cannot be written.
  static Result<std::unique_ptr<LocalDoor>> open(boost::asio::io_context&, const std::string& state_dir,
                                                 std::function<std::string(std::string_view)> answer);
  ~LocalDoor();
  LocalDoor(const LocalDoor&) = delete;
  LocalDoor& operator=(const LocalDoor&) = delete;

 private:
  struct Impl;
  explicit LocalDoor(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
  std::shared_ptr<Impl> impl_;
};

/// The other side: asks the service of that state folder, and waits for its reply.
Result<std::string> ask_at_door(const std::string& state_dir, std::string_view question,
                                std::chrono::milliseconds within);

}  // namespace lull
