// The whole face: what leaves on a link, what a message becomes, what is said when something changes.
#include "bridge/home_assistant/face.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "tests/bridge/home_assistant/sample.hpp"

namespace lull {
namespace {

struct AFace {
  House house = sample::house();
  Seen seen{sample::view(), {}};
  Instant now{1h};
  Face face;
  explicit AFace(Face::Kept kept = {})
      : face(
            house, sample::settings(), kept, 7, [this] { return seen; }, now) {}
};

bool is_config(const Publish& p) { return p.topic.rfind("homeassistant/", 0) == 0; }

TEST(AFace, SaysConfigsThenStatesThenOnline) {
  AFace it;
  EXPECT_TRUE(it.face.show().empty()) << "no link, no words";
  const auto said = it.face.link_up(it.now);
  const auto first_state = std::find_if(said.begin(), said.end(), [](const Publish& p) { return !is_config(p); });
  EXPECT_EQ(first_state - said.begin(), 12);
  EXPECT_TRUE(std::none_of(first_state, said.end(), is_config));
  EXPECT_EQ(said.back().topic, "lull/1a2b3c4d/status");
  EXPECT_EQ(said.back().payload, "online");
  EXPECT_TRUE(it.face.show().empty());
  it.seen.view.devices[0].on = false;
  EXPECT_FALSE(it.face.show().empty());
}

TEST(AFace, ShowsInPartsWhatItWouldShowAtOnce) {
  AFace at_once, in_parts;
  at_once.face.link_up(at_once.now);
  in_parts.face.link_up(in_parts.now);
  for (AFace* it : {&at_once, &in_parts}) {
    it->seen.view.stopped = !it->seen.view.stopped;
    for (DeviceView& is : it->seen.view.devices) is.reachable = !is.reachable;
  }
  std::vector<Publish> said;
  std::size_t most = 0;
  in_parts.face.begin_show();
  in_parts.seen.view.devices[0].on = !in_parts.seen.view.devices[0].on.value_or(false);  // the next show's business
  while (in_parts.face.is_showing()) {
    auto some = in_parts.face.show_more();
    most = std::max(most, some.size());
    for (Publish& p : some) said.push_back(std::move(p));
  }
  const auto all = at_once.face.show();
  ASSERT_EQ(said.size(), all.size());
  for (std::size_t i = 0; i < all.size(); ++i)
    EXPECT_EQ(said[i].topic + said[i].payload, all[i].topic + all[i].payload);
  EXPECT_LT(most, all.size() / 2);
}

TEST(AFace, ThatIsShowingSaysNothingOldAfterAllWasSaidAnew) {
  AFace it;
  it.face.link_up(it.now);
  it.seen.view.stopped = true;
  it.face.begin_show();
  it.seen.view.stopped = false;
  it.now = it.now + 20s;
  it.face.hear("homeassistant/status", "online", false, it.now);
  ASSERT_TRUE(it.face.due());
  it.face.tick(*it.face.due());
  EXPECT_FALSE(it.face.is_showing());
  EXPECT_TRUE(it.face.show_more().empty());
  it.face.begin_show();
  it.face.link_down();
  EXPECT_FALSE(it.face.is_showing());
}

TEST(AFace, AnswersABirthInFull) {
  AFace it;
  const std::size_t all = it.face.link_up(it.now).size();
  it.now = it.now + 20s;
  EXPECT_FALSE(it.face.hear("homeassistant/status", "online", false, it.now).ours);
  ASSERT_TRUE(it.face.due());
  EXPECT_EQ(it.face.tick(*it.face.due()).size(), all);
}

TEST(AFace, ClearsARetainedCommandAndWishesNothing) {
  AFace it;
  it.face.link_up(it.now);
  const auto heard = it.face.hear("lull/1a2b3c4d/device/foot-warmer/on/set", "ON", true, it.now);
  EXPECT_FALSE(heard.wish);
  ASSERT_TRUE(heard.problem);
  ASSERT_EQ(heard.publish.size(), 1u);
  EXPECT_TRUE(heard.publish[0].payload.empty() && heard.publish[0].retain);
  EXPECT_FALSE(it.face.hear(heard.publish[0].topic, "", false, it.now).problem) << "and its own clearing is no problem";
  const auto live = it.face.hear("lull/1a2b3c4d/hub/on/set", "OFF", false, it.now);
  ASSERT_TRUE(live.wish);
  EXPECT_EQ(live.wish->commands, std::vector<Command>{ask::StopAll{}});
}

TEST(AFace, TakesEverythingBackWhenAsked) {
  AFace it;
  it.face.link_up(it.now);
  it.now = it.now + 5s;
  auto said = it.face.remove_all(it.now);
  EXPECT_TRUE(std::all_of(said.begin(), said.end(), is_config)) << "states go after their entities";
  while (it.face.due()) {
    it.now = std::max(it.now, *it.face.due());
    for (Publish& p : it.face.tick(it.now)) said.push_back(std::move(p));
  }
  said.push_back(it.face.farewell());
  std::map<std::string, std::string> retained;
  for (const Publish& p : said) retained[p.topic] = p.payload;
  EXPECT_GT(retained.size(), 60u);
  for (const auto& [topic, payload] : retained) EXPECT_TRUE(payload.empty()) << topic << " stays behind";
}

TEST(AFace, ThatWasRenamedLeavesNoTopicBehind) {
  AFace before;
  before.face.link_up(before.now);
  AFace after(before.face.keep());
  after.house.devices[0].id = "new-pad";
  Face renamed(
      after.house, sample::settings(), before.face.keep(), 7, [&] { return after.seen; }, after.now);
  renamed.link_up(after.now);
  bool cleared = false;
  while (renamed.due())
    for (const Publish& p : renamed.tick(after.now = std::max(after.now, *renamed.due())))
      cleared = cleared || (p.topic == "lull/1a2b3c4d/device/left-leg-massage/on" && p.payload.empty());
  EXPECT_TRUE(cleared);
}

TEST(AFace, IsSubscribedToWhatItMustHear) {
  AFace it;
  const auto topics = it.face.subscriptions();
  for (const char* needed : {"lull/1a2b3c4d/command", "homeassistant/status", "lull/1a2b3c4d/device/+/+/set",
                             "homeassistant/device/lull_1a2b3c4d_foot-warmer/config"})
    EXPECT_TRUE(std::find(topics.begin(), topics.end(), needed) != topics.end()) << needed;
}

}  // namespace
}  // namespace lull
