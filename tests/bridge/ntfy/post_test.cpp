// One message and its answer, against a server that says what the test wants; and a machine that lacks everything.
#include "bridge/ntfy/post.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pthread.h>

#include <memory>
#include <vector>

#include "bridge/asio.hpp"
#include "tests/integration/loop.hpp"

namespace lull {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;
using lull::testing::run_until;
using ::testing::HasSubstr;

/// Says one thing to each guest, in two parts, and hears nothing.
struct Says {
  boost::asio::io_context& io;
  std::string first, second;
  tcp::acceptor door{io, {boost::asio::ip::address_v4::loopback(), 0}};
  std::vector<std::shared_ptr<tcp::socket>> guests{};
  boost::asio::steady_timer pause{io};

  ~Says() {
    door.close();
    pause.cancel();
    io.restart();
    io.poll();  // nobody calls who is gone
  }
  void welcome() {
    door.async_accept([this](error_code failed, tcp::socket guest) {
      if (failed) return;
      auto kept = guests.emplace_back(std::make_shared<tcp::socket>(std::move(guest)));
      boost::asio::write(*kept, boost::asio::buffer(first), failed);
      pause.expires_after(std::chrono::milliseconds(50));
      pause.async_wait([this, kept](error_code gone) {
        if (gone) return;
        boost::asio::write(*kept, boost::asio::buffer(second), gone);
        kept->shutdown(tcp::socket::shutdown_send, gone);
      });
      welcome();
    });
  }
};

struct Posts : ::testing::Test {
  boost::asio::io_context io{1};
  std::optional<NtfyOutcome> outcome{};

  NtfyOutcome sends(NtfyPost& post) {
    outcome.reset();
    post.send({1, "topic", {}, std::make_shared<const std::string>("Hot."), false},
              [this](const NtfyOutcome& o) { outcome = o; });
    EXPECT_TRUE(run_until(io, [this] { return outcome.has_value(); }));
    return outcome.value_or(NtfyOutcome{});
  }
  NtfyOutcome answered(std::string first, std::string second = "") {
    Says says{io, std::move(first), std::move(second)};
    says.welcome();
    NtfyPost post(io, {"127.0.0.1", says.door.local_endpoint().port(), false, "", "", ""});
    return sends(post);
  }
};

TEST_F(Posts, ItsFirstLineIsTheAnswer) {
  EXPECT_EQ(answered("HTTP/1.1 200 OK\r\nX: " + std::string(3'000, 'x'), std::string(20'000, 'x')).status, 200);
  EXPECT_EQ(answered("HT", "TP/1.0 507 Insufficient Storage\r\n\r\n").status, 507);
  EXPECT_EQ(answered("HTTP/1.1 200\r\n").status, 200);
  EXPECT_EQ(answered("HTTP/1.1 200 OK\n\x01\n").status, 200) << "what follows is nobody's business";
}

TEST_F(Posts, WhatIsNoAnswerDidNotArrive) {
  for (const std::string no : {"220 mail.example ESMTP\r\n", "HTTP/2.0 200 OK\r\n", "HTTP/1.1 20\r\n",
                               "HTTP/1.1 2000 OK\r\n", "HTTP/1.1 000 No\r\n", "\r\n"}) {
    const NtfyOutcome is = answered(no);
    EXPECT_EQ(is.status, 0) << no;
    EXPECT_THAT(is.why, HasSubstr("speaks no HTTP")) << no;
  }
  EXPECT_THAT(answered("HTTP/1.1 200 ").why, HasSubstr("without an answer"));
  EXPECT_THAT(answered("HTTP/1.1 200 ", std::string(9'000, 'x')).why, HasSubstr("a line without an end"));
  EXPECT_TRUE(answered("", "").sent) << "for who wonders whether a picture was too much";
}

TEST_F(Posts, WhoHasHadTooManySaysForHowLong) {
  const std::string busy = "HTTP/1.1 429 Too Many Requests\r\n";
  EXPECT_EQ(answered(busy + "Date: today\r\nretry-AFTER:  17 \r\n", "\r\n").ask_again_in, 17s);
  EXPECT_EQ(answered(busy, "Retry-After: 5\r\n\r\nRetry-After: 9\r\n\r\n").ask_again_in, 5s);
  for (const std::string no :
       {"", "Retry-After: Tue, 01 Dec 2026 06:00:00 GMT\r\n", "Retry-After: -5\r\n", "Retry-After:\r\n",
        "Retry-After: 99999999999999999999999\r\n", "X-Retry-After: 5\r\n", "Retry-After: 5"}) {
    const NtfyOutcome is = answered(busy, no);
    EXPECT_EQ(is.status, 429) << no;
    EXPECT_EQ(is.ask_again_in, 0s) << no;
  }
  EXPECT_EQ(answered(busy, "X: " + std::string(9'000, 'x')).status, 429);
}

/// Each thread that is made now would need more memory than there are addresses.
struct NoThreads {
  pthread_attr_t before{}, huge{};
  NoThreads() {
    pthread_getattr_default_np(&before);
    pthread_getattr_default_np(&huge);
    EXPECT_EQ(pthread_attr_setstacksize(&huge, std::size_t{1} << 50), 0);
    EXPECT_EQ(pthread_setattr_default_np(&huge), 0);
  }
  ~NoThreads() { pthread_setattr_default_np(&before); }
};

TEST_F(Posts, AMachineWithoutAThreadToSpareIsARoadThatDoesNotGetThrough) {
  std::optional<NoThreads> short_of_them(std::in_place);
  NtfyPost post(io, {"127.0.0.1", 1, false, "", "", ""});
  EXPECT_THAT(sends(post).why, HasSubstr("could not be sent from here"));
  short_of_them.reset();
  EXPECT_THAT(sends(post).why, HasSubstr("nobody answers")) << "and the next message finds one";
}

TEST_F(Posts, WhatGoesWrongWithOneMessageIsNotTheEnd) {
  NtfyPost post(io, {"localhost", 1, false, "", "", ""});  // a name is looked up on one more thread
  {
    const NoThreads any_more;
    EXPECT_THAT(sends(post).why, HasSubstr("could not be sent from here"));
  }
  EXPECT_THAT(sends(post).why, HasSubstr("nobody answers"));
}

}  // namespace
}  // namespace lull
