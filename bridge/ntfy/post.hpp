// One message to an ntfy server over HTTPS, on a thread and an event loop of their own: a name that cannot be looked
// up, a handshake or an upload never stands in the way of a STOP, nor of the name of the broker.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "bridge/ntfy/queue.hpp"

namespace lull {

struct NtfyAddress {
  std::string host;
  std::uint16_t port = 443;
  bool tls = true;
  std::string ca_file{};              // "": the system's authorities
  std::string token{}, token_file{};  // from the environment; or in a file, read anew for each message
};
/// The environment goes before the file. Nothing: not used.
std::optional<NtfyAddress> ntfy_address_of(const NtfySettings& settings);

class NtfyPost {
 public:
  using Done = std::function<void(const NtfyOutcome&)>;
  static constexpr std::chrono::seconds kWithin{30};      // in all, a picture over a slow line included
  static constexpr std::chrono::minutes kRefusedFor{60};  // so long what was refused is not tried with the same token
  static constexpr std::size_t kMaxAnswer = 8 * 1024;     // bytes of its first line; what follows it is not read

  NtfyPost(boost::asio::io_context& loop, NtfyAddress address);
  /// No `done` is called any more. Never waits long: a name that is being looked up is left alone with its thread.
  ~NtfyPost();
  NtfyPost(const NtfyPost&) = delete;
  NtfyPost& operator=(const NtfyPost&) = delete;

  /// `done` is called on the loop, once, never from inside.
  void send(NtfyRequest request, Done done);
  /// Asks for the account behind the token and tells nobody anything: 200, or why not.
  void look(Done done);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace lull
