// What a flag takes away, and finding things in a house.
#include "automations/house.hpp"

#include <gtest/gtest.h>

namespace lull {
namespace {

constexpr Flag kAll[] = {Flag::neuropathy,     Flag::diabetes,       Flag::poor_circulation,  Flag::sedatives,
                         Flag::minor,          Flag::thrombosis,     Flag::cannot_remove_pad, Flag::recent_surgery,
                         Flag::varicose_veins, Flag::blood_thinners, Flag::pregnancy,         Flag::pacemaker};

TEST(AFlag, HasAWordThatReadsBack) {
  for (const Flag f : kAll) {
    EXPECT_FALSE(word_for(f).empty());
    EXPECT_EQ(flag_for(word_for(f)), f);
  }
  EXPECT_FALSE(flag_for("brave"));
  EXPECT_FALSE(flag_for(""));
}

TEST(AFlag, OfReducedFeelingLeavesOnlyTheWarmingOfAnEmptyBed) {
  for (const Flag f : {Flag::neuropathy, Flag::diabetes, Flag::poor_circulation, Flag::sedatives, Flag::minor,
                       Flag::cannot_remove_pad, Flag::pregnancy}) {
    EXPECT_TRUE(limits_with({f}, Limits{}).heat_only_preheat) << word_for(f);
    EXPECT_TRUE(limits_with({f}, Limits{}).heat_allowed) << word_for(f);
  }
  EXPECT_TRUE(limits_with({Flag::neuropathy}, Limits{}).massage_allowed);
}

TEST(AFlag, ThatMakersListAsAReasonNotToMassageLocksMassage) {
  for (const Flag f : {Flag::thrombosis, Flag::recent_surgery, Flag::pregnancy, Flag::varicose_veins,
                       Flag::blood_thinners, Flag::pacemaker})
    EXPECT_FALSE(limits_with({f}, Limits{}).massage_allowed) << word_for(f);
  EXPECT_FALSE(limits_with({Flag::pacemaker}, Limits{}).heat_only_preheat);
}

TEST(Flags, OnlyEverTighten) {
  Limits strict;
  strict.heat_only_preheat = true;
  strict.massage_allowed = false;
  strict.heat_session = 10min;
  EXPECT_EQ(limits_with({}, strict), strict);
  for (const Flag f : kAll) {
    const Limits limits = limits_with({f}, strict);
    EXPECT_TRUE(limits.heat_only_preheat);
    EXPECT_FALSE(limits.massage_allowed);
    EXPECT_EQ(limits.heat_session, 10min);
  }
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
