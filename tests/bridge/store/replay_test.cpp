// A night replays from its journal, and a core that changed its mind is found at the event where it did.
#include "bridge/store/replay.hpp"

#include <gtest/gtest.h>

#include "tests/bridge/store/place.hpp"

namespace lull {
namespace {

/// A toy core: counts what it hears, and says so at every tenth event.
Stepper counter(int from, int other_from = 1'000'000) {
  return [n = from, other_from](const Event&) mutable {
    ++n;
    std::vector<std::string> texts;
    if (n % 10 == 0)
      texts.push_back(to_text(
          Effect{Decision{Decision::Outcome::did, "counter", std::to_string(n) + (n >= other_from ? "!" : "")}}));
    return texts;
  };
}
/// Lives two chapters with the toy core: the second goes on from the snapshot of the first.
void live(Store& store) {
  int n = 0;
  for (int c = 0; c < 2; ++c) {
    Chapter chapter = evening();
    chapter.snapshot = std::to_string(n);
    store.begin_chapter(chapter);
    for (int i = 0; i < 95; ++i) {
      ++n;
      std::vector<Effect> effects;
      if (n % 10 == 0) effects.emplace_back(Decision{Decision::Outcome::did, "counter", std::to_string(n)});
      store.append({{seconds{1000 + i}}, Tick{}}, effects);
    }
  }
  ASSERT_TRUE(store.flush());
}
Result<Stepper> from_snapshot(const Chapter& c) { return counter(std::stoi(c.snapshot)); }

TEST(AReplay, OfTheSameCoreIsEqual) {
  Place place;
  const auto store = opened(place.state());
  live(*store);
  const auto all = replay(*store, std::nullopt, from_snapshot);
  ASSERT_TRUE(all);
  EXPECT_EQ(all->chapters, 2);
  EXPECT_EQ(all->events, 190);
  EXPECT_EQ(all->effects, 19);
  EXPECT_EQ(all->first_difference, std::nullopt);
  const auto second = replay(*store, 2, from_snapshot);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->events, 95);
  EXPECT_EQ(second->first_difference, std::nullopt);
}

TEST(AReplay, ShowsTheFirstDifferenceWithBothTexts) {
  Place place;
  const auto store = opened(place.state());
  live(*store);
  const auto changed = replay(*store, std::nullopt, [](const Chapter&) -> Result<Stepper> { return counter(0, 30); });
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->events, 30);
  EXPECT_EQ(changed->first_difference,
            "chapter 1, event 30: {\"at\":1029000,\"tick\":{}}\n"
            "  effect 1 was {\"decision\":{\"outcome\":\"did\",\"about\":\"counter\",\"why\":\"30\"}}\n"
            "  and is now {\"decision\":{\"outcome\":\"did\",\"about\":\"counter\",\"why\":\"30!\"}}");
  const auto silent = replay(*store, 2, [](const Chapter&) -> Result<Stepper> {
    return Stepper{[](const Event&) { return std::vector<std::string>{}; }};
  });
  ASSERT_TRUE(silent);
  ASSERT_TRUE(silent->first_difference);
  EXPECT_NE(silent->first_difference->find("and is now nothing"), std::string::npos) << *silent->first_difference;
}

TEST(AReplay, ThatProvesNothingSaysSo) {
  Place place;
  const auto store = opened(place.state());
  EXPECT_FALSE(replay(*store, std::nullopt, from_snapshot)) << "an empty journal is no proof";
  live(*store);
  EXPECT_FALSE(replay(*store, 7, from_snapshot)) << "there is no chapter 7";
  const auto old = replay(*store, 1, [](const Chapter&) -> Result<Stepper> { return Error{"/snapshot", "too old"}; });
  ASSERT_FALSE(old);
  EXPECT_EQ(old.error().where, "chapter 1/snapshot");
}

}  // namespace
}  // namespace lull
