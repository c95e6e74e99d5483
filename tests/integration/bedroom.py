"""One bed for the tests of the running program: scripted devices that speak over a real broker, and lull beside them.

The pad is the reference pad of docs/hardware (ESPHome), the mat and the motor are of nobody's make and are mapped in
the configuration. Each obeys only what is on its command topic and keeps its own time, as a real one must.
"""
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import threading
import time

from afternoon import ZONE
from mqtt import Client, Mosquitto, Program, free_port

CONFIG = """home: {name: Test bed, time_zone: ZONE}
broker: mqtt://127.0.0.1:%(broker)d
http: {address: 127.0.0.1, port: %(http)d}
sleepers:
  - {name: Kit}
devices:
  - {name: Leg massage, is: massage_pad, speaks: esphome, at: lull/pad/left, for: Kit}
  - {name: Ankle, is: movement, speaks: esphome, at: lull/anklet/kit, for: Kit}
  - name: Leg motor
    is: massage_pad
    speaks: mqtt
    at: legmotor
    for: Kit
    hears:
      - {topic: legmotor/state, pointer: /power, means: on, yes: ON, no: OFF}
      - {topic: legmotor/state, pointer: /level, means: level}
      - {topic: legmotor/state, pointer: /left, means: timer_left}
      - {topic: legmotor/alive, means: reachable, yes: online, no: offline}
    says:
      on: {topic: legmotor/set, payload: '{"power":"ON","level":{level},"off_after":{seconds}}'}
      off: {topic: legmotor/set, payload: '{"power":"OFF"}'}
      ask: {topic: legmotor/get, payload: "?"}
  - name: Heat mat
    is: heat_pad
    speaks: mqtt
    at: heatmat
    for: Kit
    hears:
      - {topic: heatmat/relay, means: on, yes: "1", no: "0"}
      - {topic: heatmat/auto_off, means: auto_off}
      - {topic: heatmat/surface, pointer: /c, means: celsius}
      - {topic: heatmat/alive, means: reachable, yes: online, no: offline}
    says:
      on: {topic: heatmat/relay/set, payload: "1"}
      off: {topic: heatmat/relay/set, payload: "0"}
      ask: {topic: heatmat/ask, payload: "all"}
      arm: {topic: heatmat/auto_off/set, payload: "{seconds}"}
routines:
  wind-down:
    for: 20min
    tracks:
      - {massage: Leg motor, program: wave, level: 40%%, at: 0min}
rules:
  - {name: Good night, when: {said: good night}, play: wind-down}
  - {name: Restless, when: {restless: Kit}, play: wind-down}
""".replace("ZONE", ZONE)
OFF_WORDS = {"lull/pad/left/number/vibration/command": b"0", "legmotor/set": b'{"power":"OFF"}',
             "heatmat/relay/set": b"0"}


def is_on_word(m):
    """Whether a message would start something: anything on a command topic but OFF, a question or a timer."""
    if m.topic == "lull/pad/left/number/vibration/command":
        return m.payload not in (b"", b"0")
    if m.topic == "legmotor/set":
        return b'"ON"' in m.payload
    return m.topic == "heatmat/relay/set" and m.payload == b"1"


class Pad:
    """docs/hardware/lull-pad.yaml, as far as massage goes: no lease, no vibration."""

    at = "lull/pad/left"

    def __init__(self, port):
        self.vibration, self.until, self.deaf = 0, 0.0, False
        self.client = Client(port, "scripted-pad")
        self.client.subscribe(self.at + "/number/+/command", handler=self.told)
        self.say("/status", "online")
        self.say("/number/vibration/state", "0")
        self.say("/number/heat_target/state", "0")
        self.say("/sensor/interlock/state", "idle")

    def say(self, part, value):
        self.client.publish(self.at + part, value, retain=True)

    def told(self, m):
        if self.deaf or m.retained and not m.payload:
            return
        value = int(float(m.payload or b"0"))
        if m.topic.endswith("/lease/command"):
            self.until = time.time() + value
            self.say("/number/lease/state", str(value))
        elif m.topic.endswith("/heat_target/command"):
            self.say("/number/heat_target/state", "0")  # this one is never warm
        else:
            self.vibration = value if time.time() < self.until else 0
            self.say("/number/vibration/state", str(self.vibration))

    def runs(self):
        return self.vibration > 0 and time.time() < self.until

    def close(self):
        self.client.close()


class Motor:
    """Takes a time limit with every ON."""

    def __init__(self, port):
        self.level, self.until, self.deaf = 0, 0.0, False
        self.client = Client(port, "scripted-motor")
        self.client.subscribe("legmotor/set", "legmotor/get", handler=self.told)
        self.client.publish("legmotor/alive", "online", retain=True)

    def told(self, m):
        if self.deaf or not m.payload:
            return
        if m.topic == "legmotor/set":
            said = json.loads(m.payload)
            self.level = said.get("level", 0) if said["power"] == "ON" else 0
            self.until = time.time() + said.get("off_after", 0)
        left = max(0, int(self.until - time.time())) if self.level else 0
        self.client.publish("legmotor/state", {"power": "ON" if self.runs() else "OFF", "level": self.level,
                                               "left": left})

    def runs(self):
        return self.level > 0 and time.time() < self.until

    def close(self):
        self.client.close()


