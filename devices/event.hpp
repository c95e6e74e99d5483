// What can happen in a bedroom, as plain data with a time on it. The core knows the world only by these.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "devices/device.hpp"
#include "devices/safety/finding.hpp"
#include "devices/units.hpp"

namespace lull {

// ---- heard from devices -------------------------------------------------------------------------------------------
// `age`: how long before the event's time the message was sent, or arrived where nobody knows when it was sent. Left
// out below kFresh. A backlog is not news: what is old may say how things were, but starts and proves nothing.
inline constexpr milliseconds kFresh{1000};       // younger is now: radio and broker take this long
inline constexpr milliseconds kProofLives{5000};  // an older state proves nothing about the device
inline constexpr milliseconds kNewsLives{10000};  // an older press, wish or movement is no news any more

/// An actuator said what it does. A missing field was not said and is never read as zero.
struct ActuatorReported {
  DeviceId device;
  std::optional<bool> on{};
  std::optional<Percent> level{};
  std::optional<Kelvin> kelvin{};
  std::optional<seconds> timer_left{};  // what its own timer still has, or the lease it acknowledged
  bool answers_ask = false;             // known to be fresh from the device, not from a bridge's cache
  std::optional<bool> wakes_off{};      // whether it comes back off after a power cut, where it says so
  std::optional<milliseconds> age{};    // of the message at the event's time, where it was not fresh: see below
  bool operator==(const ActuatorReported&) const = default;
};
struct PowerReported {
  DeviceId device;
  Watts watts;
  bool operator==(const PowerReported&) const = default;
};
struct TemperatureReported {
  DeviceId device;
  Celsius celsius;
  std::optional<milliseconds> age{};
  std::optional<std::int32_t> sensor{};  // which of several in one device: 0, 1; nothing = it has one
  bool operator==(const TemperatureReported&) const = default;
};
/// A thermometer spoke, but it was no temperature: "nan", 250 °C, a word. A stream of these is a failing sensor, which
/// is more than an absent one.
struct ReadingFailed {
  DeviceId device;
  std::optional<std::int32_t> sensor{};
  std::string what;  // at most 200 bytes
  bool operator==(const ReadingFailed&) const = default;
};

struct Counts {  // one closed epoch
  std::int32_t count{};
  bool operator==(const Counts&) const = default;
};
struct Vibration {
  bool operator==(const Vibration&) const = default;
};
struct RadarMovement {  // 0..100
  std::int32_t level{};
  bool operator==(const RadarMovement&) const = default;
};
struct LoadVariance {  // kg^2 over one second
  double variance{};
  bool operator==(const LoadVariance&) const = default;
};
struct LegAcceleration {  // over one second, milli-g, gravity removed in the sensor
  double rms_mg{}, peak_mg{};
  std::int32_t samples{};
  bool operator==(const LegAcceleration&) const = default;
};
struct RawAcceleration {  // at most kMaxRawSamples equally spaced samples that end at the event's time
  double rate_hz{};
  std::vector<std::array<float, 3>> mg;
  bool operator==(const RawAcceleration&) const = default;
};
inline constexpr std::size_t kMaxRawSamples = 256;
using MovementSample = std::variant<Counts, Vibration, RadarMovement, LoadVariance, LegAcceleration, RawAcceleration>;
struct MovementReported {
  DeviceId device;
  MovementSample sample;
  std::optional<milliseconds> age{};
  bool operator==(const MovementReported&) const = default;
};

inline constexpr double kSlowestHeart = 25, kFastestHeart = 240;  // beats a minute; others are no heart's
struct HeartRateReported {
  DeviceId device;
  std::int32_t bpm{};  // 25 to 240; a sensor that finds no pulse says nothing
  std::optional<milliseconds> age{};
  bool operator==(const HeartRateReported&) const = default;
};
struct OccupancyReported {
  DeviceId device;
  bool occupied{};
  std::optional<milliseconds> age{};
  std::optional<bool> remembered{};  // true: a broker kept it since some time ago; that the bed is empty it cannot tell
  bool operator==(const OccupancyReported&) const = default;
};
/// When this alarm clock rings next; nothing: none is set, or nobody knows. Whatever was told before is no more.
struct AlarmClockReported {
  DeviceId device;
  std::optional<Utc> rings{};
  bool operator==(const AlarmClockReported&) const = default;
};
struct ButtonPressed {
  DeviceId device;
  std::string action;  // as the remote names it, at most 64 bytes
  std::optional<milliseconds> age{};
  bool operator==(const ButtonPressed&) const = default;
};
/// Whether the device can be reached at all, as its bridge or its own last will says.
struct ReachabilityChanged {
  DeviceId device;
  bool reachable{};
  bool operator==(const ReachabilityChanged&) const = default;
};
/// How this device stops by itself, as its dialect found out (for example from Zigbee2MQTT's exposes).
/// A reason is given whenever the timer is not one that heat may rely on.
struct TimerLearned {
  DeviceId device;
  Timer timer{};
  std::string reason;
  bool operator==(const TimerLearned&) const = default;
};
/// The value of an auto-off that was read back from the device.
struct TimerReadBack {
  DeviceId device;
  seconds value{};
  bool operator==(const TimerReadBack&) const = default;
};
/// The device, or the bridge on its behalf, reported that a command failed.
struct DeviceComplained {
  DeviceId device;
  std::string text;  // at most 200 bytes
  bool operator==(const DeviceComplained&) const = default;
};
/// What is left in the device's battery, where it says so.
struct BatteryReported {
  DeviceId device;
  Percent left;
  bool operator==(const BatteryReported&) const = default;
};
inline constexpr Percent kBatteryLow = 15_pct;  // or less: it may not last the night
/// The bridge of this device answered an AskBridge: it lives, and what it thinks of itself.
struct BridgeAnswered {
  DeviceId device;  // one of those behind the bridge
  bool healthy{};
  bool operator==(const BridgeAnswered&) const = default;
};

/// What a device is, as its bridge or it itself says. A change of any of it makes it another device: it is tested anew.
struct DeviceIdentified {
  DeviceId device;
  std::string model, firmware, address;  // as told, each at most 100 bytes; "" = not told
  bool tells_power_on = false;           // what it does after a power cut can be set and read
  bool operator==(const DeviceIdentified&) const = default;
};
/// One document of its bridge, judged: what speaks against relying on the device. Empty: it was read, and all is well.
struct GateJudged {
  DeviceId device;
  Source from{};
  std::vector<Finding> findings;  // at most kMaxFindings
  bool operator==(const GateJudged&) const = default;
};
/// Who is in which group of the device's bridge. Whose address is whose only the core knows.
struct GroupMember {
  std::string address, group;
  bool operator==(const GroupMember&) const = default;
};
struct GroupsListed {
  DeviceId device;
  std::vector<GroupMember> members;  // at most kMaxGroupMembers
  bool operator==(const GroupsListed&) const = default;
};
inline constexpr std::size_t kMaxGroupMembers = 512;

// ---- asked by people ----------------------------------------------------------------------------------------------

/// Which door a wish came through. The order is no priority; devices/safety and automations/owner.hpp decide that.
/// `scene`: a scene of Home Assistant, which a hand, an automation or any voice assistant may have called.
enum class Door : std::uint8_t { rule, voice, home_assistant, mqtt, page, button, phone, command_line, signal, scene };
std::string_view word_for(Door door);
std::optional<Door> door_for(std::string_view word);

namespace ask {
struct StopAll {
  bool operator==(const StopAll&) const = default;
};  // latched until Release
struct Release {
  bool operator==(const Release&) const = default;
};
struct StopMassage {
  bool operator==(const StopMassage&) const = default;
};  // every massage, not latched
struct Play {
  std::string routine;
  bool operator==(const Play&) const = default;
};
struct Replay {
  bool operator==(const Replay&) const = default;
};  // the night's gentle routine, now
struct StopPlay {
  std::string routine;
  bool operator==(const StopPlay&) const = default;
};  // "" = all
struct Pause {
  std::string routine;
  bool operator==(const Pause&) const = default;
};
struct Resume {
  std::string routine;
  bool operator==(const Resume&) const = default;
};
struct Skip {
  std::string routine;
  bool operator==(const Skip&) const = default;
};
struct Extend {
  std::string routine;
  minutes by{10};
  bool operator==(const Extend&) const = default;
};
struct Softer {
  bool operator==(const Softer&) const = default;
};  // every running massage, one step
struct Stronger {
  bool operator==(const Stronger&) const = default;
};
/// One actuator by hand. Level 0 is off; no level means its usual one.
struct SetDevice {
  DeviceId device;
  std::optional<Percent> level{};
  std::string program;  // massage: "", gentle, wave, pulse, steady
  std::optional<minutes> for_how_long{};
  bool operator==(const SetDevice&) const = default;
};
struct NotTonight {
  bool on = true;
  bool operator==(const NotTonight&) const = default;
};  // rules sleep until noon
struct AllowNightReplay {
  bool on = true;
  bool operator==(const AllowNightReplay&) const = default;
};
struct AllowRule {
  std::string rule;
  bool on = true;
  bool operator==(const AllowRule&) const = default;
};
/// Whether rules may begin this routine. A person may, always.
struct AllowRoutine {
  std::string routine;
  bool on = true;
  bool operator==(const AllowRoutine&) const = default;
};
/// One rule or one routine, until the next noon; the other name is empty.
struct AllowTonight {
  std::string rule, routine;
  bool on = true;
  bool operator==(const AllowTonight&) const = default;
};
struct Word {
  std::string word;
  bool operator==(const Word&) const = default;
};  // a household's own word for a rule
struct Preflight {
  bool operator==(const Preflight&) const = default;
};  // look now whether all is well for the night
/// What was learned about the replays in the night is forgotten: they are as the household chose them (relief.hpp).
struct ReplaysAsChosen {
  bool operator==(const ReplaysAsChosen&) const = default;
};
/// The supervised set-up test of one device. Only a person can start it.
struct Test {
  DeviceId device;
  bool operator==(const Test&) const = default;
};
/// A flag that holds for one sleeper until the next night: sleeping tablets, taken this evening. The file's flags stay.
struct FlagTonight {
  SleeperId sleeper;
  std::string flag;  // a word of Flag (automations/house.hpp)
  bool on = true;
  bool operator==(const FlagTonight&) const = default;
};
}  // namespace ask
using Command =
    std::variant<ask::StopAll, ask::Release, ask::StopMassage, ask::Play, ask::Replay, ask::StopPlay, ask::Pause,
                 ask::Resume, ask::Skip, ask::Extend, ask::Softer, ask::Stronger, ask::SetDevice, ask::NotTonight,
                 ask::AllowNightReplay, ask::AllowRule, ask::Word, ask::Test, ask::FlagTonight, ask::Preflight,
                 ask::ReplaysAsChosen, ask::AllowRoutine, ask::AllowTonight>;
struct Asked {
  Door door{};
  Command command;
  std::optional<milliseconds> age{};
  bool operator==(const Asked&) const = default;
};

// ---- told by the shell --------------------------------------------------------------------------------------------

/// Time passing is news: it is how Lull notices that somebody stopped talking. One a second, on the second.
struct Tick {
  bool operator==(const Tick&) const = default;
};
/// What UTC is, as an offset from the boot clock. Told at the start and whenever it moved by half a second or more.
struct ClockSet {
  milliseconds utc_minus_boot{};
  bool operator==(const ClockSet&) const = default;
};
struct LinkChanged {  // the main session to the broker
  bool up{};
  bool operator==(const LinkChanged&) const = default;
};
struct GuardChanged {  // the session that holds this heater's last will
  DeviceId device;
  bool up{};
  bool operator==(const GuardChanged&) const = default;
};
/// A retained command was found on a device's command topic and has been cleared.
struct RetainedCommandFound {
  DeviceId device;
  std::string topic;
  bool operator==(const RetainedCommandFound&) const = default;
};
/// The shell failed to keep something on disk; heat and massage need the dose ledger and stop without it.
struct StoreChanged {
  bool healthy{};
  std::string what;
  bool operator==(const StoreChanged&) const = default;
};

/// Lull itself stood still for this long: suspended, stopped, or starved. Whatever it believes is as old as that.
struct Stalled {
  milliseconds lost{};
  milliseconds asleep{};  // of it, the machine was suspended
  bool operator==(const Stalled&) const = default;
};
/// Messages wait that were sent some time ago (`behind`), or they have been read.
struct BacklogChanged {
  bool behind{};
  bool of_unknown_age{};  // nobody knows how long they waited: after a connect, or while Lull stood still
  std::string why;
  bool operator==(const BacklogChanged&) const = default;
};

/// One device's or one sleeper's use in one night, as the ledger keeps it. A night is named by its evening's date,
/// "2026-11-21".
struct DoseUsed {
  std::string device;  // Device::id, or "sleeper:ID:heat" and "sleeper:ID:massage": no id has a colon
  std::string night;
  milliseconds on{};        // time switched on or leased ahead
  std::int64_t level_ms{};  // percent times milliseconds
  Utc last{};               // when it was last on: rest times survive a restart
  bool operator==(const DoseUsed&) const = default;
};
/// A chosen value that survives restarts: "stopped", "night_replay", "not_tonight", "rule:NAME",
/// "tonight:rule:NAME", "trial:DEVICE".
struct Setting {
  std::string name, value;
  bool operator==(const Setting&) const = default;
};
/// What one rule already did in one night: limits survive a restart.
struct RuleUsed {
  std::string rule, night;
  std::int32_t times{};
  milliseconds total{};
  Utc last{};
  bool operator==(const RuleUsed&) const = default;
};
/// The first event of every run: what was kept. Nothing else crosses a restart.
struct Started {
  std::vector<DoseUsed> dose{};
  std::vector<Setting> settings{};
  std::vector<RuleUsed> rules{};
  std::vector<std::string> learned{};  // one JSON text a sleeper: the movement baseline (restlessness/baseline.hpp)
  bool operator==(const Started&) const = default;
};
/// The shell wants to end: everything off and proved, then it may.
struct Leaving {
  bool operator==(const Leaving&) const = default;
};

using News =
    std::variant<Tick, ActuatorReported, PowerReported, TemperatureReported, MovementReported, OccupancyReported,
                 ButtonPressed, ReachabilityChanged, TimerLearned, TimerReadBack, DeviceComplained, Asked, ClockSet,
                 LinkChanged, GuardChanged, RetainedCommandFound, StoreChanged, Started, Leaving, DeviceIdentified,
                 GateJudged, GroupsListed, BatteryReported, BridgeAnswered, Stalled, BacklogChanged, ReadingFailed,
                 HeartRateReported, AlarmClockReported>;
struct Event {
  Instant at;
  News news;
  bool operator==(const Event&) const = default;
};

}  // namespace lull
