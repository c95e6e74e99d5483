// Reads a password from a file, and refuses one that others may read.
#include "config/password.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace lull::config {
namespace {

constexpr std::size_t kMaxPassword = 512;

/// Where systemd hands this service its secrets, with a / behind it; "" when it does not.
std::string handed_out() {
  const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
  return folder && *folder ? std::string(folder) + "/" : "";
}
/// systemd shows its credentials with the bits of an access list, yet lets nobody but the service read them.
bool is_credential(const std::string& path) {
  const std::string folder = handed_out();
  return !folder.empty() && path.rfind(folder, 0) == 0;
}

}  // namespace

std::string credential(const std::string& name) {
  const std::string folder = handed_out(), path = folder + name.substr(name.rfind('/') + 1);
  return !folder.empty() && path != folder && ::access(path.c_str(), R_OK) == 0 ? path : "";
}

std::string too_open(const std::string& path) {
  struct stat file {};
  if (::stat(path.c_str(), &file) != 0 || (file.st_mode & 077) == 0 || is_credential(path)) return "";
  std::array<char, 8> mode{};
  std::snprintf(mode.data(), mode.size(), "%03o", static_cast<unsigned>(file.st_mode & 0777));
  return "may be read or changed by others (mode " + std::string(mode.data()) + "); chmod 600 " + path;
}

Result<std::string> read_password(const std::string& named) {
  std::string path = credential(named);
  if (path.empty()) path = named;
  if (const std::string open = too_open(path); !open.empty()) return Error{path, "names a file that " + open};
  std::ifstream in(path, std::ios::binary);
  std::string line(kMaxPassword + 2, '\0');
  in.read(line.data(), static_cast<std::streamsize>(line.size()));
  line.resize(static_cast<std::size_t>(in.gcount()));
  if (line.empty()) return Error{path, "names a file that cannot be read or is empty: " + path};
  line.resize(std::min(line.find('\n'), line.size()));
  if (!line.empty() && line.back() == '\r') line.pop_back();
  if (line.empty() || line.size() > kMaxPassword)
    return Error{path, "must name a file whose first line is a password of 1 to 512 bytes"};
  return line;
}

}  // namespace lull::config
