// Lull's sentences in German: whole or not at all, names as the household wrote them.
#include "bridge/speech/phrase_book.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <nlohmann/json.hpp>
#include <thread>
#include <vector>

namespace lull {
namespace {

std::string german(std::string_view english) {
  return phrase_book("de")->sentence(english).value_or("? " + std::string(english));
}

TEST(ThePhraseBook, TellsARuleAndWhyItDidNotAct) {
  EXPECT_EQ(
      german("When Ana gets restless, if it is between 23:00 and 06:30 and Ana is in bed: play night-relief. At most "
             "3 times a night, 30 min apart, 30 min in all."),
      "Wenn Ana unruhig wird, falls es zwischen 23:00 und 06:30 ist und Ana im Bett ist: night-relief spielen. "
      "Höchstens 3-mal in der Nacht, Abstand 30 min, 30 min im Ganzen.");
  EXPECT_EQ(german("when Ana gets restless; not now: the last time was 12 min ago, must be 30 min apart"),
            "wenn Ana unruhig wird; jetzt nicht: das letzte Mal war vor 12 min, der Abstand muss 30 min sein");
  EXPECT_EQ(german("night-relief (rule Restless at night) wants 17 %, but a hand has it until the next night"),
            "night-relief (Regel Restless at night) will 17 %, aber bis zur nächsten Nacht gilt die Hand am Gerät");
}

TEST(ThePhraseBook, TellsOfAnAlarmClock) {
  EXPECT_EQ(german("8 h 30 min before Ana's alarm (Ana's alarm rings at 06:30)"),
            "8 h 30 min vor dem Wecker von Ana (der Wecker von Ana klingelt um 06:30)");
  EXPECT_EQ(german("in bed; no alarm of Ana's is known; not restless"),
            "im Bett; von Ana ist kein Wecker bekannt; nicht unruhig");
  EXPECT_EQ(german("22:00 wind-down, 8 h 30 min before Ana's alarm if Ana is in bed; once a night"),
            "22:00 wind-down, 8 h 30 min vor dem Wecker von Ana, falls Ana im Bett ist; einmal in der Nacht");
  EXPECT_EQ(german("8 h before Ana's alarm: the alarm at 06:30 became known 12 min after its time had come"),
            "8 h vor dem Wecker von Ana: der Wecker um 06:30 wurde erst 12 min nach diesem Zeitpunkt bekannt");
}

TEST(ThePhraseBook, SaysDecimalsAsGermansDo) {
  EXPECT_EQ(german("its surface is at 41.5 °C, the ceiling is 42.0 °C"),
            "seine Oberfläche hat 41,5 °C, die Grenze ist 42,0 °C");
}

TEST(ThePhraseBook, TellsWhyNtfyDoesNotWork) {
  EXPECT_EQ(german("refused: it does not know the token. Not tried again before the token is another"),
            "zurückgewiesen: das Token ist dort unbekannt. Kein neuer Versuch, bevor das Token ein anderes ist");
  EXPECT_EQ(german("cannot be reached: the server is in trouble (HTTP 503)"),
            "nicht zu erreichen: der Server hat Schwierigkeiten (HTTP 503)");
  EXPECT_EQ(german("cannot be reached: nobody answers at ntfy.home:443 (Connection refused)"),
            "nicht zu erreichen: unter ntfy.home:443 antwortet niemand (Connection refused)");
  EXPECT_EQ(german("cannot be reached: the ntfy server's certificate has expired; renew it there"),
            "nicht zu erreichen: das Zertifikat, das der ntfy-Server zeigt, ist abgelaufen; dort erneuern");
}

TEST(ThePhraseBook, TellsWhatADeviceSaysOfItself) {
  EXPECT_EQ(german("its session was over, and it says: the pad ended its massage session by itself and rests"),
            "seine Sitzung war um, und es sagt: die Matte hat ihre Massage selbst beendet und ruht");
  EXPECT_EQ(german("its session was over, and it says: E7"), "seine Sitzung war um, und es sagt: E7");
  EXPECT_EQ(german("it says: \"slow down\""), "es sagt: \"slow down\"");
}

TEST(ThePhraseBook, LeavesAHouseholdsNamesAsTheyAre) {
  const PhraseBook& book = *phrase_book("de");
  EXPECT_EQ(book.name("rule Restless at night"), "Regel Restless at night");
  EXPECT_EQ(book.name("Ana and Ben"), "Ana and Ben");
  EXPECT_EQ(book.name("dimming and warmth and massage"), "Dimmen und Wärme und Massage");
  EXPECT_EQ(german("tell \"It is late. Good night, Ana.\""), "„It is late. Good night, Ana.“ sagen");
}

TEST(ThePhraseBook, NeverSpeaksHalfEnglish) {
  EXPECT_EQ(phrase_book("de")->sentence("STOP by page after somebody did what nobody foresaw"), std::nullopt);
  EXPECT_EQ(phrase_book("de")->sentence("Ana is in bed, and the moon is full"), std::nullopt);
  EXPECT_EQ(phrase_book("de")->sentence(""), std::nullopt);
  EXPECT_EQ(phrase_book("de")->sentence(std::string(100'000, 'x')), std::nullopt);
  EXPECT_EQ(phrase_book("fr"), nullptr);
}

TEST(ThePhraseBook, SaysWhoAskedAsAPersonWould) {
  EXPECT_EQ(german("begins, asked for by somebody on the page, for 15 min"),
            "beginnt, verlangt von jemandem auf der Seite, für 15 min");
  EXPECT_EQ(german("begins, asked for by page, for 15 min"), "beginnt, verlangt von der Seite, für 15 min")
      << "a journal of an earlier version";
  EXPECT_EQ(german("somebody on the page wants 30 %, but a hand has it until the next night"),
            "von jemandem auf der Seite verlangt: 30 %, aber bis zur nächsten Nacht gilt die Hand am Gerät");
  EXPECT_EQ(german("a voice: asked for something 12 s ago: what is older than 10 s begins nothing"),
            "eine Stimme: verlangte etwas vor 12 s: was älter ist als 10 s, beginnt nichts");
  nlohmann::json play{{"door", "somebody on the page"}, {"asked_by", "rule Bedtime"}};
  translate(play, *phrase_book("de"));
  EXPECT_EQ(play["door"], "jemandem auf der Seite");
  EXPECT_EQ(play["asked_by"], "Regel Bedtime");
}

TEST(ThePhraseBook, KnowsWhatJournalsOfEarlierVersionsSay) {
  EXPECT_EQ(german("estimated awake with an urge to move (movements at uneven times)"),
            german("estimated awake and moving often (movements at uneven times)"));
  EXPECT_EQ(german("estimated awake with an urge to move (movements at uneven times)").substr(0, 2), "ge");
}

TEST(ThePhraseBook, RefusesACommandThatItDoesNotUnderstand) {
  EXPECT_EQ(german("command do: \"dance\" must be stop, release, set, replays_as_chosen or preflight"),
            "Befehl, „do“: „dance“ gibt es nicht, es gibt stop, release, set, replays_as_chosen und preflight");
  EXPECT_EQ(german("command device: \"x: y\" is not one of: leg_massage, foot_warmer"),
            "Befehl, „device“: „x: y“ ist nicht dabei: leg_massage, foot_warmer");
  EXPECT_EQ(german("command level: must be a number of 0 to 100"),
            "Befehl, „level“: muss eine Zahl von 0 bis 100 sein");
  EXPECT_EQ(german("command: must be JSON like {\"do\":\"stop\"}, or one plain word such as stop"),
            "Befehl: muss JSON sein wie {\"do\":\"stop\"}, oder ein einzelnes Wort wie stop");
}

TEST(ThePhraseBook, IsQuickAlsoWithWhatItDoesNotKnow) {
  std::string long_one;
  for (int i = 0; i < 35; ++i) long_one += "Ana is in bed, nobody knows this; and (that: one) ";
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_EQ(phrase_book("de")->sentence(long_one), std::nullopt);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(1));
}

TEST(ThePhraseBook, IsAskedByTheLoopAndByWorkersAtOnce) {
  std::vector<std::thread> workers;
  std::atomic<int> wrong{0};
  for (int w = 0; w < 4; ++w)
    workers.emplace_back([&, w] {
      for (int i = 0; i < 1500; ++i) {  // more than is remembered
        const std::string minutes = std::to_string(w * 1500 + i);
        wrong +=
            german("8 h before Ana's alarm: the alarm at 06:30 became known " + minutes +
                   " min after its time had come") != "8 h vor dem Wecker von Ana: der Wecker um 06:30 wurde erst " +
                                                          minutes + " min nach diesem Zeitpunkt bekannt";
        wrong += german("it is out of reach") != "es ist nicht erreichbar";
      }
    });
  for (std::thread& worker : workers) worker.join();
  EXPECT_EQ(wrong, 0);
}

TEST(ThePhraseBook, KnowsALongListOfThingsAtOnce) {
  std::string english = "dimming", deutsch = "Dimmen";
  for (int i = 0; i < 40; ++i)
    english += " and warmth", deutsch += " und Wärme";  // 2^40 looks, if each were made twice
  EXPECT_EQ(phrase_book("de")->name(english), deutsch);
}

TEST(AnAnswer, IsTranslatedByItsFields) {
  nlohmann::json answer{{"plan", {"Nothing begins by itself any more tonight."}},
                        {"name", "in bed"},
                        {"devices", {{{"why", "it is out of reach"}, {"owner", "wind-down (rule Bedtime)"}}}}};
  translate(answer, *phrase_book("de"));
  EXPECT_EQ(answer["plan"][0], "Heute beginnt nichts mehr von selbst.");
  EXPECT_EQ(answer["name"], "in bed") << "a name";
  EXPECT_EQ(answer["devices"][0]["why"], "es ist nicht erreichbar");
  EXPECT_EQ(answer["devices"][0]["owner"], "wind-down (Regel Bedtime)");
}

TEST(TheLanguage, IsTheFirstThatWeSpeak) {
  EXPECT_EQ(language_of("de-AT,de;q=0.9,en;q=0.8"), "de");
  EXPECT_EQ(language_of("fr-FR, de;q=0.5"), "de");
  EXPECT_EQ(language_of("en-GB,de"), "en");
  EXPECT_EQ(language_of(""), "en");
  EXPECT_EQ(language_of("*"), "en");
}

TEST(TheLanguage, IsTheOneThatIsWantedMost) {
  EXPECT_EQ(language_of("en;q=0.1, de"), "de");
  EXPECT_EQ(language_of("en;q=0.5,de;q=0.9"), "de");
  EXPECT_EQ(language_of("de;q=0, en;q=0.2"), "en");
  EXPECT_EQ(language_of("de;q=0"), "en");
  EXPECT_EQ(language_of("DE-de"), "de");
  EXPECT_EQ(language_of("den, enm;q=0.9"), "en") << "Slavey and Middle English are languages of their own";
  EXPECT_EQ(language_of("de ; Q=0.8 , en ;q=0.7"), "de");
  EXPECT_EQ(language_of("de;q=much"), "en");
  EXPECT_EQ(language_of(";;q=,,-,de;"), "de");
}

}  // namespace
}  // namespace lull
