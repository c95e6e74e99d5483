"""The house of the night on the real Zigbee2MQTT, and what its tests share."""

from __future__ import annotations

from world import SLACK, World, wait

DEVICES = ["foot_warmer", "old_plug", "heat_pad", "massage", "lamp", "bed_strap", "room_presence", "vibe_leg"]
CONFIG = """
home: {name: Test, time_zone: ZONE}
broker: mqtt://127.0.0.1:PORT
http: {enabled: false}
sleepers:
  - {name: Ana, side: left}
  - {name: Ben, side: right, detector: {need: 2, window: 3min, get_in_time: 0s}}
devices:
  - {name: Foot warmer, is: heat_pad, speaks: zigbee2mqtt, at: foot_warmer, for: Ana}
  - {name: Old plug, is: heat_pad, speaks: zigbee2mqtt, at: old_plug, for: Ana}
  - {name: Heat pad, is: heat_pad, speaks: zigbee2mqtt, at: bedroom/heat_pad, for: Ana}
  - {name: Leg massage, is: massage_pad, speaks: zigbee2mqtt, at: leg_massage, for: Ben}
  - {name: Bedside lamp, is: light, speaks: zigbee2mqtt, at: Bedroom lamp}
  - {name: Bed strap, is: presence, speaks: zigbee2mqtt, at: bed_strap, for: Ana}
  - {name: Room presence, is: presence, speaks: zigbee2mqtt, at: room_presence, for: Ben}
  - {name: Leg sensor, is: movement, speaks: zigbee2mqtt, at: leg_vibration, for: Ben}
routines:
  warm the bed:
    for: 150s
    tracks:
      - {heat: Foot warmer, level: low}
  dim:
    for: 1min
    tracks:
      - {light: Bedside lamp, from: 60%, to: 5%, over: 40s, kelvin: 2200, then: off}
  massage:
    for: 1min
    tracks:
      - {massage: Leg massage, level: 40%, ramp_up: 10s, ramp_down: 10s}
  relief:
    like: massage
    only: [massage]
    scale: 60%
    ramp_up: 10s
    ramp_down: 10s
  both:
    for: 10min
    tracks:
      - {heat: Foot warmer, level: low}
      - {massage: Leg massage, level: 40%, ramp_up: 1s}
rules:
  - {name: Restless at night, when: {restless: Ben}, if: [{in_bed: Ben}], limits: {per_night: 2}, play: relief}
"""


def prompt(took: float) -> bool:
    """Whether what is promised within a second came so. What a busy machine needs to wake five processes is not Lull's."""
    return took <= 1 + SLACK


def on_times(told: list[dict]) -> list[float]:
    """The device's own time limit in seconds, of every command that set one."""
    return [e["ontime"] / 10 for e in told if e["do"] == "on_with_timed_off"]


def empty_bed(w: World) -> None:
    for presence, word in ((True, "ON"), (False, "OFF")):
        w.do("bed_strap", presence=presence)
        wait(f"the strap says {word}", lambda: w.said("sleeper/ana/in_bed") == word,
             lambda: f"{w.said('sleeper/ana/in_bed')!r}, {w.client.last('zigbee2mqtt/bed_strap')}\n{w.lull.tail()}")


def warm(w: World, routine: str = "warm the bed") -> int:
    """Heat runs. Returns where the peer's log stood before."""
    mark = w.mark()
    w.command(do="play", routine=routine)
    w.switched("foot_warmer", True, mark)
    return mark


def fresh_night(w: World) -> None:
    """A lull that knows of no night before, ready, with Ana's bed empty."""
    w.time_scale(1)
    w.start_lull()
    w.until_ready()
    empty_bed(w)
