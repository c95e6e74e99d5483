// Who may come in, and who is turned away with which words.
#include "bridge/api/gate.hpp"

#include <gtest/gtest.h>

namespace lull {
namespace {

HttpRequest from_here(std::string method = "GET", Right right = Right::see) {
  HttpRequest r{std::move(method), "/api/v1/state", ""};
  r.from = "127.0.0.1", r.loopback = true, r.right = static_cast<int>(right);
  r.fields = {{"host", "127.0.0.1:8099"}};
  return r;
}
int status(const HttpRequest& r) {
  const auto refused = refused_at_the_gate(r);
  return refused ? refused->status : 200;
}

TEST(TheGate, LetsThisMachineIn) {
  for (const char* host : {"127.0.0.1:8099", "localhost", "[::1]:8099"}) {
    HttpRequest r = from_here();
    r.fields = {{"host", host}};
    EXPECT_EQ(status(r), 200) << host;
  }
}

TEST(TheGate, ShowsOthersOnlyWhatEverybodyMaySee) {
  HttpRequest r = from_here();
  r.from = "192.0.2.7", r.loopback = false;
  EXPECT_EQ(status(r), 403);
  r.right = static_cast<int>(Right::nothing);
  EXPECT_EQ(status(r), 200) << "/healthz and /metrics";
  HttpRequest proxied = from_here();
  proxied.fields.emplace_back("x-forwarded-for", "192.0.2.7");
  EXPECT_EQ(status(proxied), 403) << "a proxy makes everybody look as if they sat here";
}

TEST(TheGate, KnowsANameThatOnlyPretendsToBeThisMachine) {
  for (const char* host : {"evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8099", ""}) {
    HttpRequest r = from_here();
    r.fields = {{"host", host}};
    EXPECT_EQ(status(r), 421) << host;
  }
}

TEST(TheGate, TakesNoCommandFromSomebodyElsesPage) {
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
