// Every charge and every refund of a device, and what it means for those who sleep there.
#include "automations/person_dose.hpp"

#include <algorithm>
#include <tuple>

#include "automations/turn.hpp"

namespace lull {
namespace {

PersonDose& dose_of(SleeperState& sleeper, Kind kind) {
  return kind == Kind::heat_pad ? sleeper.heat : sleeper.massage;
}
/// A device that is nobody's counts for everybody: it may lie under any of them.
bool counts_for(const Device& device, std::uint16_t s) { return device.sleeper.value_or(SleeperId{s}) == SleeperId{s}; }

/// Up to when another device of this kind is paid for, that counts for this sleeper too.
Instant others_until(const Turn& t, DeviceId but, std::uint16_t s) {
  const Kind kind = t.device(but).kind;
  Instant until{};
  for (std::uint16_t i = 0; i < t.hub.actuators.size(); ++i) {
    const Device& device = t.house().devices[i];
    if (DeviceId{i} != but && device.kind == kind && counts_for(device, s))
      until = std::max(until, t.hub.actuators[i].standing.dose.charged_until);
  }
  return until;
}

/// What the disk says of tonight. A clock that runs behind what is on the disk is wrong (a board without a battery
/// wakes in the past): then the newest night there is tonight's, and keeps its name, so that all of it is found again
/// when the clock is right.
const DoseUsed* tonight_of(const Turn& t, const std::vector<DoseUsed>& kept, const std::string& name) {
  const DoseUsed* found = nullptr;
  for (const DoseUsed& used : kept) {
    const bool clock_behind = used.night > t.hub.night || used.last > t.utc() + kHard.heat_lease;
    if (used.device != name || (used.night != t.hub.night && !clock_behind)) continue;
    if (!found || std::tie(used.night, used.last) > std::tie(found->night, found->last)) found = &used;
  }
  return found;
}

void restore(Turn& t, DoseMeter& dose, const std::vector<DoseUsed>& kept, const std::string& name, milliseconds rest) {
  dose.kept.device = name;
  dose.kept.night = t.hub.night;
  if (const DoseUsed* tonight = tonight_of(t, kept, name)) {
    dose.kept = *tonight;
    dose.night_began = t.now - std::clamp<milliseconds>(t.utc() - tonight->last, 0ms, kNightTurnsAfter);
  }
  for (const DoseUsed& used : kept) {
    const milliseconds ago = std::max(0ms, t.utc() - used.last);
    if (used.device == name && ago < rest)
      dose.rest_until = std::max(dose.rest_until.value_or(Instant{}), t.now + (rest - ago));
  }
}

milliseconds rest_of(Kind kind, const Limits& household) {
  const Limits limits = tightest(household, kHard);
  return kind == Kind::heat_pad ? limits.heat_rest : limits.massage_rest;
}

std::string ledger_name(const Sleeper& sleeper, Kind kind) {
  return "sleeper:" + sleeper.id + (kind == Kind::heat_pad ? ":heat" : ":massage");
}

/// The bed was empty: that time is not theirs. What lies ahead stays charged.
bool give_spared(PersonDose& person) {
  if (person.spared == 0ms && person.spared_level == 0) return false;
  DoseMeter& theirs = person.meter;
  theirs.kept.on = std::max(0ms, theirs.kept.on - person.spared);
  theirs.session = std::max(0ms, theirs.session - person.spared);
  theirs.kept.level_ms = std::max<std::int64_t>(0, theirs.kept.level_ms - person.spared_level);
  person.spared = 0ms;
  person.spared_level = 0;
  return true;
}

}  // namespace

void charge_dose(Turn& t, DeviceId id, Instant until, Percent level) {
  DoseMeter& own = t.actuator(id).standing.dose;
  const std::int64_t before = own.kept.level_ms;
  if (!own.charge(t.now, until, level, t.utc())) return;
  t.effects.emplace_back(KeepDose{own.kept});
  for (std::uint16_t s = 0; s < t.hub.sleepers.size(); ++s) {
    if (!counts_for(t.device(id), s)) continue;
    DoseMeter& theirs = dose_of(t.hub.sleepers[s], t.device(id).kind).meter;
    theirs.charge(t.now, until, 0_pct, t.utc());
    theirs.kept.level_ms = std::max<std::int64_t>(0, theirs.kept.level_ms + own.kept.level_ms - before);
    t.effects.emplace_back(KeepDose{theirs.kept});
  }
}

void charge_past(Turn& t, DeviceId id, milliseconds ran) {
  DoseMeter& own = t.actuator(id).standing.dose;
  own.charge_past(ran, 100_pct, t.utc());
  t.effects.emplace_back(KeepDose{own.kept});
  for (std::uint16_t s = 0; s < t.hub.sleepers.size(); ++s) {
    if (!counts_for(t.device(id), s)) continue;
    DoseMeter& theirs = dose_of(t.hub.sleepers[s], t.device(id).kind).meter;
    theirs.charge_past(ran, 100_pct, t.utc());
    t.effects.emplace_back(KeepDose{theirs.kept});
  }
}

void refund_dose(Turn& t, DeviceId id) {
  DoseMeter& own = t.actuator(id).standing.dose;
  const std::int64_t before = own.kept.level_ms;
  if (own.refund(t.now, t.utc())) t.effects.emplace_back(KeepDose{own.kept});
  for (std::uint16_t s = 0; s < t.hub.sleepers.size(); ++s) {
    if (!counts_for(t.device(id), s)) continue;
    PersonDose& person = dose_of(t.hub.sleepers[s], t.device(id).kind);
    DoseMeter& theirs = person.meter;
    const DoseUsed was = theirs.kept;
    theirs.kept.level_ms = std::max<std::int64_t>(0, theirs.kept.level_ms + own.kept.level_ms - before);
    if (const Instant until = others_until(t, id, s); until > t.now) {
      theirs.give_back(until, t.utc() + (until - t.now));
    } else {
      theirs.refund(t.now, t.utc());
      give_spared(person);
    }
    if (theirs.kept != was) t.effects.emplace_back(KeepDose{theirs.kept});
  }
}

void spare_doses(Turn& t, milliseconds since_last) {
  constexpr milliseconds kWatched = 5s;  // for longer nobody looked whether the bed was empty all the time
  for (std::uint16_t s = 0; s < t.hub.sleepers.size(); ++s) {
    SleeperState& sleeper = t.hub.sleepers[s];
    const Limits& limits = t.house().sleepers[s].limits;
    for (const Kind kind : {Kind::heat_pad, Kind::massage_pad}) {
      PersonDose& person = dose_of(sleeper, kind);
      person.meter.rest(t.now, duration_cast<minutes>(rest_of(kind, limits)));
      // They got in, or nobody knows: from now on it counts. What came before warmed nobody, and is on the disk without
      // a moment of OFF in between.
      if (sleeper.in_bed != false && give_spared(person)) t.effects.emplace_back(KeepDose{person.meter.kept});
      if (sleeper.in_bed != false || person.meter.charged_until <= t.now || since_last > kWatched) continue;
      person.spared += since_last;
      for (std::size_t i = 0; i < t.hub.actuators.size(); ++i) {
        const DoseMeter& dose = t.hub.actuators[i].standing.dose;
        if (t.house().devices[i].kind == kind && counts_for(t.house().devices[i], s) && dose.charged_until > t.now)
          person.spared_level += dose.level.tenths() * since_last.count() / 10;
      }
    }
  }
}

void turn_doses(Turn& t) {
  const auto turn = [&](DoseMeter& dose) {
    if (!dose.turn_night(t.hub.night, t.now)) return false;
    t.effects.emplace_back(KeepDose{dose.kept});
    return true;
  };
  for (Actuator& a : t.hub.actuators)
    if (has_force(a.standing.kind)) turn(a.standing.dose);
  for (SleeperState& sleeper : t.hub.sleepers)
    for (PersonDose* person : {&sleeper.heat, &sleeper.massage})
      if (turn(person->meter)) person->spared = 0ms, person->spared_level = 0;
}

void restore_doses(Turn& t, const std::vector<DoseUsed>& kept) {
  for (std::size_t i = 0; i < t.hub.actuators.size(); ++i) {
    const Device& device = t.house().devices[i];
    restore(t, t.hub.actuators[i].standing.dose, kept, device.id, rest_of(device.kind, t.house().limits_of(device)));
  }
  for (std::size_t s = 0; s < t.hub.sleepers.size(); ++s)
    for (const Kind kind : {Kind::heat_pad, Kind::massage_pad}) {
      const Sleeper& sleeper = t.house().sleepers[s];
      restore(t, dose_of(t.hub.sleepers[s], kind).meter, kept, ledger_name(sleeper, kind),
              rest_of(kind, sleeper.limits));
    }
}

void show_doses(Turn& t, DeviceId id) {
  Standing& is = t.actuator(id).standing;
  is.sleepers.clear();
  for (std::uint16_t s = 0; s < t.hub.sleepers.size(); ++s) {
    if (!counts_for(t.device(id), s)) continue;
    const PersonDose& person = dose_of(t.hub.sleepers[s], is.kind);
    DoseState state = state_of(person.meter);
    // On the disk until somebody gets in or all is off, for a crash may only count too much; but nobody had it.
    state.night = std::max(0ms, state.night - person.spared);
    state.session = std::max(0ms, state.session - person.spared);
    is.sleepers.push_back(state);
  }
}

}  // namespace lull