class Mat:
    """A relay with an auto-off that can be set and read back, and a thermometer."""

    def __init__(self, port):
        self.on, self.auto_off, self.since, self.deaf, self.celsius = False, 0, 0.0, False, 30.5
        self.forgets = False  # its auto-off reads back well and does nothing
        self.client = Client(port, "scripted-mat")
        self.client.subscribe("heatmat/relay/set", "heatmat/ask", "heatmat/auto_off/set", handler=self.told)
        self.client.publish("heatmat/alive", "online", retain=True)
        self.ended = threading.Event()
        threading.Thread(target=self.breathe, daemon=True).start()

    def breathe(self):
        while not self.ended.wait(1):
            try:
                self.tell_surface()
            except OSError:
                return

    def tell_surface(self):
        self.client.publish("heatmat/surface", {"c": self.celsius})

    def told(self, m):
        if self.deaf or not m.payload:
            return
        if m.topic == "heatmat/auto_off/set":
            self.auto_off = int(m.payload)
        elif m.topic == "heatmat/relay/set":
            self.on, self.since = m.payload == b"1", time.time()
        self.client.publish("heatmat/relay", "1" if self.runs() else "0")
        self.client.publish("heatmat/auto_off", str(self.auto_off))
        self.tell_surface()

    def runs(self):
        return self.on and (self.forgets or time.time() < self.since + self.auto_off)

    def close(self):
        self.ended.set()
        self.client.close()


class Bedroom:
    """Broker, devices, somebody who listens to everything, and lull, all in a folder of their own."""

    def __init__(self, lull, config=CONFIG):
        self.lull_path, self.folder = lull, tempfile.mkdtemp(prefix="lull-bedroom-")
        self.state = os.path.join(self.folder, "state")
        self.config_path = os.path.join(self.folder, "lull.yaml")
        self.broker, self.http = Mosquitto(self.folder), free_port()
        with open(self.config_path, "w") as f:
            f.write(config % {"broker": self.broker.port, "http": self.http})
        self.devices, self.programs, self.clients, self.install = [], [], [], None
        self.seeds, self.running_state = False, self.state
        self.wire = self.listener()
        self.plug_in()

    def client(self):
        self.clients.append(Client(self.broker.port))
        return self.clients[-1]

    def listener(self, *filters):
        client = self.client()
        client.subscribe(*(filters or ("#",)))
        return client

    def plug_in(self):
        for device in self.devices:
            device.close()
        self.pad, self.motor, self.mat = (make(self.broker.port) for make in (Pad, Motor, Mat))
        self.devices = [self.pad, self.motor, self.mat]

    tested = None  # a ledger in which the mat's set-up test was passed; made once a process, by running it

    def try_out(self, device, within=120):
        """The set-up test as a person runs it: (exit code, what was printed)."""
        done = subprocess.run([self.lull_path, "device", "test", device, "--config", self.config_path, "--state",
                               self.running_state], capture_output=True, timeout=within, stdin=subprocess.DEVNULL)
        return done.returncode, (done.stdout + done.stderr).decode()

    def know_that_the_mat_was_tested(self):
        """Every state folder from now on begins with that knowledge, and with no minutes used."""
        if not Bedroom.tested:
            mark = self.start(state=os.path.join(self.folder, "set-up"))
            if not self.ready(mark):
                raise AssertionError("never ready\n" + self.lull.log())
            code, said = self.try_out("Heat mat")
            if code:
                raise AssertionError("the set-up test of the mat failed: %s\n%s" % (said, self.lull.log()))
            self.lull.ends(15)
            Bedroom.tested = sqlite3.connect(":memory:")
            with sqlite3.connect(os.path.join(self.running_state, "safety.db")) as now:
                now.backup(Bedroom.tested)
            for table in ("dose", "rule_used"):
                Bedroom.tested.execute("DELETE FROM " + table)
            Bedroom.tested.commit()
        self.seeds = True

    def seed(self, state):
        if self.seeds and not os.path.exists(state):
            os.mkdir(state, 0o700)
            with sqlite3.connect(os.path.join(state, "safety.db")) as then:
                Bedroom.tested.backup(then)
            os.chmod(os.path.join(state, "safety.db"), 0o600)

    def start(self, env=None, state=None):
        """Starts lull and returns the mark from which its words count, once it said that it is online."""
        mark = self.wire.mark()
        self.running_state = state or self.state
        self.seed(self.running_state)
        log = os.path.join(self.folder, "lull-%d.log" % len(self.programs))
        self.lull = Program([self.lull_path, "run", "--config", self.config_path, "--state", self.running_state], log,
                            env)
        self.programs.append(self.lull)
        online = self.wire.wait("lull/+/status", "online", since=mark, within=20)
        if not online:
            raise AssertionError("lull did not come online:\n" + self.lull.log())
        self.install = online.topic.split("/")[1]
        return mark

    def topic(self, rest):
        return "lull/%s/%s" % (self.install, rest)

    def command(self, do, **more):
        self.wire.publish(self.topic("command"), {"do": do, **more}, qos=1)

    def attributes(self, device, met, since=0, within=15):
        def accepted(payload):
            return bool(payload) and met(json.loads(payload))
        return self.wire.wait(self.topic("device/%s/attributes" % device), accepted, since, within)

    def ready(self, since, within=15):
        return self.wire.wait(self.topic("hub/status/attributes"),
                              lambda p: bool(p) and json.loads(p)["ready"], since, within)

    def ons(self, since):
        return [m for m in self.wire.since(since) if is_on_word(m) and not m.retained]

    def offs(self, since, topic=None):
        return [m for m in self.wire.since(since)
                if OFF_WORDS.get(m.topic) == m.payload and topic in (None, m.topic) and not m.retained]

    def close(self):
        for program in self.programs:
            program.kill()
        for device in self.devices:
            device.close()
        for client in self.clients:
            client.close()
        self.broker.close()
        if os.environ.get("LULL_KEEP"):
            print("kept: " + self.folder)
        else:
            shutil.rmtree(self.folder, ignore_errors=True)
