// What can be seen of Lull from outside, at one moment: the same for MQTT, Home Assistant, the API and the pages.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "automations/off.hpp"
#include "automations/permits.hpp"
#include "automations/preflight.hpp"
#include "automations/relief.hpp"
#include "automations/restlessness/detector.hpp"
#include "automations/routines/score.hpp"
#include "devices/event.hpp"
#include "devices/safety/interlock.hpp"

namespace lull {

struct Hub;

/// Its set-up test: the last result, or the step that runs.
struct TrialView {
  enum class State : std::uint8_t { never, passed, failed, changed, runs };  // changed: passed, but it is another now
  State state = State::never;
  Utc at{};          // of the result
  std::string text;  // the outcome, or the step
  std::int32_t step = 0, of = 0;
};
std::string_view word_for(TrialView::State state);

struct DeviceView {
  DeviceId device;
  std::optional<bool> on;        // as the device last proved; nothing = unknown
  std::optional<Percent> level;  // as proved
  Percent wanted{};              // what its owner wishes now
  bool off_proved = false;       // off by its own fresh word, or because it has no power
  OffProof off_proof{};          // and by what that is proved
  std::string off_text;          // the same in words
  bool reachable = true, faulty = false, tripped = false;
  Timer timer = Timer::unknown;
  Refusal refusal = Refusal::none;  // why it does not get what is wished for it
  std::string why;                  // the same in a sentence; also the fault
  std::optional<Celsius> surface;
  std::optional<Watts> watts;
  seconds used_tonight{}, left_tonight{};  // of heat or massage
  std::string owner;                       // "wind-down (rule Bedtime)", "a hand", "" = nobody
  bool hand = false;                       // somebody changed it by hand: ours to leave alone until the next night
  Program program = Program::steady;       // massage
  GuardTier tier = GuardTier::D;           // heat and massage: how it stops by itself
  std::vector<Finding> findings;           // what speaks against it, the refusals first; none that refuses: conforming
  TrialView trial;                         // heat and massage
  std::string model, firmware, address;    // as its bridge tells, "" = not told
  std::optional<Percent> battery;          // sensors
};

/// What somebody was given tonight by all devices together, and what is left.
struct DoseView {
  seconds used{}, left{};
  std::int64_t level_minutes{};  // percent times minutes, over all devices
};

struct SleeperView {
  SleeperId sleeper;
  std::optional<bool> in_bed;
  DetectorView detector;
  int episodes_tonight = 0, replays_tonight = 0;
  bool restless_known = false;              // false while gated: the last word is not news
  std::optional<Percent> sensor_battery{};  // the lowest of the movement sensors
  DoseView heat{}, massage{};
  BackOffView back_off{};          // of the replays in the night
  bool sedatives_tonight = false;  // said for tonight; what the file says is not here
};

/// Whether a movement sensor is theirs at all: else no episode is not "none".
inline bool is_counted(const SleeperView& s) { return s.detector.gate != Gate::no_sensor; }

struct PlayView {
  std::string routine, door, step;  // door: "rule Bedtime", "voice"
  seconds step_left{}, left{};
  bool paused = false;
};

struct View {
  bool stopped = false, leaving = false, ready = false;  // ready: every actuator was proved off since the start
  bool not_tonight = false, night_replay = true;
  std::string night;                // "2026-11-21"
  std::string status;               // ready | playing | stopped | starting | fault, for one glance
  std::string status_why;           // the sentence behind it
  std::vector<DeviceView> devices;  // in the house's order, all of them
  std::vector<SleeperView> sleepers;
  std::vector<PlayView> plays;
  Preflight preflight;                      // what was last looked at before the night
  std::optional<bool> ready_for_the_night;  // nothing was found wrong then; nothing = not looked yet
  std::size_t held = 0;                     // faults that are kept for the morning
  std::vector<std::pair<std::string, Permit>> rules, routines;  // what may act, or be begun, by itself
};
View view(const Hub& hub, Instant now);
/// The lowest battery of somebody's movement sensors.
std::optional<Percent> sleeper_battery(const Hub& hub, SleeperId id);

/// For `lull why`: how every rule, device and detector stands at this moment, and what each would need to act.
/// One sentence an entry, `about` first.
struct Standpoint {
  std::string about, text;
};
std::vector<Standpoint> explain(const Hub& hub, Instant now);

}  // namespace lull
