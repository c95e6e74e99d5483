"""The room that is measured: a real mosquitto, devices that answer, other traffic, Lull with fifty devices, a proxy that
takes the time, and an echo for comparison."""
import json
import multiprocessing
import os
import pathlib
import random
import resource
import selectors
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from mqtt import Client

HERE = pathlib.Path(__file__).resolve().parent
PAD, HEATER = "lull/pad/left/number/vibration/command", "zigbee2mqtt/Foot warmer plug/set"
PAD_OFF, HEATER_OFF = b"0", b'{"state":"OFF"}'
# Beside the fifty: so that eight plugs heat, each with a last will of its own.
MORE_HEATERS = "".join("  - {name: Bed warmer %d, is: heat_pad, speaks: zigbee2mqtt, at: Bed warmer %d}\n" % (n, n)
                       for n in range(3, 8))
HEATERS = ["zigbee2mqtt/%s/set" % name for name in ["Foot warmer plug"] + ["Bed warmer %d" % n for n in range(1, 8)]]
# All that must be off after a start, as far as it is told so by one word: plugs and pads.
ALL_OFF = HEATERS + [PAD, "lull/pad/right/number/vibration/command"] + [
    "zigbee2mqtt/%s/set" % name for name in ("Massager 1", "Massager 2", "Rain plug", "Speaker 1", "Speaker 2",
                                            "Speaker 3", "Diffuser 1", "Diffuser 2")]


def is_off(topic, payload):
    return payload == PAD_OFF if topic.startswith("lull/") else b'"state":"OFF"' in payload


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def devices(port):
    """The actuators of the room, in a process of their own: they do as told, and say so. Never ends by itself."""
    client = Client(port, "the-devices")
    client.subscribe("zigbee2mqtt/+/set", "zigbee2mqtt/+/get", "lull/pad/+/number/+/command")
    on = {}
    for _, topic, payload, _ in client.messages(1e6):
        if topic.startswith("zigbee2mqtt/"):
            name, verb = topic.split("/")[1:]
            if verb == "set":
                on[name] = b'"ON"' in payload
            state = "ON" if on.get(name) else "OFF"
            client.publish(f"zigbee2mqtt/{name}", '{"state":"%s","linkquality":120}' % state)
        else:
            client.publish(topic[:-len("command")] + "state", payload)


def echo(port, whole):
    """In Lull's place: answers each STOP with the pad's OFF and does nothing else. What it takes is the machine's share and
    the broker's, and no program can be faster. `whole`: with every OFF of the house, in one packet and in Lull's order, and
    again 20 ms later. Never ends by itself."""
    client = Client(port, "the-echo")
    client.subscribe("lull/echo/hub/on/set")
    warm = ["lull/pad/left/number/heat_target/command", "lull/pad/right/number/heat_target/command"]
    topics = warm + ALL_OFF if whole else [PAD, HEATER]
    off = b"".join(Client.words(topic, PAD_OFF if topic.startswith("lull/") else HEATER_OFF) for topic in topics)
    again = None  # when the copies are due
    while True:
        heard = client.first(lambda *_: True, 1e6 if again is None else max(0, again - time.monotonic()))
        client.socket.sendall(off)
        again = time.monotonic() + 0.02 if heard and whole else None


def pour(port, rate, burst, topics, ended):
    """Other traffic: so many messages a second of a house's sensors, in a process of its own. Ends with `ended`."""
    client, dice = Client(port, "the-others"), random.Random(1)
    said = []
    for _ in range(1000):
        topic = dice.choice(topics)
        payload = ('{"rms_mg":%.1f,"peak_mg":%.1f,"n":25}' % (dice.uniform(1, 9), dice.uniform(9, 19))
                   if topic.startswith("lull/") else
                   '{"occupancy":true,"linkquality":%d}' % dice.randrange(255) if "Presence" in topic else
                   '{"state":"OFF","linkquality":%d}' % dice.randrange(255))
        said.append(client.words(topic, payload))
    begun, n = time.monotonic(), 0
    while not ended.is_set():
        client.socket.sendall(b"".join(said[(n + i) % 1000] for i in range(burst)))
        n += burst
        late = begun + n / rate - time.monotonic()
        if late > 0:
            time.sleep(late * random.uniform(0.5, 1.5) if late < 0.02 else late)


