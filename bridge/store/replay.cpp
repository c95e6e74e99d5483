// The proof that a night is what its journal says: the same events give the same effects, letter by letter.
#include "bridge/store/replay.hpp"

#include <algorithm>

namespace lull {
namespace {

std::string told(const std::vector<std::string>& effects, std::size_t i) {
  return i < effects.size() ? effects[i] : "nothing";
}

}  // namespace

Result<Replayed> replay(const Store& journal, std::optional<std::int64_t> chapter, const MakeStepper& make) {
  Replayed done;
  const auto chapters = journal.chapters();
  if (!chapters) return chapters.error();
  for (const Chapter& c : *chapters) {
    if (chapter && c.number != *chapter) continue;
    const auto stepper = make(c);
    if (!stepper) return Error{"chapter " + std::to_string(c.number) + stepper.error().where, stepper.error().what};
    ++done.chapters;
    std::optional<Error> hole;
    const auto read = journal.events(c.number, [&](const Moment& m) {
      if (m.lost > 0) {
        hole = Error{
            "chapter " + std::to_string(c.number) + ", event " + std::to_string(done.events),
            std::to_string(m.lost) + " moments before this one could not be written, so what follows cannot be proved"};
        return false;
      }
      const std::vector<std::string> now = (*stepper)(m.event);
      ++done.events;
      done.effects += static_cast<std::int64_t>(m.effects.size());
      if (now == m.effects) return true;
      std::size_t i = 0;
      while (i < now.size() && i < m.effects.size() && now[i] == m.effects[i]) ++i;
      done.first_difference = "chapter " + std::to_string(c.number) + ", event " + std::to_string(done.events) + ": " +
                              to_text(m.event) + "\n  effect " + std::to_string(i + 1) + " was " + told(m.effects, i) +
                              "\n  and is now " + told(now, i);
      return false;
    });
    if (done.first_difference) return done;
    if (hole) return *hole;
    if (!read) return read.error();
  }
  if (done.chapters == 0)
    return chapter ? Error{"chapter " + std::to_string(*chapter), "is not in the journal"}
                   : Error{"the journal", "holds no chapter, so there is nothing to prove"};
  return done;
}

}  // namespace lull
