// A session that hears nothing asks, and is given up when not even an answer comes.
#include "bridge/mqtt/quiet.hpp"

#include <gtest/gtest.h>

namespace lull {
namespace {
using namespace std::chrono_literals;
using Do = Quiet::Do;

/// Connected, heard seven messages, and has just asked.
Quiet one_that_asked() {
  Quiet quiet;
  quiet.connected();
  quiet.look(7, 0s);
  EXPECT_EQ(quiet.look(7, 0s), Do::ask);
  return quiet;
}

TEST(Quiet, AsksNothingWhileMessagesCome) {
  Quiet quiet;
  quiet.connected();
  for (std::uint64_t heard = 1; heard < 100; ++heard) EXPECT_EQ(quiet.look(heard, 0s), Do::nothing);
}

TEST(Quiet, AsksOnceInAHomeWithoutNewsAndIsContentWithTheAnswer) {
  Quiet quiet;
  quiet.connected();
  quiet.look(7, 0s);
  for (int n = 0; n < 100; ++n) {
    EXPECT_EQ(quiet.look(7, 0s), Do::ask);
    quiet.answered();
  }
}

TEST(Quiet, IsGivenUpWhenNeitherNewsNorAnAnswerComes) {
  Quiet quiet = one_that_asked();
  EXPECT_EQ(quiet.look(7, 0s), Do::give_up);
  quiet.connected();
  EXPECT_EQ(quiet.look(7, 0s), Do::ask) << "a new connection is asked anew";
}

TEST(Quiet, TakesAnyMessageAsAnAnswer) {
  Quiet quiet = one_that_asked();
  EXPECT_EQ(quiet.look(8, 0s), Do::nothing) << "the answer may wait behind a crowd of messages";
  EXPECT_EQ(quiet.look(8, 0s), Do::ask);
}

TEST(Quiet, BlamesNobodyWhenWeOurselvesWereStopped) {
  Quiet quiet = one_that_asked();
  EXPECT_EQ(quiet.look(7, 40s), Do::nothing) << "the answer lies there, unread";
  EXPECT_EQ(quiet.look(7, 0s), Do::ask);
}

}  // namespace
}  // namespace lull
