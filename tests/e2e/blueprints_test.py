"""Our blueprints in the real Home Assistant: each imported by its address, used, and made to fire.

    blueprints_test.py FACE      FACE: the test program of face.cpp

Skipped with code 77 where the peer is not set up (tests/peers/home-assistant/setup, or ./dev test --peers).
"""

from __future__ import annotations

import json
import pathlib
import subprocess
import sys
import urllib.request

from home_assistant import ROOT, Door, check, until
from blueprints import BASE, Ear, FaceWorld, automation, imports, in_a_home

NAMES = ("bedtime", "bedside_button", "morning", "restless", "sleep_as_android", "phone")


def publish(world: FaceWorld, topic: str, text: str, *more: str) -> None:
    subprocess.run(["mosquitto_pub", "-p", str(world.port), "-t", topic, "-m", text, *more], check=True)


def tells(world: FaceWorld, kind: str, text: str, whose: str = "") -> None:
    what = {"event_type": kind, "message": text} | ({"for": whose} if whose else {})
    publish(world, f"{BASE}/event/message", json.dumps(what))


def pushes(door: Door, count: int) -> list[dict]:
    until(lambda: len(door("GET", "/pushes")) >= count, True)
    return door("GET", "/pushes")


def running(door: Door, name: str) -> int:
    return door.attribute(f"automation.lull_{name}", "current")


def when(door: Door, name: str) -> str:
    return door.attribute(f"automation.lull_{name}", "last_triggered")


def off(door: Door, name: str) -> None:
    door.do("automation", "turn_off", f"automation.lull_{name}")


def phone(door: Door) -> str:
    return next(one["id"] for one in door("GET", "/devices") if ["mobile_app", "lull-test-phone"] in one["identifiers"])


# ---- the stories ------------------------------------------------------------------------------------------------------


def bedtime(world: FaceWorld, door: Door, ear: Ear) -> None:
    room = [{"action": "button.press", "target": {"entity_id": "button.lull_longer"}}]
    def lies_down() -> None:
        for word, state in (("OFF", "off"), ("ON", "on")):
            publish(world, f"{BASE}/sleeper/ana/in_bed", word, "-r")
            until(lambda: door.state("binary_sensor.ana_bed"), state)
    inputs = {"bed": "binary_sensor.ana_bed", "minutes": 0, "room": room}
    automation(door, "bedtime", **inputs, begins="01:00:00", ends="02:00:00")
    seen, _ = ear.hears(lies_down)
    check("in the afternoon a bed is no bedtime", seen == [], seen)
    automation(door, "bedtime", **inputs, begins="14:00:00", ends="01:00:00")
    def goes_to_bed() -> None:
        lies_down()
        until(lambda: when(door, "bedtime") is not None and running(door, "bedtime") == 0, True)
    seen, _ = ear.hears(goes_to_bed)
    check("at bedtime wind-down plays, and the room gets ready", seen == [["play", "wind-down"], ["extend", 10]], seen)
    seen, _ = ear.hears(lies_down)
    check("and not again for who comes back to bed", seen == [], seen)
    off(door, "bedtime")


def bedside_button(world: FaceWorld, door: Door, ear: Ear) -> None:
    config = {"name": "Bedside", "unique_id": "bedside", "state_topic": "bedside", "event_types": ["single", "double", "hold", "wobble"]}
    publish(world, "homeassistant/event/bedside/config", json.dumps(config), "-r")
    until(lambda: door.state("event.bedside"), "unknown")
    automation(door, "bedside_button", button=["event.bedside"])
    # Home Assistant shows an entity before its broker knows that it listens: the first words may be lost.
    until(lambda: publish(world, "bedside", json.dumps({"event_type": "wobble"})) or door.state("event.bedside") != "unknown", True)
    def press(word: str):
        def act() -> None:
            before = when(door, "bedside_button")
            publish(world, "bedside", json.dumps({"event_type": word}))
            until(lambda: when(door, "bedside_button") != before and running(door, "bedside_button") == 0, True)
        return ear.hears(act)[0]
    for sentence, word, wanted in (("once while it plays: stop", "single", [["stop_massage"]]), ("twice: softer", "double", [["softer"]]),
                                   ("held: everything stops", "hold", [["stop"]]), ("a word that nobody knows: nothing", "wobble", [])):
        seen = press(word)
        check(f"the bedside button {sentence}", seen == wanted, seen)
    door.do("switch", "turn_on", "switch.lull")
    until(lambda: (door.state("switch.lull"), door.state("sensor.lull_status")), ("on", "ready"))
    seen = press("single")
    check("once while all is quiet: relief", seen == [["replay", "scene"]], seen)
    door.do("fan", "turn_on", "fan.left_leg_massage")
    until(lambda: door.state("fan.left_leg_massage"), "on")
    seen = press("single")
    check("once while a pad runs that somebody switched on by hand: stop", seen == [["stop_massage"]], seen)


