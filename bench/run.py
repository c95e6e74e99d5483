#!/usr/bin/env python3
"""Measures the program as a whole, on a real mosquitto: how soon a STOP is an OFF, memory, start-up, size, idling, and
how soon the broker says OFF when Lull is killed. Prints a table and writes results.json beside this file.

    ./dev bench                    builds the program and the micro-benchmarks, runs those, then this
    bench/run.py --program FILE    this alone (--quick: fewer samples, to see that it works)
"""
import argparse
import json
import multiprocessing
import os
import pathlib
import platform
import random
import re
import selectors
import shutil
import signal
import socket
import subprocess
import sys
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


def percentiles(samples):
    ordered = sorted(samples)
    at = lambda share: round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 3)
    return {"samples": len(ordered), "p50": at(0.5), "p90": at(0.9), "p99": at(0.99), "max": round(ordered[-1], 3)}


# ---- the room ----------------------------------------------------------------------------------------------------------

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
            self._fork(proxy, at, self.port, theirs)
        text = (HERE / "fifty.yaml").read_text().replace("127.0.0.1:1883", f"127.0.0.1:{at}")
        text = text.replace("routines:\n", MORE_HEATERS + "\nroutines:\n", 1)
        (self.folder / "home.yaml").write_text(text + f"\nhttp: {{address: 127.0.0.1, port: {free_port()}}}\n")
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
                continue
            other, from_lull = key.data
            try:
                data = key.fileobj.recv(1 << 16)
                now = time.monotonic()
                if data and not from_lull and b"/hub/on/set" in data:
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


# ---- what is read from the system --------------------------------------------------------------------------------------

def memory(pid):
    """In kB: resident, proportional, private; and what of the private is the program's own and not its libraries'."""
    out = {"rss": 0, "pss": 0, "private": 0, "heap_and_stacks": 0, "libraries_rss": 0, "libraries_private": 0,
           "program_rss": 0}
    where = ""
    for line in pathlib.Path(f"/proc/{pid}/smaps").read_text().splitlines():
        if re.match(r"^[0-9a-f]+-[0-9a-f]+ ", line):
            path = line.split(maxsplit=5)[5] if len(line.split(maxsplit=5)) > 5 else ""
            where = "libraries" if ".so" in path else "program" if path.endswith("/lull") else "other"
            continue
        key, size = line.split(":")[0], line.split()[1]
        if key == "Rss":
            out["rss"] += int(size)
            if where != "other":
                out[where + "_rss"] += int(size)
        elif key == "Pss":
            out["pss"] += int(size)
        elif key in ("Private_Clean", "Private_Dirty"):
            out["private"] += int(size)
            if where == "libraries":
                out["libraries_private"] += int(size)
            if where == "other" and key == "Private_Dirty":
                out["heap_and_stacks"] += int(size)
    return out


