// Words are misheard: nobody is warmed because a voice said so, or something that a voice could have called. A
// household may allow it, and then only for somebody who is in bed.
#include <gtest/gtest.h>

#include "tests/automations/home.hpp"

namespace lull {
namespace {

House that_allows_it() {
  House house = ana();
  house.heat_by_voice = true;
  return house;
}
/// It is a quarter past ten, and Ana lies in bed.
Home at_bedtime(House house = ana()) {
  Home home(std::move(house));
  home.at(22, 0).in_bed(true).passes(1min);
  return home;
}
std::string_view code(const Home& home) { return code_of(home.seen().devices[kWarmer.index].refusal); }

TEST(AVoice, PlaysTheWindDownWithoutItsHeat) {
  for (const Door door : {Door::voice, Door::scene}) {
    Home home = at_bedtime();
    home.asks(ask::Play{"wind-down"}, door).passes(10min);
    EXPECT_TRUE(home.runs(kPad)) << home.all();
    EXPECT_TRUE(home.runs(kLamp));
    EXPECT_TRUE(home.thing(kWarmer).heard.empty() || home.thing(kWarmer).heard.back() == "off");
    EXPECT_FALSE(home.runs(kWarmer)) << word_for(door);
    EXPECT_EQ(code(home), "heat_by_voice");
    EXPECT_TRUE(home.said("heat by voice is not allowed")) << home.all();
  }
}

TEST(AHand, PlaysItWithItsHeat) {
  for (const Door door : {Door::page, Door::phone, Door::mqtt, Door::home_assistant, Door::command_line}) {
    Home home = at_bedtime();
    home.asks(ask::Play{"wind-down"}, door).passes(1min);
    EXPECT_TRUE(home.runs(kWarmer)) << word_for(door) << "\n" << home.all();
  }
}

TEST(AVoice, WarmsWhoIsInBedWhereTheHouseholdAllowsIt) {
  for (const Door door : {Door::voice, Door::scene, Door::home_assistant}) {
    Home home = at_bedtime(that_allows_it());
    home.asks(ask::Play{"wind-down"}, door).passes(1min);
    EXPECT_TRUE(home.runs(kWarmer)) << word_for(door) << "\n" << home.all();
    home.asks(ask::SetDevice{kWarmer, 20_pct, "", {}}, door).passes(1min);
    EXPECT_TRUE(home.runs(kWarmer)) << word_for(door);
  }
}

TEST(AVoice, WarmsNoEmptyBedAndWaitsForWhoComes) {
  for (const Door door : {Door::voice, Door::scene, Door::home_assistant}) {
    Home home(that_allows_it());
    home.at(22, 0).in_bed(false).asks(ask::Play{"wind-down"}, door).passes(30s);
    EXPECT_FALSE(home.runs(kWarmer)) << word_for(door);
    EXPECT_EQ(code(home), "spoken_to_nobody");
    EXPECT_TRUE(home.said("nobody is in bed: it waits until somebody is")) << home.all();
    home.in_bed(true).passes(1min);
    EXPECT_TRUE(home.runs(kWarmer)) << "somebody came" << home.all();
  }
}

TEST(AVoice, WarmsNobodyOfWhomNothingIsKnown) {
  Home home(that_allows_it());
  home.at(22, 0).asks(ask::SetDevice{kWarmer, 40_pct, "", {}}, Door::voice).passes(1min);
  EXPECT_FALSE(home.runs(kWarmer));
  EXPECT_TRUE(home.said("nobody can tell who is in bed")) << home.all();
}

TEST(AVoice, SwitchesNoHeaterOn) {
  Home home = at_bedtime();
  home.asks(ask::SetDevice{kWarmer, 40_pct, "", {}}, Door::voice).passes(1min);
  EXPECT_FALSE(home.runs(kWarmer));
  EXPECT_TRUE(home.said("a voice wants 40 %, but a voice asked for it")) << home.all();
  home.asks(ask::SetDevice{kWarmer, 40_pct, "", {}}, Door::page).passes(1min);
  EXPECT_TRUE(home.runs(kWarmer)) << "a hand means it, whatever a voice said before";
  home.asks(ask::SetDevice{kWarmer, 0_pct, "", {}}, Door::voice).passes(5s);
  EXPECT_FALSE(home.runs(kWarmer)) << "off it may always say";
}

TEST(AVoice, GoesOnWithARoutineThatAHandBeganButNotWithItsHeat) {
  Home home = at_bedtime();
  home.asks(ask::Play{"wind-down"}, Door::page).passes(2min);
  EXPECT_TRUE(home.runs(kWarmer));
  home.asks(ask::Pause{}, Door::voice).passes(10s);
  EXPECT_FALSE(home.runs(kWarmer));
  home.asks(ask::Resume{}, Door::voice).passes(1min);
  EXPECT_FALSE(home.runs(kWarmer)) << "going on would be switching it on" << home.all();
}

TEST(AVoice, SkipsToNoHeat) {
  House house = ana();
  for (Track& track : house.routines[0].tracks)
    if (track.kind == TrackKind::heat) track.at = 5min, track.length = 15min;
  for (const Door door : {Door::page, Door::voice}) {
    Home home = at_bedtime(house);
    home.asks(ask::Play{"wind-down"}, Door::page).passes(1min);
    EXPECT_FALSE(home.runs(kWarmer));
    home.asks(ask::Skip{}, door).passes(1min);
    EXPECT_EQ(home.runs(kWarmer), door == Door::page) << word_for(door) << "\n" << home.all();
  }
}

TEST(AVoice, ThatWantsItLongerGoesBackToNoHeat) {
  House house = ana();
  for (Track& track : house.routines[0].tracks) {
    if (track.kind == TrackKind::heat) track.length = 19min;
    if (track.kind == TrackKind::massage) track.length = 14min;  // from 8 on, and weaker from 17 on
  }
  for (const Door door : {Door::page, Door::voice}) {
    Home home = at_bedtime(house);
    home.asks(ask::Play{"wind-down"}, Door::page).passes(15min);
    ASSERT_TRUE(home.runs(kWarmer)) << home.all();
    home.asks(ask::Extend{"", 1min}, door).passes(30s);
    EXPECT_TRUE(home.runs(kWarmer)) << "what warms already goes on: " << word_for(door) << home.all();
    home.passes(4min + 50s);
    EXPECT_FALSE(home.runs(kWarmer)) << "its time is over";
    home.asks(ask::Extend{"", 2min}, door).passes(30s);  // from where the massage was at its full strength
    EXPECT_TRUE(home.runs(kPad));
    EXPECT_EQ(home.runs(kWarmer), door == Door::page) << word_for(door) << "\n" << home.all();
  }
}

TEST(AWordOfTheHouseholds, FromAVoiceWakesItsRuleWithoutItsHeat) {
  House house = ana();
  house.rules.push_back(
      {"Legs", {when::Said{"legs"}}, {}, {}, {act::Play{"wind-down"}, act::Set{kWarmer, 30_pct, {}}}});
  for (const Door door : {Door::page, Door::voice}) {
    Home home = at_bedtime(house);
    home.asks(ask::Word{"legs"}, door).passes(9min);
    EXPECT_TRUE(home.runs(kPad)) << home.all();
    EXPECT_EQ(home.runs(kWarmer), door == Door::page) << word_for(door) << "\n" << home.all();
  }
}

TEST(AWordOfTheHouseholds, DoesNotTakeTheHeatFromTheRuleOfTheClock) {
  House house = ana();
  house.rules.push_back({"Legs", {when::Said{"legs"}}, {}, {}, {act::Set{kLamp, 30_pct, {}}}});
  Home home = at_bedtime(house);
  home.at(22, 29).passes(50s);
  home.now = home.now + 10s;  // the clock strikes in the very step in which the word is heard
  home.asks(ask::Word{"legs"}, Door::voice).passes(1min);
  EXPECT_TRUE(home.runs(kWarmer)) << home.all();
}

TEST(AVoice, BeginsNoSetUpTestOfAHeater) {
  for (const Door door : {Door::voice, Door::scene, Door::page}) {
    Home home = at_bedtime();
    home.asks(ask::Test{kWarmer}, door).passes(5s);
    EXPECT_EQ(home.runs(kWarmer), door == Door::page) << home.all();
    EXPECT_EQ(home.said("is begun by a hand, never by a voice"), door != Door::page) << home.all();
  }
}

}  // namespace
}  // namespace lull
