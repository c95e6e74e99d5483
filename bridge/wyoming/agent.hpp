// Assist's conversation agent: a sentence in, an answer out, and in between a wish like any other voice's. It knows no
// socket and no clock.
#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "bridge/wyoming/answers.hpp"
#include "bridge/wyoming/event.hpp"
#include "config/load.hpp"

namespace lull {

/// What is wished for; nothing where a question is only answered, or the house has no such thing.
std::vector<Command> commands_for(const Understood& wish, const House& house);

class Agent {
 public:
  /// How Lull is just now.
  struct Moment {
    Utc now;
    bool stopped = false, reaches_broker = true;
    std::vector<LastNight> nights{};
  };
  struct Doors {
    std::function<Moment()> look;
    std::function<std::vector<Decision>(Door, Command)> ask;  // what was decided about it
  };
  /// `house` outlives it.
  Agent(const House& house, const WyomingSettings& settings, Doors doors)
      : house_(house), settings_(settings), doors_(std::move(doors)) {}

  /// Nothing: an event that is none of ours.
  std::optional<WyomingEvent> answer(const WyomingEvent& said);

 private:
  WyomingEvent hear(std::string_view text, std::string_view language);
  bool whispers(Utc now) const;

  const House& house_;
  WyomingSettings settings_;
  Doors doors_;
};

}  // namespace lull
