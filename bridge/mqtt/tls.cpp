// A handshake by Asio and OpenSSL, and a sentence for each way in which it fails.
#include "bridge/mqtt/tls.hpp"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <boost/asio/ssl.hpp>
#include <chrono>
#include <cstdio>
#include <utility>

#include "bridge/asio.hpp"
#include "bridge/tls_key.hpp"
#include "bridge/tls_words.hpp"

namespace lull {
namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
using asio::ip::tcp;
using boost::system::error_code;
using namespace std::chrono_literals;

namespace {

constexpr auto kHandshake = 5s;
/// With TLS 1.3 our side is done before the broker has looked at our certificate: its refusal comes a moment later.
constexpr auto kSecondThought = 300ms;

bool readable_file(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "re");
  if (file) std::fclose(file);
  return file != nullptr;
}

/// "": the certificate that `context` would show is valid now.
std::string own_certificate_problem(ssl::context& context, const std::string& path) {
  const X509* own = SSL_CTX_get0_certificate(context.native_handle());
  if (!own) return "";
  if (X509_cmp_current_time(X509_get0_notAfter(own)) < 0) return "our certificate " + path + " has expired; renew it";
  if (X509_cmp_current_time(X509_get0_notBefore(own)) > 0)
    return "our certificate " + path + " is not valid yet; is this machine's clock right?";
  return "";
}

/// Fills the context from the files. "": all fits.
std::string load(ssl::context& context, const BrokerAddress& broker) {
  error_code wrong;
  ask_no_passphrase(context.native_handle());
  for (const auto& [path, what] : {std::pair{&broker.ca_file, "the authorities (`ca`)"},
                                   std::pair{&broker.certificate_file, "our certificate (`certificate`)"},
                                   std::pair{&broker.key_file, "our key (`key`)"}})
    if (!path->empty() && !readable_file(*path))
      return "the file with " + std::string(what) + " cannot be read: " + *path;
  if (broker.ca_file.empty())
    context.set_default_verify_paths(wrong);
  else
    context.load_verify_file(broker.ca_file, wrong);
  if (wrong && !broker.ca_file.empty())
    return "there is no certificate (PEM) in the file of authorities: " + broker.ca_file;
  if (broker.certificate_file.empty()) return "";
  context.use_certificate_chain_file(broker.certificate_file, wrong);
  if (wrong) return "there is no certificate (PEM) in " + broker.certificate_file;
  if (const std::string bad = take_key(context.native_handle(), broker.key_file, broker.certificate_file); !bad.empty())
    return "our key (`key`) " + broker.key_file + " " + bad;
  return own_certificate_problem(context, broker.certificate_file);
}

TlsPeer peer_of(const BrokerAddress& broker) { return {"the broker", "mqtts", broker.host, true}; }

}  // namespace

std::string tls_files_problem(const BrokerAddress& broker) {
  if (!broker.tls) return "";
  ssl::context context(ssl::context::tls_client);
  return load(context, broker);
}

struct TlsLook::Impl : std::enable_shared_from_this<Impl> {
  BrokerAddress broker;
  std::function<void(std::string)> told;
  ssl::context context{ssl::context::tls_client};
  std::string problem;
  ssl::stream<tcp::socket> stream;
  asio::steady_timer timer;
  bool asked_for_ours = false;
  char byte = 0;

  Impl(tcp::socket socket, const BrokerAddress& b, std::function<void(std::string)> t)
      : broker(b),
        told(std::move(t)),
        problem(load(context, b)),
        stream(std::move(socket), context),
        timer(stream.get_executor()) {}

  void tell(std::string what) {
    timer.cancel();
    if (told) std::exchange(told, nullptr)(std::move(what));
  }
  void within(std::chrono::milliseconds span, std::string what) {
    timer.expires_after(span);
    timer.async_wait([weak = weak_from_this(), what = std::move(what)](error_code cancelled) {
      if (const auto self = weak.lock(); self && !cancelled) self->tell(what);
    });
  }

  void begin() {
    if (!problem.empty())
      return asio::post(stream.get_executor(), [self = shared_from_this()] { self->tell(self->problem); });
    SSL* const handle = stream.native_handle();
    tls_expect(handle, peer_of(broker));
    SSL_set_cert_cb(
        handle,
        [](SSL*, void* self) {
          static_cast<Impl*>(self)->asked_for_ours = true;
          return 1;
        },
        this);
    within(kHandshake, "the broker does not answer the TLS handshake; is it the port for mqtts?");
    stream.async_handshake(ssl::stream_base::client, [weak = weak_from_this()](error_code failed) {
      if (const auto self = weak.lock(); self && self->told) self->shook_hands(failed);
    });
  }

  std::string verdict(const error_code& failed) {
    return tls_verdict(stream.native_handle(), failed, peer_of(broker), !broker.certificate_file.empty());
  }

  void shook_hands(error_code failed) {
    if (failed) return tell(verdict(failed));
    if (!asked_for_ours) return tell("");
    within(kSecondThought, "");
    stream.async_read_some(asio::buffer(&byte, 1), [weak = weak_from_this()](error_code refused, std::size_t) {
      const auto self = weak.lock();
      if (!self || !self->told || refused == asio::error::operation_aborted) return;
      self->tell(refused ? self->verdict(refused) : "");
    });
  }
};

TlsLook::TlsLook(tcp::socket socket, const BrokerAddress& broker, std::function<void(std::string)> told)
    : impl_(std::make_shared<Impl>(std::move(socket), broker, std::move(told))) {
  impl_->begin();
}
TlsLook::~TlsLook() {
  impl_->told = nullptr;
  impl_->timer.cancel();
  error_code ignored;
  impl_->stream.lowest_layer().close(ignored);
}

}  // namespace lull
