#!/usr/bin/env python3
"""Measures the program as a whole, on a real mosquitto: how soon a STOP is an OFF, memory, start-up, size, idling, and
how soon the broker says OFF when Lull is killed. Prints a table and writes results.json beside this file.

    ./dev bench                    builds the program and the micro-benchmarks, runs those, then this
    bench/run.py --program FILE    this alone (--quick: fewer samples, to see that it works)
"""
import argparse
import json
import os
import pathlib
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time

from room import HEATER_OFF, HEATERS, Crowd, Room, Traffic, fast_ones, slow_ones

HERE = pathlib.Path(__file__).resolve().parent


def percentiles(samples):
    ordered = sorted(samples)
    at = lambda share: round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 3)
    return {"samples": len(ordered), "p50": at(0.5), "p90": at(0.9), "p99": at(0.99), "max": round(ordered[-1], 3)}


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

PARTS = {}  # by name, in this order; each gets the program, whether to be quick, and what was found so far


def part(work):
    PARTS[work.__name__] = work
    return work


@part
def idle(program, quick, found):
    """Memory, wake-ups, size."""
    found["program_bytes"] = program_size(program)
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


@part
def stop(program, quick, found):
    """STOP to OFF through the broker."""
    with Room(program) as room:
        room.start()
        room.client.drain(3)
        say("STOP to OFF, often")
        found["stop_to_off_dense_ms"] = percentiles(room.stops(50 if quick else 1000, 0.02))
        say("STOP to OFF, seldom (0.7 a second)")
        found["stop_to_off_sparse_ms"] = percentiles(room.stops(5 if quick else 60, 1 / 0.7))
        found["memory_after_stops_kb"] = memory(room.lull.pid)


@part
def start(program, quick, found):
    """Starts, ends, kills."""
    starts, kills, ends = [], [], []
    with Room(program) as room:
        starts.append(room.start())
        say("starts, ends, kills")
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


@part
def traffic(program, quick, found):
    """STOP to OFF while others talk: 1,000 messages a second, and twice what Lull carries."""
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


@part
def web(program, quick, found):
    """STOP by MQTT to OFF while the web door is stormed: 1,000 who never finish asking, and eight who ask all the time."""
    count = 100 if quick else 1000
    with Room(program) as room:
        room.start()
        room.client.drain(3)
        say("STOP to OFF, the web door quiet")
        found["stop_web_quiet_ms"] = percentiles(room.stops(count, 0.02))
        before = memory(room.lull.pid)["rss"]
        say("STOP to OFF while 1,000 browsers never finish asking")
        with Crowd(room, slow_ones, 1000) as crowd:
            found["stop_web_slow_ms"] = percentiles(room.stops(count, 0.02))
        found["web_slow_begun"] = crowd.done
        say("STOP to OFF while eight browsers ask as fast as they can")
        with Crowd(room, fast_ones, 8) as crowd:
            found["stop_web_fast_ms"] = percentiles(room.stops(count, 0.02))
        found["web_fast_per_s"] = round(crowd.done / crowd.seconds)
        found["web_grew_kb"] = memory(room.lull.pid)["rss"] - before


@part
def echo(program, quick, found):
    """The same with an echo in Lull's place: one that says the pad's OFF and a heater's, and one that says all twenty as Lull does."""
    for name, whole in (("echo", False), ("echo_of_all", True)):
        say(f"STOP to OFF with {name.replace('_', ' ')} in Lull's place")
        with Room(program) as room:
            room.start_echo(whole)
            with Traffic(room, 1000):
                found[f"{name}_in_traffic_ms"] = percentiles(room.stops(100 if quick else 1000, 0.04))
            with Traffic(room, found.get("flood_per_s", 40000)):
                found[f"{name}_in_flood_ms"] = percentiles(room.stops(50 if quick else 500, 0.04))
        with Room(program, through_proxy=True) as room:
            room.start_echo(whole)
            room.stops(50 if quick else 1000, 0.02)
            found[f"own_share_{name}_ms"] = percentiles([pad for pad, _ in room.own_shares()])


@part
def own(program, quick, found):
    """Lull's own share of STOP to OFF."""
    with Room(program, through_proxy=True) as room:
        room.start()
        room.client.drain(5)
        for name, count, apart in (("dense", 50 if quick else 1000, 0.02), ("sparse", 5 if quick else 60, 1 / 0.7)):
            say(f"own share of STOP to OFF, {name}")
            room.stops(count, apart)
            room.client.drain(0.5)
            taken = room.own_shares()
            found[f"own_share_pad_{name}_ms"] = percentiles([pad for pad, _ in taken])
            found[f"own_share_heater_{name}_ms"] = percentiles([heater for _, heater in taken])


def measure(program, quick, only):
    found = {"machine": machine()}
    for name, work in PARTS.items():
        if name in only or not only:
            work(program, quick, found)
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
        ("· an echo in its place, ms", spread(found["echo_in_traffic_ms"]), ""),
        ("· an echo that says all twenty OFFs, ms", spread(found["echo_of_all_in_traffic_ms"]), ""),
        ("STOP to OFF while 1,000 browsers never finish asking, ms", spread(found["stop_web_slow_ms"]), "p99 5 ms"),
        (f"STOP to OFF while eight browsers have {found['web_fast_per_s']} answers a second, ms",
         spread(found["stop_web_fast_ms"]), "p99 5 ms"),
        ("messages a second that Lull carries", str(found["carries_per_s"]), ""),
        (f"STOP to OFF in a flood of {found['flood_per_s']} a second, none lost, ms", spread(found["stop_in_flood_ms"]),
         "p99 10 ms"),
        ("· an echo that hears nothing else, ms", spread(found["echo_in_flood_ms"]), ""),
        ("· the same that says all twenty, ms", spread(found["echo_of_all_in_flood_ms"]), ""),
        ("own share, massage pad, 50 a second, ms", spread(own[0]), "p99 1 ms"),
        ("own share, massage pad, 0.7 a second, ms", spread(found["own_share_pad_sparse_ms"]), "p99 1 ms"),
        ("own share, heater, 50 a second, ms", spread(own[1]), "p99 1 ms"),
        ("own share, heater, 0.7 a second, ms", spread(found["own_share_heater_sparse_ms"]), "p99 1 ms"),
        ("· an echo's own share, 50 a second, ms", spread(found["own_share_echo_ms"]), ""),
        ("· of one that says all twenty, ms", spread(found["own_share_echo_of_all_ms"]), ""),
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
    options.add_argument("--only", nargs="+", choices=list(PARTS), default=[],
                         help="some parts alone: what they found is printed as JSON and written nowhere")
    options.add_argument("--small", nargs="*", default=[], type=pathlib.Path, help="what the small ones found")
    args = options.parse_args()
    if not args.program.exists():
        raise SystemExit(f"there is no {args.program}: ./dev build")
    found = measure(args.program.resolve(), args.quick, args.only)
    if args.only:
        print("\n".join(f"{name}: {json.dumps(value)}" for name, value in found.items()))
        return
    found["command"] = "./dev bench" if args.small else "bench/run.py"
    found["small"] = {one["name"].removesuffix("/manual_time"): {key: round(value, 3) for key, value in one.items()
                                                                if key in ("cpu_time", "ns_per_event", "allocations",
                                                                           "allocations_per_event", "bytes")} |
                      {"unit": one["time_unit"]}
                      for file in args.small for one in json.loads(file.read_text())["benchmarks"]}
    print(table(found))
    if not args.quick:
        (HERE / "results.json").write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
