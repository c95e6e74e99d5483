// ntfy in the household's file: where it is, whose topics, how loud.
#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/config/files.hpp"

namespace lull {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using Urgency = Notify::Urgency;

Loaded load(const std::string& ntfy, std::optional<std::string_view> secrets = std::nullopt) {
  return load_text(
      "home: {time_zone: UTC}\nsleepers: [{name: Ana}, {name: Ben}]\n"
      "devices: [{name: L, is: light, speaks: zigbee2mqtt, at: L}]\nntfy: " +
          ntfy + "\n",
      "f", secrets);
}
std::string problems(const std::string& ntfy) { return all_of(load(ntfy).problems); }

TEST(Ntfy, IsAServerAndATopicForEach) {
  const Loaded loaded = load(
      "{url: \"https://ntfy.sh\", topics: {Ana: lull-ana-q7Xw2mLp94, everybody: {topic: lull-home-88zK1pQe, about: "
      "[restless]}}, priorities: {summary: min, fault: max}}");
  ASSERT_TRUE(loaded.settings) << all_of(loaded.problems);
  EXPECT_THAT(loaded.hints, IsEmpty()) << all_of(loaded.hints);
  const NtfySettings& n = loaded.settings->ntfy;
  EXPECT_EQ(n.host, "ntfy.sh");
  EXPECT_EQ(n.port, 443);
  EXPECT_TRUE(n.tls);
  const std::vector<NtfyTopic> wanted{{SleeperId{0}, "lull-ana-q7Xw2mLp94", {Urgency::summary, Urgency::fault}},
                                      {std::nullopt, "lull-home-88zK1pQe", {Urgency::restless}}};
  EXPECT_EQ(n.topics, wanted);
  EXPECT_EQ(n.priorities, (std::array<int, 5>{1, 2, 2, 5, 5}));
  EXPECT_TRUE(load_text("home: {time_zone: UTC}\ndevices: [{name: L, is: light, speaks: zigbee2mqtt, at: L}]\n", "f")
                  .settings->ntfy.host.empty())
      << "left out, it is not used";
}

TEST(Ntfy, IsRefusedWithWhatWouldBeRight) {
  EXPECT_THAT(problems("{url: \"http://ntfy.home\", topics: {Ana: lull-ana-q7Xw2mLp94}}"), HasSubstr("https://"));
  EXPECT_THAT(problems("{url: \"http://127.evil.example\", topics: {Ana: lull-ana-q7Xw2mLp94}}"),
              HasSubstr("https://"));
  EXPECT_THAT(problems("{url: \"http://127.0.0.1:2586\", topics: {Ana: lull-ana-q7Xw2mLp94}}"), IsEmpty());
  EXPECT_THAT(problems("{url: \"http://localhost\", ca: /ca.pem, topics: {Ana: lull-ana-q7Xw2mLp94}}"),
              HasSubstr("write https://"));
  EXPECT_THAT(problems("{url: \"https://u:secret@ntfy.sh\", topics: {Ana: t}}"), HasSubstr("https://ntfy.sh"));
  EXPECT_THAT(problems("{topics: {Ana: t}}"), HasSubstr("/ntfy/url"));
  EXPECT_THAT(problems("{url: \"https://ntfy.sh\"}"), HasSubstr("/ntfy/topics"));
  EXPECT_THAT(problems("{url: \"https://ntfy.sh\", topics: {Ana: \"a/b?x\"}}"), HasSubstr("letters, digits"));
  EXPECT_THAT(problems("{url: \"https://ntfy.sh\", topics: {Anna: lull-ana-q7Xw2mLp94}}"),
              HasSubstr("did you mean \"Ana\"?"));
  EXPECT_THAT(problems("{url: \"https://ntfy.sh\", topics: {Ana: {topic: x, about: [alarm]}}}"), HasSubstr("summary"));
  EXPECT_THAT(problems("{url: \"https://ntfy.sh\", topics: {Ana: x}, priorities: {alarm: low}}"), HasSubstr("alarm"));
}

TEST(ATopic, ThatCanBeGuessedIsAHint) {
  EXPECT_THAT(all_of(load("{url: \"https://ntfy.sh\", topics: {Ana: lull}}").hints), HasSubstr("whoever guesses it"));
  EXPECT_THAT(all_of(load("{url: \"https://ntfy.sh\", topics: {Ana: lull}}").hints),
              AllOf(HasSubstr("without a login"), HasSubstr("`token_file` or LULL_NTFY_TOKEN")))
      << "the token may be in the environment, where nobody looks here";
  EXPECT_THAT(load("{url: \"https://ntfy.home\", token_file: t, topics: {Ana: lull}}").hints, IsEmpty())
      << "a login protects it";
}

TEST(ATopic, MayBeASecretThatTheJournalDoesNotKnow) {
  const Loaded loaded =
      load("{url: \"https://ntfy.sh\", topics: {Ana: !secret topic}}", "topic: lull-ana-q7Xw2mLp94\n");
  ASSERT_TRUE(loaded.settings) << all_of(loaded.problems);
  EXPECT_EQ(loaded.settings->ntfy.topics[0].name, "lull-ana-q7Xw2mLp94");
  EXPECT_THAT(loaded.settings->text, Not(HasSubstr("q7Xw2mLp94")));
  EXPECT_TRUE(load_journaled(loaded.settings->text, "journal").settings) << "and an old night replays without it";
}

TEST(ATokenOfNtfys, LiesInAFileBesideAndItsTroubleIsAHint) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / ("lull-ntfy-" + std::to_string(::getpid()));
  fs::create_directories(folder);
  std::ofstream(folder / "lull.yaml")
      << "home: {time_zone: UTC}\nsleepers: [{name: Ana}]\ndevices: [{name: L, is: light, speaks: zigbee2mqtt, at: "
         "L}]\n"
         "ntfy: {url: \"https://ntfy.home\", token_file: token, ca: ca.pem, topics: {Ana: lull}}\n";
  std::ofstream(folder / "token") << "tk_secret\n";
  fs::permissions(folder / "token", fs::perms(0644));
  Loaded loaded = load_file((folder / "lull.yaml").string());
  ASSERT_TRUE(loaded.settings) << all_of(loaded.problems);
  EXPECT_THAT(all_of(loaded.hints), HasSubstr("chmod 600"));
  EXPECT_EQ(loaded.settings->ntfy.token_file, (folder / "token").string());
  EXPECT_EQ(loaded.settings->ntfy.ca_file, (folder / "ca.pem").string());
  fs::remove_all(folder);
}

}  // namespace
}  // namespace lull
