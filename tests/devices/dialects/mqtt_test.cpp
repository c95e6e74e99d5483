// A device by its mapping: what is said for it, how its timer is found, and how a household learns what it wrote wrong.
#include <algorithm>

#include <nlohmann/json.hpp>

#include "devices/dialects/mqtt_mapping.hpp"
#include "tests/devices/dialects/bedside.hpp"

namespace lull {
namespace {

const Dialect& mqtt() { return *dialect_called("mqtt"); }

/// A plug whose ON carries its own end.
Device heater() {
  Device d;
  d.id = d.name = "blanket";
  d.kind = Kind::heat_pad;
  d.speaks = "mqtt";
  d.mapping.hears = {{"blanket/state", "/on", "on", "true", "false", 1.0}};
  d.mapping.on = {{"blanket/set", R"({"on":true,"for":{seconds},"level":{level},"target":{celsius}})"}};
  d.mapping.off = {{"blanket/set", R"({"on":false})"}};
  return d;
}
/// A plug with an auto-off that is written and read back.
Device timed() {
  Device d = heater();
  d.mapping.on = {{"blanket/set", R"({"on":true})"}};
  d.mapping.arm = {{"blanket/config", R"({"auto_off":true,"auto_off_delay":{seconds}})"}};
  d.mapping.ask = {{"blanket/ask", "config"}};
  d.mapping.hears.push_back({"blanket/config/state", "/auto_off_delay", "auto_off", "", "", 1.0});
  return d;
}
Lines problems(const Device& d) { return in_words(mqtt().check(d)); }

TEST(AMappedHeater, IsToldItsLevelItsTargetAndItsEnd) {
  EXPECT_EQ(in_words(mqtt().say(heater(), granted(Kind::heat_pad, Timer::mapped_duration, 40_pct), kNow)),
            Lines{R"(blanket/set {"on":true,"for":300,"level":40,"target":33.2})"});
  EXPECT_EQ(in_words(off_words(mqtt(), kId, heater())), Lines{R"(blanket/set {"on":false})"});
}
TEST(AMappedHeater, IsTrustedByWhatItsMappingProves) {
  EXPECT_EQ(mapping::timer_of(heater()).first, Timer::mapped_duration);
  EXPECT_EQ(mapping::timer_of(timed()).first, Timer::mapped_auto_off);
  Device half = heater();
  half.mapping.on.push_back({"blanket/level", "{level}"});
  EXPECT_EQ(mapping::timer_of(half).first, Timer::none) << "the second message alone might switch it on for ever";
  Device unread = timed();
  unread.mapping.hears.pop_back();
  EXPECT_EQ(mapping::timer_of(unread).first, Timer::none) << "an auto-off that nobody reads back is a hope";
  Device declared = unread;
  declared.own_cut_off = 600s;
  EXPECT_EQ(mapping::timer_of(declared).first, Timer::none) << "for heat the product's own word is not enough";
  declared.kind = Kind::massage_pad;
  EXPECT_EQ(mapping::timer_of(declared).first, Timer::product);
}
TEST(AMappedHeater, IsArmedAndThenAsked) {
  EXPECT_EQ(in_words(mqtt().arm(timed(), Timer::mapped_auto_off, 300s)),
            (Lines{R"(blanket/config {"auto_off":true,"auto_off_delay":300})", "blanket/ask config"}));
  EXPECT_TRUE(mqtt().arm(heater(), Timer::mapped_duration, 300s).empty());
  EXPECT_EQ(in_words(heard(timed(), "blanket/config/state", R"({"auto_off_delay":300})").news),
            Lines{"auto-off 300 s"});
}
TEST(AMappedHeater, IsSwitchedOffByAPermissionOfAnotherKind) {
  for (const Timer timer : {Timer::on_time, Timer::lease})
    EXPECT_EQ(mqtt().say(heater(), granted(Kind::heat_pad, timer, 40_pct), kNow), off_words(mqtt(), kId, heater()));
}
TEST(AMappedHeater, TellsItsTimerWithEachReportOfItsState) {
  EXPECT_EQ(in_words(heard(heater(), "blanket/state", R"({"on":false})").news),
            (Lines{"off (fresh)", "timer mapped_duration"}));
  EXPECT_EQ(in_words(heard(heater(), "blanket/state", R"({"on":false})", true).news),
            (Lines{"off", "timer mapped_duration"}));
}
TEST(AMappedLamp, GoesOnWithoutAColourWhenTheSceneNamesNone) {
  Device lamp = heater();
  lamp.kind = Kind::light;
  lamp.mapping.on = {{"lamp/set", "{level}"}, {"lamp/white", "{kelvin}"}};
  lamp.mapping.off = {{"lamp/set", "0"}};
  EXPECT_EQ(problems(lamp), Lines{});
  EXPECT_EQ(in_words(mqtt().say(lamp, granted(Kind::light, Timer::unknown, 60_pct), kNow)), Lines{"lamp/set 60"});
  const Output warm{.level = 60_pct, .kelvin = Kelvin::from(2200), .fade_to = {}, .fade_over = {}};
  EXPECT_EQ(in_words(mqtt().say(lamp, granted(Kind::light, Timer::unknown, warm), kNow)),
            (Lines{"lamp/set 60", "lamp/white 2200"}));
  lamp.mapping.on = {{"lamp/set", "{level} {kelvin}"}};
  EXPECT_EQ(problems(lamp), Lines{"on: has {kelvin} in every message; write it in a message of its own"});
}

TEST(AMapping, WithoutFaultIsFine) {
  EXPECT_EQ(problems(heater()), Lines{});
  EXPECT_EQ(problems(timed()), Lines{});
}
TEST(AMapping, HearsOfEachFaultWithItsPlaceAndRemedy) {
  struct Fault {
    const char* where;
    const char* remedy;
    void (*spoil)(Device&);
  };
  const Fault faults[] = {
      {"hears/0/means", "must be one of on, level", [](Device& d) { d.mapping.hears[0].means = "power"; }},
      {"hears/0/means", "does not tell",
       [](Device& d) { d.mapping.hears.push_back(d.mapping.hears[0]), d.mapping.hears[0].means = "occupied"; }},
      {"hears/0/topic", "is empty", [](Device& d) { d.mapping.hears[0].topic = ""; }},
      {"hears/0/topic", "wildcard", [](Device& d) { d.mapping.hears[0].topic = "blanket/+/state"; }},
      {"hears/0/pointer", "begins with a slash", [](Device& d) { d.mapping.hears[0].pointer = "on"; }},
      {"hears/0/pointer", "~0", [](Device& d) { d.mapping.hears[0].pointer = "/a~2"; }},
      {"hears/0/scale", "other than 0", [](Device& d) { d.mapping.hears[0].scale = 0; }},
      {"hears/0/scale", "other than 0",
       [](Device& d) { d.mapping.hears[0].scale = std::numeric_limits<double>::quiet_NaN(); }},
      {"hears/0/yes", "must differ", [](Device& d) { d.mapping.hears[0].yes = d.mapping.hears[0].no = "1"; }},
      {"hears", "at most 16", [](Device& d) { d.mapping.hears.resize(17, d.mapping.hears[0]); }},
      {"hears", "without an answer", [](Device& d) { d.mapping.hears[0].means = "watts"; }},
      {"on", "is missing", [](Device& d) { d.mapping.on.clear(); }},
      {"off", "is missing", [](Device& d) { d.mapping.off.clear(); }},
      {"off", "last will",
       [](Device& d) {
         d.mapping.off.push_back({"blanket/more", "off"});
       }},
      {"off", "same as `on`", [](Device& d) { d.mapping.off = d.mapping.on; }},
      {"off/0/payload", "nothing is filled in", [](Device& d) { d.mapping.off[0].payload = "{seconds}"; }},
      {"on", "at most 4", [](Device& d) { d.mapping.on.resize(5, d.mapping.on[0]); }},
      {"on/0/payload", "{brightness}", [](Device& d) { d.mapping.on[0].payload += "{brightness}"; }},
      {"on/0/payload", "1024", [](Device& d) { d.mapping.on[0].payload += std::string(1025, 'x'); }},
      {"on/0/payload", "UTF-8", [](Device& d) { d.mapping.on[0].payload += "\xff"; }},
      {"on/0/topic", "its own words", [](Device& d) { d.mapping.on[0].topic = "blanket/state"; }},
      {"on", "stop by itself", [](Device& d) { d.mapping.on[0].payload = R"({"on":true})"; }},
  };
  for (const Fault& fault : faults) {
    Device d = heater();
    fault.spoil(d);
    const auto found = mqtt().check(d);
    EXPECT_TRUE(
        std::any_of(found.begin(), found.end(),
                    [&](const Error& e) { return e.where == fault.where && e.what.find(fault.remedy) != e.what.npos; }))
        << fault.where << ": " << fault.remedy << "\nfound " << nlohmann::json(in_words(found)).dump(1);
  }
}
TEST(AMapping, OfASensorNeedsItsStreamAndSaysNothing) {
  Device d;
  d.kind = Kind::movement, d.speaks = "mqtt";
  d.mapping.hears = {{"leg", "", "movement", "", "", 1.0}};
  EXPECT_NE(problems(d).at(0).find("stream: is missing"), std::string::npos);
  d.stream = Stream::counts;
  EXPECT_EQ(problems(d), Lines{});
  d.mapping.on = {{"leg/set", "buzz"}};
  EXPECT_NE(problems(d).at(0).find("only heard"), std::string::npos);
  EXPECT_TRUE(mqtt().command_topics(d).empty());
}
TEST(AMapping, CannotBeOfAnAlarmClockWhoseAlarmItCannotTell) {
  Device d;
  d.kind = Kind::alarm_clock, d.speaks = "mqtt";
  d.mapping.hears = {{"phone/battery", "", "battery", "", "", 1.0}};
  EXPECT_EQ(problems(d), Lines{"is: is alarm_clock, of which only home_assistant tells"});
}
TEST(AJsonPointer, FindsWhatTheStandardSays) {
  const auto document = nlohmann::json::parse(R"({"foo":["bar","baz"],"":0,"a/b":1,"m~n":8," ":7,"e":{"":{"x":3}}})");
  const auto at = [&](const char* pointer) {
    const Json* found = mapping::find(document, pointer);
    return found ? found->dump() : "nothing";
  };
  EXPECT_EQ(at(""), document.dump());
  EXPECT_EQ(at("/foo"), R"(["bar","baz"])");
  EXPECT_EQ(at("/foo/0"), R"("bar")");
  EXPECT_EQ(at("/"), "0");
  EXPECT_EQ(at("/a~1b"), "1");
  EXPECT_EQ(at("/m~0n"), "8");
  EXPECT_EQ(at("/ "), "7");
  EXPECT_EQ(at("/e//x"), "3");
  for (const char* nowhere : {"/foo/2", "/foo/-1", "/foo/x", "/foo/0.5", "/foo/", "/nix", "/foo/0/0", "/e/"})
    EXPECT_TRUE(at(nowhere) == "nothing" || nowhere == std::string("/e/")) << nowhere;
}

}  // namespace
}  // namespace lull
