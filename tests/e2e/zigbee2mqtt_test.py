"""The night's work on the real Zigbee2MQTT: heat on a lease, a wind-down, massage, restless legs, and every sudden death.

    zigbee2mqtt_test.py LULL [NAME...]     LULL: the program; NAME: only those tests (each needs its own start then)

Skipped with code 77 where the peer is not set up (./dev peers zigbee2mqtt). What a device did is read from the device
itself, which lives in another process than Zigbee2MQTT. About five minutes, most of it one real lease and its renewal.
"""

from __future__ import annotations

import json
import signal
import sys
import time

from world import Failure, World, moment, need, skip_unless_set_up, wait

DEVICES = ["foot_warmer", "old_plug", "heat_pad", "massage", "lamp", "bed_strap", "room_presence", "vibe_leg"]
LEASE = 300  # seconds; devices/safety/limits.hpp
CONFIG = """
home: {name: Test, time_zone: UTC}
broker: mqtt://127.0.0.1:PORT
http: {enabled: false}
sleepers:
  - {name: Ana, side: left}
  - {name: Ben, side: right, detector: {need: 2, window: 3min, get_in_time: 0s}}
devices:
  - {name: Foot warmer, is: heat_pad, speaks: zigbee2mqtt, at: foot_warmer, for: Ana}
  - {name: Old plug, is: heat_pad, speaks: zigbee2mqtt, at: old_plug, for: Ana}
  - {name: Heat pad, is: heat_pad, speaks: zigbee2mqtt, at: bedroom/heat_pad, for: Ana}
  - {name: Leg massage, is: massage_pad, speaks: zigbee2mqtt, at: leg_massage, for: Ben}
  - {name: Bedside lamp, is: light, speaks: zigbee2mqtt, at: Bedroom lamp}
  - {name: Bed strap, is: presence, speaks: zigbee2mqtt, at: bed_strap, for: Ana}
  - {name: Room presence, is: presence, speaks: zigbee2mqtt, at: room_presence, for: Ben}
  - {name: Leg sensor, is: movement, speaks: zigbee2mqtt, at: leg_vibration, for: Ben}
routines:
  warm the bed:
    for: 2min
    tracks:
      - {heat: Foot warmer, level: low}
  dim:
    for: 1min
    tracks:
      - {light: Bedside lamp, from: 60%, to: 5%, over: 40s, kelvin: 2200, then: off}
  massage:
    for: 1min
    tracks:
      - {massage: Leg massage, level: 40%, ramp_up: 10s, ramp_down: 10s}
  relief:
    like: massage
    only: [massage]
    scale: 60%
    ramp_up: 10s
    ramp_down: 10s
  both:
    for: 10min
    tracks:
      - {heat: Foot warmer, level: low}
      - {massage: Leg massage, level: 40%, ramp_up: 1s}
rules:
  - {name: Restless at night, when: {restless: Ben}, if: [{in_bed: Ben}], limits: {per_night: 2}, play: relief}
"""


def on_times(told: list[dict]) -> list[float]:
    """The device's own time limit in seconds, of every command that set one."""
    return [e["ontime"] / 10 for e in told if e["do"] == "on_with_timed_off"]


def empty_bed(w: World) -> None:
    for presence, word in ((True, "ON"), (False, "OFF")):
        w.do("bed_strap", presence=presence)
        wait(f"the strap says {word}", lambda: w.said("sleeper/ana/in_bed") == word, 10,
             lambda: w.said("sleeper/ana/in_bed"))


def warm(w: World, routine: str = "warm the bed") -> int:
    """Heat runs. Returns where the peer's log stood before."""
    mark = w.mark()
    w.command(do="play", routine=routine)
    w.switched("foot_warmer", True, mark)
    return mark


def fresh_night(w: World) -> None:
    """A lull that knows of no night before, ready, with Ana's bed empty."""
    w.time_scale(1)
    w.start_lull()
    w.until_ready()
    empty_bed(w)