def morning(world: FaceWorld, door: Door) -> None:
    door("DELETE", "/pushes")
    inputs = {"phone": phone(door), "picture": "image.ana_last_night", "person": "Ana"}
    automation(door, "morning", **inputs, not_before="00:00:00")
    for kind, text, whose in (("notice", "a notice", ""), ("summary", "Ben's night", "Ben"), ("summary", "A calm night.", "Ana")):
        tells(world, kind, text, whose)
    seen = pushes(door, 1)
    check("the summary of Ana's night reaches the phone, and nothing else",
          [(one["title"], one["message"]) for one in seen] == [("Last night, Ana", "A calm night.")], seen)
    data = seen[0].get("data", {})
    address = data.get("image", "")
    check("with the address of her picture", address.startswith("/api/image_proxy/image.ana_last_night?token=")
          and data["attachment"]["url"] == address, data)
    with urllib.request.urlopen(world.home["url"] + address, timeout=30) as answer:
        picture = answer.read()
    check("which gives it without a login", picture[1:4] == b"PNG", picture[:40])
    automation(door, "morning", **inputs, not_before="23:59:59")
    before = when(door, "morning")
    tells(world, "summary", "Too early.", "Ana")
    seen = until(lambda: (when(door, "morning") != before, running(door, "morning")), (True, 1))
    check("a summary before its time waits", seen == (True, 1) and len(door("GET", "/pushes")) == 1, (seen, door("GET", "/pushes")))
    off(door, "morning")


def restless(world: FaceWorld, door: Door, ear: Ear) -> None:
    door("DELETE", "/pushes")
    automation(door, "restless", phone=phone(door), person="Ana")
    def asks() -> list[str]:
        """The three answers of a new notification."""
        before = len(door("GET", "/pushes"))
        tells(world, "restless", "Restless legs, estimated.", "Ana")
        one = pushes(door, before + 1)[-1]
        check("restless legs reach the phone, silently", (one["title"], one["message"], one["data"]["importance"])
              == ("Ana", "Restless legs, estimated.", "low"), one)
        return [answer["action"] for answer in one["data"]["actions"]]
    def taps(word: str):
        return ear.hears(lambda: (door("POST", "/tap", {"action": word}), until(lambda: running(door, "restless"), 0, 2)))[0]
    tells(world, "restless", "Restless legs, estimated.", "Ben")
    tells(world, "summary", "A calm night.", "Ana")
    stop, softer, not_tonight = asks()
    check("and of nobody else, and nothing else", len(door("GET", "/pushes")) == 1, door("GET", "/pushes"))
    for word in ("LULL_STOP_0", "LULL_STOP", stop[:-1], "LULL_REPLAY"):
        seen = taps(word)
        check(f"an answer that was made up ({word[:12]}) does nothing", seen == [], seen)
    seen = taps(softer)
    check("Softer is softer", seen == [["softer"]], seen)
    seen = pushes(door, 2)[-1]
    check("and the notification goes away", (seen["message"], seen["data"]["tag"]) == ("clear_notification", "lull_restless"), seen)
    for word in (softer, stop):
        seen = taps(word)
        check("an answer counts once", seen == [], seen)
    old = asks()
    stop, softer, not_tonight = asks()
    seen = taps(old[0])
    check("an older notification's answer does nothing", seen == [], seen)
    seen = taps(not_tonight)
    check("Not tonight stops it too", seen == [["stop_massage"], ["not_tonight", True]], seen)
    stop = asks()[0]
    seen = taps(stop)
    check("Stop stops the massage", seen == [["stop_massage"]], seen)
    automation(door, "restless", phone=phone(door), person="", minutes=0.02)
    before = len(door("GET", "/pushes"))
    tells(world, "restless", "Restless legs, estimated.")
    seen = [one["message"] for one in pushes(door, before + 2)[before:]]
    check("after its minutes the notification goes by itself", seen == ["Restless legs, estimated.", "clear_notification"], seen)
    seen = taps(door("GET", "/pushes")[before]["data"]["actions"][0]["action"])
    check("and an answer that comes later does nothing", seen == [], seen)
    off(door, "restless")


