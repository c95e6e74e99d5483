// The personal baseline: how much this person moves in nights without an episode, so that theirs count as ordinary.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "automations/restlessness/detector.hpp"

namespace lull {
namespace {

constexpr std::size_t kNights = 14;  // a fortnight: a change of season, mattress or medicine wears in
constexpr std::size_t kNightsNeeded = 3;
constexpr std::int32_t kMinutesNeeded = 180;  // of a night, watched and without an episode
constexpr std::int32_t kMostRaised = 4;       // bounded: no baseline may make the detector deaf
constexpr std::size_t kMostText = 64 * 1024;

/// Movements above the default that the 99.7th percentile of the quiet minutes asks for.
std::int32_t raise_for(const DetectorSensor& s) {
  if (s.nights.size() < kNightsNeeded) return 0;
  std::array<std::int64_t, std::tuple_size_v<WindowCounts>> all{};
  std::int64_t total = 0;
  for (const WindowCounts& night : s.nights)
    for (std::size_t n = 0; n < night.size(); ++n) all[n] += night[n], total += night[n];
  std::int64_t below = 0;
  std::size_t n = 0;
  for (; n + 1 < all.size(); ++n)
    if ((below += all[n]) * 1000 >= total * 997) break;
  return std::clamp(static_cast<std::int32_t>(n) + 1 - s.threshold.need, 0, kMostRaised);
}

}  // namespace

bool Detector::end_night() {
  bool news = false;
  for (DetectorSensor& s : sensors) {
    std::int32_t watched = 0;
    for (const auto n : s.tonight) watched += n;
    if (watched >= kMinutesNeeded) {
      if (s.nights.size() == kNights) s.nights.pop_front();
      s.nights.push_back(s.tonight);
      s.raised = raise_for(s);
      news = true;
    }
    s.tonight.fill(0);
  }
  if (!news) return false;
  nlohmann::json kept = {{"version", 1}, {"sensors", nlohmann::json::object()}};
  for (const DetectorSensor& s : sensors) {
    auto& nights = kept["sensors"][s.id] = nlohmann::json::array();
    for (WindowCounts night : s.nights) {
      auto last = night.end();
      while (last != night.begin() && *(last - 1) == 0) --last;  // most windows are nearly empty: short texts
      nights.push_back(std::vector<std::uint16_t>(night.begin(), last));
    }
  }
  learned = kept.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return true;
}

bool Detector::recall(std::string_view text) {
  using nlohmann::json;
  if (text.size() > kMostText) return false;
  bool deep = false;
  const json kept = json::parse(
      text,
      [&](int depth, json::parse_event_t, json&) {
        deep = deep || depth > 4;
        return depth <= 4;
      },
      false);
  if (deep || !kept.is_object() || !kept.contains("version") || kept["version"] != 1) return false;
  const auto found = kept.find("sensors");
  if (found == kept.end() || !found->is_object()) return false;
  std::vector<std::deque<WindowCounts>> read(sensors.size());
  for (std::size_t i = 0; i < sensors.size(); ++i) {
    const auto nights = found->find(sensors[i].id);
    if (nights == found->end()) continue;  // a sensor that is new since
    if (!nights->is_array() || nights->size() > kNights) return false;
    for (const json& night : *nights) {
      WindowCounts counts{};
      if (!night.is_array() || night.size() > counts.size()) return false;
      for (std::size_t n = 0; n < night.size(); ++n) {
        if (!night[n].is_number_unsigned() || night[n].get<std::uint64_t>() > 1440) return false;  // minutes in a day
        counts[n] = night[n].get<std::uint16_t>();
      }
      read[i].push_back(counts);
    }
  }
  for (std::size_t i = 0; i < sensors.size(); ++i) {
    sensors[i].nights = std::move(read[i]);
    sensors[i].raised = raise_for(sensors[i]);
  }
  learned = text;
  return true;
}

}  // namespace lull
