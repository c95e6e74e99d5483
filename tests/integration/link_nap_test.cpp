// Paho's nap of 100 ms, which nobody may feel: not at a start, not after a silence.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <utility>

#include "bridge/mqtt/link.hpp"
#include "tests/integration/loop.hpp"
#include "tests/integration/mosquitto.hpp"

namespace lull {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

double ms_since(steady_clock::time_point then) {
  return std::chrono::duration<double, std::milli>(steady_clock::now() - then).count();
}

TEST(ALinkWhoseLibraryNaps, IsUpAtOnceHearsAtOnceAfterASilenceAndEndsAtOnce) {
  testing::Folder folder;
  boost::asio::io_context io{1};
  auto broker = Broker::start(io, folder.path.string());
  ASSERT_TRUE(broker) << broker.error().what;
  int heard = 0;
  LinkHandlers handlers;
  handlers.message = [&](std::string_view, std::string_view, bool, std::chrono::milliseconds) { ++heard; };
  Link link(io, (*broker)->address(), "lull-test", Publish{}, std::move(handlers));
  link.subscribe({"bed/left"});
  const auto begun = steady_clock::now();
  link.start();
  ASSERT_TRUE(testing::run_until(io, [&] { return link.counts().subscribed == 1; }));
  const double up = ms_since(begun);
  EXPECT_LT(up, 90) << "it looked before there was a socket, and slept";

  testing::Listener other((*broker)->port(), {});
  double longest = 0;
  for (const auto silence : {1020ms, 1050ms, 1090ms}) {  // it looks for a second, then naps
    testing::run_for(io, silence);
    const auto said = steady_clock::now();
    const int before = heard;
    other.say("bed/left", "occupied");
    ASSERT_TRUE(testing::run_until(io, [&] { return heard > before; }));
    longest = std::max(longest, ms_since(said));
  }
  EXPECT_LT(longest, 40) << "it slept over it";

  testing::run_for(io, 1300ms);  // in the middle of a long nap
  const auto ending = steady_clock::now();
  bool done = false;
  link.stop(
      {"status", "offline"}, [&] { done = true; }, 2s);
  ASSERT_TRUE(testing::run_until(io, [&] { return done; }));
  EXPECT_LT(ms_since(ending), 400);
  std::printf("up after %.1f ms, heard after %.1f ms, ended after %.1f ms\n", up, longest, ms_since(ending));
}

TEST(TheNap, IsPahosAlone) {
  const auto begun = steady_clock::now();
  ::usleep(100'000);
  EXPECT_GE(ms_since(begun), 100) << "everybody else sleeps as long as asked";
}

}  // namespace
}  // namespace lull
