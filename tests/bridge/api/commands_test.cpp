// What a page asks for: who may ask for it, and what it is answered. A stop is always one.
#include "bridge/api/commands.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/bridge/home_assistant/sample.hpp"

namespace lull {
namespace {

using Outcome = Decision::Outcome;

std::string code(const HttpReply& reply) { return nlohmann::json::parse(reply.body).value("code", ""); }
PageWish wished(std::string_view body, Role role) { return page_wish_from(body, sample::house(), role); }
Wish wish(std::string_view body) { return wished(body, Role::admin).wish; }

TEST(APageWish, OfAPartnerMayStopAndNothingElse) {
  for (const char* may : {R"({"do":"stop"})", R"({"do":"stop_massage"})", R"({"do":"stop_play"})"})
    EXPECT_FALSE(wished(may, Role::partner).refused) << may;
  for (const char* not_for :
       {R"({"do":"replay"})", R"({"do":"play","routine":"wind-down"})", R"({"do":"release"})",
        R"({"do":"not_tonight","on":false})", R"({"do":"allow","rule":"Bedtime","tonight":true})"}) {
    const auto refused = wished(not_for, Role::partner).refused;
    ASSERT_TRUE(refused) << not_for;
    EXPECT_EQ(refused->status, 403);
    EXPECT_EQ(code(*refused), "not_for_you");
    EXPECT_FALSE(wished(not_for, Role::sleeper).refused) << not_for;
  }
}

TEST(APageWish, ComesThroughThePagesDoorUnlessItSaysAnother) {
  EXPECT_EQ(wish(R"({"do":"replay"})").door, Door::page);
  EXPECT_EQ(wish(R"({"do":"replay","by":"voice"})").door, Door::voice);
}

TEST(APageWish, ThatIsNotUnderstoodIsToldWhatWouldBeRight) {
  EXPECT_EQ(wished("{", Role::admin).refused->status, 400);
  const auto unclear = wished(R"({"do":"dance"})", Role::admin).refused;
  EXPECT_EQ(unclear->status, 422);
  EXPECT_NE(unclear->body.find("remedy"), std::string::npos);
}

TEST(AnAnswerToAPage, IsThatAStopWasAcceptedWhateverWasDecidedBesideIt) {
  const std::vector<Decision> against{{Outcome::did_not, "Leg massage", "it is off already"}};
  EXPECT_EQ(answer_to(wish(R"({"do":"stop"})"), std::nullopt, against).status, 202);
  EXPECT_EQ(answer_to(wish(R"({"do":"stop_massage"})"), std::nullopt, against).status, 202);
  const HttpReply not_done = answer_to(wish(R"({"do":"softer"})"), std::nullopt, against);
  EXPECT_EQ(not_done.status, 409);
  EXPECT_EQ(code(not_done), "not_done");
}

TEST(AnAnswerToAPage, TellsAStartThatCameTooLateFromOneThatWasRefused) {
  const std::vector<Decision> against{{Outcome::did_not, "somebody on the page", "what is older begins nothing"}};
  EXPECT_EQ(code(answer_to(wish(R"({"do":"replay"})"), 3900ms, against)), "not_done");
  EXPECT_EQ(code(answer_to(wish(R"({"do":"replay"})"), 4000ms, against)), "too_late");
  EXPECT_EQ(code(answer_to(wish(R"({"do":"replay","by":"voice"})"), 9000ms, against)), "not_done");
  EXPECT_EQ(code(answer_to(wish(R"({"do":"softer"})"), 60s, against)), "not_done") << "what is less is never too late";
}

}  // namespace
}  // namespace lull
