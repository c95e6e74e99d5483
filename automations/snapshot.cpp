// One line a type. A field that is forgotten here shows in the test that continues a night from its snapshots.
#include "automations/snapshot.hpp"

#include <nlohmann/json.hpp>

namespace nlohmann {

template <class T>
struct adl_serializer<std::optional<T>> {
  static void to_json(json& j, const std::optional<T>& v) { v ? j = *v : j = nullptr; }
  static void from_json(const json& j, std::optional<T>& v) {
    if (j.is_null())
      v.reset();
    else
      v = j.get<T>();
  }
};
template <class Rep, class Period>
struct adl_serializer<std::chrono::duration<Rep, Period>> {
  static void to_json(json& j, const std::chrono::duration<Rep, Period>& v) { j = v.count(); }
  static void from_json(const json& j, std::chrono::duration<Rep, Period>& v) {
    v = std::chrono::duration<Rep, Period>(j.get<Rep>());
  }
};
template <class Unit, int kLow, int kHigh>
struct adl_serializer<lull::Quantity<Unit, kLow, kHigh>> {
  static void to_json(json& j, const lull::Quantity<Unit, kLow, kHigh>& v) { j = v.tenths(); }
  static void from_json(const json& j, lull::Quantity<Unit, kLow, kHigh>& v) {
    v = lull::Quantity<Unit, kLow, kHigh>::of_tenths(j.get<int>());
  }
};

}  // namespace nlohmann

