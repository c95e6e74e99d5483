// Loaded before everything else (LD_PRELOAD): while the file $LULL_READ_ONLY_FLAG exists, what lies below
// $LULL_READ_ONLY_BELOW takes no write, as a disk does that the kernel has remounted read-only after an error.
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {
bool read_only(int fd) {
  const char *flag = std::getenv("LULL_READ_ONLY_FLAG"), *below = std::getenv("LULL_READ_ONLY_BELOW");
  if (flag == nullptr || below == nullptr || access(flag, F_OK) != 0) return false;
  char path[4096];
  const std::string link = "/proc/self/fd/" + std::to_string(fd);
  const ssize_t n = readlink(link.c_str(), path, sizeof path - 1);
  return n > 0 && std::strncmp(path, below, std::strlen(below)) == 0;
}
template <class F>
F real(const char* name) {
  return reinterpret_cast<F>(dlsym(RTLD_NEXT, name));
}
ssize_t refused() {
  errno = EROFS;
  return -1;
}
}  // namespace

extern "C" {
ssize_t pwrite64(int fd, const void* data, size_t n, off64_t at) {
  static const auto next = real<ssize_t (*)(int, const void*, size_t, off64_t)>("pwrite64");
  return read_only(fd) ? refused() : next(fd, data, n, at);
}
ssize_t pwrite(int fd, const void* data, size_t n, off_t at) {
  static const auto next = real<ssize_t (*)(int, const void*, size_t, off_t)>("pwrite");
  return read_only(fd) ? refused() : next(fd, data, n, at);
}
ssize_t write(int fd, const void* data, size_t n) {
  static const auto next = real<ssize_t (*)(int, const void*, size_t)>("write");
  return read_only(fd) ? refused() : next(fd, data, n);
}
int ftruncate64(int fd, off64_t n) {
  static const auto next = real<int (*)(int, off64_t)>("ftruncate64");
  return read_only(fd) ? static_cast<int>(refused()) : next(fd, n);
}
}
