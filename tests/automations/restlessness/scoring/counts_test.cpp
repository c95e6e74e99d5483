// Sleep or wake from counts, by vectors worked out by hand from the published rules.
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "automations/restlessness/scoring/rule.hpp"

namespace lull::scoring {
namespace {

/// S, W, and - for missing.
std::string letters(std::span<const Label> labels) {
  std::string out;
  for (const Label l : labels) out += l == Label::sleep ? 'S' : l == Label::wake ? 'W' : '-';
  return out;
}
std::vector<Label> labels(const std::string& text) {
  std::vector<Label> out;
  for (const char c : text) out.push_back(c == 'S' ? Label::sleep : c == 'W' ? Label::wake : Label::missing);
  return out;
}
std::string times(std::size_t n, char c) { return std::string(n, c); }
std::vector<Count> zeros(std::size_t n) { return std::vector<Count>(n, Count{0}); }
std::vector<Count> alone(std::size_t n, std::size_t at, std::int64_t count) {
  auto out = zeros(n);
  out[at] = count;
  return out;
}
std::string labels_by(const Rule& rule, const std::vector<Count>& counts) {
  return letters(labels_of(score(rule, counts)));
}

TEST(Sadeh, OneLivelyMinuteInStillness) {
  const auto s = score(sadeh(), alone(23, 11, 400));
  ASSERT_EQ(s.size(), 23u);
  EXPECT_DOUBLE_EQ(*s[0].index, 7.601);
  // counts are cut at 300: AVG 300/11, NAT 0, SD of (0 0 0 0 0 300) = 300/sqrt(6)
  EXPECT_NEAR(*s[11].index, 7.601 - 0.065 * 300 / 11 - 0.056 * 300 / std::sqrt(6.0) - 0.703 * std::log(301.0), 1e-9);
  EXPECT_EQ(s[11].label, Label::wake);
  EXPECT_NEAR(*s[6].index, 7.601 - 0.065 * 300 / 11, 1e-9);  // it lies in the future: in the mean, not in the deviation
  EXPECT_NEAR(*s[16].index, 7.601 - 0.065 * 300 / 11 - 0.056 * 300 / std::sqrt(6.0), 1e-9);
  EXPECT_DOUBLE_EQ(*s[17].index, 7.601);
}

TEST(Sadeh, CountsOf50To99AreThoseThatWeighAlone) {
  for (const auto& [count, lively] : {std::pair{49, 0}, {50, 1}, {99, 1}, {100, 0}}) {
    const auto s = score(sadeh(), alone(12, 10, count));
    EXPECT_NEAR(*s[5].index, 7.601 - 0.065 * count / 11 - 1.08 * lively, 1e-9) << count;
  }
}

TEST(Sadeh, ThePaperIsStricterThanActiLife) {
  std::vector<Count> counts = alone(23, 11, 100);  // 7.601 - 0.59 - 2.29 - 3.24 = 1.48 there; 150 gives -0.41
  EXPECT_EQ(score(sadeh(SadehThreshold::paper), counts)[11].label, Label::sleep);
  counts[11] = 150;
  const auto paper = score(sadeh(SadehThreshold::paper), counts)[11], actilife = score(sadeh(), counts)[11];
  EXPECT_EQ(paper.index, actilife.index);
  EXPECT_LT(*paper.index, 0);
  EXPECT_EQ(paper.label, Label::wake);
  EXPECT_EQ(actilife.label, Label::sleep);
}

TEST(ColeKripke, EachFormWeighsAsPublished) {
  const std::vector<std::vector<double>> weights = {
      {106, 54, 58, 76, 230, 74, 67}, {50, 30, 14, 28, 121, 8, 50}, {550, 378, 413, 699, 1736, 287, 309}};
  const double scale[] = {0.001, 0.0001, 0.00001};
  for (std::size_t form = 0; form < 3; ++form) {
    const auto f = static_cast<ColeKripkeForm>(form);
    const auto s = score(cole_kripke(f), alone(13, 6, 1000)),
               plain = score(cole_kripke(f, ColeKripkeScale::plain), alone(13, 6, 10));
    for (std::size_t i = 0; i < 7; ++i) {  // the epoch i - 4 after it: it lies that far in the past
      EXPECT_NEAR(*s[10 - i].index, scale[form] * weights[form][i] * 10, 1e-12) << form << " " << i;
      EXPECT_NEAR(*plain[10 - i].index, scale[form] * weights[form][i] * 10, 1e-12) << form << " " << i;
    }
    EXPECT_EQ(*s[3].index, 0);
    EXPECT_EQ(*s[11].index, 0);
  }
}

TEST(ColeKripke, OneIsWakeAndCountsAreCutAtThirtyThousand) {
  // 230 * x / 1000 = 1 at x = 4.3478: 434 counts are sleep, 435 are wake.
  EXPECT_EQ(score(cole_kripke(), alone(7, 4, 434))[4].label, Label::sleep);
  EXPECT_EQ(score(cole_kripke(), alone(7, 4, 435))[4].label, Label::wake);
  std::vector<Count> exact = zeros(9);  // 54 * 11 + 58 * 7 + 76 * 1000 + 230 * 100 = 100,000: exactly 1
  exact[1] = 11, exact[2] = 7, exact[3] = 1000, exact[4] = 100;
  EXPECT_EQ(*score(cole_kripke(), exact)[4].index, 1);
  EXPECT_EQ(score(cole_kripke(), exact)[4].label, Label::wake);
  exact[1] = 10;
  EXPECT_EQ(score(cole_kripke(), exact)[4].label, Label::sleep);
  EXPECT_NEAR(*score(cole_kripke(), alone(7, 4, 90'000))[4].index, 69, 1e-9);
}

TEST(Oakley, ASumOfExactlyTheThresholdIsSleepInEveryEpochLength) {
  struct Case {
    int epoch;
    std::size_t side;
    std::vector<std::int64_t> sleep, wake;  // a single count at distance 0, 1, ... that just is, and just is not
  };
  // threshold 40: 40 over the weight of that distance
  const std::vector<Case> cases = {{15, 8, {10, 200, 200, 200, 200, 1000, 1000, 1000, 1000}, {}},
                                   {30, 4, {20, 200, 200, 1000, 1000}, {}},
                                   {60, 2, {40, 200, 1000}, {}},
                                   {120, 1, {80, 333}, {}}};
  for (const Case& c : cases) {
    for (const std::int64_t threshold : {20, 40, 80}) {
      const Rule rule = *oakley(seconds{c.epoch}, threshold);
      for (std::size_t far = 0; far <= c.side; ++far) {
        const std::int64_t just = c.epoch == 120 && far == 1 ? threshold * 25 / 3 : c.sleep[far] * threshold / 40;
        EXPECT_EQ(score(rule, alone(41, 20, just))[20 + far].label, Label::sleep) << c.epoch << " " << far;
        EXPECT_EQ(score(rule, alone(41, 20, just + 1))[20 - far].label, Label::wake) << c.epoch << " " << far;
        EXPECT_EQ(score(rule, alone(41, 20, just + 1))[20 + far].label, Label::wake) << c.epoch << " " << far;
      }
      EXPECT_EQ(labels_by(rule, alone(41, 20, kMostCounts)),
                times(20 - c.side, 'S') + times(2 * c.side + 1, 'W') + times(20 - c.side, 'S'));
    }
  }
  EXPECT_DOUBLE_EQ(*score(*oakley(60s), alone(5, 2, 40))[2].index, 40);
  EXPECT_FALSE(oakley(45s));
  EXPECT_FALSE(oakley(60s, 0));
}

TEST(Rules, AMissingEpochIsNeverZeroAndNeverScored) {
  for (const Rule& rule : {sadeh(), cole_kripke(), *oakley(15s), *oakley(30s), *oakley(60s), *oakley(120s)}) {
    const std::size_t width = rule.before + 1 + rule.after;
    std::vector<Count> counts(60, Count{0});
    counts[30].reset();
    auto scored = score(rule, counts);
    EXPECT_EQ(labels_by(rule, counts), times(30, 'S') + "-" + times(29, 'S')) << rule.name;
    EXPECT_FALSE(scored[30].index) << rule.name;
    // a gap longer than half of the window leaves its neighbours unscored too, but not those that hardly see it
    for (std::size_t i = 30; i < 30 + width / 2 + 1; ++i) counts[i].reset();
    const std::string said = labels_by(rule, counts);
    EXPECT_EQ(said[29] == '-', rule.after >= width / 2 + 1) << rule.name << " " << said;
    for (std::size_t i = 30; i < 30 + width / 2 + 1; ++i) EXPECT_EQ(said[i], '-') << rule.name;
  }
  // What is missing weighs nothing, and the rest weighs more: steady movement stays what it was.
  std::vector<Count> steady(40, Count{30});
  const double whole = *score(*oakley(60s), steady)[20].index;
  steady[21].reset();
  EXPECT_NEAR(*score(*oakley(60s), steady)[20].index, whole, 1e-9);
  const double sadeh_whole = *score(sadeh(), std::vector<Count>(40, Count{60}))[20].index;
  std::vector<Count> sixty(40, Count{60});
  sixty[22].reset();
  EXPECT_NEAR(*score(sadeh(), sixty)[20].index, sadeh_whole, 1e-9);
}

TEST(Rules, AbsurdCountsAreMissingAndEmptyRecordingsAreEmpty) {
  for (const std::int64_t wrong : {std::int64_t{-1}, std::int64_t{1} << 31, std::int64_t{1} << 62}) {
    const auto s = score(*oakley(60s), alone(20, 10, wrong));
    EXPECT_EQ(letters(labels_of(s)), times(10, 'S') + "-" + times(9, 'S')) << wrong;
  }
  EXPECT_TRUE(score(sadeh(), {}).empty());
  EXPECT_EQ(score(sadeh(), zeros(1)).size(), 1u);
  EXPECT_EQ(score(sadeh(), std::vector<Count>(30)).size(), 30u);
  EXPECT_EQ(labels_by(sadeh(), std::vector<Count>(30)), times(30, '-'));
}

TEST(Rules, EpochByEpochIsEqualToAllAtOnceAndLateByTheRulesFuture) {
  std::vector<Count> counts;
  std::uint32_t seed = 7;
  for (int i = 0; i < 500; ++i) {
    seed = seed * 1664525u + 1013904223u;
    counts.push_back(seed % 11 == 0 ? Count{} : Count{(seed >> 16) % 5 ? 0 : (seed >> 8) % 700});
  }
  for (const Rule& rule :
       {sadeh(), cole_kripke(), cole_kripke(ColeKripkeForm::largest_10s), *oakley(15s), *oakley(60s)}) {
    const auto all = score(rule, counts);
    ASSERT_EQ(all.size(), counts.size());
    EpochScorer scorer{rule};
    for (int night = 0; night < 2; ++night) {  // finish() makes it new again
      std::vector<Scored> one_by_one;
      for (std::size_t i = 0; i < counts.size(); ++i) {
        const auto s = scorer.push(counts[i]);
        EXPECT_EQ(s.has_value(), i >= rule.after);
        if (s) one_by_one.push_back(*s);
      }
      for (const Scored& s : scorer.finish()) one_by_one.push_back(s);
      EXPECT_EQ(one_by_one, all) << rule.name;
    }
  }
}

TEST(Webster, FiveCorrections) {
  const auto rescored = [](const std::string& text, seconds epoch = 60s) {
    return letters(webster(labels(text), epoch));
  };
  const auto S = [](std::size_t n) { return times(n, 'S'); };
  const auto W = [](std::size_t n) { return times(n, 'W'); };
  EXPECT_EQ(rescored(S(20) + W(3) + S(20)), S(20) + W(3) + S(20));
  EXPECT_EQ(rescored(S(20) + W(4) + S(20)), S(20) + W(5) + S(19));  // a
  EXPECT_EQ(rescored(S(20) + W(9) + S(20)), S(20) + W(10) + S(19));
  EXPECT_EQ(rescored(S(20) + W(10) + S(20)), S(20) + W(13) + S(17));  // b
  EXPECT_EQ(rescored(S(20) + W(14) + S(20)), S(20) + W(17) + S(17));
  EXPECT_EQ(rescored(S(20) + W(15) + S(20)), S(20) + W(19) + S(16));  // c
  EXPECT_EQ(rescored(W(15) + S(2) + W(1) + S(20)), W(19) + S(19));    // a short wake in the four minutes ends nothing
  EXPECT_EQ(rescored(W(15) + S(2) + "-" + S(20)), W(17) + "-" + S(20));
  EXPECT_EQ(rescored(W(10) + S(6) + W(10)), W(26));                   // d
  EXPECT_EQ(rescored(W(20) + S(10) + W(20)), W(50));                  // e
  EXPECT_EQ(rescored(W(20) + S(15) + W(20)), W(24) + S(11) + W(20));  // 11 are left: more than ten
  EXPECT_EQ(rescored(S(20) + W(4) + S(2) + W(4) + S(20)),
            S(20) + W(5) + S(1) + W(5) + S(19));                                  // by labels as they came
  EXPECT_EQ(rescored(S(20) + W(8) + S(40), 30s), S(20) + W(10) + S(38));          // half minutes: lengths are minutes
  EXPECT_EQ(rescored(W(20) + "-" + S(10) + W(20)), W(20) + "-" + S(10) + W(20));  // missing is neither
}

TEST(Epochs, AMissingPartMakesTheWholeMissing) {
  const std::vector<Count> tens = {1, 2, 3, 4, 5, 6, 7, {}, 9, 0, 0, 0, 5, 5, 5, 5};
  EXPECT_EQ(summed(tens, 6), (std::vector<Count>{21, {}, {}}));  // the last is cut short
  EXPECT_EQ(largest(tens, 6), (std::vector<Count>{6, {}, {}}));
  EXPECT_EQ(summed(tens, 4).size(), 4u);
  EXPECT_TRUE(summed(tens, 0).empty());
}

}  // namespace
}  // namespace lull::scoring
