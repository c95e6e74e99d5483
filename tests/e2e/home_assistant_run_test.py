"""The real `lull run` between the real Home Assistant and a pad: a wish from voice to motor, and every way to end.

    home_assistant_run_test.py LULL      LULL: the program

Skipped with code 77 where the peer is not set up (tests/peers/home-assistant/setup, or ./dev test --peers).
"""

from __future__ import annotations

import signal
import sys
import time

from home_assistant import PATIENCE, SLACK, Door, check, until
from lull_at_home import HEAD, Room, becomes, differs, say, states, tell, told
from afternoon import ZONE  # noqa: E402  (beside the tests of the program, whose folder home_assistant has added)

HOUSE = HEAD + """sleepers:
  - {{name: Ana}}
devices:
  - {{name: Leg massage, is: massage_pad, speaks: esphome, at: lull/pad/left, for: Ana}}
  - {{name: Foot warmer, is: heat_pad, speaks: esphome, at: lull/pad/left, for: Ana}}
  - {{name: Ana's ankle, is: movement, speaks: esphome, at: lull/anklet/ana, for: Ana}}
  - {{name: Bed, is: presence, speaks: mqtt, at: bed, for: Ana,
     hears: [{{topic: bed/ana, means: occupied, yes: in, no: out}}]}}
routines:
  wind-down:
    for: 20min
    tracks:
      - {{massage: Leg massage, program: steady, level: 40%, at: 0min, for: 20min}}
  night-relief: {{like: wind-down, for: 10min, only: [massage], scale: 60%}}
{more}"""

# What a quiet bedroom looks like there, entity by entity.
QUIET = {
    "switch.lull": "on", "sensor.lull_status": "ready", "switch.lull_not_tonight": "off",
    "switch.lull_night_replay": "on", "binary_sensor.lull_heat_safety": "off", "button.stop_massage": "unknown",
    "button.lull_replay_now": "unknown", "button.lull_softer": "unknown", "button.lull_stronger": "unknown",
    "button.lull_longer": "unknown", "event.lull_message": "unknown", "event.lull_heat_safety_event": "unknown",
    "sensor.lull_version": "0.1.0",
    "fan.leg_massage": "off", "sensor.leg_massage_minutes_left_tonight": "60", "binary_sensor.leg_massage_reachable": "on",
    "switch.foot_warmer": "off", "select.foot_warmer_level": "Off", "sensor.foot_warmer_temperature": "24.5",
    "sensor.foot_warmer_minutes_left_tonight": "60", "binary_sensor.foot_warmer_reachable": "on",
    "sensor.foot_warmer_guard": "trial_needed", "sensor.foot_warmer_set_up_test": "never",
    "button.foot_warmer_set_up_test": "unknown", "sensor.leg_massage_guard": "conforming",
    "sensor.leg_massage_set_up_test": "never",
    "switch.wind_down": "off", "switch.night_relief": "off", "scene.replay_massage": "unknown",
    "scene.wind_down": "unknown", "scene.night_relief": "unknown", "scene.all_off": "unknown",
    "scene.bedtime": "unknown",
    "binary_sensor.ana_bed": "on", "binary_sensor.ana_restless": "unknown", "sensor.ana_restlessness": "unknown",
    "sensor.ana_movements_per_hour": "unknown", "sensor.ana_episodes_tonight": "0", "sensor.ana_replays_tonight": "0",
    "sensor.ana_restless_minutes_last_night": "unknown", "switch.ana_sleeping_tablets_tonight": "off",
    "sensor.ana_heat_left_tonight": "60", "sensor.ana_massage_left_tonight": "60",
    "sensor.ana_replays_held_back": "as_chosen", "button.lull_replays_as_chosen": "unknown",
    "button.lull_check_for_the_night": "unknown", "binary_sensor.lull_ready_for_the_night": "unknown",
}
ALSO = {"sensor.lull_last_decision", "image.ana_last_night"}  # whose states are words and times of their own


class Bedroom(Room):
    def house(self, more: str) -> str:
        return HOUSE.format(port=self.port, zone=ZONE, more=more)


# ---- the stories ------------------------------------------------------------------------------------------------------


def appears(room: Bedroom, door: Door) -> None:
    room.start_lull()
    seen = until(lambda: states(door, QUIET), QUIET)
    check(f"{len(QUIET)} entities appear, each with its state", seen == QUIET, differs(seen, QUIET))
    ours = {one["entity_id"] for one in door.ours().values()}
    check("and nothing that is not expected", ours == set(QUIET) | ALSO, ours ^ (set(QUIET) | ALSO))
    check("none is unavailable", door.dead() == set(), door.dead())
    picture = door("GET", "/image/image.ana_last_night")
    check("the picture is there before the first morning", picture[1:4] == b"PNG", picture[:40])
    check("nobody complained", door("GET", "/complaints") == [], door("GET", "/complaints"))


