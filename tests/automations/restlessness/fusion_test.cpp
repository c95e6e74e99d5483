// Several sensors, several people: who saw what, whose movement it was, and what kind it may be.
#include <gtest/gtest.h>

#include "bed.hpp"

namespace lull {
namespace {

TEST(TwoSensorsThatDisagree, AreShownWithWhatEachSaw) {
  Bed bed = Bed{}.with(Stream::counts).with(Stream::load, 1s, 0s, "Bed left");
  bed.asleep_sensor = {false, true};
  bed.still(10min).kicks(8, 30s);
  const DetectorView v = bed.detector.view(bed.now);
  EXPECT_FALSE(v.restless);
  EXPECT_EQ(v.disagreement, "Ana's ankle 8 of 6, Bed left 0 of 6: only Ana's ankle sees it");
  ASSERT_EQ(v.sensors.size(), 2u);
  EXPECT_EQ(v.sensors[1].count, 0);
  EXPECT_TRUE(v.sensors[1].witness);
}

TEST(TwoSensorsThatAgree, HaveNothingToShow) {
  Bed bed = Bed{}.with(Stream::counts).with(Stream::load, 1s, 0s, "Bed left").still(10min).kicks(8, 30s);
  EXPECT_EQ(bed.detector.view(bed.now).disagreement, "");
}

/// Ana has a bed cell, Ben an anklet: his kicks shake her side of the bed.
Bed beside_a_kicker(bool bed_first) {
  Bed bed = Bed{}.with(Stream::load, 1s, 0s, "Bed left").still(10min);
  for (int kick = 0; kick < 20; ++kick) {
    if (!bed_first) bed.detector.other_moved(bed.now + 1s);
    bed.loud_second();
    if (bed_first) bed.detector.other_moved(bed.now);
    bed.still(29s);
  }
  return bed;
}

TEST(APartnersLeg, TakesWhatTheBedFeltInThatSecond) {
  for (const bool bed_first : {false, true}) {
    const Bed bed = beside_a_kicker(bed_first);
    EXPECT_EQ(bed.said.size(), 0u) << "bed first: " << bed_first;
    EXPECT_TRUE(bed.detector.sensors[0].window.empty());
    EXPECT_TRUE(bed.detector.hour.empty()) << "and not in the movements an hour either";
  }
}

TEST(APartnersLeg, DoesNotTakeWhatTheSleepersOwnLegSaw) {
  Bed bed = Bed{}.with(Stream::load, 1s, 0s, "Bed left").with(Stream::counts).still(10min);
  for (int kick = 0; kick < 10; ++kick) {
    bed.loud_second();
    bed.detector.other_moved(bed.now);
    bed.still(29s);
  }
  EXPECT_EQ(bed.starts(), 1u) << "both moved: it is both of theirs";
}

/// A bed cell on each side: mine is shaken this much, theirs that much; `mine_first`, which tells first.
Bed beside_another_cell(double mine, double theirs, bool mine_first) {
  Bed bed = Bed{}.with(Stream::load, 1s, 0s, "Bed left").still(10min);
  for (int kick = 0; kick < 12; ++kick) {
    const LoadVariance sample{mine};
    const double loud = theirs / 0.072;  // times the level of a cell whose floor is 0.012 kg^2
    if (!mine_first) bed.detector.other_felt(bed.now, loud);
    bed.hears(sample);
    if (mine_first) bed.detector.other_felt(bed.now, loud);
    bed.second().still(29s);
  }
  return bed;
}

TEST(ACellOnEachSide, CountsAMovementForWhoShookItMore) {
  for (const bool mine_first : {false, true}) {
    EXPECT_EQ(beside_another_cell(0.13, 1.1, mine_first).starts(), 0u) << "it came over the mattress";
    EXPECT_EQ(beside_another_cell(0.13, 1.1, mine_first).detector.hour.size(), 0u);
    EXPECT_EQ(beside_another_cell(1.1, 0.13, mine_first).starts(), 1u);
    EXPECT_EQ(beside_another_cell(0.5, 0.6, mine_first).starts(), 1u) << "who of the two it was is not clear";
  }
}

TEST(ACellOnEachSide, ThatIsFrozenAtALoudNumberTakesNothing) {
  Bed bed = Bed{}.with(Stream::load, 1s, 0s, "Bed right").still(10min);
  EXPECT_TRUE(bed.detector.loudness({0}, LoadVariance{1.1})) << "a movement";
  bed.hears(LoadVariance{1.1});
  EXPECT_FALSE(bed.detector.loudness({0}, LoadVariance{1.1})) << "what moves never says the same number again";
  EXPECT_TRUE(bed.detector.loudness({0}, LoadVariance{1.2}));
}

TEST(ACellOnEachSide, DoesNotTakeWhatTheSleepersOwnLegSensorSaw) {
  Bed bed = Bed{}.with(Stream::load, 1s, 0s, "Bed left").with(Stream::counts).still(10min);
  for (int kick = 0; kick < 10; ++kick) {
    bed.loud_second();
    bed.detector.other_felt(bed.now, 1000);
    bed.still(29s);
  }
  EXPECT_EQ(bed.starts(), 1u);
}

TEST(EvenlySpacedMovement, IsEstimatedAsSleepAndUnevenMovementJustAfterGettingInAsAwake) {
  Bed asleep = Bed{}.with(Stream::counts);
  asleep.detector.has_presence = true;
  asleep.detector.presence(true, asleep.now);
  asleep.still(2h).kicks(10, 27s);
  ASSERT_TRUE(asleep.restless());
  EXPECT_EQ(asleep.detector.view(asleep.now).state,
            "estimated movement in sleep (evenly spaced, about every 27 s, in bed for 124 min)");
  Bed awake = Bed{}.with(Stream::counts);
  awake.detector.has_presence = true;
  awake.detector.presence(true, awake.now);
  awake.still(6min);
  for (int i = 0; i < 14; ++i) awake.kicks(1, i % 2 == 0 ? 44s : 10s);
  ASSERT_TRUE(awake.restless() || !awake.said.empty());
  EXPECT_NE(awake.said[0].text.find("estimated awake and moving often (got in"), std::string::npos)
      << awake.said[0].text;
}

TEST(TheSentence, SaysTheCountTheThresholdAndWhereItCameFrom) {
  Bed bed = Bed{}.with(Stream::counts).still(10min).kicks(2, 30s);
  EXPECT_EQ(bed.detector.view(bed.now).text,
            "2 movements in the last 4 min, 6 are needed; the default, for 0 of 3 nights are learned");
  Baseline& b = bed.detector.sensors[0].baseline;
  for (int night = 0; night < 9; ++night) {
    b.tonight.parts[1] = {3 * 3600, 60, 2, 1, {}};
    b.end_night(6, false);
  }
  bed.detector.clock(2 * 60);
  EXPECT_EQ(bed.detector.view(bed.now).text,
            "2 movements in the last 4 min 40 s, 7 are needed; usual between 0:00 and 3:00 are 1.6, from 9 nights, "
            "which come near so often that 1 more is asked for");
}

TEST(TheQuality, IsTheShareOfTheTimeInBedThatCouldBeCounted) {
  Bed bed = Bed{}.with(Stream::counts).still(30min);
  EXPECT_NEAR(bed.detector.view(bed.now).coverage_hour.value(), 100, 1);
  bed.pad = true;
  bed.still(30min);
  bed.pad = false;
  const DetectorView v = bed.detector.view(bed.now);
  EXPECT_NEAR(v.coverage_hour.value(), 50, 1);
  EXPECT_NEAR(v.coverage_tonight.value(), 50, 1);
  EXPECT_EQ(v.gaps, 1);
}

}  // namespace
}  // namespace lull
