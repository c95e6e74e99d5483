"""What people say, in two languages, to the real Home Assistant with our blueprints and sentence files: what reaches Lull.

    voice_test.py FACE      FACE: the test program of face.cpp

Every sentence is said by a user who is no administrator. Skipped with code 77 where the peer is not set up
(tests/peers/home-assistant/setup, or ./dev test --peers).
"""

from __future__ import annotations

import datetime
import functools
import json
import subprocess
import sys

from home_assistant import ROOT, Door, check, until
from blueprints import BASE, Ear, FaceWorld, automation, imports, in_a_home

sys.path.insert(0, str(ROOT / "tests/e2e/voice"))
from sentences import INTENTS, LANGUAGES, corpus  # noqa: E402

FOOT_WARMER = 2
CAUSES = {"stop_massage": [["stop_massage"]], "stop_all": [["stop"]], "heat_off": [["set", FOOT_WARMER, 0, ""]],
          "softer": [["softer"]], "stronger": [["stronger"]], "replay": [["replay", "scene"]],
          "wind_down": [["play", "wind-down", "scene"]],
          "wind_down_stop": [["stop_play", "wind-down"]], "not_tonight": [["stop_massage"], ["not_tonight", True]],
          "last_night": []} | {f"longer {n}": [["extend", n]] for n in (5, 10, 15, 20, 30)}
STOPS = ("stop_massage", "stop_all", "wind_down_stop")
# Home Assistant's own, to who types "stop the timer" where no timer is.
OWN = ("intent.timers]", "default_agent] Intent handling error")


def say(door: Door, text: str, language: str) -> dict:
    return door("POST", "/say", {"text": text, "language": language, "as": "user"})


def whole_corpus(ear: Ear, way: str, wishes) -> None:
    for language in LANGUAGES:
        must, must_not = corpus(language)
        wrong, silent, count = [], [], 0
        for wish in wishes:
            for text in must[wish]:
                seen, answer = ear.hears(functools.partial(say, ear.door, text, language))
                count += 1
                if wish in STOPS and seen == 2 * CAUSES[wish]:
                    seen = CAUSES[wish]  # "stop lull" is a stop in both languages, and two stops are one
                if seen != CAUSES[wish]:
                    wrong.append((text, seen, answer))
                if not answer.get("speech") or answer.get("type") == "error":
                    silent.append((text, answer))
            if wish == "stop_all":
                ear.hears(functools.partial(ear.door.do, "switch", "turn_on", "switch.lull"))
        check(f"{way}, {language}: {count} sentences cause what they say", wrong == [], wrong)
        check(f"{way}, {language}: and are answered", silent == [], silent)
        wrong = []
        for text in must_not:
            seen, answer = ear.hears(functools.partial(say, ear.door, text, language))
            if seen:
                wrong.append((text, seen, answer))
        check(f"{way}, {language}: {len(must_not)} others start nothing", wrong == [], wrong)


def answers(ear: Ear, door: Door) -> None:
    for text, language, wanted in (
            ("stop the massage", "en", "Stopping the massage."), ("stopp die Massage", "de", "Ich stoppe die Massage."),
            ("twenty more minutes", "en", "Asking for 20 minutes more."), ("noch zehn Minuten", "de", "Noch 10 Minuten, wenn es geht."),
            ("don't start the massage", "en", "I start nothing."), ("starte die Massage nicht", "de", "Ich starte nichts.")):
        seen = say(door, text, language)
        check(f"“{text}” is answered “{wanted}”", seen.get("speech") == wanted, seen)
    seen, answer = ear.hears(lambda: door("POST", "/say", {"text": "my legs are restless", "area": "Bedroom"}))
    check("a satellite in the room reaches us too", seen == CAUSES["replay"], (seen, answer))


def last_night(world: FaceWorld, door: Door) -> None:
    seen = say(door, "how was my night", "en").get("speech")
    check("no night, no figures", seen == "There are no figures of last night.", seen)
    def tell(topic: str, text: str) -> None:
        subprocess.run(["mosquitto_pub", "-p", str(world.port), "-r", "-t", f"{BASE}/sleeper/ana/{topic}", "-m", text], check=True)
    today = (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=12)).date().isoformat()
    tell("last_night/attributes", json.dumps({"night": today, "in_bed_minutes": 444, "episodes": 3, "replays": 1}))
    tell("last_night", "24")
    until(lambda: door.attribute("sensor.ana_restless_minutes_last_night", "episodes"), 3)
    until(lambda: door.state("sensor.ana_restless_minutes_last_night"), "24")
    for language, text, wanted in (
            ("en", "how was my night", "Ana: an estimated 24 restless minutes in 7.4 hours in bed, 3 episodes, 1 replay."),
            ("de", "wie war meine Nacht", "Ana: geschätzt 24 unruhige Minuten in 7,4 Stunden im Bett, 3 Episoden, eine Wiederholung.")):
        seen = say(door, text, language).get("speech")
        check(f"“{text}” tells the night, estimated", seen == wanted, seen)
    tell("last_night/attributes", json.dumps({"night": "2026-01-02", "episodes": 1}))
    until(lambda: door.attribute("sensor.ana_restless_minutes_last_night", "night"), "2026-01-02")
    seen = say(door, "how was my night", "en").get("speech")
    check("an old night is called by its date", seen == "Ana: the night of 2026-01-02: an estimated 24 restless minutes, 1 episode.", seen)


def whispers(world: FaceWorld, ear: Ear, door: Door) -> None:
    for language in LANGUAGES:
        automation(door, f"voice_{language}", whisper_from="00:00:00", whisper_to="23:59:59")
    for language, wishes in (("en", ("stop_massage", "replay", "last_night")), ("de", ("stop_massage", "softer", "last_night"))):
        for wish in wishes:
            text = corpus(language)[0][wish][0]
            seen, answer = ear.hears(functools.partial(say, door, text, language))
            check(f"in whispering hours “{text}” is done", seen == CAUSES[wish], seen)
            check("and not answered aloud", answer.get("speech") == "" and answer.get("type") == "action_done", answer)
    world.end_face()
    until(lambda: door.state("switch.lull"), "unavailable")
    for language, text, wanted in (("en", "stop the massage", "Lull does not answer."), ("de", "stopp die Massage", "Lull antwortet nicht."),
                                   ("en", "my legs are restless", "")):
        seen = say(door, text, language).get("speech")
        check(f"with Lull away, “{text}” is answered “{wanted}”, at night too", seen == wanted, seen)


def all_of_it(world: FaceWorld, door: Door, ear: Ear) -> None:
    whole_corpus(ear, "sentence file", [one for one in INTENTS.values() if one != "never"])
    imports(door, ROOT / "docs/home_assistant/blueprints/automation/lull", ("voice_en", "voice_de"))
    for language in LANGUAGES:  # the same time twice: always an answer
        automation(door, f"voice_{language}", whisper_from="12:00:00", whisper_to="12:00:00")
    whole_corpus(ear, "blueprint", CAUSES)
    answers(ear, door)
    last_night(world, door)
    whispers(world, ear, door)


if __name__ == "__main__":
    sys.exit(in_a_home("voice", all_of_it, OWN))
