// lull check: every problem of a configuration at once.
#include <cstdio>
#include <ctime>
#include <nlohmann/json.hpp>

#include "automations/reask.hpp"
#include "bridge/cli/commands.hpp"
#include "bridge/home_assistant/websocket/echo.hpp"
#include "config/load.hpp"

namespace lull::cli {
namespace {

nlohmann::json as_json(const std::vector<Problem>& problems) {
  nlohmann::json all = nlohmann::json::array();
  for (const Problem& p : problems)
    all.push_back({{"file", p.file}, {"line", p.line}, {"column", p.column}, {"path", p.path}, {"what", p.what}});
  return all;
}

/// Flags that have grown old, as hints: a file alone cannot know what day it is.
void add_questions(Loaded& loaded, const std::string& file) {
  const std::time_t now = std::time(nullptr);
  std::tm day{};
  char today[16];
  if (!localtime_r(&now, &day) || std::strftime(today, sizeof today, "%Y-%m-%d", &day) == 0) return;
  for (std::string& question : questions(loaded.settings->house, today))
    loaded.hints.push_back({file, 0, 0, "/sleepers", std::move(question)});
}

}  // namespace

int check(const Check& args) {
  if (args.schema) {
    std::puts(json_schema().c_str());
    return kFine;
  }
  Loaded loaded = load_file(args.file);
  if (loaded.settings) add_questions(loaded, args.file);
  if (const std::string echo = loaded.settings ? echo_in(loaded.settings->house) : ""; !echo.empty()) {
    loaded.problems.push_back({args.file, 0, 0, "/devices", echo});
    loaded.settings.reset();
  }
  if (args.json && args.connect && loaded.settings) return connect(*loaded.settings, true);
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
  if (const WyomingSettings& w = loaded.settings->wyoming; w.port != 0) {
    std::string who;
    for (const std::string& one : w.from) who += (who.empty() ? "" : ", ") + one;
    std::printf("Assist may have it as its conversation agent at %s port %u; without a login, from %s\n",
                w.address.c_str(), static_cast<unsigned>(w.port), who.empty() ? "this machine alone" : who.c_str());
  }
  if (args.connect) return connect(*loaded.settings, false);
  return kFine;
}

}  // namespace lull::cli
