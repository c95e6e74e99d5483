// Whom Lull tells what, how loud, and what a tap on it does.
#include "bridge/home_assistant/websocket/phones.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/bridge/home_assistant/sample.hpp"

namespace lull {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Urgency = Notify::Urgency;

constexpr SleeperId kAna{0}, kBen{1};
const std::string kImage = "image.ana_last_night";

struct APhone : testing::Test {
  House house = sample::house();
  int nonces = 0;
  Instant now{1h};
  std::vector<PhonesOf> whose{{kAna, {"mobile_app_pixel"}, {Urgency::summary, Urgency::fault, Urgency::restless}, {}},
                              {kBen, {"notify.mobile_app_iphone"}, {Urgency::summary}, {}}};
  std::optional<Phones> made{};
  HaEntities seen{};
  bool answers = true;

  Phones& phones() {
    if (!made) {
      made.emplace(house, whose, [this] { return "nonce" + std::to_string(++nonces); });
      seen = HaEntities{made->entities()};
      for (std::size_t i = 0; i < made->targets().size(); ++i) made->probed(i, false, "invalid_format", seen);
    }
    return *made;
  }
  /// Every call that leaves now, and Home Assistant takes it.
  std::vector<Json> calls() {
    std::vector<Json> all;
    for (Phones::Call& call : phones().due(now, seen, answers)) {
      all.push_back(call.command);
      phones().answered(call.letter, true, "", "", now, seen);
    }
    return all;
  }
  std::vector<Json> tells(Urgency urgency, std::optional<SleeperId> to, const std::string& text) {
    phones().tell({urgency, to, text}, now, seen);
    return calls();
  }
  std::vector<std::string> actions_of(const Json& call) {
    std::vector<std::string> all;
    for (const Json& a : call["service_data"]["data"].value("actions", Json::array())) all.push_back(a["action"]);
    return all;
  }
  std::optional<Phones::Tap> taps(const std::string& action) { return phones().hear({{"action", action}}, now); }
  std::vector<std::string> services(const std::vector<Json>& all) {
    std::vector<std::string> names;
    for (const Json& one : all) names.push_back(one["service"]);
    return names;
  }
};

TEST_F(APhone, RingsForItsOwnerAndForEverybody) {
  EXPECT_THAT(services(tells(Urgency::summary, std::nullopt, "A calm night.")),
              ElementsAre("mobile_app_pixel", "mobile_app_iphone"));
  EXPECT_THAT(services(tells(Urgency::summary, kBen, "Ben's night.")), ElementsAre("mobile_app_iphone"));
}

TEST_F(APhone, HearsOnlyOfWhatItsOwnerChose) {
  EXPECT_THAT(services(tells(Urgency::fault, std::nullopt, "The broker is gone.")), ElementsAre("mobile_app_pixel"));
  EXPECT_THAT(tells(Urgency::notice, kAna, "wind-down begins"), IsEmpty());
}

TEST_F(APhone, HearsAnAlarmWhateverItsOwnerChose) {
  whose[0].about.clear();
  const auto all = tells(Urgency::alarm, kAna, "The foot warmer does not show that it is off.");
  ASSERT_THAT(services(all), ElementsAre("mobile_app_pixel"));
  const Json& data = all[0]["service_data"]["data"];
  EXPECT_EQ(data["channel"], "alarm_stream");
  EXPECT_EQ(data["ttl"], 0);
  EXPECT_EQ(data["priority"], "high");
  EXPECT_EQ(data["push"]["sound"], (Json{{"name", "default"}, {"critical", 1}, {"volume", 1.0}}));
  EXPECT_EQ(all[0]["service_data"]["message"], "The foot warmer does not show that it is off.");
}

TEST_F(APhone, RingsForAnAlarmOfSomebodyWhoHasNone) {
  whose.pop_back();
  EXPECT_THAT(services(tells(Urgency::alarm, kBen, "too hot")), ElementsAre("mobile_app_pixel"));
  EXPECT_THAT(tells(Urgency::fault, kBen, "a sensor is silent"), IsEmpty()) << "but a fault of his is his affair";
}

TEST_F(APhone, RingsOnceWhenTwoShareIt) {
  whose[1].to = {"mobile_app_pixel"};
  EXPECT_EQ(tells(Urgency::summary, std::nullopt, "A calm night.").size(), 1u);
}

TEST_F(APhone, IsSilentAboutRestlessLegs) {
  const auto all = tells(Urgency::restless, kAna, "Restless legs, estimated.");
  ASSERT_EQ(all.size(), 1u);
  const Json& data = all[0]["service_data"]["data"];
  EXPECT_EQ(data["importance"], "low");
  EXPECT_EQ(data["push"], (Json{{"sound", "none"}, {"interruption-level", "passive"}}));
  EXPECT_THAT(actions_of(all[0]),
              ElementsAre("LULL_PHONE_STOP_nonce1", "LULL_PHONE_SOFTER_nonce1", "LULL_PHONE_NOT_TONIGHT_nonce1"));
}

TEST_F(APhone, OffersNoAnswersThatNobodyWouldHear) {
  answers = false;
  EXPECT_THAT(actions_of(tells(Urgency::restless, kAna, "Restless legs, estimated.")[0]), IsEmpty());
}

TEST_F(APhone, TakesAnAnswerOnceAndThenClearsTheMessage) {
  tells(Urgency::restless, kAna, "Restless legs, estimated.");
  now = now + 9min;
  const auto tap = taps("LULL_PHONE_SOFTER_nonce1");
  ASSERT_TRUE(tap);
  EXPECT_EQ(tap->wishes, std::vector<Command>{ask::Softer{}});
  const auto cleared = calls();
  ASSERT_EQ(cleared.size(), 1u);
  EXPECT_EQ(cleared[0]["service_data"],
            (Json{{"message", "clear_notification"}, {"data", {{"tag", "lull_restless_ana"}}}}));
  for (const char* again : {"LULL_PHONE_SOFTER_nonce1", "LULL_PHONE_STOP_nonce1"}) {
    const auto second = taps(again);
    ASSERT_TRUE(second);
    EXPECT_THAT(second->wishes, IsEmpty()) << again;
    EXPECT_THAT(second->refused, HasSubstr("answered already"));
  }
}

TEST_F(APhone, MeansWhatItsButtonsSay) {
  tells(Urgency::restless, kAna, "one");
  EXPECT_EQ(taps("LULL_PHONE_STOP_nonce1")->wishes, std::vector<Command>{ask::StopMassage{}});
  tells(Urgency::restless, kAna, "two");
  EXPECT_EQ(taps("LULL_PHONE_NOT_TONIGHT_nonce2")->wishes,
            (std::vector<Command>{ask::StopMassage{}, ask::NotTonight{true}}));
  tells(Urgency::alarm, kAna, "three");
  EXPECT_EQ(taps("LULL_PHONE_STOP_ALL_nonce3")->wishes, std::vector<Command>{ask::StopAll{}});
}

TEST_F(APhone, RefusesAnAnswerThatComesTooLateAndSaysSo) {
  tells(Urgency::restless, kAna, "Restless legs, estimated.");
  now = now + 10min;
  phones().tick(now);
  EXPECT_EQ(calls()[0]["service_data"]["message"], "clear_notification") << "nobody shall find it in the morning";
  const auto tap = taps("LULL_PHONE_STOP_nonce1");
  ASSERT_TRUE(tap);
  EXPECT_THAT(tap->wishes, IsEmpty());
  EXPECT_THAT(tap->refused, HasSubstr("too late"));
  const auto said = calls();
  ASSERT_EQ(said.size(), 1u) << "who taps Stop must not believe that it helped";
  EXPECT_THAT(std::string(said[0]["service_data"]["message"]), HasSubstr("nothing was done"));
}

TEST_F(APhone, RefusesAnswersThatWereMadeUp) {
  tells(Urgency::restless, kAna, "Restless legs, estimated.");
  tells(Urgency::alarm, kAna, "too hot");
  for (const char* forged :
       {"LULL_PHONE_", "LULL_PHONE_STOP", "LULL_PHONE_STOP_", "LULL_PHONE_STOP_0", "LULL_PHONE_STOP_nonce",
        "LULL_PHONE_stop_nonce1", "LULL_PHONE_STOP_ALL_nonce1", "LULL_PHONE_RELEASE_nonce1", "LULL_PHONE_STOP_nonce2",
        "LULL_PHONE__nonce1", "LULL_PHONE_nonce1"}) {
    const auto tap = taps(forged);
    ASSERT_TRUE(tap) << forged;
    EXPECT_THAT(tap->wishes, IsEmpty()) << forged;
    EXPECT_FALSE(tap->refused.empty()) << forged;
  }
  EXPECT_TRUE(taps("LULL_PHONE_STOP_nonce1")->refused.empty()) << "and the real one still counts";
}

TEST_F(APhone, LeavesTheAnswersOfOthersAlone) {
  for (const char* others : {"LULL_STOP", "LULL_STOP_01ABC", "OPEN_GARAGE", ""}) EXPECT_FALSE(taps(others)) << others;
  EXPECT_FALSE(phones().hear(Json(5), now));
  EXPECT_FALSE(phones().hear({{"action", 5}}, now));
}

TEST_F(APhone, ForgetsAnOlderQuestionWhenANewerTakesItsPlace) {
  tells(Urgency::restless, kAna, "one");
  tells(Urgency::restless, kAna, "two");
  EXPECT_THAT(taps("LULL_PHONE_STOP_nonce1")->refused, HasSubstr("older"));
  EXPECT_TRUE(taps("LULL_PHONE_STOP_nonce2")->refused.empty());
}

TEST_F(APhone, ShowsTheNightOnceItsPictureHasArrived) {
  phones();
  seen.hear({{"a",
              {{kImage,
                {{"s", "yesterday"}, {"a", {{"entity_picture", "/api/image_proxy/image.ana_last_night?token=1"}}}}}}}});
  phones().tell({Urgency::summary, kAna, "A calm night."}, now, seen);
  EXPECT_THAT(calls(), IsEmpty()) << "it would show the night before";
  now = now + 2s;
  seen.hear(
      {{"c",
        {{kImage,
          {{"+", {{"s", "today"}, {"a", {{"entity_picture", "/api/image_proxy/image.ana_last_night?token=2"}}}}}}}}}});
  const auto all = calls();
  ASSERT_EQ(all.size(), 1u);
  const Json& data = all[0]["service_data"]["data"];
  EXPECT_EQ(data["image"], "/api/image_proxy/image.ana_last_night?token=2");
  EXPECT_EQ(data["attachment"], (Json{{"url", data["image"]}, {"content-type", "png"}}));
  EXPECT_EQ(all[0]["service_data"]["title"], "Last night, Ana");
}

TEST_F(APhone, DoesNotWaitForAPictureForEver) {
  phones();
  seen.hear({{"a", {{kImage, {{"s", "yesterday"}, {"a", Json::object()}}}}}});
  phones().tell({Urgency::summary, kAna, "A calm night."}, now, seen);
  now = now + Phones::kPictureWithin;
  EXPECT_EQ(calls().size(), 1u);
}

TEST_F(APhone, IsToldInWordsAloneWhereOnlyItsEntityIsThere) {
  phones();
  seen.hear({{"a", {{"notify.pixel", {{"s", "unknown"}, {"a", Json::object()}}}}}});
  EXPECT_EQ(phones().probed(0, false, "not_found", seen), "");
  const auto all = tells(Urgency::restless, kAna, "Restless legs, estimated.");
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0]["service"], "send_message");
  EXPECT_EQ(all[0]["target"], (Json{{"entity_id", {"notify.pixel"}}}));
  EXPECT_EQ(all[0]["service_data"], (Json{{"message", "Restless legs, estimated."}, {"title", "Ana"}}));
}

