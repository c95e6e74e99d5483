// A password in a file of its own, which nobody but its owner may read.
#pragma once

#include <string>

#include "devices/result.hpp"

namespace lull::config {

/// The first line of this file. An error says what would be right: the file must exist, be readable for us and for
/// nobody else (mode 600; what systemd hands out under $CREDENTIALS_DIRECTORY is fine as it is), and hold 1 to 512
/// bytes in one line.
Result<std::string> read_password(const std::string& path);

/// What is wrong with who may read this file; "" nothing, or there is no such file.
std::string too_open(const std::string& path);

}  // namespace lull::config
