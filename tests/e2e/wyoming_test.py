"""Lull as the conversation agent of the real Home Assistant, by its Wyoming integration: added by its form, asked by a
user who is no administrator, from a sentence to the pad.

    wyoming_test.py LULL      LULL: the program

Skipped with code 77 where the peer is not set up (tests/peers/home-assistant/setup, or ./dev test --peers).
"""

from __future__ import annotations

import sys

from home_assistant import ROOT, Door, check, free_port, until
from home_assistant_run_test import Bedroom
from lull_at_home import becomes, tell, told

sys.path.insert(0, str(ROOT / "tests/e2e/voice"))
from sentences import LANGUAGES, corpus  # noqa: E402

AGENT, PORT = "conversation.lull", free_port()
ALWAYS = "wyoming: {{port: {}, whisper: [\"12:00\", \"12:00\"]}}\n".format(PORT)
WHISPERS = "wyoming: {{port: {}, whisper: [\"00:00\", \"23:59\"]}}\n".format(PORT)


def say(door: Door, text: str, language: str = "en") -> tuple[str, str, str]:
    """(type, error code, what is spoken)"""
    answer = door("POST", "/rest", {"path": "/api/conversation/process", "method": "POST", "as": "user",
                                    "body": {"text": text, "language": language, "agent_id": AGENT}})
    said = answer.get("response", {}) if isinstance(answer, dict) else {}
    return (said.get("response_type", str(answer)), said.get("data", {}).get("code", ""),
            said.get("speech", {}).get("plain", {}).get("speech", "?"))


def answered(door: Door, text: str, language: str, wanted: str) -> None:
    seen = say(door, text, language)
    check(f"“{text}” is answered “{wanted}”", seen == ("action_done", "", wanted), seen)


def is_added(room: Bedroom, door: Door) -> None:
    room.start_lull(ALWAYS)
    becomes(door, "Lull is ready", "sensor.lull_status", "ready")
    entry = door("POST", "/integration/wyoming", {"host": "127.0.0.1", "port": PORT})
    check("Home Assistant adds it by its form", "error" not in entry, entry)
    until(lambda: door.state(AGENT) not in ("none", "unavailable"), True)
    check("and has an agent of that name", door.state(AGENT) not in ("none", "unavailable"), door.state(AGENT))
    made = door("POST", "/ws", {"type": "assist_pipeline/pipeline/create", "name": "Bedroom", "language": "en",
                                "conversation_engine": AGENT, "conversation_language": "en", "stt_engine": None,
                                "stt_language": None, "tts_engine": None, "tts_language": None, "tts_voice": None,
                                "wake_word_entity": None, "wake_word_id": None, "prefer_local_intents": True})
    check("which an assistant can use", made.get("conversation_engine") == AGENT, made)


def starts_and_stops(room: Bedroom, door: Door) -> None:
    since = room.mark()
    answered(door, "my legs are restless", "en", "Asking for the gentle massage.")
    told(room, "the pad is told, gently", "vibration", since, lambda v: 0 < v <= 30)
    becomes(door, "the massage runs", "fan.leg_massage", "on")
    since = room.mark()
    answered(door, "stop the massage", "en", "Stopping the massage.")
    told(room, "the pad is told 0", "vibration", since, lambda v: v == 0)
    becomes(door, "and it is off", "fan.leg_massage", "off")
    seen = say(door, "sanfter", "de")
    check("what did nothing says why, in the language of who asked", seen == ("error", "failed_to_handle", "Keine Massage läuft."), seen)
    seen = say(door, "start the car")
    check("what is not understood is said to be so", seen == ("error", "no_intent_match", "I did not understand that."), seen)
    answered(door, "wie war meine Nacht", "de", "Für letzte Nacht gibt es keine Zahlen.")


def stops_for_good(room: Bedroom, door: Door) -> None:
    since = room.mark()
    answered(door, "stopp alles", "de", "Ich stoppe alles. Schalte Lull ein, wenn es weitergehen soll.")
    becomes(door, "STOP: the switch Lull is off", "switch.lull", "off")
    told(room, "OFF on the device's topic", "vibration", since, lambda v: v == 0)
    told(room, "also for what was not on", "heat_target", since, lambda v: v == 0)
    since = room.mark()
    seen = say(door, "start wind down")
    check("nothing starts while it is latched, and it says so",
          seen == ("error", "failed_to_handle", "Lull is stopped. Say turn on Lull.") and not any(room.commands("vibration", since)), seen)
    answered(door, "turn on Lull", "en", "Lull is on again.")
    becomes(door, "released", "switch.lull", "on")


def starts_nothing_else(room: Bedroom, door: Door) -> None:
    becomes(door, "all is quiet", "sensor.lull_status", "ready")
    since, wrong, count = room.mark(), [], 0
    for language in LANGUAGES:
        for text in corpus(language)[1]:
            kind, code, spoken = say(door, text, language)
            count += 1
            if not (code == "no_intent_match" or spoken in ("I start nothing.", "Ich starte nichts.", "Stopping.", "Ich stoppe.")):
                wrong.append((text, kind, code, spoken))
    check(f"{count} sentences that must start nothing are taken for nothing", wrong == [], wrong)
    on = [value for what in ("vibration", "heat_target", "lease") for value in room.commands(what, since) if value]
    check("and the pad was told nothing but off", on == [], on)


def whispers(room: Bedroom, door: Door) -> None:
    room.end_lull()
    since = room.mark()
    room.start_lull(WHISPERS)
    becomes(door, "Lull comes back in whispering hours", "sensor.lull_status", "ready")
    until(lambda: say(door, "start wind down")[0], "action_done")
    seen = say(door, "stop wind down")
    check("a wish is done and not answered aloud, and the agent needed nobody's help to come back", seen == ("action_done", "", ""), seen)
    told(room, "the pad was told", "vibration", since, lambda v: v == 0)


def home_restarts(room: Bedroom, door: Door) -> None:
    door("POST", "/stop")
    room.start_home_again(door)
    until(lambda: say(door, "stop")[0], "action_done")
    seen = say(door, "stop")
    check("after a restart of Home Assistant the agent is there", seen == ("action_done", "", ""), seen)


STORIES = (is_added, starts_and_stops, stops_for_good, starts_nothing_else, whispers, home_restarts)

if __name__ == "__main__":
    sys.exit(tell(Bedroom, "wyoming", STORIES))
