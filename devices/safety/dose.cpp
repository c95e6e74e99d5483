// Charging ahead and giving back: the arithmetic of the dose ledger.
#include "devices/safety/dose.hpp"

#include <algorithm>

namespace lull {
namespace {
std::int64_t level_time(Percent level, milliseconds d) { return level.tenths() * d.count() / 10; }
}  // namespace

bool DoseMeter::charge(Instant now, Instant until, Percent at, Utc utc_now) {
  off_since.reset();
  bool changed = false;
  if (charged_until > now && at != level) {
    kept.level_ms += level_time(at, charged_until - now) - level_time(level, charged_until - now);
    changed = true;
  }
  level = at;
  const Instant from = std::max(now, charged_until);
  if (until <= from) return changed;
  const milliseconds more = until - from;
  if (!night_began) night_began = now;
  kept.on += more;
  kept.level_ms += level_time(level, more);
  kept.last = utc_now + (until - now);
  session += more;
  charged_until = until;
  return true;
}

bool DoseMeter::give_back(Instant upto, Utc utc_upto) {
  if (charged_until <= upto) return false;
  const milliseconds back = charged_until - upto;
  kept.on = std::max(0ms, kept.on - back);
  kept.level_ms = std::max<std::int64_t>(0, kept.level_ms - level_time(level, back));
  kept.last = utc_upto;
  session = std::max(0ms, session - back);
  charged_until = upto;
  return true;
}

void DoseMeter::charge_past(milliseconds ran, Percent how, Utc utc_now) {
  kept.on += ran;
  kept.level_ms += level_time(how, ran);
  kept.last = std::max(kept.last, utc_now);
  session += ran;
}

bool DoseMeter::refund(Instant now, Utc utc_now) {
  if (!off_since) off_since = now;
  return give_back(now, utc_now);
}

bool DoseMeter::turn_night(const std::string& night, Instant now) {
  if (kept.night == night) return false;
  if (kept.on > 0ms && night_began && now - *night_began < kNightTurnsAfter) return false;
  night_began.reset();
  kept.night = night;
  kept.on = 0ms;
  kept.level_ms = 0;
  return true;
}

void DoseMeter::rest(Instant now, minutes needed) {
  if (off_since && now - *off_since >= needed) session = 0ms;
  if (rest_until && now >= *rest_until) rest_until.reset();
}

DoseState state_of(const DoseMeter& meter) {
  return {meter.kept.on, meter.session, meter.charged_until, meter.rest_until};
}

}  // namespace lull
