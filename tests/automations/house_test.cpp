// What a flag takes away, and finding things in a house.
#include "automations/house.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "tests/source.hpp"

namespace lull {
namespace {

/// The table of docs/SAFETY.md, "Flags", once more: what each word takes away.
struct Line {
  std::string_view word;
  bool heat_only_in_an_empty_bed, no_massage;
};
constexpr Line kPromised[] = {
    {"neuropathy", true, false},
    {"diabetes", true, false},
    {"poor_circulation", true, false},
    {"dialysis", true, false},
    {"stroke_or_spinal_injury", true, false},
    {"sedatives", true, false},
    {"minor", true, false},
    {"cannot_remove_pad", true, false},
    {"pregnancy", true, true},
    {"open_wound", true, true},
    {"skin_infection", true, true},
    {"thrombosis", false, true},
    {"recent_surgery", false, true},
    {"varicose_veins", false, true},
    {"blood_thinners", false, true},
    {"pacemaker", false, true},
    {"heart_disease", false, true},
    {"cancer", false, true},
};

std::vector<Flag> every_flag() {
  std::vector<Flag> all;
  for (std::size_t i = 0; i < kFlagCount; ++i) all.push_back(static_cast<Flag>(i));
  return all;
}

TEST(AFlag, HasAWordThatReadsBack) {
  for (const Flag f : every_flag()) {
    EXPECT_FALSE(word_for(f).empty());
    EXPECT_EQ(flag_for(word_for(f)), f);
  }
  EXPECT_FALSE(flag_for("brave"));
  EXPECT_FALSE(flag_for(""));
}

TEST(EachFlag, TakesAwayWhatItsLineOfTheTablePromisesAndNothingElse) {
  EXPECT_EQ(std::size(kPromised), kFlagCount) << "a flag without a promise";
  for (const Line& line : kPromised) {
    const auto flag = flag_for(line.word);
    ASSERT_TRUE(flag) << line.word;
    Limits promised = kHard;
    promised.heat_only_preheat = line.heat_only_in_an_empty_bed;
    promised.massage_allowed = !line.no_massage;
    EXPECT_EQ(limits_with({*flag}, kHard), promised) << line.word;
  }
}

TEST(EachFlag, StandsInTheTableOfTheSafetyPage) {
  std::ifstream file(in_source("docs/SAFETY.md"));
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  const auto effect_of = [&](std::string_view word) {
    for (std::size_t at = page.find("## Flags"); (at = page.find("\n| `", at)) != std::string::npos; ++at) {
      const std::string row = page.substr(at + 1, page.find('\n', at + 1) - at - 1);
      if (row.find("`" + std::string(word) + "`") != std::string::npos) return row.substr(row.rfind("` | ") + 4);
    }
    return std::string("no line");
  };
  for (const Line& line : kPromised)
    EXPECT_EQ(effect_of(line.word), !line.heat_only_in_an_empty_bed ? "no massage |"
                                    : line.no_massage               ? "the same, and no massage |"
                                                      : "heat only in an empty bed, none in a night replay |")
        << line.word;
}

TEST(Flags, OnlyEverTighten) {
  Limits strict;
  strict.heat_only_preheat = true;
  strict.massage_allowed = false;
  strict.heat_session = 10min;
  EXPECT_EQ(limits_with({}, strict), strict);
  for (const Flag f : every_flag()) EXPECT_EQ(limits_with({f}, strict), strict) << word_for(f);
  EXPECT_EQ(limits_with(every_flag(), kHard), tightest(limits_with(every_flag(), kHard), kHard));
  EXPECT_FALSE(limits_with({Flag::thrombosis, Flag::diabetes}, kHard).massage_allowed) << "a second takes nothing back";
}

TEST(AHouse, FindsDevicesRoutinesAndWhoseLimitsHold) {
  House house;
  house.limits.heat_session = 5min;
  house.sleepers.push_back({});
  house.sleepers[0].limits.heat_session = 15min;
  Device hers, nobodys;
  hers.id = "hers";
  hers.sleeper = SleeperId{0};
  nobodys.id = "nobodys";
  house.devices = {nobodys, hers};
  house.routines.push_back({});
  house.routines[0].name = "wind-down";
  EXPECT_EQ(house.find("hers"), DeviceId{1});
  EXPECT_FALSE(house.find("his"));
  EXPECT_EQ(house.routine("wind-down"), &house.routines[0]);
  EXPECT_EQ(house.routine("wind"), nullptr);
  EXPECT_EQ(house.limits_of(hers).heat_session, 15min);
  EXPECT_EQ(house.limits_of(nobodys).heat_session, 5min);
  hers.sleeper = SleeperId{7};  // a device of nobody we know gets the strictest
  EXPECT_EQ(house.limits_of(hers).heat_session, 5min);
}

}  // namespace
}  // namespace lull
