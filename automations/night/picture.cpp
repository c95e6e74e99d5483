// The frame of the picture: title, headline, hours, legend and footer. The lanes are in picture_lanes.cpp.
#include "automations/night/picture.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "automations/night/canvas.hpp"

namespace lull {
namespace {

constexpr std::string_view kFooter = "Estimated from movement. Lull gives comfort, it treats nothing.";
constexpr double kGap = 9;

std::string names_of(const House& house) {
  std::string out;
  for (std::size_t i = 0; i < house.sleepers.size(); ++i) {
    if (i) out += i + 1 == house.sleepers.size() ? " and " : ", ";
    out += printable(house.sleepers[i].name, 60);
  }
  return out.empty() ? printable(house.name, 60) : out;
}

/// "7.4 movements an hour, 88 % of 7 h 52 min measured · 2 restless episodes, 23 min"
std::string headline(const SleeperNight& s) {
  if (s.in_bed == milliseconds{0} && s.episodes == 0) return "nobody was seen in bed";
  std::array<char, 32> coverage{};
  std::snprintf(coverage.data(), coverage.size(), "%.0f %% of ", s.coverage);
  std::string out;
  if (s.movements_per_hour) {
    std::array<char, 32> rate{};
    std::snprintf(rate.data(), rate.size(), *s.movements_per_hour < 9.95 ? "%.1f" : "%.0f", *s.movements_per_hour);
    out = std::string(rate.data()) + " movements an hour (" + coverage.data() + length_text(s.in_bed) +
          " in bed measured)";
  } else {
    out = "no movement figure: only " + std::string(coverage.data()) + length_text(s.in_bed) + " in bed measured";
  }
  out += " · ";
  if (s.episodes == 0) return out + (s.no_figures.empty() ? "no restless episode" : "no restless episode seen");
  return out + std::to_string(s.episodes) + (s.episodes == 1 ? " restless episode, " : " restless episodes, ") +
         length_text(s.restless);
}

/// Gives each row its height: as liked when there is room, what is left to the movement; then down to the least.
/// Returns how much higher than `room` the whole became.
double stack(std::vector<Row>& rows, double top, double room) {
  double least = 0, liked = 0, movements = 0;
  const double gaps = kGap * static_cast<double>(rows.empty() ? 0 : rows.size() - 1);
  for (const Row& r : rows) {
    least += r.least;
    liked += r.liked;
    movements += r.what == Row::What::movement;
  }
  const double give = room - gaps;
  const double share = liked > least ? std::clamp((give - least) / (liked - least), 0.0, 1.0) : 1;
  const double extra = std::max(0.0, give - liked);
  double y = top;
  for (Row& r : rows) {
    r.y = y;
    r.h = std::floor(r.least + (r.liked - r.least) * share);
    if (r.what == Row::What::movement) r.h += std::floor(extra / movements);
    y += r.h + kGap;
  }
  return std::max(0.0, least - give);
}

/// Hour lines with the local time below. A clock change shows as what it is: an hour twice, or one that is missing.
void axis(Canvas& c, double top, double bottom) {
  const Zone& zone = c.house.zone;
  const Span& span = c.report.span;
  const double px_per_minute = (kRight - kLeft) / std::max(1.0, static_cast<double>((span.end - span.begin) / 1min));
  int step = 360;
  for (const int candidate : {240, 180, 120, 60, 30, 15}) {
    if (candidate * px_per_minute >= 105) step = candidate;
  }
  seconds offset = offset_of(zone, span.begin);
  double last_label = -1000;
  for (Utc t = span.begin; t <= span.end; t = t + 15min) {
    const LocalTime shown = local(zone, t);
    const double x = c.x(t);
    const seconds now = offset_of(zone, t);
    const bool changed = now != offset;
    if (changed) {
      c.add(Stroke{x, top - 26, x, bottom, ink::dim, 2, true});
      const bool right = x > kRight - 330;
      c.words(x + (right ? -10 : 10), top - 9, c.say(now > offset ? "clocks go forward" : "clocks go back"), ink::dim,
              right ? Text::Anchor::right : Text::Anchor::left);
    }
    offset = now;
    if (shown.time.minute % step != 0 && !(changed && step <= 60)) continue;
    if (!changed) c.add(Stroke{x, top, x, bottom, ink::grid, 2, false});
    if (x - last_label < 84) continue;
    c.words(std::clamp(x, kLeft + 34, kRight - 34), bottom + 32, clock_text(shown), ink::dim, Text::Anchor::middle);
    last_label = x;
  }
}

void legend(Canvas& c, double baseline) {
  double x = kLabelX;
  const auto entry = [&](Colour colour, bool hatched, const char* text) {
    std::string words = c.say(text);
    c.add(Rect{x, baseline - 19, 30, 20, colour, 3, hatched, ""});
    const double width = text_width(words, kSize);
    c.words(x + 42, baseline, std::move(words), ink::dim);
    x += 42 + width + 30;
  };
  entry(ink::movement, false, "movements in a minute");
  entry(ink::dim, true, "not measured: pad on, or sensor silent");
  entry(ink::restless, false, "restless");
  entry(ink::massage, false, "pad or lamp: height is its level");
}

std::string description_of(const Canvas& c) {
  std::string out;
  for (const SleeperNight& s : c.report.sleepers)
    out += printable(c.house.sleepers[s.sleeper.index].name, 60) + ": " + c.say(headline(s)) + ". ";
  return out + c.say(std::string(kFooter));
}

}  // namespace

Picture picture_of(const NightReport& report, const House& house, const InOtherWords& say) {
  Canvas c{{}, report, house, say};
  Picture& p = c.picture;
  p.background = ink::ground;
  const std::string date = c.say(date_words(report.night)), footer = c.say(std::string(kFooter));
  p.title = c.say("The night of " + date_words(report.night)) + (names_of(house).empty() ? "" : ": " + names_of(house));
  const double date_width = text_width(date, kSize);
  c.words(kLabelX, 58, fitted(names_of(house), kTitleSize, kRight - kLabelX - date_width - 60), ink::text,
          Text::Anchor::left, kTitleSize, names_of(house));
  c.words(kRight, 56, date, ink::dim, Text::Anchor::right);
  if (report.empty) {
    p.description = c.say("Nothing was recorded that night.");
    c.words(p.width / 2, 410, p.description, ink::dim, Text::Anchor::middle, kTitleSize);
    c.words(kLabelX, p.height - 24, footer, ink::dim);
    return p;
  }
  p.description = description_of(c);

  int left_out = 0;
  std::vector<Row> rows = rows_of(c, left_out);
  double y = 102;
  for (const SleeperNight& s : report.sleepers) {
    const std::string who =
        report.sleepers.size() > 1 ? printable(house.sleepers[s.sleeper.index].name, 60) + ": " : "";
    const std::string line = who + c.say(headline(s));
    c.words(kLabelX, y, fitted(line, kSize, kRight - kLabelX), ink::text, Text::Anchor::left, kSize, line);
    y += 32;
  }
  const bool clock_changes = offset_of(house.zone, report.span.begin) != offset_of(house.zone, report.span.end);
  const double top = y - 10 + (clock_changes ? 26 : 0);
  constexpr double kBelow = 46 + 40 + 44;  // hours, legend, footer
  p.height += stack(rows, top, p.height - kBelow - top);
  const double bottom = rows.empty() ? top : rows.back().y + rows.back().h;

  for (const Row& r : rows) { c.add(Rect{kLeft, r.y, kRight - kLeft, r.h, ink::panel, 6, false, ""}); }
  axis(c, top, bottom);
  for (const Row& r : rows) {
    c.words(kLabelX, r.y + r.h / 2 + 9, fitted(r.label, kSize, kLeft - kLabelX - 16), ink::text, Text::Anchor::left,
            kSize, r.label);
    draw_row(c, r);
  }
  legend(c, p.height - 62);
  c.words(kLabelX, p.height - 22, footer, ink::dim);
  if (left_out > 0)
    c.words(kRight, p.height - 22, c.say("and " + std::to_string(left_out) + " more devices in the report"), ink::dim,
            Text::Anchor::right);
  return p;
}

}  // namespace lull
