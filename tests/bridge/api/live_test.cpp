// The state over time: numbered changes, and what somebody is told who comes back after a break.
#include "bridge/api/live.hpp"

#include <gtest/gtest.h>

#include "bridge/api/state.hpp"

namespace lull {
namespace {

using Json = nlohmann::json;

Json patch_in(const Live::Message& message) { return Json::parse(*message)["patch"]; }

TEST(AMergePatch, HoldsWhatChangedAndMakesTheOneOfTheOther) {
  const Json before = {{"a", 1}, {"b", {{"c", 2}, {"d", 3}}}, {"list", {1, 2}}, {"gone", true}};
  const Json now = {{"a", 1}, {"b", {{"c", 2}, {"d", 4}}}, {"list", {1, 3}}, {"fresh", "x"}};
  const Json patch = merge_patch_of(before, now);
  EXPECT_EQ(patch, Json::parse(R"({"b":{"d":4},"list":[1,3],"gone":null,"fresh":"x"})"));
  Json made = before;
  made.merge_patch(patch);
  EXPECT_EQ(made, now);
  EXPECT_TRUE(merge_patch_of(now, now).empty());
}

TEST(WhatAPartnerSees, IsWhoIsInBedAndNothingOfHowTheySleep) {
  const Json sleeper = {{"name", "Ana"},
                        {"in_bed", true},
                        {"restless", true},
                        {"index", 40},
                        {"movements_per_hour", 12},
                        {"text", "4 movements"},
                        {"movements", 4},
                        {"episodes_tonight", 2},
                        {"replays_tonight", 1},
                        {"sedatives_tonight", true}};
  const Json seen =
      without_diary({{"sleepers", {sleeper}},
                     {"rules", {{{"name", "Relief"}, {"acted_tonight", 2}, {"next_text", "2 of 3 used"}}}},
                     {"last_night", {{{"episodes", 3}}}},
                     {"last_decision", {{"why", "estimated restless"}}}});
  const Json& theirs = seen["sleepers"][0];
  EXPECT_EQ(theirs["name"], "Ana");
  EXPECT_EQ(theirs["in_bed"], true);
  for (const char* key : {"restless", "index", "movements_per_hour", "text", "movements", "episodes_tonight",
                          "replays_tonight", "sedatives_tonight", "back_off", "heart", "estimate", "sensors"})
    EXPECT_TRUE(theirs.at(key).is_null()) << key << ": nothing is told, and 0 or false would be something";
  EXPECT_EQ(seen["rules"][0], Json({{"name", "Relief"}, {"acted_tonight", nullptr}, {"next_text", ""}}));
  EXPECT_TRUE(seen["last_night"].empty());
  EXPECT_TRUE(seen["last_decision"].is_null());
}

TEST(TheLiveState, TellsOnlyWhatIsNews) {
  Live live(1000);
  EXPECT_EQ(live.becomes({{"at", "1"}, {"on", false}}), nullptr) << "nobody could have watched";
  EXPECT_EQ(live.becomes({{"at", "2"}, {"on", false}}), nullptr) << "time passes for everybody";
  const auto news = live.becomes({{"at", "3"}, {"on", true}});
  ASSERT_TRUE(news);
  EXPECT_EQ(Json::parse(*news)["seq"], 1001);
  EXPECT_EQ(patch_in(news), Json({{"at", "3"}, {"on", true}}));
  ASSERT_TRUE(live.becomes({{"at", "4"}, {"on", true}}, true)) << "but a beat is always one";
}

TEST(TheLiveState, TellsWhoComesBackWhatTheyMissed) {
  Live live(1000);
  for (int i = 0; i <= 5; ++i) live.becomes({{"n", i}});
  ASSERT_EQ(live.number(), 1005u);
  const auto missed = live.catch_up(1003);
  ASSERT_EQ(missed.size(), 2u);
  EXPECT_EQ(patch_in(missed[0])["n"], 4);
  EXPECT_EQ(patch_in(missed[1])["n"], 5);
  ASSERT_EQ(live.catch_up(1005).size(), 1u)
      << "nothing was missed, and that is told: the page shows no link until then";
  EXPECT_EQ(*live.catch_up(1005)[0], R"({"seq":1005})");
}

TEST(TheLiveState, TellsAllToWhoWasAwayForTooLongOrWatchedAnotherRun) {
  Live live(1000);
  for (int i = 0; i < 2000; ++i) live.becomes({{"n", i}});
  for (const std::uint64_t since : {0u, 999u, 1000u, 1100u, 99'999u}) {
    const auto told = live.catch_up(since);
    ASSERT_EQ(told.size(), 1u) << since;
    EXPECT_EQ(Json::parse(*told[0])["state"]["n"], 1999) << since;
  }
  EXPECT_EQ(live.catch_up(live.number() - Live::kKept).size(), Live::kKept) << "as far back as is kept";
}

}  // namespace
}  // namespace lull
