// Compressed states, as Home Assistant's subscribe_entities sends them.
#include "bridge/home_assistant/websocket/entities.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace lull {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::string kImage = "image.ana_last_night";

struct Entities : testing::Test {
  HaEntities all{{kImage, "notify.pixel", kImage}};
  std::vector<std::string> hears(const char* event) { return all.hear(Json::parse(event)); }
};

TEST_F(Entities, AreHeardInWholeThenInParts) {
  EXPECT_THAT(all.wanted(), ElementsAre(kImage, "notify.pixel"));
  EXPECT_EQ(all.find(kImage), nullptr);
  EXPECT_THAT(hears(R"({"a":{"image.ana_last_night":{"s":"2026-11-30T06:00:00","a":{"entity_picture":"/x?token=1",
      "friendly_name":"Ana Last night"},"c":"01","lc":1764482400.5}}})"),
              ElementsAre(kImage));
  ASSERT_NE(all.find(kImage), nullptr);
  EXPECT_EQ(all.find(kImage)->state, "2026-11-30T06:00:00");
  hears(R"({"c":{"image.ana_last_night":{"+":{"a":{"entity_picture":"/x?token=2"},"lu":1764482700.1},
      "-":{"a":["friendly_name"]}}}})");
  EXPECT_EQ(all.find(kImage)->state, "2026-11-30T06:00:00") << "what is not said stays";
  EXPECT_EQ(all.find(kImage)->attributes, (Json{{"entity_picture", "/x?token=2"}}));
  EXPECT_THAT(hears(R"({"r":["image.ana_last_night","light.bed"]})"), ElementsAre(kImage));
  EXPECT_EQ(all.find(kImage), nullptr);
}

TEST_F(Entities, KnowWhenTheyBecameSo) {
  hears(R"({"a":{"notify.pixel":{"s":"on","a":{},"c":"01","lc":1764482400.5}}})");
  EXPECT_EQ(all.find("notify.pixel")->updated, 1764482400.5) << "not said apart: the same";
  hears(R"({"c":{"notify.pixel":{"+":{"a":{"x":1},"lu":1764482700.25}}}})");
  EXPECT_EQ(Json::parse(told_as(*all.find("notify.pixel"), true)), (Json{{"state", "on"},
                                                                         {"attributes", {{"x", 1}}},
                                                                         {"last_changed", 1764482400.5},
                                                                         {"last_updated", 1764482700.25}}));
  EXPECT_EQ(Json::parse(told_as(*all.find("notify.pixel"), false)), (Json{{"state", "on"}, {"attributes", {{"x", 1}}}}))
      << "asked for: it did not happen now";
}

TEST_F(Entities, AreOnlyThoseThatWereAskedFor) {
  EXPECT_THAT(hears(R"({"a":{"light.bed":{"s":"on","a":{}}}})"), IsEmpty());
  EXPECT_EQ(all.find("light.bed"), nullptr);
}

TEST_F(Entities, AreNotMadeOfParts) {
  EXPECT_THAT(hears(R"({"c":{"notify.pixel":{"+":{"s":"on"}}}})"), IsEmpty());
  EXPECT_EQ(all.find("notify.pixel"), nullptr);
}

TEST_F(Entities, AreForgottenWithTheConnection) {
  hears(R"({"a":{"notify.pixel":{"s":"unknown","a":{}}}})");
  all.forget();
  EXPECT_EQ(all.find("notify.pixel"), nullptr);
}

TEST_F(Entities, KeepNoMoreOfAStrangersAttributesThanHasRoom) {
  Json attributes = {{"entity_picture", "/x"}, {"faces", std::string(20'000, 'f')}};
  for (int i = 0; i < 2'000; ++i) attributes["z" + std::to_string(i)] = i;
  all.hear({{"a", {{kImage, {{"s", std::string(5'000, 's')}, {"a", attributes}}}}}});
  EXPECT_LE(all.find(kImage)->attributes.dump().size(), HaEntities::kMaxAttributes);
  EXPECT_EQ(all.find(kImage)->attributes["entity_picture"], "/x");
  EXPECT_LE(all.find(kImage)->state.size(), 1020u);
}

/// What a bridge that was away says first is what it said last: a plug's 0 W of before would prove an OFF.
TEST_F(Entities, SayWhichOnlyCameBack) {
  const auto came_back = [&] { return all.find("notify.pixel")->came_back; };
  hears(R"({"a":{"notify.pixel":{"s":"3","a":{}}}})");
  EXPECT_FALSE(came_back());
  hears(R"({"c":{"notify.pixel":{"+":{"s":"unavailable","lc":1764482400.5}}}})");
  EXPECT_FALSE(came_back());
  hears(R"({"c":{"notify.pixel":{"+":{"s":"0","lc":1764482500.5}}}})");
  EXPECT_TRUE(came_back());
  hears(R"({"c":{"notify.pixel":{"+":{"s":"1","lc":1764482501.5}}}})");
  EXPECT_FALSE(came_back()) << "now it speaks";
  hears(R"({"c":{"notify.pixel":{"+":{"s":"unknown"}}}})");
  hears(R"({"c":{"notify.pixel":{"+":{"s":"1"}}}})");
  EXPECT_FALSE(came_back()) << "of unknown nothing is remembered";
}

TEST_F(Entities, ThatCameBackSpeakAgainWhenTheirStrengthChangesLater) {
  for (const std::string id : {"fan.feet", "light.bedside", "sensor.watts"}) {
    const auto says = [&](Json what) { all.hear({{"c", {{id, {{"+", std::move(what)}}}}}}); };
    const auto came_back = [&] { return all.find(id)->came_back; };
    all = HaEntities{{id}};
    all.hear({{"a", {{id, {{"s", "unavailable"}, {"a", Json::object()}, {"lc", 1764482400.5}}}}}});
    says({{"s", "on"}, {"a", {{"percentage", 20}}}, {"lc", 1764482500.5}});
    EXPECT_TRUE(came_back());
    says({{"a", {{"percentage", 30}}}, {"lu", 1764482500.9}});
    EXPECT_TRUE(came_back()) << "that is still how it comes back, in pieces";
    says({{"a", {{"percentage", 35}}}});
    EXPECT_TRUE(came_back()) << "nobody knows when";
    says({{"a", {{"percentage", 40}}}, {"lu", 1764482900.5}});
    EXPECT_EQ(came_back(), id == "sensor.watts") << id << ": a hand, but no watts that were measured";
  }
}

TEST_F(Entities, TakeNoTimeThatIsNone) {
  hears(R"({"a":{"notify.pixel":{"s":"on","a":{},"lc":1e300}}})");
  EXPECT_EQ(all.find("notify.pixel")->updated, 0);
  hears(R"({"c":{"notify.pixel":{"+":{"s":"off","lu":-5}}}})");
  EXPECT_EQ(all.find("notify.pixel")->updated, 0);
}

TEST_F(Entities, SurviveWhatIsNoState) {
  for (const char* event : {"5", "[]", "null", R"({"a":5,"c":[],"r":{}})", R"({"a":{"notify.pixel":5}})",
                            R"({"a":{"notify.pixel":{"s":5,"a":[]}},"r":[5,null]})",
                            R"({"c":{"notify.pixel":{"+":5,"-":{"a":5}}}})", R"({"c":{"notify.pixel":7}})"})
    hears(event);
  EXPECT_NE(all.find("notify.pixel"), nullptr);
}

}  // namespace
}  // namespace lull
