// Who may come in, and who is turned away with which words.
#include "bridge/api/doorkeeper.hpp"

#include <gtest/gtest.h>

namespace lull {
namespace {

HttpRequest from_here(std::string method = "GET", Right right = Right::see) {
  HttpRequest r{std::move(method), "/api/v1/state", ""};
  r.from = "127.0.0.1", r.loopback = true, r.right = static_cast<int>(right);
  r.fields = {{"host", "127.0.0.1:8099"}};
  return r;
}
HttpRequest from(std::string address, bool tls, Right right = Right::see) {
  HttpRequest r = from_here("GET", right);
  r.from = std::move(address), r.loopback = false, r.tls = tls;
  r.fields = {{"host", "lull.home:8099"}};
  return r;
}

struct TheDoorkeeper : ::testing::Test {
  Instant now{1h};
  Doorkeeper::Settings who;
  Role role = Role::nobody;
  int status(HttpRequest r) {
    Doorkeeper gate(
        who, [this] { return now; }, [](const std::string&) {});
    const auto refused = gate.refuses(r);
    role = static_cast<Role>(r.role);
    return refused ? refused->status : 200;
  }
};

TEST_F(TheDoorkeeper, LetsThisMachineIn) {
  for (const char* host : {"127.0.0.1:8099", "localhost", "[::1]:8099"}) {
    HttpRequest r = from_here("GET", Right::change);
    r.fields = {{"host", host}};
    EXPECT_EQ(status(r), 200) << host;
    EXPECT_EQ(role, Role::admin);
  }
}

TEST_F(TheDoorkeeper, ShowsOthersOnlyWhatEverybodyMaySee) {
  for (const Right right : {Right::page, Right::see, Right::act, Right::read_diary, Right::change}) {
    EXPECT_EQ(status(from("192.0.2.7", false, right)), 403);
    EXPECT_EQ(status(from("192.0.2.7", true, right)), 403) << "TLS, but nobody who could log in";
  }
  EXPECT_EQ(status(from("192.0.2.7", false, Right::nothing)), 200) << "/healthz and /metrics";
  for (const char* said : {"x-forwarded-for", "forwarded", "x-real-ip", "x-forwarded-proto", "via"}) {
    HttpRequest proxied = from_here();
    proxied.fields.emplace_back(said, "192.0.2.7");
    EXPECT_EQ(status(proxied), 403) << said << ": a proxy makes everybody look as if they sat here";
    EXPECT_FALSE(is_asked_here(proxied)) << said;
  }
}

/// /metrics is for everybody; how somebody sleeps is for who sits here, and for no page whose name was bent to point
/// here.
TEST_F(TheDoorkeeper, KnowsWhoAsksAtThisMachine) {
  EXPECT_TRUE(is_asked_here(from_here("GET", Right::nothing)));
  EXPECT_FALSE(is_asked_here(from("192.0.2.7", true)));
  HttpRequest bent = from_here();
  bent.fields = {{"host", "evil.example:8099"}};
  EXPECT_FALSE(is_asked_here(bent));
}

TEST_F(TheDoorkeeper, AsksOthersToLogInOverTls) {
  who.users = {{"ana", Role::admin, "$argon2id$x"}};
  EXPECT_EQ(status(from("192.0.2.7", false, Right::page)), 403) << "no password over a wire that all can read";
  EXPECT_EQ(status(from("192.0.2.7", true, Right::page)), 200) << "the page that asks";
  EXPECT_EQ(status(from("192.0.2.7", true)), 401);
  HttpRequest forged = from("192.0.2.7", true);
  forged.fields.emplace_back("cookie", "a=b; lull=" + std::string(Sessions::kToken, 'A'));
  EXPECT_EQ(status(forged), 401);
}

TEST_F(TheDoorkeeper, BelievesHomeAssistantsNameOnlyFromTheSupervisor) {
  who.users = {{"ben", Role::partner, "-"}};
  const auto named = [](std::string address, std::string name) {
    HttpRequest r = from(std::move(address), false);
    r.fields.emplace_back("x-remote-user-name", std::move(name));
    return r;
  };
  EXPECT_EQ(status(named("172.30.32.2", "ana")), 403) << "no Supervisor runs us";
  who.ingress = true;
  EXPECT_EQ(status(named("172.30.32.2", "ana")), 200);
  EXPECT_EQ(role, Role::sleeper);
  EXPECT_EQ(status(named("172.30.32.2", "ben")), 200);
  EXPECT_EQ(role, Role::partner);
  EXPECT_EQ(status(from("172.30.32.2", false)), 401) << "without a name";
  HttpRequest kiosk = from("172.30.32.2", false);  // a user of a trusted network has no name to log in with
  kiosk.fields.emplace_back("x-remote-user-id", "4fa1c0de");
  EXPECT_EQ(status(kiosk), 200);
  EXPECT_EQ(role, Role::sleeper);
  for (const char* other : {"172.30.32.1", "172.30.32.20", "192.0.2.7"}) EXPECT_EQ(status(named(other, "ana")), 403);
  HttpRequest here = from_here();
  here.fields.emplace_back("x-remote-user-name", "ben");
  EXPECT_EQ(status(here), 200);
  EXPECT_EQ(role, Role::admin) << "the header says nothing here";
}

TEST_F(TheDoorkeeper, KnowsANameThatOnlyPretendsToBeThisMachine) {
  for (const char* host : {"evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8099", ""}) {
    HttpRequest r = from_here();
    r.fields = {{"host", host}};
    EXPECT_EQ(status(r), 421) << host;
  }
}

TEST_F(TheDoorkeeper, TakesNoCommandFromSomebodyElsesPage) {
  for (const char* origin : {"https://evil.example", "null", "http://127.0.0.1:9000", "127.0.0.1:8099"}) {
    HttpRequest r = from_here("POST", Right::act);
    r.fields.emplace_back("origin", origin);
    EXPECT_EQ(status(r), 403) << origin;
  }
  HttpRequest own = from_here("POST", Right::act);
  own.fields.emplace_back("origin", "http://127.0.0.1:8099");
  EXPECT_EQ(status(own), 200);
  EXPECT_EQ(status(from_here("POST", Right::act)), 200) << "curl";
  HttpRequest hidden = from_here("POST", Right::act);
  hidden.fields.emplace_back("sec-fetch-site", "cross-site");
  EXPECT_EQ(status(hidden), 403);
  HttpRequest socket = from_here();
  socket.fields.insert(socket.fields.end(), {{"sec-websocket-key", "x"}, {"origin", "https://evil.example"}});
  EXPECT_EQ(status(socket), 403) << "a WebSocket can be opened by any page";
}

}  // namespace
}  // namespace lull
