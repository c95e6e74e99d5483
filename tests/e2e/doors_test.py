"""One walk through all four doors: every state that the API, MQTT, the real Home Assistant and the pages in a real Chromium
show, compared at one moment, in scenes that are begun through each of the doors.

    doors_test.py LULL      LULL: the program. Skipped with code 77 where there is no Chromium.

What the pages must show is a list (page_words.py) of every place of /api/v1/state: a state that no page shows and nobody
gave a reason for fails here, and so does one that is listed and was never seen.
"""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

from home_assistant import PATIENCE, PYTHON, ROOT, World, check, verdict, why_not  # it adds tests/integration to the path
from mqtt import Client
from web import Demo, ask, tell
import doors_agree
import page_words
from pages.pages import node

SEEN: set[str] = set()    # places of the state that a page showed
WALKED: set[str] = set()  # states of MQTT that were compared with the API
CHROMIUM = [os.environ.get("LULL_CHROMIUM"), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]


class Pages:
    def __init__(self, url: str) -> None:
        self.process = subprocess.Popen([node(), str(ROOT / "tests/e2e/pages/read.mjs"), url], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __call__(self, line: str) -> dict:
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline() or '{"failed": "the reader ended"}')

    def end(self) -> None:
        self.process.stdin.close()
        self.process.wait(30)


class Walk:
    def __init__(self, demo: Demo, door=None) -> None:
        self.demo, self.door, self.url = demo, door, f"http://127.0.0.1:{demo.port}/"
        self.pages, self.mqtt = Pages(self.url), Client(demo.broker)
        self.mqtt.subscribe("lull/+/#", "homeassistant/device/+/config")

    def state(self) -> dict:
        self.demo.drain()
        return ask(self.demo.port, "GET", "/api/v1/state").json()

    def until(self, sentence: str, holds, seconds: float = PATIENCE) -> None:
        deadline = time.monotonic() + seconds
        while not (met := holds(self.state())) and time.monotonic() < deadline:
            time.sleep(0.1)
        check(sentence, met)

    def said(self) -> dict[str, str]:
        own = self.state()["install"]
        with self.mqtt._news:
            return {m.topic.split("/", 2)[2]: m.payload.decode("utf-8", "replace") for m in self.mqtt.messages
                    if m.topic.startswith(f"lull/{own}/") and not m.topic.endswith(("/set", "/command"))}

    def entities(self) -> dict[str, dict]:
        """By the id that Home Assistant gave them."""
        configs = [json.loads(m.payload) for m in self.mqtt.messages if m.topic.startswith("homeassistant/") and m.payload]
        ours = {unique: one["entity_id"] for unique, one in self.door.ours().items()}
        return {ours.get(c["unique_id"], c["unique_id"]): c for config in configs for c in config["components"].values()}

    def differences(self):
        """At one moment: what is shown must be the state of before or the one of after, and MQTT's either, too."""
        before = self.state()
        said = self.said()
        read = {page: self.pages(page) for page in ("home", "bed", "rules")}
        home = {one["entity_id"]: one for one in self.door("GET", "/states")} if self.door else None
        after = self.state()
        found = [f"{page}: {r['failed']}" for page, r in read.items() if "failed" in r]
        wrong, walked = [], set()
        for state in (before, after):
            wrong.append(set(doors_agree.differences(said, state, walked)))
        found += sorted(wrong[0] & wrong[1])
        if home is not None:
            found += list(doors_agree.shown_at_home(self.entities(), home, said))
        # By what each line says of which place: the values may have moved on between the two.
        expected = [page_words.lines(state) for state in (before, after)]
        lacks = [{line for line in lines if not line.is_shown(read)} for lines in expected]
        for mine, others in ((lacks[0], expected[1]), (lacks[1], expected[0])):
            for line in mine:
                if any(o.is_about == line.is_about and o.where == line.where and o.is_shown(read) for o in others):
                    continue
                found.append(f"{line}; it shows {read[line.page].get(line.where)!r}")
        SEEN.update(place for lines in expected for line in lines if line.is_shown(read) for place in line.places)
        WALKED.update(walked)
        return found

    def agree(self, scene: str, seconds: float = PATIENCE) -> None:
        """They are told within moments of each other; what stays different for so long is a difference."""
        deadline = time.monotonic() + seconds
        while (found := self.differences()) and time.monotonic() < deadline:
            time.sleep(0.2)
        check(f"{scene}: all doors show the same", not found, "\n  ".join([""] + found[:12]))

    def end(self) -> None:
        self.pages.end()
        self.mqtt.close()


