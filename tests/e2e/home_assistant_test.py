"""Lull's face against the real Home Assistant: what it shows, what it sends, and what survives restarts of either side.

    home_assistant_test.py FACE      FACE: the program made of tests/e2e/face.cpp

Skipped with code 77 where the peer is not set up (tests/peers/home-assistant/setup, or ./dev test --peers).
"""

from __future__ import annotations

import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
CACHE = pathlib.Path(os.environ.get("LULL_PEERS_DIR") or
                     pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "lull-peers")
PYTHON = CACHE / "home-assistant/venv/bin/python"
LULL = "lull_1a2b3c4d"
BASE = "lull/1a2b3c4d"

passed, failed = 0, []


def check(sentence: str, holds, seen="") -> None:
    global passed
    if holds:
        passed += 1
    else:
        failed.append(sentence)
    print("ok    " if holds else "FAILED", sentence, "" if holds else f"(seen: {seen!r})", flush=True)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def until(question, wanted, seconds: float = 10):
    """Ask until the answer is as wanted; returns the last answer."""
    deadline = time.monotonic() + seconds
    while (answer := question()) != wanted and time.monotonic() < deadline:
        time.sleep(0.05)
    return answer


class Door:
    """The control door of the peer."""

    def __init__(self, url: str) -> None:
        self.url = url

    def __call__(self, method: str, path: str, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, {"content-type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                text = answer.read()
        except urllib.error.HTTPError as error:
            text = error.read()
        try:
            return json.loads(text)
        except ValueError:
            return text

    def state(self, entity_id: str) -> str:
        return self("GET", f"/state/{entity_id}").get("state", "none")

    def attribute(self, entity_id: str, name: str):
        return self("GET", f"/state/{entity_id}").get("attributes", {}).get(name)

    def ours(self) -> dict[str, dict]:
        return {one["unique_id"]: one for one in self("GET", "/entities") if str(one["unique_id"]).startswith(LULL)}

    def devices(self) -> set[str]:
        return {known[1] for one in self("GET", "/devices") for known in one["identifiers"] if known[0] == "mqtt"}

    def do(self, domain: str, service: str, entity_id: str, **data):
        return self("POST", "/service", {"domain": domain, "service": service, "data": {"entity_id": entity_id, **data}})


class World:
    """A broker, a Home Assistant and our face, each of which can die and come back."""

    def __init__(self, face: str, folder: pathlib.Path) -> None:
        self.program, self.folder = face, folder
        self.port, self.broker, self.face, self.peer = free_port(), None, None, None
        self.heard = folder / "face.log"
        (folder / "mosquitto.conf").write_text(
            f"listener {self.port} 127.0.0.1\nallow_anonymous true\npersistence false\n")

    def start_broker(self) -> None:
        mosquitto = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
        log = open(self.folder / "mosquitto.log", "ab")
        self.broker = subprocess.Popen([mosquitto, "-c", str(self.folder / "mosquitto.conf")], stdout=log, stderr=log)
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", self.port), 0.2).close()
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("mosquitto did not start")

    def start_home(self) -> Door:
        command = [str(PYTHON), str(ROOT / "tests/peers/home-assistant/run.py"), "--mqtt", f"127.0.0.1:{self.port}",
                   "--port", str(free_port()), "--control", str(free_port()),
                   "--files", str(ROOT / "docs/home_assistant"), "--max-seconds", "880"]
        self.peer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        line = self.peer.stdout.readline()
        if not line:
            raise RuntimeError("Home Assistant did not start")
        return Door(json.loads(line)["control"])

    def start_face(self, house: str = "full") -> None:
        before = self.wishes("up")
        self.face = subprocess.Popen([self.program, "--port", str(self.port), "--keep", str(self.folder / "kept"),
                                      "--house", house], stdout=open(self.heard, "ab"))
        until(lambda: len(self.wishes("up")) > len(before), True)

    def end_face(self, how=signal.SIGTERM) -> int:
        self.face.send_signal(how)
        return self.face.wait(10)

    def wishes(self, kind: str = "wish") -> list:
        if not self.heard.exists():
            return []
        said = [json.loads(line) for line in self.heard.read_text().splitlines() if line.endswith("}")]
        return [one[kind] for one in said if kind in one]

    def retained(self) -> dict[str, str]:
        """What the broker keeps of ours and of discovery."""
        out = subprocess.run(["mosquitto_sub", "-p", str(self.port), "-t", "lull/#", "-t", "homeassistant/#",
                              "-W", "1", "-F", "%t %x", "--retained-only"], capture_output=True, text=True).stdout
        return dict(line.split(" ", 1) for line in out.splitlines() if " " in line)

    def end(self) -> None:
        for one in (self.face, self.peer, self.broker):
            if one and one.poll() is None:
                one.terminate()
                try:
                    one.wait(20)
                except subprocess.TimeoutExpired:
                    one.kill()


# ---- the stories ------------------------------------------------------------------------------------------------------

CONFIG = {f"{LULL}_foot-warmer_heat", f"{LULL}_foot-warmer_level", f"{LULL}_hub_night_replay"}
DIAGNOSTIC = {f"{LULL}_hub_decision", f"{LULL}_hub_version", f"{LULL}_foot-warmer_celsius"} | {
    f"{LULL}_{pad}_{what}" for pad in ("foot-warmer", "left-leg-massage", "right-leg-massage")
    for what in ("minutes_left", "reachable")}
STATES = {
    "switch.lull": "on", "sensor.lull_status": "playing", "switch.lull_not_tonight": "off",
    "switch.lull_night_replay": "on", "binary_sensor.lull_heat_safety": "off", "button.stop_massage": "unknown",
    "event.lull_message": "unknown", "event.lull_heat_safety_event": "unknown", "sensor.lull_version": "0.1.0",
    "fan.left_leg_massage": "on", "fan.right_leg_massage": "off", "fan.leg_massage": "on",
    "switch.foot_warmer": "off", "select.foot_warmer_level": "Off", "sensor.foot_warmer_temperature": "31",
    "binary_sensor.foot_warmer_reachable": "on", "sensor.foot_warmer_minutes_left_tonight": "40",
    "switch.wind_down": "on", "switch.night_relief": "off", "scene.replay_massage": "unknown",
    "binary_sensor.ana_bed": "on", "binary_sensor.ana_restless": "off", "sensor.ana_restlessness": "29",
    "sensor.ana_movements_per_hour": "11.3", "sensor.ana_episodes_tonight": "1", "sensor.ana_replays_tonight": "0",
    "sensor.ana_restless_minutes_last_night": "unknown", "sensor.ben_replays_tonight": "0",
}


def appears(world: World, door: Door, ids: dict) -> None:
    world.start_face()
    ours = until(lambda: len(door.ours()), len(ids), 20)
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
    wanted = {"fan.left_leg_massage", "fan.right_leg_massage", "fan.leg_massage", "switch.lull", "switch.wind_down",
              "switch.night_relief", "switch.lull_not_tonight", "scene.replay_massage"}
    check("voice sees massage, routines, replay and STOP, and no heat", exposed & mine == wanted, exposed & mine)
    picture = door("GET", "/image/image.ana_last_night")
    check("the picture is there before the first morning", picture[1:4] == b"PNG", picture[:40])
    check("nobody complained", door("GET", "/complaints") == [], door("GET", "/complaints"))


def obeys(world: World, door: Door) -> None:
    def wished(act) -> list:
        before = len(world.wishes())
        act()
        until(lambda: len(world.wishes()) > before, True, 3)
        time.sleep(0.2)
        return world.wishes()[before:]

    def said(text, **more) -> list:
        return wished(lambda: door("POST", "/say", {"text": text, **more}))

    on, off = [["set", 0, None, ""], ["set", 1, None, ""]], [["stop_massage"]]
    for text, wanted in (
            ("turn on leg massage", on), ("turn off leg massage", off), ("turn on left leg massage", on[:1]),
            ("set leg massage to 40 percent", on + [["set", 0, 40, ""], ["set", 1, 40, ""]]),
            ("set leg massage to 0 percent", off), ("stop the massage", off), ("turn off lull", [["stop"]]),
            ("turn on lull", [["release"]]), ("the bed is too hot", [["stop"]]), ("turn on wind down", [["play", "wind-down"]]),
            ("stop wind down", [["stop_play", "wind-down"]]), ("replay massage", [["replay"]]),
            ("my legs are restless again", [["replay"]])):
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
            (("switch", "turn_on", "switch.lull_not_tonight", {}), [["not_tonight", True]]),
            (("switch", "turn_off", "switch.lull_night_replay", {}), [["night_replay", False]])):
        seen = wished(lambda: door.do(act[0], act[1], act[2], **act[3]))
        check(f"{act[0]}.{act[1]} {act[3] or ''}", seen == wanted, seen)
    door.do("fan", "turn_on", "fan.left_leg_massage", percentage=55)
    seen = until(lambda: door.attribute("fan.left_leg_massage", "percentage"), 55, 3)
    check("and the tile shows what the pad then does", seen == 55, seen)
    check("nobody complained", door("GET", "/complaints") == [], door("GET", "/complaints"))


def tells_a_phone(world: World, door: Door) -> None:
    inputs = {"message": "event.lull_message", "lull": "switch.lull",
              "phone": next(one["id"] for one in door("GET", "/devices") if ["mobile_app", "lull-test-phone"] in one["identifiers"])}
    door("POST", "/automation/lull_phone", {"alias": "Lull on my phone",
                                            "use_blueprint": {"path": "lull/phone.yaml", "input": inputs}})
    time.sleep(0.5)
    for kind in ("notice", "alarm"):
        subprocess.run(["mosquitto_pub", "-p", str(world.port), "-t", f"{BASE}/event/message",
                        "-m", json.dumps({"event_type": kind, "message": f"a {kind}"})], check=True)
    until(lambda: len(door("GET", "/pushes")), 1, 5)
    time.sleep(0.3)
    pushed = [one["message"] for one in door("GET", "/pushes")]
    check("the blueprint passes an alarm on, and no notice", pushed == ["a alarm"], pushed)
    before = len(world.wishes())
    door("POST", "/tap", {"action": "LULL_STOP"})
    until(lambda: len(world.wishes()) > before, True, 5)
    check("and the phone's Stop is STOP", world.wishes()[before:] == [["stop"]], world.wishes()[before:])


def all_live(door: Door) -> set:
    """Entities of ours that are unavailable."""
    ours = {one["entity_id"] for one in door.ours().values()}
    return {one["entity_id"] for one in door("GET", "/states") if one["entity_id"] in ours and one["state"] == "unavailable"}


def survives(world: World, door: Door) -> None:
    door("POST", "/stop")
    door("POST", "/start")
    dead = until(lambda: all_live(door), set(), 3)
    check("Home Assistant restarts beside us: all is live at once, before its birth", dead == set(), dead)
    door("POST", "/stop?hard=1")
    world.end_face()
    world.start_face()
    door("POST", "/start")
    dead = until(lambda: all_live(door), set(), 3)
    check("we restart while it is gone: all is live too", dead == set(), dead)
    world.face.kill()
    world.face.wait()
    seen = until(lambda: door.state("fan.left_leg_massage"), "unavailable", 12)
    check("kill -9 of us: unavailable after the five seconds that our will waits", seen == "unavailable", seen)
    world.start_face()
    dead = until(lambda: all_live(door), set(), 10)
    check("back: available", dead == set(), dead)
    world.end_face()
    seen = until(lambda: door.state("switch.lull"), "unavailable", 5)
    check("a clean end is told too", seen == "unavailable", seen)
    world.start_face()
    world.broker.terminate()
    world.broker.wait()
    world.start_broker()  # without persistence: it has forgotten everything
    dead = until(lambda: (len(world.retained()) > 60, all_live(door)), (True, set()), 30)
    check("a broker that forgot everything is told again", dead == (True, set()), dead)
    subprocess.run(["mosquitto_pub", "-p", str(world.port), "-r", "-t", f"{BASE}/device/foot-warmer/on/set", "-m", "ON"])
    world.end_face()
    before = len(world.wishes())
    world.start_face()
    cleared = until(lambda: f"{BASE}/device/foot-warmer/on/set" in world.retained(), False)
    check("a retained command is cleared and not obeyed", not cleared and world.wishes()[before:] == [], world.wishes()[before:])


def changes(world: World, door: Door, ids: dict) -> None:
    world.end_face()
    world.start_face("renamed")
    until(lambda: any(one["name"] == "Toe warmer" for one in door("GET", "/devices")), True)
    check("a renamed device keeps its entities and their ids", set(door.ours()) == ids
          and door.ours()[f"{LULL}_foot-warmer_heat"]["entity_id"] == "switch.foot_warmer", ids ^ set(door.ours()))
    world.end_face()
    world.start_face("smaller")
    gone = {one for one in ids if "right-leg" in one or "all_massage" in one or one.endswith("foot-warmer_celsius")}
    seen = until(lambda: set(door.ours()), ids - gone, 10)
    check(f"what is no more is removed, {len(gone)} entities", seen == ids - gone, (ids - gone) ^ seen)
    check("its devices too", not any("right-leg" in one for one in door.devices()), door.devices())
    def stale():
        return [one for one in world.retained() if "right-leg" in one or "/massage/" in one or "celsius" in one]
    left = until(stale, [], 15)  # they go after their entities, and after an answer to a birth that is still due
    check("and its topics", left == [], left)
    world.end_face()
    door("POST", "/stop")
    world.start_face("full")  # all is there again while Home Assistant is away ...
    world.end_face()
    door("POST", "/start")
    until(lambda: set(door.ours()), ids, 10)
    check("what comes back has its old id", door.ours()[f"{LULL}_right-leg-massage_massage"]["entity_id"] == "fan.right_leg_massage")
    door("POST", "/stop")
    world.start_face("smaller")  # ... and gone again before it is back: the removal went unheard
    time.sleep(2.5)
    door("POST", "/start")
    seen = until(lambda: set(door.ours()), ids - gone, 30)
    check("a removal that nobody heard is repeated after the birth", seen == ids - gone, (ids - gone) ^ seen)


def deleted(world: World, door: Door) -> None:
    ana = f"{LULL}_sleeper_ana"
    door("DELETE", f"/device/{ana}")
    until(lambda: ana in door.devices(), False)
    time.sleep(0.5)
    world.end_face()
    world.start_face("smaller")
    time.sleep(2)
    check("a device that the user deleted stays deleted when we restart", ana not in door.devices())
    check("and no discovery message of it is left", f"homeassistant/device/{ana}/config" not in world.retained())
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
    if not PYTHON.exists():
        print(f"skipped: the real Home Assistant is not set up in {CACHE}; run tests/peers/home-assistant/setup")
        return 77
    if not (shutil.which("mosquitto_pub") and (shutil.which("mosquitto") or pathlib.Path("/usr/sbin/mosquitto").exists())):
        print("skipped: mosquitto and mosquitto-clients are needed")
        return 77
    golden = (ROOT / "tests/bridge/home_assistant/discovery.golden").read_text()
    ids = {line.split('"')[3] for line in golden.splitlines() if '"unique_id"' in line}
    with tempfile.TemporaryDirectory(prefix="lull-home-assistant-") as folder:
        world = World(sys.argv[1], pathlib.Path(folder))
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
            world.end()
    print(f"{passed} checks passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
