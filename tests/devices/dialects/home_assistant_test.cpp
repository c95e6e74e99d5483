// The dialect of what exists only in Home Assistant: what is said to it, and what is not believed.
#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/devices/dialects/bedside.hpp"

namespace lull {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Device device(const char* text) { return device_of(json::parse(text), "home_assistant"); }
const Dialect& dialect() { return *dialect_called("home_assistant"); }
Lines says(const Device& d, Timer timer, Output wish) {
  return in_words(dialect().say(d, granted(d.kind, timer, wish), kNow));
}
Lines off(const Device& d) { return in_words(off_words(dialect(), kId, d)); }
Lines wrong(const Device& d) { return in_words(dialect().check(d)); }

const Device kLamp = device(R"({"is":"light","at":"light.bedside"})");
const Device kFeet = device(R"({"is":"massage_pad","at":"number.foot_massage","full":10,"own_cut_off_s":600})");
const Device kHead =
    device(R"({"is":"massage_pad","at":"select.head","options":["Off","Low","Medium","High"],"own_cut_off_s":600})");
const Device kBlanket = device(R"({"is":"heat_pad","at":"switch.blanket","behind":1})");

TEST(HomeAssistantDialect, LightsALampAsBrightAndAsWarmAsItIsTold) {
  EXPECT_THAT(
      says(kLamp, Timer::none, {.level = 60_pct, .kelvin = Kelvin::from(2200)}),
      ElementsAre(R"(light.turn_on {"brightness_pct":60,"color_temp_kelvin":2200,"entity_id":"light.bedside"})"));
  EXPECT_THAT(off(kLamp), ElementsAre(R"(light.turn_off {"entity_id":"light.bedside"})"));
}

TEST(HomeAssistantDialect, RoundsAMassageToTheGentlerStepThatIsStillOn) {
  EXPECT_THAT(says(kFeet, Timer::product, {.level = 39_pct}),
              ElementsAre(R"(number.set_value {"entity_id":"number.foot_massage","value":3})"));
  EXPECT_THAT(says(kFeet, Timer::product, {.level = 2_pct}),
              ElementsAre(R"(number.set_value {"entity_id":"number.foot_massage","value":1})"));
  EXPECT_THAT(says(kHead, Timer::product, {.level = 60_pct}),
              ElementsAre(R"(select.select_option {"entity_id":"select.head","option":"Low"})"));
  EXPECT_THAT(off(kFeet), ElementsAre(R"(number.set_value {"entity_id":"number.foot_massage","value":0})"));
  EXPECT_THAT(off(kHead), ElementsAre(R"(select.select_option {"entity_id":"select.head","option":"Off"})"));
}

/// `lull check` refuses such an entity. Whoever gets as far all the same must still be able to stop.
TEST(HomeAssistantDialect, SaysAnOffWhateverIsInTheConfiguration) {
  Device head = kHead;
  head.at = "select.h\xCF\xD2";
  EXPECT_THAT(wrong(head), Not(IsEmpty()));
  EXPECT_THAT(off(head), ElementsAre(HasSubstr("select.select_option")));
  EXPECT_THAT(in_words(dialect().ask(head)), ElementsAre(HasSubstr("homeassistant.update_entity")));
}

TEST(HomeAssistantDialect, SetsTheBedsOwnTimerBeforeEachStartAndNotWithAnOff) {
  Device feet = kFeet;
  feet.mapping.on = {{"select.select_option", R"({"entity_id":"select.bed_timer","option":"10 min"})"}};
  EXPECT_THAT(wrong(feet), IsEmpty());
  EXPECT_THAT(says(feet, Timer::product, {.level = 30_pct}),
              ElementsAre(R"(select.select_option {"entity_id":"select.bed_timer","option":"10 min"})",
                          R"(number.set_value {"entity_id":"number.foot_massage","value":3})"));
  EXPECT_EQ(off(feet), off(kFeet));
  feet.mapping.on = {{"switch.turn_on", R"({"entity_id":"switch.blanket"})"}};
  EXPECT_THAT(wrong(feet), ElementsAre(HasSubstr("on/0/topic: is \"switch.turn_on\"")));
  feet.mapping.on = {{"select.select_option", R"({"entity_id":"switch.blanket"})"}};
  EXPECT_THAT(wrong(feet), ElementsAre(HasSubstr("which select.select_option does nothing to")));
}

/// What only Home Assistant can switch off stays on when it and Lull are gone.
TEST(HomeAssistantDialect, TrustsNothingWithHeatThatHasNoPlugInFrontOfIt) {
  Device alone = kBlanket;
  alone.behind.reset();
  alone.own_cut_off = 600s;
  EXPECT_THAT(wrong(alone), ElementsAre(HasSubstr("heat needs a plug in front of it")));
  EXPECT_THAT(wrong(kBlanket), IsEmpty());
  for (const Timer timer : {Timer::on_time, Timer::lease, Timer::mapped_duration, Timer::turn_off_countdown})
    EXPECT_EQ(says(kBlanket, timer, {.level = 100_pct}), off(kBlanket)) << "it has no such timer";
  Device plug = kBlanket;
  plug.kind = Kind::mains;
  EXPECT_THAT(wrong(plug).front(), HasSubstr("must stop by itself"));
}

TEST(HomeAssistantDialect, TrustsAMassageOnlyWithItsOwnCutOffOrAPlug) {
  Device feet = kFeet;
  feet.own_cut_off.reset();
  EXPECT_THAT(wrong(feet), ElementsAre(HasSubstr("own_cut_off: ")));
  feet.behind = DeviceId{1};
  EXPECT_THAT(wrong(feet), IsEmpty());
  const Device button = device(R"({"is":"massage_pad","at":"button.massage","own_cut_off_s":600})");
  EXPECT_THAT(wrong(button), ElementsAre(HasSubstr("which tell whether they are on"))) << "a button never tells";
  const Device motor = device(R"({"is":"massage_pad","at":"switch.motor","own_cut_off_s":600})");
  EXPECT_THAT(wrong(motor), ElementsAre(HasSubstr("write `steps: false`")));
}

TEST(HomeAssistantDialect, NamesWhatCannotBeAnEntity) {
  for (const char* at : {"Bedside lamp", "light.", ".bedside", "light.bed.side", "light/bedside", "LIGHT.bed",
                         "light.bed_", "light._bed", "light.a__b", "li__ght.bed", "_light.bed", "light_.bed", ""}) {
    Device lamp = kLamp;
    lamp.at = at;
    EXPECT_THAT(wrong(lamp), ElementsAre(HasSubstr("must be an entity's id"))) << at;
  }
  for (const char* topic : {"sensor.feet__battery", "_sensor.feet", "sensor_.feet"}) {
    Device feet = kFeet;
    feet.mapping.hears.push_back({topic, "", "battery", "", "", 1.0});
    EXPECT_THAT(wrong(feet), ElementsAre(HasSubstr("/topic: is \"" + std::string(topic)))) << topic;
  }
  Device heat = kBlanket;
  heat.at = "climate.bedroom";
  EXPECT_THAT(wrong(heat), ElementsAre(HasSubstr("a switch, number or select")));
}

TEST(HomeAssistantDialect, NeverTakesItsWordForTheDevicesOwn) {
  for (const bool before : {false, true}) {
    const Heard told = heard(kBlanket, "switch.blanket", R"({"state":"off","attributes":{}})", before);
    const auto* report = std::get_if<ActuatorReported>(&told.news.at(1));
    ASSERT_TRUE(report);
    EXPECT_FALSE(report->answers_ask);
  }
}

TEST(HomeAssistantDialect, KnowsWhenSomethingWasSaidUnlessItWasAskedOrSaidBeforeWeCame) {
  const char* stamped = R"({"state":"on","attributes":{},"last_changed":1796050800.5,"last_updated":1796050800.5})";
  const auto sent = heard(kLamp, "light.bedside", stamped).sent;
  ASSERT_TRUE(sent);
  EXPECT_EQ(sent->at, 1796050800500ms);
  EXPECT_EQ(sent->clock, "home_assistant");
  EXPECT_FALSE(heard(kLamp, "light.bedside", stamped, true).sent);
  EXPECT_FALSE(heard(kLamp, "light.bedside", R"({"state":"on","attributes":{}})").sent);
}

/// After a restart of its integration an entity is what it last was: an event of an hour ago, told as new.
TEST(HomeAssistantDialect, HearsNoPressWhenAnEventOnlyComesBack) {
  const Device knob = device(R"({"is":"button","at":"event.knob"})");
  const auto presses = [&](const char* state) {
    const json told{{"state", state},
                    {"attributes", {{"event_type", "press"}}},
                    {"last_changed", 1796050800.5},  // 15:00:00.5
                    {"last_updated", 1796050800.5}};
    const Heard heard_it = heard(knob, "event.knob", told.dump());
    return std::count_if(heard_it.news.begin(), heard_it.news.end(),
                         [](const News& n) { return std::holds_alternative<ButtonPressed>(n); });
  };
  EXPECT_EQ(presses("2026-11-30T15:00:00.499+00:00"), 1);
  EXPECT_EQ(presses("2026-11-30T16:00:00.499+01:00"), 1);
  EXPECT_EQ(presses("2026-11-30T14:02:00.000+00:00"), 0) << "it was pressed an hour ago";
  EXPECT_EQ(presses("press"), 0) << "nobody knows when";
}

/// What the companion app tells, 2026.11: a time, or that there is none.
TEST(HomeAssistantDialect, HearsWhenAPhonesAlarmRingsNext) {
  const Device phone = device(R"({"is":"alarm_clock","at":"sensor.pixel_next_alarm"})");
  EXPECT_THAT(wrong(phone), IsEmpty());
  const auto rings = [&](const char* state, bool before = false) {
    const Heard told = heard(phone, "sensor.pixel_next_alarm",
                             json{{"state", state}, {"attributes", {{"device_class", "timestamp"}}}}.dump(), before);
    EXPECT_EQ(told.news.size(), 1u) << state << ": an alarm clock without an alarm is not out of reach";
    return std::get<AlarmClockReported>(told.news.at(0)).rings;
  };
  EXPECT_EQ(rings("2026-11-22T06:30:00+00:00"), Utc{1795329000000ms});
  EXPECT_EQ(rings("2026-11-22T07:30:00+01:00", true), Utc{1795329000000ms});
  for (const char* none :
       {"unavailable", "unknown", "", "06:30", "2026-11-22T06:30:00", "2026-11-31T06:30:00+00:00", "on"})
    EXPECT_FALSE(rings(none)) << none;
  const Device light = device(R"({"is":"alarm_clock","at":"light.pixel"})");
  EXPECT_THAT(wrong(light), ElementsAre(HasSubstr("a phone's sensor.pixel_next_alarm")));
}

}  // namespace
}  // namespace lull
