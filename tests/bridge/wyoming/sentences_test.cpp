// What people say, in two languages, meets the sentences that are packed into the program: the corpus of
// tests/e2e/voice, which the real Home Assistant is asked, too.
#include "bridge/wyoming/sentences.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <vector>

#include "bridge/wyoming/plain.hpp"
#include "tests/source.hpp"

namespace lull {
namespace {

struct Corpus {
  std::map<std::string, std::vector<std::string>> must;  // by its wish, "longer 5"
  std::vector<std::string> must_not_start;
};
/// The few forms of YAML that it has: a wish, and what must cause it; then what must start nothing.
Corpus corpus(const std::string& language) {
  std::ifstream in(in_source("tests/e2e/voice/" + language + ".yaml"));
  Corpus made;
  std::string wish;
  for (std::string line; std::getline(in, line);) {
    const auto quoted = [&](std::size_t from) { return nlohmann::json::parse(line.substr(from)).get<std::string>(); };
    if (line.starts_with("    - \""))
      made.must[wish].push_back(quoted(6));
    else if (line.starts_with("  - \""))
      made.must_not_start.push_back(quoted(4));
    else if (line.starts_with("  ") && line.ends_with(':'))
      wish = line[2] == '"' ? line.substr(3, line.size() - 5) : line.substr(2, line.size() - 3);
  }
  return made;
}
std::string heard(std::string_view text, std::string_view language) {
  const auto is = understand(text, language);
  if (!is) return "";
  return std::string(word_for(is->said)) + (is->said == Said::longer ? " " + std::to_string(is->more.count()) : "");
}
bool starts(std::string_view text, std::string_view language) {
  const auto is = understand(text, language);
  return is && !ends_something(is->said) && is->said != Said::never;
}
constexpr const char* kLanguages[] = {"en", "de"};

TEST(WhatPeopleSay, CausesOneWish) {
  for (const char* language : kLanguages) {
    const Corpus all = corpus(language);
    std::size_t count = 0;
    for (const auto& [wish, sentences] : all.must)
      for (const std::string& said : sentences) {
        EXPECT_EQ(heard(said, language), wish) << said;
        EXPECT_EQ(heard(said, ""), wish) << said << ", in a language that nobody names";
        ++count;
      }
    EXPECT_GE(count, 60u) << language;
    EXPECT_EQ(all.must.size(), 15u) << "each wish of the blueprint is said";
  }
}

TEST(WhatPeopleSay, StartsNothingThatWasNotMeant) {
  for (const char* language : kLanguages) {
    const Corpus all = corpus(language);
    EXPECT_GE(all.must_not_start.size(), 60u);
    for (const std::string& said : all.must_not_start)
      for (const char* in : {language, "", "fr"}) EXPECT_FALSE(starts(said, in)) << said << ": " << heard(said, in);
  }
}

TEST(WhatPeopleSay, StopsInEveryLanguageAndStartsInItsOwn) {
  for (const char* language : kLanguages)
    for (const auto& [wish, sentences] : corpus(language).must)
      for (const std::string& said : sentences) {
        const auto own = understand(said, language);
        ASSERT_TRUE(own);
        const bool ends = ends_something(own->said);
        for (const char* other : {"fr", language == kLanguages[0] ? "de-AT" : "en-GB"})
          EXPECT_EQ(understand(said, other), ends ? own : std::nullopt) << said << " in " << other;
        EXPECT_EQ(understand(said, std::string(language) + "-XX"), own);
      }
}

TEST(AStop, IsHeardFirstAndAsAPart) {
  EXPECT_EQ(heard("Start wind down. Stop the massage!", "en"), "stop_massage");
  EXPECT_EQ(heard("Ow! Stop the massage, please.", "en"), "stop_massage");
  EXPECT_EQ(heard("Nein, nein. Das Bett ist zu heiß, hilf mir", "de"), "stop_all");
  EXPECT_EQ(heard("please stop everything", "xx"), "stop_all");
  EXPECT_EQ(heard("don't stop the massage yet", "en"), "longer 10") << "who likes it is no stop";
  EXPECT_EQ(heard("Hör noch nicht auf!", "de"), "longer 10");
}

TEST(AStop, AloneIsOneToo) {
  for (const char* said :
       {"stop", "Stop!", "stop it", "stop, please", "Stop, stop!", "enough", "No. Stop.", "turn it off"})
    EXPECT_EQ(heard(said, "en"), "stop") << said;
  for (const char* said :
       {"stopp", "Halt!", "aufhören", "hör auf", "hör jetzt auf", "Schluss damit", "genug, bitte", "mach es aus"})
    EXPECT_EQ(heard(said, "de"), "stop") << said;
  for (const char* said : {"don't stop", "stop the timer", "stopp die Musik", "off", "it"})
    EXPECT_EQ(heard(said, ""), "") << said;
}

TEST(Release, IsAskedForByNameOnly) {
  for (const char* said : {"turn on Lull", "turn Lull on again, please"}) EXPECT_EQ(heard(said, "en"), "release");
  for (const char* said : {"schalte Lull ein", "Mach Lull wieder an!", "Lull einschalten"})
    EXPECT_EQ(heard(said, "de"), "release");
  for (const char* said :
       {"turn on lol", "turn on all", "turn it on", "don't turn on lull", "schalte alles ein", "Lull"})
    EXPECT_EQ(heard(said, ""), "") << said;
}

TEST(Words, AreTheSameHoweverTheyAreWritten) {
  for (const char* said :
       {"HÖR AUF ZU MASSIEREN", "hoer  auf\tzu massieren ", "ho\u0308r auf zu massieren", "„Hör auf zu massieren!“",
        "hör\u00A0auf\u2003zu\u3000massieren", "\uFEFFhör auf\u200B zu mas\u00ADsieren…", "Hör auf zu massieren！"})
    EXPECT_EQ(heard(said, "de"), "stop_massage") << said;
  EXPECT_EQ(heard("meine FÜẞE sind zu heiß", "de"), "stop_all");
  EXPECT_EQ(heard("don\u2019t start the massage", "en"), "never");
  EXPECT_EQ(heard("start the wind\u2013down", "en"), "wind_down");
  EXPECT_EQ(heard("set leg massage to 0 %", "en"), "stop_massage");
  EXPECT_EQ(plain_parts("Nicht so fest, bitte!  Ja?"), (std::vector<std::string>{"nicht so fest", "bitte", "ja"}));
  EXPECT_TRUE(plain_parts("\xff\xfe start the massage").empty()) << "no text";
}

TEST(Words, AreWholeWords) {
  for (const char* said : {"startthemassage", "start the massages shop", "restart the massage",
                           "my legs are restlessly", "start the massage start the massage", "", " ", ".", "%"})
    EXPECT_FALSE(starts(said, "en")) << said;
  EXPECT_TRUE(starts("start the massage", "en"));
  EXPECT_FALSE(starts(std::string(3000, ' ') + "start the massage", "en")) << "nobody talks that long";
  EXPECT_FALSE(understand(std::string(kLongestSentence + 1, 'a'), "en"));
  std::string long_story;
  for (int i = 0; i < 40; ++i) long_story += "and then it went on and on ";
  EXPECT_EQ(heard(long_story + ", stop the massage", "en"), "stop_massage") << "however long, a stop is a stop";
}

TEST(ATemplate, HasOptionsAlternativesAndBlanks) {
  constexpr std::string_view kForm = "(stop|end) [the|my] wind[ |-]down [[right] now]";
  for (const char* said : {"stop wind down", "end my winddown", "stop the wind down now", "stop wind down right now"})
    EXPECT_TRUE(matches(kForm, said)) << said;
  for (const char* said : {"stop", "stop the wind", "stopwind down", "stop the my wind down", "stop wind down right",
                           "wind down", "stop wind downnow"})
    EXPECT_FALSE(matches(kForm, said)) << said;
}

TEST(WhoIsNotUnderstood, AndMayHaveMeantAStopIsNoted) {
  EXPECT_TRUE(may_be_a_stop("stop that thing over there"));
  EXPECT_TRUE(may_be_a_stop("Die Massage soll aufhören"));
  EXPECT_FALSE(may_be_a_stop("what time is it"));
}

TEST(ThePackedSentences, AreThoseOfTheBlueprints) {
  std::size_t packed = 0, shipped = 0;
  const auto must = corpus("en").must;
  for (std::string_view rest = kSentences; !rest.empty(); rest.remove_prefix(rest.find('\n') + 1)) {
    packed += rest.front() != '=';
    if (rest.front() != '=') continue;
    const std::string id(rest.substr(4, rest.find('\n') - 4));
    EXPECT_TRUE(must.contains(id) || id == "never") << id << " is a wish that the program does not know";
  }
  for (const char* language : kLanguages) {
    std::ifstream in(
        in_source("docs/home_assistant/blueprints/automation/lull/voice_" + std::string(language) + ".yaml"));
    for (std::string line; std::getline(in, line);) shipped += line.starts_with("      - \"");
  }
  EXPECT_EQ(packed, shipped);
  EXPECT_GT(packed, 150u);
}

}  // namespace
}  // namespace lull
