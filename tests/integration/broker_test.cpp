// The embedded broker: it is there when we are, comes back when it dies, and ends when we do, having said the wills.
#include "bridge/mqtt/broker.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "bridge/mqtt/guard.hpp"
#include "tests/integration/loop.hpp"
#include "tests/integration/mosquitto.hpp"

namespace lull {
namespace {
using namespace std::chrono_literals;
using testing::Folder;
using testing::run_until;

bool exists(pid_t process) {
  std::ifstream stat("/proc/" + std::to_string(process) + "/stat");
  std::string line;
  if (!std::getline(stat, line)) return false;
  return line.find(") Z ") == std::string::npos;  // dead and not yet collected is dead
}

TEST(TheEmbeddedBroker, TakesConnectionsAsSoonAsItIsStarted) {
  Folder folder;
  boost::asio::io_context io{1};
  const auto before = std::chrono::steady_clock::now();
  auto broker = Broker::start(io, folder.path.string());
  ASSERT_TRUE(broker) << broker.error().where << ": " << broker.error().what;
  std::printf("the embedded broker was ready after %.0f ms\n",
              std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - before).count());
  testing::Listener one((*broker)->port(), {"a"});
  one.say("a", "b");
  EXPECT_TRUE(one.hears("a", "b"));
  EXPECT_EQ((*broker)->address().host, "127.0.0.1");
}

TEST(TheEmbeddedBroker, EndsWhenItsOwnerIsDestroyed) {
  Folder folder;
  boost::asio::io_context io{1};
  auto broker = Broker::start(io, folder.path.string());
  ASSERT_TRUE(broker);
  const pid_t process = (*broker)->pid();
  EXPECT_TRUE(exists(process));
  broker->reset();
  EXPECT_FALSE(exists(process));
}

TEST(TheEmbeddedBroker, ComesBackOnTheSamePortWhenItDies) {
  Folder folder;
  boost::asio::io_context io{1};
  std::vector<std::string> said;
  auto broker = Broker::start(io, folder.path.string(), 0, [&](std::string line) { said.push_back(std::move(line)); });
  ASSERT_TRUE(broker);
  const pid_t first = (*broker)->pid();
  const std::uint16_t port = (*broker)->port();
  ::kill(first, SIGKILL);
  ASSERT_TRUE(run_until(
      io, [&] { return said.size() == 2; }, 3s));
  EXPECT_NE((*broker)->pid(), first);
  EXPECT_EQ((*broker)->port(), port);
  EXPECT_NE(said[0].find("ended"), std::string::npos) << said[0];
  mosquitto* probe = mosquitto_new("probe", true, nullptr);
  EXPECT_TRUE(run_until(
      io, [&] { return mosquitto_connect(probe, "127.0.0.1", port, 30) == MOSQ_ERR_SUCCESS; }, 3s));
  mosquitto_destroy(probe);
}

TEST(TheEmbeddedBroker, DiesWithUsButSaysTheGuardsOffFirst) {
  Folder folder;
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe(pipe.data()), 0);
  const pid_t child = ::fork();
  if (child == 0) {  // a whole Lull in small: its broker, its guard
    boost::asio::io_context io{1};
    auto broker = Broker::start(io, folder.path.string());
    if (!broker) ::_exit(1);
    Guard guard(io, (*broker)->address(), "home-guard-warmer", {{"warmer/set", "OFF"}}, {});
    guard.start();
    run_until(io, [&] { return guard.is_up(); });
    std::ostringstream line;
    line << (*broker)->port() << " " << (*broker)->pid() << "\n";
    if (::write(pipe[1], line.str().data(), line.str().size()) < 0) ::_exit(1);
    testing::run_for(io, 60s);
    ::_exit(0);
  }
  ::close(pipe[1]);
  FILE* from = ::fdopen(pipe[0], "r");
  int port = 0, process = 0;
  ASSERT_EQ(std::fscanf(from, "%d %d", &port, &process), 2);
  std::fclose(from);
  testing::Listener plug(static_cast<std::uint16_t>(port), {"warmer/set"});
  const auto killed = std::chrono::steady_clock::now();
  ::kill(child, SIGKILL);
  EXPECT_TRUE(plug.hears("warmer/set", "OFF", 2s)) << "the will of the guard, said by a broker that is ending itself";
  if (!plug.heard.empty())
    std::printf("kill -9 of us and our broker to OFF: %.1f ms\n",
                std::chrono::duration<double, std::milli>(plug.heard[0].at - killed).count());
  ::waitpid(child, nullptr, 0);
  boost::asio::io_context io{1};
  EXPECT_TRUE(run_until(
      io, [&] { return !exists(process); }, 3s));
}

TEST(TheEmbeddedBroker, SaysWhichPackageIsMissing) {
  Folder folder;
  boost::asio::io_context io{1};
  const auto broker = Broker::start(io, folder.path.string(), 0, {}, "mosquitto-that-is-not-there");
  ASSERT_FALSE(broker);
  EXPECT_NE(broker.error().what.find("package mosquitto"), std::string::npos);
}

TEST(TheEmbeddedBroker, SaysThatItsPortIsTaken) {
  Folder folder, other;
  boost::asio::io_context io{1};
  auto first = Broker::start(io, folder.path.string());
  ASSERT_TRUE(first);
  const auto second = Broker::start(io, other.path.string(), (*first)->port());
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().what.find("taken by another program"), std::string::npos) << second.error().what;
}

TEST(TheEmbeddedBroker, SaysThatItsFolderCannotBeWritten) {
  boost::asio::io_context io{1};
  const auto broker = Broker::start(io, "/proc/nowhere");
  ASSERT_FALSE(broker);
  EXPECT_EQ(broker.error().where, "/proc/nowhere/broker");
}

}  // namespace
}  // namespace lull
