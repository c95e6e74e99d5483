"""Who dies, how, and at which moment of a session: Lull, Zigbee2MQTT and the broker, killed, hung or stopped.

    crash_matrix_test.py LULL [PART...]    only the cases whose name contains one of these; --all: each way at each moment

After each: the heater is cold within one lease, nothing comes on when the dead one is back, no ON was without a lease,
and the ledger counts what the plug really gave. Most of a case is waiting for a lease or its renewal, so some run at a
time, each in a bedroom of its own (LULL_BEDROOMS, 3). Skipped with code 77 where the peer is not set up.
"""

from __future__ import annotations

import itertools
import os
import queue
import signal
import sqlite3
import sys
import threading
import time

from world import PATIENCE, SLACK, Failure, World, moment, need, over, skip_unless_set_up, wait
from zigbee2mqtt_setup import a_plug_that_keeps_its_time_limit_passes, until_conforming

LEASE, SCALE = 120, 30  # a household's own, the shortest; and how much faster the plug's timer runs once somebody died
WILL = 8.0              # after one and a half keep-alives of 5 s the broker speaks for a Lull that hangs
CONFIG = """
home: {name: Test, time_zone: ZONE}
broker: mqtt://127.0.0.1:PORT
http: {enabled: false}
limits: {heat_lease: 2min}
sleepers: [{name: Ana, side: left}]
devices:
  - {name: Foot warmer, is: heat_pad, speaks: zigbee2mqtt, at: foot_warmer, for: Ana}
  - {name: Bed strap, is: presence, speaks: zigbee2mqtt, at: bed_strap, for: Ana}
routines:
  warm the bed:
    for: 10min
    tracks:
      - {heat: Foot warmer, level: low}
"""
PLUG = "foot_warmer"


def on_times(told: list[dict]) -> list[float]:
    return [e["ontime"] / 10 for e in told if e["do"] == "on_with_timed_off"]


def play(w: World) -> int:
    """Wishes for heat. Returns where the peer's log stood before."""
    mark = w.mark()
    w.command(do="play", routine="warm the bed")
    return mark


# ---- the moments of a session: each brings the world there ----------------------------------------------------------

def at_the_start_up_sweep(w: World) -> None:
    w.do(PLUG, drop_next=2)  # so that the sweep goes on
    w.start_lull()


def before_on(w: World) -> None:
    evening(w)
    w.client.publish(w.topic("command"), '{"do": "play", "routine": "warm the bed"}')  # and that moment


def on_sent_unconfirmed(w: World) -> None:
    evening(w)
    w.do(PLUG, latency_ms=1500)  # it has obeyed and its answer is still on its way
    w.switched(PLUG, True, play(w))


def running(w: World) -> float:
    """Returns when the plug came on."""
    evening(w)
    on = w.switched(PLUG, True, play(w))
    wait("lull knows", lambda: w.said("device/foot_warmer/on") == "ON", lambda: w.attributes(PLUG))
    return moment(on)


def just_before_the_renewal(w: World) -> None:
    due = running(w) + LEASE / 2 - 2.5
    wait("it is nearly due", lambda: time.time() >= due, longer=LEASE / 2)


def renewal_sent(w: World) -> None:
    on, mark = running(w), w.mark()
    wait("the lease is renewed", lambda: [e for e in w.told(PLUG, mark) if moment(e) > on + LEASE / 4],
         lambda: w.told(PLUG, mark), LEASE / 2)


def during_off(w: World) -> None:
    running(w)
    mark = w.mark()
    w.do(PLUG, drop_next=3)  # both roads of the first OFF, and the first repeat
    w.command(do="stop_play")
    wait("the first OFF is lost", lambda: w.log(PLUG, "missed", mark), lambda: w.log(PLUG, "told,missed", mark))


def after_off(w: World) -> None:
    running(w)
    mark = w.mark()
    w.command(do="stop_play")
    w.switched(PLUG, False, mark)
    wait("lull has proof of off", lambda: w.attributes(PLUG).get("off_proved"))


MOMENTS = [at_the_start_up_sweep, before_on, on_sent_unconfirmed, running, just_before_the_renewal, renewal_sent,
           during_off, after_off]


def evening(w: World) -> None:
    """A lull that knows of no night before but of a passed set-up test, ready, and an empty bed."""
    w.start_lull()
    w.until_ready()
    until_conforming(w, PLUG)
    empty_bed(w)


def empty_bed(w: World) -> None:
    for presence, word in ((True, "ON"), (False, "OFF")):
        w.do("bed_strap", presence=presence)
        wait(f"the strap says {word}", lambda: w.said("sleeper/ana/in_bed") == word, w.lull.tail)


# ---- who dies, and how they come back -------------------------------------------------------------------------------

def strike(w: World, who: str, how: str) -> None:
    if who == "bridge":
        w.ask("/z2m", {"do": how})
        return
    program = w.lull if who == "lull" else w.broker
    if how == "kill":
        program.kill()
    elif how == "hang":
        program.signal(signal.SIGSTOP)
    else:
        program.signal(signal.SIGTERM)


