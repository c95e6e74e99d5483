// Lull as Assist's agent: off unless it is written, and for this machine unless somebody is named.
#include <gmock/gmock.h>

#include "tests/config/files.hpp"

namespace lull {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

Loaded with(const std::string& wyoming) {
  return load_text(
      "home: {time_zone: UTC}\nwyoming: " + wyoming + "\ndevices: [{name: L, is: light, speaks: zigbee2mqtt, at: L}]\n",
      "f");
}
std::string problems(const std::string& wyoming) { return all_of(with(wyoming).problems); }

TEST(TheVoiceDoor, IsShutUnlessItIsWritten) {
  const Loaded none =
      load_text("home: {time_zone: UTC}\ndevices: [{name: L, is: light, speaks: zigbee2mqtt, at: L}]\n", "f");
  ASSERT_TRUE(none.settings);
  EXPECT_EQ(none.settings->wyoming.port, 0);
  EXPECT_THAT(problems("{}"), HasSubstr("/wyoming/port"));
}

TEST(TheVoiceDoor, IsForThisMachineAndWhispersAtNight) {
  const Loaded loaded = with("{port: 10400}");
  ASSERT_TRUE(loaded.settings) << all_of(loaded.problems);
  EXPECT_THAT(loaded.hints, IsEmpty());
  const WyomingSettings wanted{10400, "127.0.0.1", {}, TimeOfDay{22 * 60}, TimeOfDay{7 * 60}};
  EXPECT_EQ(loaded.settings->wyoming, wanted);
  const Loaded more =
      with("{port: 10500, address: \"::\", from: [192.168.1.20, \"fd00::/8\"], whisper: [\"21:30\", \"06:00\"]}");
  ASSERT_TRUE(more.settings) << all_of(more.problems);
  EXPECT_EQ(more.settings->wyoming.from, (std::vector<std::string>{"192.168.1.20", "fd00::/8"}));
  EXPECT_EQ(more.settings->wyoming.whisper_from, TimeOfDay{21 * 60 + 30});
  EXPECT_EQ(more.settings->wyoming.whisper_to, TimeOfDay{6 * 60});
  EXPECT_EQ(with("{port: 1, from: 10.0.0.7}").settings->wyoming.from, std::vector<std::string>{"10.0.0.7"});
}

TEST(TheVoiceDoor, OpensBeyondThisMachineForThoseAloneWhoAreNamed) {
  for (const char* open : {"0.0.0.0", "192.168.1.5", "\"::\""})
    EXPECT_THAT(problems("{port: 10400, address: " + std::string(open) + "}"), HasSubstr("Wyoming knows no login"));
  EXPECT_THAT(problems("{port: 10400, address: 0.0.0.0, from: 192.168.1.20}"), IsEmpty());
  EXPECT_THAT(problems("{port: 10400, address: 127.0.0.5}"), IsEmpty());
  EXPECT_THAT(problems("{port: 10400, address: \"::1\"}"), IsEmpty());
  EXPECT_THAT(all_of(with("{port: 10400, address: 0.0.0.0, from: 0.0.0.0/0}").hints), HasSubstr("lets in everybody"));
}

TEST(TheVoiceDoor, SaysWhatWouldBeRight) {
  EXPECT_THAT(problems("{port: 8099}"), HasSubstr("is the port of the page"));
  EXPECT_THAT(problems("{port: 0}"), HasSubstr("1 to 65535"));
  EXPECT_THAT(problems("{port: 10400, address: localhost}"), HasSubstr("an IP address of this machine"));
  EXPECT_THAT(problems("{port: 10400, address: 127.0.0}"), HasSubstr("no IP address"));
  EXPECT_THAT(problems("{port: 10400, from: homeassistant.local}"), HasSubstr("such as 192.168.1.20"));
  for (const char* odd : {"10.0.0.0/33", "10.0.0", "\"::/129\""})
    EXPECT_THAT(problems("{port: 10400, from: " + std::string(odd) + "}"), HasSubstr("no address and no network"))
        << odd;
  EXPECT_THAT(problems("{port: 10400, from: []}"), HasSubstr("/wyoming/from"));
  EXPECT_THAT(problems("{port: 10400, whisper: [\"22:00\"]}"), HasSubstr("/wyoming/whisper"));
  EXPECT_THAT(problems("{port: 10400, whisper: [late, \"07:00\"]}"), HasSubstr("a time of day"));
  EXPECT_THAT(problems("{port: 10400, token: x}"), HasSubstr("token"));
}

}  // namespace
}  // namespace lull
