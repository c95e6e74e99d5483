"""Devices that only the real Home Assistant knows: a lamp that the wind-down dims, a bed that massages and is stopped, a
sensor of movement; what happens when any of them, or Home Assistant itself, is gone; and how long it all takes.

    entities_test.py LULL

Skipped with code 77 where the peer is not set up (tests/peers/home-assistant/setup, or ./dev test --peers).
"""

from __future__ import annotations

import sys
import time

from home_assistant import Door, check, until
from lull_at_home import HEAD, becomes, tell
from strangers import IDS, Strangers
from websocket_test import Guest
from afternoon import ZONE

HOUSE = HEAD + """sleepers:
  - {{name: Ana, detector: {{get_in_time: 0s}}}}
devices:
  - {{name: Lamp, is: light, speaks: home_assistant, at: light.bedside}}
  - {{name: Feet, is: massage_pad, speaks: home_assistant, at: number.foot_massage, full: 10, own_cut_off: 10min, for: Ana,
     says: {{on: {{topic: select.select_option, payload: '{{"entity_id":"select.bed_timer","option":"10 min"}}'}}}}}}
  - {{name: Legs, is: massage_pad, speaks: home_assistant, at: fan.leg_rest, own_cut_off: 10min, for: Ana}}
  - {{name: Bed, is: presence, speaks: home_assistant, at: binary_sensor.in_bed, for: Ana}}
  - {{name: Ankle, is: movement, speaks: home_assistant, at: binary_sensor.ankle, for: Ana, hold_off: 2s}}
  - {{name: Knob, is: button, speaks: home_assistant, at: event.bedside_button}}
routines:
  wind-down:
    for: 10min
    tracks:
      - {{light: Lamp, from: 60%, to: 5%, over: 60s, kelvin: 2200, then: off}}
rules:
  - {{name: Knob, when: {{button: Knob, action: press}}, play: wind-down}}
home_assistant: {{url: {url}, token_file: token}}
"""


class Bed(Guest):
    strangers: Strangers

    def house(self, more: str) -> str:
        return HOUSE.format(port=self.port, zone=ZONE, url=self.home["url"])

    def at(self, key: str) -> float:
        words = self.strangers.words(key)
        return float(words[-1]) if words else 0.0

    def mark_told(self) -> int:
        return len(self.strangers.told)


def appears(room: Bed, door: Door) -> None:
    room.strangers = Strangers(room.port)
    absent = until(lambda: [one for one in IDS if door.state(one) in ("none", "unavailable")], [])
    check("the strangers' entities are in Home Assistant", absent == [], absent)
    room.strangers.say("foot_massage", "4")
    until(lambda: door.state("number.foot_massage"), "4")
    room.give(room.home["owner_token"])
    room.start_lull()
    seen = until(lambda: room.strangers.words("foot_massage")[:1], ["0"])
    check("a massage that ran is told OFF first", seen == ["0"], seen)
    becomes(door, "and its tile is off", "fan.feet", "off")
    becomes(door, "it can be reached", "binary_sensor.feet_reachable", "on")
    seen = room.checks()
    check("`lull check --connect` finds every entity", seen[0] == 0 and "not there" not in seen[1], seen)
    check("nobody told the lamp anything", room.strangers.words("bedside") == [], room.strangers.words("bedside"))


def winds_down(room: Bed, door: Door) -> None:
    since = room.mark_told()
    for _ in range(10):  # just after a start nobody knows how old a press is
        room.strangers.say("bedside_button", '{"event_type":"press"}')
        if until(lambda: door.state("switch.wind_down"), "on", 5) == "on":
            break
    becomes(door, "a press of the button plays the wind-down", "switch.wind_down", "on")
    until(lambda: len(room.strangers.words("bedside", since)) >= 5, True)
    import json
    levels = [json.loads(one).get("brightness") for one in room.strangers.words("bedside", since)]
    levels = [one for one in levels if one is not None]
    check("the lamp begins at 60 % and only gets dimmer", levels[:1] and 145 <= levels[0] <= 156
          and levels == sorted(levels, reverse=True) and len(set(levels)) >= 4, levels)
    warm = [json.loads(one).get("color_temp") for one in room.strangers.words("bedside", since)]
    check("and as warm as it was told", any(one in (2200, 454, 455) for one in warm), warm)
    door.do("light", "turn_on", "light.bedside", brightness=250)
    time.sleep(6)
    seen = room.mark_told()
    time.sleep(5)
    check("a hand on the lamp wins", room.strangers.words("bedside", seen) == [], room.strangers.words("bedside", seen))
    door.do("switch", "turn_off", "switch.wind_down")
    becomes(door, "and it ends", "switch.wind_down", "off")


