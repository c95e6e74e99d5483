// Nights, decisions and trends out of the journal.
#include "bridge/api/past.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "automations/night/picture.hpp"
#include "automations/night/trend.hpp"
#include "bridge/past.hpp"
#include "bridge/picture/png.hpp"
#include "bridge/picture/svg.hpp"
#include "bridge/recording/table.hpp"
#include "bridge/trend.hpp"

namespace lull::past {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostDecisions = 5000;
constexpr std::string_view kNight = "write a night as the date of its evening, for example 2026-11-21";
constexpr std::string_view kTime = "write it like 2026-11-21T23:30:00+01:00, with its offset or Z";

HttpReply said(const Json& json) {
  HttpReply reply;
  reply.body = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  return reply;
}
HttpReply failed(const Error& e) { return http_problem(500, e.where + ": " + e.what, "journal"); }
HttpReply no_night(const std::string& night) {
  return http_problem(404, "nothing was recorded in the night " + night.substr(0, 40), "no_night", kNight);
}

Json number(const std::optional<double>& v) { return v ? Json(std::round(*v * 10) / 10) : Json(); }
double minutes_of(milliseconds d) { return std::round(static_cast<double>(d.count()) / 6000) / 10; }

/// What a page draws: the spans of each lane, and each minute of movement as [second, seconds, movements or null].
Json lanes_of(const NightReport& report, const House& house) {
  Json lanes = Json::array(), movement = Json::array();
  const auto at = [&](Utc t) { return iso(house.zone, t); };
  for (const LaneSpan& s : report.lanes)
    lanes.push_back({{"lane", word_for(s.lane)},
                     {"sleeper", s.sleeper ? Json(house.sleepers[s.sleeper->index].id) : Json()},
                     {"device", s.device ? Json(house.devices[s.device->index].id) : Json()},
                     {"begin", at(s.span.begin)},
                     {"end", at(s.span.end)},
                     {"value", s.value},
                     {"finished", s.finished},
                     {"text", s.text}});
  for (std::uint16_t i = 0; i < house.sleepers.size(); ++i) {
    Json all = Json::array();
    for (const MovementMinute& m : report.movement)
      if (m.sleeper.index == i)
        all.push_back({duration_cast<seconds>(m.span.begin - report.span.begin).count(),
                       duration_cast<seconds>(m.span.end - m.span.begin).count(),
                       m.movements ? Json(*m.movements) : Json()});
    if (!all.empty()) movement.push_back({{"sleeper", house.sleepers[i].id}, {"minutes", std::move(all)}});
  }
  return {{"begin", report.empty ? Json() : Json(at(report.span.begin))},
          {"end", report.empty ? Json() : Json(at(report.span.end))},
          {"spans", lanes},
          {"movement", movement}};
}

std::optional<Utc> time_from(const std::string& text) {
  const bool offset = text.size() > 16 && text.find_first_of("Z+-", 16) != text.npos;
  const auto at = offset ? recording::parse_time(text) : std::nullopt;
  return at ? std::optional(Utc{*at}) : std::nullopt;
}

}  // namespace

HttpReply nights(Store& store, const Zone&) {
  store.flush();
  Json all = Json::array();
  const auto error = each_night(store, std::nullopt, [&](const NightReport& report, const House& house) {
    Json sleepers = Json::array();
    for (const SleeperNight& s : report.sleepers) {
      const bool figures = s.no_figures.empty();
      sleepers.push_back({{"sleeper", house.sleepers[s.sleeper.index].id},
                          {"name", house.sleepers[s.sleeper.index].name},
                          {"in_bed_minutes", s.presence_known ? Json(minutes_of(s.in_bed)) : Json()},
                          {"movements_per_hour", figures ? number(s.movements_per_hour) : Json()},
                          {"restless_minutes", figures ? Json(minutes_of(s.restless)) : Json()},
                          {"coverage_percent", number(s.coverage)},
                          {"no_figures_because", figures ? Json() : Json(s.no_figures)},
                          {"episodes", figures || s.episodes > 0 ? Json(s.episodes) : Json()},
                          {"replays", s.replays}});
    }
    all.push_back({{"night", report.night},
                   {"begin", iso(house.zone, report.span.begin)},
                   {"end", iso(house.zone, report.span.end)},
                   {"sleepers", sleepers},
                   {"sessions", report.sessions.size()},
                   {"faults", report.faults.size()}});
  });
  if (error && all.empty()) return said(Json::array());
  std::reverse(all.begin(), all.end());
  return said(all);
}

