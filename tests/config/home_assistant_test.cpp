// Home Assistant's WebSocket in the household's file: where it is, and whose phones are meant.
#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/config/files.hpp"

namespace lull {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using Urgency = Notify::Urgency;

Loaded load(const std::string& home_assistant) {
  return load_text(
      "home: {time_zone: UTC}\nsleepers: [{name: Ana}, {name: Ben}]\n"
      "devices: [{name: L, is: light, speaks: zigbee2mqtt, at: L}]\nhome_assistant: " +
          home_assistant + "\n",
      "f");
}
HomeAssistantSettings read(const std::string& home_assistant) {
  const Loaded loaded = load(home_assistant);
  EXPECT_TRUE(loaded.settings) << all_of(loaded.problems);
  return loaded.settings ? loaded.settings->home_assistant : HomeAssistantSettings{};
}
std::string problems(const std::string& home_assistant) { return all_of(load(home_assistant).problems); }

TEST(HomeAssistantsAddress, IsTheOneOfItsPage) {
  const auto is = [](const std::string& url, const std::string& host, int port, bool tls) {
    const HomeAssistantSettings h = read("{url: \"" + url + "\"}");
    EXPECT_EQ(h.host, host) << url;
    EXPECT_EQ(h.port, port) << url;
    EXPECT_EQ(h.tls, tls) << url;
  };
  is("http://homeassistant.local:8123", "homeassistant.local", 8123, false);
  is("http://10.0.0.2", "10.0.0.2", 8123, false);
  is("https://home.example/", "home.example", 443, true);
  is("https://[fd00::2]:8123/", "fd00::2", 8123, true);
  EXPECT_TRUE(read("{}").host.empty());
}

TEST(HomeAssistantsAddress, ThatIsNoneSaysWhatWouldBeRight) {
  for (const char* url : {"homeassistant.local:8123", "ws://h:8123", "http://user:secret@h", "http://h:8123/lovelace"})
    EXPECT_THAT(problems("{url: \"" + std::string(url) + "\"}"), HasSubstr("http://homeassistant.local:8123")) << url;
  EXPECT_THAT(problems("{url: \"http://h:70000\"}"), HasSubstr("/home_assistant/url"));
  EXPECT_THAT(problems("{url: \"http://h\", ca: /ca.pem}"), HasSubstr("write https://"));
  EXPECT_THAT(problems("{token_file: t}"), HasSubstr("needs the `url`"));
}

TEST(APhone, BelongsToASleeperOrToEverybody) {
  const auto phones =
      read(
          "{url: \"http://h\", notify: {Ana: mobile_app_pixel, Ben: [mobile_app_a, notify.mobile_app_b, mobile_app_a], "
          "everybody: {to: mobile_app_tablet, about: [restless, summary], picture: image.night}}}")
          .phones;
  const std::vector<PhonesOf> wanted{
      {SleeperId{0}, {"mobile_app_pixel"}, {Urgency::summary, Urgency::fault}, ""},
      {SleeperId{1}, {"mobile_app_a", "notify.mobile_app_b"}, {Urgency::summary, Urgency::fault}, ""},
      {std::nullopt, {"mobile_app_tablet"}, {Urgency::summary, Urgency::restless}, "image.night"}};
  EXPECT_EQ(phones, wanted);
}

TEST(APhone, OfNobodyWhoSleepsHereIsAProblemThatNamesWhoDoes) {
  EXPECT_THAT(problems("{url: \"http://h\", notify: {Anna: mobile_app_pixel}}"),
              testing::AllOf(HasSubstr("/home_assistant/notify/Anna"), HasSubstr("did you mean \"Ana\"?")));
}

TEST(APhone, WithMistakesIsToldOfEach) {
  EXPECT_THAT(problems("{url: \"http://h\", notify: {Ana: Pixel 7}}"), HasSubstr("notify.mobile_app_pixel"));
  EXPECT_THAT(problems("{url: \"http://h\", notify: {Ana: {to: x, about: [alarms]}}}"), HasSubstr("summary"));
  EXPECT_THAT(problems("{url: \"http://h\", notify: {Ana: {about: [summary]}}}"), HasSubstr("to"));
  EXPECT_THAT(problems("{url: \"http://h\", notify: {Ana: {to: x, picture: ana}}}"), HasSubstr("image.ana_last_night"));
}

TEST(APhone, WithoutAnAddressIsAHint) {
  const Loaded loaded = load("{notify: {Ana: mobile_app_pixel}}");
  ASSERT_TRUE(loaded.settings) << "as an app of Home Assistant it needs none";
  EXPECT_THAT(all_of(loaded.hints), HasSubstr("as an app of Home Assistant"));
}

TEST(AToken, LiesInAFileAndItsTroubleIsAHintForAPadMustNotWaitForAPhone) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / ("lull-token-" + std::to_string(::getpid()));
  fs::create_directories(folder);
  std::ofstream(folder / "lull.yaml") << "home: {time_zone: UTC}\n"
                                         "devices: [{name: L, is: light, speaks: zigbee2mqtt, at: L}]\n"
                                         "home_assistant: {url: \"http://h\", token_file: token}\n";
  const auto load_it = [&] { return load_file((folder / "lull.yaml").string()); };
  Loaded loaded = load_it();
  ASSERT_TRUE(loaded.settings) << all_of(loaded.problems);
  EXPECT_EQ(loaded.settings->home_assistant.token_file, (folder / "token").string());
  EXPECT_THAT(all_of(loaded.hints), HasSubstr("/home_assistant/token_file names a file that cannot be read"));
  std::ofstream(folder / "token") << "eyJ-secret\n";
  fs::permissions(folder / "token", fs::perms(0644));
  EXPECT_THAT(all_of(load_it().hints), HasSubstr("chmod 600"));
  fs::permissions(folder / "token", fs::perms(0600));
  loaded = load_it();
  EXPECT_THAT(loaded.hints, IsEmpty()) << all_of(loaded.hints);
  EXPECT_THAT(loaded.settings->text, Not(HasSubstr("eyJ-secret"))) << "the journal's copy does not know it";
  fs::remove_all(folder);
  EXPECT_TRUE(load_journaled(loaded.settings->text, "journal").settings) << "and an old night replays without the file";
}

