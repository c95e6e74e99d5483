// The report as a person reads it in the terminal in the morning: movement and episodes first, never sleep totals.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

#include "automations/night/compared.hpp"
#include "automations/night/report.hpp"

namespace lull {
namespace {

std::string whole(double v) { return std::to_string(static_cast<long>(std::lround(v))); }
/// A rate below 10 keeps one decimal: 1.4 and 0.6 are not both 1.
std::string rate(double v) {
  if (v >= 9.95) return whole(v);
  char out[16];
  std::snprintf(out, sizeof out, "%.1f", v);
  return out;
}
std::string counted(int n, const char* one, const char* many) {
  return std::to_string(n) + " " + (n == 1 ? one : many);
}

class Page {
 public:
  Page(const NightReport& report, const House& house) : r_(report), house_(house) {}

  std::string text() {
    line("Night of " + date_words(r_.night) + (house_.name.empty() ? "" : ": " + printable(house_.name, 80)));
    if (r_.empty) {
      line("Nothing was recorded that night.");
      return out_;
    }
    line(clock(r_.span.begin) + " to " + clock(r_.span.end) + ", " + house_.zone.name() + ". Estimated from movement.");
    if (const auto before = offset_of(house_.zone, r_.span.begin), after = offset_of(house_.zone, r_.span.end);
        before != after)
      line("The clocks went " + std::string(after > before ? "forward" : "back") + " by " +
           length_text(after > before ? after - before : before - after) + " in this night.");
    for (const SleeperNight& s : r_.sleepers) sleeper(s);
    sessions();
    devices();
    if (!r_.unrecorded.empty()) {
      heading("Not watched");
      for (const Span& s : r_.unrecorded) item(from_to(s) + "  nothing was recorded: Lull was not running");
    }
    lines("Faults", r_.faults);
    lines("Not done, and why", r_.not_done);
    lines("Notes", r_.notes);
    line("");
    line("Estimated from movement. Lull gives comfort, it treats nothing.");
    return out_;
  }

 private:
  void line(const std::string& text) { (out_ += text) += '\n'; }
  void heading(const std::string& text) { line(""), line(text); }
  void item(const std::string& text) { line("  " + text); }
  std::string clock(Utc at) const { return clock_text(local(house_.zone, at)); }
  std::string from_to(const Span& s) const { return clock(s.begin) + " to " + clock(s.end); }
  std::string name(SleeperId id) const { return printable(house_.sleepers[id.index].name, 60); }
  std::string name(DeviceId id) const { return printable(house_.devices[id.index].name, 60); }

  void sleeper(const SleeperNight& s) {
    heading(name(s.sleeper));
    if (s.movements_per_hour) {
      item(rate(*s.movements_per_hour) + " movements an hour, estimated (" + std::to_string(*s.movements) +
           " in all; " + whole(s.coverage) + " % of " + length_text(s.in_bed) + " in bed was measured)");
    } else {
      item("No movement figures: " + s.no_figures + ".");
    }
    if (s.in_bed == milliseconds{0} && s.episodes == 0) return;
    if (s.movements_per_hour) cannot_tell(s.sleeper);
    item(s.episodes == 0
             ? s.no_figures.empty() ? "no restless episode" : "no restless episode in the part that was measured"
             : counted(s.episodes, "restless episode", "restless episodes") + ", " + length_text(s.restless) +
                   " in all" + (s.replays ? "; " + counted(s.replays, "replay", "replays") : ""));
    for (const Episode& e : r_.episodes) {
      if (e.sleeper == s.sleeper) episode(e);
    }
    if (!s.presence_known)
      item("When they were in bed is not known: the hours are those that were measured.");
    else if (s.into_bed)
      in_bed(s);
  }
  /// What the sensors that made these figures cannot tell.
  void cannot_tell(SleeperId who) {
    std::string text;
    for (const Device& d : house_.devices)
      if (d.kind == Kind::movement && d.sleeper.value_or(who) == who)
        text += (text.empty() ? "" : "; ") + printable(d.name, 60) + " " +
                std::string(words_for_limits(d.stream, d.epoch, d.hold_off));
    if (!text.empty()) item("What to know of it: " + text + ".");
  }
  void episode(const Episode& e) {
    std::string text = from_to(e.span) + "  " + length_text(e.span.end - e.span.begin);
    if (e.peak) text += ", up to " + counted(*e.peak, "movement", "movements") + " a minute";
    if (e.unseen >= 1min) text += ", " + length_text(e.unseen) + " of it not measured";
    if (!e.answered_by.empty()) {
      text += "; " + e.answered_by + " answered ";
      text += e.answered_after < 5s ? "at once" : "after " + length_text(e.answered_after);
    }
    if (!e.finished) text += "; its end is not in the record";
    item("  " + text);
  }
  void in_bed(const SleeperNight& s) {
    std::string text = "in bed from " + clock(*s.into_bed);
    text += s.up ? " to " + clock(*s.up) : ", still there when the record ends at " + clock(r_.record_ends);
    if (!s.out_of_bed.empty()) {
      text +=
          "; out of bed " + (s.out_of_bed.size() == 1 ? "once" : std::to_string(s.out_of_bed.size()) + " times") + ": ";
      for (std::size_t i = 0; i < s.out_of_bed.size() && i < 6; ++i)
        text += (i ? ", " : "") + clock(s.out_of_bed[i].begin) + " (" +
                length_text(s.out_of_bed[i].end - s.out_of_bed[i].begin) + ")";
      if (s.out_of_bed.size() > 6) text += " and later";
    }
    item(text);
  }

