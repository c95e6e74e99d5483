// The night is replayed up to a moment, and the core itself says how everything stood.
#include <nlohmann/json.hpp>

#include "automations/night/report.hpp"
#include "automations/record.hpp"
#include "bridge/past.hpp"

namespace lull {

Result<std::vector<std::pair<Utc, Decision>>> decisions_in(const Store& store, Utc from, Utc to) {
  const auto entries = store.recorded(from, to);
  if (!entries) return entries.error();
  std::vector<std::pair<Utc, Decision>> decisions;
  for (const Entry& entry : *entries)
    if (const auto recorded = recorded_from(entry.text); recorded && *recorded)
      if (const auto* decision = std::get_if<Decision>(&**recorded)) decisions.emplace_back(entry.utc, *decision);
  return decisions;
}

Result<Why> why_at(const Store& store, const std::vector<Chapter>& chapters, Utc at) {
  const Chapter* chapter = chapter_at(chapters, at);
  if (!chapter) return Error{"the journal", "nothing was recorded there yet"};
  auto past = past_of(*chapter);
  if (!past) return past.error();
  Why why{past->house, at, chapter->begun};
  Hub hub = std::move(past->hub);
  const auto counted = store.events(chapter->number, [&](const Moment& moment) {
    const Utc when{moment.event.at.since_boot +
                   hub.utc_minus_boot.value_or(chapter->begun.since_epoch - chapter->at.since_boot)};
    if (when > at) return false;
    hub = step(std::move(hub), moment.event).hub;
    why.last_event = when;
    return true;
  });
  if (!counted) return counted.error();
  why.standpoints = explain(hub, hub.now);
  auto decisions = decisions_in(store, at - kNear, at + kNear);
  if (!decisions) return decisions.error();
  why.decisions = *std::move(decisions);
  return why;
}

std::string to_json(const Why& why, const std::string& night) {
  using nlohmann::json;
  const Zone& zone = why.house->zone;
  json out{{"night", night},
           {"at", iso(zone, why.at)},
           {"last_event", iso(zone, why.last_event)},
           {"running", why.at - why.last_event <= 1min},
           {"decisions", json::array()},
           {"standpoints", json::array()}};
  for (const auto& [at, decision] : why.decisions)
    out["decisions"].push_back({{"at", iso(zone, at)},
                                {"about", decision.about},
                                {"outcome", word_for(decision.outcome)},
                                {"why", decision.why}});
  for (const Standpoint& s : why.standpoints) out["standpoints"].push_back({{"about", s.about}, {"text", s.text}});
  return out.dump(2, ' ', false, json::error_handler_t::replace);
}

}  // namespace lull