# ---- one evening, in the order of the night -------------------------------------------------------------------------

def everything_is_off_before_anything_else(w: World) -> None:
    w.do("foot_warmer", button="on")
    w.do("heat_pad", button="on")
    mark = w.mark()
    w.start_lull()
    w.until_on("foot_warmer", False)
    w.until_on("heat_pad", False)
    w.until_ready()
    for device in ("foot_warmer", "massage", "heat_pad"):
        told = w.told(device, mark)
        need(f"the first thing {device} is told is OFF", told and told[0]["do"] == "off", told)
        need(f"{device} is told nothing but OFF", all(e["do"] == "off" for e in told), told)
    need("lull has proof that the foot warmer is off", w.attributes("foot_warmer")["off_proved"])
    need("after a power cut the foot warmer comes back off", w.truth("foot_warmer")["power_on"] == 0,
         w.truth("foot_warmer"))


def heat_begins_on_a_lease_in_an_empty_bed(w: World) -> None:
    empty_bed(w)
    w.heat_mark = warm(w)
    w.heat_began = time.monotonic()
    told = w.told("foot_warmer", w.heat_mark)
    need("its only command is an ON with a time limit of its own, at most one lease",
         [e["do"] for e in told] == ["on_with_timed_off"] and 0 < on_times(told)[0] <= LEASE, told)
    truth = w.truth("foot_warmer")
    need("the plug counts down by itself", 0 < truth["timer_left_s"] <= LEASE and truth["timer_kind"] == "off", truth)
    need("it heats", truth["watts"] == 60, truth)
    wait("lull knows that it is on", lambda: w.said("device/foot_warmer/on") == "ON", 10)


def the_wind_down_dims_the_lamp_by_one_fade(w: World) -> None:
    mark = w.mark()
    w.command(do="play", routine="dim")
    wait("it begins at 60 %", lambda: w.truth("lamp")["level"] == 152, 5, lambda: w.truth("lamp"))

    def fades():
        return [e for e in w.told("lamp", mark) if e.get("transition_s") and e["do"] == "move_to_level"]
    wait("the lamp is told to fade", fades, 10, lambda: w.told("lamp", mark))
    w.lamp_mark = mark
    wait("its level falls", lambda: 60 < w.truth("lamp")["level"] < 132, 20, lambda: w.truth("lamp"))
    need("by one command with a transition of about 40 s",
         len(fades()) == 1 and 35 <= fades()[0]["transition_s"] <= 40 and fades()[0]["level"] == 13, fades())
    need("in the colour of candle light", w.truth("lamp")["mired"] == 454, w.truth("lamp"))


def vibrations_of_the_legs_cause_a_replay(w: World) -> None:
    w.do("room_presence", presence=True)
    wait("Ben is in bed", lambda: w.said("sleeper/ben/in_bed") == "ON")
    mark, began = w.mark(), time.monotonic()
    for at in (0, 22, 44, 64):  # movements spread over more than a third of the window
        wait("time passes", lambda: time.monotonic() - began >= at, 70)
        need("nothing plays before the legs are restless", not w.told("massage", mark), w.told("massage", mark))
        w.do("vibe_leg", vibrate=True)
    wait("lull says that Ben is restless", lambda: w.said("sleeper/ben/episodes") == "1", 10,
         lambda: w.said("sleeper/ben/attributes"))
    w.switched("massage", True, mark)
    need("the relief plays because of the rule", "relief" in w.said("plays") and "Restless at night" in w.said("plays"),
         w.said("plays"))
    wait("the replay is counted", lambda: w.said("sleeper/ben/replays") == "1", 5, lambda: w.said("sleeper/ben/replays"))
    w.relief_mark = mark


