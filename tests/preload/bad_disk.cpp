// Loaded before everything else (LD_PRELOAD): a disk that fails. It is what lies below $LULL_BAD_DISK. While the file
// $LULL_BAD_DISK_DOES/read-only exists it takes no write, as one that the kernel has remounted after an error; while
// $LULL_BAD_DISK_DOES/slow exists each write takes 0.3 s, as on a worn memory card.
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {
bool does(const char* what, int fd) {
  const char *does = std::getenv("LULL_BAD_DISK_DOES"), *below = std::getenv("LULL_BAD_DISK");
  if (does == nullptr || below == nullptr) return false;
  if (access((std::string(does) + "/" + what).c_str(), F_OK) != 0) return false;
  char path[4096];
  const std::string link = "/proc/self/fd/" + std::to_string(fd);
  const ssize_t n = readlink(link.c_str(), path, sizeof path - 1);
  return n > 0 && std::strncmp(path, below, std::strlen(below)) == 0;
}
bool refuses(int fd) {
  if (does("slow", fd)) usleep(300'000);
  return does("read-only", fd);
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
  return refuses(fd) ? refused() : next(fd, data, n, at);
}
ssize_t pwrite(int fd, const void* data, size_t n, off_t at) {
  static const auto next = real<ssize_t (*)(int, const void*, size_t, off_t)>("pwrite");
  return refuses(fd) ? refused() : next(fd, data, n, at);
}
ssize_t write(int fd, const void* data, size_t n) {
  static const auto next = real<ssize_t (*)(int, const void*, size_t)>("write");
  return refuses(fd) ? refused() : next(fd, data, n);
}
int ftruncate64(int fd, off64_t n) {
  static const auto next = real<int (*)(int, off64_t)>("ftruncate64");
  return refuses(fd) ? static_cast<int>(refused()) : next(fd, n);
}
}
