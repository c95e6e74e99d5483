// A night that is cut into hours and put together again is the same night; so is one that is replayed.
#include <gtest/gtest.h>

#include "automations/record.hpp"
#include "automations/snapshot.hpp"
#include "tests/stories/night.hpp"

namespace lull {
namespace {

Night recorded(std::uint64_t seed) {
  NightSettings settings;
  settings.room.seed = seed;
  settings.room.faults = seed % 2 == 0;
  settings.keep_record = true;
  return Night(settings);
}

std::vector<std::string> texts_of(const std::vector<Effect>& effects) {
  std::vector<std::string> texts;
  for (const Effect& effect : effects) texts.push_back(to_text(effect));
  return texts;
}

/// Steps through the run; before each event `between` may put another hub in the place of this one.
template <class Between>
void expect_the_same(const Recording& run, const std::shared_ptr<const House>& house, Between between) {
  Hub hub = begin(house);
  for (std::size_t i = 0; i < run.events.size(); ++i) {
    hub = between(std::move(hub), run.events[i]);
    auto [next, effects] = step(std::move(hub), run.events[i]);
    hub = std::move(next);
    ASSERT_EQ(texts_of(effects), run.effects[i]) << "event " << i << ": " << to_text(run.events[i]);
  }
}

TEST(ANightsRecord, GivesTheSameEffectsAgain) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    Night night = recorded(seed);
    night.until(1).restarts().until(7, 30);
    ASSERT_EQ(night.runs.size(), 2u);
    for (const Recording& run : night.runs) {
      ASSERT_GT(run.events.size(), 1000u);
      expect_the_same(run, stories_house(), [](Hub hub, const Event& event) {
        const auto again = event_from(to_text(event));
        EXPECT_TRUE(again && *again == event) << to_text(event);
        return hub;
      });
    }
  }
}

TEST(ANightsSnapshots, ContinueItAsIfNothingHadBeen) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    Night night = recorded(seed);
    night.until(22, 40)
        .asks(ask::SetDevice{kMassage, 30_pct, "wave", {}})
        .until(1)
        .presses("arrow_left_click")
        .until(7, 30);
    int snapshots = 0;
    Instant next{};
    expect_the_same(night.runs.front(), stories_house(), [&](Hub hub, const Event& event) {
      if (event.at < next) return hub;
      // Each hour, and each minute of the first two, when everything is in the middle of something.
      next = event.at + (event.at < Instant{3h} ? 1min : 1h);
      ++snapshots;
      auto again = hub_from(to_text(hub), stories_house());
      EXPECT_TRUE(again) << (again ? "" : again.error().what);
      if (!again) return hub;
      EXPECT_TRUE(*again == hub) << to_text(hub);
      return std::move(*again);
    });
    EXPECT_GE(snapshots, 120);
  }
}

}  // namespace
}  // namespace lull
