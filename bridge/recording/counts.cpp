// lull score --format counts: sleep and wake by the published rules, and the figures of each night.
#include <algorithm>
#include <charconv>
#include <cstdio>

#include "automations/restlessness/scoring/rule.hpp"
#include "bridge/recording/columns.hpp"
#include "bridge/recording/score.hpp"
#include "bridge/recording/words.hpp"

namespace lull::recording {
namespace {

using namespace scoring;
using Json = nlohmann::ordered_json;

constexpr milliseconds kOneNight = 16h;
constexpr milliseconds kDay = 24h;

struct Method {
  std::string rule;
  bool rescored = false;  // by Webster
};
Method taken_apart(std::string_view method) {
  const auto plus = method.find('+');
  return {std::string(method.substr(0, plus)), plus != std::string_view::npos};
}

/// The length of epoch that a rule is made for, given how far apart the rows are.
milliseconds natural_epoch(const std::string& rule, milliseconds own) {
  if (rule == "labels") return own;
  if (rule.starts_with("oakley"))
    for (const milliseconds epoch : {15'000ms, 30'000ms, 60'000ms, 120'000ms})
      if (epoch >= own && epoch % own == 0ms) return epoch;
  return 60s;
}

Result<Rule> rule_of(const Table& table, const std::string& name, milliseconds epoch) {
  if (name.starts_with("oakley")) {
    std::int64_t threshold = 40;
    if (const auto dash = name.find('-'); dash != std::string::npos)
      std::from_chars(name.data() + dash + 1, name.data() + name.size(), threshold);
    if (epoch % 1s == 0ms)
      if (auto rule = oakley(duration_cast<seconds>(epoch), threshold)) return std::move(*rule);
    return Error{table.file, "this rule has weights for epochs of 15, 30, 60 and 120 s only; give one by --epoch"};
  }
  if (epoch != 60s) return Error{table.file, name + " is made for epochs of 60 s"};
  if (name == "sadeh") return sadeh();
  if (name == "sadeh-1994") return sadeh(SadehThreshold::paper);
  const auto form = name.find("-30s") != std::string::npos   ? ColeKripkeForm::largest_30s
                    : name.find("-10s") != std::string::npos ? ColeKripkeForm::largest_10s
                                                             : ColeKripkeForm::minute;
  return cole_kripke(form, name.ends_with("-plain") ? ColeKripkeScale::plain : ColeKripkeScale::actilife);
}

/// What a rule looks at: mostly the minute's counts, with two of Cole's forms its liveliest part.
Result<std::vector<Count>> looked_at(const Table& table, const CountColumn& column, const std::string& rule) {
  for (const auto& [ending, part, parts] : {std::tuple{"-30s", 30'000ms, 2u}, std::tuple{"-10s", 10'000ms, 6u}})
    if (rule.find(ending) != std::string::npos) {
      const auto small = in_epochs(table, column, part);
      if (!small) return small.error();
      return largest(*small, parts);
    }
  return in_epochs(table, column, 60s);
}

/// Labels that another program has written: S and W, or 1 and 0.
Result<std::vector<Scored>> labels_in(const Table& table, const Request& request, Placed& placed, Times& times) {
  const auto column = column_of(table, request.column, {"label", "sleep_wake", "sleep"});
  if (!column) return column.error();
  auto when = times_of(table, request.epoch ? request.epoch : step_by_name(table.file));
  if (!when) return when.error();
  times = std::move(*when);
  const auto step = usual_step(times.samples);
  if (!step) return Error{table.file, "one epoch only"};
  auto grid = place(times.samples, *step, [&](std::size_t a, std::size_t b) {
    return table.rows[a].cells[*column] == table.rows[b].cells[*column];
  });
  if (!grid) return Error{table.file + ", " + grid.error().where, grid.error().what};
  placed = std::move(*grid);
  std::vector<Scored> out(placed.rows.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (!placed.rows[i]) continue;
    const Row& row = table.rows[*placed.rows[i]];
    const std::string& cell = row.cells[*column];
    if (cell == "S" || cell == "1") {
      out[i].label = Label::sleep;
    } else if (cell == "W" || cell == "0") {
      out[i].label = Label::wake;
    } else if (!is_missing(cell)) {
      return table.error(row.line,
                         table.columns[*column] + " is '" + cell + "', must be S or W (1 or 0), or empty for missing");
    }
  }
  return out;
}

/// Runs of rows whose cell says "in bed", as epochs. A missing row changes nothing.
std::vector<Rest> rests_in(const Table& table, const Placed& placed, std::size_t column, std::size_t parts,
                           bool (*in_bed)(const std::string&)) {
  std::vector<Rest> rests;
  bool in = false;
  for (std::size_t i = 0; i <= placed.rows.size(); ++i) {
    const bool over = i == placed.rows.size();
    const bool now = !over && (placed.rows[i] ? in_bed(table.rows[*placed.rows[i]].cells[column]) : in);
    if (now && !in) rests.push_back({i / parts, i / parts});
    if (!now && in) rests.back().end = (i + parts - 1) / parts;
    in = now;
  }
  return rests;
}

struct Nights {
  std::vector<Rest> rests;
  std::string by;  // how they were found
};

/// Every day from in_bed to out_of_bed, by the recording's clock.
Nights by_the_clock(const Request& request, milliseconds start, milliseconds epoch, std::size_t epochs) {
  Nights out{{}, "the given hours"};
  const milliseconds end = start + static_cast<std::int64_t>(epochs) * epoch;
  const milliseconds length = (*request.out_of_bed - *request.in_bed + kDay) % kDay;
  for (milliseconds day = start - start % kDay - kDay; day < end; day += kDay) {
    const milliseconds from = std::max(start, day + *request.in_bed),
                       to = std::min(end, day + *request.in_bed + length);
    if (to - from < std::max(epoch, milliseconds{10min})) continue;
    out.rests.push_back({static_cast<std::size_t>((from - start + epoch - 1ms) / epoch),
                         static_cast<std::size_t>((to - start) / epoch)});
  }
  return out;
}

Nights nights_of(const Table& table, const Request& request, const Placed& placed, milliseconds epoch,
                 std::size_t epochs, const std::vector<SleepPeriod>& periods) {
  const auto parts = static_cast<std::size_t>(epoch / placed.step);
  Nights out;
  if (request.in_bed && request.out_of_bed) {
    out = by_the_clock(request, placed.start, epoch, epochs);
  } else if (const auto interval = table.find("interval")) {
    out = {rests_in(table, placed, *interval, parts, [](const std::string& c) { return c.starts_with("REST"); }),
           "the column interval"};
  } else if (const auto occupied = table.find("occupied")) {
    out = {rests_in(table, placed, *occupied, parts, [](const std::string& c) { return c == "1"; }),
           "the column occupied"};
    if (!out.rests.empty() && static_cast<std::int64_t>(epochs) * epoch <= kOneNight)  // a walk belongs to the night
      out.rests = {Rest{out.rests.front().first, out.rests.back().end}};
  } else if (static_cast<std::int64_t>(epochs) * epoch <= kOneNight) {
    out = {{Rest{0, epochs}}, "the whole recording"};
  } else {
    out.by =
        "sleep periods found by the labels, estimated: there is no time in bed in the file (--in-bed 22:30 "
        "--out-of-bed 07:00)";
    for (const SleepPeriod& p : periods) out.rests.push_back({p.first, p.end});
  }
  for (Rest& r : out.rests) r.end = std::min(r.end, epochs);
  std::erase_if(out.rests, [](const Rest& r) { return r.first >= r.end; });
  return out;
}

}  // namespace

Result<Scores> score_counts(const Table& table, const Request& request) {
  const Method method = taken_apart(request.method);
  Scores out;
  Placed placed;
  Times times;
  std::vector<Scored> scored;
  std::vector<Count> counts;  // empty when only labels are known
  milliseconds epoch{};
  if (method.rule == "labels") {
    auto known = labels_in(table, request, placed, times);
    if (!known) return known.error();
    scored = std::move(*known), epoch = placed.step, out.remarks = placed.remarks;
    if (request.epoch && *request.epoch != epoch)
      return Error{table.file, "its labels are " + figure(static_cast<double>(epoch.count()) / 1000) +
                                   " s apart, not as --epoch says"};
  } else {
    auto column = counts_of(table, request.column, request.epoch);
    if (!column) return column.error();
    epoch = request.epoch.value_or(natural_epoch(method.rule, column->placed.step));
    const auto rule = rule_of(table, method.rule, epoch);
    if (!rule) return rule.error();
    auto whole = in_epochs(table, *column, epoch);
    if (!whole) return whole.error();
    if (method.rule.starts_with("cole-kripke")) {
      const auto looked = looked_at(table, *column, method.rule);
      if (!looked) return looked.error();
      scored = scoring::score(*rule, *looked);
    } else {
      scored = scoring::score(*rule, *whole);
    }
    counts = std::move(*whole), placed = std::move(column->placed), times = std::move(column->times);
    out.remarks = std::move(column->remarks);
  }
  if (method.rescored) {
    const auto again = webster(labels_of(scored), duration_cast<seconds>(epoch));
    for (std::size_t i = 0; i < scored.size(); ++i) scored[i].label = again[i];
  }
  const auto labels = labels_of(scored);
  const auto at = [&](std::size_t i) { return times.text(placed.start + static_cast<std::int64_t>(i) * epoch); };
  const auto epoch_s = duration_cast<seconds>(epoch);
  const auto n = static_cast<std::size_t>(std::count(labels.begin(), labels.end(), Label::missing));
  out.facts = Json{{"method", request.method},
                   {"epoch_s", static_cast<double>(epoch.count()) / 1000},
                   {"epochs", labels.size()},
                   {"sleep", std::count(labels.begin(), labels.end(), Label::sleep)},
                   {"wake", std::count(labels.begin(), labels.end(), Label::wake)},
                   {"missing", n},
                   {"start", at(0)},
                   {"end", at(labels.size())}};
  out.text = request.method + ", epochs of " + figure(static_cast<double>(epoch.count()) / 1000) + " s, " + at(0) +
             " to " + at(labels.size()) + ": " + std::to_string(labels.size()) + " epochs, " + std::to_string(n) +
             " of them missing\n";

  const auto periods = sleep_periods(labels, counts.empty() ? std::vector<Count>(labels.size()) : counts, epoch_s);
  const Nights nights = nights_of(table, request, placed, epoch, labels.size(), periods);
  out.facts["nights_by"] = nights.by, out.facts["nights"] = Json::array();
  out.text += nights.rests.empty() ? "no time in bed found\n" : "nights by " + nights.by + ":\n";
  for (const Rest& rest : nights.rests) {
    Json night{{"in_bed", at(rest.first)}, {"out_of_bed", at(rest.end)}};
    const NightMetrics m = night_metrics(labels, counts, epoch_s, rest);
    night.update(facts_of(m));
    out.text += "  " + at(rest.first) + " to " + at(rest.end) + ": " + words_of(m) + "\n";
    if (method.rule.starts_with("oakley")) {
      const NightMetrics theirs = actiware_night(labels, counts, epoch_s, rest);
      Json as_actiware = facts_of(theirs);
      if (theirs.asleep) {
        as_actiware["onset"] = at(theirs.asleep->first), as_actiware["end"] = at(theirs.asleep->end);
        as_actiware["sleep_bouts"] = *theirs.sleep_bouts;
      }
      night["as_actiware"] = std::move(as_actiware);
    }
    out.facts["nights"].push_back(std::move(night));
  }
  if (!counts.empty() && epoch == 60s) {
    out.facts["periods"] = Json::array();
    if (!periods.empty()) out.text += "sleep periods (Tudor-Locke, as ActiLife):\n";
    for (const SleepPeriod& p : periods) {
      Json period{{"start", at(p.first)}, {"end", at(p.end)}};
      period.update(facts_of(p));
      out.facts["periods"].push_back(std::move(period));
      out.text += "  " + at(p.first) + " to " + at(p.end) + ": " + words_of(p) + "\n";
    }
  }
  out.table = "start,index,label\n";
  char index[40];
  for (std::size_t i = 0; i < scored.size(); ++i) {
    index[0] = '\0';
    if (scored[i].index) std::snprintf(index, sizeof index, "%.6f", *scored[i].index);
    out.table += at(i) + "," + index + "," + letter_of(labels[i]) + "\n";
  }
  return out;
}

}  // namespace lull::recording
