// A flood of messages that take long to read: the loop's other work, a guard's STOP above all, goes in between.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "bridge/asio.hpp"
#include "bridge/mqtt/link.hpp"
#include "tests/integration/loop.hpp"
#include "tests/integration/mosquitto.hpp"

namespace lull {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

/// Takes its turn whenever the loop lets it.
struct Other {
  boost::asio::io_context& io;
  std::function<void()> turn;
  void go() {
    boost::asio::post(io, [this] {
      turn();
      go();
    });
  }
};

TEST(ALinkInAFlood, LetsTheLoopDoOtherThingsAfterEachMessageThatTakesLong) {
  testing::Folder folder;
  boost::asio::io_context io{1};
  auto broker = Broker::start(io, folder.path.string());
  ASSERT_TRUE(broker) << broker.error().what;
  int heard = 0, since_turn = 0, most = 0, next = 0;
  LinkHandlers handlers;
  handlers.message = [&](std::string_view, std::string_view payload, bool, std::chrono::milliseconds) {
    EXPECT_EQ(payload, std::to_string(next++)) << "in order";
    ++heard, ++since_turn;
    for (const auto until = steady_clock::now() + 1ms; steady_clock::now() < until;) {}  // a large one, to be parsed
  };
  Link link(io, (*broker)->address(), "lull-test", {}, std::move(handlers));
  link.subscribe({"flood"});
  link.start();
  ASSERT_TRUE(testing::run_until(io, [&] { return link.counts().subscribed == 1; }));
  {
    testing::Listener flood((*broker)->port(), {});
    for (int n = 0; n < 200; ++n) flood.say("flood", std::to_string(n), false, 0);
    flood.say("flood", "200");
  }
  Other other{io, [&] { most = std::max(most, since_turn), since_turn = 0; }};
  other.go();
  ASSERT_TRUE(testing::run_until(io, [&] { return heard == 201; }));
  EXPECT_LE(most, 2) << "messages between two turns of the others";
}

}  // namespace
}  // namespace lull
