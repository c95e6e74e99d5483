#!/usr/bin/env python3
"""How long Home Assistant and Lull take together: from an action in the real Home Assistant to the command on a device's
topic, and until two hundred entities are there.

    bench/home_assistant.py [LULL]      build/release/lull, if left out. Needs the peer: ./dev bench --peers sets it up

Prints Markdown for docs/BENCHMARKS.md. Three times are told of each action: all of it, from the call at Home Assistant's
door; Home Assistant's part, until its wish is on the broker; and Lull's, from there to the device's topic.
"""
import json
import pathlib
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/e2e"))
from home_assistant import Client, until, why_not  # noqa: E402
from lull_at_home import Room  # noqa: E402

TIMES, PADS = 40, 34
HOUSE = """
home: {{time_zone: UTC}}
broker: mqtt://127.0.0.1:{port}
http: {{enabled: false}}
sleepers: [{{name: Ana}}]
devices:
  - {{name: Leg massage, is: massage_pad, speaks: esphome, at: lull/pad/left, for: Ana}}
{more}"""
MANY = "".join(f"  - {{name: Pad {i}, is: massage_pad, speaks: esphome, at: lull/pad/{i}}}\n" for i in range(PADS))


class Bed(Room):
    def house(self, more):
        return HOUSE.format(port=self.port, more=more)


def spread(values):
    values = sorted(1000 * v for v in values)
    at = [values[min(len(values) - 1, int(len(values) * share))] for share in (0.5, 0.9, 0.99)]
    return " / ".join(f"{v:.1f}" for v in (*at, values[-1]))


COMMAND = "lull/pad/left/number/vibration/command"


def measure(room, door):
    ear = Client(room.port)
    ear.subscribe("#")
    until(lambda: door.state("binary_sensor.leg_massage_reachable"), "on")
    until(lambda: door.state("sensor.lull_status"), "ready")
    ways = {"start": ([], [], []), "end": ([], [], [])}
    for i in range(2 * TIMES):
        what, service, level = (("start", "turn_on", {"percentage": 30}), ("end", "turn_off", {}))[i % 2]
        mark, began = ear.mark(), time.time()
        door.do("fan", service, "fan.leg_massage", **level)
        wish = ear.wait("lull/+/device/+/+/set", since=mark)
        done = ear.wait(COMMAND, lambda p, starts=what == "start": (float(p) > 0) == starts, since=mark, within=20)
        if not wish or not done:
            sys.exit(f"{service} without an answer: " + str(door.attribute("fan.leg_massage", "why")))
        for times, value in zip(ways[what], (done.at - began, wish.at - began, done.at - wish.at)):
            times.append(value)
        until(lambda: door.state("fan.leg_massage"), "on" if what == "start" else "off")
        time.sleep(1.2)  # what is measured is the way, and not how gently a level may follow another
    stop = ([], [])
    for _ in range(10):
        door.do("fan", "turn_on", "fan.leg_massage", percentage=30)
        until(lambda: door.state("fan.leg_massage"), "on")
        time.sleep(1.2)
        mark, began = ear.mark(), time.time()
        door.do("switch", "turn_off", "switch.lull")
        wish, off = ear.wait("lull/+/hub/on/set", since=mark), ear.wait(COMMAND, lambda p: float(p) == 0, since=mark)
        stop[0].append(off.at - began), stop[1].append(off.at - wish.at)
        until(lambda: door.state("switch.lull"), "off")
        door.do("switch", "turn_on", "switch.lull")
        until(lambda: door.state("switch.lull"), "on")
    ear.close()
    return ways, stop


def discovers(room, door):
    """A Lull that Home Assistant has never seen: until its last device is announced, until all of its entities are
    registered, and until none of them is unavailable."""
    room.end_lull()
    (room.folder / "state").rename(room.folder / "state-before")  # another install: all of its ids are new
    ear = Client(room.port)
    ear.subscribe("homeassistant/device/+/config")
    time.sleep(1)
    mark, known, began = ear.mark(), set(door.ours()), time.time()
    room.start_lull(MANY)
    ear.wait("homeassistant/device/+/config", since=mark, within=30)
    until(lambda: time.time() - ear.messages[-1].at > 2, True)  # nothing more is announced
    announced = [m for m in ear.since(mark) if m.payload]
    wanted = {c["unique_id"] for m in announced for c in json.loads(m.payload)["components"].values()}
    # Home Assistant writes down when it registered each, so that nobody has to disturb it by asking.
    until(lambda: wanted <= set(door.ours()), True)
    there = [one for one in door.ours().values() if one["unique_id"] in wanted - known]
    dead = {one["entity_id"] for one in there} & until(lambda: door.dead() & {one["entity_id"] for one in there}, set())
    ear.close()
    registered = max((one.get("created_at", 0) for one in there), default=0)
    return len(there), announced[-1].at - began, registered - began, len(dead)


def main():
    if skipped := why_not():
        print("skipped:", skipped)
        return 77
    with tempfile.TemporaryDirectory(prefix="lull-bench-") as folder:
        room = Bed(sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "build/release/lull"), pathlib.Path(folder))
        try:
            room.start_broker()
            room.start_pad()
            door = room.start_home()
            room.start_lull()
            ways, stop = measure(room, door)
            count, announced, registered, dead = discovers(room, door)
        finally:
            room.end(room.lull, room.pad)
    print(f"| what ({TIMES} times; 50/90/99 %/max) | ms |\n|---|---|")
    for what, service, to in (("start", "turn_on with 30 %", "first level"), ("end", "turn_off", "OFF")):
        all_of_it, theirs, ours = ways[what]
        print(f"| fan.{service} in Home Assistant to the {to} on the pad's topic | {spread(all_of_it)} |")
        print(f"| · of it Home Assistant, until the wish is on the broker | {spread(theirs)} |")
        print(f"| · of it Lull, from the wish to the command | {spread(ours)} |")
    print(f"| STOP (switch.lull off) while it runs to the OFF on the pad's topic, 10 times | {spread(stop[0])} |")
    print(f"| · of it Lull | {spread(stop[1])} |")
    print(f"| start of a new Lull until its last of {count} entities is announced | {1000 * announced:.0f} |")
    print(f"| · until the last of them is registered in Home Assistant, {dead} of them unavailable then | {1000 * registered:.0f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
