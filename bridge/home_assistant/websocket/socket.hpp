// One WebSocket connection: plain or TLS, everything asynchronous, everything bounded.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "bridge/home_assistant/websocket/address.hpp"

namespace lull {

class HaSocket {
 public:
  static constexpr std::size_t kMaxQueued = 512;              // frames that wait to be written,
  static constexpr std::size_t kMaxQueuedBytes = 256 * 1024;  // and their bytes
  static constexpr std::chrono::seconds kWithin{5};  // to connect, to shake hands (TLS, then WebSocket), to close

  /// Called on the loop's thread, never from inside the constructor, send() or the destructor.
  struct Handlers {
    std::function<void()> opened;
    std::function<void(std::string_view frame)> heard;
    /// Once, and nothing after it. `why`: a sentence for a person.
    std::function<void(std::string why)> closed;
  };

  /// Begins to connect at once.
  HaSocket(boost::asio::io_context&, HaAddress, std::size_t max_frame, Handlers);
  /// Drops the connection; no handler is called any more. Not from inside heard() or opened().
  ~HaSocket();
  HaSocket(const HaSocket&) = delete;
  HaSocket& operator=(const HaSocket&) = delete;

  /// False: not open, or too much waits already.
  bool send(std::string frame);
  /// The closing handshake; then closed() is called.
  void close();

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace lull