def massages(room: Bed, door: Door) -> None:
    since = room.mark_told()
    door.do("fan", "turn_on", "fan.feet", percentage=40)
    until(lambda: room.at("foot_massage") >= 4, True)
    check("the number goes up to 4 of 10", room.at("foot_massage") == 4, room.strangers.words("foot_massage", since))
    order = [key for key, _, _ in room.strangers.told[since:]]
    check("the bed's own timer is set before", order and order[0] == "bed_timer", order)
    becomes(door, "and the tile shows what it proved", "fan.feet", "on")
    began = time.monotonic()
    door.do("switch", "turn_off", "switch.lull")
    until(lambda: room.at("foot_massage"), 0)
    check("STOP: the number is told 0", room.at("foot_massage") == 0, room.strangers.words("foot_massage", since))
    took = [at for key, text, at in room.strangers.told if key == "foot_massage" and float(text) == 0]
    print(f"      (STOP in Home Assistant to the bed, through Lull and Home Assistant: {(next(t for t in took if t >= began) - began) * 1000:.0f} ms)")
    becomes(door, "off, by the bed's word", "fan.feet", "off")
    door.do("fan", "turn_on", "fan.legs")
    time.sleep(1.5)
    check("nothing starts while it is latched", "ON" not in room.strangers.words("leg_rest", since),
          room.strangers.words("leg_rest", since))
    door.do("switch", "turn_on", "switch.lull")
    becomes(door, "released", "sensor.lull_status", "ready")


def moves(room: Bed, door: Door) -> None:
    room.strangers.say("in_bed", "ON")
    becomes(door, "somebody got in: heard", "binary_sensor.ana_bed", "on")
    until(lambda: door.state("sensor.ana_restlessness"), "0")
    counted = False
    for _ in range(60):  # what a pad shook a while ago is no movement, nor what comes right after another
        room.strangers.say("ankle", "ON")
        counted = until(lambda: door.state("sensor.ana_restlessness") not in ("0", "unknown"), True, 2)
        room.strangers.say("ankle", "OFF")
        if counted:
            break
    check("kicks are counted", counted, door.state("sensor.ana_restlessness"))


def is_lost(room: Bed, door: Door) -> None:
    since = room.mark_told()
    door.do("fan", "turn_on", "fan.legs", percentage=30)
    becomes(door, "a massage runs", "fan.legs", "on")
    room.strangers.there("leg_rest", False)
    becomes(door, "its entity is unavailable: out of reach", "binary_sensor.legs_reachable", "off")
    since = room.mark_told()
    room.strangers.there("leg_rest", True)
    becomes(door, "and back", "binary_sensor.legs_reachable", "on")
    until(lambda: room.strangers.words("leg_rest", since)[:1], ["OFF"])
    check("what comes back is told OFF first", room.strangers.words("leg_rest", since)[:1] == ["OFF"],
          room.strangers.words("leg_rest", since))
    door.do("fan", "turn_off", "fan.legs")
    becomes(door, "and is off", "fan.legs", "off")
    door("POST", "/stop")
    until(lambda: room.says("home assistant: ") > 1, True)
    until(lambda: room.link() != "connected", True)
    since = room.mark_told()
    door("POST", "/start")
    until(lambda: room.link(), "connected", 180)
    check("Home Assistant ended and came back, and so did Lull's connection", room.link() == "connected", room.link())
    until(lambda: door.state("binary_sensor.legs_reachable"), "on", 120)
    time.sleep(5)
    on = [text for key, text, _ in room.strangers.told[since:] if key in ("leg_rest", "foot_massage", "leg_rest/percent")
          and text not in ("OFF", "0", "0.0")]
    check("and nothing was switched on by that", on == [], on)


if __name__ == "__main__":
    sys.exit(tell(Bed, "entities", (appears, winds_down, massages, moves, is_lost)))
