// How quiet nights become a threshold. An episode's own movements never teach (detector_learn.cpp); what is left of a
// night never reaches the need, so the need is found from how fast the near misses thin out towards it.
#include "automations/restlessness/baseline.hpp"

#include <algorithm>
#include <cmath>

namespace lull {
namespace {

constexpr double kWanted = 0.15;       // false alarms a night of eight hours
constexpr double kNight = 8;           // hours
constexpr double kPriorRatio = 0.35;   // of the stirs that come within one movement, so many reach the need ...
constexpr double kPriorStirs = 4;      // ... and this is worth so many stirs of one's own
constexpr double kPriorHours = 14;     // a part of the night leans on the whole night as if it had so many hours
constexpr double kUsualHours = 2;      // the same for what is shown as usual
constexpr double kSeldom = 0.05;       // of quiet minutes that may count as movement
constexpr double kAbsurdAnHour = 120;  // no sleeper moves so often outside of an episode: a broken sensor
constexpr std::array<double, 3> kSteps{1, 1.3, 1.7};  // no more: faint legs would be lost

double hours_of(const QuietTime& q) { return q.seconds / 3600.0; }

void add(QuietTime& sum, const QuietTime& q) {
  sum.seconds += q.seconds, sum.movements += q.movements, sum.near += q.near, sum.fired += q.fired;
  for (std::size_t i = 0; i < q.louder.size(); ++i) sum.louder[i] += q.louder[i];
}
QuietTime sum_of(const QuietNight& night) {
  QuietTime sum;
  for (const QuietTime& q : night.parts) add(sum, q);
  return sum;
}

}  // namespace

std::int32_t part_of(std::int32_t minute_of_day) {
  const std::int32_t hour = minute_of_day / 60;
  return hour < 3 ? 1 : hour < 6 ? 2 : hour < 12 ? 3 : hour < 18 ? 4 : 0;
}

std::string_view words_for_part(std::int32_t part) {
  constexpr std::array<std::string_view, kParts> kWords{"before midnight", "between 0:00 and 3:00",
                                                        "between 3:00 and 6:00", "after 6:00", "by day"};
  return kWords[static_cast<std::size_t>(std::clamp<std::int32_t>(part, 0, kParts - 1))];
}

std::optional<double> Baseline::usual_an_hour(std::int32_t part) const {
  if (!knows()) return std::nullopt;
  QuietTime here, all;
  for (const QuietNight& n : nights) {
    add(here, n.parts[static_cast<std::size_t>(part)]);
    add(all, sum_of(n));
  }
  if (all.seconds <= 0) return std::nullopt;
  const double whole = all.movements / hours_of(all);
  return (here.movements + kUsualHours * whole) / (hours_of(here) + kUsualHours);
}

void Baseline::end_night(std::int32_t need, bool slow) {
  const QuietTime sum = sum_of(tonight);
  // Nobody lies three hours without a single movement, and nobody moves twice a minute all night outside of episodes.
  const bool believed = sum.movements > 0 && sum.movements <= kAbsurdAnHour * hours_of(sum);
  if (sum.seconds >= kALittle && believed) {
    if (nights.size() == kMostNights) nights.pop_front();
    nights.push_back(tonight);
  }
  tonight = {};
  settle(need, slow);
}

void Baseline::settle(std::int32_t need, bool slow) {
  raise = {}, level = 1;
  if (!knows()) return;
  QuietTime all;
  for (const QuietNight& n : nights) add(all, sum_of(n));
  const double watched = hours_of(all);
  if (!(watched > 0)) return;
  const double stirs = all.near + all.fired;
  // Each further movement that is asked for leaves this share of the stirs.
  const double left = std::clamp((all.fired + kPriorStirs * kPriorRatio) / (stirs + kPriorStirs), 0.05, 0.9);
  for (std::size_t p = 0; p < kParts; ++p) {
    QuietTime here;
    for (const QuietNight& n : nights) add(here, n.parts[p]);
    const double an_hour =
        (here.near + here.fired + kPriorHours * (stirs + 0.3) / watched) / (hours_of(here) + kPriorHours);
    const double too_many = an_hour * kNight / kWanted;
    const double more = too_many <= 1 ? -1 : std::log(too_many) / -std::log(left) - 1;
    raise[p] = need > 2 && more >= 0.25 ? kMostRaised : 0;
  }
  if (!slow) return;
  const double minutes_watched = watched * 60;
  level = kSteps.back();
  for (std::size_t i = kSteps.size(); i-- > 0;) {
    const double louder = i == 0 ? all.movements : all.louder[i - 1];
    if (louder > kSeldom * minutes_watched) break;
    level = kSteps[i];
  }
}

}  // namespace lull
