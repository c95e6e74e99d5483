// Addresses, bit by bit.
#include "bridge/wyoming/allowed.hpp"

#include <algorithm>
#include <charconv>

#include "bridge/asio.hpp"

namespace lull {
namespace {

using boost::asio::ip::address;

/// An IPv4 address that came by an IPv6 socket is that IPv4 address.
address own(const address& who) {
  if (!who.is_v6() || !who.to_v6().is_v4_mapped()) return who;
  return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, who.to_v6());
}

template <class Bytes>
bool agree(const Bytes& a, const Bytes& b, unsigned bits) {
  for (unsigned i = 0; i < bits; ++i)
    if (((a[i / 8] ^ b[i / 8]) >> (7 - i % 8)) & 1) return false;
  return true;
}

}  // namespace

Result<Allowed> Allowed::from(const std::vector<std::string>& written) {
  Allowed made;
  for (const std::string& one : written) {
    const std::size_t slash = std::min(one.find('/'), one.size());
    boost::system::error_code failed;
    const address base = own(boost::asio::ip::make_address(one.substr(0, slash), failed));
    const unsigned most = base.is_v4() ? 32 : 128;
    unsigned bits = most;
    if (slash < one.size()) {
      const char *begin = one.data() + slash + 1, *end = one.data() + one.size();
      const auto [stopped, error] = std::from_chars(begin, end, bits);
      if (error != std::errc{} || stopped != end || bits > most) failed = boost::asio::error::invalid_argument;
    }
    if (failed) return Error{"from", one + " is no address and no network"};
    made.ranges_.push_back({base, bits});
  }
  return made;
}

bool Allowed::holds(const address& someone) const {
  const address who = own(someone);
  if (ranges_.empty()) return who.is_loopback();
  return std::any_of(ranges_.begin(), ranges_.end(), [&](const Range& r) {
    if (r.base.is_v4() != who.is_v4()) return false;
    return who.is_v4() ? agree(r.base.to_v4().to_bytes(), who.to_v4().to_bytes(), r.bits)
                       : agree(r.base.to_v6().to_bytes(), who.to_v6().to_bytes(), r.bits);
  });
}

}  // namespace lull