def sleep_as_android(world: FaceWorld, door: Door, ear: Ear) -> None:
    automation(door, "sleep_as_android")
    until(lambda: publish(world, "SleepAsAndroid", "{}") or when(door, "sleep_as_android") is not None, True)
    def app(text: str):
        def act() -> None:
            before = when(door, "sleep_as_android")
            publish(world, "SleepAsAndroid", text)
            until(lambda: when(door, "sleep_as_android") != before and running(door, "sleep_as_android") == 0, True)
        return ear.hears(act)[0]
    for event, wanted in (("sleep_tracking_started", [["play", "wind-down"]]), ("awake", []), ("sound_event_snore", []),
                          ("alarm_alert_start", [["stop_massage"]]), ("sleep_tracking_stopped", [["stop_massage"]])):
        seen = app(json.dumps({"event": event, "value1": "1"}))
        check(f"{event} is told to Lull, and does what was chosen", seen == [["word", event]] + wanted, seen)
    for text in ("sleep_tracking_started", "[1]", "{}", '{"event": 5}', '{"event": null}', json.dumps({"event": "x" * 70}),
                 json.dumps({"event": '"}, {"do": "release'}), '{"event": {"a": 1}}'):
        seen = app(text)
        check(f"{text[:30]} does nothing", seen == [], seen)
    got = door("POST", "/integration/sleep_as_android", {})
    kept = pathlib.Path(world.home["data"]) / ".storage/core.config_entries"
    def hooks() -> list[str]:
        entries = json.loads(kept.read_text())["data"]["entries"]
        return [one["data"]["webhook_id"] for one in entries if one["domain"] == "sleep_as_android"]
    until(lambda: len(hooks()), 1)
    entities = until(lambda: [one["entity_id"] for one in door("GET", "/entities") if one["platform"] == "sleep_as_android"
                              and one["entity_id"].startswith("event.")] or None, None, 0.1)
    check("its own integration is there", bool(hooks() and entities), (got, entities))
    automation(door, "sleep_as_android", events=entities, topic="nowhere", alarm="stop_everything")
    def hook(event: str):
        def act() -> None:
            before = when(door, "sleep_as_android")
            body = json.dumps({"event": event}).encode()
            request = urllib.request.Request(f"{world.home['url']}/api/webhook/{hooks()[0]}", body, {"content-type": "application/json"})
            urllib.request.urlopen(request, timeout=30).close()
            until(lambda: when(door, "sleep_as_android") != before and running(door, "sleep_as_android") == 0, True)
        return ear.hears(act)[0]
    for event, wanted in (("sleep_tracking_started", [["play", "wind-down"]]), ("alarm_alert_start", [["stop"]])):
        seen = hook(event)
        check(f"{event} by the integration too", seen == [["word", event]] + wanted, seen)


def all_of_it(world: FaceWorld, door: Door, ear: Ear) -> None:
    imports(door, ROOT / "docs/home_assistant/blueprints/automation/lull", NAMES)
    bedtime(world, door, ear)
    bedside_button(world, door, ear)
    morning(world, door)
    restless(world, door, ear)
    sleep_as_android(world, door, ear)


if __name__ == "__main__":
    sys.exit(in_a_home("blueprints", all_of_it))
