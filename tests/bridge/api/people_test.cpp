// Roles, users, sessions, and how often somebody may try.
#include "bridge/api/people.hpp"

#include <gtest/gtest.h>

namespace lull {
namespace {

constexpr Instant kNow{1h};

TEST(ARole, LetsAPartnerSeeAndStopAndNothingElse) {
  EXPECT_TRUE(may(Role::partner, Right::see));
  EXPECT_FALSE(may(Role::partner, Right::read_diary));
  EXPECT_FALSE(may(Role::partner, Right::change));
  for (const Command& stops : {Command{ask::StopAll{}}, Command{ask::StopMassage{}}, Command{ask::StopPlay{}},
                               Command{ask::SetDevice{DeviceId{0}, 0_pct, "", {}}}})
    EXPECT_TRUE(may_wish(Role::partner, stops));
  for (const Command& more : {Command{ask::Release{}}, Command{ask::Replay{}}, Command{ask::Play{"wind-down"}},
                              Command{ask::SetDevice{DeviceId{0}, 1_pct, "", {}}},
                              Command{ask::SetDevice{DeviceId{0}, {}, "", {}}}, Command{ask::NotTonight{}}})
    EXPECT_FALSE(may_wish(Role::partner, more));
}

TEST(ARole, GivesNobodyNothing) {
  for (const Right right : {Right::see, Right::act, Right::read_diary, Right::change})
    EXPECT_FALSE(may(Role::nobody, right));
  EXPECT_FALSE(may_wish(Role::nobody, ask::StopAll{}));
  EXPECT_TRUE(may(Role::sleeper, Right::read_diary) && may(Role::carer, Right::read_diary));
  EXPECT_FALSE(may(Role::sleeper, Right::change));
  EXPECT_TRUE(may(Role::admin, Right::change));
}

TEST(TheFileOfUsers, IsReadLineByLineAndItsMistakesAreNamed) {
  const auto users = users_from("# ours\nana admin $argon2id$v=19$x\n\nben\tpartner -\r\n");
  ASSERT_TRUE(users) << users.error().what;
  ASSERT_EQ(users->size(), 2u);
  EXPECT_EQ((*users)[0].name, "ana");
  EXPECT_EQ((*users)[1].role, Role::partner);
  EXPECT_EQ((*users)[1].hash, "-");
  for (const char* wrong : {"ana", "ana king -", "ana admin secret", "ana nobody -", "ana admin -\nana partner -"}) {
    const auto none = users_from(wrong);
    ASSERT_FALSE(none) << wrong;
    EXPECT_EQ(none.error().where.substr(0, 5), "line ");
  }
}

TEST(APassword, IsKnownByItsHashOnly) {
  const auto hash = password_hash("correct horse");
  ASSERT_TRUE(hash) << hash.error().what;
  EXPECT_TRUE(hash->starts_with("$argon2id$v=19$m=19456,t=2,p=1$")) << *hash;
  EXPECT_TRUE(password_fits(*hash, "correct horse"));
  EXPECT_FALSE(password_fits(*hash, "correct horsf"));
  EXPECT_FALSE(password_fits("", "correct horse"));
  EXPECT_FALSE(password_fits("-", "-"));
  EXPECT_NE(*password_hash("correct horse"), *hash) << "salted";
  EXPECT_FALSE(password_hash("short"));
}

TEST(ALogin, IsKnownByItsTokenUntilItEnds) {
  Sessions sessions;
  const std::string token = sessions.begin({"ana", Role::admin, ""}, kNow);
  EXPECT_EQ(token.size(), Sessions::kToken);
  ASSERT_TRUE(sessions.find(token, kNow));
  EXPECT_EQ(sessions.find(token, kNow)->user, "ana");
  EXPECT_FALSE(sessions.find("", kNow) || sessions.find(token + "x", kNow) ||
               sessions.find(std::string(43, 'A'), kNow));
  sessions.end(token);
  EXPECT_FALSE(sessions.find(token, kNow)) << "a cookie that is played again opens nothing";
}

TEST(ALogin, EndsUnusedAndWithAllOfItsUser) {
  Sessions sessions;
  const std::string one = sessions.begin({"ana", Role::admin, ""}, kNow),
                    two = sessions.begin({"ana", Role::admin, ""}, kNow),
                    bens = sessions.begin({"ben", Role::partner, ""}, kNow);
  EXPECT_EQ(sessions.end_all("ana"), 2u);
  EXPECT_FALSE(sessions.find(one, kNow) || sessions.find(two, kNow));
  EXPECT_TRUE(sessions.find(bens, kNow + Sessions::kUnused));
  EXPECT_FALSE(sessions.find(bens, kNow + Sessions::kUnused + Sessions::kUnused + 1s));
}

TEST(ALogin, OfWhomNobodyUsedForLongestGoesWhenThereAreTooMany) {
  Sessions sessions;
  const std::string first = sessions.begin({"ana", Role::admin, ""}, kNow);
  const std::string second = sessions.begin({"ana", Role::admin, ""}, kNow + 1s);
  sessions.find(first, kNow + 2s);
  for (std::size_t i = 2; i <= Sessions::kMost; ++i) sessions.begin({"ben", Role::partner, ""}, kNow + 3s);
  EXPECT_TRUE(sessions.find(first, kNow + 4s));
  EXPECT_FALSE(sessions.find(second, kNow + 4s));
}

TEST(WhoTriesPasswords, IsMadeToWaitEverLonger) {
  Attempts attempts;
  for (int i = 0; i < Attempts::kFree; ++i) {
    EXPECT_EQ(attempts.wait("from 192.0.2.7", kNow), 0ms) << i;
    attempts.failed("from 192.0.2.7", kNow);
  }
  EXPECT_EQ(attempts.wait("from 192.0.2.7", kNow), 1s);
  EXPECT_EQ(attempts.wait("from 192.0.2.7", kNow + 1s), 0ms);
  EXPECT_EQ(attempts.wait("from 192.0.2.8", kNow), 0ms) << "others need not";
  for (int i = 0; i < 40; ++i) attempts.failed("from 192.0.2.7", kNow);
  EXPECT_EQ(attempts.wait("from 192.0.2.7", kNow), Attempts::kLongest);
  attempts.succeeded("from 192.0.2.7");
  EXPECT_EQ(attempts.wait("from 192.0.2.7", kNow), 0ms);
}

TEST(WhoTriesPasswords, KeepsNobodyFromTheirStopByTryingTheirName) {
  Attempts attempts;
  for (int i = 0; i < 100; ++i) attempts.failed("user ana", kNow);
  EXPECT_EQ(attempts.wait("user ana", kNow, Attempts::kLongestOfName), 30s);
  EXPECT_EQ(attempts.wait("user ana", kNow + 30s, Attempts::kLongestOfName), 0ms);
}

TEST(WhoTriesPasswords, IsNotForgottenForManyOtherNames) {
  Attempts attempts;
  for (int i = 0; i < 10; ++i) attempts.failed("from 192.0.2.7", kNow + 1s);
  for (std::size_t i = 0; i < Attempts::kMost; ++i) attempts.failed("user " + std::to_string(i), kNow);
  EXPECT_GT(attempts.wait("from 192.0.2.7", kNow + 1s), 0ms);
}

}  // namespace
}  // namespace lull
