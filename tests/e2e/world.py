"""A bedroom of real programs for one test: mosquitto, Zigbee2MQTT on its simulated radio, and lull.

Everything is started on free ports in a temporary folder, and ends with the `with` block in every case.
Set LULL_KEEP to keep that folder, with everybody's logs in it.
"""

from __future__ import annotations

import datetime
import json
import os
import pathlib
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/integration"))
from afternoon import ZONE  # noqa: E402
from mqtt import Client, free_port  # noqa: E402  one MQTT client for all tests in Python

PEER = ROOT / "tests/peers/zigbee2mqtt"
CACHE = pathlib.Path(os.environ.get("LULL_PEERS_DIR") or
                     pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "lull-peers")
SKIPPED = 77
LEASE = 300  # seconds; devices/safety/limits.hpp
# A wait ends with its condition; how long it may take is only bounded, and says nothing about Lull. What Lull promises in
# seconds is judged by the times in the device's own log. On a very slow machine: LULL_TEST_PATIENCE=3.
PATIENCE = 60 * float(os.environ.get("LULL_TEST_PATIENCE", "1"))
SLACK = 2 * float(os.environ.get("LULL_TEST_PATIENCE", "1"))  # what may be added to a promise of seconds on a busy machine

over = threading.Event()  # time is up: whatever is waited for ends


class Failure(Exception):
    """What was expected, and what was seen instead."""


def need(sentence: str, holds, seen=None) -> None:
    if not holds:
        raise Failure(sentence if seen is None else f"{sentence}; seen: {seen}")


def wait(sentence: str, question, seen=None, longer: float = 0):
    """The first true answer. `seen()` tells what was there instead, should none come. `longer`: what has to pass first."""
    deadline = time.monotonic() + longer + PATIENCE
    while not (answer := question()):
        if over.is_set() or time.monotonic() > deadline:
            raise Failure(f"{sentence}: not within {longer + PATIENCE:g} s" + (f"; seen: {seen()}" if seen else ""))
        time.sleep(0.02)
    return answer


def moment(entry: dict) -> float:
    """When a line of the peer's log was written, as time.time()."""
    return datetime.datetime.fromisoformat(entry["t"].replace("Z", "+00:00")).timestamp()


def node() -> str | None:
    own = CACHE / "node/bin/node"
    return str(own) if own.exists() else shutil.which("node")


def skip_unless_set_up() -> None:
    lacks = ("mosquitto is not installed" if not shutil.which("mosquitto") else
             "there is no node" if not node() else
             "its packages are not there" if not (PEER / "node_modules/zigbee2mqtt").exists() else "")
    if lacks:
        print(f"skipped: the real Zigbee2MQTT is not set up ({lacks}); run ./dev peers zigbee2mqtt")
        sys.exit(SKIPPED)


class Program:
    """A process of ours in a group of its own, so that its children end with it."""

    def __init__(self, args: list[str], log: pathlib.Path, stdout=None) -> None:
        self.log = log
        with open(log, "ab") as out:
            self.process = subprocess.Popen(args, stdin=subprocess.DEVNULL, stdout=stdout or out, stderr=out,
                                            start_new_session=True)

    def signal(self, number: int) -> float:
        """Sends it, and returns when."""
        now = time.time()
        if self.process.poll() is None:
            os.killpg(self.process.pid, number)
        return now

    def kill(self) -> float:
        now = self.signal(signal.SIGKILL)
        self.process.wait()
        return now

    def end(self, seconds: float = 10) -> int | None:
        self.signal(signal.SIGTERM)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            return None

    def tail(self, lines: int = 15) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