Loaded bedroom(const std::string& device, const std::string& more = "home_assistant: {url: \"http://h\"}\n") {
  return load_text("home: {time_zone: UTC}\nsleepers: [{name: Ana}]\ndevices:\n  - " + device + "\n" + more, "f");
}

TEST(AnEntityOfHomeAssistants, IsWrittenLikeAnyOtherDevice) {
  for (const char* device :
       {"{name: L, is: light, speaks: home_assistant, at: light.bedside}",
        "{name: F, is: massage_pad, speaks: home_assistant, at: number.feet, full: 10, own_cut_off: 10min}",
        "{name: H, is: massage_pad, speaks: home_assistant, at: select.head, options: [\"Off\", Low], own_cut_off: "
        "10min}",
        "{name: A, is: movement, speaks: home_assistant, at: binary_sensor.ankle, for: Ana}",
        "{name: R, is: movement, speaks: home_assistant, at: sensor.radar, stream: radar, for: Ana}"}) {
    const Loaded loaded = bedroom(device);
    EXPECT_TRUE(loaded.settings) << device << all_of(loaded.problems);
    EXPECT_THAT(all_of(loaded.hints), IsEmpty()) << device;
  }
  EXPECT_THAT(all_of(bedroom("{name: L, is: light, speaks: home_assistant, at: light.bedside}", "").hints),
              HasSubstr("no `url` under `home_assistant`"));
}

TEST(AnEntityOfHomeAssistants, IsRefusedWithWhatWouldBeRight) {
  const auto problem = [](const std::string& device) { return all_of(bedroom(device).problems); };
  EXPECT_THAT(problem("{name: B, is: heat_pad, speaks: home_assistant, at: switch.blanket}"),
              HasSubstr("heat needs a plug in front of it"));
  EXPECT_THAT(problem("{name: F, is: massage_pad, speaks: home_assistant, at: number.feet}"),
              HasSubstr("write `own_cut_off`"));
  EXPECT_THAT(problem("{name: R, is: movement, speaks: home_assistant, at: sensor.radar}"), HasSubstr("stream"));
  EXPECT_THAT(problem("{name: L, is: light, speaks: zigbee2mqtt, at: L, full: 10}"), HasSubstr("means nothing here"));
  EXPECT_THAT(problem("{name: L, is: light, speaks: home_assistant, at: light.bedside, base: ha}"),
              HasSubstr("of Home Assistant there is one"));
}

TEST(AnAlarmClock, ThatCanTellOfNoAlarmIsRefused) {
  EXPECT_THAT(all_of(bedroom("{name: P, is: alarm_clock, speaks: mqtt, hears: [{topic: x, means: battery}]}").problems),
              HasSubstr("/devices/0/is is alarm_clock, of which only home_assistant tells"));
}

TEST(AnAlarmClock, WakesARuleSoLongBeforeIt) {
  const std::string phone =
      "{name: Phone, is: alarm_clock, speaks: home_assistant, at: sensor.pixel_next_alarm, for: Ana}";
  const auto with = [&](const std::string& when, const std::string& device) {
    return bedroom(device,
                   "home_assistant: {url: \"http://h\"}\nrules: [{name: Bed, when: " + when + ", notify: Bed}]\n");
  };
  const Loaded loaded = with("{before_alarm: Ana, by: 8h30min}", phone);
  ASSERT_TRUE(loaded.settings) << all_of(loaded.problems);
  EXPECT_EQ(loaded.settings->house.rules[0].when[0], Trigger(when::BeforeAlarm{SleeperId{0}, 8h + 30min}));
  const auto problem = [&](const std::string& when, const std::string& device) {
    return all_of(with(when, device).problems);
  };
  EXPECT_THAT(problem("{before_alarm: Ana, by: 8h}", "{name: L, is: light, speaks: home_assistant, at: light.l}"),
              HasSubstr("no device that is alarm_clock is for \"Ana\""));
  EXPECT_THAT(problem("{before_alarm: Ana}", phone), HasSubstr("/rules/0/when/by is missing"));
  EXPECT_THAT(problem("{before_alarm: Ana, by: 17h}", phone), HasSubstr("1min to 16h"));
  EXPECT_THAT(problem("{before_alarm: Ana, by: 8}", phone), HasSubstr("without a unit"));
  for (const char* speaks : {"zigbee2mqtt", "esphome", "mqtt"})
    EXPECT_FALSE(
        with("{said: x}", "{name: Phone, is: alarm_clock, speaks: " + std::string(speaks) + ", at: x}").settings)
        << speaks << " knows no alarms";
}

}  // namespace
}  // namespace lull
