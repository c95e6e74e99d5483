"""What the tests with the real Home Assistant share: the broker, the peer with its door, and how a check is told."""

from __future__ import annotations

import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/integration"))
sys.path.append(str(ROOT / "tests/peers/home-assistant"))
from knock import Knock  # noqa: E402
from mqtt import Client, free_port  # noqa: E402  one MQTT client for all tests in Python

CACHE = pathlib.Path(os.environ.get("LULL_PEERS_DIR") or
                     pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "lull-peers")
PYTHON = CACHE / "home-assistant/venv/bin/python"
# A wait ends with its condition; how long it may take is only bounded, and says nothing about Lull. What is promised in
# seconds may take SLACK more on a busy machine. On a very slow one: LULL_TEST_PATIENCE=3.
PATIENCE = 60 * float(os.environ.get("LULL_TEST_PATIENCE", "1"))
SLACK = 2 * float(os.environ.get("LULL_TEST_PATIENCE", "1"))

passed, failed = [], []


def check(sentence: str, holds, seen="") -> None:
    (passed if holds else failed).append(sentence)
    print("ok    " if holds else "FAILED", sentence, "" if holds else f"(seen: {seen!r})", flush=True)


def verdict() -> int:
    print(f"{len(passed)} checks passed, {len(failed)} failed")
    return 1 if failed else 0


def until(question, wanted, seconds: float = PATIENCE):
    """Ask until the answer is as wanted; returns the last answer."""
    deadline = time.monotonic() + seconds
    while (answer := question()) != wanted and time.monotonic() < deadline:
        time.sleep(0.05)
    return answer


def why_not() -> str:
    """Why such a test cannot run here; "" when it can."""
    if not PYTHON.exists():
        return f"the real Home Assistant is not set up in {CACHE}; run tests/peers/home-assistant/setup"
    broker = shutil.which("mosquitto") or pathlib.Path("/usr/sbin/mosquitto").exists()
    if not (broker and shutil.which("mosquitto_pub")):
        return "mosquitto and mosquitto-clients are needed"
    return ""


class Door(Knock):
    """The control door of the peer."""

    patience = 6 * PATIENCE

    def attribute(self, entity_id: str, name: str):
        return self("GET", f"/state/{entity_id}").get("attributes", {}).get(name)

    def ours(self) -> dict[str, dict]:
        return {one["unique_id"]: one for one in self("GET", "/entities")
                if one["platform"] == "mqtt" and str(one["unique_id"]).startswith("lull_")}

    def dead(self) -> set[str]:
        """Entities of ours that are unavailable."""
        ours = {one["entity_id"] for one in self.ours().values()}
        return {one["entity_id"] for one in self("GET", "/states")
                if one["entity_id"] in ours and one["state"] == "unavailable"}

    def devices(self) -> set[str]:
        return {known[1] for one in self("GET", "/devices") for known in one["identifiers"] if known[0] == "mqtt"}

    def do(self, domain: str, service: str, entity_id: str, **data):
        return self("POST", "/service", {"domain": domain, "service": service, "data": {"entity_id": entity_id, **data}})


class World:
    """A broker and a Home Assistant, each of which can die and come back."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder, self.port, self.broker, self.peer = folder, free_port(), None, None
        (folder / "mosquitto.conf").write_text(
            f"listener {self.port} 127.0.0.1\nallow_anonymous true\npersistence false\n")

    def start_broker(self) -> None:
        mosquitto = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
        log = open(self.folder / "mosquitto.log", "ab")
        self.broker = subprocess.Popen([mosquitto, "-c", str(self.folder / "mosquitto.conf")], stdout=log, stderr=log)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("mosquitto did not start")

    def start_home(self, *more: str) -> Door:
        command = [str(PYTHON), str(ROOT / "tests/peers/home-assistant/run.py"), "--mqtt", f"127.0.0.1:{self.port}",
                   "--port", str(free_port()), "--control", str(free_port()),
                   "--files", str(ROOT / "docs/home_assistant"), "--max-seconds", "1800", *more]
        self.peer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        line = self.peer.stdout.readline()
        if not line:
            raise RuntimeError("Home Assistant did not start")
        self.home = json.loads(line)  # its address, its folder
        return Door(self.home["control"])

    def retained(self) -> dict[str, str]:
        """What the broker keeps of ours and of discovery."""
        out = subprocess.run(["mosquitto_sub", "-p", str(self.port), "-t", "lull/#", "-t", "homeassistant/#",
                              "-W", "1", "-F", "%t %x", "--retained-only"], capture_output=True, text=True).stdout
        return dict(line.split(" ", 1) for line in out.splitlines() if " " in line)

    def settled(self) -> dict[str, str]:
        """The same, when two looks a second apart have seen no difference: whoever was at work is done."""
        until(lambda: self.retained() == self.retained(), True)
        return self.retained()

    def start_home_again(self, door: Door) -> tuple[set[str], bool]:
        """(entities of ours that stay unavailable, whether all were live before Home Assistant said its birth)"""
        ear = Client(self.port)
        ear.subscribe("homeassistant/status")
        door("POST", "/start")
        dead = until(door.dead, set())
        born = any(m.payload == b"online" and not m.retained for m in ear.messages)
        ear.close()
        return dead, not born

    def end(self, *others: subprocess.Popen | None) -> None:
        for one in (*others, self.peer, self.broker):
            if one and one.poll() is None:
                one.terminate()
                try:
                    one.wait(PATIENCE)
                except subprocess.TimeoutExpired:
                    one.kill()
