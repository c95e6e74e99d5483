// lull preflight: whether all is well for the night, judged now by what the running Lull last wrote down.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "automations/calendar.hpp"
#include "automations/record.hpp"
#include "bridge/cli/commands.hpp"
#include "bridge/clock.hpp"
#include "bridge/past.hpp"

namespace lull::cli {
namespace {

constexpr milliseconds kRunning = 1min;  // a tick a second is written, a commit a second

const char* mark(lull::Check::State state) {
  switch (state) {
    case lull::Check::State::fine: return "fine   ";
    case lull::Check::State::unknown: return "unknown";
    case lull::Check::State::wrong: return "WRONG  ";
  }
  return "unknown";
}

}  // namespace

int preflight(const Preflight& args) {
  const auto fail = [](const Error& e) { return problem(e.where + ": " + e.what); };
  auto store = Store::open(state_folder(args.state), StoreMode::read_only);
  if (!store) return fail(store.error());
  const auto chapters = (*store)->chapters();
  if (!chapters) return fail(chapters.error());
  if (chapters->empty()) return problem(args.state + ": nothing was recorded there yet");
  auto past = past_of(chapters->back());
  if (!past) return fail(past.error());
  Hub hub = std::move(past->hub);
  const auto counted = (*store)->events(chapters->back().number, [&](const Moment& moment) {
    hub = step(std::move(hub), moment.event).hub;
    return true;
  });
  if (!counted) return fail(counted.error());

  const Zone& zone = hub.house->zone;
  const Utc last = utc(hub).value_or(chapters->back().begun);
  const bool runs = Clock{}.utc() - last <= kRunning;
  const std::vector<lull::Check> checks = check_tonight(hub);
  bool well = runs;
  for (const lull::Check& c : checks) well = well && c.state != lull::Check::State::wrong;
  if (args.json) {
    using nlohmann::json;
    json out{{"at", text(local(zone, last))}, {"running", runs}, {"ready", well}, {"checks", json::array()}};
    for (const lull::Check& c : checks)
      out["checks"].push_back(
          {{"about", c.about}, {"state", word_for(c.state)}, {"text", c.text}, {"remedy", c.remedy}});
    std::puts(out.dump(2, ' ', false, json::error_handler_t::replace).c_str());
    return well ? kFine : kProblems;
  }
  std::printf("At %s:\n", text(local(zone, last)).c_str());
  if (!runs) std::puts("  WRONG    Lull: does not run any more. Start it.");
  for (const lull::Check& c : checks)
    std::printf("  %s  %s: %s%s\n", mark(c.state), c.about.c_str(), c.text.c_str(),
                c.remedy.empty() ? "" : (". " + c.remedy).c_str());
  std::puts(well ? "Ready for the night." : "Not ready for the night.");
  return well ? kFine : kProblems;
}

}  // namespace lull::cli
