// A chapter of the journal brought back to life: the same house, the same hub, ready for the same events.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "automations/hub.hpp"
#include "automations/view.hpp"
#include "bridge/store/store.hpp"
#include "devices/result.hpp"

namespace lull {

struct Past {
  std::shared_ptr<const House> house;
  Hub hub;
};
/// Error: the chapter's configuration or snapshot cannot be read by this version.
Result<Past> past_of(const Chapter& chapter);

/// True for the first chapter of a run: nothing had happened yet.
bool starts_run(const Chapter& chapter);

/// For replay(): steps a chapter's core through its events and gives the effects as text.
Result<std::function<std::vector<std::string>(const Event&)>> stepper_of(const Chapter& chapter);

inline constexpr minutes kNear{15};
/// How everything stood at a moment, and what was decided within kNear of it: for `lull why` and the page.
struct Why {
  std::shared_ptr<const House> house;
  Utc at, last_event;  // the last thing that Lull saw before it
  std::vector<std::pair<Utc, Decision>> decisions{};
  std::vector<Standpoint> standpoints{};
};
/// `chapters`: all of the store's, at least one.
Result<Why> why_at(const Store& store, const std::vector<Chapter>& chapters, Utc at);
/// The decisions in [from, to), in order.
Result<std::vector<std::pair<Utc, Decision>>> decisions_in(const Store& store, Utc from, Utc to);
/// For programs: `lull why --json` and /api/v1/why.
std::string to_json(const Why& why, const std::string& night);

/// The folder that holds the store: `dir` itself, or the journal in the folder that a demo wrote.
std::string state_folder(const std::string& dir);
/// The last chapter begun at or before `at`; the first when all are later.
const Chapter* chapter_at(const std::vector<Chapter>& chapters, Utc at);

}  // namespace lull
