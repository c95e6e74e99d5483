// Whole nights, told. Lull and the bedroom speak real bytes; every promise is looked at each second.
#include <gtest/gtest.h>

#include "tests/stories/night.hpp"

namespace lull {
namespace {

using demo::Mishap;

void every_promise_was_kept(Night& night) {
  night.until(7, 30);
  night.promises.morning(night.truth(), night.alive() ? &night.hub() : nullptr);
  EXPECT_TRUE(night.promises.broken().empty()) << night.promises.text() << night.all();
}

TEST(ANight, IsCalmAndNobodyIsBothered) {
  Night night;
  night.until(23, 40);
  EXPECT_TRUE(night.said("rule Warm the bed")) << night.all();
  EXPECT_TRUE(night.said("rule Bedtime")) << night.all();
  every_promise_was_kept(night);
  EXPECT_GT(night.promises.massage, 15min) << night.all();
  if (getenv("LULL_TELL")) puts(night.all().c_str());
}

}  // namespace
}  // namespace lull
