// A whole bedroom as one pure step: an event in, the next state and the effects out.
// No sockets, clock, threads, files or logging: a night replays bit for bit, and a thousand nights run in seconds.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "automations/actuator.hpp"
#include "automations/effect.hpp"
#include "automations/for_tonight.hpp"
#include "automations/house.hpp"
#include "automations/hush.hpp"
#include "automations/permits.hpp"
#include "automations/person_dose.hpp"
#include "automations/play.hpp"
#include "automations/preflight.hpp"
#include "automations/presence.hpp"
#include "automations/relief.hpp"
#include "automations/restlessness/detector.hpp"
#include "automations/trial.hpp"
#include "automations/vital.hpp"
#include "devices/airtime.hpp"
#include "devices/event.hpp"

namespace lull {

/// How far one `before_alarm` of a rule is. An alarm is known by when it rings; 1970: none.
struct AlarmSeen {
  Utc armed{};   // seen before its time came: only then it may fire
  Utc judged{};  // its time came, and something was said about it
  Utc done{};    // the rule acted for this one: nothing more before it rings, wherever the alarm is moved to
  bool operator==(const AlarmSeen&) const = default;
};

/// What a rule did tonight, and when its clock triggers are next due (in the order of its triggers).
struct RuleState : Permit {
  RuleUsed used;
  std::optional<Instant> last{};  // start of its last play, on the boot clock
  std::vector<Utc> due{};
  std::vector<AlarmSeen> alarms{};  // one a `before_alarm`, in the order of its triggers
  bool operator==(const RuleState&) const = default;
};

struct SleeperState {
  Detector detector;
  std::vector<PresenceSensor> presence{};
  std::optional<bool> in_bed{};
  std::optional<Instant> in_bed_since{}, out_since{};
  milliseconds in_bed_tonight{};
  bool restless = false;
  std::int32_t episodes = 0, replays = 0;  // tonight
  std::int32_t minute_count = 0;           // movements in the running minute
  bool minute_gated = false;
  std::vector<Flag> tonight{};  // flags that hold until the next night, each once
  bool left_done = false;       // what ran when they left the bed was ended
  PersonDose heat{}, massage{};
  RuleUsed replayed{};  // replays in the night, by whatever rule; `rule` is its name in the ledger
  Relief relief{};      // what replays did, and what follows from it
  bool operator==(const SleeperState&) const = default;
};

/// Messages wait that were sent some time ago: nothing begins, and what is heard may be old.
struct Behind {
  Instant since;
  bool of_unknown_age = false;
  std::string why;
  bool operator==(const Behind&) const = default;
};

/// The state of one bedroom. Bounds: kMaxDevices, kMaxSleepers, kMaxPlays, kMaxRules and those of the detector.
struct Hub {
  std::shared_ptr<const House> house;
  Instant now{};                                 // of the last event; events never go back
  std::optional<milliseconds> utc_minus_boot{};  // unknown until the shell told it
  std::string night;                             // "" until the clock is known
  bool link_up = false, store_healthy = true, started = false, ready = false;
  std::optional<Instant> link_up_since{};
  bool stopped = false, not_tonight = false, night_replay = true;
  std::optional<Instant> leaving_since{};
  bool left = false, night_told = false;
  std::string asked_again;          // the night in which the household was last asked whether its flags still hold
  std::vector<Actuator> actuators;  // one a device, also for sensors (then unused): indexed by DeviceId
  std::vector<Vital> vitals;        // likewise
  std::optional<Behind> behind{};
  std::optional<Instant> stalled_at{}, clock_jumped{};  // when that was last noticed
  Tonight tonight{};
  Preflight preflight{};
  Hush hush{};
  std::vector<SleeperState> sleepers;
  std::vector<RuleState> rules;
  std::vector<Permit> routines;  // what rules may begin of them
  std::vector<Play> plays;
  std::vector<ForTonight> for_tonight{};  // one a name
  std::optional<Trial> trial{};           // one device's set-up test, while it runs
  Instant minute_at{};                    // begin of the running minute
  std::vector<Airtime> air{};             // one a bridge
  std::optional<DeviceId> had_to_wait{};  // in this step: served first in the next
  std::uint16_t first_served = 0;         // who had to wait for the air is served first the next time

  bool operator==(const Hub&) const = default;
};

struct Stepped {
  Hub hub;
  std::vector<Effect> effects;
};

/// A bedroom in which nothing is known yet. Nothing is commanded before the link is up.
Hub begin(std::shared_ptr<const House> house);

/// One event. Events arrive in order of time; one that is older than the last counts as at the last.
Stepped step(Hub hub, const Event& event);

/// What can be told of a hub's time.
std::optional<Utc> utc(const Hub& hub);

}  // namespace lull
