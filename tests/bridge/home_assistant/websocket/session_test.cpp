// A log-in to Home Assistant and what follows, as stories. The frames are those of Home Assistant 2026.11.
#include "bridge/home_assistant/websocket/session.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <vector>

namespace lull {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kToken = "a-token-that-nobody-may-see";

struct ASession : testing::Test {
  std::vector<Json> sent;
  std::vector<std::string> gave_up;
  int up = 0, rejected = 0;
  bool line_is_free = true;
  Instant now{1h};
  HaSession session{{[this](const std::string& frame) {
                       if (line_is_free) sent.push_back(Json::parse(frame));
                       return line_is_free;
                     },
                     [this] { ++up; }, [this] { ++rejected; },
                     [this](const std::string& why) { gave_up.push_back(why); }}};

  void hears(const Json& message) { session.heard(message.dump(), now); }
  void passes(milliseconds span) {
    for (const Instant end = now + span; now < end;) now = now + 1s, session.tick(now);
  }
  void logs_in() {
    session.opened(kToken, now);
    hears({{"type", "auth_required"}, {"ha_version", "2026.11.0"}});
    hears({{"type", "auth_ok"}, {"ha_version", "2026.11.0"}});
    ASSERT_TRUE(session.is_up());
    hears({{"id", 1}, {"type", "result"}, {"success", true}, {"result", nullptr}});
    sent.clear();
  }
  HaSession::OnAnswer into(std::vector<std::string>& list) {
    return [&list](const HaSession::Answer& a) { list.push_back(a.well ? "well" : a.code); };
  }
};

TEST_F(ASession, SaysItsTokenWhenAskedAndNotBefore) {
  session.opened(kToken, now);
  EXPECT_THAT(sent, IsEmpty());
  hears({{"type", "auth_required"}, {"ha_version", "2026.11.0"}});
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0], (Json{{"type", "auth"}, {"access_token", kToken}})) << "and no id: that comes after the log-in";
  hears({{"type", "auth_required"}});
  EXPECT_EQ(sent.size(), 1u) << "once";
  EXPECT_THAT(gave_up, testing::SizeIs(1)) << "who asks twice is not Home Assistant";
}

TEST_F(ASession, TakesSeveralMessagesAFrameFromThenOn) {
  session.opened(kToken, now);
  hears({{"type", "auth_required"}});
  hears({{"type", "auth_ok"}, {"ha_version", "2026.11.0"}});
  EXPECT_EQ(up, 1);
  EXPECT_EQ(session.version(), "2026.11.0");
  EXPECT_EQ(sent.back(), (Json{{"id", 1}, {"type", "supported_features"}, {"features", {{"coalesce_messages", 1}}}}));
}

TEST_F(ASession, TellsOnceThatItsTokenIsRefusedAndFallsSilent) {
  session.opened(kToken, now);
  hears({{"type", "auth_required"}});
  hears({{"type", "auth_invalid"}, {"message", "Invalid access token or password"}});
  EXPECT_EQ(rejected, 1);
  const auto so_far = sent.size();
  hears({{"type", "auth_required"}});
  hears({{"type", "auth_ok"}});
  passes(1min);
  EXPECT_EQ(sent.size(), so_far);
  EXPECT_EQ(rejected, 1);
  EXPECT_THAT(gave_up, IsEmpty());
  EXPECT_FALSE(session.is_up());
}

TEST_F(ASession, GivesUpAHostThatNeverAsksForALogIn) {
  session.opened(kToken, now);
  passes(9s);
  EXPECT_THAT(gave_up, IsEmpty());
  passes(1s);
  EXPECT_THAT(gave_up, ElementsAre(HasSubstr("log-in")));
  EXPECT_THAT(sent, IsEmpty()) << "and was told no token";
}

TEST_F(ASession, TellsNoTokenToAStrangerAtThatPort) {
  session.opened(kToken, now);
  session.heard("<html>", now);
  hears({{"type", "auth_required"}});
  EXPECT_THAT(sent, IsEmpty());
  EXPECT_THAT(gave_up, ElementsAre(HasSubstr("is no JSON")));
}

