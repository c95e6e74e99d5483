// lull score --format movements and leg: estimated periodic leg movements.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <set>
#include <sstream>

#include "automations/restlessness/scoring/leg_finder.hpp"
#include "bridge/recording/columns.hpp"
#include "bridge/recording/score.hpp"
#include "bridge/recording/words.hpp"

namespace lull::recording {
namespace {

using namespace scoring;
using Json = nlohmann::ordered_json;

const char* name_of(Leg leg) { return leg == Leg::left ? "L" : leg == Leg::right ? "R" : "B"; }

struct Heard {
  std::vector<LegMovement> movements;
  std::vector<Remark> remarks;
  std::optional<double> measured_h{};
};

/// onset_s, offset_s, and leg (L or R; without it all are of one leg).
Result<Heard> listed(const Table& table) {
  const auto onset = column_of(table, "", {"onset_s", "onset"}), offset = column_of(table, "", {"offset_s", "offset"});
  if (!onset) return onset.error();
  if (!offset) return offset.error();
  const auto leg = table.find("leg");
  Heard out;
  std::vector<Remark> late;
  std::set<std::tuple<milliseconds, milliseconds, Leg>> seen;
  for (const Row& row : table.rows) {
    const auto from = number_in(table, row, *onset, out.remarks), to = number_in(table, row, *offset, out.remarks);
    if (!from) return from.error();
    if (!to) return to.error();
    if (!*from || !*to) continue;  // half a movement is none
    if (**from < 0 || **to > 400.0 * 86400)
      return table.error(row.line, "onset and offset must be seconds from the start of the recording");
    if (**to < **from) return table.error(row.line, "it ends before it begins");
    const std::string which = leg ? row.cells[*leg] : "L";
    if (which != "L" && which != "R") return table.error(row.line, "leg is '" + which + "', must be L or R");
    const auto ms = [](double s) { return milliseconds{std::llround(s * 1000)}; };
    const LegMovement m{ms(**from), ms(**to), which == "L" ? Leg::left : Leg::right};
    const bool doubled = !seen.insert({m.onset, m.offset, m.leg}).second;
    if (!out.movements.empty() && m.onset < out.movements.back().onset)
      late.push_back({row.line, 1, "begins before the line before it: sorted"});
    if (doubled) {
      late.push_back({row.line, 1, "told twice: counted once"});
    } else {
      out.movements.push_back(m);
    }
  }
  add(out.remarks, late);
  return out;
}

Result<Heard> found_in(const Table& table, const Request& request) {
  auto leg = acceleration_of(table, request.epoch);
  if (!leg) return leg.error();
  if (!(leg->hz() >= 5 && leg->hz() <= 100))
    return Error{table.file, figure(leg->hz()) + " samples a second, must be 5 to 100"};
  Heard out;
  LegFinder finder{leg->hz(), Leg::left};
  std::size_t known = 0;
  for (std::size_t i = 0; i < leg->at.size(); ++i) {
    if (!leg->mg[i]) {
      finder.miss();
      continue;
    }
    ++known;
    if (const auto m = finder.hear(*leg->mg[i], leg->at[i] - leg->at.front())) out.movements.push_back(*m);
  }
  out.remarks = std::move(leg->remarks);
  out.measured_h = static_cast<double>(known) / leg->hz() / 3600;
  return out;
}

/// S and W, one letter a 30 s epoch; anything else that stands there is "not known".
Result<std::vector<Label>> hypnogram_of(const Table& table, const Request& request, std::string& used) {
  std::string path = request.hypnogram;
  if (path.empty()) {  // night01.events.csv has its night01.hypnogram.txt
    const std::string ending = ".events.csv";
    if (!table.file.ends_with(ending)) return std::vector<Label>{};
    path = table.file.substr(0, table.file.size() - ending.size()) + ".hypnogram.txt";
    if (!std::ifstream(path)) return std::vector<Label>{};
  }
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  if (!file || !(text << file.rdbuf())) return Error{path, "cannot be read"};
  std::vector<Label> out;
  for (const char c : text.str()) {
    if (c == ' ' || c == '\n' || c == '\r' || c == ',') continue;
    if (c != 'S' && c != 'W' && c != '?')
      return Error{path, std::string("'") + c + "' is there; must be S, W, or ? for not known, one a 30 s epoch"};
    out.push_back(c == 'S' ? Label::sleep : c == 'W' ? Label::wake : Label::missing);
  }
  used = path;
  return out;
}

std::vector<ScoredMovement> scored_by(const std::string& method, std::span<const LegMovement> movements) {
  if (method == "aasm") return aasm(movements);
  return wasm(movements, method == "wasm-lenient" ? Wasm::lenient : Wasm::strict);
}

}  // namespace

Result<Scores> score_legs(const Table& table, const Request& request) {
  auto heard = request.format == "leg" ? found_in(table, request) : listed(table);
  if (!heard) return heard.error();
  std::string hypnogram_file;
  const auto hypnogram = hypnogram_of(table, request, hypnogram_file);
  if (!hypnogram) return hypnogram.error();
  const auto movements = scored_by(request.method, heard->movements);

  Scores out;
  out.remarks = heard->remarks;
  out.facts = Json{{"method", request.method}, {"heard", heard->movements.size()}};
  if (heard->measured_h) out.facts["measured_h"] = rounded(heard->measured_h);
  if (!hypnogram_file.empty()) out.facts["hypnogram"] = hypnogram_file;
  out.facts["merged"] = facts_of(leg_indices(movements, *hypnogram));
  out.text = request.method + ", estimated from a leg sensor: " + words_of(leg_indices(movements, *hypnogram)) + "\n";
  if (hypnogram->empty()) out.text += "    what of it was in sleep is not known: no hypnogram (--hypnogram FILE)\n";
  for (const auto& [leg, name] : {std::pair{Leg::left, "left"}, {Leg::right, "right"}}) {
    const auto one = of_leg(heard->movements, leg);
    if (one.size() == heard->movements.size()) continue;  // there is one leg only
    const auto x = leg_indices(scored_by(request.method, one), *hypnogram);
    out.facts[name] = facts_of(x);
    out.text += std::string("  ") + name + " leg alone: " + words_of(x) + "\n";
  }
  out.table = "onset_s,offset_s,legs,clm,plm,series\n";
  char line[100];
  for (const ScoredMovement& m : movements) {
    std::snprintf(line, sizeof line, "%.2f,%.2f,%s,%d,%d,%d\n", static_cast<double>(m.onset.count()) / 1000,
                  static_cast<double>(m.offset.count()) / 1000, name_of(m.leg), m.candidate, m.periodic(), m.series);
    out.table += line;
  }
  return out;
}

}  // namespace lull::recording
