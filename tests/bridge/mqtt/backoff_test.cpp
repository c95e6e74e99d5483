// Waiting between attempts.
#include "bridge/mqtt/backoff.hpp"

#include <gtest/gtest.h>

namespace lull {
namespace {
using namespace std::chrono_literals;

TEST(ABackoff, IsQuickOnceThenLongerUpToItsBound) {
  Backoff wait{250ms, 1s, 8s};
  EXPECT_EQ(wait.next(), 250ms);
  EXPECT_EQ(wait.next(), 1s);
  EXPECT_EQ(wait.next(), 2s);
  EXPECT_EQ(wait.next(), 4s);
  EXPECT_EQ(wait.next(), 8s);
  EXPECT_EQ(wait.next(), 8s);
  wait.reset();
  EXPECT_EQ(wait.next(), 250ms);
}

}  // namespace
}  // namespace lull
