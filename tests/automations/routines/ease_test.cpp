// A massage never jolts: whatever made it stronger, it grows in small steps.
#include <gtest/gtest.h>

#include "tests/automations/home.hpp"

namespace lull {
namespace {

/// Watches the pad, second by second.
struct Felt {
  std::vector<int> levels{};
  explicit Felt(Home& home) {
    home.every_second = [this](Home& h) { levels.push_back(h.runs(kPad) ? h.thing(kPad).level.tenths() : 0); };
  }
  /// The largest rise within so many seconds, in tenths of a percent.
  int largest_rise(std::size_t within) const {
    int most = 0;
    for (std::size_t i = 0; i < levels.size(); ++i)
      for (std::size_t k = i + 1; k < levels.size() && k <= i + within; ++k)
        most = std::max(most, levels[k] - levels[i]);
    return most;
  }
  int most() const { return levels.empty() ? 0 : *std::max_element(levels.begin(), levels.end()); }
};
constexpr int kBound = 200;  // tenths of a percent, at once and in four seconds

/// Its massage is as strong as one may be, and has no ramps of its own.
House harsh(Program program = Program::steady) {
  House house = ana();
  Track& massage = house.routines[0].tracks[2];
  massage.to = 60_pct, massage.ramp_up = massage.ramp_down = 0ms, massage.program = program;
  return house;
}

TEST(AMassage, EasesInWhereItsScoreHasNoRamp) {
  for (const Program program : {Program::steady, Program::gentle, Program::wave, Program::pulse}) {
    Home home(harsh(program));
    Felt felt(home);
    home.at(22, 0).in_bed(true).asks(ask::Play{"wind-down"}).passes(15min);
    EXPECT_LE(felt.largest_rise(4), kBound) << word_for(program);
    EXPECT_EQ(felt.most(), 600) << "and it gets there: " << word_for(program);
  }
}

TEST(AMassage, EasesInAfterAPause) {
  Home home;
  Felt felt(home);
  home.at(22, 0).in_bed(true).asks(ask::Play{"wind-down"}).passes(15min);
  home.asks(ask::Pause{""}).passes(1min).asks(ask::Resume{""}).passes(1min);
  EXPECT_LE(felt.largest_rise(4), kBound);
  EXPECT_EQ(felt.levels.back(), 400);
}

TEST(AMassage, EasesInAfterASkipIntoItsMiddle) {
  Home home(harsh());
  Felt felt(home);
  home.at(22, 0).in_bed(true).asks(ask::Play{"wind-down"}).passes(1min).asks(ask::Skip{""}).passes(8s);
  home.asks(ask::Skip{""}).passes(1min);  // to the end of the lamp's fade, two minutes into the massage
  EXPECT_LE(felt.largest_rise(4), kBound);
  EXPECT_EQ(felt.levels.back(), 600);
}

TEST(AMassage, EasesBackUpWhenMoreTimeIsAskedForInItsFade) {
  House house = ana();
  house.routines[0].tracks[2].length = 10min;  // 8 to 18, fading from 13 on
  house.routines[0].tracks[2].to = 60_pct;
  Home home(house);
  Felt felt(home);
  home.at(22, 0).in_bed(true).asks(ask::Play{"wind-down"}).passes(17min + 30s);
  ASSERT_LT(felt.levels.back(), 150);
  home.asks(ask::Extend{"", 5min}).passes(1min);
  EXPECT_LE(felt.largest_rise(4), kBound);
  EXPECT_EQ(felt.levels.back(), 600);
}

TEST(AMassage, EasesFromOneOwnerToAnother) {
  Home home;
  Felt felt(home);
  home.at(22, 0).in_bed(true).asks(ask::SetDevice{kPad, 10_pct, "", 15min}).passes(1min);
  home.asks(ask::SetDevice{kPad, 60_pct, "", 15min}).passes(1min);  // "on", and then a percentage: one wish
  EXPECT_LE(felt.largest_rise(4), kBound);
  EXPECT_EQ(felt.levels.back(), 600);
}

TEST(AMassage, EasesInWhenItsConnectionIsBack) {
  Home home(harsh());
  Felt felt(home);
  home.at(22, 0).in_bed(true).asks(ask::Play{"wind-down"}).passes(12min);
  ASSERT_EQ(felt.levels.back(), 600);
  home.hears(LinkChanged{false}).passes(2min).hears(LinkChanged{true});
  home.hears(TimerLearned{kPad, Timer::on_time, ""}).passes(2min);
  EXPECT_LE(felt.largest_rise(4), kBound);
  EXPECT_EQ(felt.levels.back(), 600);
}

TEST(AReplayInTheNight, EasesInFarMoreSlowlyAlsoAfterAPause) {
  Home home;
  Felt felt(home);
  home.at(22, 0).in_bed(true).at(2, 0).kicks(6min);
  ASSERT_EQ(home.seen().plays.size(), 1U) << home.all();
  home.passes(3min).asks(ask::Pause{""}).passes(1min).asks(ask::Resume{""}).passes(30s);
  EXPECT_LE(felt.largest_rise(4), 50);
  EXPECT_LE(felt.levels.back(), 200) << "half of its slow begin";
  home.passes(40s);
  EXPECT_EQ(felt.levels.back(), 240);
}

TEST(AMotor, ThatKnowsOnlyOnAndOffIsNotEased) {  // it would count as weak, and run in full
  House house = harsh();
  house.devices[kPad.index].steps_levels = false;
  Home home(house);
  home.at(22, 0).in_bed(true).asks(ask::Play{"wind-down"}).passes(8min + 10s);
  EXPECT_EQ(home.thing(kPad).level, 60_pct);
}

}  // namespace
}  // namespace lull