class World:
    def __init__(self, lull: str, devices: list[str], config: str) -> None:
        self.binary, self.devices, self.template = lull, devices, config
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="lull-e2e-"))
        self.port = free_port()
        self.running: list[Program] = []
        self.lulls = 0
        self.tested: pathlib.Path | None = None  # a state folder in which the set-up tests were passed
        self.lull: Program | None = None
        self.client: Client | None = None

    def __enter__(self) -> World:
        try:
            self.start_broker()
            self.start_peer()
            self.listen()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_) -> None:
        if self.client:
            self.client.close()
        for program in reversed(self.running):  # lull first, the broker last
            program.end()
            program.kill()
            try:
                os.killpg(program.process.pid, signal.SIGKILL)  # what its leader left behind
            except ProcessLookupError:
                pass
        if os.environ.get("LULL_KEEP"):
            print(f"kept: {self.folder}")
        else:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, args: list[str], log: str, stdout=None) -> Program:
        program = Program(args, self.folder / log, stdout)
        self.running.append(program)
        return program

    # ---- the broker ----
    def start_broker(self) -> None:
        conf = self.folder / "mosquitto.conf"
        conf.write_text(f"listener {self.port} 127.0.0.1\nallow_anonymous true\npersistence false\nlog_timestamp true\n")
        self.broker = self._run([shutil.which("mosquitto"), "-c", str(conf)], "mosquitto.log")

        def open_now() -> bool:
            with socket.socket() as s:
                return s.connect_ex(("127.0.0.1", self.port)) == 0
        wait("mosquitto listens", open_now, seen=self.broker.tail)

    def listen(self) -> None:
        """Hears everything that Lull and Zigbee2MQTT's devices say, from now on (and what is retained)."""
        if self.client:
            self.client.close()
        self.client = Client(self.port, f"test-{time.monotonic_ns()}", qos=1)
        self.client.subscribe("lull/#", "zigbee2mqtt/+", "zigbee2mqtt/+/set", "zigbee2mqtt/+/get",
                              "zigbee2mqtt/bridge/state")

    # ---- the devices ----
    def start_peer(self) -> None:
        read, write = os.pipe()
        args = [node(), str(PEER / "run.mjs"), "--mqtt", f"mqtt://127.0.0.1:{self.port}", "--data",
                str(self.folder / "peer"), "--devices", ",".join(self.devices), "--max-seconds", "3000"]
        peer = self._run(args, "peer.log", write)
        os.close(write)
        with open(read) as out:
            line = out.readline()  # comes when all devices are paired; empty when the peer gave up
        need("Zigbee2MQTT starts and pairs its devices", line, peer.tail())
        self.control = json.loads(line)["control"]

    def ask(self, path: str, body: dict | None = None):
        request = urllib.request.Request(self.control + path, None if body is None else json.dumps(body).encode())
        try:
            with urllib.request.urlopen(request, timeout=4 * PATIENCE) as answer:
                return json.load(answer)
        except (OSError, ValueError) as error:  # the peer's door says what went wrong in its answer, if it still can
            said = error.read().decode(errors="replace") if isinstance(error, urllib.error.HTTPError) else ""
            raise Failure(f"the peer does {path} {body or ''}: {error} {said}") from error

    def truth(self, device: str) -> dict:
        return self.ask(f"/devices/{device}")

    def do(self, device: str, **what) -> None:
        self.ask(f"/devices/{device}", what)

    def log(self, device: str, kinds: str, since: int = 0) -> list[dict]:
        return self.ask(f"/log?since={since}&device={device}&kind={kinds}")

    def told(self, device: str, since: int = 0) -> list[dict]:
        """The commands that switched or moved it: no writes of settings."""
        return [e for e in self.log(device, "told", since) if "do" in e]

    def mark(self) -> int:
        entries = self.ask("/log?since=0")
        return entries[-1]["n"] if entries else 0

    def time_scale(self, scale: float) -> None:
        self.ask("/radio", {"time_scale": scale})

    # ---- lull ----
    def start_lull(self, keep_state: bool = False) -> None:
        """With a new state folder, unless told to keep: a restart rests a heater for half an hour, on purpose."""
        if self.lull:
            self.lull.kill()  # one that a failed test left behind
        if not keep_state:
            self.lulls += 1
        self.state = self.folder / f"state-{self.lulls}"
        if self.tested and not self.state.exists():
            shutil.copytree(self.tested, self.state)
        config = self.folder / "bedroom.yaml"
        config.write_text(self.template.replace("PORT", str(self.port)).replace("ZONE", ZONE))
        since = len(self.client.messages)
        self.lull = self._run([self.binary, "run", "--config", str(config), "--state", str(self.state)], "lull.log")

        def online():
            return next((m for m in self.client.messages[since:]
                         if m.topic.startswith("lull/") and m.topic.endswith("/status")
                         and m.topic.count("/") == 2 and m.payload == b"online" and not m.retained), None)
        self.install = wait("lull says that it is online", online, seen=self.lull.tail).topic.split("/")[1]

    def keep_tested(self) -> None:
        """Every new state folder from now on knows of the set-up tests that were passed until here, and of no minutes."""
        self.tested = self.folder / "tested"
        self.tested.mkdir(mode=0o700)
        with sqlite3.connect(self.state / "safety.db") as now, sqlite3.connect(self.tested / "safety.db") as then:
            now.backup(then)
            for table in ("dose", "rule_used"):
                then.execute(f"DELETE FROM {table}")
        (self.tested / "safety.db").chmod(0o600)

    def topic(self, what: str) -> str:
        return f"lull/{self.install}/{what}"

    def said(self, what: str) -> str:
        """Lull's retained state of that name, "" when it never said it."""
        found = self.client.last(self.topic(what))
        return found.text if found else ""

    def attributes(self, device: str) -> dict:
        return json.loads(self.said(f"device/{device}/attributes") or "{}")

    def command(self, **what) -> float:
        now = time.time()
        self.client.publish(self.topic("command"), json.dumps(what))
        return now

    def until_ready(self) -> None:
        wait("lull is ready", lambda: json.loads(self.said("hub/status/attributes") or "{}").get("ready"), self.lull.tail)

    # ---- waiting for the truth ----
    def until_on(self, device: str, on: bool) -> dict:
        wait(f"{device} is {'on' if on else 'off'}", lambda: self.truth(device)["on"] is on,
             lambda: f"{self.truth(device)}\n{self.lull.tail()}")
        return self.truth(device)

    def switched(self, device: str, on: bool, since: int, longer: float = 0) -> dict:
        """The line of the peer's log in which its relay did it."""
        def found():
            return next((e for e in self.log(device, "state", since) if e["on"] is on), None)
        return wait(f"the relay of {device} goes {'on' if on else 'off'}", found,
                    lambda: f"{self.log(device, 'told,state', since)}\n{self.lull.tail()}", longer)
