// A small Wyoming server on the program's own loop: one event of a connection is answered at a time, and whatever else
// is ready on the loop comes in between. It knows nothing of Lull.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bridge/wyoming/event.hpp"
#include "devices/result.hpp"

namespace lull {

class WyomingServer {
 public:
  static constexpr std::size_t kConnections = 16;  // at once. When full, the one that came first goes
  static constexpr int kSeconds = 10;              // to say a whole event, and to take its answer
  static constexpr std::size_t kStrangers = 32;    // addresses that are told of

  struct Settings {
    std::string address;
    std::uint16_t port = 0;           // 0: a free one
    std::vector<std::string> from{};  // addresses and networks; empty: this machine
  };
  struct Handlers {
    std::function<std::optional<WyomingEvent>(const WyomingEvent&)> answer;  // must not block
    std::function<void(const std::string& address)> turned_away;             // once an address
  };
  /// Listens at once. Errors: no such address, port taken, what is in `from` is none.
  static Result<std::unique_ptr<WyomingServer>> listen(boost::asio::io_context&, const Settings&, Handlers);
  /// Closes everything. No handler is called any more.
  ~WyomingServer();
  WyomingServer(const WyomingServer&) = delete;
  WyomingServer& operator=(const WyomingServer&) = delete;

  std::uint16_t port() const;

 private:
  struct Impl;
  explicit WyomingServer(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
  std::shared_ptr<Impl> impl_;
};

}  // namespace lull
