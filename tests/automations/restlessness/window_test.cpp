// What a window holds, and when that is enough: quick movements, sensors that are deaf for long, epochs.
#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "bed.hpp"

namespace lull {
namespace {

TEST(AShortWakingMove, CountsInPartHoweverOftenItMoves) {
  Bed awake = Bed{}.with(Stream::counts).still(10min).kicks(9, 12s).still(10min);  // nearly two minutes
  EXPECT_EQ(awake.said.size(), 0u) << "nine, but twice as fast as needed: they count as five";
  EXPECT_TRUE(Bed{}.with(Stream::counts).still(10min).kicks(12, 12s).restless()) << "it goes on for longer than that";
}

/// A sensor that is deaf for 65 s, and the seconds of waiting after each deafness until it spoke again.
Bed deaf_with_waits(std::initializer_list<int> waits) {
  Bed bed = Bed{}.with(Stream::vibration, 1s, 65s).still(10min);
  bed.hears(Vibration{}).second();
  for (const int wait : waits) bed.silence(seconds{64 + wait}).hears(Vibration{}).second();
  return bed;
}

TEST(AVibrationSensorThatIsDeafForLong, IsJudgedByHowSoonItSpeaksAgain) {
  EXPECT_EQ(deaf_with_waits({17, 17, 17}).starts(), 1u) << "legs once in half a minute";
  EXPECT_EQ(deaf_with_waits({30, 20, 30}).starts(), 0u) << "four reports in 280 s: ordinary turns can do that";
  EXPECT_EQ(deaf_with_waits({30, 20, 30, 20}).starts(), 1u) << "but not five in 365 s";
  EXPECT_EQ(deaf_with_waits({45, 45, 45, 45, 45}).starts(), 0u);
  EXPECT_EQ(deaf_with_waits({17, 17, 90, 17, 17}).starts(), 1u) << "a report that got lost costs two minutes, no more";
  EXPECT_EQ(deaf_with_waits({5, 5}).starts(), 0u) << "a short waking makes three";
  const Bed five = deaf_with_waits({30, 20, 30, 20});
  EXPECT_EQ(five.said[0].text.substr(0, 60), "5 movements in the last 6 min 15 s, 5 are needed; the defaul");
}

/// A leg that moves at these seconds, told in epochs of that length.
Bed told_in_epochs(seconds epoch, std::initializer_list<int> moves) {
  Bed bed = Bed{}.with(Stream::counts, epoch);
  const auto is_loud = [&](std::int64_t second) {
    return std::any_of(moves.begin(), moves.end(), [&](int m) { return m == second; });
  };
  for (std::int64_t t = -600, sum = 0; t < 300; ++t) {
    sum += is_loud(t) ? 60 : 0;
    if ((t + 1) % epoch.count() == 0) bed.hears(Counts{static_cast<std::int32_t>(std::exchange(sum, 0))});
    bed.second();
  }
  return bed;
}

TEST(EpochsOfTenSeconds, FindWhatTheirRoundingWouldHide) {
  for (const seconds epoch : {1s, 10s})
    EXPECT_EQ(told_in_epochs(epoch, {5, 29, 75, 121, 167, 213}).starts(), 1u)
        << epoch.count() << " s: six in four minutes, none sooner than 24 s, which ten-second epochs call 20";
  EXPECT_EQ(told_in_epochs(10s, {5, 29, 75, 121, 167, 213}).said[0].text.substr(0, 54),
            "5.8 movements in the last 4 min, 5.8 are needed (6 wit");
  EXPECT_EQ(told_in_epochs(10s, {5, 25, 45, 121, 167, 213}).starts(), 0u) << "but two quick ones are not two";
}

}  // namespace
}  // namespace lull