def recover(w: World, who: str, how: str) -> None:
    if who == "bridge":
        w.ask("/z2m", {"do": "resume" if how == "hang" else "start"})
    elif how == "hang":
        (w.lull if who == "lull" else w.broker).signal(signal.SIGCONT)
    elif who == "lull":
        w.lull.process.wait(PATIENCE)
        w.start_lull(keep_state=True)
    else:
        w.broker.process.wait(PATIENCE)
        w.start_broker()


def settle(w: World, who: str, how: str) -> None:
    """Everybody is there again and Lull has proof that the plug is off, the session being over."""
    if who == "broker":
        w.listen()
        if how != "hang":  # it kept nothing on disk, and Zigbee2MQTT tells its list of devices only when it starts
            w.ask("/z2m", {"do": "stop"})
            w.ask("/z2m", {"do": "start"})
    w.command(do="stop_play")
    wait("lull has proof of off", lambda: w.attributes(PLUG).get("off_proved"), lambda: w.lull.tail(30))
    w.do(PLUG, drop_next=0)


# ---- what must hold -------------------------------------------------------------------------------------------------

def seconds_on(w: World, since: int) -> float:
    """What the plug really gave since then."""
    given, on_at = 0.0, None
    for entry in w.log(PLUG, "state", since):
        if entry["on"] and on_at is None:
            on_at = moment(entry)
        elif not entry["on"] and on_at is not None:
            given, on_at = given + moment(entry) - on_at, None
    return given + (time.time() - on_at if on_at else 0)


def seconds_kept(w: World) -> float:
    with sqlite3.connect(f"file:{w.state}/safety.db?mode=ro", uri=True) as ledger:
        return sum(row[0] for row in ledger.execute("SELECT on_ms FROM dose WHERE device = 'foot_warmer'")) / 1000


def case(w: World, when, who: str, how: str) -> str:
    began = w.mark()
    when(w)
    struck = time.time()
    strike(w, who, how)
    w.time_scale(SCALE)
    w.do(PLUG, latency_ms=15)
    limit = LEASE / SCALE + SLACK + (WILL if who == "lull" and how == "hang" else 0)

    def seen():
        return w.log(PLUG, "told,state", began)[-8:]
    # It may only just be coming on: the whole time is looked at, and when it went off is read from its own log.
    wait("a lease has passed", lambda: time.time() - struck > LEASE / SCALE + 1, longer=LEASE / SCALE)
    wait("cold within one lease", lambda: not w.truth(PLUG)["on"], seen)
    cold = max([0.0] + [moment(e) - struck for e in w.log(PLUG, "state", began) if not e["on"]])
    need("cold within one lease", cold <= limit, f"{cold:.1f} s of {limit:.1f}: {seen()}")
    w.time_scale(1)
    back = w.mark()
    recover(w, who, how)
    if who == "lull" and how != "hang":
        w.until_ready()
        need("nothing plays after a restart", w.said("plays") in ("", "[]"), w.said("plays"))
    settle(w, who, how)
    told = w.told(PLUG, back)
    if how == "hang":  # what waited in a socket comes out again, and OFF right behind it
        need("nothing that waited runs on", seconds_on(w, back) < 1 + SLACK, w.log(PLUG, "told,state", back))
    else:
        need("what it is told first is OFF", not told or told[0]["do"] == "off", told)
    if who == "lull" and how != "hang":
        need("nothing comes on after a restart", not any(e["on"] for e in w.log(PLUG, "state", back)), told)
    need("it is off", not w.truth(PLUG)["on"], w.truth(PLUG))
    night = w.told(PLUG, began)
    need("no ON was without a lease", not any(e["do"] in ("on", "toggle") for e in night)
         and all(0 < s <= LEASE for s in on_times(night)), night)
    given = seconds_on(w, began)
    w.lull.end(PATIENCE)
    kept = seconds_kept(w)
    # Charged ahead: a death can cost the rest of a lease, and never gives a second away.
    need("the ledger counts what was given", given - 1 <= kept <= given + LEASE + 5,
         f"{kept:.1f} s kept, {given:.1f} s given")
    if when is after_off:
        need("to the second, when it ended well", kept <= given + 6, f"{kept:.1f} s kept, {given:.1f} s given")
    return f"cold after {cold:.1f} s, {given:.1f} s given, {kept:.1f} s kept"


def cleared(w: World, since: int) -> bool:
    return any(not m.payload for m in w.client.since(since, f"zigbee2mqtt/{PLUG}/set"))


