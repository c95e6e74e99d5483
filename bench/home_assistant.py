#!/usr/bin/env python3
"""How long Home Assistant and Lull take together: from an action in the real Home Assistant to the command on a device's
topic, and until two hundred entities are there.

    bench/home_assistant.py [LULL]      build/release/lull, if left out. Needs the peer (./dev peers true sets it up)

Prints Markdown for docs/BENCHMARKS.md. Three times are told of each action: all of it, from the call at Home Assistant's
door; Home Assistant's part, until its wish is on the broker; and Lull's, from there to the device's topic.
"""
import pathlib
import statistics
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/e2e"))
from home_assistant import Client, until, why_not  # noqa: E402
from lull_at_home import Room  # noqa: E402

TIMES, PADS = 60, 28
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


def measure(room, door):
    ear = Client(room.port)
    ear.subscribe("#")
    until(lambda: door.state("binary_sensor.leg_massage_reachable"), "on")
    until(lambda: door.state("sensor.lull_status"), "ready")
    door.do("fan", "turn_on", "fan.leg_massage")
    until(lambda: door.state("fan.leg_massage"), "on")
    all_of_it, theirs, ours = [], [], []
    for i in range(TIMES):
        if i % 20 == 19:  # a person may massage for no more than so long; what is measured is the way, not the motor
            time.sleep(1)
        level, mark = 20 + i % 2 * 10, ear.mark()
        began = time.time()
        door.do("fan", "set_percentage", "fan.leg_massage", percentage=level)
        wish = ear.wait("lull/+/device/+/level/set", since=mark)
        done = ear.wait("lull/pad/left/number/vibration/command", lambda p: float(p) == level, since=mark, within=20)
        if wish and done:
            all_of_it.append(done.at - began), theirs.append(wish.at - began), ours.append(done.at - wish.at)
        time.sleep(0.3)
    stop = []
    for _ in range(10):
        mark = ear.mark()
        began = time.time()
        door.do("switch", "turn_off", "switch.lull")
        stop.append(ear.wait("lull/pad/left/number/vibration/command", lambda p: float(p) == 0, since=mark).at - began)
        door.do("switch", "turn_on", "switch.lull")
        until(lambda: door.state("switch.lull"), "on")
    ear.close()
    return all_of_it, theirs, ours, stop


def discovers(room, door):
    room.end_lull()
    until(door.ours, {})
    began = time.monotonic()
    room.start_lull(MANY)
    last, count = began, 0
    while time.monotonic() - last < 5:  # all there when nothing has come for five seconds
        now = len(door.ours())
        if now != count:
            last, count = time.monotonic(), now
    dead = until(door.dead, set())
    return count, last - began, len(dead)


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
            all_of_it, theirs, ours, stop = measure(room, door)
            count, took, dead = discovers(room, door)
        finally:
            room.end(room.lull, room.pad)
    print(f"| what ({len(all_of_it)} times; 50/90/99 %/max) | ms |\n|---|---|")
    print(f"| fan.set_percentage in Home Assistant to the command on the pad's topic | {spread(all_of_it)} |")
    print(f"| · of it Home Assistant, until the wish is on the broker | {spread(theirs)} |")
    print(f"| · of it Lull, from the wish to the command | {spread(ours)} |")
    print(f"| STOP (switch.lull off) to OFF on the pad's topic, 10 times | {spread(stop)} |")
    print(f"| start of Lull until {count} entities are registered in Home Assistant, {dead} of them not live | {1000 * took:.0f} |")
    print(f"\nMedian share of Lull: {100 * statistics.median(ours) / statistics.median(all_of_it):.0f} %")
    return 0


if __name__ == "__main__":
    sys.exit(main())