TEST_F(ASession, MatchesAnswersInWhateverOrderTheyCome) {
  logs_in();
  std::vector<std::string> first, second;
  session.ask({{"type", "get_config"}}, now, into(first));
  session.ask({{"type", "auth/current_user"}}, now, into(second));
  EXPECT_LT(sent[0]["id"], sent[1]["id"]) << "ids grow, or Home Assistant refuses them";
  session.heard(
      Json::array({{{"id", sent[1]["id"]}, {"type", "result"}, {"success", true}, {"result", {{"name", "Ana"}}}},
                   {{"id", sent[0]["id"]},
                    {"type", "result"},
                    {"success", false},
                    {"error", {{"code", "unknown_command"}, {"message", "Unknown command."}}}}})
          .dump(),
      now);
  EXPECT_THAT(first, ElementsAre("unknown_command"));
  EXPECT_THAT(second, ElementsAre("well"));
  hears({{"id", sent[1]["id"]}, {"type", "result"}, {"success", true}});
  EXPECT_THAT(second, ElementsAre("well")) << "an answer counts once";
}

TEST_F(ASession, WaitsForAnAnswerForFiveSecondsAndNotForEver) {
  logs_in();
  std::vector<std::string> got, push;
  session.ask({{"type", "get_config"}}, now, into(got));
  session.ask({{"type", "call_service"}}, now, into(push), 20s);
  passes(4s);
  EXPECT_THAT(got, IsEmpty());
  passes(1s);
  EXPECT_THAT(got, ElementsAre("timeout"));
  hears({{"id", sent[0]["id"]}, {"type", "result"}, {"success", true}});
  EXPECT_THAT(got, ElementsAre("timeout")) << "what comes later is nobody's answer any more";
  EXPECT_THAT(push, IsEmpty()) << "a push server is given longer";
}

TEST_F(ASession, HearsAnEventThatOvertakesItsAnswer) {
  logs_in();
  std::vector<std::string> answers;
  std::vector<Json> events;
  session.subscribe(
      {{"type", "subscribe_events"}}, now, [&](const Json& e) { events.push_back(e); }, into(answers));
  const auto id = sent[0]["id"];
  hears({{"id", id}, {"type", "event"}, {"event", {{"a", 1}}}});
  hears({{"id", id}, {"type", "result"}, {"success", true}, {"result", nullptr}});
  hears({{"id", 77}, {"type", "event"}, {"event", {{"a", 2}}}});
  EXPECT_THAT(answers, ElementsAre("well"));
  EXPECT_THAT(events, ElementsAre(Json{{"a", 1}}));
}

TEST_F(ASession, HearsNothingOnASubscriptionThatWasRefused) {
  logs_in();
  std::vector<std::string> answers;
  int events = 0;
  session.subscribe(
      {{"type", "subscribe_events"}}, now, [&](const Json&) { ++events; }, into(answers));
  const auto id = sent[0]["id"];
  hears({{"id", id}, {"type", "result"}, {"success", false}, {"error", {{"code", "unauthorized"}, {"message", "no"}}}});
  hears({{"id", id}, {"type", "event"}, {"event", {{"a", 1}}}});
  EXPECT_THAT(answers, ElementsAre("unauthorized"));
  EXPECT_EQ(events, 0);
}

TEST_F(ASession, TakesASubscriptionBackThatWasNotAnsweredInTime) {
  logs_in();
  std::vector<std::string> answers;
  int events = 0;
  session.subscribe(
      {{"type", "subscribe_entities"}}, now, [&](const Json&) { ++events; }, into(answers));
  ASSERT_EQ(sent.size(), 1u);
  const Json id = sent[0]["id"];
  session.ask({{"type", "auth/current_user"}}, now, into(answers));
  passes(5s);
  EXPECT_THAT(answers, ElementsAre("timeout", "timeout"));
  ASSERT_EQ(sent.size(), 3u) << "or a slow one would serve it, and the next, and the next";
  EXPECT_EQ(sent[2]["type"], "unsubscribe_events");
  EXPECT_EQ(sent[2]["subscription"], id);
  hears({{"id", id}, {"type", "result"}, {"success", true}});
  hears({{"id", id}, {"type", "event"}, {"event", {}}});
  EXPECT_EQ(events, 0);
  passes(6s);
  EXPECT_EQ(sent.size(), 3u) << "once, and no answer is waited for";
}

