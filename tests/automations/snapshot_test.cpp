// Nights that an older Lull kept: what has grown since is as in a new hub, what is damaged is said.
#include "automations/snapshot.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/automations/home.hpp"

namespace lull {
namespace {

using Json = nlohmann::json;

/// Without these keys, wherever they stand.
Json without(Json j, const std::vector<std::string>& keys) {
  if (j.is_object())
    for (const std::string& key : keys) j.erase(key);
  if (j.is_structured())
    for (Json& part : j) part = without(std::move(part), keys);
  return j;
}
/// A wind-down plays, and by hand the heat is a little more.
Home lived_in() {
  Home home;
  home.at(22, 0).in_bed(true).asks(ask::Play{"wind-down"}).passes(10min).asks(ask::SetDevice{kWarmer, 50_pct, "", {}});
  home.kicks(4min).passes(1min);
  return home;
}

TEST(ASnapshot, OfAnOlderLullOpensWithWhatHasGrownSinceAsInANewHub) {
  const Home home = lived_in();
  const Json now = Json::parse(to_text(home.hub));
  // One a line: what came, in the order in which it came.
  const std::vector<std::string> grown{"baseline",      "stir",        "open_since", "closed_since",  "hour",
                                       "gated",         "ticked",      "part",       "known_tonight", "in_bed_tonight",
                                       "legs",          "others_legs", "replayed",   "relief",        "spoken",
                                       "heat_by_voice", "heart",       "felt",       "others_felt",   "again",
                                       "for_tonight",   "first_off",   "offs",       "told_lately"};
  const Json old = without(now, grown);
  ASSERT_NE(old, now);
  const auto opened = hub_from(old.dump(), home.house_);
  ASSERT_TRUE(opened) << opened.error().what;
  EXPECT_EQ(without(Json::parse(to_text(*opened)), grown), old) << "all else is as it was";
  EXPECT_FALSE(opened->plays.at(0).spoken);
  EXPECT_FALSE(opened->actuators.at(kWarmer.index).standing.heat_by_voice);
}

TEST(ASnapshot, ThatIsDamagedIsSaidAndNotGuessed) {
  const Home home = lived_in();
  const Json now = Json::parse(to_text(home.hub));
  for (const char* key : {"now", "night_replay", "actuators", "told", "window"}) {
    const auto opened = hub_from(without(now, {key}).dump(), home.house_);
    EXPECT_FALSE(opened) << "without " << key << " it must not open";
  }
  EXPECT_FALSE(hub_from(to_text(home.hub).substr(0, 500), home.house_));
  House other = ana();
  other.devices.pop_back();
  const auto opened = hub_from(now.dump(), std::make_shared<const House>(other));
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().what.find("is of another house: 6 devices, must be 5"), std::string::npos)
      << opened.error().what;
}

}  // namespace
}  // namespace lull
