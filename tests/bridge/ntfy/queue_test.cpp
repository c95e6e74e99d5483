// What is told by ntfy, to whom, how loud; and how often it is tried.
#include "bridge/ntfy/queue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "tests/bridge/home_assistant/sample.hpp"

namespace lull {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Urgency = Notify::Urgency;

constexpr SleeperId kAna{0}, kBen{1};

struct ByNtfy : testing::Test {
  House house = sample::house();
  NtfySettings settings{
      "ntfy.home", 443, true,
      "",          "",  {{kAna, "ana", {Urgency::summary, Urgency::fault, Urgency::restless}}, {kBen, "ben"}}};
  std::optional<NtfyQueue> made{};
  Instant now{1h};
  std::shared_ptr<const std::string> picture = std::make_shared<const std::string>("\x89PNG");

  NtfyQueue& queue() { return made ? *made : made.emplace(house, settings); }
  ByNtfy& tells(Urgency urgency, std::optional<SleeperId> to, const std::string& text) {
    queue().tell({urgency, to, text}, picture, now);
    return *this;
  }
  std::vector<NtfyRequest> due() { return queue().due(now); }
  std::vector<std::string> topics(const std::vector<NtfyRequest>& all) {
    std::vector<std::string> names;
    for (const NtfyRequest& r : all) names.push_back(r.topic);
    return names;
  }
  std::map<std::string, std::string> headers(const NtfyRequest& r) { return {r.headers.begin(), r.headers.end()}; }
  std::string answers(std::uint64_t letter, int status, bool untried = false) {
    return queue().answered(letter, {status, "nobody answers", untried}, now, 1);
  }
  /// What leaves now, each answered with `status`.
  std::size_t tries(int status) {
    const auto all = due();
    for (const NtfyRequest& r : all) answers(r.letter, status);
    return all.size();
  }
};

TEST_F(ByNtfy, TheMorningGoesToEachAsAPictureWithWords) {
  const auto all = tells(Urgency::summary, std::nullopt, "Zwölf Minuten.\nRuhig.").due();
  ASSERT_THAT(topics(all), ElementsAre("ana", "ben"));
  EXPECT_EQ(*all[0].body, "\x89PNG");
  const auto of = headers(all[0]);
  EXPECT_EQ(of.at("Filename"), "night.png");
  EXPECT_EQ(of.at("Title"), "Last night");
  EXPECT_EQ(of.at("Message"), "=?UTF-8?B?WnfDtmxmIE1pbnV0ZW4uClJ1aGlnLg==?=") << "a header is one line of ASCII";
  EXPECT_EQ(of.at("Priority"), "3");
}

TEST_F(ByNtfy, AServerThatKeepsNoFilesGetsTheWordsAlone) {
  const auto first = tells(Urgency::summary, kBen, "Calm.").due();
  ASSERT_EQ(first.size(), 1u);
  EXPECT_THAT(answers(first[0].letter, 400), HasSubstr("told without it"));
  const auto again = due();
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(*again[0].body, "Calm.");
  EXPECT_EQ(headers(again[0]).count("Filename"), 0u);
}

TEST_F(ByNtfy, EachHearsWhatTheyChoseAndEveryAlarm) {
  EXPECT_THAT(topics(tells(Urgency::restless, kAna, "Restless legs.").due()), ElementsAre("ana"));
  EXPECT_THAT(tells(Urgency::notice, kAna, "wind-down begins").due(), IsEmpty());
  const auto alarm = tells(Urgency::alarm, kBen, "The foot warmer does not show that it is off.").due();
  ASSERT_THAT(topics(alarm), ElementsAre("ben"));
  EXPECT_EQ(headers(alarm[0]).at("Priority"), "5");
  EXPECT_TRUE(alarm[0].insists);
}

TEST_F(ByNtfy, AnAlarmForSomebodyWithoutAPhoneIsForEverybody) {
  settings.topics.pop_back();
  EXPECT_THAT(topics(tells(Urgency::alarm, kBen, "Hot.").due()), ElementsAre("ana"));
  EXPECT_THAT(tells(Urgency::fault, kBen, "The broker is gone.").due(), IsEmpty());
}

TEST_F(ByNtfy, ATopicOfTwoRingsOnce) {
  settings.topics[1].name = "ana";
  EXPECT_THAT(topics(tells(Urgency::alarm, std::nullopt, "Hot.").due()), ElementsAre("ana"));
}

TEST_F(ByNtfy, PrioritiesAreTheHouseholdsButForAlarms) {
  settings.priorities = {1, 1, 1, 1, 1};
  EXPECT_EQ(headers(tells(Urgency::fault, kAna, "Look.").due()[0]).at("Priority"), "1");
  EXPECT_EQ(headers(tells(Urgency::alarm, kAna, "Hot.").due()[0]).at("Priority"), "5");
}

TEST_F(ByNtfy, WhatDoesNotArriveIsTriedAgainLaterAndLaterWhileItIsNews) {
  tells(Urgency::fault, kAna, "Look.");
  std::size_t tried = 0;
  for (const Instant end = now + 2h; now < end; now = now + 1s) tried += tries(0);
  EXPECT_GT(tried, 55u);
  EXPECT_LT(tried, 70u) << "once a minute in the end, for an hour";
  EXPECT_EQ(queue().waiting(), 0u);
}

TEST_F(ByNtfy, WhatCameLateSaysHowLate) {
  tells(Urgency::fault, kAna, "Look.");
  EXPECT_EQ(tries(503), 1u);
  now = now + 10min;
  const auto late = due();
  ASSERT_EQ(late.size(), 1u);
  EXPECT_EQ(*late[0].body, "10 minutes ago: Look.");
}

TEST_F(ByNtfy, AnAlarmWaitsNeitherForThePauseNorBehindOthers) {
  for (int i = 0; i < 5; ++i) tells(Urgency::fault, kAna, "Look " + std::to_string(i) + ".");
  EXPECT_EQ(due().size(), NtfyQueue::kMaxFlying) << "and none of them is answered";
  const auto alarm = tells(Urgency::alarm, kAna, "Hot.").due();
  ASSERT_EQ(alarm.size(), 1u);
  for (int i = 0; i < 20; ++i) answers(alarm[0].letter, 0);
  now = now + NtfyQueue::kAlarmAgain;
  EXPECT_EQ(due().size(), 1u) << "every few seconds";
}

TEST_F(ByNtfy, AnAlarmDoesNotFeedTheLimitThatKeepsItOut) {
  const auto tried_in_an_hour = [&](int status) {
    std::size_t tried = 0;
    for (const Instant end = now + 1h; now < end; now = now + 1s) tried += tries(status);
    return tried;
  };
  tells(Urgency::alarm, kAna, "Hot.");
  const std::size_t tried = tried_in_an_hour(429);
  EXPECT_GT(tried, 55u);
  EXPECT_LT(tried, 70u) << "too many messages for now: more of them are no help";
  tells(Urgency::alarm, kAna, "Still hot.");
  EXPECT_GT(tried_in_an_hour(503), 700u) << "a server in trouble may be back at any moment";
}

TEST_F(ByNtfy, AServerThatSaysWhenIsAskedThen) {
  tells(Urgency::alarm, kAna, "Hot.");
  for (const NtfyRequest& r : due()) queue().answered(r.letter, {429, "", false, 20s}, now, 0);
  tells(Urgency::fault, kAna, "Look.");
  now = now + 19s;
  EXPECT_THAT(due(), IsEmpty());
  now = now + 1s;
  EXPECT_EQ(due().size(), 2u);
}

TEST_F(ByNtfy, ANewAlarmIsWorthOneTrialWhateverTheServerSaid) {
  tells(Urgency::alarm, kAna, "Hot.");
  for (const NtfyRequest& r : due()) queue().answered(r.letter, {429, "", false, 20s}, now, 0);
  EXPECT_EQ(tells(Urgency::alarm, kAna, "Hotter.").tries(429), 1u);
}

TEST_F(ByNtfy, NoServerSaysWhenForTooLong) {
  tells(Urgency::alarm, kAna, "Hot.");
  for (const NtfyRequest& r : due()) queue().answered(r.letter, {429, "", false, 24h}, now, 0);
  now = now + NtfyQueue::kMaxAskedFor - 1s;
  EXPECT_THAT(due(), IsEmpty());
  now = now + 1s;
  EXPECT_EQ(due().size(), 1u);
}

TEST_F(ByNtfy, APictureThatDoesNotGetThroughIsLeftOut) {
  tells(Urgency::summary, kBen, "Calm.");
  const NtfyOutcome stuck{0, "the ntfy server did not answer in time", false, {}, true};
  const auto next = [&] {
    now = now + 1min;
    const auto all = due();
    return all.size() == 1 ? all[0] : NtfyRequest{};
  };
  for (int i = 0; i < 5; ++i) EXPECT_NE(answers(next().letter, 0), "");
  NtfyRequest r = next();
  EXPECT_EQ(headers(r).count("Filename"), 1u) << "nobody was there: the picture is not why";
  EXPECT_THAT(queue().answered(r.letter, stuck, now, 0), HasSubstr("did not answer in time"));
  r = next();
  EXPECT_EQ(headers(r).count("Filename"), 1u) << "once may be chance";
  EXPECT_THAT(queue().answered(r.letter, stuck, now, 0), HasSubstr("told without it"));
  r = next();
  EXPECT_EQ(headers(r).count("Filename"), 0u);
  EXPECT_EQ(*r.body, "8 minutes ago: Calm.");
  EXPECT_EQ(answers(r.letter, 200), "");
  EXPECT_EQ(queue().lost(), 0u);
}

TEST_F(ByNtfy, WhoIsRefusedDoesNotKnockAgainAndAgain) {
  tells(Urgency::fault, kAna, "Look.");
  const auto first = due();
  ASSERT_EQ(first.size(), 1u);
  EXPECT_THAT(answers(first[0].letter, 401), HasSubstr("refused: it does not know the token"));
  EXPECT_THAT(due(), IsEmpty());
  now = now + NtfyQueue::kRefusedAgain;
  const auto again = due();
  ASSERT_EQ(again.size(), 1u) << "to look whether the token is another";
  EXPECT_FALSE(again[0].insists);
  EXPECT_EQ(answers(again[0].letter, 403, true), "") << "said once";
  now = now + NtfyQueue::kRefusedAgain;
  EXPECT_EQ(tries(200), 1u) << "it was another";
  EXPECT_EQ(queue().waiting(), 0u);
}

TEST_F(ByNtfy, WhatTheServerDoesNotUnderstandIsNotSaidTwice) {
  tells(Urgency::fault, kAna, "Look.");
  EXPECT_EQ(tries(302), 1u);
  EXPECT_EQ(queue().waiting(), 0u);
  tells(Urgency::alarm, kAna, "Hot.");
  std::size_t tried = 0;
  for (const Instant end = now + 1min; now < end; now = now + 1s) tried += tries(404);
  EXPECT_EQ(tried, 3u) << "but an alarm is worth three trials";
}

TEST_F(ByNtfy, AFloodKeepsTheAlarm) {
  tells(Urgency::alarm, kAna, "Hot.");
  for (int i = 0; i < 200; ++i) tells(Urgency::fault, kAna, "Look " + std::to_string(i));
  EXPECT_EQ(queue().waiting(), NtfyQueue::kMaxLetters);
  EXPECT_EQ(*due()[0].body, "Hot.");
}

TEST(AHeader, HoldsNoLineBreakWhateverTheText) {
  EXPECT_EQ(header_text("Last night, Ana"), "Last night, Ana");
  EXPECT_EQ(header_text("a\r\nAuthorization: x").find_first_of("\r\n"), std::string::npos);
  EXPECT_EQ(header_text("=?UTF-8?B?WA==?=").find("=?UTF-8?B?WA"), std::string::npos);
  EXPECT_EQ(header_text("é"), "=?UTF-8?B?w6k=?=");
}

// ---- what is shown of it ----

TEST_F(ByNtfy, WhatNeverArrivedIsCounted) {
  tells(Urgency::restless, kAna, "Restless legs.");
  EXPECT_EQ(tries(0), 1u);
  now = now + 2min;
  EXPECT_EQ(tries(0), 0u);
  EXPECT_EQ(queue().lost(), 1u) << "it is no news any more";
  tells(Urgency::fault, kAna, "Look.");
  now = now + 5min;
  EXPECT_EQ(tries(404), 1u);
  EXPECT_EQ(queue().lost(), 2u) << "and this one was not taken";
  tells(Urgency::fault, kAna, "Look again.");
  EXPECT_EQ(tries(200), 1u);
  EXPECT_EQ(queue().lost(), 2u);
  EXPECT_EQ(queue().waiting(), 0u);
}

TEST_F(ByNtfy, WhatGivesWayIsCountedToo) {
  for (std::size_t i = 0; i < NtfyQueue::kMaxLetters + 3; ++i) tells(Urgency::fault, kAna, "Look.");
  EXPECT_EQ(queue().lost(), 3u);
  tells(Urgency::restless, kAna, "Restless legs.");
  EXPECT_EQ(queue().lost(), 4u) << "all that waits is more urgent";
}

TEST(TheRoadByNtfy, IsWhatBecameOfTheLastMessage) {
  using State = NtfyStatus::State;
  NtfyStatus is;
  const auto is_told = [&is](NtfyOutcome outcome, const std::string& trouble, seconds at) {
    note(is, outcome, trouble, Utc{at});
    return is.state;
  };
  EXPECT_EQ(is.state, State::not_tried);
  EXPECT_EQ(is_told({0, "nobody answers"}, "cannot be reached: nobody answers", 60s), State::unreachable);
  EXPECT_EQ(is_told({503}, "cannot be reached: the server is in trouble", 61s), State::unreachable);
  EXPECT_EQ(is_told({200}, "", 62s), State::working);
  EXPECT_EQ(is.last_told, Utc{62s});
  EXPECT_EQ(is.last_failed, Utc{61s}) << "what was is kept";
  EXPECT_EQ(is.last_failure, "cannot be reached: the server is in trouble");
  EXPECT_EQ(is_told({403}, "refused: why", 63s), State::refused);
  EXPECT_EQ(is_told({403, "", true}, "", 90s), State::refused);
  EXPECT_EQ(is.last_failed, Utc{63s}) << "nobody was asked";
  EXPECT_EQ(is.last_failure, "refused: why");
  EXPECT_EQ(is_told({404}, "did not take a message", 91s), State::not_taken);
  EXPECT_EQ(is.last_told, Utc{62s});
}

}  // namespace
}  // namespace lull
