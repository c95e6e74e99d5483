// A sentence for each way in which TLS fails.
#include "bridge/tls_words.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/error.hpp>

#include "bridge/mqtt/topic.hpp"

namespace lull {
namespace {

using boost::system::error_code;

std::string verdict_on(long result, const TlsPeer& peer) {
  const std::string its = peer.who + "'s certificate ";
  switch (result) {
    case X509_V_ERR_CERT_HAS_EXPIRED: return its + "has expired; renew it there";
    case X509_V_ERR_CERT_NOT_YET_VALID: return its + "is not valid yet; is this machine's clock right?";
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return its + "is for another name than " + readable(peer.host) + "; write the name that it carries as " +
             peer.who + "'s host";
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
      return its + "is not signed by an authority that we know; name the right one as `ca`";
    default: return its + "is refused: " + std::string(X509_verify_cert_error_string(result));
  }
}

}  // namespace

void tls_expect(SSL* handle, const TlsPeer& peer) {
  SSL_set_verify(handle, SSL_VERIFY_PEER, nullptr);
  error_code no_address;
  boost::asio::ip::make_address(peer.host, no_address);
  if (no_address) {
    SSL_set1_host(handle, peer.host.c_str());
    SSL_set_tlsext_host_name(handle, peer.host.c_str());
  } else {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(handle), peer.host.c_str());
  }
}

std::string tls_verdict(SSL* handle, const error_code& failed, const TlsPeer& peer, bool has_own) {
  if (const long result = SSL_get_verify_result(handle); result != X509_V_OK) return verdict_on(result, peer);
  if (failed.category() != boost::asio::error::get_ssl_category())
    return peer.who + " ends the connection during the TLS handshake (" + failed.message() + "); is it the port for " +
           peer.scheme + "?";
  switch (ERR_GET_REASON(static_cast<unsigned long>(failed.value()))) {
    case SSL_R_WRONG_VERSION_NUMBER: return "nobody speaks TLS at this port; is it the port for " + peer.scheme + "?";
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE:
      if (!has_own && peer.takes_ours) return peer.who + " wants a certificate of ours; give `certificate` and `key`";
      [[fallthrough]];
    default:
      return (has_own ? peer.who + " does not accept our certificate (" : "TLS does not come about (") +
             failed.message() + ")";
  }
}

}  // namespace lull
