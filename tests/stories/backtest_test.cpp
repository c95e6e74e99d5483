// A night that was really lived, from the journal, under the same settings and under others.
#include <gtest/gtest.h>

#include "automations/snapshot.hpp"
#include "bridge/backtest/backtest.hpp"
#include "bridge/store/store.hpp"
#include "config/load.hpp"
#include "tests/bridge/store/place.hpp"
#include "tests/stories/night.hpp"

namespace lull {
namespace {

std::string with(std::string text, const std::string& was, const std::string& is) {
  const auto at = text.find(was);
  EXPECT_NE(at, std::string::npos) << was;
  if (at != std::string::npos) text.replace(at, was.size(), is);
  return text;
}

House house_of(const std::string& text) {
  Loaded loaded = load_text(text, "new.yaml");
  for (const Problem& p : loaded.problems) ADD_FAILURE() << to_text(p);
  return std::move(loaded.settings->house);
}

/// Writes what the night's runs heard and did as the service would have.
void write(Store& store, const Night& night) {
  for (const Recording& run : night.runs) {
    Hub hub = begin(stories_house());
    milliseconds offset{};
    for (const Event& event : run.events)
      if (const auto* clock = std::get_if<ClockSet>(&event.news)) {
        offset = clock->utc_minus_boot;
        break;
      }
    store.begin_chapter({0, "test", std::string(stories_config()), to_text(hub),
                         Utc{run.events.front().at.since_boot + offset}, run.events.front().at});
    for (const Event& event : run.events) {
      auto [next, effects] = step(std::move(hub), event);
      hub = std::move(next);
      store.append(event, effects);
    }
  }
  ASSERT_TRUE(store.flush(20s));
}

Night lived(std::uint64_t seed) {
  NightSettings settings;
  settings.room.seed = seed;
  settings.keep_record = true;
  Night night(settings);
  night.until(7, 30);
  return night;
}

TEST(ABacktest, OfTheSameSettingsIsTheNightAsItWas) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    Place place;
    const auto store = opened(place.state());
    write(*store, lived(seed));
    const auto outcome = backtest_journal(*store, *stories_house(), 30);
    ASSERT_TRUE(outcome) << outcome.error().where << ": " << outcome.error().what;
    ASSERT_EQ(outcome->nights.size(), 1u);
    const auto& night = outcome->nights.front();
    ASSERT_TRUE(night.was);
    ASSERT_EQ(night.would.sessions.size(), night.was->sessions.size()) << "seed " << seed << "\n"
                                                                       << to_text(*outcome, false);
    EXPECT_GE(night.would.sessions.size(), 1u);
    for (std::size_t i = 0; i < night.would.sessions.size(); ++i) {
      EXPECT_EQ(night.would.sessions[i].routine, night.was->sessions[i].routine);
      EXPECT_NEAR(static_cast<double>((night.would.sessions[i].span.begin - night.was->sessions[i].span.begin).count()),
                  0, 2000)
          << "seed " << seed << "\n"
          << to_text(*outcome, false);
    }
    EXPECT_EQ(night.would.episodes.size(), night.was->episodes.size()) << "seed " << seed;
  }
}

TEST(ABacktest, OfOtherSettingsShowsTheDifferenceAndWhy) {
  Place place;
  const auto store = opened(place.state());
  write(*store, lived(3));
  const House fewer = house_of(with(std::string(stories_config()), "per_night: 4", "per_night: 1"));
  const auto outcome = backtest_journal(*store, fewer, 30);
  ASSERT_TRUE(outcome) << outcome.error().what;
  EXPECT_LE(outcome->nights.front().would.sessions.size(), outcome->nights.front().was->sessions.size());
}

TEST(ABacktest, NamesDevicesThatOnlyOneHouseHas) {
  Place place;
  const auto store = opened(place.state());
  write(*store, lived(1));
  House other = *stories_house();
  other.devices[kButton.index].name = "Another button";
  other.devices[kButton.index].id = "another_button";
  other.devices[kButton.index].at = "elsewhere";
  const auto outcome = backtest_journal(*store, other, 30);
  ASSERT_TRUE(outcome) << outcome.error().what;
  std::string all;
  for (const std::string& text : outcome->remarks) all += text + "\n";
  EXPECT_NE(all.find("what they said is left out: "), std::string::npos) << all;
  EXPECT_NE(all.find("Another button (button)"), std::string::npos) << all;
}

TEST(ABacktest, OfAnEmptyJournalSaysWhatIsMissing) {
  Place place;
  const auto store = opened(place.state());
  const auto outcome = backtest_journal(*store, *stories_house(), 30);
  ASSERT_FALSE(outcome);
  EXPECT_NE(outcome.error().what.find("nothing was recorded"), std::string::npos);
}

TEST(ABacktest, LeavesOutAChapterThatCannotBeReadAndSaysSo) {
  Place place;
  const auto store = opened(place.state());
  store->begin_chapter({0, "0.0.1", "home: {time_zone: Atlantis}", "{}", kEvening - 48h, {1000s}});
  store->append({Instant{1000s}, Tick{}}, std::vector<Effect>{});
  write(*store, lived(1));
  const auto outcome = backtest_journal(*store, *stories_house(), 30);
  ASSERT_TRUE(outcome) << outcome.error().what;
  EXPECT_EQ(outcome->nights.size(), 1u);
}

}  // namespace
}  // namespace lull
