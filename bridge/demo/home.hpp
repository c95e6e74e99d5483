// The household of the demo, as a person would write it. The simulated bedroom (bedroom.hpp) has exactly these devices.
#pragma once

namespace lull::demo {

inline constexpr const char* kHome =
    R"yaml(# The bedroom of `lull demo`. Take it as a beginning for your own: docs/CONFIGURATION.md.
home: {name: Ana, time_zone: Europe/Berlin}

sleepers:
  - {name: Ana, side: left}

devices:
  - {name: Leg massage,   is: massage_pad, speaks: esphome,     at: lull/pad/left,    for: Ana, zones: [calf, foot]}
  - {name: Pad warmth,    is: heat_pad,    speaks: esphome,     at: lull/pad/left,    for: Ana}
  - {name: Foot warmer,   is: heat_pad,    speaks: zigbee2mqtt, at: Foot warmer plug, for: Ana}
  - {name: Bedside lamp,  is: light,       speaks: zigbee2mqtt, at: Bedside lamp}
  - {name: Ana's ankle,   is: movement,    speaks: esphome,     at: lull/anklet/ana,  for: Ana, stream: acceleration}
  - {name: Bed left,      is: presence,    speaks: zigbee2mqtt, at: Bed left,         for: Ana}
  - {name: Bedside button, is: button,     speaks: zigbee2mqtt, at: Bedside button}

routines:
  warm the bed:                       # a plug has no thermometer: it may only warm an empty bed
    for: 20min
    tracks:
      - {heat: Foot warmer, level: medium, step: warming the bed}
  wind-down:
    for: 30min
    tracks:
      - {light: Bedside lamp, from: 60%, to: 5%, over: 10min, kelvin: 2200, then: off}
      - {heat: Pad warmth, level: low, at: 0min, for: 20min}
      - {massage: Leg massage, program: wave, level: 40%, at: 8min, for: 20min, ramp_up: 2min, ramp_down: 5min}
  night-relief:
    like: wind-down                   # the same score, gentler
    for: 10min
    only: [massage]
    scale: 60%
    ramp_up: 90s
    ramp_down: 3min

rules:
  - {name: Warm the bed, when: {time: "22:12"}, if: [{out_of_bed: Ana}], play: warm the bed}
  - name: Bedtime
    when: {in_bed: Ana}
    if: [{between: ["21:30", "00:30"]}]
    limits: {per_night: 1}
    play: wind-down
  - name: Restless at night
    when: {restless: Ana}
    if: [{between: ["23:00", "06:30"]}, {in_bed: Ana}]
    limits: {per_night: 3, apart: 30min, total: 30min}
    play: night-relief
  - {name: Bedside button, when: {button: Bedside button, action: arrow_left_click}, play: night-relief}
  - {name: Bedside stop, when: {button: Bedside button, action: "off"}, stop: all}
)yaml";

}  // namespace lull::demo
