// What is said to Home Assistant when: every trap of its discovery, with time as an argument.
#include "bridge/home_assistant/announcer.hpp"

#include <gtest/gtest.h>

#include <map>

#include "tests/bridge/home_assistant/sample.hpp"

namespace lull {
namespace {

constexpr Instant kStart{1h};

DeviceConfig config(const std::string& key, const std::vector<std::string>& parts) {
  DeviceConfig made;
  made.id = "lull_1a2b3c4d_" + key;
  std::string components;
  for (const std::string& part : parts) {
    const std::string one = R"({"command_topic":"x","platform":"switch","unique_id":")" + made.id + "_" + part + "\"}";
    made.components.push_back({part, "switch", one});
    components += (components.empty() ? "\"" : ",\"") + part + "\":" + one;
  }
  made.payload = R"({"device":{"identifiers":[")" + made.id + R"("],"via_device":"lull_1a2b3c4d_hub"},"components":{)" +
                 components + "}}";
  return made;
}
const DeviceConfig kHub = config("hub", {"all"}), kLeg = config("leg", {"massage", "reachable"});

/// An announcer, all that it said, and the seconds in between.
struct Story {
  Announcer announcer;
  Instant now = kStart;
  std::vector<Publish> said{};
  int rounds = 0;
  std::map<std::string, std::string> wanted{};  // the payload that each device ends with

