// A password in a file of its own, which nobody but its owner may read.
#pragma once

#include <string>

#include "devices/result.hpp"

namespace lull::config {

/// The first line of this file, or of the credential of that name. An error says what would be right: the file must
/// exist, be readable for us and for nobody else (mode 600; a credential is fine as it is), and hold 1 to 512 bytes in
/// one line.
Result<std::string> read_password(const std::string& named);

/// What systemd hands out to this service (LoadCredential) under the last name of that file, which is root's and which
/// the service itself may not read; "" when there is none.
std::string credential(const std::string& name);

/// What is wrong with who may read this file; "" nothing, or there is no such file.
std::string too_open(const std::string& path);

}  // namespace lull::config
