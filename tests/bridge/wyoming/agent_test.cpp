// Assist's agent with a house that writes down what it is asked for.
#include "bridge/wyoming/agent.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "automations/asked.hpp"
#include "tests/bridge/home_assistant/sample.hpp"
#include "tests/source.hpp"

namespace lull {
namespace {

using ::testing::HasSubstr;
using Outcome = Decision::Outcome;

constexpr Utc kDay{milliseconds{1'795'867'200'000}};  // 2026-11-28 12:00 UTC
constexpr Utc kNight = kDay + 14h;

struct Bedroom {
  House house = sample::house();
  WyomingSettings settings{};
  Agent::Moment moment{kDay, false, true, {}};
  std::vector<Decision> decides{{Outcome::did, "", ""}};
  std::vector<Command> asked{};
  Agent agent{house,
              settings,
              {[this] { return moment; },
               [this](Door door, Command command) {
                 EXPECT_EQ(door, Door::voice) << "so that it warms nobody, and is judged as every voice";
                 asked.push_back(std::move(command));
                 return decides;
               }}};

  /// "handled: Softer."
  std::string says(std::string_view text, std::string_view language = "en") {
    asked.clear();
    const auto answer = agent.answer({"transcript", {{"text", text}, {"language", language}}});
    if (!answer) return "nothing";
    return answer->type + ": " + answer->data["text"].get<std::string>();
  }
};
using Wishes = std::vector<Command>;
const Command kFootWarmerOff = ask::SetDevice{DeviceId{2}, 0_pct, "", std::nullopt};

TEST(TheAgent, WishesWhatWasSaid) {
  Bedroom room;
  EXPECT_EQ(room.says("stop the massage"), "handled: Stopping the massage.");
  EXPECT_EQ(room.asked, Wishes{ask::StopMassage{}});
  EXPECT_EQ(room.says("stopp alles", "de"), "handled: Ich stoppe alles. Schalte Lull ein, wenn es weitergehen soll.");
  EXPECT_EQ(room.asked, Wishes{ask::StopAll{}});
  EXPECT_EQ(room.says("turn off the foot warmer"), "handled: Turning the heat off.");
  EXPECT_EQ(room.asked, Wishes{kFootWarmerOff});
  EXPECT_EQ(room.says("Stop!"), "handled: Stopping.");
  EXPECT_EQ(room.asked, (Wishes{ask::StopMassage{}, kFootWarmerOff}));
  EXPECT_EQ(room.says("stop wind down"), "handled: Stopping wind down.");
  EXPECT_EQ(room.asked, Wishes{ask::StopPlay{"wind-down"}});
  EXPECT_EQ(room.says("not tonight"), "handled: Not tonight.");
  EXPECT_EQ(room.asked, (Wishes{ask::StopMassage{}, ask::NotTonight{true}}));
  EXPECT_EQ(room.says("sanfter", "de"), "handled: Sanfter.");
  EXPECT_EQ(room.asked, Wishes{ask::Softer{}});
  EXPECT_EQ(room.says("stronger"), "handled: Stronger.");
  EXPECT_EQ(room.says("twenty more minutes"), "handled: Asking for 20 minutes more.");
  EXPECT_EQ(room.asked, (Wishes{ask::Extend{"", 20min}}));
  EXPECT_EQ(room.says("meine Beine sind unruhig", "de-AT"), "handled: Die sanfte Massage, wenn es geht.");
  EXPECT_EQ(room.asked, Wishes{ask::Replay{}});
  EXPECT_EQ(room.says("start wind down"), "handled: Starting wind down.");
  EXPECT_EQ(room.asked, Wishes{ask::Play{"wind-down"}});
  EXPECT_EQ(room.says("turn on Lull"), "handled: Lull is on again.");
  EXPECT_EQ(room.asked, Wishes{ask::Release{}});
  EXPECT_EQ(room.says("don't start the massage"), "handled: I start nothing.");
  EXPECT_EQ(room.asked, Wishes{});
}

TEST(TheAgent, GuessesNothing) {
  Bedroom room;
  EXPECT_EQ(room.says("start the car"), "not-recognized: I did not understand that.");
  EXPECT_EQ(room.says("schalte den Fußwärmer ein", "de"), "not-recognized: Das habe ich nicht verstanden.");
  EXPECT_EQ(room.says(""), "not-recognized: I did not understand that.");
  EXPECT_EQ(room.says("démarre le massage", "fr"), "not-recognized: I did not understand that.");
  EXPECT_EQ(room.asked, Wishes{});
  const auto odd = room.agent.answer({"transcript", {{"text", 7}, {"language", {1}}}});
  ASSERT_TRUE(odd);
  EXPECT_EQ(odd->type, "not-recognized");
}

TEST(TheAgent, SaysWhyNothingCameOfIt) {
  Bedroom room;
  room.decides = {{Outcome::did_not, who_asks(Door::voice), "no massage plays"}};
  EXPECT_EQ(room.says("softer"), "not-handled: No massage plays.");
  EXPECT_EQ(room.says("sanfter", "de"), "not-handled: Keine Massage läuft.");
  room.decides = {{Outcome::refused, "Leg massage", "words that nobody has translated"}};
  EXPECT_EQ(room.says("start the massage"), "not-handled: Leg massage: words that nobody has translated.");
  EXPECT_EQ(room.says("starte die Massage", "de"), "not-handled: Das geht gerade nicht.");
  room.decides.push_back({Outcome::did, "night-relief", "asked for by voice"});
  EXPECT_EQ(room.says("start the massage"), "handled: Asking for the gentle massage.") << "something did come of it";
  room.moment.stopped = true;
  EXPECT_EQ(room.says("start wind down"), "not-handled: Lull is stopped. Say turn on Lull.");
  EXPECT_EQ(room.says("stop the massage"), "handled: Stopping the massage.") << "a stop is never in vain";
  room.moment.reaches_broker = false;
  EXPECT_THAT(room.says("stop the massage"), HasSubstr("not-handled: Lull does not reach its broker."));
  EXPECT_EQ(room.asked, Wishes{ask::StopMassage{}}) << "and is wished all the same";
  EXPECT_THAT(room.says("heute nicht", "de"), HasSubstr("not-handled: Lull erreicht seinen Broker nicht."));
}

TEST(AHouse, WithoutHeatOrAWindDownIsAnsweredToo) {
  Bedroom room;
  room.house.devices[2].kind = Kind::massage_pad;
  room.house.routines.clear();
  EXPECT_EQ(room.says("turn off the foot warmer"), "handled: Stopping everything. Say turn on Lull to allow it again.");
  EXPECT_EQ(room.asked, Wishes{ask::StopAll{}}) << "who wants heat off gets everything off, where no heat is known";
  EXPECT_EQ(room.says("start wind down"), "not-handled: There is no wind down here.");
  EXPECT_EQ(room.says("stop wind down"), "handled: Stopping wind down.");
  EXPECT_EQ(room.asked, Wishes{ask::StopPlay{}}) << "whatever plays";
}

TEST(WhisperingHours, SayThatMoreWasStoppedThanWasWished) {
  Bedroom room;
  room.house.devices[2].kind = Kind::massage_pad;
  room.moment.now = kNight;
  EXPECT_EQ(room.says("turn off the foot warmer"), "handled: Stopping everything. Say turn on Lull to allow it again.");
}

TEST(WhisperingHours, DoTheWishAndSayNothing) {
  Bedroom room;
  room.moment.now = kNight;
  EXPECT_EQ(room.says("stop the massage"), "handled: ");
  EXPECT_EQ(room.asked, Wishes{ask::StopMassage{}});
  EXPECT_EQ(room.says("start the massage"), "handled: ");
  EXPECT_EQ(room.says("how was my night"), "handled: ");
  EXPECT_EQ(room.says("don't start the massage"), "handled: ");
  EXPECT_EQ(room.says("what time is it"), "not-recognized: ");
  room.decides = {{Outcome::did_not, who_asks(Door::voice), "no massage plays"}};
  EXPECT_EQ(room.says("softer"), "not-handled: ");
}

TEST(WhisperingHours, AreBrokenForAStopThatMayHaveBeenMissed) {
  Bedroom room;
  room.moment.now = kNight;
  EXPECT_EQ(room.says("stop that thing"), "not-recognized: I did not understand that.");
  room.moment.reaches_broker = false;
  EXPECT_THAT(room.says("stop the massage"), HasSubstr("does not reach its broker"));
  EXPECT_EQ(room.says("start the massage"), "handled: ");
}

TEST(WhisperingHours, AreTheHouseholdsOwn) {
  const auto silent = [](TimeOfDay from, TimeOfDay to, Utc at, const char* zone = "UTC") {
    Bedroom room;
    room.house.zone = *Zone::named(zone);
    room.moment.now = at;
    WyomingSettings own;
    own.whisper_from = from, own.whisper_to = to;
    Agent agent(room.house, own, {[&] { return room.moment; }, [](Door, Command) { return std::vector<Decision>{}; }});
    return agent.answer({"transcript", {{"text", "stop the massage"}}})->data["text"] == "";
  };
  const TimeOfDay ten{22 * 60}, seven{7 * 60};
  EXPECT_FALSE(silent(ten, seven, kDay + 9h + 59min));
  EXPECT_TRUE(silent(ten, seven, kDay + 10h));
  EXPECT_TRUE(silent(ten, seven, kDay + 18h + 59min));
  EXPECT_FALSE(silent(ten, seven, kDay + 19h));
  EXPECT_TRUE(silent(ten, seven, kDay + 9h, "Europe/Berlin")) << "on the clock of the home";
  EXPECT_TRUE(silent(seven, ten, kDay)) << "who sleeps by day";
  EXPECT_FALSE(silent(ten, ten, kNight)) << "the same twice: always an answer";
}

TEST(TheNight, IsToldInWordsAsTheBlueprintsTellIt) {
  Bedroom room;
  EXPECT_EQ(room.says("how was my night"), "handled: There are no figures of last night.");
  LastNight night{SleeperId{0}, "2026-11-27", 24.0, 444.0, {}, {}, 3, 1, {}, {}, {}, {}};
  room.moment.nights = {night};
  EXPECT_EQ(room.says("how was my night"),
            "handled: An estimated 24 restless minutes in 7.4 hours in bed, 3 episodes, 1 replay.");
  EXPECT_EQ(room.says("wie war meine Nacht", "de"),
            "handled: Geschätzt 24 unruhige Minuten in 7,4 Stunden im Bett, 3 Episoden, eine Wiederholung.");
  night.restless_minutes = 1, night.night = "2026-01-02", night.in_bed_minutes.reset(), night.replays.reset();
  night.sleeper = SleeperId{1}, night.episodes = 1;
  room.moment.nights.push_back(night);
  EXPECT_THAT(room.says("how was my night"),
              HasSubstr("1 replay. Ben: the night of 2026-01-02: an estimated 1 restless minute, 1 episode."));
  EXPECT_EQ(room.asked, Wishes{});
}

TEST(TheAnswers, AreTheWordsOfTheBlueprints) {
  for (const char* language : {"en", "de"}) {
    std::ifstream in(
        in_source("docs/home_assistant/blueprints/automation/lull/voice_" + std::string(language) + ".yaml"));
    const std::string blueprint{std::istreambuf_iterator<char>(in), {}};
    for (const Said said : {Said::stop_all, Said::stop_massage, Said::heat_off, Said::wind_down_stop, Said::never,
                            Said::not_tonight, Said::softer, Said::stronger, Said::replay, Said::wind_down})
      EXPECT_THAT(blueprint,
                  HasSubstr("    " + std::string(word_for(said)) + ": \"" + answer_to({said}, language) + "\"\n"));
    EXPECT_THAT(blueprint, HasSubstr(std::string(answer_to(Trouble::is_stopped, language))));
    std::string longer = answer_to({Said::longer, 7min}, language);
    longer.replace(longer.find('7'), 1, "{{ more }}");
    EXPECT_THAT(blueprint, HasSubstr("    longer: \"" + longer + "\"\n"));
    EXPECT_THAT(blueprint, HasSubstr(night_in_words({}, sample::house(), kDay, language)));
  }
}

TEST(TheAgent, DescribesItselfAsHomeAssistantWantsIt) {
  Bedroom room;
  const auto info = room.agent.answer({"describe"});
  ASSERT_TRUE(info);
  EXPECT_EQ(info->type, "info");
  const auto& program = info->data["handle"][0];
  EXPECT_EQ(program["name"], "Lull") << "conversation.lull";
  EXPECT_EQ(program["installed"], true);
  EXPECT_EQ(program["models"][0]["languages"], (nlohmann::json{"en", "de"}));
  for (const char* none : {"asr", "tts", "wake", "intent"}) EXPECT_EQ(info->data[none], nlohmann::json::array());
  EXPECT_EQ(room.agent.answer({"ping", {{"text", "there?"}}})->data["text"], "there?");
  EXPECT_FALSE(room.agent.answer({"audio-start"}));
  EXPECT_EQ(room.asked, Wishes{});
}

}  // namespace
}  // namespace lull