def an_evening(walk: Walk) -> None:
    """Each scene is begun through another door."""
    walk.until("everything is proved off", lambda s: s["ready"])
    walk.agree("a quiet evening")
    walk.pages("bed")
    walk.pages("do [data-do=replay]")
    walk.until("relief, asked for on the page, runs", lambda s: any(p["door"] == "somebody on the page" for p in s["plays"])
               and any(d.get("on") for d in s["devices"] if d["kind"] == "massage_pad"))
    walk.agree("relief")
    install = walk.state()["install"]
    walk.mqtt.publish(f"lull/{install}/command", '{"do":"pause"}')
    walk.until("it pauses, by MQTT", lambda s: any(p["paused"] for p in s["plays"]))
    walk.agree("a pause")
    if walk.door:
        walk.door.do("switch", "turn_off", "switch.lull")
    else:
        tell(walk.demo.port, "stop")
    walk.until("STOP, by Home Assistant, is latched and proved", lambda s: s["stopped"] and all(
        d["off"]["proved"] for d in s["devices"] if d["kind"] in ("heat_pad", "massage_pad")))
    walk.agree("STOP")
    tell(walk.demo.port, "preflight")
    walk.until("a look before the night finds the STOP", lambda s: s["preflight"]["ready"] is False)
    walk.agree("something to look at")
    check("released, by the API", tell(walk.demo.port, "release").status == 202)
    walk.mqtt.publish(f"lull/{install}/hub/not_tonight/set", "ON")
    walk.until("not tonight, by MQTT", lambda s: s["not_tonight"] and not s["stopped"])
    walk.agree("not tonight")
    tell(walk.demo.port, "not_tonight", on=False)
    walk.pages("rules")
    walk.pages('do [data-rule="Bedtime"] button:has-text("Off for tonight")')
    walk.until("a rule rests, by the page", lambda s: any(not r["on_tonight"] for r in s["rules"]))
    tell(walk.demo.port, "allow", routine="wind-down", on=False)
    tell(walk.demo.port, "set", device="Leg massage", level=30)
    tell(walk.demo.port, "set", device="Bedside lamp", level=20)
    walk.until("a lamp and a pad run", lambda s: sum(d.get("on") is True for d in s["devices"]) >= 2)
    walk.agree("a rule that rests, a routine that is off, a pad and a lamp by themselves")
    walk.pages("home")
    walk.pages('do button:has-text("Switch Leg massage off")')
    walk.until("the pad is off, by the page", lambda s: all(not d["on"] for d in s["devices"] if d["kind"] == "massage_pad"))


def a_night(walk: Walk) -> None:
    walk.until("it is deep in the night", lambda s: (s["at"] or "") > "2026-11-22T03", 6 * PATIENCE)
    walk.until("and somebody was restless", lambda s: any(p["episodes_tonight"] for p in s["sleepers"]), PATIENCE)
    walk.agree("the night")
    walk.until("it is morning", lambda s: s["last_night"], 6 * PATIENCE)
    walk.agree("the morning")


def in_a_demo(story, door_of=None, **how) -> None:
    demo = Demo(**how)
    walk = None
    try:
        walk = Walk(demo, door_of(demo) if door_of else None)
        story(walk)
    finally:
        if walk:
            walk.end()
        demo.end()


def main() -> int:
    if not any(path and pathlib.Path(path).exists() for path in CHROMIUM) or not node():
        print("skipped: no Chromium or no Node; ./dev test --peers installs both")
        return 77
    if why := why_not():
        print(f"without Home Assistant: {why}")
    document = json.loads((ROOT / "bridge/api/openapi.json").read_text())
    places = set(page_words.places_of(document))
    check("each state of the API is shown on a page, or somebody wrote down why not", places == set(page_words.SHOWN),
          sorted(places ^ set(page_words.SHOWN)))
    with tempfile.TemporaryDirectory(prefix="lull-doors-") as folder:
        world = World(pathlib.Path(folder))
        try:
            def at_home(demo: Demo):
                world.port = demo.broker
                return world.start_home()
            in_a_demo(an_evening, at_home if PYTHON.exists() and not why else None, speed=20)
        finally:
            world.end()
    in_a_demo(a_night, speed=240, more=["--faults"])
    never = {place for place, page in page_words.SHOWN.items() if not page.startswith("-")} - SEEN - page_words.SELDOM
    check("each state that a page shows was seen there", not never, sorted(never))
    import doors
    compared = {name for name, place in doors.STATES.items() if not place.startswith("-")}
    check("and each that MQTT tells was compared", compared - WALKED <= page_words.NOT_IN_THE_DEMO,
          sorted(compared - WALKED - page_words.NOT_IN_THE_DEMO))
    return verdict()


if __name__ == "__main__":
    sys.exit(main())