TRAFFIC = (["lull/anklet/ana/movement"] * 4 + ["zigbee2mqtt/Lamp %d" % n for n in range(1, 9)] +
           ["zigbee2mqtt/Presence %d" % n for n in (2, 4, 6)])


class Traffic:
    """`rate` messages a second while it is open."""

    def __init__(self, room, rate):
        self.ended = multiprocessing.Event()
        self.process = multiprocessing.Process(target=pour, daemon=True, args=(
            room.port, rate, max(1, rate // 500), TRAFFIC, self.ended))

    def __enter__(self):
        self.process.start()
        time.sleep(1)
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.process.join(5)
        self.process.kill()


def slow_ones(port, count, ended, told):
    """So many browsers at the web door that never finish asking, in a process of its own; who is closed comes again."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]),) * 2)
    select, begun = selectors.DefaultSelector(), 0

    def come():
        one = socket.socket()
        one.setblocking(False)
        one.connect_ex(("127.0.0.1", port))
        select.register(one, selectors.EVENT_WRITE)
    for _ in range(count):
        come()
    while not ended.is_set():
        for key, _ in select.select(0.2):
            try:
                if key.events == selectors.EVENT_WRITE:
                    key.fileobj.send(b"GET /api/v1/state HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
                    select.modify(key.fileobj, selectors.EVENT_READ)
                    begun += 1
                    continue
                if key.fileobj.recv(4096):
                    continue
            except OSError:
                pass
            select.unregister(key.fileobj)
            key.fileobj.close()
            come()
    told.put(begun)


def fast_ones(port, count, ended, told):
    """So many browsers that ask for the state again as soon as they have it, in a process of its own."""
    asks = b"GET /api/v1/state HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    select, answers = selectors.DefaultSelector(), 0
    for _ in range(count):
        one = socket.create_connection(("127.0.0.1", port))
        select.register(one, selectors.EVENT_READ, [b"", None])
        one.sendall(asks)
    while not ended.is_set():
        for key, _ in select.select(0.2):
            data = key.fileobj.recv(1 << 18)
            if not data:
                raise SystemExit("the web door closed on somebody who asks quickly")
            key.data[0] += data
            if key.data[1] is None and b"\r\n\r\n" in key.data[0]:
                head = key.data[0].partition(b"\r\n\r\n")[0]
                key.data[1] = len(head) + 4 + int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
            if key.data[1] is not None and len(key.data[0]) >= key.data[1]:
                key.data[:] = [b"", None]
                answers += 1
                key.fileobj.sendall(asks)
    told.put(answers)


class Crowd:
    """Browsers at the web door while it is open: `slow_ones` or `fast_ones`. `done`: what they came to."""

    def __init__(self, room, kind, count):
        self.ended, self.told = multiprocessing.Event(), multiprocessing.Queue()
        self.process = multiprocessing.Process(target=kind, args=(room.http, count, self.ended, self.told), daemon=True)

    def __enter__(self):
        self.begun = time.monotonic()
        self.process.start()
        time.sleep(2)
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.done = self.told.get(timeout=20)
        self.seconds = time.monotonic() - self.begun
        self.process.join(10)


def device_list():
    """What the real Zigbee2MQTT said of its devices, until it is the 200 kB of a home with fifty of them."""
    largest = "[]"
    sample = HERE.parent / "tests/peers/zigbee2mqtt/traffic-sample.ndjson"
    for line in sample.read_text().splitlines():
        message = json.loads(line)
        if message.get("topic") == "zigbee2mqtt/bridge/devices" and len(message["payload"]) > len(largest):
            largest = message["payload"]
    every, copy = [], 0
    while len(json.dumps(every)) < 200_000:
        every += [dict(one, friendly_name=f"{one['friendly_name']} {copy}") for one in json.loads(largest)]
        copy += 1
    return json.dumps(every)


class Room:
    """A broker, devices that answer, and Lull with fifty devices. Everything it starts ends with it."""

    def __init__(self, program, through_proxy=False):
        self.program, self.children, self.lull = program, [], None
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="lull-bench-"))
        self.port = free_port()
        (self.folder / "mosquitto.conf").write_text(
            f"listener {self.port} 127.0.0.1\nallow_anonymous true\npersistence false\nset_tcp_nodelay true\n"
            "max_queued_messages 10000\nlog_type none\n" + ("user root\n" if os.geteuid() == 0 else ""))
        mosquitto = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
        self.children.append(subprocess.Popen([mosquitto, "-c", self.folder / "mosquitto.conf"],
                                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        self.client = self._connect("the-person")
        self.client.publish("zigbee2mqtt/bridge/state", '{"state":"online"}', retain=True)
        self.client.publish("zigbee2mqtt/bridge/devices", device_list(), retain=True)
        self._fork(devices, self.port)
        self.proxy = None
        at = self.port
        if through_proxy:
            at, self.proxy, theirs = free_port(), *multiprocessing.Pipe()
            self.proxy_port = at
            self._fork(proxy, at, self.port, theirs)
        text = (HERE / "fifty.yaml").read_text().replace("127.0.0.1:1883", f"127.0.0.1:{at}")
        text = text.replace("routines:\n", MORE_HEATERS + "\nroutines:\n", 1)
        self.http = free_port()
        (self.folder / "home.yaml").write_text(text + f"\nhttp: {{address: 127.0.0.1, port: {self.http}}}\n")
        self.client.subscribe("lull/+/status", *ALL_OFF)

    def _connect(self, name):
        for _ in range(200):
            try:
                return Client(self.port, name)
            except OSError:
                time.sleep(0.02)
        raise SystemExit("mosquitto does not take connections")

    def _fork(self, work, *arguments):
        process = multiprocessing.Process(target=work, args=arguments, daemon=True)
        process.start()
        self.children.append(process)
        time.sleep(0.2)

    def start(self):
        """Starts Lull. How many ms after exec the first OFF left, every OFF had left, and its status was online."""
        self.client.drain(0.05)
        begin = time.monotonic()
        self.lull = subprocess.Popen([self.program, "run", "--config", self.folder / "home.yaml", "--state",
                                      self.folder / "state"], stdout=subprocess.DEVNULL,
                                     stderr=open(self.folder / "log.txt", "a"))
        off, online = {}, None
        for when, topic, payload, retained in self.client.messages(10):
            if topic.endswith("/status") and payload == b"online" and not retained:
                online = online or (when - begin) * 1e3
                self.install = topic.split("/")[1]
            elif is_off(topic, payload):
                off.setdefault(topic, (when - begin) * 1e3)
            if online and len(off) == len(ALL_OFF):
                return min(off.values()), max(off.values()), online
        raise SystemExit(f"Lull did not start; no OFF for {set(ALL_OFF) - set(off)}:\n" +
                         (self.folder / "log.txt").read_text()[-2000:])

    def start_echo(self, whole):
        """Instead of Lull."""
        self._fork(echo, self.port if self.proxy is None else self.proxy_port, whole)
        self.install = "echo"

    def stop(self, how=signal.SIGTERM):
        """Ends Lull; how many ms that took."""
        begin = time.monotonic()
        self.lull.send_signal(how)
        self.lull.wait(20)
        return (time.monotonic() - begin) * 1e3

    def say_stop(self):
        """Says STOP; how many ms until the pad's OFF is here."""
        self.client.drain()
        begin = time.monotonic()
        self.client.publish(f"lull/{self.install}/hub/on/set", "OFF")
        answer = self.client.first(lambda topic, payload, _: topic == PAD and payload == PAD_OFF, 5)
        if not answer:
            raise SystemExit("a STOP was not followed by an OFF:\n" + (self.folder / "log.txt").read_text()[-2000:])
        return (answer[0] - begin) * 1e3

    def stops(self, count, apart):
        """So many of them, so many seconds apart on average, at jittered times."""
        times = []
        for _ in range(count):
            self.client.drain(random.uniform(0.5, 1.5) * apart)
            times.append(self.say_stop())
        return times

    def own_shares(self):
        """What the proxy measured since it was last asked: for each STOP the ms until the pad's and the heater's OFF."""
        self.proxy.send("results")
        return self.proxy.recv()

    def carries(self, rate):
        """Whether Lull keeps up with so many messages a second: after two seconds of them what comes next is seen at
        once."""
        watch = self._connect("the-watcher")
        watch.subscribe(f"lull/{self.install}/sleeper/ana/in_bed")
        watch.drain(0.2)
        with Traffic(self, rate):
            time.sleep(2)
            self.bed = not getattr(self, "bed", False)
            begin = time.monotonic()
            self.client.publish("zigbee2mqtt/Bed left", '{"occupancy":%s}' % str(self.bed).lower())
            seen = watch.first(lambda *_: True, 5)
        watch.close()
        time.sleep(2)
        return bool(seen) and seen[0] - begin < 0.3  # 100 ms of it are the pause in which states are collected

    def close(self):
        if self.lull and self.lull.poll() is None:
            self.lull.kill()
            self.lull.wait()
        for child in reversed(self.children):
            child.terminate()
        self.client.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def proxy(port, broker, results):
    """Between Lull and the broker, in a process of its own: passes bytes on, and takes the time from writing a STOP into
    Lull's socket to reading the OFFs from it. That is Lull's own share, plus one wake-up of this program."""
    select, listener = selectors.DefaultSelector(), socket.create_server(("127.0.0.1", port))
    select.register(listener, selectors.EVENT_READ, None)
    taken, open_stop = [], {}
    stops = {}  # how many each session was told: both of Lull's are told each, and the first one counts
    select.register(results.fileno(), selectors.EVENT_READ, "results")
    while True:
        for key, _ in select.select():
            if key.data == "results":
                results.recv()
                results.send(taken)
                taken, open_stop = [], {}
                continue
            if key.data is None:
                ours, theirs = listener.accept()[0], socket.create_connection(("127.0.0.1", broker))
                for one, other, from_lull in ((ours, theirs, True), (theirs, ours, False)):
                    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    select.register(one, selectors.EVENT_READ, (other, from_lull))
                    stops[one] = max(stops.values(), default=0)
                continue
            other, from_lull = key.data
            try:
                data = key.fileobj.recv(1 << 16)
                now = time.monotonic()
                if data and not from_lull and b"/hub/on/set" in data:
                    stops[key.fileobj] += 1
                    if stops[key.fileobj] == max(stops.values()) and list(stops.values()).count(stops[key.fileobj]) == 1:
                        open_stop = {"at": now}
                if data:
                    other.sendall(data)
            except OSError:
                data = b""
            if not data:
                for one in (key.fileobj, other):
                    try:
                        select.unregister(one)
                    except (KeyError, ValueError):
                        pass
                    one.close()
            elif from_lull and open_stop:
                for name, topic in (("pad", PAD), ("heater", HEATER)):
                    if topic.encode() in data and name not in open_stop:
                        open_stop[name] = (now - open_stop["at"]) * 1e3
                if "pad" in open_stop and "heater" in open_stop:
                    taken.append((open_stop["pad"], open_stop["heater"]))
                    open_stop = {}