def a_planted_on(w: World) -> str:
    """Somebody retains an ON on the plug's command topic while nobody is there to hear it."""
    running(w)
    w.ask("/z2m", {"do": "kill"})
    w.lull.kill()
    w.client.publish(f"zigbee2mqtt/{PLUG}/set", '{"state":"ON"}', retain=True)
    w.time_scale(SCALE)
    wait("cold", lambda: not w.truth(PLUG)["on"], lambda: w.log(PLUG, "told,state")[-8:])
    w.time_scale(1)
    back, heard = w.mark(), w.client.mark()
    w.start_lull(keep_state=True)
    wait("it is cleared", lambda: cleared(w, heard), w.lull.tail)
    w.ask("/z2m", {"do": "start"})
    w.until_ready()
    need("and never obeyed", not any(e["on"] for e in w.log(PLUG, "state", back)), w.log(PLUG, "told,state", back))
    w.listen()
    need("nothing lies there any more", not any(m.retained for m in w.client.messages if m.topic.endswith("/set")))
    w.lull.end(PATIENCE)
    return "cleared"


def a_planted_on_while_lull_listens(w: World) -> str:
    running(w)
    w.ask("/z2m", {"do": "kill"})
    w.command(do="stop_play")
    heard = w.client.mark()
    w.client.publish(f"zigbee2mqtt/{PLUG}/set", '{"state":"ON"}', retain=True)
    wait("it is cleared", lambda: cleared(w, heard), w.lull.tail)
    w.time_scale(SCALE)
    wait("cold", lambda: not w.truth(PLUG)["on"], lambda: w.log(PLUG, "told,state")[-8:])
    w.time_scale(1)
    back = w.mark()
    w.ask("/z2m", {"do": "start"})
    wait("lull has proof of off", lambda: w.attributes(PLUG).get("off_proved"), w.lull.tail)
    need("and never obeyed", not any(e["on"] for e in w.log(PLUG, "state", back)), w.log(PLUG, "told,state", back))
    w.lull.end(PATIENCE)
    return "cleared"


ALL = list(itertools.product(MOMENTS, ("lull", "bridge", "broker"), ("kill", "hang", "stop")))
# Each moment with each of the three, and each way of dying with each: twice as many as a morning's tests need, a third
# of all there are.
CHOSEN = [(m, who, how) for i, m in enumerate(MOMENTS) for j, who in enumerate(("lull", "bridge", "broker"))
          for how in [("kill", "hang", "stop")[(i + j) % 3]]]


def main() -> int:
    skip_unless_set_up()
    lull, words = sys.argv[1], sys.argv[2:]
    cases = ALL if "--all" in words else CHOSEN
    words = [w for w in words if w != "--all"]
    named = [(f"{who}: {how} {when.__name__.replace('_', ' ')}", lambda w, c=(when, who, how): case(w, *c))
             for when, who, how in cases] + [("a planted on", a_planted_on), ("a planted on while lull listens", a_planted_on_while_lull_listens)]
    named = [n for n in named if not words or any(word in n[0] for word in words)]
    todo: queue.SimpleQueue = queue.SimpleQueue()
    for case_of in sorted(named, key=lambda n: "renewal" not in n[0]):  # the long ones first
        todo.put(case_of)
    failed, began = [], time.monotonic()
    bedrooms = min(int(os.environ.get("LULL_BEDROOMS", "3")), len(named))
    workers = [threading.Thread(target=bedroom, args=(lull, todo, failed)) for _ in range(bedrooms)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    done = len(named) - todo.qsize() - len(failed)  # also when time was up, or no bedroom could be had
    print(f"{done} of {len(named)} passed in {time.monotonic() - began:.0f} s")
    return 0 if done == len(named) else 1


def bedroom(lull: str, todo: queue.SimpleQueue, failed: list[str]) -> None:
    """One world of its own: its set-up test first, then one case after the other while there are any."""
    try:
        with World(lull, [PLUG, "bed_strap"], CONFIG) as w:
            w.start_lull()
            w.until_ready()
            empty_bed(w)
            a_plug_that_keeps_its_time_limit_passes(w)
            w.lull.end(PATIENCE)
            while not over.is_set():
                run(w, *todo.get_nowait(), failed)
    except queue.Empty:
        pass
    except Exception as failure:  # what it leaves is done by the others, or is missing at the end
        print(f"FAILED a bedroom: {type(failure).__name__}: {failure}", flush=True)


def run(w: World, name: str, test, failed: list[str]) -> None:
    start = time.monotonic()
    try:
        note = test(w)
        print(f"ok     {name} ({time.monotonic() - start:.0f} s: {note})", flush=True)
    except Exception as failure:
        failed.append(name)
        kind = "" if isinstance(failure, Failure) else f"{type(failure).__name__}: "
        print(f"FAILED {name} ({time.monotonic() - start:.0f} s)\n       {kind}{failure}", flush=True)
        mend(w)


def mend(w: World) -> None:
    """After a failure: everybody runs again, so that the next case says something of its own."""
    w.time_scale(1)
    w.do(PLUG, drop_next=0, latency_ms=15)
    for program in (w.lull, w.broker):
        program.signal(signal.SIGCONT)
    w.lull.kill()
    if w.broker.process.poll() is not None:
        w.start_broker()
    w.ask("/z2m", {"do": "resume"})
    w.ask("/z2m", {"do": "stop"})
    w.ask("/z2m", {"do": "start"})
    w.listen()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: over.set())  # ctest's timeout: end the others too
    sys.exit(main())
