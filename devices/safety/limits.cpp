// Tightening: the stricter of two in every field, so that no order of sources can loosen anything.
#include "devices/safety/limits.hpp"

#include <algorithm>

namespace lull {

Limits tightest(const Limits& a, const Limits& b) {
  Limits t;
  t.heat_target = std::min(a.heat_target, b.heat_target);
  t.heat_ceiling = std::min(a.heat_ceiling, b.heat_ceiling);
  t.heat_trip = std::min(a.heat_trip, b.heat_trip);
  t.heat_session = std::min(a.heat_session, b.heat_session);
  t.heat_night = std::min(a.heat_night, b.heat_night);
  t.heat_rest = std::max(a.heat_rest, b.heat_rest);
  t.heat_unmeasured = std::min(a.heat_unmeasured, b.heat_unmeasured);
  t.heat_empty = std::min(a.heat_empty, b.heat_empty);
  t.heat_lease = std::min(a.heat_lease, b.heat_lease);
  t.presence_lives = std::min(a.presence_lives, b.presence_lives);
  t.replay_level = std::min(a.replay_level, b.replay_level);
  t.replay_session = std::min(a.replay_session, b.replay_session);
  t.replay_apart = std::max(a.replay_apart, b.replay_apart);
  t.replays_a_night = std::min(a.replays_a_night, b.replays_a_night);
  t.replay_ramp = std::max(a.replay_ramp, b.replay_ramp);
  t.reading_lives = std::min(a.reading_lives, b.reading_lives);
  t.massage_level = std::min(a.massage_level, b.massage_level);
  t.massage_session = std::min(a.massage_session, b.massage_session);
  t.massage_night = std::min(a.massage_night, b.massage_night);
  t.massage_rest = std::max(a.massage_rest, b.massage_rest);
  t.massage_lease = std::min(a.massage_lease, b.massage_lease);
  t.heat_allowed = a.heat_allowed && b.heat_allowed;
  t.heat_only_preheat = a.heat_only_preheat || b.heat_only_preheat;
  t.massage_allowed = a.massage_allowed && b.massage_allowed;
  return t;
}

}  // namespace lull
