// TCP options on sockets that belong to a library which does not set them itself.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lull {

/// The descriptors of this process that are TCP connections to one of `addresses` (numeric) at `port` and that still
/// wait to fill a packet (no TCP_NODELAY yet): Paho's, for everything else of ours sets it. At most 8.
std::vector<int> delaying_sockets_to(const std::vector<std::string>& addresses, std::uint16_t port);

/// True: what is written waits for the false, or until a packet is full, or 200 ms.
void hold_packets(int descriptor, bool);

/// Small packets leave at once. A descriptor that is gone or something else by now is no error.
void send_without_delay(int descriptor);
/// The next acknowledgement leaves at once. The kernel forgets it: set it again with every message.
void acknowledge_at_once(int descriptor);

}  // namespace lull
