// Jobs beside the loop: their answers come back to it, and they let it go first.
#include "bridge/api/worker.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace lull {
namespace {

int niceness() { return ::getpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid))); }

struct AWorker : ::testing::Test {
  boost::asio::io_context io{1};
  HttpReply answered{0};
  void run(std::function<HttpReply()> job) {
    Worker worker(io);
    const auto busy = boost::asio::make_work_guard(io);
    worker.run(std::move(job), [this](HttpReply reply) {
      answered = std::move(reply);
      io.stop();
    });
    io.run();
    io.restart();
  }
};

/// A backtest takes a processor for minutes, and there may be two: a STOP must not wait for it.
TEST_F(AWorker, LetsTheLoopGoFirst) {
  int its = 0;
  run([&] {
    its = niceness();
    return HttpReply{200};
  });
  EXPECT_EQ(answered.status, 200);
  EXPECT_GT(its, niceness());
}

TEST_F(AWorker, AnswersForAJobThatThrows) {
  run([]() -> HttpReply { throw std::runtime_error("the disk is gone"); });
  EXPECT_EQ(answered.status, 500);
  EXPECT_NE(answered.body.find("the disk is gone"), std::string::npos);
}

}  // namespace
}  // namespace lull
