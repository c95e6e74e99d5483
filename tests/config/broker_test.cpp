// The broker in the household's file: its address, its password, and where its files lie.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/config/files.hpp"

namespace lull {
namespace {

using testing::HasSubstr;

TEST(ABrokersAddress, IsReadInAllItsForms) {
  const auto read = [](const std::string& broker) {
    const Loaded loaded = load_text(
        "broker: " + broker + "\nhome: {time_zone: UTC}\ndevices: [{name: L, is: light, speaks: zigbee2mqtt, at: L}]\n",
        "f");
    EXPECT_TRUE(loaded.settings) << all_of(loaded.problems);
    return loaded.settings && loaded.settings->broker ? *loaded.settings->broker : BrokerSettings{};
  };
  EXPECT_EQ(read("mqtts://h"), (BrokerSettings{"h", 8883, true, "", "", ""}));
  EXPECT_EQ(read("\"mqtt://[fe80::1]:1884/\""), (BrokerSettings{"fe80::1", 1884, false, "", "", ""}));
  EXPECT_EQ(read("\"mqtt://[::1]\""), (BrokerSettings{"::1", 1883, false, "", "", ""}));
  EXPECT_EQ(read("mqtt://me@h"), (BrokerSettings{"h", 1883, false, "me", "", ""}));
  EXPECT_EQ(read("{host: h, tls: yes, ca: /ca.pem}"), (BrokerSettings{"h", 8883, true, "", "", "/ca.pem"}));
  EXPECT_EQ(read("{url: \"mqtts://me@h\", ca: /ca.pem, certificate: /me.pem, key: /me.key}"),
            (BrokerSettings{"h", 8883, true, "me", "", "/ca.pem", "/me.pem", "/me.key"}));
}

TEST(ABrokersPassword, MayLieInAFileThatNobodyElseCanRead) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / ("lull-password-" + std::to_string(::getpid()));
  fs::create_directories(folder);
  std::ofstream(folder / "lull.yaml") << "broker: {url: mqtts://lull@h, password_file: broker.password}\n"
                                         "home: {time_zone: UTC}\n"
                                         "devices: [{name: L, is: light, speaks: zigbee2mqtt, at: L}]\n";
  const auto load = [&] { return load_file((folder / "lull.yaml").string()); };
  EXPECT_THAT(all_of(load().problems), HasSubstr("/broker/password_file names a file that cannot be read"));
  std::ofstream(folder / "broker.password") << "hunter2\r\nnotes\n";
  fs::permissions(folder / "broker.password", fs::perms(0640));
  EXPECT_THAT(all_of(load().problems), HasSubstr("may be read or changed by others (mode 640); chmod 600 "));
  EXPECT_THAT(all_of(load().problems), testing::Not(HasSubstr("hunter2")));
  fs::permissions(folder / "broker.password", fs::perms(0600));
  const Loaded loaded = load();
  ASSERT_TRUE(loaded.settings) << all_of(loaded.problems);
  EXPECT_EQ(loaded.settings->broker->password, "hunter2");
  EXPECT_TRUE(loaded.hints.empty()) << all_of(loaded.hints);
  EXPECT_THAT(loaded.settings->text, testing::Not(HasSubstr("hunter2")));
  fs::create_directories(folder / "handed out");
  std::ofstream(folder / "handed out" / "broker.password") << "of the unit\n";
  fs::permissions(folder / "handed out" / "broker.password", fs::perms(0440));
  ::setenv("CREDENTIALS_DIRECTORY", (folder / "handed out").c_str(), 1);
  EXPECT_EQ(load().settings->broker->password, "of the unit") << "the file itself is root's, and not the service's";
  fs::remove(folder / "handed out" / "broker.password");
  EXPECT_EQ(load().settings->broker->password, "hunter2") << "nothing of that name was handed out";
  std::ofstream(folder / "handed out" / "secrets.yaml") << "of_the_unit: opensesame\n";
  std::ofstream(folder / "lull.yaml") << "broker: {url: mqtts://lull@h, password: !secret of_the_unit}\n"
                                         "home: {time_zone: UTC}\n"
                                         "devices: [{name: L, is: light, speaks: zigbee2mqtt, at: L}]\n";
  EXPECT_EQ(load().settings->broker->password, "opensesame");
  ::unsetenv("CREDENTIALS_DIRECTORY");
  fs::remove_all(folder);
}

TEST(ABrokersPassword, WrittenOutIsWarnedOf) {
  const std::string rest = "\nhome: {time_zone: UTC}\ndevices: [{name: L, is: light, speaks: zigbee2mqtt, at: L}]\n";
  for (const std::string broker : {"broker: mqtt://u:hunter2@h", "broker: {host: h, user: u, password: hunter2}",
                                   "broker: {url: \"mqtt://u:hunter2@h\"}"}) {
    const Loaded loaded = load_text(broker + rest, "f");
    ASSERT_TRUE(loaded.settings) << all_of(loaded.problems);
    EXPECT_THAT(all_of(loaded.hints), HasSubstr("is written out in this file")) << broker;
    EXPECT_THAT(all_of(loaded.hints) + loaded.settings->text, testing::Not(HasSubstr("hunter2"))) << broker;
  }
  EXPECT_TRUE(load_text("broker: {host: h, user: u, password: !secret p}" + rest, "f", "p: hunter2\n").hints.empty());
}

TEST(EveryFileOfAConfiguration, LiesBesideIt) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / ("lull-beside-" + std::to_string(::getpid()));
  fs::create_directories(folder);
  std::ofstream(folder / "lull.yaml")
      << "broker: {url: mqtts://h, ca: ca.pem, certificate: keys/me.pem, key: /keys/me.key, password_file: password}\n"
         "home_assistant: {url: \"https://h\", ca: ca.pem, token_file: token}\n"
         "ntfy: {url: \"https://h\", ca: ca.pem, token_file: token, topics: {everybody: lull}}\n"
         "http: {certificate: lull.pem, key: lull.key, users: users}\n"
         "home: {time_zone: UTC}\n"
         "devices: [{name: L, is: light, speaks: zigbee2mqtt, at: L}]\n";
  std::ofstream(folder / "password") << "hunter2\n";
  fs::permissions(folder / "password", fs::perms(0600));
  const Loaded loaded = load_file((folder / "lull.yaml").string());  // from another folder than that one
  ASSERT_TRUE(loaded.settings) << all_of(loaded.problems);
  const auto here = [&](const char* name) { return (folder / name).string(); };
  const BrokerSettings& broker = *loaded.settings->broker;
  EXPECT_EQ(broker.ca_file, here("ca.pem"));
  EXPECT_EQ(broker.certificate_file, here("keys/me.pem"));
  EXPECT_EQ(broker.key_file, "/keys/me.key");
  EXPECT_EQ(broker.password, "hunter2");
  const HomeAssistantSettings& ha = loaded.settings->home_assistant;
  EXPECT_EQ(ha.ca_file, here("ca.pem"));
  EXPECT_EQ(ha.token_file, here("token"));
  EXPECT_EQ(loaded.settings->ntfy.ca_file, here("ca.pem"));
  EXPECT_EQ(loaded.settings->ntfy.token_file, here("token"));
  const HttpSettings& http = loaded.settings->http;
  EXPECT_EQ(http.certificate_file, here("lull.pem"));
  EXPECT_EQ(http.key_file, here("lull.key"));
  EXPECT_EQ(http.users_file, here("users"));
  fs::remove_all(folder);
}

TEST(ABrokersCertificates, MeanNothingAlone) {
  const std::string rest = "\nhome: {time_zone: UTC}\ndevices: [{name: L, is: light, speaks: zigbee2mqtt, at: L}]\n";
  EXPECT_THAT(all_of(load_text("broker: {host: h, ca: a}" + rest, "f").problems), HasSubstr("no use without TLS"));
  EXPECT_THAT(all_of(load_text("broker: {url: \"mqtts://h\", certificate: a}" + rest, "f").problems),
              HasSubstr("/broker/certificate needs its `key` beside it"));
  EXPECT_THAT(all_of(load_text("broker: {url: \"mqtts://h\", key: a}" + rest, "f").problems),
              HasSubstr("/broker/key needs its `certificate` beside it"));
}

}  // namespace
}  // namespace lull
