// Stories of a bed: when legs count as restless, and when nothing may be concluded.
#include <gtest/gtest.h>

#include "bed.hpp"

namespace lull {
namespace {

constexpr Stream kSteady[] = {Stream::counts, Stream::radar, Stream::load, Stream::acceleration};

TEST(ARestlessLeg, IsNoticedWithinThreeAndAHalfMinutesOnceAnEpisodeByEveryStream) {
  for (const Stream stream : kSteady) {
    Bed bed = Bed{}.with(stream).still(10min);
    const Instant begin = bed.now;
    bed.kicks(40, 30s);  // twenty minutes
    ASSERT_EQ(bed.said.size(), 1u) << "stream " << static_cast<int>(stream);
    EXPECT_TRUE(bed.said[0].restless);
    EXPECT_LE(bed.said_at[0] - begin, 210s) << "stream " << static_cast<int>(stream);
    EXPECT_EQ(bed.said[0].sensors, "Ana's ankle 6 of 6");
    bed.still(6min);
    ASSERT_EQ(bed.said.size(), 2u) << "calm after five still minutes";
    EXPECT_FALSE(bed.said[1].restless);
  }
}

TEST(ARestlessLeg, IsNoticedByAVibrationSensorThatIsDeafForAMinuteAfterEachReport) {
  Bed bed = Bed{}.with(Stream::vibration, 1s, 65s).still(10min);
  bed.kicks(20, 30s);
  ASSERT_EQ(bed.starts(), 1u);
  EXPECT_EQ(bed.said[0].count, 4);
}

TEST(AnOrdinarySleeper, WhoTurnsOnceInAWhileIsLeftAlone) {
  for (const Stream stream : kSteady) {
    Bed bed = Bed{}.with(stream).still(10min);
    for (int i = 0; i < 60; ++i) bed.kicks(1, 2s).still(80s);
    EXPECT_EQ(bed.said.size(), 0u) << "stream " << static_cast<int>(stream);
  }
}

TEST(AnOrdinarySleeper, WhoTurnsForAWholeMinuteIsLeftAlone) {
  Bed bed = Bed{}.with(Stream::counts).still(10min);
  for (int i = 0; i < 60; ++i) bed.loud_second();
  bed.still(10min).kicks(7, 8s);  // and seven kicks within a minute are one turn too
  EXPECT_EQ(bed.said.size(), 0u);
}

TEST(AnOrdinarySleeper, IsNotRestlessBecauseAPumpNeverPauses) {
  for (const Stream stream : kSteady) {
    Bed bed = Bed{}.with(stream).still(10min);
    for (int i = 0; i < 3 * 3600; ++i) bed.loud_second();
    EXPECT_EQ(bed.starts(), 0u) << "stream " << static_cast<int>(stream);
  }
}

TEST(ALegThatNeverRestsForLong, CountsAgainWhileItGoesOn) {
  Bed bed = Bed{}.with(Stream::counts).still(10min);
  for (int i = 0; i < 3; ++i) {
    for (int s = 0; s < 80; ++s) bed.loud_second();
    bed.still(10s);
  }
  EXPECT_EQ(bed.starts(), 1u) << "three stretches of more than a minute are more than three movements";
}

TEST(AfterAnEpisode, ANewOneNeedsAFreshWindow) {
  Bed bed = Bed{}.with(Stream::counts).still(10min).kicks(12, 30s).still(6min);
  ASSERT_EQ(bed.said.size(), 2u);
  bed.kicks(5, 40s).still(10s);
  EXPECT_EQ(bed.starts(), 1u) << "five are not six, whatever was before";
  bed.kicks(2, 20s);
  EXPECT_EQ(bed.starts(), 2u);
}

TEST(AnEpisode, LastsAtLeastFiveMinutes) {
  Bed bed = Bed{}.with(Stream::counts).still(10min).kicks(7, 30s);
  ASSERT_TRUE(bed.restless());
  const Instant on = bed.said_at[0];
  bed.still(20min);
  ASSERT_EQ(bed.said.size(), 2u);
  EXPECT_GE(bed.said_at[1] - on, 5min);
}

TEST(AnEpisode, LastsFiveMinutesAlsoWhenItsLastMovementCameLate) {
  Bed bed = Bed{}.with(Stream::counts).still(10min).kicks(5, 24s).still(100s).kicks(1, 2s);
  ASSERT_TRUE(bed.restless());
  bed.still(4min + 50s);
  EXPECT_TRUE(bed.restless());
}

// ---- gates --------------------------------------------------------------------------------------------------------

TEST(AMassagePad, NeverMakesTheLegsItShakesLookRestless) {
  for (const Stream stream : {Stream::counts, Stream::radar, Stream::load, Stream::acceleration, Stream::vibration}) {
    for (const seconds session : {20s, 60s, 900s}) {
      Bed bed = Bed{}.with(stream, 1s, stream == Stream::vibration ? 65s : 0s).still(10min);
      for (int again = 0; again < 8; ++again) {
        bed.pad = true;
        bed.still(session);
        EXPECT_EQ(bed.gate(), Gate::pad_running);
        bed.pad = false;
        bed.still(45s);
      }
      bed.still(10min);
      EXPECT_EQ(bed.said.size(), 0u) << "stream " << static_cast<int>(stream);
      EXPECT_EQ(bed.counted, 0u) << "stream " << static_cast<int>(stream);
    }
  }
}

TEST(AMassagePad, KeepsTheGateClosedForThreeSecondsAndForAMinuteWithADeafSensor) {
  Bed quick = Bed{}.with(Stream::counts).still(10min), deaf = Bed{}.with(Stream::vibration, 1s, 65s).still(10min);
  for (Bed* bed : {&quick, &deaf}) {
    bed->pad = true;
    bed->still(60s);
    bed->pad = false;
  }
  EXPECT_EQ(quick.still(2s).gate(), Gate::pad_running);
  EXPECT_EQ(quick.still(1s).gate(), Gate::open);
  EXPECT_EQ(deaf.still(59s).gate(), Gate::pad_running);
  EXPECT_EQ(deaf.still(1s).gate(), Gate::open);
}

TEST(AMassagePad, LeavesAFreshWindowToDecideWhetherTheLegsGoOn) {
  Bed bed = Bed{}.with(Stream::counts).still(10min).kicks(7, 30s);
  ASSERT_TRUE(bed.restless());
  bed.pad = true;
  bed.still(15min);
  bed.pad = false;
  EXPECT_TRUE(bed.restless()) << "under the pad nothing is known, and nothing is not calm";
  const Instant end = bed.now;
  bed.kicks(14, 30s);
  ASSERT_EQ(bed.said.size(), 3u) << "the old episode ends and a new one begins, so that a second relief may follow";
  EXPECT_FALSE(bed.said[1].restless);
  EXPECT_TRUE(bed.said[2].restless);
  EXPECT_GE(bed.said_at[2] - end, 100s);
}

TEST(AMassagePad, EvenForAMinuteWipesWhatWasCountedBefore) {
  Bed bed = Bed{}.with(Stream::counts).still(10min).kicks(5, 30s);
  bed.pad = true;
  bed.still(20s);
  bed.pad = false;
  bed.still(10s).kicks(5, 15s);
  EXPECT_EQ(bed.said.size(), 0u) << "five before and five after are not six";
}

TEST(AMassagePad, ThatHelpedLeavesCalmLegsWhichAreCalledCalmFiveMinutesLater) {
  Bed bed = Bed{}.with(Stream::counts).still(10min).kicks(7, 30s);
  bed.pad = true;
  bed.still(15min);
  bed.pad = false;
  bed.still(4min + 58s);
  EXPECT_EQ(bed.said.size(), 1u) << "five minutes must be seen, not assumed";
  bed.still(30s);
  ASSERT_EQ(bed.said.size(), 2u);
  EXPECT_FALSE(bed.said[1].restless);
}

TEST(AMassagePad, DoesNotTeachTheSensorThatShakingIsSilence) {
  Bed bed = Bed{}.with(Stream::load).still(20min);
  bed.pad = true;
  bed.still(30min);
  bed.pad = false;
  bed.still(10s).kicks(8, 30s);
  EXPECT_TRUE(bed.restless());
}

TEST(ALongEpochAfterAPad, IsNotCountedWhenItBeganUnderIt) {
  Bed bed = Bed{}.with(Stream::counts, 60s);
  for (int minute = 0; minute < 10; ++minute) bed.silence(60s).hears(Counts{0});
  bed.pad = true;
  bed.silence(120s);
  bed.pad = false;
  bed.silence(30s).hears(Counts{900});
  EXPECT_EQ(bed.counted, 0u) << "half of that minute was the pad's";
}

TEST(AnEmptyBed, CountsNothingAndTheFirstFiveMinutesAfterGettingInNeither) {
  Bed bed = Bed{}.with(Stream::load);
  bed.detector.has_presence = true;
  EXPECT_EQ(bed.still(1s).gate(), Gate::presence_unknown);
  bed.detector.presence(false, bed.now);
  bed.kicks(20, 20s);
  EXPECT_EQ(bed.gate(), Gate::bed_empty);
  bed.detector.presence(true, bed.now);
  EXPECT_EQ(bed.kicks(14, 20s).gate(), Gate::just_got_in);
  EXPECT_EQ(bed.counted, 0u);
  EXPECT_EQ(bed.still(20s).gate(), Gate::open);
  EXPECT_EQ(bed.said.size(), 0u);
  EXPECT_TRUE(bed.kicks(9, 30s).restless());
}

TEST(AnEmptyBed, DoesNotTeachTheSensorWhatQuietIs) {
  Bed bed = Bed{}.with(Stream::load);
  bed.detector.presence(false, bed.now);
  bed.still(1h);
  EXPECT_EQ(bed.detector.sensors[0].finder.floor, QuietFloor{});
}

TEST(AHouseholdWithoutAPresenceSensor, IsNotGatedForEver) {
  Bed bed = Bed{}.with(Stream::counts).still(1min);
  bed.detector.presence(std::nullopt, bed.now);
  EXPECT_EQ(bed.gate(), Gate::open);
  EXPECT_TRUE(bed.kicks(9, 30s).restless());
}

TEST(APresenceSensor, ThatFlickersUnderARestlessSleeperDoesNotBlindTheDetector) {
  Bed bed = Bed{}.with(Stream::counts);
  bed.detector.has_presence = true;
  bed.detector.presence(true, bed.now);
  bed.still(10min);
  for (int i = 0; i < 10; ++i) {
    bed.kicks(1, 30s);
    bed.detector.presence(false, bed.now);
    bed.still(2s);
    bed.detector.presence(true, bed.now);
  }
  EXPECT_TRUE(bed.restless());
}

TEST(AnEpisode, EndsWhenTheSleeperLeavesTheBedForFiveMinutes) {
  Bed bed = Bed{}.with(Stream::counts);
  bed.detector.has_presence = true;
  bed.detector.presence(true, bed.now);
  bed.still(10min).kicks(9, 30s);
  ASSERT_TRUE(bed.restless());
  bed.detector.presence(false, bed.now);
  bed.still(4min);
  EXPECT_TRUE(bed.restless());
  bed.still(61s);
  EXPECT_FALSE(bed.restless());
}

TEST(ASensorThatFallsSilent, IsUnknownAndNotQuiet) {
  Bed bed = Bed{}.with(Stream::counts).still(10min).kicks(8, 30s);
  ASSERT_TRUE(bed.restless());
  EXPECT_EQ(bed.silence(10s).gate(), Gate::open) << "a few lost messages are ordinary radio weather";
  EXPECT_EQ(bed.silence(10s).gate(), Gate::sensor_stale);
  bed.silence(10min);
  EXPECT_TRUE(bed.restless()) << "ten minutes of silence are not ten minutes of calm";
  bed.still(4min);
  EXPECT_TRUE(bed.restless());
  bed.still(2min);
  EXPECT_FALSE(bed.restless());
}

TEST(ASensorThatFallsSilent, DoesNotKeepAnEpisodeOpenForEver) {
  Bed bed = Bed{}.with(Stream::counts).still(10min).kicks(8, 30s).silence(31min);
  EXPECT_FALSE(bed.restless());
}

TEST(AVibrationSensor, CannotGoStaleByItsSilence) {
  EXPECT_EQ(Bed{}.with(Stream::vibration, 1s, 65s).silence(3h).gate(), Gate::open);
}

TEST(ADetectorWithoutASensor, SaysSo) { EXPECT_EQ(Bed{}.silence(1s).gate(), Gate::no_sensor); }

// ---- two sensors --------------------------------------------------------------------------------------------------

TEST(TwoHealthySensors, MustAgree) {
  Bed alone = Bed{}.with(Stream::counts).with(Stream::load, 1s, 0s, "Bed cell");
  alone.asleep_sensor = {true, false};  // the bed shakes under somebody else
  alone.still(10min).kicks(12, 30s);
  EXPECT_EQ(alone.said.size(), 0u) << "the leg lay still: that was the partner";
  Bed both = Bed{}.with(Stream::counts).with(Stream::load, 1s, 0s, "Bed cell").still(10min).kicks(12, 30s);
  ASSERT_EQ(both.starts(), 1u);
  EXPECT_EQ(both.said[0].sensors, "Ana's ankle 6 of 6, Bed cell 6 of 6");
}

TEST(TwoHealthySensors, OneAloneDecidesWhenItSawTwiceOfWhatItNeeds) {
  Bed bed = Bed{}.with(Stream::counts).with(Stream::load, 1s, 0s, "Bed cell");
  bed.asleep_sensor = {false, true};
  ASSERT_EQ(bed.still(10min).kicks(40, 15s).starts(), 1u);
  EXPECT_GE(bed.said[0].count, 9);
}

TEST(TwoSensors, OfWhichOneWentQuietAreOne) {
  Bed bed = Bed{}.with(Stream::counts).with(Stream::load, 1s, 0s, "Bed cell");
  bed.still(10min);
  for (int i = 0; i < 12; ++i)
    for (int s = 0; s < 30; ++s) bed.hears(Counts{s < 2 ? 60 : 0}).second();
  EXPECT_EQ(bed.starts(), 1u);
}

TEST(TwoSensors, OfWhichOneOnlyReportsVibrationAndNeverDidAreOne) {
  Bed bed = Bed{}.with(Stream::counts).with(Stream::vibration, 1s, 65s, "Dead battery");
  bed.asleep_sensor = {false, true};
  EXPECT_EQ(bed.still(10min).kicks(12, 30s).starts(), 1u);
}

// ---- what a household may set, and what is shown ------------------------------------------------------------------

TEST(AHousehold, MayAskForMoreMovementsButHardlyForFewer) {
  Bed bed = Bed{}.with(Stream::counts);
  bed.detector.settings.need = 12;
  EXPECT_EQ(bed.detector.need(bed.detector.sensors[0]), 12);
  bed.detector.settings.need = 1;
  EXPECT_EQ(bed.detector.need(bed.detector.sensors[0]), 4);
  bed.detector.settings.window = 1s;
  EXPECT_EQ(bed.detector.window(bed.detector.sensors[0]), 180s);
}

TEST(AHousehold, ThatAsksForTwoMovementsInThreeMinutesGetsThem) {
  Bed bed = Bed{}.with(Stream::vibration, 1s, 65s);
  bed.detector.settings.need = 2, bed.detector.settings.window = 3min;
  EXPECT_TRUE(bed.still(10min).kicks(2, 66s).restless());
}

TEST(TheSentenceOfAnEpisode, NamesTheWindowThatSawEnough) {
  Bed quick = Bed{}.with(Stream::counts).still(10min).kicks(8, 18s), slow = Bed{}.with(Stream::counts).still(10min);
  slow.kicks(8, 38s);
  ASSERT_EQ(quick.starts() + slow.starts(), 2u);
  EXPECT_EQ(quick.said[0].text.substr(0, 54), "5.5 movements in the last 3 min, 5.5 are needed (7 wit");
  EXPECT_EQ(quick.said[0].sensors, "Ana's ankle 6 of 6");
  EXPECT_EQ(slow.said[0].text.substr(0, 46), "6 movements in the last 4 min, 6 are needed; t");
}

TEST(AHousehold, CannotAskForMoreThanTheSensorCanReport) {
  Bed bed = Bed{}.with(Stream::vibration, 1s, 65s);
  bed.detector.settings.need = 30;
  EXPECT_EQ(bed.detector.need(bed.detector.sensors[0]), 14) << "fourteen reports fit in a quarter of an hour";
  EXPECT_EQ(bed.detector.window(bed.detector.sensors[0]), 900s);
}

TEST(TheView, ShowsTheCountAgainstTheNeedAndMovementsAnHour) {
  Bed bed = Bed{}.with(Stream::counts).still(10min).kicks(4, 30s);
  const DetectorView v = bed.detector.view(bed.now);
  EXPECT_EQ(v.count, 4);
  EXPECT_EQ(v.need, 6);
  EXPECT_NEAR(v.index, 66.7, 0.1);
  EXPECT_NEAR(v.movements_per_hour.value(), 4 * 60 / 12.0, 0.5);
  bed.pad = true;
  bed.still(20min);
  EXPECT_NEAR(bed.detector.view(bed.now).movements_per_hour.value(), 4 * 60 / 12.0, 0.5) << "gated time is left out";
}

TEST(TheSameSamples, GiveTheSameDetectorAtAnySpeed) {
  const auto night = [] {
    return Bed{}.with(Stream::radar).with(Stream::load).still(10min).kicks(30, 30s).still(9min);
  };
  EXPECT_EQ(night().detector, night().detector);
}

TEST(Memory, StaysWithinItsBounds) {
  Bed bed = Bed{}.with(Stream::counts).with(Stream::load);
  bed.kicks(1000, 7s);  // faster than any leg, for two hours
  for (const DetectorSensor& s : bed.detector.sensors) EXPECT_LE(s.window.size(), 160u);
  EXPECT_LE(bed.detector.hour.size(), 720u);
  for (int i = 0; i < 500; ++i) {
    bed.kicks(1, 20s);
    bed.pad = i % 2 == 0;
  }
  for (const DetectorSensor& s : bed.detector.sensors) {
    EXPECT_LE(s.window.size(), 160u);
    EXPECT_LE(s.finder.floor.blocks.size(), 60u);
  }
  EXPECT_LE(bed.detector.hour.size(), 720u);
  EXPECT_LE(bed.detector.gated.size(), 64u);
}

}  // namespace
}  // namespace lull
