// What one step carries through its parts: the hub, the moment, and the effects so far. Only for automations/*.cpp.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "automations/hub.hpp"
#include "automations/night_replay.hpp"

namespace lull {

struct Turn {
  Hub& hub;
  Instant now;
  std::vector<Effect>& effects;
  std::vector<Trigger> happened{};                        // what this event means to rules
  std::vector<std::pair<std::size_t, Trigger>> struck{};  // clocks that struck, each for one rule: see time.cpp
  std::size_t late = 0;                                   // so many of what happened, the first, are no news any more:
  std::string late_why{};                                 // may end something, and begin nothing
  bool word_spoken = false;                               // the word that was said was a voice's, or may have been
  bool night_turned = false;
  bool spoken = false;  // and a rule that it woke acts now: what it begins warms nobody without consent

  const House& house() const { return *hub.house; }
  const Device& device(DeviceId id) const { return hub.house->devices[id.index]; }
  Actuator& actuator(DeviceId id) const { return hub.actuators[id.index]; }
  Utc utc() const { return Utc{now.since_boot + hub.utc_minus_boot.value_or(0ms)}; }

  void decide(Decision::Outcome outcome, std::string about, std::string why) const {
    effects.emplace_back(Decision{outcome, std::move(about), std::move(why)});
  }
  /// Lull stood still a moment ago: what it reads now was sent at any time since.
  bool just_stalled() const { return hub.stalled_at && now - *hub.stalled_at < kSettle; }
  /// How old this is, where it is too old to be news: a sentence, or "".
  std::string too_old(const std::optional<milliseconds>& age, DeviceId device) const;
  void tell(Notify::Urgency urgency, std::optional<SleeperId> to, std::string text) const {
    effects.emplace_back(Notify{urgency, to, std::move(text)});
  }
  void note(Note note) const { effects.emplace_back(std::move(note)); }
};

inline constexpr minutes kClockMayBeLate{5};  // a rule's time that passed while nobody looked is not made up for later

// The parts of a step, in the order in which it calls them.
void learn(Turn&, const News&);                        // learn/: what was heard becomes state; may not act
void listen(Turn&, const Asked&);                      // people.cpp: what a person asked for
void listen(Turn&, const ButtonPressed&);              // people.cpp: a press that is a STOP
void pass_time(Turn&, milliseconds since_last);        // time.cpp: plays go on, minutes and nights turn
void judge(Turn&);                                     // rules/engine.cpp: rules that `happened` wakes
void decide_owners(Turn&);                             // owner.cpp: whose wish counts, for every actuator
void reconcile(Turn&, DeviceId);                       // reconciler.cpp: what is, against what should be
void hush(Turn&);                                      // hush.cpp: what waits for the morning
void reconcile_lamp(Turn&, DeviceId, const Verdict&);  // lamp.cpp: the same for a lamp
void reconcile_trial(Turn&);                           // trying.cpp: the same for the device whose set-up test runs

// reconciler.cpp, shared with trying.cpp.
void send(Turn&, DeviceId, SafeCommand);

// alarm_clock.cpp
void watch_alarms(Turn&);                                              // rules that wait for the time before an alarm
void acted_for_alarm(Turn&, std::size_t rule, const Trigger& struck);  // nothing where it is no `before_alarm`
void restore_alarms(Turn&, const Setting&);

// Set-up tests: trying.cpp.
void start_trial(Turn&, DeviceId, const std::string& by);
void end_trial(Turn&, const std::string& why);  // before its end; nothing when none runs
/// Compares its last set-up test with what it is now.
void look_at_trial(Turn&, DeviceId);

void reconcile_mains(Turn&, DeviceId);  // mains.cpp: the same for a plug in front of a pad, after the pads

// Saying things: air.cpp. All that leaves passes here, so that the radio's time is counted.
/// Whether something that can wait may leave now. If not, this device is among the first next time.
bool air_is_free(Turn&, DeviceId);
void say(Turn&, SafeCommand);    // counted; an OFF leaves in any case
void ask_it(Turn&, DeviceId);    // for a proof: leaves in any case
bool ask_idle(Turn&, DeviceId);  // when there is time for it
void arm_it(Turn&, DeviceId, seconds value);
/// OFF before everything else that a step says: of what may be running, heat, then massage; then of what says that it
/// is off, in the same order; then of all others.
void off_first(const Hub&, std::vector<Effect>&);

// The way off and the lease, shared by reconciler.cpp and mains.cpp.
/// Says OFF as often as is due, on every way, and watches for the proof.
void towards_off(Turn&, DeviceId, const std::string& because);
/// Renewals of many devices do not fall into one second of the radio's time.
milliseconds spread(const Device&, Instant now);
/// Whether an ON that is not confirmed is said again now; and whether there is no more hope.
bool is_due_again(const Actuator&, Instant now);
bool is_given_up(const Actuator&, Instant now);

// mains.cpp
enum class Power : std::uint8_t { on, waits, refused };
/// Power for a device that may run until `command` expires. `refusal` says why not.
Power power_on(Turn&, DeviceId, const SafeCommand& command, std::string& refusal);
/// Whether the device has just got its power and is still given time to show itself, whatever refuses it.
bool still_waking(Turn&, DeviceId, Refusal);
/// The same for the plug's own set-up test: what stands behind it may run as soon as it has power.
void power_for_trial(Turn&, DeviceId plug, SafeCommand command);
/// An OFF behind this plug is not proved: it goes off, too.
void cut(Turn&, DeviceId mains, DeviceId behind);
/// The plug is proved off, so nothing behind it can be on.
void mains_proved_off(Turn&, DeviceId mains);

// Actuators, shared by learn/ and reconciler.cpp.
/// It was seen to be off: the proof that OFF waits for, the refund of its dose, the end of its lane in the picture.
void proved_off(Turn&, DeviceId);
// off.cpp
/// OFF is wanted from now on: it is said from the beginning, and nothing is known of it yet. Who only says it once more
/// (`goes_on`) does not put off by that what comes of an OFF that is not proved: further ways, the alarm, the minutes.
enum class OffClock : std::uint8_t { anew, goes_on };
void begin_off(Turn&, DeviceId, OffClock = OffClock::anew);
/// Its meter spoke while it should be off: a proof, or a contradiction.
void watts_seen(Turn&, DeviceId);
/// Off by its word: its meter is waited for, asked, and weighed.
void watch_off(Turn&, DeviceId);
/// Tells a person of an OFF that is not proved in time, with the ways that were tried.
void alarm_if_unproved(Turn&, DeviceId);

/// It did not do as told: OFF, and not used again before a person or ten quiet minutes.
void fault(Turn&, DeviceId, const std::string& what, Notify::Urgency urgency = Notify::Urgency::fault);
/// It must show that it is off before anything else is asked of it: at the start, after a reconnect, when it comes
/// back.
void doubt(Turn&, DeviceId, OffClock = OffClock::anew);
/// It was told off and says that it still runs: what it gives is charged, and a lease that it shares is let lapse.
void runs_on(Turn&, DeviceId);
/// It runs, and not by us: its minutes are charged as they pass.
void charge_as_it_runs(Turn&, DeviceId);
/// A pad with a motor and a heater has one lease: renewed for the one, it holds the other as long, and that is paid for
/// before it leaves. Lull may be gone by then.
void charge_what_it_holds(Turn&, DeviceId, Instant until);
/// Whether it may be shaking or warming somebody now, by anything that is known.
bool may_run(const Actuator&, Instant now);
/// Whether its session is as good as used up. Its own end and ours may be seconds apart.
bool session_is_over(const Turn&, DeviceId);
/// Whether a massage shakes the bed now: then no sensor in it tells of legs.
bool a_pad_shakes(const Turn&);
/// The level in the night's notes, when it changed enough to be seen in a picture.
void note_level(Turn&, DeviceId, Percent level);

// Plays: conductor.cpp.
/// Starts a routine. A routine that already plays starts anew. False when it does not exist or too much plays.
bool start_play(Turn&, const std::string& routine, Door door, std::string by, std::optional<std::size_t> rule);
void end_play(Turn&, std::size_t index, const std::string& why);
/// Its time is over: lights that go off with it do.
void finish_play(Turn&, std::size_t index, const std::string& why);
/// The minutes that its rule has used, for the disk: at its end, and each minute, for Lull may die in it.
void keep_minutes_of(Turn&, const Play&);
void end_plays(Turn&, const std::string& routine, const std::string& why);  // "" = all

// Doses, of a device and of those who sleep there: person_dose.cpp. Each change is kept before anything leaves.
void charge_dose(Turn&, DeviceId, Instant until, Percent level);
void refund_dose(Turn&, DeviceId);  // it is proved off
/// It ran for so long although it said that it was off: how strongly nobody knows, so it counts in full.
void charge_past(Turn&, DeviceId, milliseconds ran);
void spare_doses(Turn&, milliseconds since_last);
void turn_doses(Turn&);
void restore_doses(Turn&, const std::vector<DoseUsed>&);  // what crossed a restart
void show_doses(Turn&, DeviceId);                         // to the interlock

// Whether somebody is in bed: presence.cpp.
void settle_presence(Turn&, SleeperId);      // after a sensor said something
void watch_presence(Turn&);                  // a sensor that fell silent is not believed for ever
void lose_presence(Turn&, DeviceId sensor);  // it is out of reach

// Heat that may harm: harm.cpp.
void watch_heat(Turn&, milliseconds since_last);
/// A refusal that somebody should hear of when it ends heat that ran.
bool is_harm(Refusal);
// What was found out about a device and outlives a restart: doubts.cpp.
void keep_doubts(Turn&);                  // on disk, whenever it changed
void keep_doubts(Turn&, const Setting&);  // what crossed a restart

/// In the morning: whether old flags still hold, and new ones apply. reask.cpp.
void ask_again(Turn&);

// What is for one night: for_tonight.cpp. Each has the name that it has on the disk.
void holds_for(Turn&, const std::string& name, const std::string& night);
void holds_no_more(Turn&, const std::string& name);
/// Whether its night is over. Asked each minute, for after a jump that was taken back no night turns at noon.
bool is_over(const Turn&, const std::string& name);
/// The clock went on by more than a night: it had not been set, and what was said under the name that the night had
/// goes on under the right one.
void say_anew_for(Turn&, const std::string& before, const std::string& night);
void count_tonight(Turn&, RuleUsed&);                   // it acted once more
void restore_count(Turn&, RuleUsed&, const RuleUsed&);  // what crossed a restart
void forget_counts(Turn&);                              // those whose night is over

// Replays in the night: night_replay.cpp.
/// Why no further one may begin for those whom this rule's routine moves; empty: it may.
std::string replay_refused(const Hub&, const Rule&);
void count_replay(Turn&, const Rule&);
/// A wish of such a rule for one device: as weak and short as a play of one.
void be_gentle(Turn&, DeviceId);
// What replays did: relief.cpp.
void relief_begins(Turn&, SleeperId);                          // one begins for this sleeper
void relief_stopped(Turn&);                                    // a person ended it, or made it softer
void watch_relief(Turn&);                                      // each step: bed left, replay over, time to judge it
void relief_minute(Turn&, SleeperId, std::int32_t movements);  // a minute is over; -1: nothing could be seen in it
void close_relief(Turn&);                                      // the night is over: what follows from it
void as_chosen(Turn&, const std::string& by);                  // a person wants them as the household chose them
void restore_relief(Turn&, const Setting&);                    // what crossed a restart
/// The level that is left of it for those who lie on this pad.
Percent backed_off(const Turn&, DeviceId, Percent level);
minutes further_apart(const Relief&, const BackOff&, minutes apart);
/// The level that a replay may have at this moment: a slow begin, and never more than a sleeper sleeps through.
Percent replay_level(const Turn&, DeviceId, const Play&, Percent wanted);

// Flags of tonight: flags.cpp.
/// A flag holds for this sleeper until the next night, or no longer does; kept over restarts.
void flag_tonight(Turn&, SleeperId, Flag, bool on);
/// What the flags of tonight take away, put beside every device that it concerns.
void apply_flags(Hub&);
void forget_flags_of_tonight(Turn&);
void keep_flags_of_tonight(Turn&, const Setting&);  // what crossed a restart
// Before the night: preflight.cpp.
/// Looks at everything that the night needs: at once, but for the bridges' answers. `by`: who asked, "" = it was time.
void begin_preflight(Turn&, std::string by);
/// Whether it is time to look, or the answers are there. Called at each step.
void watch_preflight(Turn&);
/// The hours of this night, by the rules that may act.
void plan_tonight(Turn&);

/// STOP: latched, everything off, plays over.
void stop_everything(Turn&, const std::string& who);
/// A wish for one device for a time.
void set_device(Turn&, DeviceId, std::optional<Percent> level, Program program, std::optional<milliseconds> length,
                Door door, std::string by);
/// A name with its article for sentences: "rule Bedtime", "voice".
std::string minutes_text(milliseconds d);

}  // namespace lull
