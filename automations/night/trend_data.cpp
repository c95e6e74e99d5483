// The trend for programs and for a statistician's table. Keys and columns are a contract: docs/REPORT.md.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <type_traits>
#include <utility>

#include "automations/night/trend.hpp"

namespace lull {
namespace {

using Json = nlohmann::ordered_json;

double tenth(double v) { return std::round(v * 10) / 10; }
Json maybe(const std::optional<double>& v) { return v ? Json(tenth(*v)) : Json(); }
double in_minutes(milliseconds d) { return tenth(static_cast<double>(d.count()) / 60'000); }

Json json_of(const Compared& c) {
  const std::optional<double> none;
  return {{"sessions", c.sessions},
          {"compared", c.compared},
          {"nights", c.nights},
          {"nights_lower", c.lower},
          {"before_per_hour", maybe(c.compared ? std::optional(c.before()) : none)},
          {"after_per_hour", maybe(c.compared ? std::optional(c.after()) : none)},
          {"before_measured_minutes", c.before_data.count()},
          {"after_measured_minutes", c.after_data.count()},
          {"enough_nights", c.nights >= kEnoughNights},
          {"nights_needed", kEnoughNights}};
}

/// RFC 4180: what holds a comma, a quote or a line's end is quoted.
std::string cell(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == text.npos) return std::string(text);
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + "\"";
}
std::string cell(const std::optional<double>& v) {
  if (!v || !std::isfinite(*v)) return "";
  std::string out = std::to_string(tenth(*v));
  out.erase(out.find_last_not_of('0') + 1);
  if (out.back() == '.') out.pop_back();
  return out == "-0" ? "0" : out;
}

class Row {
 public:
  explicit Row(std::string& out) : out_(out) {}
  ~Row() { out_ += "\r\n"; }
  Row(const Row&) = delete;
  Row& operator=(const Row&) = delete;
  template <class T>
  Row& operator<<(const T& value) {
    if (!std::exchange(first_, false)) out_ += ',';
    if constexpr (std::is_integral_v<T>)
      out_ += std::to_string(value);
    else
      out_ += cell(value);
    return *this;
  }

 private:
  std::string& out_;
  bool first_ = true;
};

}  // namespace

std::string to_json(const Trend& trend) {
  Json sleepers = Json::array();
  for (const SleeperTrend& s : trend.sleepers) {
    Json nights = Json::array(), weeks = Json::array();
    for (const TrendNight& n : s.nights) {
      const SleeperNight& f = n.figures;
      nights.push_back({{"night", n.night},
                        {"counts", n.counts()},
                        {"in_bed_minutes", in_minutes(f.in_bed)},
                        {"coverage_percent", tenth(f.coverage)},
                        {"movements_per_hour", maybe(f.movements_per_hour)},
                        {"episodes", f.episodes},
                        {"restless_minutes", in_minutes(f.restless)},
                        {"replays", f.replays},
                        {"massage_minutes", in_minutes(n.massage)},
                        {"heat_minutes", in_minutes(n.heat)},
                        {"relief", json_of(n.relief)}});
    }
    for (const TrendWeek& w : s.weeks())
      weeks.push_back({{"monday", w.monday},
                       {"nights_recorded", w.recorded},
                       {"nights_counted", w.counted},
                       {"median_movements_per_hour", maybe(w.movements_per_hour)},
                       {"median_episodes", maybe(w.episodes)},
                       {"median_restless_minutes", maybe(w.restless_minutes)},
                       {"relief", json_of(w.relief)}});
    const Compared all = s.relief();
    sleepers.push_back({{"sleeper", s.id},
                        {"name", printable(s.name, 120)},
                        {"nights", nights},
                        {"weeks", weeks},
                        {"relief", json_of(all)},
                        {"verdict", verdict_of(all)}});
  }
  const Json all{{"lull_trend", 1},   {"house", printable(trend.house, 120)},     {"time_zone", trend.zone.name()},
                 {"estimated", true}, {"least_coverage_percent", kLeastCoverage}, {"sleepers", sleepers}};
  return all.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string to_csv(const Trend& trend) {
  std::string out =
      "night,sleeper,name,counts,in_bed_from,in_bed_to,in_bed_min,coverage_pct,measured_min,gated_min,missing_min,"
      "movements,movements_per_hour,episodes,restless_min,replays,massage_min,heat_min,sessions,sessions_compared,"
      "before_per_hour,after_per_hour,no_figures_because\r\n";
  for (const SleeperTrend& s : trend.sleepers)
    for (const TrendNight& n : s.nights) {
      const SleeperNight& f = n.figures;
      const auto at = [&](const std::optional<Utc>& t) { return t ? iso(trend.zone, *t) : std::string(); };
      const std::optional<double> none;
      Row(out) << n.night << s.id << printable(s.name, 120) << int{n.counts()} << at(f.into_bed) << at(f.up)
               << std::optional(in_minutes(f.in_bed)) << std::optional(f.coverage)
               << std::optional(in_minutes(f.measured)) << std::optional(in_minutes(f.gated))
               << std::optional(in_minutes(f.missing)) << (f.movements ? std::optional<double>(*f.movements) : none)
               << f.movements_per_hour << f.episodes << std::optional(in_minutes(f.restless)) << f.replays
               << std::optional(in_minutes(n.massage)) << std::optional(in_minutes(n.heat)) << n.relief.sessions
               << n.relief.compared << (n.relief.compared ? std::optional(n.relief.before()) : none)
               << (n.relief.compared ? std::optional(n.relief.after()) : none) << f.no_figures;
    }
  return out;
}

std::string minutes_csv(const NightReport& report, const House& house, bool header) {
  std::string out;
  if (header)
    out = "night,sleeper,begin,begin_utc,seconds,state,movements,in_bed,restless,massage_pct,heat_pct,routine\r\n";
  static const Zone utc_zone;
  for (const MovementMinute& m : report.movement) {
    const Utc middle = m.span.begin + (m.span.end - m.span.begin) / 2;
    std::string in_bed, routine;
    bool restless = false;
    double massage = 0, heat = 0;
    for (const LaneSpan& s : report.lanes) {
      if (middle < s.span.begin || middle >= s.span.end) continue;
      const bool theirs = s.device ? house.devices[s.device->index].sleeper.value_or(m.sleeper) == m.sleeper
                                   : !s.sleeper || *s.sleeper == m.sleeper;
      if (!theirs) continue;
      if (s.lane == Lane::in_bed) in_bed = s.value > 0 ? "1" : "";
      if (s.lane == Lane::episode) restless = true;
      if (s.lane == Lane::massage) massage = std::max(massage, s.value);
      if (s.lane == Lane::heat) heat = std::max(heat, s.value);
      if (s.lane == Lane::play) routine = s.text;
    }
    const bool presence = report.sleepers[m.sleeper.index].presence_known;
    const bool unknown = std::any_of(report.lanes.begin(), report.lanes.end(), [&](const LaneSpan& s) {
      return s.lane == Lane::in_bed && s.sleeper == m.sleeper && s.value < 0 && middle >= s.span.begin &&
             middle < s.span.end;
    });
    if (in_bed.empty() && presence && !unknown) in_bed = "0";
    std::string begin_utc = iso(utc_zone, m.span.begin).substr(0, 19) + "Z";
    Row(out) << report.night << house.sleepers[m.sleeper.index].id << iso(house.zone, m.span.begin) << begin_utc
             << static_cast<std::int64_t>((m.span.end - m.span.begin) / 1s)
             << std::string(m.movements ? "measured" : "gated")
             << (m.movements ? std::optional<double>(*m.movements) : std::nullopt) << in_bed << int{restless}
             << std::optional(massage) << std::optional(heat) << routine;
  }
  return out;
}

}  // namespace lull
