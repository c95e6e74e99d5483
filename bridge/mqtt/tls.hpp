// TLS to the broker, looked at once before the sessions use it: their libraries say "TLS error", a person needs a
// sentence.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <memory>
#include <string>

#include "bridge/mqtt/message.hpp"

namespace lull {

/// What is wrong with the files of this address: missing, unreadable, no certificate, a key that does not fit, expired.
/// "": nothing. Reads them each time, for certificates are renewed while Lull runs.
std::string tls_files_problem(const BrokerAddress&);

/// One handshake over a connection that stands already, with the rules that the sessions have: the broker's certificate
/// must be signed by a known authority, be valid now, and carry the name that the household wrote.
class TlsLook {
 public:
  /// `told` is called once, on the loop's thread, with what is wrong ("" nothing); never when this is destroyed before.
  TlsLook(boost::asio::ip::tcp::socket, const BrokerAddress&, std::function<void(std::string)> told);
  ~TlsLook();
  TlsLook(const TlsLook&) = delete;
  TlsLook& operator=(const TlsLook&) = delete;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace lull
