// lull why: the night is replayed up to a moment, and the core itself says how everything stood.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "automations/calendar.hpp"
#include "automations/record.hpp"
#include "automations/view.hpp"
#include "bridge/cli/commands.hpp"
#include "bridge/night_keeper.hpp"
#include "bridge/past.hpp"

namespace lull::cli {
namespace {

constexpr minutes kNear{15};

struct Answer {
  Utc at, last_event;
  std::vector<Timed> decisions;
  std::vector<Standpoint> standpoints;
};

Result<TimeOfDay> time_of(const std::string& text) {
  int hour = 0, minute = 0, used = 0;
  if (std::sscanf(text.c_str(), "%2d:%2d%n", &hour, &minute, &used) != 2 || used != static_cast<int>(text.size()) ||
      hour < 0 || hour > 23 || minute < 0 || minute > 59)
    return Error{text, "is no time; write it as on a clock, for example 02:00"};
  return TimeOfDay{static_cast<std::int16_t>(hour * 60 + minute)};
}

/// The hub as it was at that moment, by replaying its chapter.
Result<Answer> standing_at(const Store& store, Past past, const Chapter& chapter, Utc at) {
  Answer answer{at, chapter.begun, {}, {}};
  Hub hub = std::move(past.hub);
  const auto counted = store.events(chapter.number, [&](const Moment& moment) {
    const Utc when{moment.event.at.since_boot +
                   hub.utc_minus_boot.value_or(chapter.begun.since_epoch - chapter.at.since_boot)};
    if (when > at) return false;
    hub = step(std::move(hub), moment.event).hub;
    answer.last_event = when;
    return true;
  });
  if (!counted) return counted.error();
  answer.standpoints = explain(hub, hub.now);
  return answer;
}

const char* clock_at(const Zone& zone, Utc at, std::string& buffer) {
  buffer = text(local(zone, at)).substr(11);
  return buffer.c_str();
}

void print(const Answer& answer, const House& house) {
  std::string buffer;
  std::printf("At %s:\n\n", text(local(house.zone, answer.at)).c_str());
  if (answer.at - answer.last_event > 1min)
    std::printf("Lull was not running then: the last thing it saw was at %s. Before that:\n\n",
                text(local(house.zone, answer.last_event)).c_str());
  std::printf("Decided within %d minutes of it:\n", static_cast<int>(kNear.count()));
  for (const Timed& d : answer.decisions) {
    const auto& decision = std::get<Decision>(d.what);
    std::printf("  %s  %s: %s (%s)\n", clock_at(house.zone, d.utc, buffer), decision.about.c_str(),
                decision.why.c_str(), std::string(word_for(decision.outcome)).c_str());
  }
  if (answer.decisions.empty()) std::puts("  nothing");
  std::puts("\nHow everything stood, and what it would have needed:");
  for (const Standpoint& s : answer.standpoints) std::printf("  %s: %s\n", s.about.c_str(), s.text.c_str());
}

void print_json(const Answer& answer, const House& house, const std::string& night) {
  using nlohmann::json;
  json out{{"night", night},
           {"at", iso(house.zone, answer.at)},
           {"last_event", iso(house.zone, answer.last_event)},
           {"running", answer.at - answer.last_event <= 1min},
           {"decisions", json::array()},
           {"standpoints", json::array()}};
  for (const Timed& d : answer.decisions) {
    const auto& decision = std::get<Decision>(d.what);
    out["decisions"].push_back({{"at", iso(house.zone, d.utc)},
                                {"about", decision.about},
                                {"outcome", word_for(decision.outcome)},
                                {"why", decision.why}});
  }
  for (const Standpoint& s : answer.standpoints) out["standpoints"].push_back({{"about", s.about}, {"text", s.text}});
  std::puts(out.dump(2, ' ', false, json::error_handler_t::replace).c_str());
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
  const Chapter* chapter = chapter_at(*chapters, *at);
  auto past = past_of(*chapter);
  if (!past) return fail(past.error());
  const auto house = past->house;
  auto answer = standing_at(**store, std::move(*past), *chapter, *at);
  if (!answer) return fail(answer.error());
  const auto entries = (*store)->recorded(*at - kNear, *at + kNear);
  if (!entries) return fail(entries.error());
  for (const Entry& entry : *entries)
    if (const auto recorded = recorded_from(entry.text); recorded && *recorded)
      if (const auto* decision = std::get_if<Decision>(&**recorded))
        answer->decisions.push_back({entry.utc, *decision});
  args.json ? print_json(*answer, *house, night) : print(*answer, *house);
  return kFine;
}

}  // namespace lull::cli
