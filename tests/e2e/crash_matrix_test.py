"""Who dies, how, and at which moment of a session: Lull, Zigbee2MQTT and the broker, killed, hung or stopped.

    crash_matrix_test.py LULL [PART...]    only the cases whose name contains one of these; --all: each way at each moment

After each: the heater is cold within one lease, nothing comes on when the dead one is back, no ON was without a lease,
and the ledger counts what the plug really gave. Skipped with code 77 where the peer is not set up.
"""

from __future__ import annotations

import datetime
import itertools
import signal
import sqlite3
import sys
import time

from world import Failure, World, moment, need, skip_unless_set_up, wait

LEASE, SCALE = 120, 30  # a household's own, the shortest; and how much faster the plug's timer runs once somebody died
WILL = 8.0              # after one and a half keep-alives of 5 s the broker speaks for a Lull that hangs
SLACK = 3.0             # for a busy machine
CONFIG = """
home: {name: Test, time_zone: UTC}
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
    w.do(PLUG, mute_next=1)  # it obeys and does not answer
    w.switched(PLUG, True, play(w))


def running(w: World) -> None:
    evening(w)
    w.switched(PLUG, True, play(w))
    wait("lull knows", lambda: w.said("device/foot_warmer/on") == "ON", 10)
    time.sleep(1)


def just_before_the_renewal(w: World) -> None:
    running(w)
    time.sleep(LEASE / 2 - 2.5)


def renewal_sent(w: World) -> None:
    evening(w)
    mark = play(w)
    wait("the lease is renewed", lambda: len(on_times(w.told(PLUG, mark))) >= 2, LEASE / 2 + 15)


def during_off(w: World) -> None:
    running(w)
    w.do(PLUG, drop_next=3)  # both roads of the first OFF, and the first repeat
    w.command(do="stop_play")


def after_off(w: World) -> None:
    running(w)
    mark = w.mark()
    w.command(do="stop_play")
    w.switched(PLUG, False, mark)
    wait("lull has proof of off", lambda: w.attributes(PLUG).get("off_proved"), 15)


MOMENTS = [at_the_start_up_sweep, before_on, on_sent_unconfirmed, running, just_before_the_renewal, renewal_sent,
           during_off, after_off]


def evening(w: World) -> None:
    """A lull that knows of no night before, ready, and an empty bed."""
    w.start_lull()
    w.until_ready()
    for presence, word in ((True, "ON"), (False, "OFF")):
        w.do("bed_strap", presence=presence)
        wait(f"the strap says {word}", lambda: w.said("sleeper/ana/in_bed") == word, 10)


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
        w.lull.process.wait(20)
        w.start_lull(keep_state=True)
    else:
        w.broker.process.wait(20)
        w.start_broker()


def settle(w: World, who: str, how: str) -> None:
    """Everybody is there again and Lull has proof that the plug is off, the session being over."""
    if who == "broker":
        w.listen()
        if how != "hang":  # it kept nothing on disk, and Zigbee2MQTT tells its list of devices only when it starts
            w.ask("/z2m", {"do": "stop"})
            w.ask("/z2m", {"do": "start"})
    w.command(do="stop_play")
    wait("lull has proof of off", lambda: w.attributes(PLUG).get("off_proved"), 40, lambda: w.lull.tail(30))


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
    limit = LEASE / SCALE + SLACK + (WILL if who == "lull" and how == "hang" else 0)
    # It may only just be coming on: the whole time is looked at, and at its end it is cold.
    wait("cold within one lease", lambda: time.time() - struck > 1.5 and not w.truth(PLUG)["on"], limit,
         lambda: w.log(PLUG, "told,state", began)[-8:])
    cold = time.time() - struck
    time.sleep(max(0.0, LEASE / SCALE + 1 - cold))  # and stays so until the dead one is back
    need("it stays cold", not w.truth(PLUG)["on"], w.log(PLUG, "told,state", began)[-8:])
    w.time_scale(1)
    back = w.mark()
    recover(w, who, how)
    if who == "lull" and how != "hang":
        w.until_ready(30)
        need("nothing plays after a restart", w.said("plays") in ("", "[]"), w.said("plays"))
    settle(w, who, how)
    told = w.told(PLUG, back)
    if how == "hang":  # what waited in a socket comes out again, and OFF right behind it
        need("nothing that waited runs on", seconds_on(w, back) < 1, w.log(PLUG, "told,state", back))
    else:
        need("what it is told first is OFF", not told or told[0]["do"] == "off", told)
    if who == "lull" and how != "hang":
        need("nothing comes on after a restart", not any(e["on"] for e in w.log(PLUG, "state", back)), told)
    need("it is off", not w.truth(PLUG)["on"], w.truth(PLUG))
    night = w.told(PLUG, began)
    need("no ON was without a lease", not any(e["do"] in ("on", "toggle") for e in night)
         and all(0 < s <= LEASE for s in on_times(night)), night)
    given = seconds_on(w, began)
    w.lull.end(20)
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
    wait("cold within one lease", lambda: not w.truth(PLUG)["on"], LEASE / SCALE + SLACK)
    w.time_scale(1)
    back, heard = w.mark(), w.client.mark()
    w.start_lull(keep_state=True)
    wait("it is cleared", lambda: cleared(w, heard), 10, w.lull.tail)
    w.ask("/z2m", {"do": "start"})
    w.until_ready(30)
    need("and never obeyed", not any(e["on"] for e in w.log(PLUG, "state", back)), w.log(PLUG, "told,state", back))
    w.listen()
    need("nothing lies there any more", not any(m.retained for m in w.client.messages if m.topic.endswith("/set")))
    w.lull.end(20)
    return "cleared"


def a_planted_on_while_lull_listens(w: World) -> str:
    running(w)
    w.ask("/z2m", {"do": "kill"})
    w.command(do="stop_play")
    heard = w.client.mark()
    w.client.publish(f"zigbee2mqtt/{PLUG}/set", '{"state":"ON"}', retain=True)
    wait("it is cleared", lambda: cleared(w, heard), 5, w.lull.tail)
    w.time_scale(SCALE)
    wait("cold within one lease", lambda: not w.truth(PLUG)["on"], LEASE / SCALE + SLACK)
    w.time_scale(1)
    back = w.mark()
    w.ask("/z2m", {"do": "start"})
    wait("lull has proof of off", lambda: w.attributes(PLUG).get("off_proved"), 30, w.lull.tail)
    need("and never obeyed", not any(e["on"] for e in w.log(PLUG, "state", back)), w.log(PLUG, "told,state", back))
    w.lull.end(20)
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
    failed, began = 0, time.monotonic()
    with World(lull, [PLUG, "bed_strap"], CONFIG) as w:
        for name, test in named:
            start = time.monotonic()
            try:
                note = test(w)
                print(f"ok     {name} ({time.monotonic() - start:.0f} s: {note})", flush=True)
            except (Failure, AttributeError, KeyError) as failure:
                failed += 1
                print(f"FAILED {name} ({time.monotonic() - start:.0f} s)\n       {failure}", flush=True)
                mend(w)
    print(f"{len(named) - failed} of {len(named)} passed in {time.monotonic() - began:.0f} s")
    return 1 if failed else 0


def mend(w: World) -> None:
    """After a failure: everybody runs again, so that the next case says something of its own."""
    w.time_scale(1)
    w.do(PLUG, drop_next=0, mute_next=0)
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
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # ctest's timeout: end the others too
    sys.exit(main())
