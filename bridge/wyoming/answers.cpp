// English and German, side by side.
#include "bridge/wyoming/answers.hpp"

#include <array>
#include <cmath>
#include <cstdio>

#include "automations/asked.hpp"
#include "automations/calendar.hpp"
#include "bridge/speech/phrase_book.hpp"

namespace lull {
namespace {

struct Words {
  std::string_view en, de;
  std::string_view in(std::string_view language) const { return language == "de" ? de : en; }
};

/// By Said.
constexpr std::array<Words, 14> kAnswers{{
    {"Stopping everything. Say turn on Lull to allow it again.",
     "Ich stoppe alles. Schalte Lull ein, wenn es weitergehen soll."},
    {"Stopping the massage.", "Ich stoppe die Massage."},
    {"Turning the heat off.", "Ich schalte die Wärme aus."},
    {"Stopping wind down.", "Ich stoppe das Abendprogramm."},
    {"Stopping.", "Ich stoppe."},
    {"I start nothing.", "Ich starte nichts."},
    {"Not tonight.", "Heute nicht mehr."},
    {"Softer.", "Sanfter."},
    {"Stronger.", "Stärker."},
    {"Asking for # minutes more.", "Noch # Minuten, wenn es geht."},
    {"", ""},
    {"Asking for the gentle massage.", "Die sanfte Massage, wenn es geht."},
    {"Starting wind down.", "Ich starte das Abendprogramm."},
    {"Lull is on again.", "Lull ist wieder an."},
}};

/// By Trouble.
constexpr std::array<Words, 4> kTroubles{{
    {"I did not understand that.", "Das habe ich nicht verstanden."},
    {"Lull is stopped. Say turn on Lull.", "Lull ist gestoppt. Schalte zuerst Lull ein."},
    {"Lull does not reach its broker. What runs ends by its own timer, or by its own switch.",
     "Lull erreicht seinen Broker nicht. Was läuft, endet durch seine eigene Uhr, oder an seinem eigenen Schalter."},
    {"There is no wind down here.", "Hier gibt es kein Abendprogramm."},
}};

std::string as_sentence(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  if (!text.empty() && text.back() != '.') text += '.';
  return text;
}

std::string counted(int n, const Words& one, const Words& many, std::string_view language) {
  return n == 1 ? std::string(one.in(language)) : std::to_string(n) + std::string(many.in(language));
}

std::string hours_text(double minutes, std::string_view language) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", minutes / 60);
  std::string written = text;
  if (language == "de") written.replace(written.find('.'), 1, ",");
  return written;
}

}  // namespace

std::string answer_to(const Understood& wish, std::string_view language) {
  std::string answer(kAnswers[static_cast<std::size_t>(wish.said)].in(language));
  if (const std::size_t mark = answer.find('#'); mark != answer.npos)
    answer.replace(mark, 1, std::to_string(wish.more.count()));
  return answer;
}

std::string_view answer_to(Trouble trouble, std::string_view language) {
  return kTroubles[static_cast<std::size_t>(trouble)].in(language);
}

std::string answer_to(const Decision& against, std::string_view language) {
  const bool about_it = against.about != who_asks(Door::voice);  // else it is about who asked
  const PhraseBook* book = phrase_book(language);
  if (!book) return as_sentence(about_it ? against.about + ": " + against.why : against.why);
  const auto why = book->sentence(against.why);
  if (!why) return "Das geht gerade nicht.";
  return as_sentence(about_it ? book->name(against.about) + ": " + *why : *why);
}

std::string night_in_words(const std::vector<LastNight>& nights, const House& house, Utc now,
                           std::string_view language) {
  const auto day = [&](Utc at) { return text(local(house.zone, at)).substr(0, 10); };
  std::string told;
  for (const LastNight& night : nights) {
    if (!night.restless_minutes || night.sleeper.index >= house.sleepers.size()) continue;
    if (!told.empty()) told += ' ';
    if (nights.size() > 1) told += house.sleepers[night.sleeper.index].name + ": ";
    if (night.night != day(now) && night.night != day(now + -24h))
      told += std::string(Words{"the night of ", "Nacht vom "}.in(language)) + night.night + ": ";
    told += Words{"an estimated ", "geschätzt "}.in(language);
    told +=
        counted(static_cast<int>(std::lround(*night.restless_minutes)), {"1 restless minute", "eine unruhige Minute"},
                {" restless minutes", " unruhige Minuten"}, language);
    if (night.in_bed_minutes.value_or(0) > 0)
      told += " in " + hours_text(*night.in_bed_minutes, language) +
              std::string(Words{" hours in bed", " Stunden im Bett"}.in(language));
    if (night.episodes)
      told += ", " + counted(*night.episodes, {"1 episode", "eine Episode"}, {" episodes", " Episoden"}, language);
    if (night.replays)
      told +=
          ", " + counted(*night.replays, {"1 replay", "eine Wiederholung"}, {" replays", " Wiederholungen"}, language);
    told += '.';
  }
  if (!told.empty()) return as_sentence(told);
  return std::string(
      Words{"There are no figures of last night.", "Für letzte Nacht gibt es keine Zahlen."}.in(language));
}

}  // namespace lull