def heat_is_renewed_and_ends_proved_with_its_routine(w: World) -> None:
    def renewals():
        return on_times(w.told("foot_warmer", w.heat_mark))
    wait("the lease is renewed", lambda: len(renewals()) >= 2, 110, renewals)
    need("not before it is due", 95 <= time.monotonic() - w.heat_began <= 112, time.monotonic() - w.heat_began)
    need("each lease is at most 300 s", all(0 < s <= LEASE for s in renewals()), renewals())
    w.switched("foot_warmer", False, w.heat_mark, 30)
    lasted = time.monotonic() - w.heat_began
    need("it ends with its routine of two minutes", 117 <= lasted <= 126, lasted)
    truth = w.truth("foot_warmer")
    need("it is off, draws nothing and counts nothing", not truth["on"] and truth["watts"] == 0
         and "timer_left_s" not in truth, truth)
    wait("lull has the proof, watts included",
         lambda: w.attributes("foot_warmer")["off_proved"] and w.attributes("foot_warmer").get("watts") == 0, 15,
         lambda: w.attributes("foot_warmer"))


def the_replay_is_gentle_leased_and_ends(w: World) -> None:
    w.switched("massage", False, w.relief_mark, 70)
    told = w.told("massage", w.relief_mark)
    need("every ON of the dimmer has a time limit of its own", on_times(told) and all(0 < s <= LEASE
         for s in on_times(told)) and not any(e["do"] == "on" for e in told), told)
    levels = [e["level"] for e in told if e["do"] == "move_to_level"]
    need("it rises to 24 % (60 % of 40 %) and no further", max(levels) == 61, levels)
    need("it rises gently", levels[0] < 31, levels)
    need("nothing of it fades by itself, which would drop the time limit",
         not any(e.get("transition_s") for e in told), told)


def the_lamp_goes_off_at_the_end(w: World) -> None:
    w.switched("lamp", False, w.lamp_mark, 30)


def massage_on_the_dimmer_reaches_its_level_and_ends(w: World) -> None:
    mark = w.mark()
    w.command(do="play", routine="massage")
    wait("40 % are reached", lambda: w.truth("massage")["level"] == 102, 25, lambda: w.truth("massage"))
    truth = w.truth("massage")
    need("the dimmer counts down by itself", truth["on"] and 0 < truth["timer_left_s"] <= LEASE, truth)
    w.command(do="stop_play", routine="massage")
    w.switched("massage", False, mark)
    wait("lull has the proof", lambda: w.attributes("leg_massage")["off_proved"], 15)


def heat_ends_at_once_when_somebody_gets_into_bed(w: World) -> None:
    mark = warm(w)
    began = time.time()
    w.do("bed_strap", presence=True)
    took = moment(w.switched("foot_warmer", False, mark)) - began
    need("it is off within a second", took <= 1, f"{took:.2f} s")
    wait("lull says why", lambda: w.attributes("foot_warmer")["refusal"] == "in_bed_unmeasured", 5,
         lambda: w.attributes("foot_warmer"))
    w.command(do="stop_play")
    return f"{took * 1000:.0f} ms"


def a_plug_that_refuses_a_time_limit_never_heats(w: World) -> None:
    empty_bed(w)
    mark = w.mark()
    w.command(do="set", device="old_plug", level=40)
    wait("lull gives it up", lambda: w.attributes("old_plug").get("faulty"), 25, lambda: w.attributes("old_plug"))
    need("it was never on", not any(e["on"] for e in w.log("old_plug", "state", mark)), w.log("old_plug", "state", mark))
    need("it was never told a plain ON", not any(e["do"] in ("on", "toggle") for e in w.told("old_plug", mark)),
         w.told("old_plug", mark))
    why = w.attributes("old_plug")["why"]
    need("the refusal says which step failed", "on_time" in why, why)
    w.command(do="set", device="old_plug", level=0)
    return why