def busy(pid):
    """CPU seconds so far, and how often its threads went to sleep by themselves."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    switches = 0
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        switches += int(re.search(r"^voluntary_ctxt_switches:\s+(\d+)", (task / "status").read_text(), re.M)[1])
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), switches


def program_size(program):
    with tempfile.TemporaryDirectory() as folder:
        bare = pathlib.Path(folder) / "lull"
        shutil.copy(program, bare)
        subprocess.run(["strip", bare], check=True)
        return {"built": os.path.getsize(program), "stripped": bare.stat().st_size}


def machine():
    cpu = re.search(r"model name\s*:\s*(.*)", pathlib.Path("/proc/cpuinfo").read_text())
    system = re.search(r'PRETTY_NAME="(.*)"', pathlib.Path("/etc/os-release").read_text())
    return {"cpu": cpu[1] if cpu else platform.machine(), "cores": os.cpu_count(), "kernel": platform.release(),
            "system": system[1] if system else "", "nice": os.getpriority(os.PRIO_PROCESS, 0),
            "load_before": round(os.getloadavg()[0], 2)}


# ---- the measurements --------------------------------------------------------------------------------------------------

def measure(program, quick):
    found = {"machine": machine(), "program_bytes": program_size(program)}
    starts, kills, ends = [], [], []
    with Room(program) as room:
        found["first_start_ms"] = dict(zip(("first_off", "all_off", "online"), (round(ms, 1) for ms in room.start())))
        say("memory after 10 s, then 30 s of doing nothing")
        room.client.drain(10)
        found["memory_kb"] = memory(room.lull.pid)
        found["threads"] = len(os.listdir(f"/proc/{room.lull.pid}/task"))
        room.client.drain(10)
        before, seconds = busy(room.lull.pid), 5 if quick else 30
        room.client.drain(seconds)
        after = busy(room.lull.pid)
        found["idle"] = {"cpu_percent": round((after[0] - before[0]) / seconds * 100, 2),
                         "wakeups_per_s": round((after[1] - before[1]) / seconds, 1)}
        say("STOP to OFF, often")
        found["stop_to_off_dense_ms"] = percentiles(room.stops(50 if quick else 1000, 0.02))
        say("STOP to OFF, seldom (0.7 a second)")
        found["stop_to_off_sparse_ms"] = percentiles(room.stops(5 if quick else 60, 1 / 0.7))
        found["memory_after_stops_kb"] = memory(room.lull.pid)
        say("starts, ends, kills")
        room.client.publish(f"lull/{room.install}/hub/on/set", "ON")
        for _ in range(3 if quick else 20):
            room.client.drain(1.5)
            ends.append(room.stop())
            starts.append(room.start())
        for _ in range(3 if quick else 20):
            room.client.drain(3)  # until no OFF of its own is on the way
            begin = time.monotonic()
            room.lull.kill()
            off = {}
            for when, topic, payload, _ in room.client.messages(10):
                if topic in HEATERS and payload == HEATER_OFF:
                    off.setdefault(topic, (when - begin) * 1e3)
                if len(off) == len(HEATERS):
                    break
            if len(off) < len(HEATERS):
                raise SystemExit("the broker did not say every OFF after a kill -9")
            kills.append(max(off.values()))
            room.lull.wait()
            starts.append(room.start())
    for at, name in enumerate(("start_to_first_off_ms", "start_to_all_off_ms", "start_to_online_ms")):
        found[name] = percentiles([one[at] for one in starts])
    found["sigterm_to_end_ms"] = percentiles(ends)
    found["kill_9_to_all_off_ms"] = percentiles(kills)
    with Room(program) as room:
        room.start()
        room.client.drain(3)
        say("STOP to OFF while 1,000 messages a second arrive")
        with Traffic(room, 1000):
            found["stop_in_traffic_ms"] = percentiles(room.stops(100 if quick else 1000, 0.04))
        say("how many messages a second Lull carries")
        rates = [2000, 5000, 10000, 20000, 30000, 40000, 60000, 80000]
        found["carries_per_s"] = 0
        for rate in rates:
            if not room.carries(rate):
                break
            found["carries_per_s"] = rate
        found["flood_per_s"] = 2 * max(found["carries_per_s"], rates[0])
        say(f"STOP to OFF in a flood of {found['flood_per_s']} a second")
        with Traffic(room, found["flood_per_s"]):
            found["stop_in_flood_ms"] = percentiles(room.stops(50 if quick else 500, 0.04))
    with Room(program, through_proxy=True) as room:
        room.start()
        room.client.drain(5)
        for name, count, apart in (("dense", 50 if quick else 1000, 0.02), ("sparse", 5 if quick else 60, 1 / 0.7)):
            say(f"own share of STOP to OFF, {name}")
            room.stops(count, apart)
            room.client.drain(0.5)
            room.proxy.send("results")
            taken = room.proxy.recv()
            found[f"own_share_pad_{name}_ms"] = percentiles([pad for pad, _ in taken])
            found[f"own_share_heater_{name}_ms"] = percentiles([heater for _, heater in taken])
    found["machine"]["load_after"] = round(os.getloadavg()[0], 2)
    return found


def say(text):
    print("·", text, file=sys.stderr, flush=True)


def table(found):
    """The lines of docs/BENCHMARKS.md."""
    spread = lambda p: f"{p['p50']} / {p['p90']} / {p['p99']} / {p['max']}"
    kb, size = found["memory_kb"], found["program_bytes"]
    own = found["own_share_pad_dense_ms"], found["own_share_heater_dense_ms"]
    rows = [
        ("memory, idle, 50 devices: resident", f"{kb['rss'] / 1024:.1f} MB", "15 MB"),
        ("· of it shared libraries", f"{kb['libraries_rss'] / 1024:.1f} MB ({kb['libraries_private'] / 1024:.1f} MB unshared)", ""),
        ("· of it heap and stacks", f"{kb['heap_and_stacks'] / 1024:.1f} MB", ""),
        ("memory, idle: proportional (PSS)", f"{kb['pss'] / 1024:.1f} MB", ""),
        ("start to first OFF, ms (50/90/99 %/max)", spread(found["start_to_first_off_ms"]), ""),
        ("start to all OFF, ms", spread(found["start_to_all_off_ms"]), "100 ms"),
        ("start to ready (status online), ms", spread(found["start_to_online_ms"]), "100 ms"),
        ("STOP to OFF through the broker, 50 a second, ms", spread(found["stop_to_off_dense_ms"]), ""),
        ("STOP to OFF through the broker, 0.7 a second, ms", spread(found["stop_to_off_sparse_ms"]), ""),
        ("STOP to OFF with 1,000 messages a second of others, ms", spread(found["stop_in_traffic_ms"]), "p99 5 ms"),
        ("messages a second that Lull carries", str(found["carries_per_s"]), ""),
        (f"STOP to OFF in a flood of {found['flood_per_s']} a second, none lost, ms", spread(found["stop_in_flood_ms"]),
         "p99 10 ms"),
        ("own share, massage pad, 50 a second, ms", spread(own[0]), "p99 1 ms"),
        ("own share, massage pad, 0.7 a second, ms", spread(found["own_share_pad_sparse_ms"]), "p99 1 ms"),
        ("own share, heater, 50 a second, ms", spread(own[1]), "p99 1 ms"),
        ("own share, heater, 0.7 a second, ms", spread(found["own_share_heater_sparse_ms"]), "p99 1 ms"),
        ("kill -9 to OFF by the wills, the last of eight, ms", spread(found["kill_9_to_all_off_ms"]), "50 ms"),
        ("SIGTERM to the end, all proved off, ms", spread(found["sigterm_to_end_ms"]), ""),
        ("CPU while idle", f"{found['idle']['cpu_percent']} %, {found['idle']['wakeups_per_s']} wake-ups a second", "4"),
        ("threads", str(found["threads"]), ""),
        ("program, stripped", f"{size['stripped'] / 1e6:.2f} MB", "4 MB"),
    ]
    lines = ["| what | measured | aim |", "|---|---|---|"]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--program", default=HERE.parent / "build/release/lull", type=pathlib.Path)
    options.add_argument("--quick", action="store_true", help="few samples, and no results.json")
    options.add_argument("--small", nargs="*", default=[], type=pathlib.Path, help="what the small ones found")
    args = options.parse_args()
    if not args.program.exists():
        raise SystemExit(f"there is no {args.program}: ./dev build")
    found = measure(args.program.resolve(), args.quick)
    found["command"] = "./dev bench" if args.small else "bench/run.py"
    found["small"] = {one["name"].removesuffix("/manual_time"): {key: round(value, 3) for key, value in one.items()
                                                                if key in ("cpu_time", "ns_per_event", "allocations",
                                                                           "allocations_per_event")} |
                      {"unit": one["time_unit"]}
                      for file in args.small for one in json.loads(file.read_text())["benchmarks"]}
    print(table(found))
    if not args.quick:
        (HERE / "results.json").write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
