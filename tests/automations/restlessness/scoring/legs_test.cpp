// Leg movements by the rules' edges: each case is one sentence of WASM 2016 or AASM v2.
#include <gtest/gtest.h>

#include <cmath>

#include "automations/restlessness/scoring/leg_finder.hpp"
#include "automations/restlessness/scoring/legs.hpp"

namespace lull::scoring {
namespace {

struct Part {
  double onset, length;
  char leg = 'L';
};
std::vector<LegMovement> legs(const std::vector<Part>& parts) {
  const auto ms = [](double s) { return milliseconds{std::llround(s * 1000)}; };
  std::vector<LegMovement> out;
  for (const Part& p : parts)
    out.push_back({ms(p.onset), ms(p.onset + p.length), p.leg == 'L' ? Leg::left : Leg::right});
  return out;
}
struct Counted {
  int movements = 0, candidates = 0, periodic = 0, periodic_lenient = 0, periodic_aasm = 0;
  bool operator==(const Counted&) const = default;
};
void PrintTo(const Counted& c, std::ostream* out) {
  *out << c.movements << " " << c.candidates << " " << c.periodic << " " << c.periodic_lenient << " "
       << c.periodic_aasm;
}
Counted counted(const std::vector<Part>& parts) {
  const auto movements = legs(parts);
  Counted c;
  for (const auto& m : wasm(movements)) ++c.movements, c.candidates += m.candidate, c.periodic += m.periodic();
  for (const auto& m : wasm(movements, Wasm::lenient)) c.periodic_lenient += m.periodic();
  for (const auto& m : aasm(movements)) c.periodic_aasm += m.periodic();
  return c;
}
/// Movements of two seconds, that far apart.
std::vector<Part> apart(const std::vector<double>& intervals) {
  std::vector<Part> out{{100, 2}};
  for (const double i : intervals) out.push_back({out.back().onset + i, 2});
  return out;
}

TEST(LegMovements, FourMakeASeriesAndThreeNone) {
  EXPECT_EQ(counted(apart({20, 20, 20})), (Counted{4, 4, 4, 4, 4}));
  EXPECT_EQ(counted(apart({20, 20})), (Counted{3, 3, 0, 0, 0}));
  EXPECT_EQ(counted({}), Counted{});
}

TEST(LegMovements, IntervalsOfExactlyTenAndNinetySecondsCount) {
  EXPECT_EQ(counted(apart({10, 10, 10})), (Counted{4, 4, 4, 4, 4}));
  EXPECT_EQ(counted(apart({9.9, 9.9, 9.9})), (Counted{4, 4, 0, 0, 4}));
  EXPECT_EQ(counted(apart({90, 90, 90})), (Counted{4, 4, 4, 4, 4}));
  EXPECT_EQ(counted(apart({90.1, 90.1, 90.1})), (Counted{4, 4, 0, 0, 0}));
  EXPECT_EQ(counted(apart({5, 5, 5})).periodic_aasm, 4);
  EXPECT_EQ(counted(apart({4.9, 20, 20, 20})).periodic_aasm, 4);  // the second neither counts nor ends the series
}

TEST(LegMovements, DurationsOfExactlyHalfASecondAndTenSecondsCount) {
  EXPECT_EQ(counted({{100, 2}, {120, 2}, {140, 0.49}, {160, 2}, {180, 2}}), (Counted{4, 4, 4, 4, 4}));
  EXPECT_EQ(counted({{100, 2}, {120, 2}, {140, 0.5}, {160, 2}, {180, 2}}), (Counted{5, 5, 5, 5, 5}));
  EXPECT_EQ(counted({{100, 2}, {120, 2}, {140, 10}, {160, 2}, {180, 2}}), (Counted{5, 5, 5, 5, 5}));
  EXPECT_EQ(counted({{100, 2}, {120, 2}, {140, 2}, {160, 12}, {180, 2}, {200, 2}, {220, 2}}), (Counted{7, 6, 0, 0, 6}));
}

TEST(LegMovements, AShortIntervalEndsASeriesAndOnlyLenientlyBeginsOne) {
  EXPECT_EQ(counted(apart({20, 20, 20, 5, 20, 20, 20})), (Counted{8, 8, 4, 8, 8}));
  EXPECT_EQ(counted(apart({5, 20, 20, 20})), (Counted{5, 5, 0, 4, 5}));
}

TEST(LegMovements, BothLegsAreOneMovementWhenTheyTouch) {
  EXPECT_EQ(counted({{100, 2}, {101, 2, 'R'}, {120, 2}, {121, 2, 'R'}, {140, 2}, {160, 2, 'R'}}),
            (Counted{4, 4, 4, 4, 4}));
  EXPECT_EQ(counted({{100, 2}, {102.4, 2, 'R'}, {122, 2}, {142, 2}, {162, 2}}), (Counted{4, 4, 4, 4, 4}));
  EXPECT_EQ(counted({{100, 2}, {102.5, 2, 'R'}, {122, 2}, {142, 2}, {162, 2}}), (Counted{5, 5, 0, 4, 4}));
}

TEST(LegMovements, BothLegsHaveFourPartsTenSecondsEachAndFifteenTogetherAtMost) {
  EXPECT_EQ(counted({{100, 9}, {108, 9, 'R'}, {130, 2}, {150, 2}, {170, 2}}), (Counted{4, 3, 0, 0, 5}));
  EXPECT_EQ(counted({{100, 1}, {101.2, 1, 'R'}, {102.4, 1}, {103.6, 1, 'R'}, {104.8, 1}, {125, 2}, {145, 2}, {165, 2}}),
            (Counted{4, 3, 0, 0, 4}));
  EXPECT_EQ(counted({{100, 11}, {105, 2, 'R'}, {130, 2}, {150, 2}, {170, 2}}), (Counted{4, 3, 0, 0, 4}));
}

TEST(LegMovements, TheOrderOfTheInputDoesNotMatterAndNonsenseIsLeftOut) {
  const auto forward = legs({{100, 2}, {120, 2}, {140, 2}, {160, 2}, {170, -3}, {180, 0}});
  std::vector<LegMovement> backward(forward.rbegin(), forward.rend());
  EXPECT_EQ(wasm(forward), wasm(backward));
  EXPECT_EQ(aasm(forward), aasm(backward));
  EXPECT_EQ(wasm(forward).size(), 4u);
}

TEST(LegMovements, EachLegAloneHasItsOwnSeries) {
  const auto both =
      legs({{100, 2}, {104, 2, 'R'}, {120, 2}, {124, 2, 'R'}, {140, 2}, {144, 2, 'R'}, {160, 2}, {164, 2, 'R'}});
  const auto left = wasm(of_leg(both, Leg::left));
  EXPECT_EQ(left.size(), 4u);
  EXPECT_EQ(left.front().series, 1);
  EXPECT_EQ(wasm(both).front().series, 0);  // four seconds apart when merged
}

TEST(LegMovements, AMovementBelongsToTheEpochOfItsOnset) {
  const std::vector<Label> hypnogram = {Label::sleep, Label::wake, Label::missing, Label::sleep};
  const auto x = leg_indices(wasm(legs({{9.9, 2}, {29.999, 2}, {59.9, 2}, {89.9, 2}, {110, 2}, {500, 2}})), hypnogram);
  EXPECT_EQ(x.movements, 6);
  EXPECT_EQ(x.periodic, 5);
  EXPECT_EQ(x.periodic_asleep, 3);  // 9.9, 29.999, 110; that in the missing epoch is in neither
  EXPECT_EQ(x.periodic_awake, 1);
  EXPECT_EQ(x.series, 1);
  EXPECT_DOUBLE_EQ(*x.periodic_per_sleep_hour, 3 / (60.0 / 3600));
  EXPECT_DOUBLE_EQ(*x.periodic_per_wake_hour, 1 / (30.0 / 3600));
  const auto none = leg_indices(wasm(legs({{100, 2}})), {});
  EXPECT_FALSE(none.periodic_per_sleep_hour);
  EXPECT_FALSE(none.periodicity_index);
}

TEST(LegMovements, ThePeriodicityIndexNeedsThreeIntervalsInARow) {
  const auto index = [](const std::vector<double>& intervals) {
    std::vector<milliseconds> onsets{0ms};
    for (const double i : intervals) onsets.push_back(onsets.back() + milliseconds{std::llround(i * 1000)});
    return periodicity_index(onsets);
  };
  EXPECT_EQ(index({20, 20}), 0.0);
  EXPECT_EQ(index({20, 20, 20}), 1.0);
  EXPECT_EQ(index({20, 20, 20, 5, 20, 20}), 0.5);
  EXPECT_EQ(index({10, 20, 20, 90}), 0.75);  // above 10, up to 90
  EXPECT_EQ(index({90.1, 90, 90, 90}), 0.75);
  EXPECT_FALSE(periodicity_index({}));
}

// ---- from acceleration --------------------------------------------------------------------------------------------

/// A still leg at 25 Hz with a little noise; kicks of 150 milli-g at 4 Hz.
struct Kicking {
  std::vector<std::array<float, 3>> mg;
  explicit Kicking(int seconds_long) : mg(static_cast<std::size_t>(seconds_long) * 25) {
    std::uint32_t seed = 3;
    for (auto& g : mg) {
      for (float& axis : g) seed = seed * 1664525u + 1013904223u, axis = static_cast<float>((seed >> 16) % 5) - 2;
      g[2] += 980;
    }
  }
  void kick(double at, double length) {
    for (auto i = static_cast<std::size_t>(at * 25); i < static_cast<std::size_t>((at + length) * 25); ++i)
      mg[i][0] += static_cast<float>(150 * std::sin(static_cast<double>(i)));
  }
  std::vector<LegMovement> found(std::size_t from = 0, std::size_t lost_from = 0, std::size_t lost_to = 0) const {
    LegFinder finder{25, Leg::left};
    std::vector<LegMovement> out;
    for (std::size_t i = from; i < mg.size(); ++i)
      if (i < lost_from || i >= lost_to)
        if (const auto m = finder.hear(mg[i], milliseconds{static_cast<std::int64_t>(i) * 40})) out.push_back(*m);
    return out;
  }
};

TEST(LegFinder, TellsBeginningAndEndOfEachKick) {
  Kicking leg{300};
  const std::vector<std::pair<double, double>> kicks = {{100, 2}, {130, 4}, {160, 1}, {190, 2.5}};
  for (const auto& [at, length] : kicks) leg.kick(at, length);
  leg.kick(220, 0.2);  // a twitch is no leg movement
  const auto found = leg.found();
  ASSERT_EQ(found.size(), kicks.size());
  for (std::size_t i = 0; i < kicks.size(); ++i) {
    EXPECT_NEAR(static_cast<double>(found[i].onset.count()), 1000 * kicks[i].first, 300) << i;
    EXPECT_NEAR(static_cast<double>(found[i].offset.count()), 1000 * (kicks[i].first + kicks[i].second), 500) << i;
  }
}

TEST(LegFinder, AGapMakesNoMovement) {
  Kicking leg{300};
  leg.kick(100, 4);
  EXPECT_EQ(leg.found(0, 101 * 25, 110 * 25).size(), 0u) << "it was cut off: nobody knows how long it was";
  EXPECT_EQ(leg.found(0, 120 * 25, 160 * 25).size(), 1u);
  for (std::size_t i = 160 * 25; i < leg.mg.size(); ++i) leg.mg[i][1] += 700;  // turned while nobody looked
  EXPECT_EQ(leg.found(0, 120 * 25, 160 * 25).size(), 1u);
}

TEST(LegFinder, NonsenseMakesNoMovement) {
  LegFinder slow{1, Leg::left}, leg{25, Leg::left};
  std::size_t found = 0;
  for (int i = 0; i < 25 * 120; ++i) {
    const milliseconds at{i * 40};
    std::array<float, 3> mg{1, 2, 980};
    if (i % 7 == 0) mg[1] = std::nanf("");
    if (i > 1500 && i % 11 == 0) mg[0] = 1e9F;
    found += leg.hear(mg, at).has_value() + slow.hear({static_cast<float>(i % 900), 0, 0}, at).has_value();
  }
  EXPECT_EQ(found, 0u);
}

}  // namespace
}  // namespace lull::scoring