TEST_F(ASession, PingsWhoIsSilentAndGivesUpWhoStaysSo) {
  logs_in();
  passes(29s);
  EXPECT_THAT(sent, IsEmpty());
  passes(1s);
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0]["type"], "ping");
  hears({{"id", sent[0]["id"]}, {"type", "pong"}});
  passes(30s);
  EXPECT_EQ(sent.size(), 2u);
  EXPECT_THAT(gave_up, IsEmpty());
  passes(5s);
  EXPECT_THAT(gave_up, ElementsAre(HasSubstr("did not answer")));
}

TEST_F(ASession, AnswersWhoWaitsWhenTheConnectionEnds) {
  logs_in();
  std::vector<std::string> got;
  int events = 0;
  session.ask({{"type", "get_config"}}, now, [&](const HaSession::Answer& a) {
    got.push_back(a.code);
    session.ask({{"type", "get_config"}}, now, into(got));  // whoever asks again at once is answered at once
  });
  session.subscribe(
      {{"type", "subscribe_events"}}, now, [&](const Json&) { ++events; }, into(got));
  session.closed();
  EXPECT_THAT(got, ElementsAre("gone", "gone", "gone"));
  session.opened(kToken, now);
  hears({{"type", "auth_required"}});
  hears({{"type", "auth_ok"}});
  EXPECT_EQ(sent.back()["id"], 1) << "ids begin anew";
  hears({{"id", 3}, {"type", "event"}, {"event", Json::object()}});
  EXPECT_EQ(events, 0) << "and the old subscriptions are none";
}

TEST_F(ASession, IsBoundedInAllThatWaits) {
  logs_in();
  std::vector<std::string> got;
  for (std::size_t i = 0; i < HaSession::kMaxWaiting + 5; ++i) session.ask({{"type", "x"}}, now, into(got));
  EXPECT_EQ(sent.size(), HaSession::kMaxWaiting);
  EXPECT_THAT(got, ElementsAre("gone", "gone", "gone", "gone", "gone"));
}

TEST_F(ASession, SaysWhenItsLineIsFull) {
  logs_in();
  line_is_free = false;
  std::vector<std::string> got;
  session.ask({{"type", "x"}}, now, into(got));
  EXPECT_THAT(got, ElementsAre("gone"));
}

TEST_F(ASession, GivesUpWhatIsNoProtocol) {
  for (const std::string& frame : {std::string("nonsense"), std::string("[[]]"), std::string("5"), std::string("{}"),
                                   std::string("{\"type\":5}"), std::string(200, '['), std::string("\"\xff\"")}) {
    gave_up.clear();
    logs_in();
    session.heard(frame, now);
    EXPECT_EQ(gave_up.size(), 1u) << frame;
    session.heard(frame, now);
    EXPECT_EQ(gave_up.size(), 1u) << "said once";
  }
  gave_up.clear();
  logs_in();
  hears({{"type", "something_new"}});
  hears({{"id", -1}, {"type", "result"}});
  hears({{"id", 99}, {"type", "result"}, {"success", true}});
  hears({{"id", 1}, {"type", "news_of_next_year"}});
  EXPECT_THAT(gave_up, IsEmpty()) << "what a newer one says besides is its own affair";
}

TEST_F(ASession, RepeatsNoWordOfWhoWasToldTheTokenForItMightBeTheToken) {
  for (const std::string& frame : {Json{{"type", kToken}}.dump(), kToken, "{\"" + kToken, "[\"" + kToken + "\"]"}) {
    session.opened(kToken, now);
    hears({{"type", "auth_required"}});
    session.heard(frame, now);
    logs_in();
    session.heard(frame, now);
  }
  EXPECT_GE(gave_up.size(), 7u);
  for (const std::string& why : gave_up) EXPECT_THAT(why, testing::Not(HasSubstr("token-that")));
}

}  // namespace
}  // namespace lull
