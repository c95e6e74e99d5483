// A nice value of one thread: Linux keeps one for each.
#include "bridge/give_way.hpp"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace lull {

void give_way() {
  thread_local const bool done = [] {
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)), ::getpriority(PRIO_PROCESS, 0) + 5);
    return true;
  }();
  static_cast<void>(done);
}

}  // namespace lull