TEST_F(APhone, ThatIsNotThereIsNamedOnceWithWhatWouldBeRight) {
  const std::string said = phones().probed(0, false, "not_found", seen);
  EXPECT_THAT(said, HasSubstr("notify.mobile_app_pixel"));
  EXPECT_THAT(said, HasSubstr("notify.pixel"));
  EXPECT_EQ(phones().probed(0, false, "not_found", seen), "") << "once";
  EXPECT_THAT(tells(Urgency::alarm, kAna, "too hot"), IsEmpty());
  phones().probed(0, false, "invalid_format", seen);
  EXPECT_EQ(calls().size(), 1u) << "and is told as soon as it turns up";
  EXPECT_NE(phones().probed(0, false, "not_found", seen), "") << "gone again is news again";
}

TEST_F(APhone, FallsBackWhenItsServiceVanished) {
  phones();
  seen.hear({{"a", {{"notify.pixel", {{"s", "unknown"}, {"a", Json::object()}}}}}});
  phones().tell({Urgency::fault, kAna, "The broker is gone."}, now, seen);
  const auto first = phones().due(now, seen, answers);
  ASSERT_EQ(first.size(), 1u);
  phones().answered(first[0].letter, false, "not_found", "Service not found.", now, seen);
  const auto second = phones().due(now, seen, answers);
  ASSERT_EQ(second.size(), 1u);
  EXPECT_EQ(second[0].command["service"], "send_message");
}

