// A lamp that fades by itself is told its beginning and its fade one after the other.
#include <gtest/gtest.h>

#include "tests/automations/home.hpp"

namespace lull {
namespace {

struct Told {
  Instant at;
  Output output;
};

/// What the lamp is told while `home` lives on.
std::vector<Told>& listen_in(Home& home, std::vector<Told>& told) {
  home.lost = [&](const Effect& effect) {
    if (const auto* c = std::get_if<SafeCommand>(&effect); c && c->device() == kLamp && !c->off())
      told.push_back({home.now, c->output()});
    return false;
  };
  return told;
}

TEST(ALamp, IsToldWhereToBeginAndAMomentLaterToFade) {
  Home home;
  home.at(22, 0);
  std::vector<Told> told;
  listen_in(home, told);
  home.asks(ask::Play{"wind-down"}).passes(30s);
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].output, (Output{60_pct, Kelvin::from(2200), {}, 0ms})) << "the radio may turn two commands around";
  EXPECT_GE(told[1].at - told[0].at, 1s);
  EXPECT_LE(told[1].at - told[0].at, 3s);
  EXPECT_EQ(told[1].output.fade_to, 5_pct);
  EXPECT_EQ(told[1].output.level, 0_pct) << "from where it is";
  EXPECT_NEAR(static_cast<double>(told[1].output.fade_over.count()), 598000, 2000) << "what is left of it";
}

TEST(ALamp, WithoutABeginningFadesFromWhereItIs) {
  House house = ana();
  house.routines[0].tracks[0].from.reset();
  Home home(house);
  home.at(22, 0);
  std::vector<Told> told;
  listen_in(home, told);
  home.asks(ask::Play{"wind-down"}).passes(30s);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].output.fade_to, 5_pct);
  EXPECT_EQ(told[0].output.level, 0_pct);
}

TEST(ALamp, ThatFadesFastIsNotBegunOverAndOver) {
  House house = ana();
  house.routines[0].tracks[0].over = 4s;
  Home home(house);
  home.at(22, 0);
  std::vector<Told> told;
  listen_in(home, told);
  home.asks(ask::Play{"wind-down"}).passes(30s);
  EXPECT_LE(told.size(), 3U);
  EXPECT_EQ(home.thing(kLamp).level, 5_pct);
}

}  // namespace
}  // namespace lull
