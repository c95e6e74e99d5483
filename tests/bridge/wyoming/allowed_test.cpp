// Who may speak: this machine, or exactly those that a household names.
#include "bridge/wyoming/allowed.hpp"

#include <gtest/gtest.h>

#include "bridge/asio.hpp"

namespace lull {
namespace {

bool lets_in(const std::vector<std::string>& from, const char* who) {
  const auto allowed = Allowed::from(from);
  return allowed && allowed->holds(boost::asio::ip::make_address(who));
}

TEST(WhoMaySpeak, IsThisMachineAloneUnlessSomebodyIsNamed) {
  EXPECT_TRUE(lets_in({}, "127.0.0.1"));
  EXPECT_TRUE(lets_in({}, "::1"));
  EXPECT_TRUE(lets_in({}, "::ffff:127.0.0.1")) << "the same, by a socket for both";
  for (const char* other : {"192.168.1.20", "::ffff:192.168.1.20", "fd00::1", "0.0.0.0"})
    EXPECT_FALSE(lets_in({}, other));
}

TEST(WhoMaySpeak, IsWhoeverIsNamedAndNobodyElse) {
  EXPECT_TRUE(lets_in({"192.168.1.20"}, "192.168.1.20"));
  EXPECT_TRUE(lets_in({"192.168.1.20"}, "::ffff:192.168.1.20"));
  EXPECT_FALSE(lets_in({"192.168.1.20"}, "192.168.1.21"));
  EXPECT_FALSE(lets_in({"192.168.1.20"}, "127.0.0.1")) << "exactly";
  EXPECT_TRUE(lets_in({"192.168.1.20", "172.30.32.0/23"}, "172.30.33.255"));
  EXPECT_FALSE(lets_in({"172.30.32.0/23"}, "172.30.34.0"));
  EXPECT_TRUE(lets_in({"172.30.33.7/23"}, "172.30.32.1"));
  EXPECT_TRUE(lets_in({"fd00::/8"}, "fd12::7"));
  EXPECT_FALSE(lets_in({"fd00::/8"}, "fe80::7"));
  EXPECT_FALSE(lets_in({"::/0"}, "10.0.0.1")) << "another family";
  EXPECT_TRUE(lets_in({"0.0.0.0/0"}, "10.0.0.1"));
}

TEST(WhoMaySpeak, IsNobodyWhereItIsWrittenWrong) {
  for (const char* odd : {"", "home", "192.168.1", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8x", "::/129"})
    EXPECT_FALSE(Allowed::from({odd})) << odd;
}

}  // namespace
}  // namespace lull