  explicit Story(std::vector<DeviceConfig> devices = {kHub, kLeg}, std::string kept = "", std::uint32_t seed = 7)
      : announcer(sample::settings(), kept, seed) {
    want(std::move(devices));
  }
  void want(std::vector<DeviceConfig> devices) {
    for (const DeviceConfig& one : devices) wanted[one.id.substr(14)] = one.payload;
    take(announcer.want(std::move(devices), now));
  }
  void take(const Announcement& a) {
    said.insert(said.end(), a.first.begin(), a.first.end());
    if (a.all_states) said.push_back({"(all states)", "", 1, false, 0}), ++rounds;
    said.insert(said.end(), a.after.begin(), a.after.end());
  }
  Story& up() { return take(announcer.link_up(now)), *this; }
  Story& down() { return announcer.link_down(), *this; }
  Story& birth() { return announcer.hear("homeassistant/status", "online", false, now), *this; }
  Story& user_deletes(const std::string& id) {
    return announcer.hear("homeassistant/device/" + id + "/config", "", false, now), *this;
  }
  Story& passes(milliseconds span) {
    for (; span > 0ms; span -= 100ms) now = now + 100ms, take(announcer.tick(now));
    return *this;
  }
  /// What was said since the last question, briefly: "leg", "leg+ghosts", "leg-ghosts", "leg gone", "states", "online".
  std::vector<std::string> tell() {
    std::vector<std::string> out;
    for (const Publish& p : said) {
      EXPECT_TRUE(p.topic == "(all states)" || p.retain) << p.topic << " must be retained";
      const std::string id = p.topic.size() > 44 ? p.topic.substr(35, p.topic.size() - 42) : "";
      if (p.topic == "(all states)")
        out.push_back("states");
      else if (p.topic.find("/status") != std::string::npos)
        out.push_back(p.payload);
      else if (p.payload.empty())
        out.push_back(id + " gone");
      else if (p.payload.find(R"({"platform":"switch"})") != std::string::npos)
        out.push_back(id + " reduced");
      else if (p.payload == wanted[id])
        out.push_back(id);
      else
        out.push_back(id + " revived");
    }
    said.clear();
    return out;
  }
};
using Words = std::vector<std::string>;

TEST(OnTheLink, ConfigsComeFirstThenStatesThenOnline) {
  Story story;
  EXPECT_EQ(story.tell(), Words{}) << "nothing before there is a link";
  EXPECT_EQ(story.up().tell(), (Words{"hub", "leg", "states", "online"})) << "the hub first: the others name it";
  EXPECT_EQ(story.passes(20s).tell(), Words{}) << "and no log spam after it";
  EXPECT_EQ(story.down().up().tell(), (Words{"hub", "leg", "states", "online"}))
      << "the broker may have forgotten everything";
}

TEST(ABirth, IsAnsweredOnceAfterOneToFiveSeconds) {
  for (std::uint32_t seed = 1; seed <= 50; ++seed) {
    Story story({kHub, kLeg}, "", seed);
    story.up().passes(20s).tell();
    EXPECT_EQ(story.birth().passes(900ms).tell(), Words{});
    EXPECT_EQ(story.passes(4100ms).tell(), (Words{"hub", "leg", "states", "online"})) << seed;
    EXPECT_EQ(story.birth().passes(4900ms).tell(), Words{}) << "a second one within ten seconds";
    EXPECT_EQ(story.passes(1s).birth().passes(5s).tell().size(), 4u) << "every later one counts, offline before or not";
  }
}

TEST(ABirth, ThatIsRetainedOrNoBirthAtAllIsNotAnswered) {
  Story story;
  story.up().tell();
  story.announcer.hear("homeassistant/status", "online", true, story.now);
  story.announcer.hear("homeassistant/status", "offline", false, story.now);
  story.announcer.hear("homeassistant/status", "\xff", false, story.now);
  EXPECT_EQ(story.passes(20s).tell(), Words{});
}

TEST(AnEntityThatIsNoMore, IsRevivedReducedAndLeftOut) {
  const std::string kept = Story({kHub, kLeg}).announcer.keep();
  Story story({kHub, config("leg", {"massage"})}, kept);
  EXPECT_EQ(story.up().tell(), (Words{"hub", "leg revived", "states", "online"}));
  EXPECT_EQ(story.passes(900ms).tell(), Words{}) << "different messages for one device are a second apart";
  EXPECT_EQ(story.passes(100ms).tell(), Words{"leg reduced"});
  EXPECT_EQ(story.passes(1s).tell(), Words{"leg"});
  EXPECT_EQ(story.passes(9s).tell(), Words{});
}

TEST(ADeviceThatIsNoMore, IsRevivedAndThenEmptied) {
  Story story({kHub}, Story({kHub, kLeg}).announcer.keep());
  EXPECT_EQ(story.up().tell(), (Words{"hub", "leg revived", "states", "online"}));
  EXPECT_EQ(story.passes(1s).tell(), Words{"leg gone"});
}

TEST(ARemoval, IsRepeatedUntilHomeAssistantWasThereToHearIt) {
  Story story({kHub}, Story({kHub, kLeg}).announcer.keep());
  story.up().passes(10s).tell();
  // Home Assistant may have been down: the broker deleted the retained message and nobody heard it.
  Story restarted({kHub}, story.announcer.keep());
  EXPECT_EQ(restarted.up().tell(), (Words{"hub", "leg revived", "states", "online"}));
  restarted.passes(10s).tell();
  restarted.birth();
  EXPECT_EQ(restarted.passes(6s).tell(), (Words{"hub", "leg revived", "states", "online", "leg gone"}));
  EXPECT_EQ(restarted.announcer.keep().find("leg"), std::string::npos) << "now it is surely gone, and forgotten";
  EXPECT_EQ(restarted.passes(20s).birth().passes(6s).tell(), (Words{"hub", "states", "online"}));
}

TEST(ARemoval, ThatTheLinkInterruptsBeginsAgain) {
  Story story({kHub}, Story({kHub, kLeg}).announcer.keep());
  story.up().passes(10s).birth().passes(900ms).down().tell();
  EXPECT_EQ(story.passes(10s).tell(), Words{}) << "no link, no words";
  EXPECT_NE(story.announcer.keep().find("leg"), std::string::npos);
  EXPECT_EQ(story.up().passes(1s).tell(), (Words{"hub", "leg revived", "states", "online", "leg gone"}));
}

TEST(OurOwnWords, ComeBackAndMeanNothing) {
  Story story({kHub}, Story({kHub, kLeg}).announcer.keep());
  story.up().passes(1s).tell();
  story.user_deletes("lull_1a2b3c4d_leg");  // the echo of our own removal
  story.announcer.hear("homeassistant/device/lull_1a2b3c4d_hub/config", kHub.payload, true, story.now);
  EXPECT_TRUE(story.announcer.deleted().empty());
}

TEST(ADeviceTheUserDeleted, StaysDeletedUntilAsked) {
  Story story;
  story.up().passes(5s).tell();
  story.user_deletes("lull_1a2b3c4d_leg").user_deletes("lull_1a2b3c4d_leg");  // Home Assistant says it once an entity
  EXPECT_EQ(story.announcer.deleted(), Words{"lull_1a2b3c4d_leg"});
  EXPECT_EQ(story.birth().passes(6s).tell(), (Words{"hub", "states", "online"}));
  EXPECT_EQ(story.down().up().tell(), (Words{"hub", "states", "online"}));
  Story restarted({kHub, kLeg}, story.announcer.keep());
  EXPECT_EQ(restarted.up().tell(), (Words{"hub", "states", "online"})) << "remembered on disk";
  restarted.take(restarted.announcer.welcome_back(restarted.now));
  EXPECT_EQ(restarted.tell(), (Words{"hub", "leg", "states"}));
  EXPECT_TRUE(restarted.announcer.deleted().empty());
}

TEST(AHubTheUserDeleted, IsNoLongerNamedByTheOthers) {
  Story story;
  story.up().passes(5s).user_deletes("lull_1a2b3c4d_hub").birth().passes(6s);
  story.said.erase(story.said.begin(), story.said.begin() + 4);  // said before it was deleted
  ASSERT_EQ(story.said.size(), 3u);
  for (const Publish& p : story.said)
    EXPECT_EQ(p.payload.find("via_device"), std::string::npos) << "it would come back as a stub";
}

TEST(AChangedHouse, SaysItsDevicesASecondApart) {
  Story story;
  story.up().tell();
  story.want({kHub, config("leg", {"massage", "reachable", "more"})});
  EXPECT_EQ(story.tell(), (Words{"hub", "states"})) << "the leg was announced in this very moment";
  EXPECT_EQ(story.announcer.due(), story.now + 1s);
  EXPECT_EQ(story.passes(1s).tell(), Words{"leg"});
  EXPECT_FALSE(story.announcer.due());
}

TEST(RemovingAll, LeavesNothingBehind) {
  Story story;
  story.up().passes(5s).tell();
  story.wanted.clear();
  story.take(story.announcer.remove_all(story.now));
  EXPECT_EQ(story.passes(1s).tell(), (Words{"hub revived", "leg revived", "states", "hub gone", "leg gone"}));
}

TEST(ABrokenMemory, IsAnEmptyOne) {
  for (
      const char* broken :
      {"", "{", "[]", "7", "\xff", R"({"announced":[]})", R"({"announced":{"lull_x":7}})",
       R"({"announced":{"lull_x":{"a":{"platform":7}}},"deleted_by_user":[1,{}]})",
       R"({"announced":{"../#":{"a":{"platform":"switch","unique_id":"u"}},"lull_+/#":{"a":{"platform":"switch","unique_id":"u"}}}})"})
    EXPECT_EQ(Story({kHub}, broken).up().tell().front(), "hub") << broken;
  Story story(
      {kHub},
      R"({"announced":{"other_device":{"a":{"platform":"switch","unique_id":"u"}},"lull_#":{"a":{"platform":"switch","unique_id":"u"}}},)"
      R"("deleted_by_user":["lull_+"]})");
  EXPECT_EQ(story.announcer.subscriptions().size(), 2u) << "nothing that is not ours can be cleared by a file";
  EXPECT_EQ(story.announcer.keep(), Story({kHub}).announcer.keep());
}

TEST(TheWill, SaysOfflineForEver) {
  const Publish will = Story().announcer.will();
  EXPECT_EQ(will.topic, "lull/1a2b3c4d/status");
  EXPECT_EQ(will.payload, "offline");
  EXPECT_TRUE(will.retain);
}

}  // namespace
}  // namespace lull