def massages(room: Bedroom, door: Door) -> None:
    room.tell_pad("hold")
    since = room.mark()
    say(door, "turn on leg massage")
    told(room, "its command leaves", "vibration", since, lambda v: v > 0)
    lease = room.commands("lease", since)
    check("behind a lease of at most five minutes", lease and 0 < max(lease) <= 300, lease)
    time.sleep(1)
    seen = door.state("fan.leg_massage")
    check("the fan is not on before the pad has shown it", seen == "off", seen)
    room.tell_pad("obey")
    becomes(door, "and then it is", "fan.leg_massage", "on")
    since = room.mark()
    say(door, "set leg massage to 40 percent")
    told(room, "the pad is told 40", "vibration", since, lambda v: v == 40)
    seen = until(lambda: door.attribute("fan.leg_massage", "percentage"), 40)
    check("and the tile shows it", seen == 40, seen)
    since = room.mark()
    door.do("fan", "turn_off", "fan.leg_massage")
    told(room, "off: the pad is told 0", "vibration", since, lambda v: v == 0)
    becomes(door, "and the fan is off", "fan.leg_massage", "off")


def stops(room: Bedroom, door: Door) -> None:
    say(door, "turn on leg massage")
    becomes(door, "the massage runs", "fan.leg_massage", "on")
    since = room.mark()
    say(door, "turn off lull")
    told(room, "STOP: OFF on the device's topic", "vibration", since, lambda v: v == 0)
    told(room, "also for what was not on", "heat_target", since, lambda v: v == 0)
    becomes(door, "the fan is off", "fan.leg_massage", "off")
    seen = until(lambda: states(door, ("switch.lull", "sensor.lull_status")),
                 {"switch.lull": "off", "sensor.lull_status": "stopped"})
    check("Lull shows that it is stopped", set(seen.values()) == {"off", "stopped"}, seen)
    since = room.mark()
    for text in ("turn on leg massage", "turn on wind down", "replay massage"):
        door("POST", "/say", {"text": text})
    time.sleep(1.5)
    on = [value for what in ("vibration", "heat_target") for value in room.commands(what, since) if value]
    check("nothing starts while it is latched", on == [], on)
    seen = until(lambda: states(door, ("fan.leg_massage", "switch.wind_down")),
                 {"fan.leg_massage": "off", "switch.wind_down": "off"})
    check("and no tile claims it", set(seen.values()) == {"off"}, seen)
    say(door, "turn on lull")
    becomes(door, "released", "switch.lull", "on")
    becomes(door, "and quiet: nothing comes back by itself", "sensor.lull_status", "ready")


def plays(room: Bedroom, door: Door) -> None:
    since = room.mark()
    say(door, "turn on wind down")
    becomes(door, "wind-down plays and its switch shows it", "switch.wind_down", "on")
    told(room, "its massage", "vibration", since, lambda v: v > 0)
    wanted = {"fan.leg_massage": "on", "sensor.lull_status": "playing", "switch.wind_down": "on"}
    seen = until(lambda: states(door, wanted), wanted)
    check("all of it is on the tiles", seen == wanted, differs(seen, wanted))
    say(door, "turn off wind down")
    wanted = {"fan.leg_massage": "off", "switch.wind_down": "off", "sensor.lull_status": "ready"}
    seen = until(lambda: states(door, wanted), wanted)
    check("and off again", seen == wanted, differs(seen, wanted))
    since = room.mark()
    say(door, "replay massage")
    becomes(door, "the scene plays the gentle routine", "switch.night_relief", "on")
    told(room, "weaker than the wind-down", "vibration", since, lambda v: 0 < v <= 24)
    becomes(door, "the massage shows it", "fan.leg_massage", "on")
    say(door, "stop the massage")
    becomes(door, "“stop the massage” ends it", "fan.leg_massage", "off")
    becomes(door, "and the routine that was nothing else", "switch.night_relief", "off")
    since = room.mark()
    say(door, "activate bedtime")
    becomes(door, "the scene Bedtime plays the wind-down", "switch.wind_down", "on")
    told(room, "with its massage", "vibration", since, lambda v: v > 0)
    say(door, "activate all off")
    wanted = {"fan.leg_massage": "off", "switch.wind_down": "off", "switch.lull": "on"}
    seen = until(lambda: states(door, wanted), wanted)
    check("All off ends everything, and is no STOP", seen == wanted, differs(seen, wanted))


def ends_well(room: Bedroom, door: Door) -> None:
    say(door, "turn on wind down")
    becomes(door, "wind-down plays", "fan.leg_massage", "on")
    since = room.mark()
    code = room.end_lull()
    check("SIGTERM: it ends with 0", code == 0, code)
    told(room, "the massage was told off", "vibration", since, lambda v: v == 0)
    told(room, "and the heat", "heat_target", since, lambda v: v == 0)
    ours = {one["entity_id"] for one in door.ours().values()}
    seen = until(door.dead, ours)
    check("every entity is unavailable", seen == ours, ours - seen)
    status = [text for topic, text in room.retained().items() if topic.endswith("/status") and topic.count("/") == 2
              and not topic.startswith("lull/anklet")]
    said = {bytes.fromhex(text).decode() for text in status}
    check("its farewell is offline, retained", "offline" in said, said)
    room.start_lull()
    seen = until(door.dead, set())
    check("started again: available", seen == set(), seen)
    becomes(door, "and ready", "sensor.lull_status", "ready")
    since = room.mark()
    say(door, "turn on leg massage")  # a restart is no rest: nobody knows what ran meanwhile
    seen = until(lambda: "rests" in str(door.attribute("fan.leg_massage", "why")), True)
    check("a massage must rest first, and its tile says so", seen, door.attribute("fan.leg_massage", "why"))
    seen = [value for value in room.commands("vibration", since) if value]
    check("and the pad is not told to run", seen == [], seen)


