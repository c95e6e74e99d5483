// From one night's record to its figures. Every figure knows how much of the night it rests on.
#include "automations/night/report.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "automations/night/lanes.hpp"
#include "devices/result.hpp"

namespace lull {
namespace {

constexpr milliseconds kPairWindow = 15min;
constexpr milliseconds kPairNeeds = kPairWindow * kLeastCoverage / 100;

milliseconds length(const Span& s) { return s.end - s.begin; }
milliseconds overlap(const Span& a, const Span& b) {
  return std::max(milliseconds{0}, std::min(a.end, b.end) - std::max(a.begin, b.begin));
}
milliseconds overlap(const Span& a, const std::vector<Span>& with) {
  milliseconds sum{};
  for (const Span& b : with) sum += overlap(a, b);
  return sum;
}
double per_hour(int movements, milliseconds data) {
  return movements * 3'600'000.0 / static_cast<double>(data.count());
}

/// The sleepers whose pads this session may have moved: nobody's pad is everybody's.
std::vector<SleeperId> moved_by(const House& house, const Session& session) {
  if (session.sleeper) return {*session.sleeper};
  std::vector<bool> theirs(house.sleepers.size(), false);
  bool any = false;
  if (const Routine* routine = house.routine(session.routine)) {
    for (const Track& track : routine->tracks) {
      if (track.kind != TrackKind::massage && track.kind != TrackKind::heat) continue;
      if (track.device.index >= house.devices.size()) continue;
      const auto& whose = house.devices[track.device.index].sleeper;
      if (!whose || whose->index >= theirs.size())
        theirs.assign(theirs.size(), true);
      else
        theirs[whose->index] = true;
      any = true;
    }
  }
  std::vector<SleeperId> out;
  for (std::size_t i = 0; i < theirs.size(); ++i) {
    if (!any || theirs[i]) out.push_back({static_cast<std::uint16_t>(i)});
  }
  return out;
}

struct Counted {
  int movements = 0;
  milliseconds data{};
};
/// What the minutes that lie wholly inside `window` saw.
Counted count(const std::vector<MovementMinute>& minutes, SleeperId whose, const Span& window) {
  Counted c;
  for (const MovementMinute& m : minutes) {
    if (m.sleeper != whose || !m.movements || m.span.begin < window.begin || m.span.end > window.end) continue;
    c.movements += *m.movements;
    c.data += length(m.span);
  }
  return c;
}

BeforeAfter pair_of(const NightReport& report, const Session& s, SleeperId whose) {
  BeforeAfter pair{whose, {}, {}, {}, {}};
  const auto side = [&](const Span& window, minutes& data, std::optional<double>& rate) {
    const Counted c = count(report.movement, whose, window);
    data = std::chrono::round<minutes>(c.data);
    if (c.data >= kPairNeeds) rate = per_hour(c.movements, c.data);
  };
  side({s.span.begin + -kPairWindow, s.span.begin}, pair.before_data, pair.before_per_hour);
  if (s.finished) side({s.span.end, s.span.end + kPairWindow}, pair.after_data, pair.after_per_hour);
  return pair;
}

Episode episode_of(const NightReport& report, const House& house, const LaneSpan& lane) {
  Episode e{*lane.sleeper, lane.span, lane.finished, lane.text, 0, {}, length(lane.span), "", {}};
  for (const MovementMinute& m : report.movement) {
    // By its middle: the minute in which an episode begins was mostly before it, or mostly in it.
    const Utc middle = m.span.begin + (m.span.end - m.span.begin) / 2;
    if (m.sleeper != e.sleeper || !m.movements || middle < e.span.begin || middle >= e.span.end) continue;
    e.movements += *m.movements;
    e.peak = std::max(e.peak.value_or(0), *m.movements);
    e.unseen -= overlap(m.span, e.span);
  }
  for (const Session& s : report.sessions) {
    if (s.span.begin < e.span.begin || s.span.begin > e.span.end || !e.answered_by.empty()) continue;
    const auto whom = moved_by(house, s);
    if (std::find(whom.begin(), whom.end(), e.sleeper) == whom.end()) continue;
    e.answered_by = s.routine;
    e.answered_after = s.span.begin - e.span.begin;
  }
  return e;
}

SleeperNight sleeper_of(const NightReport& report, const House& house, SleeperId who) {
  SleeperNight night;
  night.sleeper = who;
  std::vector<Span> in_bed;
  std::optional<Span> away;  // from out of bed to the next that is known of it, or known not to be known
  bool still_in = false;
  for (const LaneSpan& s : report.lanes) {
    if (s.lane != Lane::in_bed || s.sleeper != who) continue;
    if (away && away->end == away->begin) {
      if (s.span.begin > away->begin)
        away->end = s.span.begin;
      else
        away.reset();
    }
    if (s.value < 0) {
      night.presence_unknown += length(s.span);
      continue;
    }
    if (away) night.out_of_bed.push_back(*away);
    in_bed.push_back(s.span);
    away = Span{s.span.end, s.span.end};
    still_in = !s.finished;
  }
  if (in_bed.empty()) {
    night.presence_known = false;
    std::optional<Span> watched;
    for (const MovementMinute& m : report.movement) {
      if (m.sleeper != who || !m.movements) continue;
      if (!watched) watched = m.span;
      watched->end = m.span.end;
    }
    if (watched) in_bed.push_back(*watched);
  }
  if (!in_bed.empty()) {
    night.into_bed = in_bed.front().begin;
    if (!still_in) night.up = in_bed.back().end;
  }
  for (const Span& s : in_bed) night.in_bed += length(s);
  int movements = 0;
  for (const MovementMinute& m : report.movement) {
    if (m.sleeper != who) continue;
    const milliseconds inside = overlap(m.span, in_bed);
    (m.movements ? night.measured : night.gated) += inside;
    if (m.movements && inside * 2 >= length(m.span)) movements += *m.movements;
  }
  night.missing = night.in_bed - night.measured - night.gated;
  for (const Episode& e : report.episodes) {
    if (e.sleeper != who) continue;
    ++night.episodes;
    night.restless += length(e.span);
  }
  for (const Session& s : report.sessions) {
    const auto whom = moved_by(house, s);
    night.replays += s.gentle && std::find(whom.begin(), whom.end(), who) != whom.end();
  }
  if (night.in_bed == milliseconds{0}) {
    night.no_figures = "nobody was seen in this bed";
    return night;
  }
  night.coverage = 100.0 * static_cast<double>(night.measured.count()) / static_cast<double>(night.in_bed.count());
  if (night.measured * 100 < night.in_bed * kLeastCoverage) {
    night.no_figures = "movement was measured in only " + std::to_string(static_cast<int>(night.coverage)) +
                       " % of the time in bed, and a figure needs " + std::to_string(kLeastCoverage) +
                       " %: " + length_text(night.gated) +
                       " were left out (a pad was running, or the sensor was silent) and " +
                       length_text(night.missing) + " not recorded";
    return night;
  }
  night.movements = movements;
  night.movements_per_hour = per_hour(movements, night.measured);
  return night;
}

DeviceNight device_of(const NightReport& report, DeviceId id) {
  DeviceNight night{id, {}, 0, {}};
  for (const LaneSpan& s : report.lanes) {
    if ((s.lane != Lane::massage && s.lane != Lane::heat) || s.device != id) continue;
    const auto ms = static_cast<double>(length(s.span).count());
    night.on += length(s.span);
    night.level_minutes += s.value * ms / 60'000;
    const bool goes_on =
        !night.spans.empty() && night.spans.back().span.end == s.span.begin && night.spans.back().finished;
    if (!goes_on) night.spans.push_back({{s.span.begin, s.span.begin}, 0, 0, true, false, ""});
    DeviceOn& on = night.spans.back();
    const auto before = static_cast<double>(length(on.span).count());
    on.mean_level = (on.mean_level * before + s.value * ms) / (before + ms);
    on.peak_level = std::max(on.peak_level, s.value);
    on.span.end = s.span.end;
    on.finished = s.finished;
    on.off_because = s.text;
  }
  for (DeviceOn& on : night.spans) {
    on.off_proved = on.finished;  // these lanes hold what the device proved: a 0 in them is its own word
    if (on.off_because.empty())
      on.off_because = on.finished ? "no cause was recorded" : "still on when the record ends";
  }
  return night;
}

std::string without_digits(std::string_view text) {
  std::string out;
  std::copy_if(text.begin(), text.end(), std::back_inserter(out), [](char c) { return c < '0' || c > '9'; });
  return out;
}

/// Puts what was said into the report's lists; alike but for its numbers is said once.
class Words {
 public:
  Words(NightReport& report, const House& house) : report_(report), house_(house) {}
  void hear(const Timed& record) {
    at_ = record.utc;
    std::visit(Match{[&](const Note& n) { note(n); },
                     [&](const Decision& d) {
                       if (d.outcome != Decision::Outcome::did && d.outcome != Decision::Outcome::ended)
                         add(report_.not_done, word_for(d.outcome), d.about, d.why);
                     },
                     [&](const Notify& n) {
                       if (n.urgency >= Notify::Urgency::fault && !n.only)
                         add(report_.faults, word_for(n.urgency), "", n.text);
                     },
                     [](const RunBegan&) {}},
               record.what);
  }