namespace lull {

#define LULL_FIELDS(...) NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(__VA_ARGS__)
// What has grown since a release: a field that an older snapshot does not have is as in a new hub.
#define LULL_GROWN(...) NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(__VA_ARGS__)
LULL_FIELDS(Instant, since_boot)
LULL_FIELDS(Utc, since_epoch)
LULL_FIELDS(DeviceId, index)
LULL_FIELDS(SleeperId, index)
LULL_FIELDS(Output, level, kelvin, fade_to, fade_over)
LULL_FIELDS(Reading, celsius, at)
LULL_FIELDS(Finding, flaw, from, refuses, sentence, remedy)
LULL_FIELDS(DoseUsed, device, night, on, level_ms, last)
LULL_FIELDS(DoseMeter, kept, session, charged_until, night_began, off_since, rest_until, level)
LULL_FIELDS(DoseState, night, session, charged_until, rest_until)
LULL_FIELDS(PersonDose, meter, spared, spared_level)
LULL_FIELDS(PresenceSensor, device, said, heard, watched_since, longest_pause, words, silent)
LULL_FIELDS(Probe, device, sensor, last, unchanged_since, same, frozen, failed_at, jumped_at, said)
LULL_FIELDS(SurfaceWatch, probes, driven_since, began_at, apart, cold)
LULL_GROWN(Standing, kind, timer, timer_reason, own_cut_off, stopped, leaving, link_up, guard_up, store_healthy,
           reachable, proved_off_since_start, armed, behind_mains, unpowered, measures_surface, surface, cooling,
           tripped, faulty, fault, in_bed, findings, awaited, tells_power_on, wakes_off, trial_passed, trial_lease,
           in_trial, name, flagged_heat, flagged_massage, watch, sleepers, warmed_empty, replay, dose, catching_up,
           spoken, heat_by_voice)
LULL_FIELDS(DeviceIdentified, device, model, firmware, address, tells_power_on)
LULL_FIELDS(GroupMember, address, group)
LULL_FIELDS(TrialResult, passed, at, of, outcome)
LULL_FIELDS(Hand, on, level, since)
LULL_GROWN(Manual, level, program, began, until, door, by, replay, spoken)
LULL_GROWN(OffWatch, before, nothing_after, weighed, word_is_not_enough, stuck, by_mains, alarms, first_off, offs)
LULL_FIELDS(Airtime, last_, next_, idle_asked_)
LULL_FIELDS(Actuator, standing, on, level, kelvin, watts, heard, watts_heard, fades, told, told_at, told_first,
            asked_at, tries, pending, confirmed, lease_until, renew_at, lease_confirmed, prepared, prepared_at,
            state_heard, fresh, restarts, off_said_at, off_proved, watch, alarmed, off_because, identity, groups, trial,
            trial_asked, doubts_kept, power_wanted, cut, waking_since, air, hand, manual, faulty_since, faults_tonight,
            wanted, priority, owner, losers, refusal, why, noted)
LULL_GROWN(Vital, heard, battery, back_since, bridge_answered, bridge_healthy, longest_pause, pauses, rings)
LULL_FIELDS(Behind, since, of_unknown_age, why)
LULL_FIELDS(Check, state, about, text, remedy)
LULL_FIELDS(Preflight, begun, first_asked, alone_since, asked_by, night, done_at, checks)
LULL_FIELDS(Tonight, night, preflight, bedtime, morning_unseen, morning_latest)
LULL_GROWN(Held, to, text, alarm, told, told_lately)
LULL_FIELDS(Hush, on, held, more)
LULL_GROWN(Play, routine, door, by, rule, began, elapsed, hold, extended, ran, paused, paused_for, replay, spoken,
           strength, words_upto)
LULL_FIELDS(Trial, device, step, since, told, renewed_at, on_said, off_said, asked, tries, complaints, round, renewals,
            insists, insisted, drew, passed, verdict, text, lasted)
LULL_FIELDS(RuleUsed, rule, night, times, total, last)
LULL_FIELDS(Permit, allowed, resting)
LULL_FIELDS(ForTonight, name, night, since, until)
LULL_FIELDS(AlarmSeen, armed, judged, done)
LULL_GROWN(RuleState, allowed, resting, used, last, due, alarms)
LULL_FIELDS(Movement, at, strength)
LULL_FIELDS(QuietFloor, blocks, next, sum, samples, median)
LULL_GROWN(MovementFinder, stream, epoch, hold_off, level, last_heard, moving_since, moving_until, told, above, floor,
           minute_sum, minute_heard, said, again, recent, recent_next, squares, squares_next, raw_on, raw_loud)
LULL_FIELDS(Threshold, need, window, level)
LULL_FIELDS(DetectorSettings, need, window, get_in_time)
LULL_FIELDS(QuietTime, seconds, movements, near, fired, louder)
LULL_FIELDS(QuietNight, parts)
LULL_FIELDS(Baseline, nights, tonight, raise, level)
LULL_FIELDS(Stir, since, last, enough, treated)
LULL_GROWN(DetectorSensor, device, id, name, finder, threshold, window, crossed, opened, baseline, stir)
LULL_FIELDS(Felt, at, loud)
LULL_FIELDS(HeartSample, at, bpm)
LULL_GROWN(Heart, recent, heard, unchanged_since, quiet, minutes_in_bed, minutes_known)
LULL_GROWN(Detector, settings, sensors, has_presence, restless, since, after_pad, pad_until, in_bed, in_bed_since,
           out_since, ticked_since, open_since, closed_since, hour, gated, ticked, part, known_tonight, in_bed_tonight,
           legs, others_legs, felt, others_felt, heart)
LULL_FIELDS(ReliefNight, night, replays, left, ended, rose, compared, before, after)
LULL_FIELDS(ReplaySeen, began, ended, before, before_minutes, soon, soon_minutes, after, after_minutes, left, stopped)
LULL_FIELDS(Relief, nights, tonight, weaker, apart, since, why, seen, minutes)
LULL_GROWN(SleeperState, detector, presence, in_bed, in_bed_since, out_since, in_bed_tonight, restless, episodes,
           replays, minute_count, minute_gated, tonight, left_done, heat, massage, replayed, relief)
LULL_FIELDS(Hub, now, utc_minus_boot, night, link_up, store_healthy, started, ready, link_up_since, stopped,
            not_tonight, night_replay, leaving_since, left, night_told, asked_again, actuators, vitals, behind,
            stalled_at, clock_jumped, tonight, preflight, hush, sleepers, rules, plays, trial, minute_at, air,
            had_to_wait, first_served)
#undef LULL_FIELDS
#undef LULL_GROWN

std::string to_text(const Hub& hub) {
  nlohmann::json all(hub);
  all["routines"] = hub.routines;  // grown, where everything else must be there
  all["for_tonight"] = hub.for_tonight;
  return all.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Result<Hub> hub_from(std::string_view text, std::shared_ptr<const House> house) {
  try {
    const nlohmann::json all = nlohmann::json::parse(text);
    Hub hub = all.get<Hub>();
    hub.routines = all.value("routines", std::vector<Permit>(house->routines.size()));
    hub.for_tonight = all.value("for_tonight", std::vector<ForTonight>{});
    if (hub.actuators.size() != house->devices.size() || hub.vitals.size() != house->devices.size() ||
        hub.sleepers.size() != house->sleepers.size() || hub.rules.size() != house->rules.size() ||
        hub.routines.size() != house->routines.size())
      return Error{"snapshot", "is of another house: " + std::to_string(hub.actuators.size()) + " devices, must be " +
                                   std::to_string(house->devices.size())};
    hub.house = std::move(house);
    return hub;
  } catch (const nlohmann::json::exception& e) { return Error{"snapshot", std::string("cannot be read: ") + e.what()}; }
}

}  // namespace lull
