// The nap of Paho's receiving thread, made to end with the first byte.
#pragma once

#include <vector>

/// Whenever that thread looked for work in vain it sleeps 100 ms, with nobody able to wake it: at each start, for it
/// looks before its sister has made the socket, and after each second without a message. It sleeps by usleep(), and a
/// function of the program itself comes before the C library's: paho_nap.cpp defines it, and leaves everybody else's
/// sleep as it is. A Paho that sleeps in another way naps as before, and is only slower.
namespace lull::paho_nap {

/// Somebody waits for a socket that does not exist yet, so there is nothing to wait on: the thread looks again each
/// millisecond. To be called as often with false as with true.
void socket_awaited(bool);

/// The sockets whose first byte ends a nap, at most 8, instead of those of the call before. With them it may be longer
/// than Paho asked for, since nothing is missed: a sleeping house wakes the machine less often.
void watch(const std::vector<int>& sockets);

}  // namespace lull::paho_nap
