// The way of a message out of the loop: in order, bounded, never late, and never waited for.
#include "bridge/mqtt/sender.hpp"

#include <gtest/gtest.h>

#include <future>
#include <string>
#include <vector>

namespace lull {
namespace {

Publish word(int n) {
  Publish p;
  p.payload = std::to_string(n);
  return p;
}

/// A library that holds its lock until it is let go.
struct Library {
  std::promise<void> reached, free;
  std::shared_future<void> is_free = free.get_future().share();
  std::vector<std::string> sent;  // the sender's thread only, until that has ended
  void take(const Publish& what) {
    if (sent.empty()) reached.set_value();
    is_free.wait();
    sent.push_back(what.payload);
  }
};

TEST(ASender, NeverMakesTheLoopWaitForTheLibraryAndKeepsTheOrder) {
  Library library;
  std::promise<void> all;
  {
    Sender sender(100, [&](const Publish& what, std::uint64_t proof) {
      library.take(what);
      if (proof == 7) all.set_value();
    });
    EXPECT_TRUE(sender.take(word(0)));
    library.reached.get_future().wait();
    for (int n = 1; n < 50; ++n) EXPECT_TRUE(sender.take(word(n), n == 49 ? 7 : 0)) << "though the library is stuck";
    library.free.set_value();
    all.get_future().wait();
  }
  ASSERT_EQ(library.sent.size(), 50u);
  for (int n = 0; n < 50; ++n) EXPECT_EQ(library.sent[static_cast<std::size_t>(n)], std::to_string(n));
}

TEST(ASender, HoldsABoundedNumberAndSendsNothingLate) {
  Library library;
  {
    Sender sender(3, [&](const Publish& what, std::uint64_t) { library.take(what); });
    EXPECT_TRUE(sender.take(word(0)));
    library.reached.get_future().wait();  // that one is with the library now
    for (int n = 1; n <= 3; ++n) EXPECT_TRUE(sender.take(word(n)));
    EXPECT_FALSE(sender.take(word(4)));
    sender.end();
    EXPECT_FALSE(sender.take(word(5)));
    library.free.set_value();
  }
  EXPECT_EQ(library.sent, std::vector<std::string>{"0"}) << "only what the library had already";
}

}  // namespace
}  // namespace lull
