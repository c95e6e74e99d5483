// The lanes of the picture: who was in bed, how they moved, and what the house did about it.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iterator>

#include "automations/night/canvas.hpp"

namespace lull {
namespace {

constexpr double kPad = 4;  // inside a lane
constexpr std::size_t kMaxLevelRows = 10;

std::string percent(double v) { return std::to_string(static_cast<int>(std::lround(v))) + " %"; }

/// Words in the lane's free room: right of a mark if they fit there, else left of it, else cut, else only the tooltip.
void words_beside(Canvas& c, const Row& row, double begin, double end, double free_from, double free_to,
                  const std::string& text) {
  const double baseline = row.y + row.h / 2 + 9, right = free_to - end - 20, left = begin - free_from - 20;
  const double width = text_width(text, kSize);
  if (width <= right || (width > left && right >= left && right > 130))
    return c.words(end + 10, baseline, fitted(text, kSize, right), ink::dim, Text::Anchor::left, kSize, text);
  if (width <= left || left > 130)
    c.words(begin - 10, baseline, fitted(text, kSize, left), ink::dim, Text::Anchor::right, kSize, text);
}

std::vector<const LaneSpan*> spans_of(const Canvas& c, Lane lane, const Row& row) {
  std::vector<const LaneSpan*> out;
  for (const LaneSpan& s : c.report.lanes) {
    if (s.lane != lane || !c.shows(s.span)) continue;
    if (lane == Lane::play || (row.what == Row::What::level ? s.device == row.device : s.sleeper == row.sleeper))
      out.push_back(&s);
  }
  return out;
}

void in_bed(Canvas& c, const Row& row) {
  for (const LaneSpan* s : spans_of(c, Lane::in_bed, row)) {
    const double x = c.x(s->span.begin), w = std::max(2.0, c.x(s->span.end) - x);
    const bool unknown = s->value < 0;
    c.add(Rect{x, row.y + kPad, w, row.h - 2 * kPad, row.colour, 4, unknown,
               c.say((unknown ? "Not known whether in bed, " : "In bed ") + c.from_to(s->span))});
  }
}

/// What of `bed` no minute with data covers: the striped part.
std::vector<Span> unmeasured(const std::vector<Span>& bed, const std::vector<const MovementMinute*>& measured) {
  std::vector<Span> out;
  std::size_t first = 0;
  for (const Span& s : bed) {
    Utc from = s.begin;
    while (first < measured.size() && measured[first]->span.end <= s.begin) ++first;
    for (std::size_t i = first; i < measured.size() && measured[i]->span.begin < s.end; ++i) {
      if (measured[i]->span.begin > from) out.push_back({from, measured[i]->span.begin});
      from = std::max(from, measured[i]->span.end);
    }
    if (from < s.end) out.push_back({from, s.end});
  }
  return out;
}

void movement(Canvas& c, const Row& row) {
  std::vector<const MovementMinute*> measured;
  std::vector<Span> should;
  int most = 6;  // a scale that does not make one turn look like a storm
  for (const MovementMinute& m : c.report.movement) {
    most = std::max(most, m.movements.value_or(0));
    if (m.sleeper != row.sleeper || !c.shows(m.span)) continue;
    if (m.movements) measured.push_back(&m);
  }
  bool presence = false;
  for (const LaneSpan* s : spans_of(c, Lane::in_bed, row)) {
    presence = true;
    if (s->value > 0) should.push_back(s->span);
  }
  if (!presence) {
    for (const MovementMinute& m : c.report.movement) {
      if (m.sleeper == row.sleeper && !m.movements && c.shows(m.span)) should.push_back(m.span);
    }
  }
  for (const Episode& e : c.report.episodes) {  // a veil, so that the eye finds what was called restless
    if (e.sleeper != row.sleeper || !c.shows(e.span)) continue;
    c.add(Rect{c.x(e.span.begin), row.y, std::max(4.0, c.x(e.span.end) - c.x(e.span.begin)), row.h,
               Colour{ink::restless.rgb, 44}, 0, false, ""});
  }
  std::optional<Span> stripe;  // stripes that touch are one; a second of rounding is no gap
  const auto draw = [&] {
    if (!stripe || stripe->end - stripe->begin < 10s) return;
    const double x = c.x(stripe->begin);
    c.add(Rect{x, row.y + kPad, c.x(stripe->end) - x, row.h - 2 * kPad, Colour{ink::dim.rgb, 90}, 0, true,
               c.say("Not measured " + c.from_to(*stripe))});
  };
  for (const Span& s : unmeasured(should, measured)) {
    if (stripe && s.begin - stripe->end < 10s) {
      stripe->end = s.end;
      continue;
    }
    draw();
    stripe = s;
  }
  draw();

  const double base = row.y + row.h - kPad, height = row.h - 2 * kPad;
  std::optional<Span> still;
  const auto floor_line = [&] {
    if (still)
      c.add(Rect{c.x(still->begin), base - 2, c.x(still->end) - c.x(still->begin), 2, ink::still, 0, false, ""});
    still.reset();
  };
  for (const MovementMinute* m : measured) {
    if (still && m->span.begin - still->end < 10s)
      still->end = m->span.end;
    else
      floor_line(), still = m->span;
  }
  floor_line();
  for (const MovementMinute* m : measured) {
    if (*m->movements <= 0) continue;
    const double x = c.x(m->span.begin), w = std::max(3.0, c.x(m->span.end) - x - 0.4);
    const double h = std::max(4.0, height * *m->movements / most);
    c.add(Rect{x, base - h, w, h, row.colour, 0, false,
               c.say(c.clock(m->span.begin) + ": " + std::to_string(*m->movements) +
                     (*m->movements == 1 ? " movement" : " movements"))});
  }
}

void restless(Canvas& c, const Row& row) {
  std::vector<const Episode*> mine;
  for (const Episode& e : c.report.episodes) {
    if (e.sleeper == row.sleeper && c.shows(e.span)) mine.push_back(&e);
  }
  double free_from = kLeft;
  for (std::size_t i = 0; i < mine.size(); ++i) {
    const Episode& e = *mine[i];
    const double x = c.x(e.span.begin), end = std::max(x + 4, c.x(e.span.end));
    std::string title = c.say("Restless " + c.from_to(e.span));
    if (e.peak) title += ", " + c.say("up to " + std::to_string(*e.peak) + " movements a minute");
    if (!e.answered_by.empty()) title += "; " + c.say("answered by " + e.answered_by);
    if (!e.finished) title += "; " + c.say("its end is not in the record");
    c.add(Rect{x, row.y + kPad, end - x, row.h - 2 * kPad, row.colour, 4, false, title});
    const double next = i + 1 < mine.size() ? c.x(mine[i + 1]->span.begin) : kRight;
    words_beside(c, row, x, end, free_from, next, length_text(e.span.end - e.span.begin));
    free_from = next < kRight ? std::min(next, end + 90) : end;
  }
}

/// A level over time, drawn a pixel at a time: a wave of a thousand steps is still a picture of a thousand pixels.
void level(Canvas& c, const Row& row) {
  const auto spans = spans_of(c, row.lane, row);
  const double base = row.y + row.h - kPad, height = row.h - 2 * kPad;
  if (spans.empty()) return c.words(kLeft + 12, row.y + row.h / 2 + 9, c.say("never on in the record"), ink::dim);
  struct On {
    Span span;
    double peak = 0;
    bool finished = true;
    std::string text;
  };
  std::vector<On> ons;
  std::vector<double> columns(static_cast<std::size_t>(kRight - kLeft) + 1, 0.0);
  for (const LaneSpan* s : spans) {
    const auto from = static_cast<std::size_t>(std::floor(c.x(s->span.begin) - kLeft));
    const auto to = static_cast<std::size_t>(std::ceil(c.x(s->span.end) - kLeft));
    for (std::size_t i = from; i < std::max(to, from + 1) && i < columns.size(); ++i)
      columns[i] = std::max(columns[i], s->value);
    if (ons.empty() || ons.back().span.end != s->span.begin || !ons.back().finished)
      ons.push_back({{s->span.begin, s->span.begin}, 0, true, ""});
    On& on = ons.back();
    on.span.end = s->span.end;
    on.peak = std::max(on.peak, s->value);
    on.finished = s->finished;
    on.text = s->text;
  }
  // Behind each stretch a veil as high as the lane: a gentle massage at 20 % must be seen in a thumbnail too.
  for (const On& on : ons) {
    const double x = c.x(on.span.begin), w = std::max(3.0, c.x(on.span.end) - x);
    std::string title = c.say(row.label + " " + c.from_to(on.span) + ", up to " + percent(on.peak));
    if (!on.text.empty()) title += "; " + c.say("off: " + on.text);
    c.add(Rect{x, row.y + kPad, w, height, Colour{row.colour.rgb, 60}, 3, false, title});
  }
  for (std::size_t i = 0; i < columns.size();) {
    std::size_t j = i + 1;
    while (j < columns.size() && columns[j] == columns[i]) ++j;
    if (columns[i] > 0) {
      const double h = std::max(4.0, height * columns[i] / 100);
      c.add(Rect{kLeft + static_cast<double>(i), base - h, static_cast<double>(j - i), h, row.colour, 0, false,
                 percent(columns[i])});
    }
    i = j;
  }
  if (row.lane == Lane::light || row.lane == Lane::other) return;  // nobody asks what turned a lamp off
  double free_from = kLeft;
  for (std::size_t i = 0; i < ons.size(); ++i) {
    const On& on = ons[i];
    const double x = c.x(on.span.begin), end = c.x(on.span.end);
    const double next = i + 1 < ons.size() ? c.x(ons[i + 1].span.begin) : kRight;
    const std::string cause = !on.text.empty() ? on.text
                              : on.finished    ? "no cause recorded"
                                               : "still on when the record ends";
    words_beside(c, row, x, end, free_from, next, c.say((on.finished ? "off: " : "? ") + cause));
    free_from = next < kRight ? next : end;
  }
}

/// Routines that play at the same time lie one above the other: the second line of each that begins before the first
/// is free again. Never more lines than kMaxPlayLines; what does not fit lies on the last.
constexpr std::size_t kMaxPlayLines = 2;
std::vector<std::size_t> lines_of(const std::vector<Span>& plays) {
  std::vector<std::size_t> out;
  std::vector<Utc> free_at(kMaxPlayLines, Utc{milliseconds::min()});
  for (const Span& s : plays) {
    std::size_t line = 0;
    while (line + 1 < kMaxPlayLines && free_at[line] > s.begin) ++line;
    free_at[line] = std::max(free_at[line], s.end);
    out.push_back(line);
  }
  return out;
}
bool plays_meet(const NightReport& report) {
  std::vector<Span> plays;
  for (const Session& s : report.sessions) plays.push_back(s.span);
  const auto lines = lines_of(plays);
  return std::any_of(lines.begin(), lines.end(), [](std::size_t line) { return line > 0; });
}

void plays(Canvas& c, const Row& row) {
  std::vector<const Session*> played;
  std::vector<Span> times;
  for (const Session& s : c.report.sessions) {
    if (!c.shows(s.span)) continue;
    played.push_back(&s);
    times.push_back(s.span);
  }
  const std::vector<std::size_t> lines = lines_of(times);
  const double height = plays_meet(c.report) ? row.h / kMaxPlayLines : row.h;
  for (std::size_t line = 0; line < kMaxPlayLines; ++line) {
    Row part = row;
    part.y = row.y + static_cast<double>(line) * height;
    part.h = height;
    double free_from = kLeft;
    for (std::size_t i = 0; i < played.size(); ++i) {
      if (lines[i] != line) continue;
      std::size_t after = i + 1;
      while (after < played.size() && lines[after] != line) ++after;
      const Session& s = *played[i];
      const double x = c.x(s.span.begin), end = std::max(x + 5, c.x(s.span.end));
      c.add(Rect{x, part.y + height / 2 - 5, end - x, 10, row.colour, 5, false,
                 c.say(s.routine + " " + c.from_to(s.span))});
      const double next = after < played.size() ? c.x(played[after]->span.begin) : kRight;
      words_beside(c, part, x, end, free_from, std::max(next, end), s.routine);
      free_from = std::max(free_from, next);
    }
  }
}

/// A dot for each thing said; words where there is room for them. Faults are bright, the rest is dim.
void notes(Canvas& c, const Row& row) {
  struct Mark {
    Span span;  // a moment for words, a stretch for what was not watched
    bool fault;
    std::string text;
  };
  std::vector<Mark> marks;
  const auto add = [&](const Span& span, bool fault, const std::string& text) {
    if (c.shows({span.begin, span.end + 1ms})) marks.push_back({span, fault, c.say(text)});
  };
  for (const Line& l : c.report.notes) add({l.first, l.first}, false, (l.about.empty() ? "" : l.about + ": ") + l.text);
  for (const Line& l : c.report.faults) add({l.first, l.first}, true, l.text);
  for (const Span& s : c.report.unrecorded) add(s, true, "Lull was not running");
  std::stable_sort(marks.begin(), marks.end(),
                   [](const Mark& a, const Mark& b) { return a.span.begin < b.span.begin; });
  for (std::size_t i = 0; i < marks.size(); ++i) {
    const Mark& m = marks[i];
    const bool stretch = m.span.end > m.span.begin;
    const double from = c.x(m.span.begin), to = c.x(m.span.end), y = row.y + row.h / 2;
    const double next = i + 1 < marks.size() ? c.x(marks[i + 1].span.begin) - 12 : kRight;
    const std::string text = (stretch ? c.say(c.from_to(m.span)) : c.clock(m.span.begin)) + ": " + m.text;
    if (stretch) {
      c.add(Rect{from, row.y + kPad, std::max(4.0, to - from), row.h - 2 * kPad, ink::dim, 0, true, text});
    } else {
      c.add(Rect{from - 7, y - 7, 14, 14, m.fault ? ink::fault : row.colour, m.fault ? 2.0 : 7.0, false, text});
    }
    const double room = next - to - 24;
    if (room > 120 || (i + 1 == marks.size() && room > 50))
      c.words(to + 14, y + 9, fitted(m.text, kSize, room), m.fault ? ink::text : ink::dim, Text::Anchor::left, kSize,
              text);
  }
}

}  // namespace

std::vector<Row> rows_of(const Canvas& c, int& left_out) {
  const NightReport& report = c.report;
  const House& house = c.house;
  using What = Row::What;
  std::vector<Row> rows;
  const auto add = [&](What what, std::string label, double least, double liked, Colour colour) -> Row& {
    rows.push_back({what, std::move(label), least, liked, {}, {}, {}, colour, 0, 0});
    return rows.back();
  };
  for (const SleeperNight& s : report.sleepers) {
    // In a bed of two the name leads, and it gives way before the word that says what the lane is.
    const auto label = [&](const char* one, const std::string& many) {
      if (report.sleepers.size() < 2) return c.say(one);
      const double room = kLeft - kLabelX - 16 - text_width(many, kSize);
      return fitted(printable(house.sleepers[s.sleeper.index].name, 60), kSize, room) + many;
    };
    add(What::in_bed, label("In bed", " " + c.say("in bed")), 28, 34, ink::bed).sleeper = s.sleeper;
    add(What::movement, label("Movement", " " + c.say("moving")), 52, 130, ink::movement).sleeper = s.sleeper;
    add(What::restless, label("Restless", " " + c.say("restless")), 28, 34, ink::restless).sleeper = s.sleeper;
  }
  std::size_t level_rows = 0;
  const auto devices = [&](Lane lane, bool idle_too, Colour colour, double least, double liked) {
    for (std::size_t i = 0; i < house.devices.size(); ++i) {
      const DeviceId id{static_cast<std::uint16_t>(i)};
      const bool ran = std::any_of(report.lanes.begin(), report.lanes.end(),
                                   [&](const LaneSpan& s) { return s.lane == lane && s.device == id; });
      if (!ran && !(idle_too && house.devices[i].kind == (lane == Lane::heat ? Kind::heat_pad : Kind::massage_pad)))
        continue;
      if (++level_rows > kMaxLevelRows) {
        ++left_out;
        continue;
      }
      Row& row = add(What::level, printable(house.devices[i].name, 80), least, liked, colour);
      row.device = id;
      row.lane = lane;
    }
  };
  devices(Lane::massage, true, ink::massage, 32, 64);
  devices(Lane::heat, true, ink::heat, 32, 58);
  devices(Lane::light, false, ink::light, 30, 46);
  devices(Lane::other, false, ink::other, 30, 36);
  if (!report.sessions.empty()) {
    const bool meet = plays_meet(report);
    add(What::plays, c.say("Routines"), meet ? 56 : 28, meet ? 64 : 38, ink::play);
  }
  if (!report.notes.empty() || !report.faults.empty() || !report.unrecorded.empty())
    add(What::notes, c.say("Notes"), 28, 40, ink::dim);
  return rows;
}

void draw_row(Canvas& c, const Row& row) {
  switch (row.what) {
    case Row::What::in_bed: return in_bed(c, row);
    case Row::What::movement: return movement(c, row);
    case Row::What::restless: return restless(c, row);
    case Row::What::level: return level(c, row);
    case Row::What::plays: return plays(c, row);
    case Row::What::notes: return notes(c, row);
  }
}

}  // namespace lull
