// What is wrong with a TLS connection, in words that tell a person what to do; and whom it must reach.
#pragma once

#include <openssl/ssl.h>

#include <boost/system/error_code.hpp>
#include <string>

namespace lull {

/// The other side, as sentences call it.
struct TlsPeer {
  std::string who;          // "the broker", "Home Assistant"
  std::string scheme;       // "mqtts", "https"
  std::string host;         // as the household wrote it: its certificate must carry this name
  bool takes_ours = false;  // the configuration has keys for a certificate of ours
};

/// The other side's certificate must be signed by a known authority, be valid now, and carry the peer's name.
void tls_expect(SSL* handle, const TlsPeer& peer);
/// Why the handshake came to nothing. `has_own`: we showed a certificate of ours.
std::string tls_verdict(SSL* handle, const boost::system::error_code& failed, const TlsPeer& peer, bool has_own);

}  // namespace lull
