// Who may speak, by the address they speak from: the only lock there is on a protocol without a login.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <string>
#include <vector>

#include "devices/result.hpp"

namespace lull {

class Allowed {
 public:
  /// "192.168.1.20", "172.30.32.0/23", "fd00::/8". None: this machine alone.
  static Result<Allowed> from(const std::vector<std::string>& written);
  bool holds(const boost::asio::ip::address& who) const;

 private:
  struct Range {
    boost::asio::ip::address base;
    unsigned bits;
  };
  std::vector<Range> ranges_;
};

}  // namespace lull