HttpReply night(Store& store, const std::string& night) {
  store.flush();
  const auto told = read_night(store, night);
  if (!told) return span_of_night(Zone{}, night) ? failed(told.error()) : no_night(night);
  if (told->report.empty) return no_night(night);
  Json json = Json::parse(to_json(told->report, *told->house));
  json["lanes"] = lanes_of(told->report, *told->house);
  return said(json);
}

HttpReply night_file(Store& store, const std::string& night, const std::string& what, const PhraseBook* book) {
  store.flush();
  const auto told = read_night(store, night);
  if (!told || told->report.empty) return no_night(night);
  const auto say = [book](const std::string& text) { return book ? book->sentence(text).value_or(text) : text; };
  HttpReply reply;
  if (what == "picture.svg") {
    reply.content_type = "image/svg+xml";
    reply.body = to_svg(picture_of(told->report, *told->house, say));
  } else if (what == "picture.png") {
    auto png = to_png(picture_of(told->report, *told->house, say));
    if (!png) return failed(png.error());
    reply.content_type = "image/png";
    reply.body = *std::move(png);
  } else if (what == "data.csv") {
    reply.content_type = "text/csv; charset=utf-8";
    reply.body = minutes_csv(told->report, *told->house, true);
    reply.fields.emplace_back("Content-Disposition", "attachment; filename=\"lull-" + told->report.night + ".csv\"");
  } else {
    return http_problem(404, "there is picture.svg, picture.png and data.csv", "not_found");
  }
  return reply;
}

HttpReply decisions(Store& store, const Zone& zone, const std::string& night, const std::string& from,
                    const std::string& to) {
  const auto span = span_of_night(zone, night);
  if (!span) return http_problem(422, "\"night\" is missing or is no night", "no_night", kNight);
  const auto begin = from.empty() ? std::optional(span->begin) : time_from(from);
  const auto end = to.empty() ? std::optional(span->end) : time_from(to);
  if (!begin || !end) return http_problem(422, "\"from\" or \"to\" is no time", "no_time", kTime);
  store.flush();
  const auto found = decisions_in(store, std::max(*begin, span->begin), std::min(*end, span->end));
  if (!found) return failed(found.error());
  Json all = Json::array();
  for (const auto& [at, d] : *found) {
    if (all.size() == kMostDecisions) break;
    all.push_back({{"at", iso(zone, at)}, {"about", d.about}, {"outcome", word_for(d.outcome)}, {"why", d.why}});
  }
  return said({{"night", night}, {"decisions", all}, {"more", found->size() > kMostDecisions}});
}

HttpReply why(Store& store, const std::string& at) {
  const auto moment = time_from(at);
  if (!moment) return http_problem(422, "\"at\" is missing or is no time", "no_time", kTime);
  store.flush();
  const auto chapters = store.chapters();
  if (!chapters) return failed(chapters.error());
  if (chapters->empty() || *moment < chapters->front().begun)
    return http_problem(404, "nothing was recorded at that time", "not_recorded");
  const auto answer = why_at(store, *chapters, *moment);
  if (!answer) return failed(answer.error());
  HttpReply reply;
  reply.body = to_json(*answer, night_of(answer->house->zone, *moment));
  return reply;
}

HttpReply trends(Store& store, const std::string& weeks) {
  int n = 8;
  const auto [end, wrong] = std::from_chars(weeks.data(), weeks.data() + weeks.size(), n);
  if (!weeks.empty() && (wrong != std::errc{} || end != weeks.data() + weeks.size() || n < 1 || n > 104))
    return http_problem(422, "\"weeks\" must be a number of 1 to 104", "no_weeks");
  store.flush();
  const auto trend = read_trend(store, n);
  if (!trend) return failed(trend.error());
  HttpReply reply;
  reply.body = to_json(*trend);
  return reply;
}

}  // namespace lull::past