  void sessions() {
    if (r_.sessions.empty()) return;
    heading("Relief");
    bool pair_given = false;
    for (const Session& s : r_.sessions) {
      std::string text = clock(s.span.begin) + "  " + s.routine + ", " + length_text(s.span.end - s.span.begin);
      if (!s.asked_by.empty()) text += ", asked by " + s.asked_by;
      if (!s.ended_by.empty()) text += "; ended: " + s.ended_by;
      item(text);
      for (const BeforeAfter& p : s.pairs) pair_given |= pair(p, s);
    }
    if (!pair_given) return;
    for (const SleeperNight& s : r_.sleepers) {
      const Compared all = compared_in(r_, s.sleeper);
      if (all.compared > 0 && all.sessions > 1)
        item("All of this night, " + name(s.sleeper) + ": movements an hour " + words_for(all));
    }
    item("Movement falls by itself too, and one night is no verdict: `lull report --weeks 4` compares many.");
  }
  bool pair(const BeforeAfter& p, const Session& s) {
    const std::string who = s.pairs.size() > 1 ? name(p.sleeper) + ": " : "";
    if (p.before_per_hour && p.after_per_hour) {
      item("       " + who + "movements an hour: " + rate(*p.before_per_hour) + " in the 15 min before, " +
           rate(*p.after_per_hour) + " in the 15 min after (measured " + std::to_string(p.before_data.count()) +
           " and " + std::to_string(p.after_data.count()) + " min)");
      return true;
    }
    if (p.before_data > minutes{0} || p.after_data > minutes{0})
      item("       " + who + "no comparison: of the 15 min before and after, " + std::to_string(p.before_data.count()) +
           " and " + std::to_string(p.after_data.count()) + " were measured");
    return false;
  }

  void devices() {
    if (r_.devices.empty()) return;
    heading("Heat and massage");
    for (const DeviceNight& d : r_.devices) {
      const bool heat = house_.devices[d.device.index].kind == Kind::heat_pad;
      if (d.spans.empty()) {
        item(name(d.device) + ": never on in the record");
        continue;
      }
      item(name(d.device) + ": " + length_text(d.on) + (heat ? " of heat" : " of massage") + ", at " +
           whole(d.level_minutes * 60'000 / static_cast<double>(std::max<std::int64_t>(1, d.on.count()))) +
           " % on average");
      for (std::size_t i = 0; i < d.spans.size() && i < 12; ++i) {
        const DeviceOn& on = d.spans[i];
        item("  " + from_to(on.span) + "  up to " + whole(on.peak_level) + " %; off: " + on.off_because +
             (on.off_proved ? " (proved by the device)" : " (not proved)"));
      }
      if (d.spans.size() > 12) item("  and " + std::to_string(d.spans.size() - 12) + " times more");
    }
  }

  void lines(const std::string& title, const std::vector<Line>& all) {
    if (all.empty()) return;
    heading(title);
    for (std::size_t i = 0; i < all.size() && i < 15; ++i) {
      const Line& l = all[i];
      std::string text = clock(l.first);
      if (l.times > 1) text += " to " + clock(l.last) + " (" + std::to_string(l.times) + " times)";
      text += "  ";
      if (l.kind == "refused" || l.kind == "lost") text += l.kind + ": ";
      if (!l.about.empty()) text += l.about + ": ";
      item(text + l.text);
    }
    if (all.size() > 15) item("and " + std::to_string(all.size() - 15) + " more; `lull why TIME` tells each");
  }

  const NightReport& r_;
  const House& house_;
  std::string out_;
};

}  // namespace

std::string to_text(const NightReport& report, const House& house) { return Page(report, house).text(); }

}  // namespace lull
