// lull replay: proves that the journal's effects are what this program makes of its events.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "bridge/cli/commands.hpp"
#include "bridge/past.hpp"
#include "bridge/store/replay.hpp"

namespace lull::cli {

int replay(const Replay& args) {
  auto store = Store::open(state_folder(args.journal), StoreMode::read_only);
  if (!store) return problem(store.error().where + ": " + store.error().what);
  const auto replayed = lull::replay(**store, std::nullopt, [](const Chapter& chapter) { return stepper_of(chapter); });
  if (!replayed) return problem(replayed.error().where + ": " + replayed.error().what);
  if (args.json) {
    nlohmann::json out{{"chapters", replayed->chapters},
                       {"events", replayed->events},
                       {"effects", replayed->effects},
                       {"equal", !replayed->first_difference}};
    if (replayed->first_difference) out["first_difference"] = *replayed->first_difference;
    std::puts(out.dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
  } else {
    std::printf("%lld events in %lld chapters, %lld effects: %s\n", static_cast<long long>(replayed->events),
                static_cast<long long>(replayed->chapters), static_cast<long long>(replayed->effects),
                replayed->first_difference ? "they differ" : "all equal");
    if (replayed->first_difference) std::puts(replayed->first_difference->c_str());
  }
  return replayed->first_difference ? kProblems : kFine;
}

}  // namespace lull::cli