 private:
  void note(const Note& n) {
    if (n.lane != Lane::note || n.text.empty()) return;
    std::string_view about;
    if (n.device && n.device->index < house_.devices.size())
      about = house_.devices[n.device->index].name;
    else if (n.sleeper && n.sleeper->index < house_.sleepers.size())
      about = house_.sleepers[n.sleeper->index].name;
    add(report_.notes, "note", about, n.text);
  }
  void add(std::vector<Line>& lines, std::string_view kind, std::string_view about, std::string_view text) {
    Line line{at_, at_, 1, std::string(kind), printable(about, 120), printable(text)};
    const auto [known, first] =
        places_.try_emplace(line.kind + '\n' + line.about + '\n' + without_digits(line.text), lines.size());
    if (!first) {
      Line& earlier = lines[known->second];
      earlier.last = at_;
      earlier.text = std::move(line.text);
      ++earlier.times;
    } else if (lines.size() < kMaxReportLines) {
      lines.push_back(std::move(line));
    } else {
      places_.erase(known);
      ++report_.left_out;
    }
  }

  NightReport& report_;
  const House& house_;
  Utc at_;
  std::map<std::string, std::size_t> places_;  // at most kMaxReportLines a list
};

/// From the first to the last thing that happened, outward to the quarter of an hour. A lamp that burned all evening
/// does not make the night longer.
Span happened(const NightReport& report, const Span& night) {
  std::optional<Span> all;
  const auto add = [&](const Span& s) {
    all = all ? Span{std::min(all->begin, s.begin), std::max(all->end, s.end)} : s;
  };
  for (const LaneSpan& s : report.lanes) {
    const bool unknown = s.lane == Lane::in_bed && s.value < 0;
    if (s.lane != Lane::light && s.lane != Lane::other && !unknown) add(s.span);
  }
  for (const MovementMinute& m : report.movement) {
    if (m.movements) add(m.span);
  }
  if (!all) {
    for (const LaneSpan& s : report.lanes) add(s.span);
    for (const auto* lines : {&report.notes, &report.faults, &report.not_done}) {
      for (const Line& l : *lines) add({l.first, l.last});
    }
  }
  if (!all) all = Span{report.record_ends, report.record_ends};
  constexpr milliseconds kQuarter = 15min;
  const auto down = [&](Utc t) { return Utc{t.since_epoch - t.since_epoch % kQuarter}; };
  constexpr milliseconds kAir = 4min;  // nothing touches the picture's edge
  Span out{down(all->begin + -kAir), down(all->end + (kAir + kQuarter - 1ms))};
  if (out.end - out.begin < 1h) out.end = out.begin + 1h;
  return {std::max(out.begin, night.begin), std::min(out.end, night.end)};
}

}  // namespace

NightReport report_of(const House& house, std::string night, std::vector<Timed> records) {
  NightReport report;
  report.night = printable(night, 40);
  const auto earlier = [](const Timed& a, const Timed& b) { return a.utc < b.utc; };
  auto named = span_of_night(house.zone, night);
  if (!named && !records.empty()) {  // no date: the night of its first line
    const auto first = std::min_element(records.begin(), records.end(), earlier)->utc;
    named = span_of_night(house.zone, night_of(house.zone, first));
  }
  const Span whole = named.value_or(Span{});
  report.left_out += static_cast<int>(
      std::erase_if(records, [&](const Timed& r) { return r.utc < whole.begin || r.utc >= whole.end; }));
  if (records.size() > kMaxReportRecords) {
    report.left_out += static_cast<int>(records.size() - kMaxReportRecords);
    records.resize(kMaxReportRecords);
  }
  std::stable_sort(records.begin(), records.end(), earlier);

  Words words(report, house);
  for (const Timed& record : records) words.hear(record);
  Lanes lanes = lanes_of(house, records);
  report.lanes = std::move(lanes.spans);
  report.movement = std::move(lanes.minutes);
  report.sessions = std::move(lanes.sessions);
  report.unrecorded = std::move(lanes.unrecorded);
  report.left_out += lanes.left_out;
  if (!records.empty()) report.record_ends = records.back().utc;

  for (const LaneSpan& s : report.lanes) {
    if (s.lane != Lane::episode) continue;
    if (report.episodes.size() < kMaxReportLines)
      report.episodes.push_back(episode_of(report, house, s));
    else
      ++report.left_out;
  }
  for (Session& s : report.sessions) {
    for (const SleeperId who : moved_by(house, s)) s.pairs.push_back(pair_of(report, s, who));
  }
  for (std::size_t i = 0; i < house.sleepers.size(); ++i)
    report.sleepers.push_back(sleeper_of(report, house, {static_cast<std::uint16_t>(i)}));
  for (std::size_t i = 0; i < house.devices.size(); ++i) {
    const Kind kind = house.devices[i].kind;
    if (kind == Kind::massage_pad || kind == Kind::heat_pad)
      report.devices.push_back(device_of(report, {static_cast<std::uint16_t>(i)}));
  }
  report.empty = report.lanes.empty() && report.movement.empty() && report.sessions.empty() && report.notes.empty() &&
                 report.faults.empty() && report.not_done.empty();
  report.span = report.empty ? whole : happened(report, whole);
  return report;
}

}  // namespace lull
