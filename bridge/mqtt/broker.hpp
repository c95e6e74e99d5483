// The broker that Lull brings along when a household has none: mosquitto, on loopback, with a private configuration.
#pragma once

#include <sys/types.h>

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "bridge/mqtt/message.hpp"
#include "devices/result.hpp"

namespace lull {

class Broker {
 public:
  /// Call it on a thread that lives as long as the program: mosquitto ends when that thread does.
  /// Starts mosquitto and waits (at most 5 s) until it takes connections on 127.0.0.1. `port` 0: a free one.
  /// `told`: a line for the log whenever it died, was started again, or complains; on the loop's thread.
  /// `program` is looked for in PATH, then where distributions put it.
  /// Errors: mosquitto is not installed (which package), the folder cannot be written, the port is taken.
  static Result<std::unique_ptr<Broker>> start(boost::asio::io_context&, const std::string& state_dir,
                                               std::uint16_t port = 0, std::function<void(std::string)> told = {},
                                               const std::string& program = "mosquitto");
  /// Ends mosquitto; the wills of clients still connected are sent first.
  ~Broker();
  Broker(const Broker&) = delete;
  Broker& operator=(const Broker&) = delete;

  std::uint16_t port() const;
  BrokerAddress address() const;
  pid_t pid() const;  // 0 while it is being started again

 private:
  struct Impl;
  explicit Broker(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
  std::shared_ptr<Impl> impl_;
};

}  // namespace lull
