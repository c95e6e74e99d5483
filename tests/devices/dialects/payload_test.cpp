// Outside bytes: what is refused before it is read, and how it is shown to a person.
#include "devices/dialects/payload.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace lull {
namespace {

std::string refusal(std::string_view payload, const Bounds& bounds = {}) {
  const Result<Json> json = read_json(payload, bounds);
  return json ? "" : json.error().what;
}
std::string nested(int depth) { return std::string(std::size_t(depth), '[') + std::string(std::size_t(depth), ']'); }

TEST(APayload, IsReadUpToItsBounds) {
  EXPECT_EQ(refusal(nested(16)), "");
  EXPECT_EQ(refusal(nested(17)), "nests deeper than 16 levels; not read");
  EXPECT_EQ(refusal(nested(64), kBridgeBounds), "");
  EXPECT_EQ(refusal("\"" + std::string(100, '[') + "\\\"[\""), "") << "brackets in a string are text";
  EXPECT_EQ(refusal(std::string(kMaxPayload, ' ').replace(0, 1, "1")), "");
  EXPECT_EQ(refusal(std::string(kMaxPayload + 1, ' ')), "has 65537 bytes, must be 65536 or less; not read");
  EXPECT_EQ(refusal("\"\xff\""), "is not UTF-8 text");
  EXPECT_EQ(refusal("{oops"), "is no JSON: \"{oops\"");
  for (const char* wrong : {"NaN", "1e999", "", "{}{}", "'a'"}) EXPECT_NE(refusal(wrong), "") << wrong;
}
TEST(APayload, IsShownShortAndPrintable) {
  EXPECT_EQ(shown(std::string()), "empty");
  EXPECT_EQ(shown(std::string("a\nb")), R"("a\nb")");
  EXPECT_EQ(shown(std::string(59, 'a') + "\u00e4\u00e4"), "\"" + std::string(59, 'a') + "\"...")
      << "not cut inside a character";
  EXPECT_LT(shown(Json(std::string(5000, 'x'))).size(), 80u);
  EXPECT_EQ(clipped("\u00e4\u00e4", 3), "\u00e4");
}
TEST(ANumber, IsFiniteOrNone) {
  EXPECT_EQ(decimal("37.000000"), 37.0);
  for (const char* wrong : {"", "nan", "inf", "-inf", "1e3", "0x10", "37 ", " 37", "37,5", "+1", "1.2.3"})
    EXPECT_FALSE(decimal(wrong)) << wrong;
  EXPECT_FALSE(whole(Json(1.5), 0, 10));
  EXPECT_FALSE(whole(Json(1e300), 0, 10));
  EXPECT_FALSE(whole(Json(true), 0, 10));
  EXPECT_EQ(whole(Json(7.0), 0, 10), 7);
  EXPECT_EQ(plain(38.0), "38");
  EXPECT_EQ(plain(33.2), "33.2");
}
TEST(ATopic, IsOneExactPlace) {
  for (const char* fine : {"a", "a/b", "W\u00e4rme flasche/set", "$SYS/x"}) EXPECT_EQ(topic_problem(fine), "") << fine;
  for (const char* wrong : {"", "/a", "a/", "a/+", "#", "a\tb", "\xc3"}) EXPECT_NE(topic_problem(wrong), "") << wrong;
  EXPECT_NE(topic_problem(std::string(257, 'a')), "");
}

}  // namespace
}  // namespace lull