def a_plug_that_toggles_is_refused_with_the_remedy(w: World) -> None:
    mark = w.mark()
    w.command(do="set", device="heat_pad", level=40)
    wait("lull refuses", lambda: w.attributes("heat_pad").get("refusal") == "timer_missing", 10,
         lambda: w.attributes("heat_pad"))
    why = w.attributes("heat_pad")["why"]
    need("it says what is wrong and what to do", "countdown" in why and "choose a plug" in why, why)
    need("it was told nothing but OFF", all(e["do"] == "off" for e in w.told("heat_pad", mark)),
         w.told("heat_pad", mark))
    w.command(do="set", device="heat_pad", level=0)
    return why


def stop_over_mqtt_ends_everything_within_a_second(w: World) -> None:
    w.do("room_presence", presence=True)
    seen = []
    for say in (lambda: w.command(do="stop"), lambda: w.client.publish(w.topic("hub/on/set"), "OFF")):
        mark = warm(w, "both")
        w.switched("massage", True, mark)
        began = time.time()
        say()
        for device in ("foot_warmer", "massage"):
            took = moment(w.switched(device, False, mark)) - began
            need(f"{device} is off within a second of STOP", took <= 1, f"{took:.2f} s")
            seen.append(f"{took * 1000:.0f} ms")
        wait("STOP is shown", lambda: w.said("hub/on") == "OFF", 5)
        off = w.mark()
        w.command(do="play", routine="both")
        wait("the refusal is told", lambda: "STOP" in w.said("hub/decision"), 5, lambda: w.said("hub/decision"))
        need("nothing starts until a person releases it", not w.log("foot_warmer,massage", "state", off))
        for device in ("foot_warmer", "leg_massage"):
            wait(f"{device} is proved off", lambda: w.attributes(device)["off_proved"], 15)
        w.command(do="release")
        wait("STOP is released", lambda: w.said("hub/on") == "ON", 5)
    return ", ".join(seen)


def heat_without_a_lease_is_ended(w: World) -> None:
    mark = w.mark()
    w.do("foot_warmer", button="on")
    on = w.switched("foot_warmer", True, mark)
    took = moment(w.switched("foot_warmer", False, mark)) - moment(on)
    return f"after {took * 1000:.0f} ms"


# ---- sudden deaths --------------------------------------------------------------------------------------------------

def a_restart_resumes_nothing(w: World) -> None:
    warm(w, "both")
    w.until_on("massage", True)  # and not still on its way through Zigbee2MQTT when the mark is set
    w.lull.kill()
    mark = w.mark()
    w.start_lull(keep_state=True)
    w.until_ready()
    need("nothing plays", json.loads(w.said("plays") or "[]") == [], w.said("plays"))
    for device in ("foot_warmer", "massage"):
        need(f"{device} is off", not w.truth(device)["on"])
        told = w.told(device, mark)
        need(f"{device} was told OFF, and nothing else", told and all(e["do"] == "off" for e in told), told)
    need("the five minutes of the lease are on the ledger", w.attributes("foot_warmer")["minutes_used_tonight"] >= 5,
         w.attributes("foot_warmer"))
    mark = w.mark()
    code = w.lull.end()
    need("SIGTERM ends it with exit code 0", code == 0, f"{code}\n{w.lull.tail()}")


def a_lost_on_is_sent_again(w: World) -> None:
    fresh_night(w)
    mark = w.mark()
    w.do("foot_warmer", drop_next=1)
    began = w.command(do="play", routine="warm the bed")
    took = moment(w.switched("foot_warmer", True, mark)) - began
    need("one was lost on the radio", len(w.log("foot_warmer", "missed", mark)) == 1)
    need("the second carries its time limit too", on_times(w.told("foot_warmer", mark)), w.told("foot_warmer", mark))
    return f"on after {took:.1f} s"