TEST_F(APhone, IsToldLaterWhatIsStillWorthIt) {
  phones().tell({Urgency::alarm, kAna, "too hot"}, now, seen);
  phones().tell({Urgency::restless, kAna, "Restless legs, estimated."}, now, seen);
  now = now + 20min;  // no connection, so nobody asked what is due
  phones().tick(now);
  const auto all = calls();
  ASSERT_FALSE(all.empty());
  EXPECT_EQ(all[0]["service_data"]["message"], "20 minutes ago: too hot");
  for (const Json& one : all) EXPECT_NE(one["service_data"]["message"], "Restless legs, estimated.");
  now = now + 2h;
  phones().tick(now);
  EXPECT_THAT(calls(), IsEmpty());
}

TEST_F(APhone, IsToldAnAlarmAgainWhenNobodyKnowsWhetherItCame) {
  phones().tell({Urgency::alarm, kAna, "too hot"}, now, seen);
  int times = 0;
  for (; times < 10; ++times) {
    const auto due = phones().due(now, seen, answers);
    if (due.empty()) break;
    phones().answered(due[0].letter, false, "timeout", "no answer in time", now, seen);
  }
  EXPECT_EQ(times, 3);
}

TEST_F(APhone, WaitsForTheNextConnectionWithoutCountingTheLost) {
  phones().tell({Urgency::alarm, kAna, "too hot"}, now, seen);
  for (int lost = 0; lost < 20; ++lost) {
    const auto due = phones().due(now, seen, answers);
    ASSERT_EQ(due.size(), 1u) << lost;
    phones().answered(due[0].letter, false, "gone", "the connection ended", now, seen);
  }
}

TEST_F(APhone, KeepsAnAlarmWhenTooMuchWaits) {
  phones().tell({Urgency::alarm, kAna, "too hot"}, now, seen);
  for (int i = 0; i < 100; ++i) phones().tell({Urgency::fault, kAna, "fault " + std::to_string(i)}, now, seen);
  const auto all = calls();
  EXPECT_EQ(all.size(), Phones::kMaxLetters);
  EXPECT_EQ(all[0]["service_data"]["message"], "too hot");
}

TEST_F(APhone, IsAskedForWithoutTellingAnybodyAnything) {
  const Json probe = Phones::probe(phones().targets()[0]);
  EXPECT_EQ(probe["service"], "mobile_app_pixel");
  EXPECT_EQ(probe["service_data"], Json::object()) << "a call without a message is refused, and nobody hears of it";
}

TEST_F(APhone, WithoutTheAppIsToldWordsAlone) {
  whose[0].to = {"telegram_ana"};
  EXPECT_EQ(tells(Urgency::restless, kAna, "Restless legs, estimated.")[0]["service_data"],
            (Json{{"message", "Restless legs, estimated."}, {"title", "Ana"}}));
}

}  // namespace
}  // namespace lull
