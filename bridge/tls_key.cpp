// The key's own sentence for each way in which it is of no use.
#include "bridge/tls_key.hpp"

#include <openssl/err.h>

#include "bridge/mqtt/topic.hpp"

namespace lull {

void ask_no_passphrase(SSL_CTX* context) {
  SSL_CTX_set_default_passwd_cb(context, [](char*, int, int, void* asked) {
    if (asked) *static_cast<bool*>(asked) = true;
    return 0;
  });
}

std::string take_key(SSL_CTX* context, const std::string& key_file, const std::string& certificate_file) {
  bool asked = false;
  ask_no_passphrase(context);
  SSL_CTX_set_default_passwd_cb_userdata(context, &asked);
  ERR_clear_error();
  const bool taken = SSL_CTX_use_PrivateKey_file(context, key_file.c_str(), SSL_FILETYPE_PEM) == 1;
  SSL_CTX_set_default_passwd_cb_userdata(context, nullptr);  // Asio would take it for one of its own
  if (asked)
    return "is encrypted, and when Lull starts nobody is there to type its passphrase; keep it without one, where only "
           "Lull's user can read it: openssl pkey -in " +
           readable(key_file) + " -out " + readable(key_file) + ".plain";
  const bool fits = taken && SSL_CTX_check_private_key(context) == 1;  // of another kind it is taken, too
  const bool other = taken || ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_VALUES_MISMATCH;
  ERR_clear_error();
  if (fits) return "";
  return other ? "does not belong to the certificate " + readable(certificate_file)
               : "is no key (PEM) that can be read";
}

}  // namespace lull
