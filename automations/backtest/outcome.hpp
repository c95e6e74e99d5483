// What would have happened beside what really happened, night by night: the result of a backtest, and its words.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "automations/night/report.hpp"

namespace lull::backtest {

/// One session, as far as a comparison needs it.
struct Ran {
  std::string routine, asked_by, ended_by;
  Span span;
  bool gentle = false;
};
/// A restless episode as the detector noticed it.
struct Noticed {
  std::string sleeper, by;  // by: "Ana's ankle 7 of 7"
  Span span;
};
/// One night of one world, in figures.
struct NightOf {
  std::vector<Ran> sessions;
  std::vector<Noticed> episodes;
  std::vector<Line> not_done;  // of rules and devices: refused, lost, decided against
  milliseconds massage{}, heat{};
  int refusals = 0;  // how often, all lines of not_done together
};
NightOf night_of_report(const NightReport& report, const House& house);

struct NightBeside {
  std::string night;   // the date of its evening
  std::string source;  // the file, "" = the journal
  Zone zone;
  NightOf would;
  std::optional<NightOf> was{};  // nothing: the record does not tell
};

struct Outcome {
  std::vector<NightBeside> nights;   // in order of time
  std::vector<std::string> remarks;  // what was assumed, left out or could not be read: each once
  std::string beside;                // what `was` is: "what really happened", "with old.yaml"; "" = nothing
};
/// Adds a remark that is not there yet.
void remark(Outcome& outcome, std::string text);

/// The sums over those nights that have both.
struct Totals {
  int nights = 0, sessions = 0, episodes = 0, refusals = 0;
  milliseconds massage{}, heat{};
};
Totals totals(const Outcome& outcome, bool would, bool only_both);

/// For people. `brief`: a line a night, without its sessions and reasons.
std::string to_text(const Outcome& outcome, bool brief);
/// For programs; docs/BACKTEST.md names the keys.
std::string to_json(const Outcome& outcome);

/// What every backtest assumes, said under each.
inline constexpr const char* kAssumed =
    "Assumed: pads and lamps do what they are told, and surfaces warm as they should. Legs moved as they did that "
    "night: no effect\nof a massage is assumed, and that of one that really ran is in the record. While a pad really "
    "ran nobody knows the legs.";

}  // namespace lull::backtest