def a_lost_off_is_repeated_until_the_device_proves_it(w: World) -> None:
    fresh_night(w)
    mark = warm(w)
    w.do("foot_warmer", drop_next=3)  # both roads of the first OFF, and the first repeat
    began = w.command(do="stop_play")
    took = moment(w.switched("foot_warmer", False, mark, 15)) - began
    missed = w.log("foot_warmer", "missed", mark)
    need("three were lost on the radio", len(missed) == 3, missed)
    wait("lull has the proof", lambda: w.attributes("foot_warmer")["off_proved"], 15, lambda: w.attributes("foot_warmer"))
    need("three lost frames are no fault", not w.attributes("foot_warmer")["faulty"], w.attributes("foot_warmer"))
    return f"off after {took:.1f} s"


def a_hung_zigbee2mqtt_brings_no_late_heat(w: World) -> None:
    fresh_night(w)
    mark = w.mark()
    w.ask("/z2m", {"do": "hang"})
    w.command(do="play", routine="warm the bed")
    wait("lull gives it up", lambda: w.attributes("foot_warmer").get("faulty"), 20,
         lambda: w.attributes("foot_warmer"))
    w.ask("/z2m", {"do": "resume"})  # now it reads all that waited in its socket, the ON too
    wait("lull has the proof that it is off", lambda: w.attributes("foot_warmer")["off_proved"], 20,
         lambda: w.attributes("foot_warmer"))
    told = w.told("foot_warmer", mark)
    need("the last it was told is OFF", told and told[-1]["do"] == "off", told)
    need("and every ON before had a time limit", all(e["do"] in ("off", "on_with_timed_off") for e in told), told)
    need("it is off", not w.truth("foot_warmer")["on"], w.truth("foot_warmer"))
    states = w.log("foot_warmer", "state", mark)
    return f"on for {moment(states[-1]) - moment(states[0]):.2f} s" if states else "never on"


def a_killed_lull_leaves_the_plug_cold_by_its_last_will(w: World) -> None:
    fresh_night(w)
    mark = warm(w)
    killed = w.lull.kill()
    took = moment(w.switched("foot_warmer", False, mark)) - killed
    need("cold within a second", took <= 1, f"{took:.2f} s")
    need("by a command, not by its timer", w.log("foot_warmer", "state", mark)[-1]["why"] == "command")
    return f"after {took * 1000:.0f} ms"


def a_dead_broker_and_a_dead_lull_leave_the_plug_cold_by_its_own_timer(w: World) -> None:
    fresh_night(w)
    mark = warm(w)
    w.time_scale(30)  # one lease in ten seconds
    w.broker.kill()
    w.lull.kill()
    off = w.switched("foot_warmer", False, mark, LEASE / 30 + 2)
    need("by its own timer", off["why"] == "device timer expired", off)
    w.start_broker()
    w.listen()
    # A broker that keeps nothing on disk forgot the list of devices, and Zigbee2MQTT tells it only when it starts.
    w.ask("/z2m", {"do": "stop"})
    w.ask("/z2m", {"do": "start"})


def a_killed_zigbee2mqtt_leaves_the_plug_cold_and_is_told_off_first(w: World) -> None:
    fresh_night(w)
    mark = warm(w)
    w.time_scale(30)
    w.ask("/z2m", {"do": "kill"})
    wait("lull says that it is out of reach", lambda: w.attributes("foot_warmer").get("refusal") == "unreachable"
         and w.said("device/foot_warmer/reachable") == "OFF", 5, lambda: w.attributes("foot_warmer"))
    off = w.switched("foot_warmer", False, mark, LEASE / 30 + 2)
    need("by its own timer", off["why"] == "device timer expired", off)
    w.command(do="set", device="foot_warmer", level=40)
    wait("lull refuses heat", lambda: w.attributes("foot_warmer")["why"] == "it is out of reach", 5,
         lambda: w.attributes("foot_warmer"))
    w.command(do="stop_play")
    w.command(do="set", device="foot_warmer", level=0)
    w.time_scale(1)
    w.do("foot_warmer", button="on")  # the worst that could happen meanwhile
    mark = w.mark()
    w.ask("/z2m", {"do": "start"})
    w.switched("foot_warmer", False, mark)
    told = w.told("foot_warmer", mark)
    need("the first it is told is OFF", told[0]["do"] == "off", told)
    wait("lull has the proof, and reaches it again", lambda: w.attributes("foot_warmer")["off_proved"]
         and w.said("device/foot_warmer/reachable") == "ON", 15, lambda: w.attributes("foot_warmer"))
    mark = warm(w)
    need("and it heats again on a lease", on_times(w.told("foot_warmer", mark)), w.told("foot_warmer", mark))
    w.lull.end()


