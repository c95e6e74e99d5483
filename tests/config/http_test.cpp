// Where the page is served, and what it needs for others than this machine.
#include <gmock/gmock.h>

#include "tests/config/files.hpp"

namespace lull {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

Loaded with(const std::string& http) {
  return load_text("home: {name: X, time_zone: UTC}\nhttp: " + http +
                       "\nsleepers: [{name: Ana}]\ndevices: [{name: Pad, is: massage_pad, speaks: esphome, at: a/b}]\n",
                   "lull.yaml");
}

TEST(TheWebDoor, IsForThisMachineUnlessAHouseholdSaysMore) {
  const Loaded plain = with("{}");
  ASSERT_TRUE(plain.settings) << all_of(plain.problems);
  EXPECT_EQ(plain.settings->http.address, "127.0.0.1");
  EXPECT_EQ(plain.settings->http.port, 8099);
  const Loaded more = with("{address: 0.0.0.0, certificate: /c.pem, key: /k.pem, users: /users}");
  ASSERT_TRUE(more.settings) << all_of(more.problems);
  EXPECT_EQ(more.settings->http.certificate_file, "/c.pem");
  EXPECT_EQ(more.settings->http.key_file, "/k.pem");
  EXPECT_EQ(more.settings->http.users_file, "/users");
}

TEST(TheWebDoor, NeedsACertificateAndItsKeyTogether) {
  EXPECT_THAT(all_of(with("{certificate: /c.pem}").problems), HasSubstr("`certificate` and `key` belong together"));
  EXPECT_THAT(all_of(with("{key: /k.pem}").problems), HasSubstr("`certificate` and `key` belong together"));
}

TEST(TheWebDoor, SaysThatUsersAloneCannotLogIn) {
  EXPECT_THAT(all_of(with("{users: /users}").hints), HasSubstr("/http/users"));
  EXPECT_THAT(all_of(with("{users: /users, certificate: /c.pem, key: /k.pem}").problems), IsEmpty());
}

}  // namespace
}  // namespace lull
