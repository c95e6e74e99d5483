// A refusal names the step that failed, so that a person knows what to do.
#include <gtest/gtest.h>

#include "tests/automations/home.hpp"

namespace lull {
namespace {

TEST(ARefusal, OfAPlugThatIgnoresItsTimeLimitNamesIt) {
  Home home;
  home.at(22, 0);
  home.thing(kWarmer).deaf = true;
  home.asks(ask::SetDevice{kWarmer, 40_pct, "", {}}).passes(20s);
  EXPECT_TRUE(home.said("with a time limit of its own (on_time)")) << home.all();
}

TEST(ARefusal, WhileTheTimerIsUnknownSaysWhatItsBridgeSays) {
  Home home;
  home.at(22, 0);
  home.hears(LinkChanged{false}).hears(LinkChanged{true}).passes(5s);
  home.asks(ask::SetDevice{kWarmer, 40_pct, "", {}}).passes(2s);
  EXPECT_TRUE(home.said("it has not yet told how it stops by itself; if that stays so, restart it or its bridge"))
      << home.all();
  home.hears(TimerLearned{kWarmer, Timer::unknown, "Zigbee2MQTT has no device called 'x'"}).passes(2s);
  EXPECT_EQ(home.seen().devices[kWarmer.index].why, "Zigbee2MQTT has no device called 'x'");
  EXPECT_FALSE(home.runs(kWarmer));
}

}  // namespace
}  // namespace lull
