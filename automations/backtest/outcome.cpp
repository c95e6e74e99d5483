// From reports to a comparison, and its words.
#include "automations/backtest/outcome.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "automations/actuator.hpp"

namespace lull::backtest {
namespace {

using Json = nlohmann::ordered_json;

std::string whole_minutes(milliseconds d) { return std::to_string((d.count() + 30'000) / 60'000); }

/// "3 (2)", or "3" when the other world is not known.
std::string beside(const std::string& would, const std::optional<std::string>& was) {
  return was ? would + " (" + *was + ")" : would;
}

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

std::string signed_text(std::int64_t difference) {
  return difference > 0 ? "+" + std::to_string(difference) : std::to_string(difference);
}

class Page {
 public:
  Page(const Outcome& outcome, bool brief) : o_(outcome), brief_(brief) {}

  std::string text() {
    if (o_.nights.empty()) {
      out_ = "No night to test.\n";
      remarks();
      return out_;
    }
    out_ +=
        std::to_string(o_.nights.size()) + (o_.nights.size() == 1 ? " night, " : " nights, ") + o_.nights.front().night;
    if (o_.nights.size() > 1) out_ += " to " + o_.nights.back().night;
    out_ += ": what would have happened";
    out_ += o_.beside.empty() ? ".\n\n" : ", and in brackets " + o_.beside + ".\n\n";
    row("night", "sessions", "massage min", "heat min", "episodes", "not done", "");
    for (const NightBeside& n : o_.nights) night(n);
    summary();
    remarks();
    out_ += "\n" + std::string(kAssumed) + "\n";
    return out_;
  }

 private:
  void row(const std::string& night, const std::string& sessions, const std::string& massage, const std::string& heat,
           const std::string& episodes, const std::string& refused, const std::string& source) {
    std::string line = padded(night, 12) + padded(sessions, 12) + padded(massage, 14) + padded(heat, 12) +
                       padded(episodes, 12) + padded(refused, 12) + source;
    line.erase(line.find_last_not_of(' ') + 1);
    out_ += line + "\n";
  }
  static std::string clock(const NightBeside& n, Utc at) { return clock_text(local(n.zone, at)); }

  void night(const NightBeside& n) {
    const auto number = [&](auto of) { return beside(of(n.would), n.was ? std::optional(of(*n.was)) : std::nullopt); };
    row(n.night, number([](const NightOf& x) { return std::to_string(x.sessions.size()); }),
        number([](const NightOf& x) { return whole_minutes(x.massage); }),
        number([](const NightOf& x) { return whole_minutes(x.heat); }),
        number([](const NightOf& x) { return std::to_string(x.episodes.size()); }),
        number([](const NightOf& x) { return std::to_string(x.refusals); }), n.source);
    if (brief_) return;
    constexpr std::size_t kMost = 12;
    for (std::size_t i = 0; i < n.would.episodes.size() && i < kMost; ++i) {
      const Noticed& e = n.would.episodes[i];
      out_ += "    " + clock(n, e.span.begin) + "  restless: " + e.sleeper + " (" + e.by + "), " +
              length_text(e.span.end - e.span.begin) + "\n";
    }
    for (std::size_t i = 0; i < n.would.sessions.size() && i < kMost; ++i) session(n, n.would.sessions[i], "would");
    if (n.was && differs(n))
      for (std::size_t i = 0; i < n.was->sessions.size() && i < kMost; ++i) session(n, n.was->sessions[i], "was");
    for (std::size_t i = 0; i < n.would.not_done.size() && i < kMost; ++i) {
      const Line& l = n.would.not_done[i];
      out_ += "    " + clock(n, l.first) + "  not: " + (l.about.empty() ? "" : l.about + ": ") + l.text;
      if (l.times > 1) out_ += " (" + std::to_string(l.times) + " times, until " + clock(n, l.last) + ")";
      out_ += "\n";
    }
    if (n.would.not_done.size() > kMost)
      out_ += "    and " + std::to_string(n.would.not_done.size() - kMost) + " other reasons\n";
  }
  /// Alike to the minute need not be said twice.
  static bool differs(const NightBeside& n) {
    const auto alike = [](const Ran& a, const Ran& b) {
      return a.routine == b.routine && std::abs((a.span.begin - b.span.begin).count()) < 60'000 &&
             std::abs((a.span.end - b.span.end).count()) < 60'000;
    };
    return !std::equal(n.would.sessions.begin(), n.would.sessions.end(), n.was->sessions.begin(), n.was->sessions.end(),
                       alike);
  }
  void session(const NightBeside& n, const Ran& s, const char* which) {
    out_ += "    " + clock(n, s.span.begin) + "  " + which + ": " + s.routine + ", " +
            length_text(s.span.end - s.span.begin);
    if (!s.asked_by.empty()) out_ += ", asked by " + s.asked_by;
    if (!s.ended_by.empty() && s.ended_by != "finished") out_ += "; ended: " + s.ended_by;
    out_ += "\n";
  }

  void summary() {
    const Totals all = totals(o_, true, false), would = totals(o_, true, true), was = totals(o_, false, true);
    out_ += "\nIn all " + std::to_string(all.sessions) + (all.sessions == 1 ? " session, " : " sessions, ") +
            whole_minutes(all.massage) + " min of massage, " + whole_minutes(all.heat) + " min of heat, " +
            std::to_string(all.episodes) + " episodes, " + std::to_string(all.refusals) + " times not done.\n";
    if (was.nights == 0) return;
    const auto more = [](milliseconds a, milliseconds b) {
      return (a.count() + 30'000) / 60'000 - (b.count() + 30'000) / 60'000;
    };
    out_ += "Against " + o_.beside +
            (was.nights < all.nights ? ", on " + std::to_string(was.nights) + (was.nights == 1 ? " night" : " nights")
                                     : "") +
            ": sessions " + signed_text(would.sessions - was.sessions) + ", massage " +
            signed_text(more(would.massage, was.massage)) + " min, heat " + signed_text(more(would.heat, was.heat)) +
            " min, episodes " + signed_text(would.episodes - was.episodes) + ", not done " +
            signed_text(would.refusals - was.refusals) + ".\n";
  }
  void remarks() {
    if (o_.remarks.empty()) return;
    out_ += "\n";
    for (const std::string& text : o_.remarks) out_ += "note: " + text + "\n";
  }

  const Outcome& o_;
  bool brief_;
  std::string out_;
};

double in_minutes(milliseconds d) { return std::round(static_cast<double>(d.count()) / 6000) / 10; }

Json json_of(const NightBeside& n, const NightOf& of) {
  Json sessions = Json::array(), episodes = Json::array(), not_done = Json::array();
  for (const Ran& s : of.sessions)
    sessions.push_back({{"routine", s.routine},
                        {"asked_by", s.asked_by},
                        {"begin", iso(n.zone, s.span.begin)},
                        {"end", iso(n.zone, s.span.end)},
                        {"minutes", in_minutes(s.span.end - s.span.begin)},
                        {"ended_by", s.ended_by},
                        {"gentle", s.gentle}});
  for (const Noticed& e : of.episodes)
    episodes.push_back({{"sleeper", e.sleeper},
                        {"begin", iso(n.zone, e.span.begin)},
                        {"end", iso(n.zone, e.span.end)},
                        {"minutes", in_minutes(e.span.end - e.span.begin)},
                        {"noticed_by", e.by}});
  for (const Line& l : of.not_done)
    not_done.push_back({{"first", iso(n.zone, l.first)},
                        {"last", iso(n.zone, l.last)},
                        {"times", l.times},
                        {"kind", l.kind},
                        {"about", l.about},
                        {"text", l.text}});
  return {{"massage_minutes", in_minutes(of.massage)},
          {"heat_minutes", in_minutes(of.heat)},
          {"refusals", of.refusals},
          {"sessions", sessions},
          {"episodes", episodes},
          {"not_done", not_done}};
}

Json json_of(const Totals& t) {
  return {{"nights", t.nights},
          {"sessions", t.sessions},
          {"massage_minutes", in_minutes(t.massage)},
          {"heat_minutes", in_minutes(t.heat)},
          {"episodes", t.episodes},
          {"refusals", t.refusals}};
}

}  // namespace

NightOf night_of_report(const NightReport& report, const House& house) {
  NightOf out;
  for (const Session& s : report.sessions)
    out.sessions.push_back({s.routine, s.asked_by, s.ended_by, s.span, s.gentle});
  for (const Episode& e : report.episodes)
    out.episodes.push_back({printable(house.sleepers[e.sleeper.index].name, 60), e.text, e.span});
  for (const DeviceNight& d : report.devices)
    (house.devices[d.device.index].kind == Kind::heat_pad ? out.heat : out.massage) += d.on;
  for (const Line& l : report.not_done) {
    const bool device = std::any_of(house.devices.begin(), house.devices.end(),
                                    [&](const Device& d) { return has_force(d.kind) && d.name == l.about; });
    if (l.kind == "did_not" && l.about.rfind("rule ", 0) != 0) continue;
    if (l.kind == "refused" && !device && l.about.rfind("rule ", 0) != 0) continue;
    out.refusals += l.times;
    out.not_done.push_back(l);
  }
  return out;
}

void remark(Outcome& outcome, std::string text) {
  if (std::find(outcome.remarks.begin(), outcome.remarks.end(), text) == outcome.remarks.end())
    outcome.remarks.push_back(std::move(text));
}

Totals totals(const Outcome& outcome, bool would, bool only_both) {
  Totals t;
  for (const NightBeside& n : outcome.nights) {
    if (!n.was && (only_both || !would)) continue;
    const NightOf& of = would ? n.would : *n.was;
    ++t.nights;
    t.sessions += static_cast<int>(of.sessions.size());
    t.episodes += static_cast<int>(of.episodes.size());
    t.refusals += of.refusals;
    t.massage += of.massage;
    t.heat += of.heat;
  }
  return t;
}

std::string to_text(const Outcome& outcome, bool brief) { return Page(outcome, brief).text(); }

std::string to_json(const Outcome& outcome) {
  Json nights = Json::array();
  for (const NightBeside& n : outcome.nights)
    nights.push_back({{"night", n.night},
                      {"source", n.source.empty() ? Json() : Json(n.source)},
                      {"would", json_of(n, n.would)},
                      {"was", n.was ? json_of(n, *n.was) : Json()}});
  const Json all{
      {"lull_backtest", 1},
      {"beside", outcome.beside.empty() ? Json() : Json(outcome.beside)},
      {"nights", nights},
      {"would_in_all", json_of(totals(outcome, true, false))},
      {"both", {{"would", json_of(totals(outcome, true, true))}, {"was", json_of(totals(outcome, false, true))}}},
      {"notes", outcome.remarks},
      {"assumed", kAssumed}};
  return all.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace lull::backtest