def is_set_up(room: Bedroom, door: Door) -> None:
    since = room.mark()
    door.do("select", "select_option", "select.foot_warmer_level", option="Low")
    seen = until(lambda: "lull device test" in str(door.attribute("switch.foot_warmer", "why")), True)
    check("no heat before its set-up test, and its tile says which command", seen,
          door.attribute("switch.foot_warmer", "why"))
    door.do("select", "select_option", "select.foot_warmer_level", option="Off")
    seen = [value for value in room.commands("heat_target", since) if value]
    check("and the pad was not told to warm", seen == [], seen)
    since = room.mark()
    door.do("button", "press", "button.foot_warmer_set_up_test")
    becomes(door, "the button begins the set-up test", "sensor.foot_warmer_set_up_test", "runs")
    becomes(door, "which the pad passes", "sensor.foot_warmer_set_up_test", "passed", 40 + PATIENCE)
    seen = [value for value in room.commands("lease", since) if value]
    check("by three leases of ten seconds at most", len(seen) == 3 and max(seen) <= 10, seen)
    becomes(door, "and its guard is conforming", "sensor.foot_warmer_guard", "conforming")


def dies(room: Bedroom, door: Door) -> None:
    since = room.mark()
    door.do("select", "select_option", "select.foot_warmer_level", option="Low")
    told(room, "heat by hand, gently", "heat_target", since, lambda v: 30 < v <= 38)
    wanted = {"switch.foot_warmer": "on", "select.foot_warmer_level": "Low"}
    seen = until(lambda: states(door, wanted), wanted)
    check("its tiles show it", seen == wanted, differs(seen, wanted))
    since, at = room.mark(), time.monotonic()
    room.end_lull(signal.SIGKILL)
    told(room, "kill -9: the heater's last will is OFF", "heat_target", since, lambda v: v == 0)
    check("within seconds", time.monotonic() - at < 5 + SLACK, time.monotonic() - at)
    becomes(door, "unavailable after the five seconds that our will waits", "fan.leg_massage", "unavailable")
    since = room.mark()
    room.start_lull()
    seen = until(door.dead, set())
    check("back: available", seen == set(), seen)
    told(room, "the first thing the pad hears is off", "vibration", since, lambda v: v == 0)
    wanted = {"fan.leg_massage": "off", "switch.foot_warmer": "off", "switch.wind_down": "off",
              "switch.night_relief": "off", "sensor.lull_status": "ready"}
    seen = until(lambda: states(door, wanted), wanted)
    check("and nothing runs", seen == wanted, differs(seen, wanted))
    on = [value for what in ("vibration", "heat_target", "lease") for value in room.commands(what, since) if value]
    check("nor was anything switched on", on == [], on)


def home_restarts(room: Bedroom, door: Door) -> None:
    door("POST", "/stop")
    seen = room.start_home_again(door)
    check("Home Assistant restarts: all is live at once, before its birth", seen == (set(), True), seen)
    seen = until(lambda: states(door, ("fan.leg_massage", "switch.lull", "binary_sensor.ana_bed")),
                 {"fan.leg_massage": "off", "switch.lull": "on", "binary_sensor.ana_bed": "on"})
    check("with its states", list(seen.values()) == ["off", "on", "on"], seen)
    say(door, "turn on wind down")
    becomes(door, "and at work", "switch.wind_down", "on")


def unannounced(room: Bedroom, door: Door) -> None:
    room.end_lull()
    room.start_lull("home_assistant: {enabled: false}\n")
    seen = until(lambda: set(door.ours()), set())
    check("`home_assistant: {enabled: false}` takes everything back", seen == set(), seen)
    left = until(lambda: [one for one in room.retained() if one.startswith("homeassistant/device/")], [])
    check("and leaves no discovery message", left == [], left)
    check("it ends with 0", room.end_lull() == 0)


def at_the_end(room: Bedroom, door: Door) -> None:
    retained = [line for line in room.heard.read_text().splitlines() if '"retained": true' in line]
    check("no command of ours was retained", retained == [], retained)
    twice = [line for line in room.log() if "it begins anew" in line]
    check("and no wish was heard twice, though two sessions hear each", twice == [], twice)


STORIES = (appears, massages, stops, plays, ends_well, is_set_up, dies, home_restarts, unannounced, at_the_end)

if __name__ == "__main__":
    sys.exit(tell(Bedroom, "home-assistant-run", STORIES))
