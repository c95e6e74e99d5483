"""Lull's face against the real Home Assistant: what it shows, what it sends, and what survives restarts of either side.

    home_assistant_test.py FACE      FACE: the program made of tests/e2e/face.cpp

Skipped with code 77 where the peer is not set up (tests/peers/home-assistant/setup, or ./dev test --peers).
"""

from __future__ import annotations

import json
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

from home_assistant import PATIENCE, ROOT, Door, World, check, until, verdict, why_not

LULL = "lull_1a2b3c4d"
BASE = "lull/1a2b3c4d"


class FaceWorld(World):
    """With our face in it, which can die and come back too."""

    def __init__(self, face: str, folder: pathlib.Path) -> None:
        super().__init__(folder)
        self.program, self.face, self.heard = face, None, folder / "face.log"

    def start_face(self, house: str = "full") -> None:
        before = self.wishes("up")
        self.face = subprocess.Popen([self.program, "--port", str(self.port), "--keep", str(self.folder / "kept"),
                                      "--house", house], stdout=open(self.heard, "ab"))
        until(lambda: len(self.wishes("up")) > len(before), True)

    def end_face(self, how=signal.SIGTERM) -> int:
        self.face.send_signal(how)
        return self.face.wait(PATIENCE)

    def wishes(self, kind: str = "wish") -> list:
        if not self.heard.exists():
            return []
        said = [json.loads(line) for line in self.heard.read_text().splitlines() if line.endswith("}")]
        return [one[kind] for one in said if kind in one]


# ---- the stories ------------------------------------------------------------------------------------------------------

CONFIG = {f"{LULL}_foot-warmer_set_up_test", f"{LULL}_foot-warmer_heat", f"{LULL}_foot-warmer_level", f"{LULL}_hub_night_replay",
          f"{LULL}_sleeper_ana_sedatives", f"{LULL}_routine_wind-down_play", f"{LULL}_hub_replays_as_chosen",
          f"{LULL}_routine_night-relief_scene"}
BEDTIME = [["other", "scene"], ["play", "wind-down", "scene"]]
ALL_OFF = [["stop_play", "", "scene"], ["stop_massage", "scene"]] + [["set", one, 0, "", "scene"] for one in range(4)]
DIAGNOSTIC = {f"{LULL}_sleeper_ana_back_off", f"{LULL}_sleeper_ben_back_off", f"{LULL}_hub_decision", f"{LULL}_hub_version", f"{LULL}_hub_preflight", f"{LULL}_foot-warmer_celsius"} | {
    f"{LULL}_{pad}_{what}" for pad in ("foot-warmer", "left-leg-massage", "right-leg-massage")
    for what in ("minutes_left", "reachable", "gate", "test")}
STATES = {
    "switch.lull": "on", "sensor.lull_status": "playing", "switch.lull_not_tonight": "off",
    "switch.lull_night_replay": "on", "binary_sensor.lull_heat_safety": "off", "button.stop_massage": "unknown",
    "event.lull_message": "unknown", "event.lull_heat_safety_event": "unknown", "sensor.lull_version": "0.1.0",
    "fan.left_leg_massage": "on", "fan.right_leg_massage": "off", "fan.leg_massage": "on",
    "switch.foot_warmer": "off", "select.foot_warmer_level": "Off", "sensor.foot_warmer_temperature": "31",
    "binary_sensor.foot_warmer_reachable": "on", "sensor.foot_warmer_minutes_left_tonight": "40",
    "sensor.foot_warmer_guard": "trial_needed", "sensor.foot_warmer_set_up_test": "never",
    "button.foot_warmer_set_up_test": "unknown", "sensor.left_leg_massage_guard": "conforming",
    "switch.wind_down": "on", "switch.night_relief": "off", "scene.replay_massage": "unknown",
    "scene.wind_down": "unknown", "scene.night_relief": "unknown", "scene.all_off": "unknown",
    "scene.bedtime": "unknown",
    "binary_sensor.ana_bed": "on", "binary_sensor.ana_restless": "off", "sensor.ana_restlessness": "29",
    "sensor.ana_movements_per_hour": "11.3", "sensor.ana_episodes_tonight": "1", "sensor.ana_replays_tonight": "0",
    "sensor.ana_restless_minutes_last_night": "unknown", "sensor.ben_replays_tonight": "0",
    "sensor.ana_replays_held_back": "as_chosen", "sensor.ben_replays_held_back": "as_chosen",
}


