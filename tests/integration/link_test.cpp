// The main session against a real broker: what arrives, what never goes out late, what survives a broker's death.
#include "bridge/mqtt/link.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "bridge/mqtt/retained.hpp"
#include "tests/integration/loop.hpp"
#include "tests/integration/mosquitto.hpp"

namespace lull {
namespace {
using namespace std::chrono_literals;
using std::chrono::steady_clock;
using testing::Folder;
using testing::run_until;

/// A Link, and all that it told.
struct Told {
  int ups = 0, downs = 0;
  std::string why;
  std::vector<Inbox::Message> messages;
  std::vector<std::string> complaints;
  std::unique_ptr<Link> link;

  Told(boost::asio::io_context& io, const BrokerAddress& broker, const std::string& id, Publish will = {}) {
    LinkHandlers handlers;
    handlers.up = [this](bool) { ++ups; };
    handlers.down = [this](std::string w) { ++downs, why = std::move(w); };
    handlers.message = [this](std::string_view topic, std::string_view payload, bool retained,
                              std::chrono::milliseconds) {
      messages.push_back({std::string{topic}, std::string{payload}, retained});
    };
    handlers.complaint = [this](std::string text) { complaints.push_back(std::move(text)); };
    link = std::make_unique<Link>(io, broker, id, std::move(will), std::move(handlers));
  }
  bool has(const std::string& topic, const std::string& payload) const {
    for (const auto& m : messages)
      if (m.topic == topic && m.payload == payload) return true;
    return false;
  }
};

struct ALink : ::testing::Test {
  Folder folder;
  boost::asio::io_context io{1};
  std::vector<std::string> broker_said;
  std::unique_ptr<Broker> broker;

