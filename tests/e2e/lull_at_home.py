"""The real `lull run` between the real Home Assistant and a pad: the room that such tests share, and how they are told."""

from __future__ import annotations

import json
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

from home_assistant import PATIENCE, PYTHON, ROOT, Door, World, check, failed, until, verdict, why_not

# How each of their households begins.
HEAD = """
home: {{time_zone: {zone}}}
broker: mqtt://127.0.0.1:{port}
http: {{enabled: false}}
"""


class Room(World):
    """With a pad and Lull in it. Lull can die and come back. Its heir says by house(more) how Lull is configured."""

    def __init__(self, lull: str, folder: pathlib.Path) -> None:
        super().__init__(folder)
        self.program, self.lull, self.pad, self.heard = lull, None, None, folder / "pad.log"
        self.deserved: list[str] = []  # complaints of Home Assistant that a story means it to have

    def start_pad(self) -> None:
        self.pad = subprocess.Popen([str(PYTHON), str(ROOT / "tests/e2e/pad.py"), str(self.port)],
                                    stdin=subprocess.PIPE, stdout=open(self.heard, "wb"), text=True)

    def start_lull(self, more: str = "") -> None:
        (self.folder / "house.yaml").write_text(self.house(more))
        self.lull = subprocess.Popen([self.program, "run", "--config", str(self.folder / "house.yaml"), "--state",
                                      str(self.folder / "state")], stderr=open(self.folder / "lull.log", "ab"))

    def end_lull(self, how=signal.SIGTERM) -> int:
        self.lull.send_signal(how)
        return self.lull.wait(PATIENCE)

    def log(self) -> list[str]:
        return (self.folder / "lull.log").read_text().splitlines()

    def tell_pad(self, word: str) -> None:
        self.pad.stdin.write(word + "\n")
        self.pad.stdin.flush()

    def commands(self, what: str, since: int = 0) -> list[float]:
        """What the pad was told, in order."""
        said = [json.loads(line) for line in self.heard.read_text().splitlines()[since:] if line.endswith("}")]
        return [one["value"] for one in said if one["what"] == what]

    def mark(self) -> int:
        return len(self.heard.read_text().splitlines())


def states(door: Door, of) -> dict[str, str]:
    all_of_them = {one["entity_id"]: one["state"] for one in door("GET", "/states")}
    return {one: all_of_them.get(one, "none") for one in of}


def differs(seen: dict, wanted: dict) -> dict:
    return {one: (state, wanted.get(one)) for one, state in seen.items() if wanted.get(one) != state}


def say(door: Door, text: str) -> None:
    answer = door("POST", "/say", {"text": text})
    check(f"“{text}” is understood", answer.get("type") == "action_done", answer)


def becomes(door: Door, sentence: str, entity_id: str, wanted: str, seconds: float = PATIENCE) -> None:
    seen = until(lambda: door.state(entity_id), wanted, seconds)
    check(sentence, seen == wanted, seen)


def told(room: Room, sentence: str, what: str, since: int, holds, seconds: float = PATIENCE) -> None:
    until(lambda: any(holds(value) for value in room.commands(what, since)), True, seconds)
    seen = room.commands(what, since)
    check(sentence, any(holds(value) for value in seen), seen)


def tell(kind: type[Room], name: str, stories, *home: str) -> int:
    """Tells stories, each story(room, door), one after the other in one room; `home` goes to Home Assistant. The verdict."""
    if skipped := why_not():
        print("skipped:", skipped)
        return 77
    with tempfile.TemporaryDirectory(prefix=f"lull-{name}-") as folder:
        room = kind(sys.argv[1], pathlib.Path(folder))
        try:
            room.start_broker()
            room.start_pad()
            door = room.start_home(*home)
            for story in stories:
                began = time.monotonic()
                story(room, door)
                print(f"      ({story.__name__}: {time.monotonic() - began:.0f} s)", flush=True)
            loud = [one for one in door("GET", "/complaints") if one not in room.deserved]
            check("in all this Home Assistant complained of nothing", loud == [], loud)
        finally:
            room.end(room.lull, room.pad)
            if failed and (room.folder / "lull.log").exists():
                print((room.folder / "lull.log").read_text()[-6000:])
    return verdict()
