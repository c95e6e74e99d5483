// "Is this still so?", in the morning, and once a week for as long as nobody answers in the file.
#include "automations/reask.hpp"

#include <chrono>

#include "automations/turn.hpp"

namespace lull {
namespace {

constexpr int kAskAgainDays = 7;  // a question each morning would be muted

std::optional<int> number_in(std::string_view digits) {
  int n = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    n = n * 10 + (c - '0');
  }
  return n;
}

}  // namespace

std::optional<int> day_of(std::string_view date) {
  if (date.size() != 10 || date[4] != '-' || date[7] != '-') return std::nullopt;
  const auto y = number_in(date.substr(0, 4)), m = number_in(date.substr(5, 2)), d = number_in(date.substr(8, 2));
  if (!y || !m || !d) return std::nullopt;
  const std::chrono::year_month_day day{std::chrono::year{*y}, std::chrono::month{static_cast<unsigned>(*m)},
                                        std::chrono::day{static_cast<unsigned>(*d)}};
  if (!day.ok()) return std::nullopt;
  return static_cast<int>(std::chrono::sys_days{day}.time_since_epoch().count());
}

int days_of(Flag flag) {
  switch (flag) {
    case Flag::open_wound:
    case Flag::skin_infection: return 14;
    case Flag::recent_surgery:
    case Flag::pregnancy: return 30;
    default: return 90;
  }
}

std::vector<std::string> questions(const House& house, std::string_view today) {
  std::vector<std::string> all;
  const auto now = day_of(today);
  if (!now) return all;
  for (const Sleeper& sleeper : house.sleepers) {
    for (const FlagSince& one : sleeper.since) {
      const auto then = day_of(one.date);
      if (!then || *now - *then < days_of(one.flag)) continue;
      all.push_back(sleeper.name + ": " + std::string(word_for(one.flag)) + " since " + one.date +
                    ". Is this still so? It holds until the file says otherwise; a new date there says that it does.");
    }
    const auto asked = day_of(sleeper.asked);
    if (asked && *now - *asked >= kAskForNewFlags)
      all.push_back(sleeper.name + ": last asked about flags on " + sleeper.asked +
                    ". Has anything new come: an illness, an operation, a pregnancy, other medicines? Then write it "
                    "down, and the date of today as `asked`.");
  }
  return all;
}

void ask_again(Turn& t) {
  const auto today = day_of(t.hub.night), last = day_of(t.hub.asked_again);
  if (!today || (last && *today >= *last && *today - *last < kAskAgainDays)) return;
  const std::vector<std::string> all = questions(t.house(), t.hub.night);
  if (all.empty()) return;
  t.hub.asked_again = t.hub.night;
  t.effects.emplace_back(KeepSetting{{"asked_again", t.hub.night}});
  for (const std::string& question : all) {
    t.note({Lane::note, {}, {}, 0, question});
    t.tell(Notify::Urgency::notice, std::nullopt, question);
  }
}

}  // namespace lull