  void SetUp() override {
    auto started =
        Broker::start(io, folder.path.string(), 0, [this](std::string line) { broker_said.push_back(line); });
    ASSERT_TRUE(started) << started.error().where << ": " << started.error().what;
    broker = std::move(*started);
  }
  std::unique_ptr<Told> connected(const std::string& id, std::vector<std::string> topics = {}, Publish will = {}) {
    auto told = std::make_unique<Told>(io, broker->address(), id, std::move(will));
    const std::size_t all = topics.size();
    told->link->subscribe(std::move(topics));
    told->link->start();
    EXPECT_TRUE(run_until(io, [&] { return told->link->is_up() && told->link->counts().subscribed == all; }))
        << told->why;
    return told;
  }
  static Publish words(std::string topic, std::string payload, bool retain = false) {
    Publish p;
    p.topic = std::move(topic);
    p.payload = std::move(payload);
    p.retain = retain;
    return p;
  }
};

TEST_F(ALink, HearsWhatOthersSayAndIsHeard) {
  auto us = connected("lull-test", {"bed/left", "bed/+/state"});
  testing::Listener other(broker->port(), {"pad/set"});
  other.say("bed/left", "occupied");
  other.say("bed/right/state", std::string("\xff\x00\xfe", 3));
  ASSERT_TRUE(run_until(io, [&] { return us->messages.size() == 2; }));
  EXPECT_TRUE(us->has("bed/left", "occupied"));
  EXPECT_TRUE(us->has("bed/right/state", std::string("\xff\x00\xfe", 3))) << "bytes are handed over as they came";
  EXPECT_TRUE(us->link->publish(words("pad/set", "OFF")));
  EXPECT_TRUE(other.hears("pad/set", "OFF"));
  EXPECT_TRUE(us->link->speaks_mqtt_5());
}

TEST_F(ALink, IsToldEachWordOnceThoughTwoOfItsFiltersMatch) {
  auto us = std::make_unique<Told>(io, broker->address(), "lull-test");
  us->link->subscribe({"lull/hub/on/set", "lull/hub/+/set", "lull/hub/stop/set", "bed/left"});
  us->link->start();
  ASSERT_TRUE(run_until(io, [&] { return us->link->counts().subscribed == 2; })) << "the filter, and the bed";
  us->link->subscribe({"lull/hub/late/set", "bed/right"});
  ASSERT_TRUE(run_until(io, [&] { return us->link->counts().subscribed == 3; }));
  testing::Listener other(broker->port(), {});
  for (const char* topic : {"lull/hub/on/set", "lull/hub/stop/set", "lull/hub/late/set", "bed/right", "bed/left"})
    other.say(topic, "OFF");
  ASSERT_TRUE(run_until(io, [&] { return us->has("bed/left", "OFF"); }));
  EXPECT_EQ(us->messages.size(), 5u) << "a second copy would be taken for a second word";
}

TEST_F(ALink, DoesNotHearItself) {
  auto us = connected("lull-test", {"lull/home/#"});
  us->link->publish(words("lull/home/heat", "ON"));
  testing::Listener(broker->port(), {}).say("lull/home/last", "word");
  ASSERT_TRUE(run_until(io, [&] { return us->has("lull/home/last", "word"); }));
  EXPECT_FALSE(us->has("lull/home/heat", "ON"));
}

TEST_F(ALink, TellsWhatWasLyingThereFromWhatIsSaidNow) {
  testing::Listener other(broker->port(), {});
  other.say("bed/left", "old", true);
  auto us = connected("lull-test", {"bed/left"});
  ASSERT_TRUE(run_until(io, [&] { return us->messages.size() == 1; }));
  EXPECT_TRUE(us->messages[0].retained);
  other.say("bed/left", "new", true);
  ASSERT_TRUE(run_until(io, [&] { return us->messages.size() == 2; }));
  EXPECT_FALSE(us->messages[1].retained) << "said now, although the broker also keeps it";
}

TEST_F(ALink, HearsWhatItRetainedItselfInAnEarlierRun) {
  {
    auto us = connected("lull-test");
    us->link->publish(words("homeassistant/device/lull/config", "{}", true));
    testing::Listener other(broker->port(), {"homeassistant/#"});
    ASSERT_TRUE(other.hears("homeassistant/device/lull/config", "{}"));
  }
  auto again = connected("lull-test", {"homeassistant/device/lull/config"});
  EXPECT_TRUE(run_until(io, [&] { return again->messages.size() == 1; }))
      << "or old entities could not be cleared away";
}

TEST_F(ALink, SubscribesAgainAfterTheBrokerDiedAndCameBack) {
  auto us = connected("lull-test", {"bed/left"});
  ::kill(broker->pid(), SIGKILL);
  ASSERT_TRUE(run_until(io, [&] { return us->downs == 1; }));
  EXPECT_FALSE(us->link->is_up());
  ASSERT_TRUE(run_until(io, [&] { return us->ups == 2 && us->link->counts().subscribed == 2; })) << us->why;
  testing::Listener(broker->port(), {}).say("bed/left", "occupied");
  EXPECT_TRUE(run_until(io, [&] { return us->has("bed/left", "occupied"); }));
  EXPECT_EQ(us->link->counts().lost, 1u);
}

TEST_F(ALink, DropsWhatIsSaidWhileTheBrokerIsAwayAndNeverSendsItLate) {
  auto us = connected("lull-test");
  ::kill(broker->pid(), SIGKILL);
  ASSERT_TRUE(run_until(io, [&] { return us->downs == 1; }));
  EXPECT_FALSE(us->link->publish(words("heater/set", "ON")));
  EXPECT_EQ(us->link->counts().dropped_down, 1u);
  ASSERT_TRUE(run_until(io, [&] { return broker->pid() != 0; }));
  std::unique_ptr<testing::Listener> other;
  ASSERT_TRUE(run_until(io, [&] { return us->ups == 2; }));
  other = std::make_unique<testing::Listener>(broker->port(), std::vector<std::string>{"heater/set"});
  EXPECT_TRUE(us->link->publish(words("heater/set", "OFF")));
  ASSERT_TRUE(other->hears("heater/set", "OFF"));
  EXPECT_EQ(other->find("heater/set", "ON"), nullptr);
}

TEST_F(ALink, SendsNothingLateThatWasHandedOverAsTheBrokerFroze) {
  auto us = connected("lull-test");
  ::kill(broker->pid(), SIGSTOP);
  for (int i = 0; i < 50; ++i) us->link->publish(words("heater/set", "ON"));
  ::kill(broker->pid(), SIGKILL);
  ASSERT_TRUE(run_until(io, [&] { return us->ups == 2; }));
  testing::Listener other(broker->port(), {"heater/set"});
  us->link->publish(words("heater/set", "OFF"));
  ASSERT_TRUE(other.hears("heater/set", "OFF"));
  EXPECT_EQ(other.find("heater/set", "ON"), nullptr);
}

TEST_F(ALink, IsReplacedByTheNextRunUnderItsFixedId) {
  auto first = connected("lull-test");
  testing::Listener second(broker->port(), {}, "lull-test");
  EXPECT_TRUE(run_until(io, [&] { return first->downs == 1; })) << "one id, one connection";
}

TEST_F(ALink, AsksForASecondLullWhenItIsThrownOutAgainAndAgain) {
  auto us = connected("lull-test");
  std::vector<std::unique_ptr<testing::Listener>> rivals;
  for (int i = 1; i <= 3; ++i) {
    ASSERT_TRUE(run_until(io, [&] { return us->ups == i; }));
    rivals.push_back(std::make_unique<testing::Listener>(broker->port(), std::vector<std::string>{}, "lull-test"));
    ASSERT_TRUE(run_until(io, [&] { return us->downs == i; }));
  }
  ASSERT_FALSE(us->complaints.empty());
  EXPECT_NE(us->complaints.back().find("second Lull"), std::string::npos) << us->complaints.back();
}

TEST_F(ALink, SaysOfflineAndNoWillWhenItStops) {
  testing::Listener other(broker->port(), {"lull/test/status"});
  auto us = connected("lull-test", {}, words("lull/test/status", "will", true));
  bool done = false;
  us->link->stop(
      words("lull/test/status", "offline", true), [&] { done = true; }, 2s);
  ASSERT_TRUE(run_until(
      io, [&] { return done; }, 3s));
  ASSERT_TRUE(other.hears("lull/test/status", "offline"));
  us.reset();
  EXPECT_FALSE(other.hears("lull/test/status", "will", 6s)) << "the will has a delay of 5 s";
}

TEST_F(ALink, LeavesItsWillWhenItIsKilled) {
  testing::Listener other(broker->port(), {"lull/test/status"});
  const std::uint16_t port = broker->port();
  const pid_t child = ::fork();
  if (child == 0) {  // a process of its own, with threads of its own
    boost::asio::io_context own{1};
    BrokerAddress address;
    address.host = "127.0.0.1";
    address.port = port;
    Told us(own, address, "lull-killed", words("lull/test/status", "offline", true));
    us.link->start();
    run_until(own, [&] { return us.link->is_up(); });
    us.link->publish(words("lull/test/status", "online", true));
    run_until(
        own, [] { return false; }, 60s);
    ::_exit(0);
  }
  ASSERT_TRUE(other.hears("lull/test/status", "online"));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_TRUE(other.hears("lull/test/status", "offline", 8s));
}

TEST_F(ALink, FindsARetainedCommandAndClearsIt) {
  testing::Listener(broker->port(), {}).say("plug/set", "ON", true);
  RetainedCommands commands;
  commands.watch(DeviceId{3}, std::vector<std::string>{"plug/set"});
  auto us = connected("lull-test", commands.topics());
  ASSERT_TRUE(run_until(io, [&] { return us->messages.size() == 1; }));
  const auto& m = us->messages[0];
  const auto found = commands.look(m.topic, m.payload, m.retained);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->device, DeviceId{3});
  testing::Listener other(broker->port(), {"plug/set"});
  us->link->publish(found->clear);
  ASSERT_TRUE(other.hears("plug/set", ""));
  testing::Listener later(broker->port(), {"plug/set"}, "later");
  EXPECT_FALSE(later.hears("plug/set", "ON", 200ms)) << "nothing lies there any more";
}

TEST_F(ALink, SeesThatACommandIsRetainedWhileItListens) {
  auto us = connected("lull-test", {"end"});
  us->link->subscribe({"plug/set"}, Intake{.tells_retained = true});
  ASSERT_TRUE(run_until(io, [&] { return us->link->counts().subscribed == 2; }));
  testing::Listener other(broker->port(), {});
  other.say("plug/set", "OFF");
  other.say("plug/set", "ON", true);
  ASSERT_TRUE(run_until(io, [&] { return us->messages.size() == 2; }));
  EXPECT_FALSE(us->messages[0].retained) << "a live command of somebody else is none of ours";
  EXPECT_TRUE(us->messages[1].retained) << "this one would be obeyed again at the next reconnect";
}

TEST_F(ALink, IgnoresHugeMessagesAndSaysSoOncePerTopic) {
  auto us = connected("lull-test", {"bed/left", "end"});
  us->link->subscribe({"zigbee2mqtt/bridge/devices"}, Intake{kMaxBridgePayload});
  ASSERT_TRUE(run_until(io, [&] { return us->link->counts().subscribed == 3; }));
  testing::Listener other(broker->port(), {});
  for (int i = 0; i < 3; ++i) other.say("bed/left", std::string(70'000, 'x'));
  other.say("zigbee2mqtt/bridge/devices", std::string(200'000, 'y'));
  other.say("end", "");
  ASSERT_TRUE(run_until(io, [&] { return us->has("end", ""); }));
  EXPECT_EQ(us->link->counts().too_large, 3u);
  EXPECT_TRUE(us->has("zigbee2mqtt/bridge/devices", std::string(200'000, 'y')));
  ASSERT_EQ(us->complaints.size(), 1u);
  EXPECT_NE(us->complaints[0].find("bed/left: a message of 70000 bytes"), std::string::npos) << us->complaints[0];
}

TEST_F(ALink, StillSendsWhileAThousandMessagesASecondArrive) {
  auto us = connected("lull-test", {"noise/#"});
  const std::uint16_t port = broker->port();
  const pid_t child = ::fork();
  if (child == 0) {
    testing::Listener noise(port, {}, "noise");
    for (int i = 0; i < 3000; ++i) {
      noise.say("noise/" + std::to_string(i % 50), std::string(200, 'n'), false, 0);
      if (i % 10 == 9) std::this_thread::sleep_for(10ms);
    }
    noise.say("noise/end", "");
    ::_exit(0);
  }
  testing::Listener other(port, {"pad/set"});
  std::vector<double> milliseconds_taken;
  for (int i = 0; i < 30; ++i) {
    const std::string payload = "OFF " + std::to_string(i);
    const auto sent = steady_clock::now();
    ASSERT_TRUE(us->link->publish(words("pad/set", payload)));
    ASSERT_TRUE(run_until(io, [&] {
      other.poll();
      return other.find("pad/set", payload) != nullptr;
    }));
    milliseconds_taken.push_back(std::chrono::duration<double, std::milli>(steady_clock::now() - sent).count());
    testing::run_for(io, 70ms);
  }
  ASSERT_TRUE(run_until(
      io, [&] { return us->has("noise/end", ""); }, 20s));
  ::waitpid(child, nullptr, 0);
  EXPECT_EQ(us->link->counts().received, 3001u);
  EXPECT_EQ(us->link->counts().dropped, 0u);
  std::sort(milliseconds_taken.begin(), milliseconds_taken.end());
  std::printf("publish to arrival under 1,000 msg/s: median %.1f ms, worst of 30 %.1f ms\n", milliseconds_taken[15],
              milliseconds_taken.back());
  EXPECT_LT(milliseconds_taken[15], 100.0);
}

TEST_F(ALink, SaysDownOnceWhenNobodyAnswers) {
  BrokerAddress nowhere;
  nowhere.host = "127.0.0.1";
  nowhere.port = 1;
  Told us(io, nowhere, "lull-test");
  us.link->start();
  ASSERT_TRUE(run_until(io, [&] { return us.downs == 1; }));
  testing::run_for(io, 2s);
  EXPECT_EQ(us.downs, 1);
  EXPECT_TRUE(us.complaints.empty()) << us.complaints[0];
  bool done = false;
  us.link->stop(
      {}, [&] { done = true; }, 1s);
  EXPECT_TRUE(run_until(
      io, [&] { return done; }, 1s));
}

TEST_F(ALink, LetsACommandDieInTheBrokerWhenItsBridgeWasAway) {
  mosquitto* bridge = mosquitto_new("bridge", false, nullptr);  // a session that the broker keeps
  ASSERT_EQ(mosquitto_connect(bridge, "127.0.0.1", broker->port(), 30), MOSQ_ERR_SUCCESS);
  mosquitto_subscribe(bridge, nullptr, "plug/set", 1);
  auto us = connected("lull-test", {"ready"});
  for (int i = 0; i < 20; ++i) mosquitto_loop(bridge, 5, 1);
  mosquitto_disconnect(bridge);
  mosquitto_destroy(bridge);
  Publish on = words("plug/set", "ON"), off = words("plug/set", "OFF");
  on.expiry_s = 1;
  us->link->publish(on);
  us->link->publish(off);
  testing::run_for(io, 2500ms);
  std::vector<std::string> heard;
  bridge = mosquitto_new("bridge", false, &heard);
  mosquitto_message_callback_set(bridge, [](mosquitto*, void* all, const mosquitto_message* m) {
    static_cast<std::vector<std::string>*>(all)->emplace_back(static_cast<const char*>(m->payload),
                                                              static_cast<std::size_t>(m->payloadlen));
  });
  ASSERT_EQ(mosquitto_connect(bridge, "127.0.0.1", broker->port(), 30), MOSQ_ERR_SUCCESS);
  const auto deadline = steady_clock::now() + 5s;
  while (heard.empty() && steady_clock::now() < deadline) mosquitto_loop(bridge, 5, 1);
  for (int i = 0; i < 20; ++i) mosquitto_loop(bridge, 5, 1);
  mosquitto_destroy(bridge);
  EXPECT_EQ(heard, std::vector<std::string>{"OFF"}) << "an ON two seconds late is nobody's wish";
}

TEST_F(ALink, SpeaksMqtt311WithABrokerThatRefusesMqtt5) {
  using boost::asio::ip::tcp;
  tcp::acceptor acceptor(io, {boost::asio::ip::address_v4::loopback(), 0});  // all it can is CONNACK
  std::vector<std::shared_ptr<tcp::socket>> sockets;
  std::function<void()> accept = [&] {
    acceptor.async_accept([&](boost::system::error_code failed, tcp::socket socket) {
      if (failed) return;
      sockets.push_back(std::make_shared<tcp::socket>(std::move(socket)));
      auto bytes = std::make_shared<std::string>(512, '\0');
      sockets.back()->async_read_some(boost::asio::buffer(*bytes),
                                      [bytes, at = sockets.back()](boost::system::error_code over, std::size_t) {
                                        if (over) return;
                                        const bool five = bytes->at(bytes->find("MQTT") + 4) == 5;
                                        const std::string answer{0x20, 0x02, 0x00, static_cast<char>(five ? 1 : 0)};
                                        boost::asio::write(*at, boost::asio::buffer(answer));
                                        if (five) at->close();
                                      });
      accept();
    });
  };
  accept();
  BrokerAddress old;
  old.host = "127.0.0.1";
  old.port = acceptor.local_endpoint().port();
  Told us(io, old, "lull-test");
  us.link->start();
  ASSERT_TRUE(run_until(io, [&] { return us.link->is_up(); })) << us.why;
  EXPECT_FALSE(us.link->speaks_mqtt_5());
  ASSERT_EQ(us.downs, 0) << us.why;
}

TEST_F(ALink, RefusesTopicsThatAreNone) {
  auto us = connected("lull-test");
  us->link->subscribe({"a/#/b"});
  EXPECT_FALSE(us->link->publish(words("pad/+/set", "OFF")));
  EXPECT_EQ(us->complaints.size(), 2u);
  EXPECT_TRUE(us->link->is_up()) << "the broker never saw them";
}

}  // namespace
}  // namespace lull
