// lull why: how everything stood at a moment of a night, and what was decided around it.
#include <cstdio>

#include "automations/calendar.hpp"
#include "bridge/cli/commands.hpp"
#include "bridge/past.hpp"

namespace lull::cli {
namespace {

Result<TimeOfDay> time_of(const std::string& text) {
  int hour = 0, minute = 0, used = 0;
  if (std::sscanf(text.c_str(), "%2d:%2d%n", &hour, &minute, &used) != 2 || used != static_cast<int>(text.size()) ||
      hour < 0 || hour > 23 || minute < 0 || minute > 59)
    return Error{text, "is no time; write it as on a clock, for example 02:00"};
  return TimeOfDay{static_cast<std::int16_t>(hour * 60 + minute)};
}

const char* clock_at(const Zone& zone, Utc at, std::string& buffer) {
  buffer = text(local(zone, at)).substr(11);
  return buffer.c_str();
}

void print(const lull::Why& answer) {
  const Zone& zone = answer.house->zone;
  std::string buffer;
  std::printf("At %s:\n\n", text(local(zone, answer.at)).c_str());
  if (answer.at - answer.last_event > 1min)
    std::printf("Lull was not running then: the last thing it saw was at %s. Before that:\n\n",
                text(local(zone, answer.last_event)).c_str());
  std::printf("Decided within %d minutes of it:\n", static_cast<int>(kNear.count()));
  for (const auto& [at, decision] : answer.decisions)
    std::printf("  %s  %s: %s (%s)\n", clock_at(zone, at, buffer), decision.about.c_str(), decision.why.c_str(),
                std::string(word_for(decision.outcome)).c_str());
  if (answer.decisions.empty()) std::puts("  nothing");
  std::puts("\nHow everything stood, and what it would have needed:");
  for (const Standpoint& s : answer.standpoints) std::printf("  %s: %s\n", s.about.c_str(), s.text.c_str());
}

}  // namespace

int why(const Why& args) {
  const auto fail = [](const Error& e) { return problem(e.where + ": " + e.what); };
  const auto time = time_of(args.time);
  if (!time) {
    fail(time.error());
    return kUsage;
  }
  auto store = Store::open(state_folder(args.state), StoreMode::read_only);
  if (!store) return fail(store.error());
  const auto chapters = (*store)->chapters();
  if (!chapters) return fail(chapters.error());
  if (chapters->empty()) return problem(args.state + ": nothing was recorded there yet");
  auto last = past_of(chapters->back());
  if (!last) return fail(last.error());
  const Zone zone = last->house->zone;
  std::string night = args.night;
  if (night.empty()) {
    const auto nights = (*store)->nights([&](Utc at) { return night_of(zone, at); });
    if (!nights) return fail(nights.error());
    night = nights->empty() ? night_of(zone, chapters->back().begun) : nights->front();
  }
  const auto at = in_night(zone, night, *time);
  if (!at) {
    problem(night + ": is no night; write it as the date of its evening, for example 2026-11-21");
    return kUsage;
  }
  const auto answer = why_at(**store, *chapters, *at);
  if (!answer) return fail(answer.error());
  args.json ? void(std::puts(to_json(*answer, night).c_str())) : print(*answer);
  return kFine;
}

}  // namespace lull::cli
