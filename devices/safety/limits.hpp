// The hard limits, with their source. No configuration, rule or wish can loosen one; a household can only tighten.
#pragma once

#include <cstdint>

#include "devices/device.hpp"
#include "devices/units.hpp"

namespace lull {

/// What bounds the heat and massage of one sleeper. Sources: docs/SAFETY.md, "Where the numbers come from".
struct Limits {
  // Heat. 38 °C on a pad under a sleeping person: PLOS ONE 0254790 gives 278 min at 39 °C before its safety margin
  // ends, IEC 60601-1 allows an applied part 41 °C, ISO 13732-1 excludes contact with a tenth of the skin.
  Celsius heat_target = 38.0_degC;
  Celsius heat_ceiling = 39.0_degC;          // refused at this, until it has cooled by kCoolBy
  Celsius heat_trip = 41.0_degC;             // latched; a person must look before heat is possible again
  minutes heat_session{30}, heat_night{60};  // about a tenth of the margin line at 39 °C
  minutes heat_rest{30};                     // off for this long before the next session counts anew
  minutes heat_unmeasured{20};               // without a thermometer at the surface: preheat of an empty bed only
  minutes heat_empty{30};                    // of heat in an empty bed, until somebody was in it
  seconds heat_lease{300};                   // promise 1: cold within one lease
  seconds reading_lives{60};                 // an older surface temperature is no reading

  seconds presence_lives{57'600};  // 16 h: a bed that says nothing for longer may be empty or not

  // Massage. Makers' 15 min a use; timers of beds 10 to 30 min; 60 min a day is our judgement.
  Percent massage_level = 60_pct;
  minutes massage_session{20}, massage_night{60};
  minutes massage_rest{10};
  // A replay in the night, by a rule on restlessness: somebody is asleep. Makers allow three uses a day; a sleeper must
  // hardly notice one.
  Percent replay_level = 30_pct;
  minutes replay_session{10}, replay_apart{30};
  std::int32_t replays_a_night = 3;
  seconds replay_ramp{60};
  seconds massage_lease{300};

  bool heat_allowed = true;        // a sleeper's flag may take heat or massage away altogether
  bool heat_only_preheat = false;  // reduced feeling in the legs: the bed may be warmed, not the person
  bool massage_allowed = true;

  bool operator==(const Limits&) const = default;
};
inline constexpr Limits kHard{};

/// The stricter of the two in every field. Limits that come from outside always pass through here with kHard.
Limits tightest(const Limits& a, const Limits& b);

inline constexpr int kCoolByTenths = 15;  // 1.5 °C: a heater that has no regulator of its own does not chatter

// How a command is confirmed (reference figures of the manual's page on Zigbee2MQTT; all clocks are the event's).
inline constexpr seconds kConfirmWithin{4};             // then the device is asked
inline constexpr seconds kOnRepeats[] = {4s, 7s, 10s};  // since the first ON that is not confirmed
inline constexpr seconds kGiveUpAfter{12};              // then an unconfirmed ON becomes OFF and a fault
inline constexpr seconds kRenewalRepeats{15};           // of a renewal, while the lease before it still runs
inline constexpr seconds kSettle{2};        // the first message after a command may still tell the old state
inline constexpr seconds kRenewEvery{100};  // of a lease of 300 s: two renewals may be lost
inline constexpr seconds kOffRepeats[] = {0s,  2s,  5s,
                                          10s, 20s, 30s};  // since the first OFF; then every 30 s until proved
// An OFF that is not proved for this long is told to a person, and again.
inline constexpr seconds kOffAlarms[] = {60s, 300s, 900s};
inline constexpr seconds kAlsoOffAfter{5};    // then every OFF is also said on the topics that the household wrote
inline constexpr seconds kMainsOffAfter{10};  // then the plug in front of it is switched off, too
// A polled plug tells its power up to 60 s late: only after this are its watts a contradiction to "off".
inline constexpr seconds kWattsWithin{75};
inline constexpr seconds kAskIdleHeaterEvery{240};  // one that a hand switched on, unheard, is found within a lease
inline constexpr seconds kAskEvery{60};             // a running heater is asked this often (Zigbee airtime, 1 a minute)

}  // namespace lull
