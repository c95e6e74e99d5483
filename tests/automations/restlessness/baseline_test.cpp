// What quiet nights teach, and what they must not: nobody becomes deaf by having restless nights.
#include <gtest/gtest.h>

#include "generated.hpp"

namespace lull {
namespace {
using namespace measure;

/// Plays nights of seven hours from 23:00 to a detector that goes on living, as it does in a bedroom.
struct Nights {
  Detector detector;
  Stream stream;
  int epoch = 1, hold_off = 0;
  double now = 0;
  Score score{};

  explicit Nights(Stream s, int e = 1, int h = 0)
      : detector(detector_for(s, seconds{e}, seconds{h})), stream(s), epoch(e), hold_off(h) {
    detector.has_presence = false;
  }
  Nights& lives(const Household& home, unsigned seed, bool judged = false) {
    Truth truth = generate(home, seed);
    Sensor sensor{stream, epoch, hold_off, Dice{std::mt19937{seed}}};
    std::vector<int> on;
    for (int t = 0; t < static_cast<int>(truth.self.size()); ++t) {
      if (t % 60 == 0) detector.clock((23 * 60 + t / 60) % 1440);
      const Instant at = at_second(now + t);
      if (const auto sample = sensor.sense(truth, t, false)) detector.hear({0}, *sample, at);
      if (const auto change = detector.tick(at); change && change->restless) on.push_back(t);
    }
    if (judged) judge(score, truth.night, on);
    detector.end_night();
    now += 86'400;
    return *this;
  }
  const Baseline& baseline() const { return detector.sensors[0].baseline; }
};
/// The night's first two episodes, at least one of which every seed from here on has.
bool has_two(const Household& home, unsigned seed) { return generate(home, seed).night.episodes.size() >= 2; }

TEST(ABaseline, SaysNothingBeforeItKnowsThreeNights) {
  Nights nights(Stream::counts);
  nights.lives(kHouseholds[1], 1).lives(kHouseholds[1], 2);
  EXPECT_FALSE(nights.baseline().knows());
  EXPECT_EQ(nights.detector.need(nights.detector.sensors[0]), 6);
  nights.lives(kHouseholds[1], 3);
  ASSERT_TRUE(nights.baseline().knows());
  EXPECT_NEAR(*nights.baseline().usual_an_hour(2), 22, 12) << "sixteen, three turns and what waking moves";
}

TEST(ABaseline, BringsALivelySleeperBelowWhatTheDefaultDoes) {
  Nights learns(Stream::load), fresh(Stream::load);
  for (unsigned seed = 1; seed <= 30; ++seed) {
    learns.lives(kHouseholds[1], seed, seed > 14);
    Nights once(Stream::load);
    once.lives(kHouseholds[1], seed, seed > 14);
    fresh.score.nights += once.score.nights, fresh.score.false_alarms += once.score.false_alarms;
  }
  std::printf("lively sleeper: %.2f false alarms a night, %.2f by the default; %d of %d found\n",
              learns.score.false_a_night(), fresh.score.false_a_night(), learns.score.found, learns.score.episodes);
  EXPECT_LE(learns.score.false_a_night(), 0.3);
  EXPECT_LE(learns.score.false_alarms, fresh.score.false_alarms);
  EXPECT_GE(learns.score.sensitivity(), 0.95);
}

TEST(ABaseline, DoesNotMakeSomebodyWithTwoEpisodesEachNightDeaf) {
  for (const Stream stream : {Stream::counts, Stream::radar}) {
    Nights nights(stream);
    int lived = 0;
    for (unsigned seed = 1; lived < 45; ++seed) {
      if (!has_two(kHouseholds[0], seed)) continue;
      nights.lives(kHouseholds[0], seed, ++lived > 30);
    }
    std::printf("two episodes a night: %d of %d found after 30 nights, latency %.0f / %.0f s\n", nights.score.found,
                nights.score.episodes, nights.score.latency(0.5), nights.score.latency(0.9));
    EXPECT_GE(nights.score.sensitivity(), 0.95);
    EXPECT_LE(nights.detector.need(nights.detector.sensors[0]), 6 + Baseline::kMostRaised);
  }
}

TEST(ABaseline, IsBounded) {
  Nights nights(Stream::counts);
  for (unsigned seed = 1; seed <= 20; ++seed) nights.lives(kHouseholds[1], seed);
  EXPECT_EQ(nights.baseline().nights.size(), Baseline::kMostNights);
  EXPECT_LE(nights.detector.learned("2026-11-21").size(), 4000u) << "a few kilobytes on disk";
}

TEST(ABaseline, SurvivesARestartAndIsEqual) {
  Nights nights(Stream::counts);
  for (unsigned seed = 1; seed <= 5; ++seed) nights.lives(kHouseholds[1], seed);
  Detector again = detector_for(Stream::counts, 1s, 0s);
  again.restore(nights.detector.learned("2026-11-21"), "2026-11-21");
  EXPECT_EQ(again.sensors[0].baseline, nights.baseline());
  Detector next_day = detector_for(Stream::counts, 1s, 0s);
  nights.detector.sensors[0].baseline.tonight.parts[1] = {4 * 3600, 40, 1, 0, {}};
  next_day.restore(nights.detector.learned("2026-11-21"), "2026-11-22");
  EXPECT_EQ(next_day.sensors[0].baseline.nights.size(), 6u)
      << "a night that ended while Lull was off is a finished one";
}

TEST(ABaseline, ThatIsDamagedOrOfAnotherRuleChangesNothing) {
  Nights nights(Stream::counts);
  for (unsigned seed = 1; seed <= 3; ++seed) nights.lives(kHouseholds[1], seed);
  const std::string text = nights.detector.learned("n");
  const std::vector<std::string> damaged = {
      "",
      "null",
      "[]",
      "{",
      "{\"sensors\":3}",
      "{\"sensors\":{\"sensor\":{}}}",
      "{\"sensors\":{\"sensor\":{\"rule\":\"6 in 240 s\",\"nights\":[[1]],\"tonight\":[]}}}",
      text.substr(0, text.size() / 2)};
  for (const std::string& bad : damaged) {
    Detector d = detector_for(Stream::counts, 1s, 0s);
    d.restore(bad, "n");
    EXPECT_EQ(d.sensors[0].baseline, Baseline{}) << bad.substr(0, 60);
  }
  Detector other = detector_for(Stream::counts, 1s, 0s);
  other.settings.window = 10min;
  other.restore(text, "n");
  EXPECT_EQ(other.sensors[0].baseline, Baseline{}) << "its near misses were counted with another rule";
}

TEST(ABaseline, IsNotLearnedFromASensorThatIsBroken) {
  Baseline silent, stuck;
  silent.tonight.parts[1] = {7 * 3600, 0, 0, 0, {}};
  stuck.tonight.parts[1] = {7 * 3600, 2000, 0, 0, {}};
  for (Baseline* b : {&silent, &stuck}) {
    b->end_night(6, false);
    EXPECT_TRUE(b->nights.empty());
  }
}

TEST(ABaseline, IsNotLearnedUnderAPadNorInAnEmptyBed) {
  Nights nights(Stream::counts);
  Detector& d = nights.detector;
  d.clock(60);
  for (int t = 0; t < 3600; ++t) {
    if (t < 1800) d.pad_runs(at_second(t));
    if (t == 1900) d.presence(false, at_second(t));
    d.hear({0}, Counts{t % 30 < 2 ? 60 : 0}, at_second(t));
    d.tick(at_second(t));
  }
  EXPECT_LE(d.sensors[0].baseline.tonight.parts[1].seconds, 100);
  EXPECT_LE(d.sensors[0].baseline.tonight.parts[1].movements, 4);
}

TEST(AHouseholdThatNamedANumber, IsTakenAtItsWord) {
  Detector d = detector_for(Stream::counts, 1s, 0s);
  d.sensors[0].baseline.raise.fill(1);
  d.clock(60);
  EXPECT_EQ(d.need(d.sensors[0]), 7);
  EXPECT_EQ(d.window(d.sensors[0]), 280s) << "the same pace for longer: who moves at it is found, only later";
  d.settings.need = 6;
  EXPECT_EQ(d.need(d.sensors[0]), 6);
  EXPECT_EQ(d.window(d.sensors[0]), 240s);
}

}  // namespace
}  // namespace lull
