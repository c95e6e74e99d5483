// The report for programs. The keys are a contract: docs/REPORT.md names each, and only new ones may be added.
#include <cmath>
#include <nlohmann/json.hpp>

#include "automations/night/compared.hpp"
#include "automations/night/report.hpp"

namespace lull {
namespace {

using Json = nlohmann::ordered_json;  // the order of a page somebody reads

/// One decimal: a movement sensor knows no more.
double tenth(double v) { return std::isfinite(v) ? std::round(v * 10) / 10 : 0; }
double in_minutes(milliseconds m) { return tenth(static_cast<double>(m.count()) / 60'000); }
template <class T>
Json maybe(const std::optional<T>& v) {
  return v ? Json(*v) : Json();
}
Json maybe_tenth(const std::optional<double>& v) { return v ? Json(tenth(*v)) : Json(); }

class Writer {
 public:
  Writer(const NightReport& report, const House& house) : r_(report), house_(house) {}

  Json all() const {
    Json j{{"lull_report", 1},
           {"night", r_.night},
           {"house", printable(house_.name, 120)},
           {"time_zone", house_.zone.name()},
           {"empty", r_.empty},
           {"estimated", true},
           {"span", r_.empty ? Json() : span(r_.span)},
           {"record_ends", r_.empty ? Json() : Json(at(r_.record_ends))}};
    j["sleepers"] = list(r_.sleepers, [&](const SleeperNight& s) { return sleeper(s); });
    j["episodes"] = list(r_.episodes, [&](const Episode& e) { return episode(e); });
    j["sessions"] = list(r_.sessions, [&](const Session& s) { return session(s); });
    j["devices"] = list(r_.devices, [&](const DeviceNight& d) { return device(d); });
    for (const auto& [key, lines] : {std::pair{"not_done", &r_.not_done}, {"faults", &r_.faults}, {"notes", &r_.notes}})
      j[key] = list(*lines, [&](const Line& l) { return line(l); });
    j["unrecorded"] = list(r_.unrecorded, [&](const Span& s) { return span(s); });
    j["left_out_records"] = r_.left_out;
    return j;
  }

 private:
  template <class T, class F>
  static Json list(const std::vector<T>& of, F each) {
    Json out = Json::array();
    for (const T& t : of) out.push_back(each(t));
    return out;
  }
  std::string at(Utc t) const { return iso(house_.zone, t); }
  Json maybe_at(const std::optional<Utc>& t) const { return t ? Json(at(*t)) : Json(); }
  Json span(const Span& s) const { return {{"begin", at(s.begin)}, {"end", at(s.end)}}; }
  std::string id(SleeperId s) const { return house_.sleepers[s.index].id; }

  Json sleeper(const SleeperNight& s) const {
    return {{"sleeper", id(s.sleeper)},
            {"name", printable(house_.sleepers[s.sleeper.index].name, 120)},
            {"presence_known", s.presence_known},
            {"in_bed_minutes", in_minutes(s.in_bed)},
            {"in_bed_from", maybe_at(s.into_bed)},
            {"in_bed_to", maybe_at(s.up)},
            {"presence_unknown_minutes", in_minutes(s.presence_unknown)},
            {"out_of_bed", list(s.out_of_bed, [&](const Span& o) { return span(o); })},
            {"coverage_percent", tenth(s.coverage)},
            {"measured_minutes", in_minutes(s.measured)},
            {"gated_minutes", in_minutes(s.gated)},
            {"missing_minutes", in_minutes(s.missing)},
            {"no_figures_because", s.no_figures.empty() ? Json() : Json(s.no_figures)},
            {"movements", maybe(s.movements)},
            {"movements_per_hour", maybe_tenth(s.movements_per_hour)},
            {"restless_minutes", in_minutes(s.restless)},
            {"episodes", s.episodes},
            {"replays", s.replays},
            {"relief", relief(s.sleeper)},
            {"sensors", sensors(s.sleeper)}};
  }
  Json sensors(SleeperId who) const {
    Json out = Json::array();
    for (const Device& d : house_.devices)
      if (d.kind == Kind::movement && d.sleeper.value_or(who) == who)
        out.push_back({{"device", d.id},
                       {"name", printable(d.name, 120)},
                       {"stream", word_for(d.stream)},
                       {"limits", words_for_limits(d.stream, d.epoch, d.hold_off)}});
    return out;
  }
  Json relief(SleeperId who) const {
    const Compared c = compared_in(r_, who);
    return {{"sessions", c.sessions},
            {"compared", c.compared},
            {"before_per_hour", c.compared ? Json(tenth(c.before())) : Json()},
            {"after_per_hour", c.compared ? Json(tenth(c.after())) : Json()}};
  }
  Json episode(const Episode& e) const {
    return {{"sleeper", id(e.sleeper)},
            {"begin", at(e.span.begin)},
            {"end", at(e.span.end)},
            {"finished", e.finished},
            {"minutes", in_minutes(e.span.end - e.span.begin)},
            {"movements", e.movements},
            {"peak_per_minute", maybe(e.peak)},
            {"unseen_minutes", in_minutes(e.unseen)},
            {"noticed_by", e.text},
            {"answered_by", e.answered_by.empty() ? Json() : Json(e.answered_by)},
            {"answered_after_seconds",
             e.answered_by.empty() ? Json() : Json(duration_cast<seconds>(e.answered_after).count())}};
  }
  Json session(const Session& s) const {
    return {{"routine", s.routine},
            {"asked_by", s.asked_by},
            {"sleeper", s.sleeper ? Json(id(*s.sleeper)) : Json()},
            {"begin", at(s.span.begin)},
            {"end", at(s.span.end)},
            {"finished", s.finished},
            {"minutes", in_minutes(s.span.end - s.span.begin)},
            {"ended_by", s.ended_by},
            {"gentle", s.gentle},
            {"movements_per_hour", list(s.pairs, [&](const BeforeAfter& p) {
               return Json{{"sleeper", id(p.sleeper)},
                           {"before", maybe_tenth(p.before_per_hour)},
                           {"before_measured_minutes", p.before_data.count()},
                           {"after", maybe_tenth(p.after_per_hour)},
                           {"after_measured_minutes", p.after_data.count()}};
             })}};
  }
  Json device(const DeviceNight& d) const {
    const Device& device = house_.devices[d.device.index];
    return {{"device", device.id},
            {"name", printable(device.name, 120)},
            {"kind", device.kind == Kind::heat_pad ? "heat" : "massage"},
            {"on_minutes", in_minutes(d.on)},
            {"level_minutes", tenth(d.level_minutes)},
            {"spans", list(d.spans, [&](const DeviceOn& on) {
               return Json{{"begin", at(on.span.begin)},
                           {"end", at(on.span.end)},
                           {"finished", on.finished},
                           {"peak_level", tenth(on.peak_level)},
                           {"mean_level", tenth(on.mean_level)},
                           {"off_because", on.off_because},
                           {"off_proved", on.off_proved}};
             })}};
  }
  Json line(const Line& l) const {
    return {{"first", at(l.first)}, {"last", at(l.last)}, {"times", l.times},
            {"kind", l.kind},       {"about", l.about},   {"text", l.text}};
  }

  const NightReport& r_;
  const House& house_;
};

}  // namespace

std::string to_json(const NightReport& report, const House& house) {
  return Writer(report, house).all().dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace lull
