// The HTTP server over real sockets: what a monitor asks, and what a stranger may not do.
#include "bridge/http/server.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "bridge/asio.hpp"
#include "bridge/http/health.hpp"
#include "tests/integration/loop.hpp"

namespace lull {
namespace {
using namespace std::chrono_literals;
using boost::asio::ip::tcp;
using testing::run_until;

struct AnHttpServer : ::testing::Test {
  boost::asio::io_context io{1};
  bool well = true;
  std::unique_ptr<HttpServer> server;
  void SetUp() override {
    auto listening = HttpServer::listen(io, "127.0.0.1", 0);
    ASSERT_TRUE(listening) << listening.error().what;
    server = std::move(*listening);
    serve_health(*server, [this] {
      return well ? std::pair{true, std::string{R"({"status":"ok"})"}}
                  : std::pair{false, std::string{R"({"status":"no broker"})"}};
    });
  }

  /// A client that writes bytes and collects what comes back.
  struct Client {
    tcp::socket socket;
    std::string got;
    bool closed = false;
    std::array<char, 4096> buffer{};
    explicit Client(boost::asio::io_context& io, std::uint16_t port) : socket(io) {
      socket.connect({boost::asio::ip::address_v4::loopback(), port});
      read();
    }
    void read() {
      socket.async_read_some(boost::asio::buffer(buffer), [this](boost::system::error_code failed, std::size_t n) {
        got.append(buffer.data(), n);
        if (failed)
          closed = true;
        else
          read();
      });
    }
    void say(const std::string& text) {
      boost::system::error_code ignored;
      boost::asio::write(socket, boost::asio::buffer(text), ignored);
    }
  };
  std::string ask(const std::string& text) {
    Client client(io, server->port());
    client.say(text);
    EXPECT_TRUE(run_until(
        io, [&] { return client.closed; }, 8s))
        << client.got;
    client.socket.close();
    testing::run_for(io, 10ms);  // the aborted read still points at the client
    return client.got;
  }
  static std::string get(const std::string& path, const std::string& method = "GET") {
    return method + " " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  }
};

TEST_F(AnHttpServer, SaysThatItIsWell) {
  const std::string got = ask(get("/healthz?from=docker"));
  EXPECT_EQ(got.substr(0, 15), "HTTP/1.1 200 OK") << got;
  EXPECT_NE(got.find("application/json"), std::string::npos);
  EXPECT_NE(got.find("\r\n\r\n{\"status\":\"ok\"}"), std::string::npos) << got;
}

TEST_F(AnHttpServer, SaysWhyItIsNotWell) {
  well = false;
  const std::string got = ask(get("/healthz"));
  EXPECT_EQ(got.substr(0, 12), "HTTP/1.1 503") << got;
  EXPECT_NE(got.find("no broker"), std::string::npos);
}

TEST_F(AnHttpServer, AnswersHeadWithoutABody) {
  const std::string got = ask(get("/healthz", "HEAD"));
  EXPECT_EQ(got.substr(0, 12), "HTTP/1.1 200") << got;
  EXPECT_EQ(got.substr(got.size() - 4), "\r\n\r\n") << got;
  EXPECT_NE(got.find("Content-Length: 15"), std::string::npos) << got;
}

TEST_F(AnHttpServer, NamesAWrongPathAndAWrongMethodAsProblems) {
  const std::string missing = ask(get("/nowhere\"\\x"));
  EXPECT_EQ(missing.substr(0, 12), "HTTP/1.1 404") << missing;
  EXPECT_NE(missing.find("application/problem+json"), std::string::npos);
  EXPECT_NE(missing.find(R"("detail":"nothing at /nowhere\"\\x")"), std::string::npos) << missing;
  const std::string method = ask(get("/healthz", "DELETE"));
  EXPECT_EQ(method.substr(0, 12), "HTTP/1.1 405") << method;
  EXPECT_NE(method.find("Allow: GET, HEAD"), std::string::npos) << method;
}

TEST_F(AnHttpServer, KeepsAConnectionForTheNextQuestion) {
  Client client(io, server->port());
  client.say("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(run_until(io, [&] { return client.got.find("200", client.got.find("ok")) != std::string::npos; }));
  client.socket.close();
  testing::run_for(io, 10ms);
}

TEST_F(AnHttpServer, RefusesWhatIsNoRequestWithoutFalling) {
  EXPECT_EQ(ask("\x16\x03\x01\x02 hello there\r\n\r\n").substr(0, 12), "HTTP/1.1 400");
  EXPECT_EQ(ask("GET /" + std::string(9000, 'a') + " HTTP/1.1\r\n\r\n").substr(0, 12), "HTTP/1.1 431");
  EXPECT_EQ(ask("POST /healthz HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello").substr(0, 12), "HTTP/1.1 405");
  EXPECT_EQ(ask("GET /healthz HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello").substr(0, 12), "HTTP/1.1 413");
  EXPECT_EQ(ask(get("/healthz")).substr(0, 12), "HTTP/1.1 200") << "and goes on";
}

TEST_F(AnHttpServer, DoesNotWaitForEverForSomebodyWhoSaysNothing) {
  Client slow(io, server->port());
  slow.say("GET /heal");
  EXPECT_TRUE(run_until(
      io, [&] { return slow.closed; }, 7s));
}

TEST_F(AnHttpServer, SendsAnIdlerAwayForSomebodyWhoAsks) {
  std::vector<std::unique_ptr<Client>> idle;
  for (std::size_t i = 0; i < HttpServer::kConnections; ++i) {
    idle.push_back(std::make_unique<Client>(io, server->port()));
    testing::run_for(io, 1ms);
  }
  EXPECT_EQ(server->connections(), HttpServer::kConnections);
  Client next(io, server->port());
  next.say(get("/healthz"));
  EXPECT_TRUE(run_until(
      io, [&] { return !next.got.empty(); }, 1s));
  EXPECT_TRUE(idle.front()->closed) << "who has kept us waiting for longest";
  EXPECT_FALSE(idle.back()->closed);
  for (auto& client : idle) client->socket.close();
  next.socket.close();
  testing::run_for(io, 10ms);
}

TEST_F(AnHttpServer, TakesABodyOnlyWhereOneIsWantedAndOnlySoLarge) {
  server->on({"POST", "/echo", 0, 10}, [](const HttpRequest& r) {
    return HttpReply{200, "text/plain", r.body + r.asked("q")};
  });
  const auto post = [](const std::string& body) {
    return "POST /echo?x=1&q=a%20b+c HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
  };
  EXPECT_NE(ask(post("hello")).find("\r\n\r\nhelloa b+c"), std::string::npos);
  EXPECT_EQ(ask(post("hello, world")).substr(0, 12), "HTTP/1.1 413");
  const std::string chunked = "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(ask(chunked + "c\r\nhello, world\r\n0\r\n\r\n").substr(0, 12), "HTTP/1.1 413") << "however it is told";
}

TEST_F(AnHttpServer, TellsWhoAsksToGoOnBeforeItSendsABody) {
  server->on({"POST", "/echo", 0, 10}, [](const HttpRequest& r) { return HttpReply{200, "text/plain", r.body}; });
  const auto head = [](std::size_t length, const std::string& expects, const char* version = "1.1") {
    return "POST /echo HTTP/" + std::string(version) +
           "\r\nHost: x\r\nConnection: close\r\nContent-Length: " + std::to_string(length) + "\r\nExpect: " + expects +
           "\r\n\r\n";
  };
  Client curl(io, server->port());
  curl.say(head(5, "100-Continue"));
  EXPECT_TRUE(run_until(
      io, [&] { return curl.got == "HTTP/1.1 100 Continue\r\n\r\n"; }, 1s))
      << curl.got;
  curl.say("hello");
  EXPECT_TRUE(run_until(io, [&] { return curl.closed; }));
  EXPECT_NE(curl.got.find("HTTP/1.1 200"), std::string::npos);
  EXPECT_NE(curl.got.find("\r\n\r\nhello"), std::string::npos) << curl.got;
  curl.socket.close();
  testing::run_for(io, 10ms);
  EXPECT_EQ(ask(head(5, "100-continue") + "hello").substr(0, 12), "HTTP/1.1 200") << "who did not wait needs no word";
  EXPECT_EQ(ask(head(50, "100-continue")).substr(0, 12), "HTTP/1.1 413") << "refused before any of it is sent";
  EXPECT_EQ(ask(head(5, "200-ok")).substr(0, 12), "HTTP/1.1 417");
  Client old(io, server->port());
  old.say(head(5, "100-continue", "1.0"));
  testing::run_for(io, 50ms);
  EXPECT_EQ(old.got, "") << "HTTP/1.0 does not know that word";
  old.say("hello");
  EXPECT_TRUE(run_until(io, [&] { return old.closed; }));
  EXPECT_NE(old.got.find("\r\n\r\nhello"), std::string::npos) << old.got;
  old.socket.close();
  testing::run_for(io, 10ms);
}

TEST_F(AnHttpServer, FindsTheRouteAndWhatStandsInItsPlaces) {
  server->on("GET", "/nights/{night}/{what}", [](const HttpRequest& r) {
    return HttpReply{200, "text/plain", r.parts[0] + "|" + r.parts[1]};
  });
  EXPECT_NE(ask(get("/nights/2026-11-21/data.csv")).find("2026-11-21|data.csv"), std::string::npos);
  for (const char* path : {"/nights/2026-11-21", "/nights/2026-11-21/", "/nights//x", "/nights/a/b/c"})
    EXPECT_EQ(ask(get(path)).substr(0, 12), "HTTP/1.1 404") << path;
}

TEST_F(AnHttpServer, AsksItsGateBeforeItReadsABody) {
  server->on({"POST", "/door", 7}, [](const HttpRequest&) { return HttpReply{}; });
  server->gate([](const HttpRequest& r) -> std::optional<HttpReply> {
    if (r.right == 7) return http_problem(403, "not you");
    return std::nullopt;
  });
  const std::string got = ask("POST /door HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n");
  EXPECT_EQ(got.substr(0, 12), "HTTP/1.1 403") << "though none of its body has come";
}

TEST_F(AnHttpServer, AnswersOthersWhileOneIsThoughtAbout) {
  HttpAnswer later;
  server->on_later({"GET", "/slow"}, [&](const HttpRequest&, HttpAnswer answer) { later = std::move(answer); });
  Client slow(io, server->port());
  slow.say(get("/slow"));
  EXPECT_TRUE(run_until(io, [&] { return static_cast<bool>(later); }));
  EXPECT_EQ(ask(get("/healthz")).substr(0, 12), "HTTP/1.1 200");
  later({200, "text/plain", "thought"});
  EXPECT_TRUE(run_until(io, [&] { return slow.closed; }));
  EXPECT_NE(slow.got.find("thought"), std::string::npos);
  slow.socket.close();
  testing::run_for(io, 10ms);
}

TEST_F(AnHttpServer, TakesNoAnswerTwiceNorForTheNextQuestion) {
  std::vector<HttpAnswer> answers;
  server->on_later({"GET", "/slow"}, [&](const HttpRequest&, HttpAnswer a) { answers.push_back(std::move(a)); });
  Client client(io, server->port());
  const std::string ask = "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n";
  client.say(ask);
  EXPECT_TRUE(run_until(io, [&] { return answers.size() == 1; }));
  answers[0]({200, "text/plain", "first"});
  EXPECT_TRUE(run_until(io, [&] { return client.got.find("first") != std::string::npos; }));
  answers[0]({200, "text/plain", "again"});
  client.say(ask);
  EXPECT_TRUE(run_until(io, [&] { return answers.size() == 2; }));
  answers[0]({200, "text/plain", "again"});
  answers[1]({200, "text/plain", "second"});
  EXPECT_TRUE(run_until(io, [&] { return client.got.find("second") != std::string::npos; }));
  EXPECT_EQ(client.got.find("again"), std::string::npos);
  client.socket.close();
  testing::run_for(io, 10ms);
}

TEST_F(AnHttpServer, KeepsNoPlaceForALargeBodyWhoseSenderWasSentAway) {
  server->on({"POST", "/large", 0, 1 << 20}, [](const HttpRequest&) { return HttpReply{}; });
  const std::string begun = "POST /large HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\nx";
  std::vector<std::unique_ptr<Client>> senders;
  for (std::size_t i = 0; i < HttpServer::kLargeBodies; ++i) {
    senders.push_back(std::make_unique<Client>(io, server->port()));
    senders.back()->say(begun);
    testing::run_for(io, 20ms);
  }
  EXPECT_EQ(this->ask("POST /large HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n").substr(0, 12),
            "HTTP/1.1 503");
  for (std::size_t i = 0; i < HttpServer::kConnections; ++i) {
    senders.push_back(std::make_unique<Client>(io, server->port()));
    testing::run_for(io, 1ms);
  }
  Client next(io, server->port());
  next.say("POST /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 70000\r\n\r\n" +
           std::string(70000, 'x'));
  EXPECT_TRUE(run_until(io, [&] { return next.got.find("HTTP/1.1 200") == 0; })) << next.got.substr(0, 200);
  for (auto& sender : senders) sender->socket.close();
  next.socket.close();
  testing::run_for(io, 10ms);
}

/// Somebody was logged out, twice, and what they still say must do nothing.
TEST_F(AnHttpServer, HearsNothingFromAWebSocketThatItCloses) {
  std::shared_ptr<LiveSocket> socket;
  std::vector<std::string> heard;
  server->on_socket("/live", 0, [&](const HttpRequest&, std::shared_ptr<LiveSocket> opened) {
    socket = std::move(opened);
    socket->heard = [&](std::string_view said) { heard.emplace_back(said); };
  });
  Client page(io, server->port());
  page.say(
      "GET /live HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  ASSERT_TRUE(run_until(io, [&] { return static_cast<bool>(socket); }));
  const std::string hello("\x81\x82\0\0\0\0hi", 8);  // masked by zeros
  page.say(hello);
  EXPECT_TRUE(run_until(io, [&] { return heard.size() == 1; }));
  socket->close();
  socket->close();
  EXPECT_FALSE(socket->send(std::make_shared<const std::string>("news")));
  page.say(hello);
  testing::run_for(io, 200ms);
  EXPECT_EQ(heard.size(), 1u);
  page.say(std::string("\x88\x80\0\0\0\0", 6));  // its own goodbye
  EXPECT_TRUE(run_until(io, [&] { return page.closed; }));
  socket.reset();
  page.socket.close();
  testing::run_for(io, 10ms);
}

TEST_F(AnHttpServer, ClosesEverythingWhenItIsDestroyed) {
  Client idle(io, server->port());
  testing::run_for(io, 20ms);
  server.reset();
  EXPECT_TRUE(run_until(
      io, [&] { return idle.closed; }, 1s));
}

TEST_F(AnHttpServer, SaysWhyItCannotListen) {
  const auto second = HttpServer::listen(io, "127.0.0.1", server->port());
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().what.find("in use"), std::string::npos) << second.error().what;
  EXPECT_FALSE(HttpServer::listen(io, "localhost", 0)) << "a name is no address";
}

}  // namespace
}  // namespace lull