def appears(world: FaceWorld, door: Door, ids: dict) -> None:
    world.start_face()
    ours = until(lambda: len(door.ours()), len(ids))
    check("every entity that we announce is there", set(door.ours()) == ids, ids ^ set(door.ours()))
    check(f"and nothing else ({ours} entities)", ours == len(ids))
    seen = until(lambda: {one: door.state(one) for one in STATES}, STATES)
    check("with its id and its state", seen == STATES, {k: v for k, v in seen.items() if STATES[k] != v})
    check("the fan shows strength and program",
          (door.attribute("fan.left_leg_massage", "percentage"), door.attribute("fan.left_leg_massage", "preset_mode"))
          == (40, "wave"))
    categories = {one: known["entity_category"] for one, known in door.ours().items() if known["entity_category"]}
    wanted = {one: "config" for one in CONFIG} | {one: "diagnostic" for one in DIAGNOSTIC}
    check("heat and settings are config, measures of devices diagnostic", categories == wanted, categories)
    listed = door("POST", "/ws", {"type": "homeassistant/expose_entity/list"})["exposed_entities"]
    exposed = {one for one, to in listed.items() if to.get("conversation")}
    mine = {known["entity_id"] for known in door.ours().values()}
    wanted = {"fan.left_leg_massage", "fan.right_leg_massage", "fan.leg_massage", "switch.lull", "switch.night_relief",
              "switch.lull_not_tonight", "scene.replay_massage", "scene.wind_down", "scene.all_off", "scene.bedtime"}
    check("voice sees massage, routines, replay and STOP, and no heat", exposed & mine == wanted, exposed & mine)
    picture = door("GET", "/image/image.ana_last_night")
    check("the picture is there before the first morning", picture[1:4] == b"PNG", picture[:40])
    check("nobody complained", door("GET", "/complaints") == [], door("GET", "/complaints"))


def obeys(world: FaceWorld, door: Door) -> None:
    on, off = [["set", 0, None, ""], ["set", 1, None, ""]], [["stop_massage"]]

    def wished(act) -> list:
        """What reaches us of it. MQTT keeps the order, so all of it has come when a last word has that means something else."""
        before = len(world.wishes())
        act()
        door.do("switch", "turn_off", "switch.night_relief")
        last = ["stop_play", "night-relief"]
        until(lambda: last in world.wishes()[before:], True)
        seen = world.wishes()[before:]
        return seen[:-1] if seen and seen[-1] == last else seen + ["and the last word was lost"]

    def said(text, **more) -> list:
        return wished(lambda: door("POST", "/say", {"text": text, **more}))

    for text, wanted in (
            ("turn on leg massage", on), ("turn off leg massage", off), ("turn on left leg massage", on[:1]),
            ("set leg massage to 40 percent", on + [["set", 0, 40, ""], ["set", 1, 40, ""]]),
            ("set leg massage to 0 percent", off), ("stop the massage", off), ("turn off lull", [["stop"]]),
            ("turn on lull", [["release"]]), ("the bed is too hot", [["stop"]]), ("activate wind down", [["play", "wind-down", "scene"]]),
            ("turn on night relief", [["play", "night-relief"]]),
            ("stop wind down", [["stop_play", "wind-down"]]), ("replay massage", [["replay", "scene"]]),
            ("my legs are restless again", [["replay", "scene"]])):
        seen = said(text)
        check(f"“{text}” reaches us", seen == wanted, seen)
    seen = said("stop the massage", **{"as": "user"})
    check("also from who is no administrator", seen == off, seen)
    for text in ("turn on foot warmer", "set the temperature to 40 degrees", "turn on the heat"):
        seen = said(text, area="Bedroom")
        check(f"“{text}” does not", seen == [], seen)
    for act, wanted in (
            (("fan", "set_percentage", "fan.left_leg_massage", {"percentage": 0}), [["set", 0, 0, ""]]),
            (("fan", "set_preset_mode", "fan.left_leg_massage", {"preset_mode": "pulse"}), [["set", 0, None, "pulse"]]),
            (("select", "select_option", "select.foot_warmer_level", {"option": "Medium"}), [["set", 2, 70, ""]]),
            (("switch", "turn_off", "switch.foot_warmer", {}), [["set", 2, 0, ""]]),
            (("button", "press", "button.stop_massage", {}), off),
            (("button", "press", "button.lull_replay_now", {}), [["replay"]]),
            (("scene", "turn_on", "scene.night_relief", {}), [["play", "night-relief", "scene"]]),
            (("scene", "turn_on", "scene.bedtime", {}), BEDTIME), (("scene", "turn_on", "scene.all_off", {}), ALL_OFF),
            (("switch", "turn_on", "switch.lull_not_tonight", {}), [["not_tonight", True]]),
            (("switch", "turn_off", "switch.lull_night_replay", {}), [["night_replay", False]])):
        seen = wished(lambda: door.do(act[0], act[1], act[2], **act[3]))
        check(f"{act[0]}.{act[1]} {act[3] or ''}", seen == wanted, seen)
    door.do("fan", "turn_on", "fan.left_leg_massage", percentage=55)
    seen = until(lambda: door.attribute("fan.left_leg_massage", "percentage"), 55)
    check("and the tile shows what the pad then does", seen == 55, seen)
    check("nobody complained", door("GET", "/complaints") == [], door("GET", "/complaints"))


