// Files that are no configuration at all: broken, huge, endless, in the wrong encoding.
#include "config/yaml.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/config/files.hpp"

namespace lull {
namespace {

using testing::HasSubstr;

std::string told(const std::string& text) {
  const Loaded loaded = load_text(text, "f");
  EXPECT_FALSE(loaded.settings);
  return all_of(loaded.problems);
}

TEST(AFile, WithWindowsLineEndsAndAByteOrderMarkLoads) {
  std::string text;
  for (const char c : project_file("config/examples/bedroom.yaml"))
    text += c == '\n' ? std::string("\r\n") : std::string(1, c);
  const Loaded loaded = load_text("\xef\xbb\xbf" + text, "f");
  EXPECT_TRUE(loaded.settings) << all_of(loaded.problems);
}

TEST(AProblem, IsAtTheColumnThatAnEditorShows) {
  EXPECT_THAT(told("home: {name: \"Bärbel & Jürgen\", time_zone: Nowhere/Land}\ndevices: []\n"),
              HasSubstr("f:1:44: /home/time_zone is \"Nowhere/Land\""));
}

TEST(AFile, ThatIsBrokenSaysWhere) {
  EXPECT_THAT(told("home: {time_zone: UTC\ndevices: []\n"), HasSubstr("f:"));
  EXPECT_THAT(told("home:\n\ttime_zone: UTC\n"), HasSubstr("f:2:"));
  EXPECT_THAT(told("home:\n\ttime_zone: UTC\n"), HasSubstr("tab; YAML wants spaces"));
  EXPECT_THAT(told("a: b: c\n"), HasSubstr("has a colon where no key can be"));
  EXPECT_THAT(told(""), HasSubstr("is empty"));
  EXPECT_THAT(told("# nothing\n"), HasSubstr("is empty"));
  EXPECT_THAT(told("- a\n- b\n"), HasSubstr("is a list, must be"));
  EXPECT_THAT(told("hello"), HasSubstr("must be"));
  EXPECT_THAT(told("home: {time_zone: UTC}\n---\nhome: {}\n"), HasSubstr("a second document"));
  EXPECT_THAT(told("home: !include home.yaml\n"), HasSubstr("has the tag \"!include\""));
  EXPECT_THAT(told("[a, b]: c\n"), HasSubstr("cannot be a key"));
  EXPECT_THAT(told("a: *nobody\n"), HasSubstr("cannot be read"));
  EXPECT_THAT(told("a: &a [*a]\n"), HasSubstr("f:1:"));
}

TEST(AFile, InTheWrongEncodingSaysSo) {
  EXPECT_THAT(told("home: {name: \"B\xe4rbel\"}\n"), HasSubstr("f:1:16: the file is not UTF-8 here"));
  EXPECT_THAT(told(std::string("\xff\xfeh\0o\0m\0e\0", 10)), HasSubstr("is not UTF-8"));
  EXPECT_THAT(told("home: {name: \"\xed\xa0\x80\"}\n"), HasSubstr("is not UTF-8")) << "a surrogate";
  EXPECT_THAT(told("home: {name: \"\xc0\xaf\"}\n"), HasSubstr("is not UTF-8")) << "an overlong slash";
  EXPECT_THAT(told(std::string("home: \0", 7)), HasSubstr("control character"));
  EXPECT_THAT(told("home: {name: \"a\x1b[2Jb\"}\n"), HasSubstr("control character"));
}

TEST(AFile, ThatIsHugeIsNotRead) {
  EXPECT_THAT(told(std::string(config::kMaxFile + 1, 'a')), HasSubstr("must have at most 1 MiB"));
  EXPECT_THAT(told(std::string(config::kMaxFile, 'a')), HasSubstr("must be"));
}

TEST(AFile, ThatLaughsABillionTimesIsStopped) {
  std::string text = "a: &a [x,x,x,x,x,x,x,x,x,x]\n";
  for (char c = 'b'; c < 'l'; ++c) {
    text += std::string(1, c) + ": &" + c + " [";
    for (int i = 0; i < 10; ++i) text += std::string(i ? ",*" : "*") + static_cast<char>(c - 1);
    text += "]\n";
  }
  EXPECT_THAT(told(text), HasSubstr("makes more than 20000 values"));
  std::string many = "devices:\n";
  for (int i = 0; i < 30'000; ++i) many += "- x\n";
  EXPECT_THAT(told(many), HasSubstr("makes more than 20000 values"));
}

TEST(AFile, ThatNestsWithoutEndIsStopped) {
  EXPECT_THAT(told(std::string(100'000, '[')), HasSubstr("nested deeper than 24"));
  std::string maps;
  for (int i = 0; i < 2'000; ++i) maps += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
  EXPECT_FALSE(load_text(maps.substr(0, config::kMaxFile), "f").settings);
  std::string conditions = "{in_bed: Ana}";
  for (int i = 0; i < 6; ++i) conditions = "{all: [" + conditions + "]}";
  EXPECT_THAT(told(bedroom_with("{in_bed: Ana}]", conditions + "]")), HasSubstr("is nested deeper than 4 levels"));
}

TEST(AFile, WithAThousandProblemsNamesTheFirstTwoHundred) {
  std::string text = "home: {time_zone: UTC}\ndevices: []\nrules:\n";
  for (int i = 0; i < 1000; ++i) text += "- {nme: x}\n";
  const Loaded loaded = load_text(text, "f");
  EXPECT_EQ(loaded.problems.size(), config::kMaxProblems + 1);
  EXPECT_THAT(to_text(loaded.problems.back()), HasSubstr("more problems than these 200"));
}

TEST(AnAlias, StandsForWhatItNames) {
  const Loaded loaded = load_text(bedroom_with("[{in_bed: Ana}], play", "&bed [{in_bed: Ana}], play"), "f");
  EXPECT_TRUE(loaded.settings) << all_of(loaded.problems);
  std::string text = bedroom_with("[{in_bed: Ana}], play", "&bed [{in_bed: Ana}], play");
  text += "  - {name: Again, when: {said: again}, if: *bed, play: wind-down}\n";
  const Loaded again = load_text(text, "f");
  ASSERT_TRUE(again.settings) << all_of(again.problems);
  EXPECT_EQ(again.settings->house.rules[2].only_if, again.settings->house.rules[0].only_if);
}

}  // namespace
}  // namespace lull
