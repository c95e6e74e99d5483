// Bad recordings: what becomes of clocks that jump, doubled and late samples, and numbers that cannot be.
#include "automations/restlessness/scoring/placing.hpp"

#include <gtest/gtest.h>

namespace lull::scoring {
namespace {

std::vector<Sample> at(const std::vector<int>& seconds_) {
  std::vector<Sample> out;
  for (std::size_t i = 0; i < seconds_.size(); ++i) out.push_back({seconds{seconds_[i]}, i + 2});
  return out;
}
Placed placed(const std::vector<int>& seconds_, bool same = true) {
  auto p = place(at(seconds_), 60s, [&](std::size_t, std::size_t) { return same; });
  EXPECT_TRUE(p);
  return p ? *p : Placed{};
}
std::string remarks(const std::vector<Remark>& all) {
  std::string out;
  for (const Remark& r : all) out += std::to_string(r.line) + "*" + std::to_string(r.times) + " " + r.what + "\n";
  return out;
}
using Rows = std::vector<std::optional<std::size_t>>;

TEST(Placing, AnEvenRecordingIsItself) {
  const Placed p = placed({0, 60, 120});
  EXPECT_EQ(p.rows, (Rows{0, 1, 2}));
  EXPECT_TRUE(p.remarks.empty());
  EXPECT_TRUE(placed({}).rows.empty());
}

TEST(Placing, AJumpForwardIsAGap) {
  const Placed p = placed({0, 60, 240});
  EXPECT_EQ(p.rows, (Rows{0, 1, {}, {}, 2}));
  EXPECT_EQ(remarks(p.remarks), "4*2 a gap before it: epochs that are missing\n");
}

TEST(Placing, TwiceTheSameCountsOnceAndTwoTruthsAreNone) {
  EXPECT_EQ(placed({0, 60, 60, 120}).rows, (Rows{0, 1, 3}));
  const Placed p = placed({0, 60, 60, 60, 120}, false);
  EXPECT_EQ(p.rows, (Rows{0, {}, 4}));
  EXPECT_NE(remarks(p.remarks).find("4*1 two different values"), std::string::npos) << remarks(p.remarks);
}

TEST(Placing, LateSamplesGoToTheirPlaceAndAClockSetBackContradictsItself) {
  const Placed late = placed({0, 120, 60, 180});
  EXPECT_EQ(late.rows, (Rows{0, 2, 1, 3}));
  EXPECT_NE(remarks(late.remarks).find("4*1 earlier than"), std::string::npos);
  const Placed back = placed({0, 60, 120, 180, 60, 120, 180, 240}, false);  // an hour twice, in small
  EXPECT_EQ(back.rows, (Rows{0, {}, {}, {}, 7}));
}

TEST(Placing, AClockSetByHalfAnEpochIsRemarkedOn) {
  const Placed p = placed({0, 60, 145, 205});
  EXPECT_EQ(p.rows, (Rows{0, 1, 2, 3}));
  EXPECT_NE(remarks(p.remarks).find("4*2 off the beat"), std::string::npos) << remarks(p.remarks);
}

TEST(Placing, AClockThatJumpsForYearsIsAnErrorWithItsLine) {
  const auto p =
      place(at({0, 60, 120, 2'000'000'000, 2'000'000'060}), 60s, [](std::size_t, std::size_t) { return true; });
  ASSERT_FALSE(p);
  EXPECT_EQ(p.error().where, "line 5");
  EXPECT_FALSE(place(at({0}), 0s, [](std::size_t, std::size_t) { return true; }));
}

TEST(Placing, TheUsualDistanceOfRows) {
  EXPECT_EQ(usual_step(at({0, 60, 120, 400, 460, 30})), 60s);
  EXPECT_EQ(usual_step(at({400, 340, 280})), 60s);  // written backwards
  EXPECT_FALSE(usual_step(at({5})));
  EXPECT_FALSE(usual_step(at({5, 5})));
}

TEST(Doubt, WhatNoSensorCanMeanIsMissing) {
  std::vector<Count> counts = {0, 5, -1, std::int64_t{1} << 31, 2'147'483'647, 65'535, kMostCounts, kMostCounts + 1,
                               {}};
  const auto said = doubt(counts, 60s, [](std::size_t i) { return i + 2; });
  EXPECT_EQ(counts, (std::vector<Count>{0, 5, {}, {}, {}, {}, kMostCounts, {}, {}}));
  EXPECT_EQ(said.size(), 3u) << remarks(said);
}

TEST(Doubt, ASensorThatSaysTheSameForEverIsStuckButZeroIsSleep) {
  std::vector<Count> counts(100, Count{37});
  counts[50] = 0;
  const auto said = doubt(counts, 60s, [](std::size_t i) { return i + 2; });
  EXPECT_EQ(std::count(counts.begin(), counts.end(), Count{}), 99);
  EXPECT_EQ(counts[50], Count{0});
  EXPECT_NE(remarks(said).find("2*99 the same count"), std::string::npos) << remarks(said);
  std::vector<Count> still(1000, Count{0}), half_an_hour(30, Count{37});
  EXPECT_TRUE(doubt(still, 60s, [](std::size_t i) { return i; }).empty());
  EXPECT_TRUE(doubt(half_an_hour, 60s, [](std::size_t i) { return i; }).empty());
}

}  // namespace
}  // namespace lull::scoring