def tells_a_phone(world: FaceWorld, door: Door) -> None:
    inputs = {"message": "event.lull_message", "lull": "switch.lull",
              "phone": next(one["id"] for one in door("GET", "/devices") if ["mobile_app", "lull-test-phone"] in one["identifiers"])}
    door("POST", "/automation/lull_phone", {"alias": "Lull on my phone",
                                            "use_blueprint": {"path": "lull/phone.yaml", "input": inputs}})
    until(lambda: door.state("automation.lull_on_my_phone"), "on")
    for kind in ("notice", "alarm"):
        subprocess.run(["mosquitto_pub", "-p", str(world.port), "-t", f"{BASE}/event/message",
                        "-m", json.dumps({"event_type": kind, "message": f"a {kind}"})], check=True)
    until(lambda: len(door("GET", "/pushes")), 1)  # the alarm, published after the notice
    pushed = [one["message"] for one in door("GET", "/pushes")]
    check("the blueprint passes an alarm on, and no notice", pushed == ["a alarm"], pushed)
    before = len(world.wishes())
    door("POST", "/tap", {"action": "LULL_STOP"})
    until(lambda: len(world.wishes()) > before, True)
    check("and the phone's Stop is STOP", world.wishes()[before:] == [["stop"]], world.wishes()[before:])


def survives(world: FaceWorld, door: Door) -> None:
    door("POST", "/stop")
    seen = world.start_home_again(door)
    check("Home Assistant restarts beside us: all is live at once, before its birth", seen == (set(), True), seen)
    door("POST", "/stop?hard=1")
    world.end_face()
    world.start_face()
    seen = world.start_home_again(door)
    check("we restart while it is gone: all is live too", seen == (set(), True), seen)
    world.face.kill()
    world.face.wait()
    seen = until(lambda: door.state("fan.left_leg_massage"), "unavailable")
    check("kill -9 of us: unavailable after the five seconds that our will waits", seen == "unavailable", seen)
    world.start_face()
    dead = until(door.dead, set())
    check("back: available", dead == set(), dead)
    world.end_face()
    seen = until(lambda: door.state("switch.lull"), "unavailable")
    check("a clean end is told too", seen == "unavailable", seen)
    world.start_face()
    world.broker.terminate()
    world.broker.wait()
    world.start_broker()  # without persistence: it has forgotten everything
    dead = until(lambda: (len(world.retained()) > 60, door.dead()), (True, set()))
    check("a broker that forgot everything is told again", dead == (True, set()), dead)
    subprocess.run(["mosquitto_pub", "-p", str(world.port), "-r", "-t", f"{BASE}/device/foot-warmer/on/set", "-m", "ON"])
    world.end_face()
    before = len(world.wishes())
    world.start_face()
    cleared = until(lambda: f"{BASE}/device/foot-warmer/on/set" in world.retained(), False)
    check("a retained command is cleared and not obeyed", not cleared and world.wishes()[before:] == [], world.wishes()[before:])


