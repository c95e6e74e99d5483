// lull score: a recording scored by a published rule, so that anybody can check ours.
#include <cstdio>
#include <fstream>

#include "bridge/cli/commands.hpp"
#include "bridge/recording/score.hpp"

namespace lull::cli {
namespace {

using namespace recording;

int wrong_usage(const std::string& text) {
  problem(text);
  return kUsage;
}

/// 22:30, as minutes after midnight.
std::optional<minutes> clock_of(const std::string& text) {
  const auto at = parse_time("1970-01-01T" + text);
  if (!at || text.size() != 5) return std::nullopt;
  return duration_cast<minutes>(*at);
}

std::string in_words(const scoring::Remark& r) {
  return "line " + std::to_string(r.line) + ": " + r.what +
         (r.times > 1 ? " (" + std::to_string(r.times) + " times, this is the first)" : std::string());
}

}  // namespace

int score(const Score& args) {
  Request request{args.format, args.method, args.column};
  if (!knows(args.format, args.method)) {
    std::string known;
    for (const auto& method : methods_of(args.format)) known += " " + method;
    return wrong_usage("--method " + args.method + ": for --format " + args.format + " it is one of" + known +
                       (args.format == "counts" ? "; or with +webster behind it" : ""));
  }
  if (!args.epoch.empty()) {
    request.epoch = parse_span(args.epoch);
    if (!request.epoch) return wrong_usage("--epoch " + args.epoch + ": must be a time such as 60s, 1min or 40ms");
  }
  if (args.in_bed.empty() != args.out_of_bed.empty()) return wrong_usage("--in-bed and --out-of-bed go together");
  if (!args.in_bed.empty()) {
    request.in_bed = clock_of(args.in_bed), request.out_of_bed = clock_of(args.out_of_bed);
    if (!request.in_bed || !request.out_of_bed) return wrong_usage("--in-bed and --out-of-bed: must be like 22:30");
  }
  request.hypnogram = args.hypnogram;

  const auto table = read_table(args.file);
  if (!table) return problem(table.error().where + ": " + table.error().what);
  auto scores = recording::score(*table, request);
  if (!scores) return problem(scores.error().where + ": " + scores.error().what);
  for (const auto& remark : scores->remarks)
    std::fprintf(stderr, "note: %s: %s\n", args.file.c_str(), in_words(remark).c_str());
  if (!args.out.empty()) {
    std::ofstream out(args.out, std::ios::binary);
    out << scores->table;
    out.close();
    if (!out) return problem(args.out + ": cannot be written");
  }
  if (args.json) {
    scores->facts["file"] = args.file;
    scores->facts["notes"] = nlohmann::ordered_json::array();
    for (const auto& r : scores->remarks)
      scores->facts["notes"].push_back({{"line", r.line}, {"times", r.times}, {"what", r.what}});
    std::puts(scores->facts.dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
  } else {
    std::fputs(scores->text.c_str(), stdout);
  }
  return kFine;
}

}  // namespace lull::cli
