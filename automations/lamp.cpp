// Lamps: what they show against what they should. They fade by themselves where they can, and are never taken from a
// hand.
#include <algorithm>
#include <cstdlib>

#include "automations/turn.hpp"

namespace lull {
namespace {

/// A fade that leaves together with the level it should begin at may overtake it on the radio, or find the lamp still
/// dark: so the beginning is told first, and the fade a second later. By then the score has moved on a little.
bool has_begun(const Actuator& a, const Output& want) {
  if (want.level == 0_pct) return true;  // from wherever it is
  if (a.tries == 0 || a.told.kelvin != want.kelvin) return false;
  if (a.told.fade_to) return a.told.fade_to == want.fade_to;
  const std::int64_t whole_way = std::abs(want.level.tenths() - want.fade_to->tenths());
  const std::int64_t moved = whole_way * 3000 / std::max<std::int64_t>(want.fade_over.count(), 1);
  return std::abs(a.told.level.tenths() - want.level.tenths()) <= 50 + moved;
}

}  // namespace

void reconcile_lamp(Turn& t, DeviceId id, const Verdict& verdict) {
  Actuator& a = t.actuator(id);
  if (!a.on && !a.asked_at && t.hub.link_up && air_is_free(t, id)) ask_it(t, id);  // nobody has heard of it yet
  if (a.priority == Priority::nobody || a.priority == Priority::hand || verdict.refusal != Refusal::none) {
    a.told = Output{};
    a.tries = 0;
    a.pending = false;
    return;  // a lamp is left as it is: darkness can hurt more than light
  }
  Output want = a.wanted;
  if (want.fade_to && !a.fades) {
    if (want.level == 0_pct) want.level = *want.fade_to;  // from wherever it is: at once
    want.fade_to.reset();
    want.fade_over = 0ms;
    const bool small = std::abs(want.level.tenths() - a.told.level.tenths()) < 50 && t.now - a.told_at < 10s;
    if (a.tries > 0 && small && a.told.kelvin == want.kelvin) want.level = a.told.level;
  }
  Output say = want;
  if (want.fade_to && !has_begun(a, want)) {
    want.fade_to.reset();
    want.fade_over = 0ms;
    say = want;
  } else if (want.fade_to) {
    if (a.tries > 0 && !a.told.fade_to && t.now - a.told_at < 1s) return;
    if (want.level > 0_pct) say.level = 0_pct, say.kelvin.reset();  // both were told
  }
  const bool fading = a.tries > 0 && want.fade_to && a.told.fade_to == want.fade_to && a.told.kelvin == want.kelvin;
  const bool there = a.tries > 0 && !want.fade_to && a.told.fade_to.value_or(a.told.level) == want.level &&
                     (a.told.kelvin == want.kelvin || want.level == 0_pct);
  if (!fading && !there) {
    if (!air_is_free(t, id)) return;  // what is wanted when the air is free is told, not this
    a.pending = true;
    a.confirmed = false;
    a.told_first = a.told_at = t.now;
    a.tries = 1;
  } else if (a.pending && a.tries == 1 && t.now - a.told_at >= kConfirmWithin) {
    if (!air_is_free(t, id)) return;
    a.told_at = t.now;
    a.tries = 2;
  } else {
    if (a.pending && t.now - a.told_first >= kGiveUpAfter) {
      a.pending = false;
      t.decide(Decision::Outcome::refused, t.device(id).name, "it does not answer");
    }
    return;
  }
  a.told = want;
  const Interlock interlock(t.house().limits_of(t.device(id)));
  lull::say(t, interlock.review(id, say, a.standing, t.now).command);
}

}  // namespace lull
