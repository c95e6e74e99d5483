// A loop that no longer ticks ends the process; one that ticks, however slowly, does not.
#include "bridge/supervisor.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include <thread>

namespace lull {
namespace {

using namespace std::chrono_literals;

constexpr Supervisor::Patience kShort{20ms, 5};

[[noreturn]] void tick_for_a_while_and_then_hang() {
  Supervisor supervisor(kShort);
  for (int i = 0; i < 20; ++i) {
    supervisor.ticked();
    std::this_thread::sleep_for(10ms);
  }
  for (;;) std::this_thread::sleep_for(1h);
}

TEST(ASupervisorDeathTest, LetsAProcessDieWhoseLoopHangs) {
  ::testing::FLAGS_gtest_death_test_style = "threadsafe";  // a process of its own, for it has threads
  EXPECT_EXIT(tick_for_a_while_and_then_hang(), ::testing::KilledBySignal(SIGABRT), "the loop hangs");
}

TEST(ASupervisor, LeavesAloneWhoeverTicksAndWhoeverHasNotBegun) {
  Supervisor supervisor(kShort);
  std::this_thread::sleep_for(300ms);  // a start may take as long as it takes
  for (int i = 0; i < 20; ++i) supervisor.ticked(), std::this_thread::sleep_for(40ms);
}

}  // namespace
}  // namespace lull
