// What the journal calls every event, every effect and their fields: one list, from which both writing and reading
// are made, so that they cannot drift apart. Names are stored: add, never rename.
#pragma once

#include <tuple>
#include <utility>

#include "automations/effect.hpp"
#include "devices/event.hpp"

namespace lull::record {

template <class T, class M>
struct Field {
  const char* key;  // quotes and colon included, for writing: "\"device\":"
  M T::*member;
};
template <class T, class M>
constexpr Field<T, M> field(const char* key, M T::*member) {
  return {key, member};
}

/// The name of a type among the alternatives of its variant, and its fields. Durations carry their unit in the key.
template <class T>
struct Shape;

#define LULL_SHAPE(Type, word, ...)                         \
  template <>                                               \
  struct Shape<Type> {                                      \
    using T = Type;                                         \
    static constexpr const char* name = word;               \
    static constexpr auto fields = std::tuple{__VA_ARGS__}; \
  };
#define LULL_FIELD(key, member) field("\"" key "\":", &T::member)
#define LULL_EMPTY(Type, word)                \
  template <>                                 \
  struct Shape<Type> {                        \
    static constexpr const char* name = word; \
    static constexpr std::tuple<> fields{};   \
  };

// ---- heard
LULL_SHAPE(ActuatorReported, "actuator_reported", LULL_FIELD("device", device), LULL_FIELD("on", on),
           LULL_FIELD("level", level), LULL_FIELD("kelvin", kelvin), LULL_FIELD("timer_left_s", timer_left),
           LULL_FIELD("answers_ask", answers_ask), LULL_FIELD("wakes_off", wakes_off), LULL_FIELD("age_ms", age))
LULL_SHAPE(PowerReported, "power_reported", LULL_FIELD("device", device), LULL_FIELD("watts", watts))
LULL_SHAPE(TemperatureReported, "temperature_reported", LULL_FIELD("device", device), LULL_FIELD("celsius", celsius),
           LULL_FIELD("age_ms", age), LULL_FIELD("sensor", sensor))
LULL_SHAPE(ReadingFailed, "reading_failed", LULL_FIELD("device", device), LULL_FIELD("sensor", sensor),
           LULL_FIELD("what", what))
LULL_SHAPE(Counts, "counts", LULL_FIELD("count", count))
LULL_EMPTY(Vibration, "vibration")
LULL_SHAPE(RadarMovement, "radar", LULL_FIELD("level", level))
LULL_SHAPE(LoadVariance, "load", LULL_FIELD("variance", variance))
LULL_SHAPE(LegAcceleration, "acceleration", LULL_FIELD("rms_mg", rms_mg), LULL_FIELD("peak_mg", peak_mg),
           LULL_FIELD("samples", samples))
LULL_SHAPE(RawAcceleration, "raw", LULL_FIELD("rate_hz", rate_hz), LULL_FIELD("mg", mg))
LULL_SHAPE(MovementReported, "movement_reported", LULL_FIELD("device", device), LULL_FIELD("sample", sample),
           LULL_FIELD("age_ms", age))
LULL_SHAPE(HeartRateReported, "heart_rate_reported", LULL_FIELD("device", device), LULL_FIELD("bpm", bpm),
           LULL_FIELD("age_ms", age))
LULL_SHAPE(OccupancyReported, "occupancy_reported", LULL_FIELD("device", device), LULL_FIELD("occupied", occupied),
           LULL_FIELD("age_ms", age), LULL_FIELD("remembered", remembered))
LULL_SHAPE(AlarmClockReported, "alarm_clock_reported", LULL_FIELD("device", device), LULL_FIELD("rings_utc_ms", rings))
LULL_SHAPE(ButtonPressed, "button_pressed", LULL_FIELD("device", device), LULL_FIELD("action", action),
           LULL_FIELD("age_ms", age))
LULL_SHAPE(ReachabilityChanged, "reachability_changed", LULL_FIELD("device", device),
           LULL_FIELD("reachable", reachable))
LULL_SHAPE(TimerLearned, "timer_learned", LULL_FIELD("device", device), LULL_FIELD("timer", timer),
           LULL_FIELD("reason", reason))
LULL_SHAPE(TimerReadBack, "timer_read_back", LULL_FIELD("device", device), LULL_FIELD("value_s", value))
LULL_SHAPE(DeviceComplained, "device_complained", LULL_FIELD("device", device), LULL_FIELD("text", text))
LULL_SHAPE(DeviceIdentified, "device_identified", LULL_FIELD("device", device), LULL_FIELD("model", model),
           LULL_FIELD("firmware", firmware), LULL_FIELD("address", address),
           LULL_FIELD("tells_power_on", tells_power_on))
LULL_SHAPE(Finding, "finding", LULL_FIELD("flaw", flaw), LULL_FIELD("from", from), LULL_FIELD("refuses", refuses),
           LULL_FIELD("sentence", sentence), LULL_FIELD("remedy", remedy))
LULL_SHAPE(GateJudged, "gate_judged", LULL_FIELD("device", device), LULL_FIELD("from", from),
           LULL_FIELD("findings", findings))
LULL_SHAPE(GroupMember, "group_member", LULL_FIELD("address", address), LULL_FIELD("group", group))
LULL_SHAPE(GroupsListed, "groups_listed", LULL_FIELD("device", device), LULL_FIELD("members", members))
LULL_SHAPE(BatteryReported, "battery_reported", LULL_FIELD("device", device), LULL_FIELD("left", left))
LULL_SHAPE(BridgeAnswered, "bridge_answered", LULL_FIELD("device", device), LULL_FIELD("healthy", healthy))

// ---- asked
LULL_EMPTY(ask::StopAll, "stop_all")
LULL_EMPTY(ask::Release, "release")
LULL_EMPTY(ask::StopMassage, "stop_massage")
LULL_SHAPE(ask::Play, "play", LULL_FIELD("routine", routine))
LULL_EMPTY(ask::Replay, "replay")
LULL_SHAPE(ask::StopPlay, "stop_play", LULL_FIELD("routine", routine))
LULL_SHAPE(ask::Pause, "pause", LULL_FIELD("routine", routine))
LULL_SHAPE(ask::Resume, "resume", LULL_FIELD("routine", routine))
LULL_SHAPE(ask::Skip, "skip", LULL_FIELD("routine", routine))
LULL_SHAPE(ask::Extend, "extend", LULL_FIELD("routine", routine), LULL_FIELD("by_min", by))
LULL_EMPTY(ask::Softer, "softer")
LULL_EMPTY(ask::Stronger, "stronger")
LULL_SHAPE(ask::SetDevice, "set_device", LULL_FIELD("device", device), LULL_FIELD("level", level),
           LULL_FIELD("program", program), LULL_FIELD("for_min", for_how_long))
LULL_SHAPE(ask::NotTonight, "not_tonight", LULL_FIELD("on", on))
LULL_SHAPE(ask::AllowNightReplay, "allow_night_replay", LULL_FIELD("on", on))
LULL_SHAPE(ask::AllowRule, "allow_rule", LULL_FIELD("rule", rule), LULL_FIELD("on", on))
LULL_SHAPE(ask::AllowRoutine, "allow_routine", LULL_FIELD("routine", routine), LULL_FIELD("on", on))
LULL_SHAPE(ask::AllowTonight, "allow_tonight", LULL_FIELD("rule", rule), LULL_FIELD("routine", routine),
           LULL_FIELD("on", on))
LULL_SHAPE(ask::Word, "word", LULL_FIELD("word", word))
LULL_SHAPE(ask::Test, "test", LULL_FIELD("device", device))
LULL_EMPTY(ask::Preflight, "preflight")
LULL_EMPTY(ask::ReplaysAsChosen, "replays_as_chosen")
LULL_SHAPE(Asked, "asked", LULL_FIELD("door", door), LULL_FIELD("command", command), LULL_FIELD("age_ms", age))
LULL_SHAPE(ask::FlagTonight, "flag_tonight", LULL_FIELD("sleeper", sleeper), LULL_FIELD("flag", flag),
           LULL_FIELD("on", on))

// ---- told by the shell
LULL_EMPTY(Tick, "tick")
LULL_SHAPE(ClockSet, "clock_set", LULL_FIELD("utc_minus_boot_ms", utc_minus_boot))
LULL_SHAPE(LinkChanged, "link_changed", LULL_FIELD("up", up))
LULL_SHAPE(GuardChanged, "guard_changed", LULL_FIELD("device", device), LULL_FIELD("up", up))
LULL_SHAPE(RetainedCommandFound, "retained_command_found", LULL_FIELD("device", device), LULL_FIELD("topic", topic))
LULL_SHAPE(StoreChanged, "store_changed", LULL_FIELD("healthy", healthy), LULL_FIELD("what", what))
LULL_SHAPE(DoseUsed, "dose", LULL_FIELD("device", device), LULL_FIELD("night", night), LULL_FIELD("on_ms", on),
           LULL_FIELD("level_ms", level_ms), LULL_FIELD("last_utc_ms", last))
LULL_SHAPE(Setting, "setting", LULL_FIELD("name", name), LULL_FIELD("value", value))
LULL_SHAPE(RuleUsed, "rule_used", LULL_FIELD("rule", rule), LULL_FIELD("night", night), LULL_FIELD("times", times),
           LULL_FIELD("total_ms", total), LULL_FIELD("last_utc_ms", last))
LULL_SHAPE(Started, "started", LULL_FIELD("dose", dose), LULL_FIELD("settings", settings), LULL_FIELD("rules", rules),
           LULL_FIELD("learned", learned))
LULL_EMPTY(Leaving, "leaving")
LULL_SHAPE(Stalled, "stalled", LULL_FIELD("lost_ms", lost), LULL_FIELD("asleep_ms", asleep))
LULL_SHAPE(BacklogChanged, "backlog_changed", LULL_FIELD("behind", behind),
           LULL_FIELD("of_unknown_age", of_unknown_age), LULL_FIELD("why", why))

// ---- effects; the command is written by hand in record.cpp, for its members are private and it is never read
LULL_SHAPE(Ask, "ask", LULL_FIELD("device", device))
LULL_SHAPE(Arm, "arm", LULL_FIELD("device", device), LULL_FIELD("timer", timer), LULL_FIELD("value_s", value))
LULL_SHAPE(Decision, "decision", LULL_FIELD("outcome", outcome), LULL_FIELD("about", about), LULL_FIELD("why", why))
LULL_SHAPE(Notify, "notify", LULL_FIELD("urgency", urgency), LULL_FIELD("to", to), LULL_FIELD("text", text),
           LULL_FIELD("only", only))
LULL_SHAPE(Note, "note", LULL_FIELD("lane", lane), LULL_FIELD("sleeper", sleeper), LULL_FIELD("device", device),
           LULL_FIELD("value", value), LULL_FIELD("text", text))
LULL_SHAPE(KeepDose, "keep_dose", LULL_FIELD("dose", dose))
LULL_SHAPE(KeepSetting, "keep_setting", LULL_FIELD("setting", setting))
LULL_SHAPE(KeepRuleUsed, "keep_rule_used", LULL_FIELD("used", used))
LULL_SHAPE(KeepLearned, "keep_learned", LULL_FIELD("sleeper", sleeper), LULL_FIELD("text", text))
LULL_SHAPE(MayLeave, "may_leave", LULL_FIELD("what", what))
LULL_SHAPE(NightEnded, "night_ended", LULL_FIELD("night", night))
LULL_SHAPE(TrialTold, "trial_told", LULL_FIELD("device", device), LULL_FIELD("step", step), LULL_FIELD("of", of),
           LULL_FIELD("state", state), LULL_FIELD("text", text))
LULL_SHAPE(AlsoOff, "also_off", LULL_FIELD("device", device))
LULL_SHAPE(AskBridge, "ask_bridge", LULL_FIELD("device", device))

#undef LULL_SHAPE
#undef LULL_FIELD
#undef LULL_EMPTY

}  // namespace lull::record
