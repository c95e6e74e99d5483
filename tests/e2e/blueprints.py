"""What the tests of our blueprints share: how one is imported and used, and what then reaches Lull."""

from __future__ import annotations

import functools
import http.server
import json
import pathlib
import sys
import tempfile
import threading

from home_assistant import Door, check, until, verdict, why_not
from home_assistant_test import BASE, FaceWorld  # noqa: F401  (BASE is for those who import this)
from afternoon import ZONE  # noqa: E402  (beside the tests of the program, whose folder home_assistant has added)


class Ear:
    """What reaches Lull of what is said."""

    def __init__(self, world: FaceWorld, door: Door) -> None:
        self.world, self.door, self.at, self.said = world, door, 0, []

    def news(self) -> list:
        with open(self.world.heard, "rb") as log:
            log.seek(self.at)
            whole = log.read().rpartition(b"\n")[0]
        self.said += [one["wish"] for one in map(json.loads, whole.splitlines()) if "wish" in one]
        self.at += len(whole) + (1 if whole else 0)
        return self.said

    def hears(self, act) -> tuple[list, dict]:
        """MQTT keeps the order, so all of it has come when a last word has that means something else."""
        last = ["stop_play", "night-relief"]
        self.news()
        self.said = []
        answer = act()
        self.door.do("switch", "turn_off", "switch.night_relief")
        until(lambda: last in self.news(), True)
        return self.said[:self.said.index(last)] if last in self.said else ["and the last word was lost"], answer


def imports(door: Door, folder: pathlib.Path, names) -> None:
    """As a user imports a blueprint: by its address."""
    quiet = type("Quiet", (http.server.SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for name in names:
        url = f"http://127.0.0.1:{server.server_port}/{name}.yaml"
        got = door("POST", "/ws", {"type": "blueprint/import", "url": url})
        wrong = got.get("error") or got.get("validation_errors") or (None if "raw_data" in got else got)
        check(f"{name} is imported by its address", not wrong, wrong)
        got = door("POST", "/ws", {"type": "blueprint/save", "domain": "automation", "path": f"imported/{name}",
                                   "yaml": got.get("raw_data", ""), "source_url": url})
        check("and saved", "error" not in got, got)
    server.shutdown()


def automation(door: Door, name: str, **inputs) -> None:
    entity = f"automation.lull_{name}"
    got = door("POST", f"/automation/lull_{name}", {"alias": f"Lull {name}", "use_blueprint": {
        "path": f"imported/{name}.yaml", "input": inputs}})
    seen = until(lambda: door.state(entity), "on")
    check(f"an automation of {name} is made", seen == "on" and "error" not in got, got)


def in_a_home(name: str, tell, own=()) -> int:
    """Tells a story, tell(world, door, ear), in a real Home Assistant with our face, in an afternoon. Ends with the verdict; `own`
    is what Home Assistant complains of by itself."""
    if skipped := why_not():
        print("skipped:", skipped)
        return 77
    with tempfile.TemporaryDirectory(prefix=f"lull-{name}-") as folder:
        world = FaceWorld(sys.argv[1], pathlib.Path(folder))
        try:
            world.start_broker()
            door = world.start_home("--time-zone", ZONE)
            world.start_face()
            seen = until(lambda: door.state("button.lull_longer"), "unknown")
            check("Lull is there", seen == "unknown", seen)
            door.do("switch", "turn_off", "switch.night_relief")
            tell(world, door, Ear(world, door))
            loud = [one for one in door("GET", "/complaints") if not any(word in one for word in own)]
            check("in all this nobody complained about us", loud == [], loud)
        finally:
            world.end(world.face)
    return verdict()