def a_retained_on_is_found_cleared_and_told(w: World) -> None:
    w.ask("/z2m", {"do": "stop"})
    topic = "zigbee2mqtt/foot_warmer/set"
    w.client.publish(topic, '{"state":"ON"}', retain=True)
    mark, heard = w.mark(), len(w.client.messages)
    w.start_lull()

    def told():
        return next((m for m in w.client.messages[heard:] if m.topic == w.topic("event/message")
                     and topic in m.text), None)
    wait("a person is told", told, 10, w.lull.tail)
    wait("the stored command is cleared",
         lambda: any(m.topic == topic and not m.payload for m in w.client.messages[heard:]), 5)
    w.ask("/z2m", {"do": "start"})
    w.until_ready()
    need("nothing heats", not any(e["on"] for e in w.log("foot_warmer", "state", mark)),
         w.log("foot_warmer", "state", mark))
    w.listen()  # anew: what the broker still stores would come first
    need("and nothing is stored there any more", not any(m.retained and m.topic == topic for m in w.client.messages))


EVENING = [everything_is_off_before_anything_else, heat_begins_on_a_lease_in_an_empty_bed,
           the_wind_down_dims_the_lamp_by_one_fade, vibrations_of_the_legs_cause_a_replay,
           heat_is_renewed_and_ends_proved_with_its_routine, the_replay_is_gentle_leased_and_ends,
           the_lamp_goes_off_at_the_end, massage_on_the_dimmer_reaches_its_level_and_ends,
           heat_ends_at_once_when_somebody_gets_into_bed, a_plug_that_refuses_a_time_limit_never_heats,
           a_plug_that_toggles_is_refused_with_the_remedy, stop_over_mqtt_ends_everything_within_a_second,
           heat_without_a_lease_is_ended, a_restart_resumes_nothing]
DEATHS = [a_lost_on_is_sent_again, a_lost_off_is_repeated_until_the_device_proves_it,
          a_hung_zigbee2mqtt_brings_no_late_heat,
          a_killed_lull_leaves_the_plug_cold_by_its_last_will,
          a_dead_broker_and_a_dead_lull_leave_the_plug_cold_by_its_own_timer,
          a_killed_zigbee2mqtt_leaves_the_plug_cold_and_is_told_off_first, a_retained_on_is_found_cleared_and_told]


def main() -> int:
    skip_unless_set_up()
    lull, names = sys.argv[1], sys.argv[2:]
    tests = [t for t in EVENING + DEATHS if not names or t.__name__ in names]
    failed = 0
    began = time.monotonic()
    with World(lull, DEVICES, CONFIG) as w:
        if tests[0] is not EVENING[0] and tests[0] in EVENING:
            fresh_night(w)
        for test in tests:
            start = time.monotonic()
            words = test.__name__.replace("_", " ")
            try:
                note = test(w)
                print(f"ok     {words} ({time.monotonic() - start:.1f} s{': ' + note if note else ''})", flush=True)
            except (Failure, AttributeError, KeyError) as failure:  # a test that builds on one that failed
                failed += 1
                print(f"FAILED {words} ({time.monotonic() - start:.1f} s)\n       {failure}", flush=True)
    print(f"{len(tests) - failed} of {len(tests)} passed in {time.monotonic() - began:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # ctest's timeout: end the others too
    sys.exit(main())
