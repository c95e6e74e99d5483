// Keys of ours for TLS. OpenSSL asks the terminal for the passphrase of an encrypted one; a service has none, and would
// hang at its start.
#pragma once

#include <openssl/ssl.h>

#include <string>

namespace lull {

/// From now on this context asks nobody: what is encrypted is an error. Before any file is loaded.
void ask_no_passphrase(SSL_CTX* context);

/// Takes the key that belongs to the certificate which the context has. "": taken; else what is wrong with it, as the
/// end of a sentence: "is encrypted ...".
std::string take_key(SSL_CTX* context, const std::string& key_file, const std::string& certificate_file);

}  // namespace lull
