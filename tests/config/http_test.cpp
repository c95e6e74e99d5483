// Where the page is served, and what it needs for others than this machine.
#include <gmock/gmock.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

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

TEST(TheWebDoor, TakesWhatSystemdHandsOutBeforeTheFilesOfThatName) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / ("lull-handed-" + std::to_string(::getpid()));
  fs::create_directories(folder);
  for (const char* name : {"lull.key", "lull.users", "client.key"}) std::ofstream(folder / name) << "x";
  std::ofstream(folder / "lull.yaml")
      << "home: {time_zone: UTC}\nhttp: {certificate: lull.pem, key: lull.key, users: /etc/lull/lull.users}\n"
         "broker: {url: \"mqtts://h\", certificate: client.pem, key: /etc/lull/client.key}\n"
         "devices: [{name: L, is: light, speaks: zigbee2mqtt, at: L}]\n";
  ::setenv("CREDENTIALS_DIRECTORY", folder.c_str(), 1);
  const Loaded loaded = load_file((folder / "lull.yaml").string());
  ::unsetenv("CREDENTIALS_DIRECTORY");
  ASSERT_TRUE(loaded.settings) << all_of(loaded.problems);
  EXPECT_EQ(loaded.settings->http.key_file, folder / "lull.key");
  EXPECT_EQ(loaded.settings->http.users_file, folder / "lull.users");
  EXPECT_EQ(loaded.settings->http.certificate_file, folder / "lull.pem") << "beside the file, which is in that folder";
  EXPECT_EQ(loaded.settings->broker->key_file, folder / "client.key");
  EXPECT_EQ(loaded.settings->broker->certificate_file, folder / "client.pem");
  fs::remove_all(folder);
}

}  // namespace
}  // namespace lull
