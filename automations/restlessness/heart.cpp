// Facts and what is only our judgement: docs/RESTLESSNESS.md, "A heart rate".
#include "automations/restlessness/heart.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "devices/event.hpp"

namespace lull {
namespace {

constexpr milliseconds kThin = 5s;                   // a strap tells each second; this is enough
constexpr milliseconds kLately = 3min;               // a kick lifts the rate for some ten seconds, waking for minutes
constexpr milliseconds kSilent = 100s;               // one that tells once a minute may be late by a bit
constexpr milliseconds kStuck = 20min;               // no heart beats alike for so long
constexpr std::int32_t kQuietNeeded = 20;            // minutes
constexpr std::int32_t kAwake = 115, kAsleep = 107;  // percent of the quiet rate

}  // namespace

void Heart::hear(std::int32_t bpm, Instant at) {
  if (bpm < kSlowestHeart || bpm > kFastestHeart) return;
  if (!recent.empty() && at - recent.back().at < kThin) return;  // too soon, or told out of order
  if (recent.empty() || recent.back().bpm != bpm || !unchanged_since) unchanged_since = at;
  heard = at;
  while (!recent.empty() && (at - recent.front().at > kLately || recent.size() >= kMost)) recent.pop_front();
  recent.push_back({at, bpm});
}

std::optional<std::int32_t> Heart::rate(Instant now) const {
  if (!heard || now - *heard > kSilent || now - *unchanged_since > kStuck) return std::nullopt;
  std::vector<std::int32_t> lately;
  for (const HeartSample& s : recent)
    if (now - s.at <= kLately) lately.push_back(s.bpm);
  if (lately.size() < 2) return std::nullopt;
  const auto middle = lately.begin() + static_cast<std::ptrdiff_t>(lately.size() / 2);
  std::nth_element(lately.begin(), middle, lately.end());
  return *middle;
}

void Heart::minute(bool was_quiet, Instant now) {
  ++minutes_in_bed;
  const auto is = rate(now);
  if (!is) return;
  ++minutes_known;
  if (!was_quiet) return;
  const auto bin = std::clamp((*is - kFirst) / kWidth, 0, static_cast<std::int32_t>(quiet.size()) - 1);
  ++quiet[static_cast<std::size_t>(bin)];
}

std::optional<std::int32_t> Heart::resting() const {
  const std::int32_t all = std::accumulate(quiet.begin(), quiet.end(), 0);
  if (all < kQuietNeeded) return std::nullopt;
  std::int32_t upto = 0;
  for (std::size_t i = 0; i < quiet.size(); ++i)
    if ((upto += quiet[i]) * 4 >= all) return kFirst + static_cast<std::int32_t>(i) * kWidth + kWidth / 2;
  return std::nullopt;
}

HeartSays says(const Heart& heart, Instant now) {
  const auto is = heart.rate(now), quiet = heart.resting();
  if (!is || !quiet) return HeartSays::nothing;
  if (*is * 100 >= *quiet * kAwake) return HeartSays::awake;
  return *is * 100 <= *quiet * kAsleep ? HeartSays::asleep : HeartSays::nothing;
}

std::optional<double> heart_coverage(const Heart& heart) {
  if (heart.minutes_in_bed == 0) return std::nullopt;
  return 100.0 * heart.minutes_known / heart.minutes_in_bed;
}

std::string heart_text(const Heart& heart, Instant now) {
  if (!heart.heard) return "";
  const auto is = heart.rate(now), quiet = heart.resting();
  std::string text = "heart rate ";
  if (is) {
    text += std::to_string(*is);
    if (quiet) text += ", " + std::to_string(*quiet) + " when quiet tonight";
  } else if (now - *heart.heard > kSilent) {
    text += "not heard for " + std::to_string(duration_cast<minutes>(now - *heart.heard).count()) + " min";
  } else {
    text += now - *heart.unchanged_since > kStuck ? "stuck at one number, not believed" : "told too seldom";
  }
  if (const auto share = heart_coverage(heart))
    text += "; known in " + std::to_string(std::lround(*share)) + " % of tonight";
  return text;
}

}  // namespace lull
