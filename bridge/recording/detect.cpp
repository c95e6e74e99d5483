// lull score --method detect: the live detector over a recording, second by second, as it would have been that night.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "automations/restlessness/detector.hpp"
#include "bridge/recording/told.hpp"
#include "bridge/recording/words.hpp"

namespace lull::recording {
namespace {

using Json = nlohmann::ordered_json;

constexpr Instant kStart{hours{1}};  // of the recording on the detector's clock

/// A column of 0 and 1 beside the samples.
void read_switch(const Table& table, const char* name, const Told& told, const Placed& placed,
                 std::vector<std::pair<milliseconds, bool>>& out) {
  const auto column = table.find(name);
  if (!column) return;
  for (std::size_t i = 0; i < placed.rows.size(); ++i) {
    if (!placed.rows[i]) continue;
    const std::string& cell = table.rows[*placed.rows[i]].cells[*column];
    const bool on = cell == "1" || cell == "true" || cell.starts_with("REST");
    if (out.empty() || out.back().second != on)
      out.emplace_back(placed.start + static_cast<std::int64_t>(i) * placed.step - told.start, on);
  }
}

Result<Told> from_counts(const Table& table, const Request& request) {
  auto column = counts_of(table, request.column, request.epoch);
  if (!column) return column.error();
  const milliseconds epoch = request.epoch.value_or(column->placed.step);
  if (epoch % 1s != 0ms || epoch > 120s)
    return Error{table.file, "the detector knows epochs of 1 s to 120 s; give one by --epoch"};
  const auto counts = in_epochs(table, *column, epoch);
  if (!counts) return counts.error();
  Told out;
  out.stream = Stream::counts, out.epoch = duration_cast<seconds>(epoch);
  for (std::size_t i = 0; i < counts->size(); ++i)
    if ((*counts)[i])
      out.samples.push_back(
          {static_cast<std::int64_t>(i + 1) * epoch, Counts{static_cast<std::int32_t>(*(*counts)[i])}});
  out.times = std::move(column->times), out.remarks = std::move(column->remarks);
  out.start = column->placed.start, out.length = column->end() - column->placed.start;
  read_switch(table, "occupied", out, column->placed, out.in_bed);
  if (out.in_bed.empty()) read_switch(table, "interval", out, column->placed, out.in_bed);
  read_switch(table, "pad_on", out, column->placed, out.pad);
  return out;
}

/// radar: 0..100; load_var: kg^2.
Result<Told> from_bed(const Table& table, const Request& request, Stream stream, std::size_t column) {
  Told out;
  out.stream = stream;
  auto times = times_of(table, request.epoch);
  if (!times) return times.error();
  out.times = std::move(*times);
  std::vector<std::optional<double>> values;
  for (const Row& row : table.rows) {
    const auto value = number_in(table, row, column, out.remarks);
    if (!value) return value.error();
    if (*value && (**value < 0 || (stream == Stream::radar && **value > 100)))
      return table.error(row.line, table.columns[column] + " is " + row.cells[column] +
                                       (stream == Stream::radar ? ", must be 0 to 100" : ", must not be negative"));
    values.push_back(*value);
  }
  const auto step = scoring::usual_step(out.times.samples);
  if (!step) return Error{table.file, "one moment only"};
  const auto placed = scoring::place(out.times.samples, std::max(*step, milliseconds{1000}),
                                     [&](std::size_t a, std::size_t b) { return values[a] == values[b]; });
  if (!placed) return Error{table.file + ", " + placed.error().where, placed.error().what};
  add(out.remarks, placed->remarks);
  out.epoch = std::max(seconds{1}, duration_cast<seconds>(*step));
  out.start = placed->start, out.length = static_cast<std::int64_t>(placed->rows.size()) * placed->step;
  for (std::size_t i = 0; i < placed->rows.size(); ++i) {
    if (!placed->rows[i] || !values[*placed->rows[i]]) continue;
    const double v = *values[*placed->rows[i]];
    const auto at = static_cast<std::int64_t>(i) * placed->step;
    if (stream == Stream::radar) {
      out.samples.push_back({at, RadarMovement{static_cast<std::int32_t>(std::lround(v))}});
    } else {
      out.samples.push_back({at, LoadVariance{v}});
    }
  }
  read_switch(table, "occupied", out, *placed, out.in_bed);
  read_switch(table, "pad_on", out, *placed, out.pad);
  return out;
}

/// One report a row.
Result<Told> from_vibration(const Table& table) {
  Told out;
  out.stream = Stream::vibration;
  auto times = times_of(table, std::nullopt);
  if (!times) return times.error();
  out.times = std::move(*times);
  auto reports = out.times.samples;
  const auto by_time = [](const scoring::Sample& a, const scoring::Sample& b) { return a.at < b.at; };
  if (!std::is_sorted(reports.begin(), reports.end(), by_time)) {
    out.remarks.push_back({reports.front().line, 1, "its reports are not in order of time: sorted"});
    std::stable_sort(reports.begin(), reports.end(), by_time);
  }
  if (reports.back().at - reports.front().at > hours{24 * 60})
    return Error{table.file, "from its first to its last report are more than 60 days; cut it, or mend its clock"};
  out.start = out.times.by_calendar ? reports.front().at : std::min(reports.front().at, 0ms);
  for (std::size_t i = 0; i < reports.size(); ++i) {
    if (i > 0 && reports[i].at == reports[i - 1].at) {
      add(out.remarks, {{reports[i].line, 1, "told twice: counted once"}});
      continue;
    }
    out.samples.push_back({reports[i].at - out.start, Vibration{}});
  }
  out.length = reports.back().at - out.start + 15min;  // so that the last episode can end
  return out;
}

Result<Told> from_acceleration(const Table& table, const Request& request) {
  auto leg = acceleration_of(table, request.epoch);
  if (!leg) return leg.error();
  if (!(leg->hz() >= 5 && leg->hz() <= 100))
    return Error{table.file, figure(leg->hz()) + " samples a second, must be 5 to 100"};
  Told out;
  out.stream = Stream::raw;
  out.start = leg->at.front(), out.length = leg->at.back() - leg->at.front();
  for (std::size_t i = 0; i < leg->at.size(); ++i)
    if (leg->mg[i]) out.samples.push_back({leg->at[i] - out.start, RawAcceleration{leg->hz(), {*leg->mg[i]}}});
  out.times = std::move(leg->times), out.remarks = std::move(leg->remarks);
  return out;
}

}  // namespace

Result<Told> told_by(const Table& table, const Request& request) {
  if (request.format == "vibration") return from_vibration(table);
  if (request.format != "counts") return from_acceleration(table, request);
  for (const auto& [name, stream] : {std::pair{"radar", Stream::radar}, {"load_var", Stream::load}})
    if (request.column == name) {
      const auto column = column_of(table, request.column, {});
      if (!column) return column.error();
      return from_bed(table, request, stream, *column);
    }
  return from_counts(table, request);
}

namespace {

struct Episode {
  milliseconds from{}, to{};
  bool open = true;
  DetectorChange on;
};

}  // namespace

Result<Scores> detect(const Table& table, const Request& request) {
  auto told = told_by(table, request);
  if (!told) return told.error();
  Device device;
  device.id = "recording", device.name = table.file.substr(table.file.find_last_of('/') + 1);
  device.kind = Kind::movement, device.stream = told->stream, device.epoch = told->epoch,
  device.hold_off = told->hold_off;
  Detector detector;
  detector.sensors.push_back(sensor_for({0}, device));
  detector.has_presence = !told->in_bed.empty();

  std::vector<Episode> episodes;
  std::int64_t movements = 0, watched_s = 0, restless_s = 0;
  std::size_t sample = 0, bed = 0, pad = 0;
  bool pad_runs = false;
  for (milliseconds t{0}; t <= told->length; t += 1s) {
    const Instant now = kStart + t;
    // A recording with dates that goes on for nights teaches, as nights at home do.
    if (told->times.by_calendar && t % 1min == 0ms) {
      const auto minute = static_cast<std::int32_t>(std::chrono::floor<minutes>(told->start + t).count() % 1440);
      detector.clock(minute);
      if (minute == 12 * 60) detector.end_night();
    }
    for (; bed < told->in_bed.size() && told->in_bed[bed].first <= t; ++bed)
      detector.presence(told->in_bed[bed].second, now);
    for (; pad < told->pad.size() && told->pad[pad].first <= t; ++pad) pad_runs = told->pad[pad].second;
    if (pad_runs) detector.pad_runs(now);
    for (; sample < told->samples.size() && told->samples[sample].at <= t; ++sample)
      movements += static_cast<std::int64_t>(
          detector.hear({0}, told->samples[sample].sample, kStart + told->samples[sample].at).size());
    if (const auto change = detector.tick(now)) {
      if (change->restless) episodes.push_back({t, t, true, *change});
      if (!change->restless && !episodes.empty()) episodes.back().to = t, episodes.back().open = false;
    }
    watched_s += detector.gate(now) == Gate::open, restless_s += detector.restless;
  }

  Scores out;
  out.remarks = told->remarks;
  const auto at = [&](milliseconds t) { return told->times.text(told->start + t); };
  const double watched_h = static_cast<double>(watched_s) / 3600;
  const double length_s = static_cast<double>(std::max<std::int64_t>(1, told->length / 1s));
  const DetectorSensor& sensor = detector.sensors.front();
  const std::string rule =
      std::to_string(detector.need(sensor)) + " movements in " + std::to_string(detector.window(sensor).count()) + " s";
  std::optional<double> an_hour;
  if (watched_s >= 300) an_hour = static_cast<double>(movements) / watched_h;
  out.facts = Json{{"method", "detect"},
                   {"stream", word_for(told->stream)},
                   {"restless_when", rule},
                   {"start", at(0ms)},
                   {"end", at(told->length)},
                   {"watched_pct", rounded(std::min(100.0, 100 * static_cast<double>(watched_s) / length_s))},
                   {"movements", movements},
                   {"movements_per_hour", rounded(an_hour)},
                   {"restless_min", rounded(static_cast<double>(restless_s) / 60)}};
  out.facts["episodes"] = Json::array();
  out.text = "the live detector on " + std::string(word_for(told->stream)) + " (" + rule + "), " + at(0ms) + " to " +
             at(told->length) + ":\n  " + std::to_string(movements) + " movements" +
             (an_hour ? ", " + figure(*an_hour) + " an hour watched" : std::string()) + "; watched " +
             figure(watched_h) + " h of " + figure(length_s / 3600) + " h; restless " +
             figure(static_cast<double>(restless_s) / 60) + " min\n";
  out.table = "start,end,count,need,window_s\n";
  for (Episode& e : episodes) {
    if (e.open) e.to = told->length;
    out.facts["episodes"].push_back({{"start", at(e.from)},
                                     {"end", e.open ? Json(nullptr) : Json(at(e.to))},
                                     {"why", e.on.text},
                                     {"count", e.on.count},
                                     {"need", e.on.need},
                                     {"window_s", e.on.window.count()}});
    out.text += "  restless from " + at(e.from) + (e.open ? " until the recording ends" : " to " + at(e.to)) + ": " +
                e.on.text + "\n";
    out.table += at(e.from) + "," + (e.open ? "" : at(e.to)) + "," + std::to_string(e.on.count) + "," +
                 std::to_string(e.on.need) + "," + std::to_string(e.on.window.count()) + "\n";
  }
  if (episodes.empty()) out.text += "  not restless\n";
  return out;
}

}  // namespace lull::recording
