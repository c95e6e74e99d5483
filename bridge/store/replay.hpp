// Runs the core again on the events of a chapter, and compares what it wants now with what it wanted then.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "bridge/store/store.hpp"

namespace lull {

/// One step of a core: the texts of its effects.
using Stepper = std::function<std::vector<std::string>(const Event&)>;
/// Makes the core as it was when the chapter began, from its configuration and snapshot.
using MakeStepper = std::function<Result<Stepper>(const Chapter&)>;

struct Replayed {
  std::int64_t chapters = 0, events = 0, effects = 0;
  std::optional<std::string> first_difference{};  // where, what was recorded, what came now
};

/// One chapter, or all of them. An Error: something could not be read, so nothing was proved.
Result<Replayed> replay(const Store& journal, std::optional<std::int64_t> chapter, const MakeStepper& make);

}  // namespace lull
