// From nights to weeks: medians over the nights that count, and the text of it.
#include "automations/night/trend.hpp"

#include <date/date.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

namespace lull {
namespace {

std::optional<date::sys_days> day_of(std::string_view night) {
  int y = 0, m = 0, d = 0;
  if (night.size() != 10 || std::sscanf(std::string(night).c_str(), "%4d-%2d-%2d", &y, &m, &d) != 3)
    return std::nullopt;
  const date::year_month_day day{date::year{y}, date::month{static_cast<unsigned>(m)},
                                 date::day{static_cast<unsigned>(d)}};
  return day.ok() ? std::optional(date::sys_days{day}) : std::nullopt;
}

std::string date_text(date::sys_days day) {
  const date::year_month_day ymd{day};
  char out[16];
  std::snprintf(out, sizeof out, "%04d-%02u-%02u", static_cast<int>(ymd.year()), static_cast<unsigned>(ymd.month()),
                static_cast<unsigned>(ymd.day()));
  return out;
}

std::optional<double> median(std::vector<double> of) {
  if (of.empty()) return std::nullopt;
  std::sort(of.begin(), of.end());
  const std::size_t mid = of.size() / 2;
  return of.size() % 2 ? of[mid] : (of[mid - 1] + of[mid]) / 2;
}

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}
std::string number(const std::optional<double>& v) {
  if (!v) return "-";
  char out[24];
  const bool whole = std::fabs(*v - std::round(*v)) < 0.05 || *v >= 9.95;
  std::snprintf(out, sizeof out, whole ? "%.0f" : "%.1f", *v);
  return out;
}
std::string pair_text(const Compared& c) {
  if (c.sessions == 0) return "-";
  if (c.compared == 0) return "- (0 of " + std::to_string(c.sessions) + ")";
  return number(c.before()) + " > " + number(c.after()) + " (" + std::to_string(c.compared) + " of " +
         std::to_string(c.sessions) + ")";
}

double in_minutes(milliseconds d) { return static_cast<double>(d.count()) / 60'000; }

class Page {
 public:
  explicit Page(const Trend& trend) : t_(trend) {}

  std::string text() {
    std::string first, last;
    for (const SleeperTrend& s : t_.sleepers)
      if (!s.nights.empty()) {
        if (first.empty() || s.nights.front().night < first) first = s.nights.front().night;
        last = std::max(last, s.nights.back().night);
      }
    if (first.empty()) return "No night was recorded in that time.\n";
    out_ = "Nights of " + first + " to " + last + (t_.house.empty() ? "" : ": " + printable(t_.house, 80)) +
           ". Estimated from movement.\n";
    for (const SleeperTrend& s : t_.sleepers) sleeper(s);
    out_ +=
        "\nBefore > after: movements an hour in the 15 min before a session and the 15 min after it, from measured "
        "minutes\nalone, and in how many sessions both could be measured.\n"
        "Estimated from movement. Lull gives comfort, it treats nothing.\n";
    return out_;
  }

 private:
  void row(std::initializer_list<std::string> cells) {
    static constexpr std::size_t kWide[] = {14, 11, 13, 10, 14, 18};
    std::string line = "  ";
    std::size_t i = 0;
    for (const std::string& cell : cells) line += i < std::size(kWide) ? padded(cell, kWide[i++]) : cell;
    line.erase(line.find_last_not_of(' ') + 1);
    out_ += line + "\n";
  }
  void sleeper(const SleeperTrend& s) {
    out_ += "\n" + printable(s.name, 60) + "\n";
    row({"week of", "counted", "movements/h", "episodes", "restless min", "before > after"});
    for (const TrendWeek& w : s.weeks())
      row({w.monday, std::to_string(w.counted) + " of " + std::to_string(w.recorded), number(w.movements_per_hour),
           number(w.episodes), number(w.restless_minutes), pair_text(w.relief)});
    out_ += "  (medians of the nights that count; before > after over all its sessions)\n\n";
    row({"night", "coverage", "movements/h", "episodes", "restless min", "before > after"});
    bool marked = false;
    for (const TrendNight& n : s.nights) {
      const bool counts = n.counts();
      marked = marked || !counts;
      const auto only_seen = [&](const std::string& v) { return counts ? v : "(" + v + ")"; };
      row({n.night, number(std::round(n.figures.coverage)) + " %" + (counts ? "" : " *"),
           number(n.figures.movements_per_hour), only_seen(std::to_string(n.figures.episodes)),
           only_seen(number(std::round(in_minutes(n.figures.restless)))), pair_text(n.relief)});
    }
    if (marked)
      out_ += "  * less than " + std::to_string(kLeastCoverage) +
              " % of the time in bed was measured: in no median; in brackets what was seen of it\n";
    const Compared all = s.relief();
    if (all.sessions > 0) out_ += "  " + verdict_of(all) + "\n";
  }

  const Trend& t_;
  std::string out_;
};

}  // namespace

std::string monday_of(std::string_view night) {
  const auto day = day_of(night);
  if (!day) return std::string(night);
  return date_text(*day - (date::weekday{*day} - date::Monday));
}

std::string days_after(std::string_view night, int days) {
  const auto day = day_of(night);
  return day ? date_text(*day + date::days{days}) : std::string(night);
}

void add_night(Trend& trend, const NightReport& report, const House& house) {
  for (const SleeperNight& figures : report.sleepers) {
    const Sleeper& who = house.sleepers[figures.sleeper.index];
    auto known = std::find_if(trend.sleepers.begin(), trend.sleepers.end(),
                              [&](const SleeperTrend& s) { return s.id == who.id; });
    if (known == trend.sleepers.end()) known = trend.sleepers.insert(known, SleeperTrend{who.id, who.name, {}});
    known->name = who.name;  // as it was last called
    TrendNight night{report.night, figures, compared_in(report, figures.sleeper), {}, {}};
    for (const DeviceNight& d : report.devices) {
      const Device& device = house.devices[d.device.index];
      if (device.sleeper.value_or(figures.sleeper) != figures.sleeper) continue;
      (device.kind == Kind::heat_pad ? night.heat : night.massage) += d.on;
    }
    known->nights.push_back(std::move(night));
  }
}

std::vector<TrendWeek> SleeperTrend::weeks() const {
  std::vector<TrendWeek> out;
  std::vector<double> rates, episodes, restless;
  const auto close = [&] {
    if (out.empty()) return;
    out.back().movements_per_hour = median(std::exchange(rates, {}));
    out.back().episodes = median(std::exchange(episodes, {}));
    out.back().restless_minutes = median(std::exchange(restless, {}));
  };
  for (const TrendNight& n : nights) {
    const std::string monday = monday_of(n.night);
    if (out.empty() || out.back().monday != monday) close(), out.push_back({monday, 0, 0, {}, {}, {}, {}});
    TrendWeek& week = out.back();
    ++week.recorded;
    add(week.relief, n.relief);
    if (!n.counts()) continue;
    ++week.counted;
    rates.push_back(*n.figures.movements_per_hour);
    episodes.push_back(n.figures.episodes);
    restless.push_back(in_minutes(n.figures.restless));
  }
  close();
  return out;
}

Compared SleeperTrend::relief() const {
  Compared all;
  for (const TrendNight& n : nights) add(all, n.relief);
  return all;
}

std::string to_text(const Trend& trend) { return Page(trend).text(); }

}  // namespace lull
