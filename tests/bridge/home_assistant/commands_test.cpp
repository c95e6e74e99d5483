// From outside bytes to wishes: what Home Assistant really sends, what people type, and what anybody may get wrong.
#include "bridge/home_assistant/commands.hpp"

#include <gtest/gtest.h>

#include "bridge/topics.hpp"
#include "tests/bridge/home_assistant/sample.hpp"

namespace lull {
namespace {

const House kHouse = sample::house();
const Topics kTopics(sample::kInstall);

Result<Wish> hear(const std::string& topic, std::string_view payload, bool retained = false) {
  return wish_from(topic, payload, retained, kHouse, sample::kInstall);
}
Command one(const Result<Wish>& wish) {
  EXPECT_TRUE(wish) << (wish ? "" : wish.error().where + " " + wish.error().what);
  if (!wish || wish->commands.size() != 1) {
    ADD_FAILURE() << "not one wish";
    return ask::Word{"none"};
  }
  return wish->commands[0];
}
Command on_device(std::size_t index, const char* what, std::string_view payload) {
  return one(hear(Topics::set(kTopics.device(kHouse.devices[index], what)), payload));
}
ask::SetDevice set(std::uint16_t device, std::optional<Percent> level, std::string program = "") {
  return {DeviceId{device}, level, std::move(program), {}};
}
Command typed(std::string_view payload) { return one(hear(kTopics.command(), payload)); }
std::string refused(const std::string& topic, std::string_view payload, bool retained = false) {
  const auto wish = hear(topic, payload, retained);
  EXPECT_FALSE(wish) << topic << " " << payload << " was taken as a wish";
  return wish ? "" : wish.error().where + ": " + wish.error().what;
}

TEST(HomeAssistantsWords, ReachAPadAsTheyAreMeant) {
  EXPECT_EQ(on_device(0, "on", "ON"), Command(set(0, std::nullopt))) << "its usual strength";
  EXPECT_EQ(on_device(0, "on", "OFF"), Command(set(0, 0_pct)));
  EXPECT_EQ(on_device(0, "level", "40"), Command(set(0, 40_pct)));
  EXPECT_EQ(on_device(0, "program", "wave"), Command(set(0, std::nullopt, "wave")));
  EXPECT_EQ(on_device(2, "heat", "Medium"), Command(set(2, 70_pct)));
  EXPECT_EQ(on_device(2, "heat", "Off"), Command(set(2, 0_pct)));
  EXPECT_EQ(on_device(2, "on", "ON"), Command(set(2, std::nullopt)));
}

TEST(TheButtonsOfTheHub, AreWhatTheirNamesSay) {
  const auto pressed = [](const char* what) { return one(hear(Topics::set(kTopics.hub(what)), "PRESS")); };
  EXPECT_EQ(pressed("softer"), Command(ask::Softer{}));
  EXPECT_EQ(pressed("stronger"), Command(ask::Stronger{}));
  EXPECT_EQ(pressed("longer"), Command(ask::Extend{"", 10min})) << "whatever plays";
  EXPECT_EQ(pressed("replays_as_chosen"), Command(ask::ReplaysAsChosen{}));
  for (const char* what : {"softer", "stronger", "longer", "replays_as_chosen"}) {
    EXPECT_NE(refused(Topics::set(kTopics.hub(what)), "OFF"), "");
    EXPECT_NE(refused(Topics::set(kTopics.hub(what)), "PRESS", true), "") << "a retained press of " << what;
  }
}

TEST(ASetUpTest, BeginsByItsButtonOrByAWordAndOnlyForWhatHeatsOrShakes) {
  EXPECT_EQ(on_device(2, "test", "PRESS"), Command(ask::Test{DeviceId{2}}));
  EXPECT_EQ(typed(R"({"do":"test","device":"Foot warmer","by":"command_line"})"), Command(ask::Test{DeviceId{2}}));
  EXPECT_NE(refused(Topics::set(kTopics.device(kHouse.devices[3], "test")), "PRESS"), "") << "a lamp";
  EXPECT_NE(refused(kTopics.command(), R"({"do":"test","device":"Bedside lamp"})"), "");
  EXPECT_NE(refused(kTopics.command(), R"({"do":"test"})"), "");
  EXPECT_NE(refused(Topics::set(kTopics.device(kHouse.devices[2], "test")), "PRESS", true), "") << "a retained press";
}

TEST(APercentageOfZero, IsAStop) {
  EXPECT_EQ(on_device(0, "level", "0"), Command(set(0, 0_pct)));
  EXPECT_EQ(one(hear(Topics::set(kTopics.massage("level")), "0")), Command(ask::StopMassage{}));
}

TEST(TheSwitchLull, StopsWhenItGoesOffAndReleasesWhenItGoesOn) {
  EXPECT_EQ(one(hear(Topics::set(kTopics.hub("on")), "OFF")), Command(ask::StopAll{}));
  EXPECT_EQ(one(hear(Topics::set(kTopics.hub("on")), "ON")), Command(ask::Release{}));
}

TEST(TheHubsOtherDoors, AreUnderstood) {
  EXPECT_EQ(one(hear(Topics::set(kTopics.hub("stop_massage")), "PRESS")), Command(ask::StopMassage{}));
  EXPECT_EQ(one(hear(Topics::set(kTopics.hub("replay")), "ON")), Command(ask::Replay{})) << "the scene";
  EXPECT_EQ(one(hear(Topics::set(kTopics.hub("replay")), "PRESS")), Command(ask::Replay{})) << "the button";
  EXPECT_EQ(one(hear(Topics::set(kTopics.hub("not_tonight")), "ON")), Command(ask::NotTonight{true}));
  EXPECT_EQ(one(hear(Topics::set(kTopics.hub("night_replay")), "OFF")), Command(ask::AllowNightReplay{false}));
  EXPECT_EQ(one(hear(Topics::set(kTopics.routine("wind-down", "on")), "ON")), Command(ask::Play{"wind-down"}));
  EXPECT_EQ(one(hear(Topics::set(kTopics.routine("wind-down", "on")), "OFF")), Command(ask::StopPlay{"wind-down"}));
  EXPECT_EQ(one(hear(Topics::set(kTopics.rule("Bedtime", "on")), "OFF")), Command(ask::AllowRule{"Bedtime", false}));
  EXPECT_EQ(one(hear(Topics::set(kTopics.rule("Bedtime", "tonight")), "OFF")),
            Command(ask::AllowTonight{"Bedtime", "", false}));
  EXPECT_EQ(one(hear(Topics::set(kTopics.routine("wind-down", "allowed")), "ON")),
            Command(ask::AllowRoutine{"wind-down", true}));
  EXPECT_EQ(one(hear(Topics::set(kTopics.routine("wind-down", "tonight")), "OFF")),
            Command(ask::AllowTonight{"", "wind-down", false}));
}

TEST(AScene, SaysThatAVoiceMayHaveCalledIt) {
  for (const auto& [topic, command] :
       {std::pair{kTopics.hub("replay"), Command(ask::Replay{})},
        std::pair{kTopics.routine("wind-down", "on"), Command(ask::Play{"wind-down"})}}) {
    const auto wish = hear(Topics::set(topic), "SCENE");
    ASSERT_TRUE(wish) << topic;
    EXPECT_EQ(wish->door, Door::scene) << topic;
    EXPECT_EQ(one(wish), command);
  }
  EXPECT_NE(refused(Topics::set(kTopics.hub("on")), "SCENE"), "") << "a scene releases no STOP";
  EXPECT_NE(refused(Topics::set(kTopics.device(kHouse.devices[2], "on")), "SCENE"), "");
}

TEST(TheSceneAllOff, EndsEverythingThatLullDrivesAndBeginsNothing) {
  const auto wish = hear(Topics::set(kTopics.hub("all_off")), "SCENE");
  ASSERT_TRUE(wish);
  EXPECT_EQ(wish->door, Door::scene);
  std::vector<Command> wanted{ask::StopPlay{}, ask::StopMassage{}};
  for (std::uint16_t i = 0; i < kHouse.devices.size(); ++i)
    if (is_actuator(kHouse.devices[i].kind)) wanted.emplace_back(set(i, 0_pct));
  EXPECT_EQ(wish->commands, wanted) << "no STOP: that would be latched";
  EXPECT_NE(refused(Topics::set(kTopics.hub("all_off")), "OFF"), "") << "a scene has no off";
}

TEST(TheSceneBedtime, LooksWhetherAllIsWellAndPlaysTheEveningsRoutine) {
  const auto commands = [](const House& house) {
    const auto wish = wish_from(Topics::set(kTopics.hub("bedtime")), "SCENE", false, house, sample::kInstall);
    return wish ? wish->commands : std::vector<Command>{};
  };
  House house = kHouse;
  EXPECT_EQ(commands(house), (std::vector<Command>{ask::Preflight{}, ask::Play{"wind-down"}}));
  house.rules[0].when = {when::Time{TimeOfDay{22 * 60 + 30}}};
  house.rules[0].then = {act::Play{"night-relief"}};
  EXPECT_EQ(commands(house), (std::vector<Command>{ask::Preflight{}, ask::Play{"night-relief"}})) << "the rule's";
  house.rules[0].when = {when::Time{TimeOfDay{7 * 60}}};
  EXPECT_EQ(commands(house).back(), Command(ask::Play{"wind-down"})) << "a rule of the morning is none for bedtime";
  house.routines[0].name = "bedtime";
  EXPECT_TRUE(commands(house).empty()) << "its own scene has that name";
}

TEST(AllMassage, IsOneWishAPad) {
  const auto wish = hear(Topics::set(kTopics.massage("level")), "40");
  ASSERT_TRUE(wish);
  EXPECT_EQ(wish->commands, (std::vector<Command>{set(0, 40_pct), set(1, 40_pct)}));
  EXPECT_EQ(wish->door, Door::home_assistant);
}

TEST(ARetainedCommand, IsNeverAWish) {
  EXPECT_NE(refused(Topics::set(kTopics.device(kHouse.devices[2], "on")), "ON", true).find("retained"),
            std::string::npos);
  refused(kTopics.command(), R"({"do":"play","routine":"wind-down"})", true);
  refused(Topics::set(kTopics.hub("on")), "OFF", true);
  const auto cleared = hear(kTopics.command(), "", true);
  ASSERT_TRUE(cleared) << "the clearing of one is no problem";
  EXPECT_TRUE(cleared->commands.empty());
}

TEST(WrongWords, AreRefusedWithWhatWouldBeRight) {
  const std::string level = Topics::set(kTopics.device(kHouse.devices[0], "level"));
  for (const char* bad : {"140", "-1", "nan", "inf", "40%", "forty", "0x20", "1e99", "40 50", "\xff\xfe"})
    EXPECT_NE(refused(level, bad).find("0 to 100"), std::string::npos) << bad;
  EXPECT_NE(refused(Topics::set(kTopics.device(kHouse.devices[0], "program")), "turbo").find("gentle, wave, pulse"),
            std::string::npos);
  EXPECT_NE(refused(Topics::set(kTopics.device(kHouse.devices[2], "heat")), "Hot").find("Low, Medium"),
            std::string::npos);
  refused(Topics::set(kTopics.device(kHouse.devices[2], "program")), "wave");
  refused(Topics::set(kTopics.device(kHouse.devices[0], "heat")), "High");
  refused(Topics::set(kTopics.device(kHouse.devices[4], "on")), "ON");  // a movement sensor
  refused("lull/1a2b3c4d/device/nobody/on/set", "ON");
  refused("lull/other/hub/on/set", "OFF");
  refused("lull/1a2b3c4d/hub/on/x/set", "OFF");
  refused("lull/1a2b3c4d/set", "OFF");
  refused("/set", "OFF");
  refused("", "OFF");
  refused(kTopics.command(), std::string(5000, 'x'));
  EXPECT_TRUE(hear(level, "40.0")) << "what a template makes of 40";
  EXPECT_TRUE(hear(level, " 40\n")) << "what a shell makes of it";
}

TEST(TheGeneralCommand, SaysAllThatCanBeWished) {
  EXPECT_EQ(typed("stop"), Command(ask::StopAll{})) << "one plain word, in a hurry";
  EXPECT_EQ(typed("{\"do\":\"stop\"}"), Command(ask::StopAll{}));
  EXPECT_EQ(typed(R"({"do":"release"})"), Command(ask::Release{}));
  EXPECT_EQ(typed(R"({"do":"stop_massage"})"), Command(ask::StopMassage{}));
  EXPECT_EQ(typed(R"({"do":"play","routine":"wind-down"})"), Command(ask::Play{"wind-down"}));
  EXPECT_EQ(typed("replay"), Command(ask::Replay{}));
  EXPECT_EQ(typed("stop_play"), Command(ask::StopPlay{""}));
  EXPECT_EQ(typed(R"({"do":"pause","routine":"wind-down"})"), Command(ask::Pause{"wind-down"}));
  EXPECT_EQ(typed("resume"), Command(ask::Resume{""}));
  EXPECT_EQ(typed("skip"), Command(ask::Skip{""}));
  EXPECT_EQ(typed(R"({"do":"extend","minutes":5})"), Command(ask::Extend{"", 5min}));
  EXPECT_EQ(typed("extend"), Command(ask::Extend{"", 10min}));
  EXPECT_EQ(typed("softer"), Command(ask::Softer{}));
  EXPECT_EQ(typed("stronger"), Command(ask::Stronger{}));
  EXPECT_EQ(typed(R"({"do":"set","device":"Left leg massage","level":35,"program":"pulse","minutes":15})"),
            Command(ask::SetDevice{DeviceId{0}, 35_pct, "pulse", 15min}));
  EXPECT_EQ(typed(R"({"do":"set","device":"foot-warmer","level":0})"), Command(set(2, 0_pct)));
  EXPECT_EQ(typed(R"({"do":"not_tonight"})"), Command(ask::NotTonight{true}));
  EXPECT_EQ(typed(R"({"do":"not_tonight","on":false})"), Command(ask::NotTonight{false}));
  EXPECT_EQ(typed(R"({"do":"night_replay","on":false})"), Command(ask::AllowNightReplay{false}));
  EXPECT_EQ(typed(R"({"do":"allow","rule":"Bedtime","on":false})"), Command(ask::AllowRule{"Bedtime", false}));
  EXPECT_EQ(typed(R"({"do":"allow","rule":"Bedtime","on":false,"tonight":true})"),
            Command(ask::AllowTonight{"Bedtime", "", false}));
  EXPECT_EQ(typed(R"({"do":"allow","routine":"wind-down","on":false})"),
            Command(ask::AllowRoutine{"wind-down", false}));
  EXPECT_EQ(typed(R"({"do":"allow","routine":"wind-down","tonight":true})"),
            Command(ask::AllowTonight{"", "wind-down", true}));
  EXPECT_EQ(typed(R"({"do":"word","word":"legs"})"), Command(ask::Word{"legs"}));
}

TEST(TheGeneralCommand, KnowsTheDoorItCameThrough) {
  EXPECT_EQ(hear(kTopics.command(), "stop")->door, Door::mqtt);
  EXPECT_EQ(hear(kTopics.command(), R"({"do":"replay","by":"phone"})")->door, Door::phone);
  refused(kTopics.command(), R"({"do":"replay","by":"rule"})");  // a rule is ours alone
  refused(kTopics.command(), R"({"do":"replay","by":7})");
}

TEST(TheGeneralCommand, MayBearWhenItWasAsked) {
  const Utc now{1795215600000ms};
  const auto age = [&](const std::string& what) { return age_of(*wish_from_json(what, kHouse, "x"), now); };
  EXPECT_EQ(*age(R"({"do":"replay"})"), std::nullopt);
  EXPECT_EQ(*age(R"({"do":"replay","asked_at":1795215593000})"), 7s);
  EXPECT_EQ(*age(R"({"do":"replay","asked_at":1795215601000})"), 0s) << "two clocks of a household";
  const auto ahead = age(R"({"do":"replay","asked_at":1795215690000})");
  ASSERT_FALSE(ahead);
  EXPECT_EQ(ahead.error().what, "lies 90 s ahead of Lull's clock; set one of the two");
  EXPECT_EQ(*age(R"({"do":"softer","asked_at":1795215690000})"), 0s) << "less is always welcome";
  EXPECT_EQ(*age(R"({"do":"stop","asked_at":"yesterday"})"), std::nullopt) << "a stop is a stop";
  refused(kTopics.command(), R"({"do":"replay","asked_at":"yesterday"})");
}

TEST(TheGeneralCommand, RefusesWhatItDoesNotFullyUnderstand) {
  EXPECT_NE(refused(kTopics.command(), R"({"do":"play","routine":"party"})").find("wind-down, night-relief"),
            std::string::npos);
  EXPECT_NE(refused(kTopics.command(), R"({"do":"dance"})").find("stop, release"), std::string::npos);
  EXPECT_NE(refused(kTopics.command(), R"({"do":"set","device":"left-leg-massage","level_pct":5})").find("level_pct"),
            std::string::npos)
      << "a misspelt level must not pass as none, which means the usual strength";
  EXPECT_NE(refused(kTopics.command(), R"({"do":"set","device":"anas-ankle"})").find("left-leg-massage"),
            std::string::npos);
  refused(kTopics.command(), R"({"do":"set","device":"foot-warmer","program":"wave"})");
  refused(kTopics.command(), R"({"do":"set","device":"foot-warmer","level":101})");
  refused(kTopics.command(), R"({"do":"set","device":"foot-warmer","level":"40"})");
  refused(kTopics.command(), R"({"do":"set","device":"foot-warmer","minutes":0})");
  refused(kTopics.command(), R"({"do":"set","device":"foot-warmer","minutes":1e400})");
  refused(kTopics.command(), R"({"do":"extend","minutes":61})");
  refused(kTopics.command(), R"({"do":"allow","rule":"Bedtime","on":1})");
  refused(kTopics.command(), R"({"do":"allow","rule":"nobody's"})");
  refused(kTopics.command(), R"({"do":"allow","on":false})");
  refused(kTopics.command(), R"({"do":"allow","rule":"Bedtime","routine":"wind-down"})");
  refused(kTopics.command(), R"({"do":"word","word":""})");
  refused(kTopics.command(), R"({"do":"word"})");
  refused(kTopics.command(), R"(["stop"])");
  refused(kTopics.command(), R"({"do":)");
  refused(kTopics.command(), "42");
  refused(kTopics.command(), "\xff\xfe\x00stop");
  refused(kTopics.command(), std::string(4000, '['));
}

TEST(AStop, IsTakenWhateverStandsBesideIt) {
  EXPECT_EQ(typed(R"({"do":"stop","reason":"too warm","by":17})"), Command(ask::StopAll{}));
  EXPECT_EQ(typed("  stop \n"), Command(ask::StopAll{}));
}

}  // namespace
}  // namespace lull
