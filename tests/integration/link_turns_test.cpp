// A flood of messages that take long to read: the loop's other work, a guard's STOP above all, goes in between.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>

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

/// A link that hears "flood" in order, and takes a millisecond for each message.
struct ALinkInAFlood : ::testing::Test {
  testing::Folder folder;
  boost::asio::io_context io{1};
  std::unique_ptr<Broker> broker;
  std::unique_ptr<Link> link;
  int heard = 0, since_turn = 0;

  void SetUp() override {
    auto started = Broker::start(io, folder.path.string());
    ASSERT_TRUE(started) << started.error().what;
    broker = std::move(*started);
    LinkHandlers handlers;
    handlers.message = [this](std::string_view, std::string_view payload, bool, std::chrono::milliseconds) {
      EXPECT_EQ(payload, std::to_string(heard)) << "in order";
      ++heard, ++since_turn;
      for (const auto until = steady_clock::now() + 1ms; steady_clock::now() < until;) {}  // a large one, to be parsed
    };
    link = std::make_unique<Link>(io, broker->address(), "lull-test", Publish{}, std::move(handlers));
    link->subscribe({"flood"});
    link->start();
    ASSERT_TRUE(testing::run_until(io, [&] { return link->counts().subscribed == 1; }));
  }
};

TEST_F(ALinkInAFlood, LetsTheLoopDoOtherThingsAfterEachMessageThatTakesLong) {
  testing::Listener flood(broker->port(), {});
  for (int n = 0; n < 200; ++n) flood.say("flood", std::to_string(n), false, 0);
  flood.say("flood", "200");
  int most = 0;
  Other other{io, [&] { most = std::max(most, since_turn), since_turn = 0; }};
  other.go();
  ASSERT_TRUE(testing::run_until(io, [&] { return heard == 201; }));
  EXPECT_LE(most, 2) << "messages between two turns of the others";
}

TEST_F(ALinkInAFlood, HearsWhatComesWhileItReadsAndNeverFallsAsleepOverIt) {
  constexpr int kAll = 1500;
  std::thread others([port = broker->port()] {
    testing::Listener flood(port, {});
    std::mt19937 dice{1};
    for (int n = 0; n < kAll;) {
      for (int burst = static_cast<int>(dice() % 4); burst >= 0 && n < kAll; --burst)
        flood.say("flood", std::to_string(n++), false, 0);
      flood.say("pause", "", false, 1);  // until the broker has it
    }
  });
  EXPECT_TRUE(testing::run_until(io, [&] { return heard == kAll; })) << heard;
  others.join();
}

}  // namespace
}  // namespace lull
