// Two sessions, one ear for the core: each message once, in order, and no STOP lost.
#include "bridge/mqtt/ears.hpp"

#include <gtest/gtest.h>

#include <random>

namespace lull {
namespace {

/// A bedroom with two ears. Words in capitals stop.
struct TwoEars : ::testing::Test {
  Ears ears;
  Instant now{1h};
  void SetUp() override {
    ears.connected(Ear::guard, true);
    ears.connected(Ear::main, true);
  }
  bool hear(Ear ear, const std::string& word, bool retained = false, const std::string& topic = "hub/on/set") {
    return ears.counts(ear, topic, topic, word, retained, now, [&] { return word == "STOP"; });
  }
  bool guard(const std::string& word, bool retained = false) { return hear(Ear::guard, word, retained); }
  bool main(const std::string& word, bool retained = false) { return hear(Ear::main, word, retained); }
};

TEST_F(TwoEars, HearEachMessageOnceWhicheverBringsIt) {
  EXPECT_TRUE(guard("off"));
  EXPECT_FALSE(main("off")) << "the copy of an off is no second off";
  EXPECT_TRUE(main("off"));
  EXPECT_FALSE(guard("off"));
  EXPECT_TRUE(guard("off"));
  EXPECT_TRUE(guard("off")) << "said twice is heard twice";
  EXPECT_FALSE(main("off"));
  EXPECT_FALSE(main("off"));
}

TEST_F(TwoEars, LetNoLateCopyOfStopLatchAfterARelease) {
  EXPECT_TRUE(guard("STOP"));
  EXPECT_TRUE(guard("release"));
  now = now + 9s;  // the main session is behind a flood
  EXPECT_FALSE(main("STOP"));
  EXPECT_FALSE(main("release"));
  EXPECT_TRUE(main("STOP")) << "a new one, brought by the main session first";
  EXPECT_FALSE(guard("STOP"));
}

TEST_F(TwoEars, LetNoLateReleaseComeAfterTheStopThatFollowedIt) {
  ears.connected(Ear::guard, false);
  ears.connected(Ear::guard, true);  // it came up between the two, and never hears the release
  EXPECT_TRUE(guard("STOP"));
  EXPECT_FALSE(main("release")) << "older than the STOP or newer? in that doubt it does not count";
  EXPECT_FALSE(main("STOP"));
  EXPECT_TRUE(main("release")) << "now the main session owes nothing: this one is newer";
}

TEST_F(TwoEars, HearAStopByEitherAlsoInDoubt) {
  EXPECT_TRUE(guard("release"));
  EXPECT_TRUE(main("STOP")) << "main still owes the release";
  EXPECT_TRUE(main("STOP")) << "twice is no harm";
}

TEST_F(TwoEars, LoseNothingWhenTheOtherFallsSilent) {
  EXPECT_TRUE(guard("on"));
  EXPECT_FALSE(main("on"));
  for (const char* word : {"off", "on", "STOP", "release"})  // a cable died, and nobody knows yet
    EXPECT_TRUE(main(word)) << word;
  ears.connected(Ear::guard, false);
  EXPECT_TRUE(main("STOP"));
  EXPECT_TRUE(main("release"));
}

TEST_F(TwoEars, LoseNothingWhileTheGuardComesBack) {
  ears.connected(Ear::guard, false);
  EXPECT_TRUE(main("play"));
  ears.connected(Ear::guard, true);  // its subscription is on the way
  EXPECT_TRUE(main("softer"));       // said before it took effect: the guard never brings it
  EXPECT_FALSE(guard("release"));    // in doubt, and waits for the main session
  EXPECT_TRUE(main("release"));      // which brings it: it counts
  EXPECT_TRUE(guard("STOP")) << "never waits";
  EXPECT_FALSE(main("STOP"));
  now = now + Ears::kForget;
  EXPECT_TRUE(guard("release")) << "and what was lost is not waited for much longer";
}

TEST_F(TwoEars, RatherHearAStopTwiceThanNotAtAllWhenOneIsLeft) {
  EXPECT_TRUE(guard("STOP"));
  EXPECT_TRUE(guard("release"));
  ears.connected(Ear::guard, false);
  EXPECT_TRUE(main("STOP")) << "the copy, or a new one whose copy was lost";
}

TEST_F(TwoEars, LetNoCopyThatTheGuardNeverGotSwallowALaterStop) {
  EXPECT_TRUE(main("STOP")) << "said before the guard's subscription took effect";
  EXPECT_FALSE(guard("release"));
  EXPECT_TRUE(main("release"));
  now = now + Ears::kGuardLags;
  EXPECT_TRUE(guard("STOP")) << "a guard is never that far behind: this is a new one";
  EXPECT_FALSE(main("STOP"));
  EXPECT_TRUE(main("off"));
  now = now + Ears::kGuardLags;
  EXPECT_FALSE(guard("off")) << "what does not stop is rather lost than heard twice";
}

TEST_F(TwoEars, TakeAReportFromBeforeADeafGuardOnlyOnce) {
  EXPECT_TRUE(guard("off"));
  ears.connected(Ear::guard, false);
  EXPECT_FALSE(main("off")) << "the copy of what the guard brought before it was lost";
  EXPECT_TRUE(main("off"));
}

TEST_F(TwoEars, ForgiveASessionThatLostSomething) {
  EXPECT_TRUE(guard("a"));
  EXPECT_FALSE(main("c")) << "it owes the a";
  EXPECT_TRUE(guard("c")) << "the other brings it, too: it counts now";
  EXPECT_TRUE(guard("d"));
  EXPECT_FALSE(main("d")) << "found: the a is not waited for any more";
  EXPECT_TRUE(main("e"));
}

TEST_F(TwoEars, TakeARetainedMessageOnlyAsTheFirstWord) {
  EXPECT_TRUE(guard("on", true));
  EXPECT_FALSE(main("on", true)) << "both are shown it when they subscribe";
  EXPECT_TRUE(guard("off"));
  EXPECT_FALSE(main("off"));
  ears.connected(Ear::guard, false);
  ears.connected(Ear::guard, true);
  EXPECT_FALSE(guard("off", true)) << "shown once more, known already";
  EXPECT_TRUE(main("on")) << "and the main session owes nothing for it";
  ears.connected(Ear::guard, false);
  ears.connected(Ear::main, false);
  ears.connected(Ear::main, true);
  EXPECT_TRUE(main("off", true)) << "after both were deaf it is all there is";
}

TEST_F(TwoEars, KeepTheLanesApart) {
  EXPECT_TRUE(hear(Ear::guard, "off", false, "heater"));
  EXPECT_TRUE(hear(Ear::main, "play", false, "command"));
}

TEST_F(TwoEars, RememberABoundedNumberOfCopies) {
  for (std::size_t i = 0; i < Ears::kOwed + 10; ++i) EXPECT_TRUE(guard(std::to_string(i)));
  EXPECT_FALSE(main("0")) << "its copy is forgotten, but who is that far behind is not believed";
  EXPECT_FALSE(main("10"));
  EXPECT_FALSE(main(std::to_string(Ears::kOwed + 9)));
  EXPECT_FALSE(main("new"));
  now = now + Ears::kForget;
  EXPECT_TRUE(main("newer"));
}

// Any two subsequences of one stream, brought in any interleaving: what counts is in the stream's order, nothing counts
// twice, every STOP that one of them brings counts, and where neither misses anything all of it counts.
/// A pad's "online" is retained, and what was known of it is void when the main session begins: told by the guard
/// alone, who is often quicker, it would leave the pad without a timer, and unused, until it connects again itself.
TEST_F(TwoEars, HearHowThingsLayFromTheMainOneEachTimeItBegins) {
  ears.connected(Ear::main, false);
  ears.connected(Ear::guard, false);
  ears.connected(Ear::guard, true);
  EXPECT_TRUE(guard("online", true));
  ears.connected(Ear::main, true);
  EXPECT_TRUE(main("online", true)) << "it began later, and so did all that is learned from it";
  EXPECT_FALSE(main("online", true)) << "once";
  EXPECT_TRUE(guard("online")) << "news: the guard owes no copy of what lay there before";
  EXPECT_FALSE(main("online"));
  ears.connected(Ear::main, false);
  EXPECT_TRUE(guard("offline"));
  ears.connected(Ear::main, true);
  EXPECT_TRUE(main("offline", true)) << "the same when it lost its connection and the guard did not";
}

TEST_F(TwoEars, HearNothingThatLayThereAfterWhatFollowedIt) {
  EXPECT_TRUE(guard("online", true));
  ears.connected(Ear::main, false);
  ears.connected(Ear::main, true);
  EXPECT_TRUE(guard("offline"));
  EXPECT_FALSE(main("online", true)) << "older than what the guard has heard since";
  EXPECT_FALSE(main("offline"));
}

TEST(TwoEarsByTheThousand, CountEachWordOnceAndInOrder) {
  for (unsigned seed = 1; seed <= 2000; ++seed) {
    std::mt19937 dice{seed};
    const unsigned misses = seed % 3 == 0 ? 8 : 0;  // one in so many
    Ears ears;
    ears.connected(Ear::guard, true);
    ears.connected(Ear::main, true);
    std::vector<int> stream(40), brings[2];
    for (int i = 0; i < 40; ++i) {
      stream[static_cast<std::size_t>(i)] = i;
      for (auto& one : brings)
        if (!misses || dice() % misses) one.push_back(i);
    }
    std::size_t at[2] = {0, 0};
    std::vector<int> counted;
    while (at[0] < brings[0].size() || at[1] < brings[1].size()) {
      const std::size_t who = at[0] == brings[0].size() ? 1 : at[1] == brings[1].size() ? 0 : dice() % 2;
      const int word = brings[who][at[who]++];
      // Every seventh word stops. Others are all different, so that this test can tell which was which.
      const bool stops = word % 7 == 0;
      if (ears.counts(who == 0 ? Ear::guard : Ear::main, "", "t", std::to_string(word), false, Instant{1h},
                      [&] { return stops; }))
        counted.push_back(word);
    }
    int last = -1;
    for (const int word : counted) {
      if (word % 7 != 0) {
        ASSERT_GT(word, last) << "seed " << seed << ": nothing that loosens comes after something newer";
      }
      last = std::max(last, word);
    }
    for (int word = 0; word < 40; ++word) {
      const auto times = std::count(counted.begin(), counted.end(), word);
      ASSERT_LE(times, 1) << "seed " << seed << " word " << word;
      const bool brought =
          std::count(brings[0].begin(), brings[0].end(), word) + std::count(brings[1].begin(), brings[1].end(), word);
      if (brought && (word % 7 == 0 || !misses)) {
        ASSERT_EQ(times, 1) << "seed " << seed << " word " << word << " was lost";
      }
    }
  }
}

}  // namespace
}  // namespace lull
