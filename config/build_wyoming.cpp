// Wyoming: where Lull listens to Assist, and to whom. The protocol has no login, so this is the only lock on that door.
#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <optional>

#include "config/build.hpp"

namespace lull::config {
namespace {

/// How many bits its address has; nothing: it is none.
std::optional<int> bits_of(const std::string& address) {
  std::array<unsigned char, 16> bytes{};
  if (::inet_pton(AF_INET, address.c_str(), bytes.data()) == 1) return 32;
  if (::inet_pton(AF_INET6, address.c_str(), bytes.data()) == 1) return 128;
  return std::nullopt;
}
bool is_this_machine(const std::string& address) { return address == "::1" || address.rfind("127.", 0) == 0; }

/// "172.30.32.0/23": the bits of its prefix, all of them for an address. Nothing: it is neither.
std::optional<int> prefix_of(const std::string& written) {
  const std::size_t slash = written.find('/');
  const auto bits = bits_of(written.substr(0, slash));
  if (!bits || slash == written.npos) return bits;
  const auto prefix = number_from(written.substr(slash + 1));
  return prefix && *prefix >= 0 && *prefix <= *bits ? std::optional(static_cast<int>(*prefix)) : std::nullopt;
}

void read_from(Building& b, const Place& from, WyomingSettings& w) {
  for (const Place& at : from.each()) {
    const std::string written = text(at).value_or("");
    if (written.empty()) continue;
    const auto prefix = prefix_of(written);
    if (!prefix)
      b.problem(at, "is " + shown(*at.node) +
                        ", which is no address and no network; write one such as 192.168.1.20 or 172.30.32.0/23");
    else if (*prefix == 0)
      b.hint(at,
             "lets in everybody who reaches the port, and Wyoming knows no login; better the address of Home "
             "Assistant alone");
    w.from.push_back(written);
  }
}

void read_whisper(const Place& at, WyomingSettings& w) {
  const auto times = at.each();
  if (times.size() != 2) return;
  w.whisper_from = time_from(text(times[0]).value_or("")).value_or(w.whisper_from);
  w.whisper_to = time_from(text(times[1]).value_or("")).value_or(w.whisper_to);
}

}  // namespace

void build_wyoming(Building& b) {
  const Place at = Place{&b.root, ""}["wyoming"];
  if (!at) return;
  WyomingSettings& w = b.settings.wyoming;
  if (const auto port = whole(at["port"]); port && *port >= 1 && *port <= 65535)
    w.port = static_cast<std::uint16_t>(*port);
  if (const Place address = at["address"]; text(address)) {
    w.address = *text(address);
    if (!bits_of(w.address))
      b.problem(address, "is " + shown(*address.node) +
                             ", which is no IP address; 127.0.0.1 is this machine alone, 0.0.0.0 all networks");
    else if (!is_this_machine(w.address) && !at["from"])
      b.problem(address,
                "listens beyond this machine, and Wyoming knows no login: whoever reaches the port could begin a "
                "massage. Write `from` beside it, with the address of Home Assistant");
  }
  read_from(b, at["from"], w);
  read_whisper(at["whisper"], w);
  if (b.settings.http.enabled && w.port == b.settings.http.port)
    b.problem(at["port"], "is the port of the page, too; choose another one, such as 10400");
}

}  // namespace lull::config
