// lull check: every problem of a configuration at once.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "bridge/cli/commands.hpp"
#include "config/load.hpp"

namespace lull::cli {
namespace {

nlohmann::json as_json(const std::vector<Problem>& problems) {
  nlohmann::json all = nlohmann::json::array();
  for (const Problem& p : problems)
    all.push_back({{"file", p.file}, {"line", p.line}, {"column", p.column}, {"path", p.path}, {"what", p.what}});
  return all;
}

}  // namespace

int check(const Check& args) {
  if (args.schema) {
    std::puts(json_schema().c_str());
    return kFine;
  }
  const Loaded loaded = load_file(args.file);
  if (args.json) {
    const nlohmann::json out{{"problems", as_json(loaded.problems)}, {"hints", as_json(loaded.hints)}};
    std::puts(out.dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
    return loaded.settings ? kFine : kProblems;
  }
  for (const Problem& p : loaded.problems) std::puts(to_text(p).c_str());
  for (const Problem& p : loaded.hints) std::printf("hint: %s\n", to_text(p).c_str());
  if (!loaded.settings) {
    std::printf("%zu %s\n", loaded.problems.size(), loaded.problems.size() == 1 ? "problem" : "problems");
    return kProblems;
  }
  const House& house = loaded.settings->house;
  std::printf("%s is fine: %zu devices, %zu routines, %zu rules\n", args.file.c_str(), house.devices.size(),
              house.routines.size(), house.rules.size());
  return kFine;
}

}  // namespace lull::cli