def changes(world: FaceWorld, door: Door, ids: dict) -> None:
    world.end_face()
    world.start_face("renamed")
    until(lambda: any(one["name"] == "Toe warmer" for one in door("GET", "/devices")), True)
    check("a renamed device keeps its entities and their ids", set(door.ours()) == ids
          and door.ours()[f"{LULL}_foot-warmer_heat"]["entity_id"] == "switch.foot_warmer", ids ^ set(door.ours()))
    world.end_face()
    world.start_face("smaller")
    gone = {one for one in ids if "right-leg" in one or "all_massage" in one or one.endswith("foot-warmer_celsius")
            or one.endswith(("ben_massage_left", "ben_back_off"))}
    seen = until(lambda: set(door.ours()), ids - gone)
    check(f"what is no more is removed, {len(gone)} entities", seen == ids - gone, (ids - gone) ^ seen)
    check("its devices too", not any("right-leg" in one for one in door.devices()), door.devices())
    def stale():
        return [one for one in world.retained() if "right-leg" in one or "/massage/" in one or "celsius" in one]
    left = until(stale, [])  # they go after their entities, and after an answer to a birth that is still due
    check("and its topics", left == [], left)
    world.end_face()
    door("POST", "/stop")
    world.start_face("full")  # all is there again while Home Assistant is away ...
    world.end_face()
    door("POST", "/start")
    until(lambda: set(door.ours()), ids)
    check("what comes back has its old id", door.ours()[f"{LULL}_right-leg-massage_massage"]["entity_id"] == "fan.right_leg_massage")
    door("POST", "/stop")
    world.start_face("smaller")  # ... and gone again before it is back: the removal went unheard
    world.settled()
    door("POST", "/start")
    seen = until(lambda: set(door.ours()), ids - gone)
    check("a removal that nobody heard is repeated after the birth", seen == ids - gone, (ids - gone) ^ seen)


def deleted(world: FaceWorld, door: Door) -> None:
    ana = f"{LULL}_sleeper_ana"
    door("DELETE", f"/device/{ana}")
    until(lambda: ana in door.devices() or f"homeassistant/device/{ana}/config" in world.retained(), False)
    world.settled()
    world.end_face()
    world.start_face("smaller")
    left = world.settled()
    check("a device that the user deleted stays deleted when we restart", ana not in door.devices())
    check("and no discovery message of it is left", f"homeassistant/device/{ana}/config" not in left)
    world.end_face(signal.SIGINT)
    seen = until(lambda: len(door.ours()), 0)
    check("--forget takes back every entity", seen == 0, door.ours())
    left = {k: v for k, v in world.retained().items() if not k.endswith("/status")}
    check("and leaves no topic", left == {}, left)
    # Its own: the power cut, the broker that died, and its clearing of Ana's device, which it does once an entity.
    own = ("sqlite3 database", "unfinished session", "failed to receive on socket", "The connection was lost",
           f"No device components to cleanup for {ana}", "not connected", "Connection refused", "Failed to connect")
    loud = [one for one in door("GET", "/complaints") if not any(word in one for word in own)]
    check("in all this nobody complained about us", loud == [], loud)


def main() -> int:
    if skipped := why_not():
        print("skipped:", skipped)
        return 77
    golden = (ROOT / "tests/bridge/home_assistant/discovery.golden").read_text()
    ids = {line.split('"')[3] for line in golden.splitlines() if '"unique_id"' in line}
    with tempfile.TemporaryDirectory(prefix="lull-home-assistant-") as folder:
        world = FaceWorld(sys.argv[1], pathlib.Path(folder))
        try:
            world.start_broker()
            door = world.start_home()
            appears(world, door, ids)
            obeys(world, door)
            tells_a_phone(world, door)
            survives(world, door)
            changes(world, door, ids)
            deleted(world, door)
        finally:
            world.end(world.face)
    return verdict()


if __name__ == "__main__":
    sys.exit(main())
