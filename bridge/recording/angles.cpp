// lull score --format raw: sleep from how a wrist lies.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "automations/restlessness/scoring/angle.hpp"
#include "bridge/recording/columns.hpp"
#include "bridge/recording/score.hpp"
#include "bridge/recording/words.hpp"

namespace lull::recording {
namespace {

using namespace scoring;
using Json = nlohmann::ordered_json;

constexpr milliseconds kStep = 5s, kDay = 24h;

struct Angles {
  Times times;
  milliseconds start{};
  std::vector<Angle> degrees;  // every 5 s
  std::vector<Remark> remarks;
};

Result<Angles> angles_in(const Table& table, std::size_t column, const Request& request) {
  Angles out;
  auto times = times_of(table, request.epoch ? *request.epoch : step_by_name(table.file).value_or(kStep));
  if (!times) return times.error();
  out.times = std::move(*times);
  std::vector<Angle> values;
  for (const Row& row : table.rows) {
    const auto value = number_in(table, row, column, out.remarks);
    if (!value) return value.error();
    if (*value && std::abs(**value) > 90)
      return table.error(row.line, table.columns[column] + " is " + row.cells[column] + ", must be -90 to 90 degrees");
    values.push_back(*value);
  }
  const auto step = usual_step(out.times.samples);
  if (step && *step != kStep)
    return Error{table.file, "its angles are " + figure(static_cast<double>(step->count()) / 1000) +
                                 " s apart; these rules need one every 5 s"};
  const auto placed =
      place(out.times.samples, kStep, [&](std::size_t a, std::size_t b) { return values[a] == values[b]; });
  if (!placed) return Error{table.file + ", " + placed.error().where, placed.error().what};
  out.start = placed->start;
  for (const auto& row : placed->rows) out.degrees.push_back(row ? values[*row] : Angle{});
  add(out.remarks, placed->remarks);
  return out;
}

/// Five seconds need half of their samples.
Result<Angles> angles_from_axes(const Table& table, const Request& request) {
  auto acceleration = acceleration_of(table, request.epoch);
  if (!acceleration) return acceleration.error();
  if (acceleration->hz() < 1) return Error{table.file, "less than one sample a second; this needs raw acceleration"};
  Angles out;
  out.times = std::move(acceleration->times), out.remarks = std::move(acceleration->remarks);
  out.start = acceleration->at.front();
  const auto least = static_cast<std::size_t>(acceleration->hz() * 5 / 2);
  std::vector<Axes> five;
  std::size_t i = 0;
  for (milliseconds from = out.start; i < acceleration->at.size(); from += kStep) {
    five.clear();
    for (; i < acceleration->at.size() && acceleration->at[i] < from + kStep; ++i)
      if (const auto& mg = acceleration->mg[i])
        five.push_back({(*mg)[0] / 1000.0, (*mg)[1] / 1000.0, (*mg)[2] / 1000.0});
    const auto lies = five.size() >= std::max<std::size_t>(1, least) ? five_seconds(five) : std::nullopt;
    out.degrees.push_back(lies ? Angle{lies->angle_deg} : Angle{});
  }
  return out;
}

/// Whole days from noon to noon when the calendar is known, else from the recording's start.
std::vector<Rest> days_of(const Angles& angles) {
  constexpr auto kOneDay = static_cast<std::size_t>(kDay / kStep);
  std::size_t first_end = kOneDay;
  if (angles.times.by_calendar) {
    const milliseconds past_noon = ((angles.start - 12h) % kDay + kDay) % kDay;
    first_end = static_cast<std::size_t>((kDay - past_noon + kStep - 1ms) / kStep);
  }
  std::vector<Rest> days;
  for (std::size_t from = 0, to = first_end; from < angles.degrees.size(); from = to, to += kOneDay)
    days.push_back({from, std::min(to, angles.degrees.size())});
  return days;
}

}  // namespace

Result<Scores> score_angles(const Table& table, const Request& request) {
  const auto column = table.find(request.column.empty() ? "angle_deg" : request.column);
  if (!column && !request.column.empty()) return Error{table.file, "no column " + request.column};
  auto angles = column ? angles_in(table, *column, request) : angles_from_axes(table, request);
  if (!angles) return angles.error();
  const std::span<const Angle> all = angles->degrees;
  const auto at = [&](std::size_t i) {
    return angles->times.text(angles->start + static_cast<std::int64_t>(i) * kStep);
  };
  const bool by_window = request.method == "hdcza";
  const auto inactive = sustained_inactivity(all);
  const auto labels = labels_of(inactive);  // a window alone knows no wake: its figures are of sleep within it
  std::vector<Scored> scored = by_window ? std::vector<Scored>(all.size()) : inactive;
  const auto missing = static_cast<std::size_t>(std::count(all.begin(), all.end(), Angle{}));

  Scores out;
  out.remarks = angles->remarks;
  out.facts = Json{{"method", request.method},
                   {"epoch_s", 5},
                   {"epochs", all.size()},
                   {"missing", missing},
                   {"start", at(0)},
                   {"end", at(all.size())},
                   {"nights_by", "HDCZA, from noon to noon"}};
  out.facts["nights"] = Json::array();
  out.text = request.method + ", " + at(0) + " to " + at(all.size()) + ": " + std::to_string(all.size()) +
             " angles, one every 5 s, " + std::to_string(missing) + " of them missing\n";
  for (const Rest& day : days_of(*angles)) {
    const auto part = all.subspan(day.first, day.end - day.first);
    const auto window = hdcza(part);
    if (by_window) {
      const auto changes = median_changes(part);
      for (std::size_t i = 0; i < part.size(); ++i) {
        if (!part[i] || !changes[i]) continue;
        const bool inside = window && i >= window->first && i < window->end;
        scored[day.first + i] = {changes[i], inside ? Label::sleep : Label::wake};
      }
    }
    if (!window) {
      out.text +=
          "  " + at(day.first) + " to " + at(day.end) + ": no sleep window, half an hour without a turn is needed\n";
      continue;
    }
    const Rest rest{day.first + window->first, day.first + window->end};
    Json night{{"in_bed", at(rest.first)},
               {"out_of_bed", at(rest.end)},
               {"first", rest.first},
               {"end", rest.end},
               {"threshold_deg", rounded(window->threshold)}};
    const NightMetrics m = night_metrics(labels, {}, seconds{5}, rest);
    night.update(facts_of(m));
    out.facts["nights"].push_back(std::move(night));
    out.text += "  sleep window (estimated) " + at(rest.first) + " to " + at(rest.end) + ": " + words_of(m) + "\n";
  }
  out.table = "start,index,label\n";
  char index[40];
  for (std::size_t i = 0; i < scored.size(); ++i) {
    index[0] = '\0';
    if (scored[i].index) std::snprintf(index, sizeof index, "%.6f", *scored[i].index);
    out.table += at(i) + "," + index + "," + letter_of(scored[i].label) + "\n";
  }
  return out;
}

}  // namespace lull::recording
