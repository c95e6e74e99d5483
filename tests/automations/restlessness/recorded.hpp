// Tests on recorded nights: they are skipped, with the reason, where there are none.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <string>

namespace lull {

class Recorded : public testing::Test {
 protected:
  std::string folder;
  /// One that must be there.
  virtual const char* needed() const = 0;
  void SetUp() override {
    const char* set = std::getenv("LULL_RECORDINGS");
    if (!set || !*set) GTEST_SKIP() << "LULL_RECORDINGS does not name the folder of recorded nights";
    folder = std::string(set) + "/";
    if (!std::ifstream(folder + needed())) GTEST_SKIP() << "LULL_RECORDINGS has no " << needed();
  }
};

}  // namespace lull
