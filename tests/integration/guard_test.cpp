// The guard of a heater against a real broker: who says OFF when nobody is left to say it.
#include "bridge/mqtt/guard.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "bridge/mqtt/link.hpp"
#include "tests/integration/loop.hpp"
#include "tests/integration/mosquitto.hpp"

namespace lull {
namespace {
using namespace std::chrono_literals;
using std::chrono::steady_clock;
using testing::Folder;
using testing::run_until;

const std::vector<Outgoing> kOff{{"zigbee2mqtt/Foot warmer/set", R"({"state":"OFF"})"},
                                 {"zigbee2mqtt/Foot warmer/get", R"({"state":""})"}};

double milliseconds_since(steady_clock::time_point then, steady_clock::time_point at) {
  return std::chrono::duration<double, std::milli>(at - then).count();
}

/// A guard, and what it told.
struct Guarding {
  std::vector<bool> ups;
  std::vector<std::string> complaints;
  std::unique_ptr<Guard> guard;
  Guarding(boost::asio::io_context& io, const BrokerAddress& broker, const std::string& id = "home-guard-warmer") {
    GuardHandlers handlers;
    handlers.up = [this](bool up) { ups.push_back(up); };
    handlers.complaint = [this](std::string text) { complaints.push_back(std::move(text)); };
    guard = std::make_unique<Guard>(io, broker, id, kOff, std::move(handlers));
    guard->start();
  }
};

struct AGuard : ::testing::Test {
  Folder folder;
  boost::asio::io_context io{1};
  std::unique_ptr<Broker> broker;
  void SetUp() override {
    auto started = Broker::start(io, folder.path.string());
    ASSERT_TRUE(started) << started.error().where << ": " << started.error().what;
    broker = std::move(*started);
  }
  /// A process of its own that holds a guard for a minute, unless somebody kills it.
  pid_t process_with_a_guard() {
    const BrokerAddress address = broker->address();
    const pid_t child = ::fork();
    if (child != 0) return child;
    boost::asio::io_context own{1};
    Guarding us(own, address);
    if (run_until(own, [&] { return us.guard->is_up(); })) us.guard->publish({"ready", "yes"});
    testing::run_for(own, 60s);
    ::_exit(0);
  }
};

TEST_F(AGuard, SaysOffThroughTheBrokerWithinASecondOfKillMinusNine) {
  testing::Listener plug(broker->port(), {"zigbee2mqtt/Foot warmer/set", "ready"});
  const pid_t child = process_with_a_guard();
  ASSERT_TRUE(plug.hears("ready", "yes"));
  EXPECT_EQ(plug.find(kOff[0].topic, kOff[0].payload), nullptr);
  const auto killed = steady_clock::now();
  ::kill(child, SIGKILL);
  ASSERT_TRUE(plug.hears(kOff[0].topic, kOff[0].payload, 1s));
  const auto* off = plug.find(kOff[0].topic, kOff[0].payload);
  std::printf("kill -9 to OFF: %.1f ms\n", milliseconds_since(killed, off->at));
  EXPECT_FALSE(off->retained);
  ::waitpid(child, nullptr, 0);
}

TEST_F(AGuard, SaysOffWhenItsProcessHangs) {
  testing::Listener plug(broker->port(), {"zigbee2mqtt/Foot warmer/set", "ready"});
  const pid_t child = process_with_a_guard();
  ASSERT_TRUE(plug.hears("ready", "yes"));
  const auto frozen = steady_clock::now();
  ::kill(child, SIGSTOP);
  EXPECT_TRUE(plug.hears(kOff[0].topic, kOff[0].payload, 13s))
      << "1.5 times the keepalive of 5 s, and mosquitto's round";
  if (const auto* off = plug.find(kOff[0].topic, kOff[0].payload))
    std::printf("SIGSTOP to OFF: %.0f ms\n", milliseconds_since(frozen, off->at));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
}

TEST_F(AGuard, IsKeptAliveByTheLoopWithoutEverSayingOff) {
  testing::Listener plug(broker->port(), {"zigbee2mqtt/Foot warmer/set"});
  Guarding us(io, broker->address());
  testing::run_for(io, 9s);
  EXPECT_EQ(us.ups, std::vector<bool>{true});
  EXPECT_FALSE(plug.hears(kOff[0].topic, kOff[0].payload, 100ms));
}

TEST_F(AGuard, TellsWhenItIsLostAndWhenItIsBack) {
  Guarding us(io, broker->address());
  ASSERT_TRUE(run_until(io, [&] { return us.guard->is_up(); }));
  ::kill(broker->pid(), SIGKILL);
  ASSERT_TRUE(run_until(io, [&] { return us.ups == std::vector<bool>{true, false}; }));
  EXPECT_FALSE(us.guard->is_up());
  EXPECT_FALSE(us.guard->say_off()) << "nothing is kept for later";
  EXPECT_TRUE(run_until(io, [&] { return us.ups == std::vector<bool>{true, false, true}; }));
  testing::Listener plug(broker->port(), {"zigbee2mqtt/#"});
  us.guard->say_off();
  EXPECT_TRUE(plug.hears(kOff[1].topic, kOff[1].payload)) << "back, and able to speak";
}

TEST_F(AGuard, IsTheSecondWayOutForOff) {
  testing::Listener plug(broker->port(), {"zigbee2mqtt/Foot warmer/set"});
  Guarding us(io, broker->address());
  Link link(io, broker->address(), "home", {}, {});
  link.start();
  ASSERT_TRUE(run_until(io, [&] { return us.guard->is_up() && link.is_up(); }));
  Publish off;
  off.topic = kOff[0].topic;
  off.payload = kOff[0].payload;
  EXPECT_TRUE(link.publish(off));
  const auto sent = steady_clock::now();
  EXPECT_TRUE(us.guard->say_off());
  ASSERT_TRUE(plug.hears(off.topic, off.payload));
  std::printf("OFF by the guard: %.2f ms\n", milliseconds_since(sent, plug.heard[0].at));
  EXPECT_TRUE(plug.until([&] { return plug.heard.size() == 2; })) << "by both ways";
}

TEST_F(AGuard, SaysOffAndThenLeavesNoWillWhenItStops) {
  testing::Listener plug(broker->port(), {"zigbee2mqtt/#"});
  Guarding us(io, broker->address());
  ASSERT_TRUE(run_until(io, [&] { return us.guard->is_up(); }));
  bool done = false;
  us.guard->stop([&] { done = true; }, 2s);
  ASSERT_TRUE(run_until(
      io, [&] { return done; }, 1s));
  ASSERT_TRUE(plug.until([&] { return plug.heard.size() == 2; }));
  EXPECT_FALSE(plug.until([&] { return plug.heard.size() > 2; }, 300ms)) << "OFF once, by us; none by a will";
}

TEST_F(AGuard, SaysOffByItsWillWhenTheBrokerDoesNotAnswerTheGoodbye) {
  Guarding us(io, broker->address());
  ASSERT_TRUE(run_until(io, [&] { return us.guard->is_up(); }));
  testing::Listener plug(broker->port(), {"zigbee2mqtt/Foot warmer/set"});
  ::kill(broker->pid(), SIGSTOP);
  bool done = false;
  us.guard->stop([&] { done = true; }, 200ms);
  EXPECT_TRUE(run_until(
      io, [&] { return done; }, 1s))
      << "a frozen broker does not keep us";
  ::kill(broker->pid(), SIGCONT);
  EXPECT_TRUE(plug.hears(kOff[0].topic, kOff[0].payload));
}

TEST_F(AGuard, LetsTheBrokerSayOffWhenItIsDestroyed) {
  testing::Listener plug(broker->port(), {"zigbee2mqtt/Foot warmer/set"});
  Guarding us(io, broker->address());
  ASSERT_TRUE(run_until(io, [&] { return us.guard->is_up(); }));
  us.guard.reset();
  EXPECT_TRUE(plug.hears(kOff[0].topic, kOff[0].payload, 1s));
}

TEST_F(AGuard, SaysOffForTheRunBeforeWhenTheNextOneComes) {
  testing::Listener plug(broker->port(), {"zigbee2mqtt/Foot warmer/set", "ready"});
  const pid_t child = process_with_a_guard();
  ASSERT_TRUE(plug.hears("ready", "yes"));
  ::kill(child, SIGSTOP);  // hung, its connection still open
  Guarding next(io, broker->address());
  ASSERT_TRUE(run_until(io, [&] { return next.guard->is_up(); }));
  EXPECT_TRUE(plug.hears(kOff[0].topic, kOff[0].payload, 1s)) << "the broker ended the old session";
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
}

TEST_F(AGuard, GoesOnTryingWhenNobodyAnswersAndSaysItOnce) {
  BrokerAddress nowhere;
  nowhere.host = "localhost";
  nowhere.port = 1;
  Guarding us(io, nowhere);
  ASSERT_TRUE(run_until(io, [&] { return !us.complaints.empty(); }));
  testing::run_for(io, 1500ms);
  EXPECT_EQ(us.complaints.size(), 1u) << us.complaints.back();
  EXPECT_TRUE(us.ups.empty());
}

struct Hearing {
  struct Said {
    std::string topic, payload;
    bool retained;
  };
  std::vector<Said> said;
  bool up = false;
  std::vector<std::string> complaints;
  std::unique_ptr<Guard> guard;
  Hearing(boost::asio::io_context& io, const BrokerAddress& broker, std::vector<std::string> topics) {
    GuardHandlers handlers;
    handlers.up = [this](bool is) { up = is; };
    handlers.complaint = [this](std::string text) { complaints.push_back(std::move(text)); };
    handlers.message = [this](std::string_view t, std::string_view p, bool r) {
      said.push_back({std::string(t), std::string(p), r});
    };
    guard = std::make_unique<Guard>(io, broker, "home-guard", std::vector<Outgoing>{}, std::move(handlers));
    guard->hear(std::move(topics));
    guard->start();
  }
};

TEST_F(AGuard, WithoutAWillHearsItsTopicsAndNoOthers) {
  testing::Listener person(broker->port(), {});
  person.say("stop/1", "lay there", true);
  std::vector<std::string> topics;
  for (int i = 0; i < 300; ++i) topics.push_back("stop/" + std::to_string(i));
  Hearing us(io, broker->address(), topics);
  ASSERT_TRUE(run_until(io, [&] { return !us.said.empty(); }));
  EXPECT_EQ(us.said[0].topic, "stop/1");
  EXPECT_TRUE(us.said[0].retained);
  person.say("stop/301", "not ours");
  person.say("stop/299", "stop");
  person.say("stop/299", std::string(kMaxPayload + 1, 'x'));
  person.say("stop/0", "release");
  ASSERT_TRUE(run_until(io, [&] { return us.said.size() >= 3; }));
  EXPECT_EQ(us.said[1].topic + " " + us.said[1].payload, "stop/299 stop");
  EXPECT_FALSE(us.said[1].retained);
  EXPECT_EQ(us.said[2].payload, "release") << "in the order in which they were said, the monster left out";
}

TEST_F(AGuard, HearsAgainAfterTheBrokerCameBack) {
  Hearing us(io, broker->address(), {"stop"});
  ASSERT_TRUE(run_until(io, [&] { return us.up; }));
  ::kill(broker->pid(), SIGKILL);
  ASSERT_TRUE(run_until(io, [&] { return !us.up; }));
  ASSERT_TRUE(run_until(io, [&] { return us.up; }));
  testing::Listener person(broker->port(), {});
  run_until(
      io,
      [&] {
        person.say("stop", "now");
        return !us.said.empty();
      },
      5s);
  ASSERT_FALSE(us.said.empty());
  EXPECT_EQ(us.said[0].payload, "now");
}

TEST_F(AGuard, SaysManyThingsAtOnceWithoutWaitingForAnAnswer) {
  testing::Listener plugs(broker->port(), {"plug/#"});
  Hearing us(io, broker->address(), {"stop"});
  ASSERT_TRUE(run_until(io, [&] { return us.up; }));
  const auto begun = steady_clock::now();
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(us.guard->publish({"plug/" + std::to_string(i), "OFF"}));
  // Not one turn of our loop: an OFF must not wait for the acknowledgement of twenty others.
  ASSERT_TRUE(plugs.until([&] { return plugs.heard.size() == 200; }, 2s)) << plugs.heard.size();
  std::printf("200 OFFs by one guard: %.1f ms\n", milliseconds_since(begun, plugs.heard.back().at));
}

TEST_F(AGuard, SaysWhatWasGatheredTogetherAndAtOnce) {
  testing::Listener plugs(broker->port(), {"plug/#"});
  Hearing us(io, broker->address(), {"stop"});
  ASSERT_TRUE(run_until(io, [&] { return us.up; }));
  us.guard->gather(true);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(us.guard->publish({"plug/" + std::to_string(i), "OFF"}));
  EXPECT_FALSE(plugs.until([&] { return !plugs.heard.empty(); }, 50ms)) << "a packet each";
  const auto begun = steady_clock::now();
  us.guard->gather(false);
  ASSERT_TRUE(plugs.until([&] { return plugs.heard.size() == 3; }, 2s));
  EXPECT_EQ(plugs.heard[0].topic, "plug/0") << "in their order";
  EXPECT_LT(plugs.heard.back().at - begun, 100ms);
}

}  // namespace
}  // namespace lull
