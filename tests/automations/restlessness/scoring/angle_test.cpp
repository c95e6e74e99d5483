// How a wrist lies: the angle, sustained inactivity and the sleep window of a day made by hand.
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "automations/restlessness/scoring/angle.hpp"

namespace lull::scoring {
namespace {

std::string letters(std::span<const Scored> scored) {
  std::string out;
  for (const Scored& s : scored) out += s.label == Label::sleep ? 'S' : s.label == Label::wake ? 'W' : '-';
  return out;
}
std::string times(std::size_t n, char c) { return std::string(n, c); }

/// Lies still at one angle, turned by 20 degrees at the given places.
std::vector<Angle> turning(std::size_t n, const std::vector<std::size_t>& before) {
  std::vector<Angle> out(n);
  double angle = 0;
  for (std::size_t i = 0, k = 0; i < n; ++i) {
    if (k < before.size() && before[k] == i) angle = angle > 0 ? 0 : 20, ++k;
    out[i] = angle;
  }
  return out;
}

TEST(Acceleration, EnmoAndAngleOfFiveSeconds) {
  EXPECT_DOUBLE_EQ(enmo({0, 0, 1}), 0);
  EXPECT_DOUBLE_EQ(enmo({0, 0, 0.5}), 0);
  EXPECT_NEAR(enmo({0.6, 0.8, 1}), std::sqrt(2.0) - 1, 1e-12);
  const std::vector<Axes> samples = {{0, 1, 0}, {0, 1, 1}, {9, 1, 1}};  // one blow does not turn an arm: medians
  EXPECT_NEAR(five_seconds(samples)->angle_deg, 45, 1e-9);
  EXPECT_NEAR(five_seconds(std::vector<Axes>{{0, 0, -1}})->angle_deg, -90, 1e-9);
  EXPECT_FALSE(five_seconds({}));
  EXPECT_FALSE(five_seconds(std::vector<Axes>{{0, 0, 0}}));
  EXPECT_FALSE(five_seconds(std::vector<Axes>{{0, std::nan(""), 1}}));
}

TEST(VanHees, FiveMinutesWithoutATurnAreSleepBothEndsIncluded) {
  // A turn before 100 and 161: 61 steps lie between them, more than five minutes. 60 steps are not more.
  const auto longer = turning(400, {100, 161, 170, 180, 190, 200, 210, 220, 230, 240, 250});
  const std::string said = letters(sustained_inactivity(longer));
  EXPECT_EQ(said, times(99, 'W') + times(62, 'S') + times(239, 'W'));
  const auto exact = turning(400, {100, 160, 170, 180, 190, 200, 210, 220, 230, 240, 250});
  EXPECT_EQ(letters(sustained_inactivity(exact)), times(400, 'W'));
  EXPECT_EQ(letters(sustained_inactivity(turning(400, {100, 110}))), times(400, 'S')) << "hardly turned at all";
  EXPECT_DOUBLE_EQ(*sustained_inactivity(longer)[99].index, 20);
}

TEST(VanHees, AMissingAngleHasNoLabelAndEndsTheStillness) {
  auto angles = turning(400, {100, 161, 170, 180, 190, 200, 210, 220, 230, 240, 250});
  angles[130].reset();
  const std::string said = letters(sustained_inactivity(angles));
  EXPECT_EQ(said[130], '-');
  EXPECT_EQ(said.find('S'), std::string::npos) << said;
  EXPECT_EQ(letters(sustained_inactivity(std::vector<Angle>(5))), "-----");
}

/// A day of an arm that moves, with a still night of `hours` from `start`.
std::vector<Angle> day(std::size_t start, std::size_t length) {
  std::vector<Angle> out(17280);
  std::uint32_t seed = 5;
  for (std::size_t i = 0; i < out.size(); ++i) {
    seed = seed * 1664525u + 1013904223u;
    const double noise = static_cast<double>(seed >> 16) / 65536;
    out[i] = i >= start && i < start + length ? 10 + 0.01 * noise : 60 * noise;
  }
  return out;
}

TEST(Hdcza, FindsTheStillNightToASample) {
  const auto w = hdcza(day(6000, 5000));
  ASSERT_TRUE(w);
  EXPECT_NEAR(static_cast<double>(w->first), 6000, 31);
  EXPECT_NEAR(static_cast<double>(w->end), 11000, 31);
  EXPECT_DOUBLE_EQ(w->threshold, 0.13);
}

TEST(Hdcza, JoinsWhatIsLessThanAnHourApartAndKeepsTheLongest) {
  auto angles = day(6000, 5000);
  const auto moving = day(0, 0);
  for (std::size_t i = 8000; i < 8600; ++i) angles[i] = moving[i];  // 50 min awake
  EXPECT_NEAR(static_cast<double>(hdcza(angles)->end), 11000, 31);
  for (std::size_t i = 8000; i < 8900; ++i) angles[i] = moving[i];  // 75 min
  const auto w = hdcza(angles);
  EXPECT_NEAR(static_cast<double>(w->first), 8900, 31);
  EXPECT_FALSE(hdcza(std::vector<Angle>(17280)));
  EXPECT_FALSE(hdcza(moving)) << "half an hour of stillness is needed";
}

TEST(Hdcza, MissingIsNotStill) {
  auto angles = day(6000, 5000);
  for (std::size_t i = 11000; i < 14000; ++i) angles[i].reset();  // the watch was taken off
  const auto w = hdcza(angles);
  ASSERT_TRUE(w);
  EXPECT_NEAR(static_cast<double>(w->end), 11000, 31);
}

}  // namespace
}  // namespace lull::scoring
