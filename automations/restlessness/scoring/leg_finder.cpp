// Beginning and end of leg movements, read off the live detector's rule as it goes on and off.
#include "automations/restlessness/scoring/leg_finder.hpp"

namespace lull::scoring {
namespace {

constexpr Instant kStart{hours{1}};  // anything after zero, so that a look back stays in range
constexpr milliseconds kGap = 2s;

}  // namespace

LegFinder::LegFinder(double hz, Leg leg) : sample_{hz, {{}}}, leg_(leg) {}

std::optional<LegMovement> LegFinder::hear(const std::array<float, 3>& mg, milliseconds at) {
  if (last_ && at - *last_ > kGap) finder_.skip(kStart + *last_);
  last_ = at;
  sample_.mg.front() = mg;
  const bool was_on = finder_.above;
  finder_.hear(sample_, kStart + at);
  if (!was_on || finder_.above || !finder_.raw_on || !finder_.raw_loud) return std::nullopt;
  const LegMovement found{*finder_.raw_on - kStart, *finder_.raw_loud - kStart, leg_};
  return found.length() >= 500ms ? std::optional{found} : std::nullopt;
}

void LegFinder::miss() {
  if (last_) finder_.skip(kStart + *last_);
}

}  // namespace lull::scoring
