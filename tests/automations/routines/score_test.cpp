// A score is data: what should be on at minute 12 is a function of the score and 12 (automations/routines/score.hpp).
#include "automations/routines/score.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace lull {
namespace {

constexpr DeviceId kLight{0}, kHeater{1}, kMotor{2};

Track light(milliseconds at, milliseconds length, std::optional<Percent> from, Percent to, milliseconds over) {
  Track track;
  track.kind = TrackKind::light, track.device = kLight;
  track.at = at, track.length = length, track.from = from, track.to = to, track.over = over;
  return track;
}
Track force(TrackKind kind, milliseconds at, milliseconds length, Percent to) {
  Track track;
  track.kind = kind, track.device = kind == TrackKind::heat ? kHeater : kMotor;
  track.at = at, track.length = length, track.to = to;
  return track;
}
Track massage(milliseconds at, milliseconds length, Percent to) { return force(TrackKind::massage, at, length, to); }
Track heat(milliseconds at, milliseconds length, Percent to) { return force(TrackKind::heat, at, length, to); }
Track words(milliseconds at, std::string text) {
  Track track;
  track.kind = TrackKind::words, track.at = at, track.words = std::move(text);
  return track;
}
Routine routine(milliseconds length, std::vector<Track> tracks) { return {"score", length, std::move(tracks), false}; }

/// What the score asks of a device: nothing where it does not speak of it.
std::optional<Output> asked(const Routine& r, DeviceId device, milliseconds at, Percent strength = 100_pct) {
  std::optional<Output> found;
  for (const Demand& d : desired(r, at, strength))
    if (d.device == device) {
      EXPECT_FALSE(found) << "one entry a device";
      found = d.output;
    }
  return found;
}
int level(const Routine& r, DeviceId device, milliseconds at, Percent strength = 100_pct) {
  const auto output = asked(r, device, at, strength);
  return output ? output->level.tenths() : -1;
}

// ---- levels over time ---------------------------------------------------------------------------------------------

TEST(AScore, SaysNothingOfADeviceBeforeItsTrackNorAfterItsEnd) {
  const Routine r = routine(30min, {massage(8min, 20min, 40_pct)});
  EXPECT_EQ(level(r, kMotor, 8min - 1s), -1);
  EXPECT_EQ(level(r, kMotor, 8min), 400);
  EXPECT_EQ(level(r, kMotor, 28min - 1s), 400);
  EXPECT_EQ(level(r, kMotor, 28min), 0) << "its time is over, and the routine still plays";
  EXPECT_EQ(level(r, kMotor, 30min), -1);
  EXPECT_EQ(level(r, kMotor, -1s), -1);
}

TEST(AScore, CutsATrackAtTheEndOfTheRoutine) {
  const Routine r = routine(10min, {massage(8min, 20min, 40_pct)});
  EXPECT_EQ(level(r, kMotor, 10min - 1s), 400);
  EXPECT_TRUE(desired(r, 10min).empty());
}

TEST(AScore, IsTheSameHoweverOftenAndInWhateverOrderItIsAsked) {
  Track wave = massage(1min, 20min, 50_pct);
  wave.program = Program::wave, wave.ramp_up = 2min, wave.ramp_down = 3min;
  const Routine r = routine(30min, {light(0min, 30min, 60_pct, 5_pct, 10min), heat(0min, 20min, 40_pct), wave});
  for (milliseconds t = 29min; t > 0min; t -= 37s) {
    const auto once = desired(r, t, 80_pct);
    (void)desired(r, t / 2);
    EXPECT_EQ(desired(r, t, 80_pct), once);
  }
}

TEST(AMassageTrack, RisesAndFadesInTheTimeOfItsRamps) {
  Track track = massage(0min, 20min, 40_pct);
  track.ramp_up = 2min, track.ramp_down = 5min;
  const Routine r = routine(20min, {track});
  EXPECT_EQ(level(r, kMotor, 0s), 50) << "a motor does not turn below that";
  EXPECT_EQ(level(r, kMotor, 1min), 400 * 65 / 120);
  EXPECT_EQ(level(r, kMotor, 2min), 400);
  EXPECT_EQ(level(r, kMotor, 15min), 400);
  EXPECT_EQ(level(r, kMotor, 17min + 30s), 200);
  EXPECT_EQ(level(r, kMotor, 20min - 1s), 50);
}

TEST(AMassageTrack, NeverExceedsTheLevelThatItIsGiven) {
  for (const Program program : {Program::steady, Program::gentle, Program::wave, Program::pulse})
    for (const Percent to : {1_pct, 3_pct, 5_pct, 20_pct, 60_pct})
      for (const Percent strength : {20_pct, 60_pct, 100_pct}) {
        Track track = massage(0min, 10min, to);
        track.program = program, track.ramp_up = 30s, track.ramp_down = 1min;
        const Routine r = routine(10min, {track});
        for (milliseconds t{}; t < 10min; t += 1s) {
          ASSERT_LE(level(r, kMotor, t, strength), to.tenths()) << word_for(program) << " at " << t.count();
          ASSERT_GT(level(r, kMotor, t, strength), 0) << "zero only at its end";
        }
      }
}

TEST(AHeatTrack, RisesAndFadesInTheTimeOfItsRampsToo) {
  Track track = heat(0min, 20min, 80_pct);
  track.ramp_up = 10min, track.ramp_down = 5min;
  const Routine r = routine(20min, {track});
  EXPECT_GT(level(r, kHeater, 0s), 0) << "zero would be an end";
  EXPECT_LE(level(r, kHeater, 0s), 80);
  EXPECT_NEAR(level(r, kHeater, 5min), 400, 40);
  EXPECT_EQ(level(r, kHeater, 10min), 800);
  EXPECT_EQ(level(r, kHeater, 15min), 800);
  EXPECT_NEAR(level(r, kHeater, 17min + 30s), 400, 40);
  EXPECT_GT(level(r, kHeater, 20min - 1s), 0);
  EXPECT_EQ(level(routine(20min, {heat(0min, 20min, 80_pct)}), kHeater, 0s), 800) << "without ramps at once";
}

TEST(AHeatTrack, ChangesSeldomOnItsRamp) {  // each change is a message on the radio, and a pad is slow
  Track track = heat(0min, 20min, 100_pct);
  track.ramp_up = 10min, track.ramp_down = 10min;
  const Routine r = routine(20min, {track});
  int changes = 0;
  for (milliseconds t = 1s; t < 20min; t += 1s) changes += level(r, kHeater, t) != level(r, kHeater, t - 1s);
  EXPECT_LE(changes, 40);
  EXPECT_GE(changes, 10);
}

TEST(AHeatTrack, IsNoMassageAndKnowsNoSofter) {
  const Routine r = routine(20min, {heat(0min, 20min, 80_pct)});
  EXPECT_EQ(level(r, kHeater, 5min, 20_pct), 800);
}

// ---- lights -------------------------------------------------------------------------------------------------------

TEST(ALightTrack, FadesThenHoldsItsLevelForAsLongAsTheRoutinePlays) {
  const Routine r = routine(30min, {light(0min, 10min, 60_pct, 20_pct, 10min)});
  EXPECT_EQ(asked(r, kLight, 0s), (Output{60_pct, {}, 20_pct, 10min}));
  EXPECT_EQ(asked(r, kLight, 5min), (Output{40_pct, {}, 20_pct, 5min}));
  EXPECT_EQ(asked(r, kLight, 10min), (Output{20_pct, {}, {}, 0ms}));
  EXPECT_EQ(asked(r, kLight, 29min), (Output{20_pct, {}, {}, 0ms}));
}

TEST(ALightTrack, GoesOffAtItsEndWhereTheScoreSaysSo) {
  Track track = light(0min, 12min, 60_pct, 20_pct, 10min);
  track.then_off = true;
  const Routine r = routine(30min, {track});
  EXPECT_EQ(level(r, kLight, 11min), 200);
  EXPECT_EQ(level(r, kLight, 12min), 0);
}

TEST(TwoFadesOfOneLamp, HoldWhatTheLaterOneLeft) {
  // From 60 to 30 % in five minutes, and at minute ten on to 5 %.
  const Routine r = routine(30min, {light(0min, 5min, 60_pct, 30_pct, 5min), light(10min, 5min, 30_pct, 5_pct, 5min)});
  EXPECT_EQ(level(r, kLight, 7min), 300);
  EXPECT_EQ(asked(r, kLight, 12min)->fade_to, 5_pct);
  EXPECT_EQ(level(r, kLight, 16min), 50) << "it does not jump back to 30 % in the dark";
  EXPECT_EQ(level(r, kLight, 29min), 50);
}

TEST(TwoFadesOfOneLamp, HoldItInWhateverOrderTheyAreWritten) {
  const Routine r = routine(30min, {light(10min, 5min, 30_pct, 5_pct, 5min), light(0min, 5min, 60_pct, 30_pct, 5min)});
  EXPECT_EQ(level(r, kLight, 7min), 300);
  EXPECT_EQ(asked(r, kLight, 12min)->fade_to, 5_pct);
  EXPECT_EQ(level(r, kLight, 16min), 50);
}

TEST(TwoTracksOfOneDevice, TheLaterInTheListTakesOverAndGivesBack) {
  const Routine r = routine(30min, {massage(0min, 30min, 20_pct), massage(10min, 5min, 50_pct)});
  EXPECT_EQ(level(r, kMotor, 9min), 200);
  EXPECT_EQ(level(r, kMotor, 12min), 500);
  EXPECT_EQ(level(r, kMotor, 16min), 200);
}

// ---- steps --------------------------------------------------------------------------------------------------------

TEST(AStep, HasANameAndTheTimeThatIsLeftOfIt) {
  const Routine r = routine(30min, {light(0min, 30min, 60_pct, 5_pct, 10min), heat(0min, 20min, 40_pct),
                                    massage(8min, 20min, 40_pct), words(1min, "Stretch your calves")});
  EXPECT_EQ(step_at(r, 0min).name, "dimming and warmth");
  EXPECT_EQ(step_at(r, 0min).left, 8min) << "words are no step";
  EXPECT_EQ(step_at(r, 9min).name, "dimming and warmth and massage");
  EXPECT_EQ(step_at(r, 9min).left, 1min);
  EXPECT_EQ(step_at(r, 25min).name, "massage");
  EXPECT_EQ(step_at(r, 29min).name, "quiet");
  EXPECT_EQ(step_at(r, 29min).left, 1min);
}

TEST(AStep, WithANameOfItsOwnIsNamedOnceAndHidesNoOther) {
  Track calves = massage(0min, 10min, 40_pct), feet = massage(0min, 10min, 40_pct),
        plain = massage(0min, 10min, 40_pct);
  calves.step = feet.step = "Calf massage";
  EXPECT_EQ(step_at(routine(10min, {calves, feet, plain}), 1min).name, "Calf massage and massage");
}

TEST(Skipping, GoesWhereSomethingBeginsOrEndsAndThenToTheEnd) {
  const Routine r = routine(30min, {light(0min, 30min, 60_pct, 5_pct, 10min), massage(8min, 20min, 40_pct)});
  std::vector<milliseconds> stops;
  for (milliseconds t{}; t < r.length;) stops.push_back(t = next_step(r, t));
  EXPECT_EQ(stops, (std::vector<milliseconds>{8min, 10min, 28min, 30min}));
  EXPECT_EQ(next_step(r, 30min), 30min);
}

TEST(MoreTime, IsPutBeforeAMassageFadesNeverIntoIt) {
  Track track = massage(8min, 20min, 40_pct);
  track.ramp_down = 5min;
  const Routine r = routine(30min, {track});
  EXPECT_EQ(insertion_point(r, 2min), 2min);
  EXPECT_EQ(insertion_point(r, 12min), 12min);
  EXPECT_EQ(insertion_point(r, 25min), 23min);
  EXPECT_EQ(insertion_point(r, 29min), 29min);
}

TEST(Words, AreSaidOnceAtTheirTime) {
  const Routine r = routine(30min, {words(0min, "first"), words(5min, "second")});
  EXPECT_EQ(words_between(r, -1ms, 0ms), std::vector<std::string>{"first"});
  EXPECT_TRUE(words_between(r, 0ms, 5min - 1ms).empty());
  EXPECT_EQ(words_between(r, 5min - 1ms, 5min), std::vector<std::string>{"second"});
  EXPECT_TRUE(words_between(r, 5min, 30min).empty());
}

// ---- like another one, gentler ------------------------------------------------------------------------------------

Routine wind_down() {
  Track rub = massage(8min, 20min, 40_pct);
  rub.ramp_up = 2min, rub.ramp_down = 5min;
  return routine(
      30min, {light(0min, 30min, 60_pct, 5_pct, 10min), heat(0min, 20min, 40_pct), rub, words(29min, "Good night")});
}

TEST(AGentlerRoutine, OnlyMassageBeginsAtOnceAndFillsItsOwnLength) {
  const Routine r = gentler(wind_down(), {{TrackKind::massage}, {}, 60_pct, 15min, 90s, 3min}, "night-relief");
  ASSERT_EQ(r.tracks.size(), 1U);
  EXPECT_EQ(r.name, "night-relief");
  EXPECT_TRUE(r.gentle);
  EXPECT_EQ(r.tracks[0].at, 0min);
  EXPECT_EQ(r.tracks[0].length, 15min);
  EXPECT_EQ(r.tracks[0].to, 24_pct);
  EXPECT_EQ(r.tracks[0].ramp_up, 90s);
  EXPECT_EQ(r.tracks[0].ramp_down, 3min);
}

TEST(AGentlerRoutine, IsStretchedToItsLengthAlsoWhenWordsComeLast) {
  const Routine r = gentler(wind_down(), {{TrackKind::massage, TrackKind::words}, {}, 100_pct, 25min, {}, {}}, "more");
  ASSERT_EQ(r.tracks.size(), 2U);
  EXPECT_EQ(r.tracks[0].length, 25min);
  EXPECT_EQ(r.tracks[1].at, 21min) << "as far from the massage as it was";
}

TEST(AGentlerRoutine, BringsNoHeatUnlessItIsNamed) {
  for (const Track& track : gentler(wind_down(), {{}, {TrackKind::light}, 60_pct, {}, {}, {}}, "r").tracks)
    EXPECT_TRUE(track.kind == TrackKind::massage || track.kind == TrackKind::words);
  EXPECT_EQ(gentler(wind_down(), {{TrackKind::heat}, {}, 60_pct, {}, {}, {}}, "r").tracks.size(), 1U);
}

TEST(AGentlerRoutine, GivesItsRampsToHeatThatItNames) {
  const Routine r = gentler(wind_down(), {{TrackKind::heat}, {}, 50_pct, 20min, 10min, 5min}, "warm");
  ASSERT_EQ(r.tracks.size(), 1U);
  EXPECT_EQ(r.tracks[0].to, 20_pct);
  EXPECT_EQ(r.tracks[0].ramp_up, 10min);
  EXPECT_EQ(r.tracks[0].ramp_down, 5min);
}

TEST(AGentlerRoutine, WithoutSomeKindsHasAllOthers) {
  const Routine r = gentler(wind_down(), {{}, {TrackKind::massage, TrackKind::words}, 50_pct, {}, {}, {}}, "dim");
  ASSERT_EQ(r.tracks.size(), 1U);
  EXPECT_EQ(r.tracks[0].kind, TrackKind::light);
  EXPECT_EQ(r.tracks[0].from, 30_pct);
  EXPECT_EQ(r.tracks[0].to, Percent::of_tenths(25));
}

TEST(AGentlerRoutine, OfAGentlerOneIsGentlerStill) {
  const Gentler half{{TrackKind::massage}, {}, 50_pct, 10min, {}, {}};
  const Routine once = gentler(wind_down(), half, "once"), twice = gentler(once, half, "twice");
  ASSERT_EQ(twice.tracks.size(), 1U);
  EXPECT_EQ(once.tracks[0].to, 20_pct);
  EXPECT_EQ(twice.tracks[0].to, 10_pct);
  EXPECT_EQ(twice.tracks[0].at, 0min);
  EXPECT_EQ(twice.length, 10min);
}

TEST(AGentlerRoutine, FadesAllTheWayInTheTimeThatIsLeftForIt) {
  const Routine r = gentler(wind_down(), {{TrackKind::light}, {}, 100_pct, 6min, {}, {}}, "short");
  EXPECT_EQ(asked(r, kLight, 3min)->level, Percent::of_tenths(325));
  EXPECT_EQ(asked(r, kLight, 3min)->fade_over, 3min);
}

}  // namespace
}  // namespace lull
