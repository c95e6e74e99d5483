"""The night's work on the real Zigbee2MQTT: set-up tests, heat on a lease, massage, restless legs, every sudden death.

    zigbee2mqtt_test.py LULL [NAME...]     LULL: the program; NAME: only those tests (each needs its own start then)

Skipped with code 77 where the peer is not set up (./dev peers zigbee2mqtt). What a device did is read from the device
itself, which lives in another process than Zigbee2MQTT. About eight minutes, most of it real leases and their renewal.
"""

from __future__ import annotations

import json
import signal
import sys
import time

from world import LEASE, SLACK, Failure, World, moment, need, skip_unless_set_up, wait
from zigbee2mqtt_deaths import DEATHS
from zigbee2mqtt_house import CONFIG, DEVICES, empty_bed, fresh_night, on_times, prompt, warm
from zigbee2mqtt_setup import SET_UP, a_plug_that_keeps_its_time_limit_passes


def set_up(w: World) -> None:
    """A new lull, with an empty bed: what its set-up tests begin from."""
    fresh_night(w)


def the_evening_begins(w: World) -> None:
    """Another lull, with nothing of tonight's minutes used, which knows that the plug has passed."""
    w.lull.end()


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
    need("lull has proof that the foot warmer is off", w.attributes("foot_warmer").get("off_proved"))
    need("after a power cut the foot warmer comes back off", w.truth("foot_warmer")["power_on"] == 0,
         w.truth("foot_warmer"))


def heat_begins_on_a_lease_in_an_empty_bed(w: World) -> None:
    empty_bed(w)
    w.heat_mark = warm(w)
    told = w.told("foot_warmer", w.heat_mark)
    need("it is told nothing but ON with a time limit of its own, at most one lease",
         {e["do"] for e in told} == {"on_with_timed_off"} and all(0 < s <= LEASE for s in on_times(told)), told)
    truth = w.truth("foot_warmer")
    need("the plug counts down by itself", 0 < truth["timer_left_s"] <= LEASE and truth["timer_kind"] == "off", truth)
    need("it heats", truth["watts"] == 60, truth)
    wait("lull knows that it is on", lambda: w.said("device/foot_warmer/on") == "ON")


def the_wind_down_dims_the_lamp_by_one_fade(w: World) -> None:
    mark = w.mark()
    w.command(do="play", routine="dim")
    w.lamp_mark = mark

    def levels():
        return [e for e in w.told("lamp", mark) if e["do"] == "move_to_level"]

    def fades():
        return [e for e in levels() if e.get("transition_s")]
    wait("the lamp is told to fade", fades, lambda: w.told("lamp", mark))
    # Seconds that it had to wait for the radio are gone from both: 152 is 60 %, and a second of this fade is 3.5.
    need("it begins at 60 %", not levels()[0].get("transition_s") and 140 <= levels()[0]["level"] <= 152, levels())
    wait("its level falls", lambda: 60 < w.truth("lamp")["level"] < 132, lambda: w.truth("lamp"))
    need("by one command with a transition of about 40 s",
         len(fades()) == 1 and 35 <= fades()[0]["transition_s"] <= 40 and fades()[0]["level"] == 13, fades())
    need("in the colour of candle light", w.truth("lamp")["mired"] == 454, w.truth("lamp"))


def vibrations_of_the_legs_cause_a_replay(w: World) -> None:
    w.do("room_presence", presence=True)
    wait("Ben is in bed", lambda: w.said("sleeper/ben/in_bed") == "ON")
    mark, began = w.mark(), time.monotonic()
    for at in (0, 22, 44, 64):  # movements spread over more than a third of the window
        wait("time passes", lambda: time.monotonic() - began >= at, longer=at)
        need("nothing plays before the legs are restless", not w.told("massage", mark), w.told("massage", mark))
        w.do("vibe_leg", vibrate=True)
    wait("lull says that Ben is restless", lambda: w.said("sleeper/ben/episodes") == "1",
         lambda: w.said("sleeper/ben/attributes"))
    w.switched("massage", True, mark)
    need("the relief plays because of the rule", "relief" in w.said("plays") and "Restless at night" in w.said("plays"),
         w.said("plays"))
    wait("the replay is counted", lambda: w.said("sleeper/ben/replays") == "1", lambda: w.said("sleeper/ben/replays"))
    w.relief_mark = mark


def heat_is_renewed_and_ends_proved_with_its_routine(w: World) -> None:
    def told():  # an answer that a busy machine brings late costs a second ON in the first seconds: that is no renewal
        return [e for e in w.told("foot_warmer", w.heat_mark) if e["do"] == "on_with_timed_off"]

    def renewed():
        return [moment(e) - moment(told()[0]) for e in told() if moment(e) - moment(told()[0]) > 12 + SLACK]
    wait("the lease is renewed", renewed, told, 120)
    need("not before it is due, and spread over twenty seconds", 99 <= renewed()[0] <= 122 + SLACK, renewed())
    need("each lease is at most 300 s", all(0 < s <= LEASE for s in on_times(told())), told())
    on = w.switched("foot_warmer", True, w.heat_mark)
    lasted = moment(w.switched("foot_warmer", False, w.heat_mark, 30)) - moment(on)
    need("it ends with its routine of 150 s", 147 <= lasted <= 153 + SLACK, lasted)
    truth = w.truth("foot_warmer")
    need("it is off, draws nothing and counts nothing", not truth["on"] and truth["watts"] == 0
         and "timer_left_s" not in truth, truth)
    wait("lull has the proof, watts included",
         lambda: w.attributes("foot_warmer").get("off_proved") and w.attributes("foot_warmer").get("watts") == 0,
         lambda: w.attributes("foot_warmer"))


def the_replay_is_gentle_leased_and_ends(w: World) -> None:
    w.switched("massage", False, w.relief_mark, 70)
    told = w.told("massage", w.relief_mark)
    need("every ON of the dimmer has a time limit of its own", on_times(told) and all(0 < s <= LEASE
         for s in on_times(told)) and not any(e["do"] == "on" for e in told), told)
    levels = [(moment(e) - moment(told[0]), e["level"]) for e in told if e["do"] == "move_to_level"]
    need("it rises to nearly 24 % (60 % of 40 %) and no further", 50 <= max(level for _, level in levels) <= 61, levels)
    need("and slowly, whatever the file says: in the night it takes a minute to 30 %, in steps of 5 s",
         all(level <= 77 * (at + 6) / 60 for at, level in levels), levels)
    need("nothing of it fades by itself, which would drop the time limit",
         not any(e.get("transition_s") for e in told), told)


def the_lamp_goes_off_at_the_end(w: World) -> None:
    w.switched("lamp", False, w.lamp_mark)


def massage_on_the_dimmer_reaches_its_level_and_ends(w: World) -> None:
    mark = w.mark()
    w.command(do="play", routine="massage")
    wait("40 % are reached", lambda: w.truth("massage")["level"] == 102, lambda: w.truth("massage"))
    truth = w.truth("massage")
    need("the dimmer counts down by itself", truth["on"] and 0 < truth["timer_left_s"] <= LEASE, truth)
    w.command(do="stop_play", routine="massage")
    w.switched("massage", False, mark)
    wait("lull has the proof", lambda: w.attributes("leg_massage").get("off_proved"))


def heat_ends_at_once_when_somebody_gets_into_bed(w: World) -> None:
    mark = warm(w)
    began = time.time()
    w.do("bed_strap", presence=True)
    took = moment(w.switched("foot_warmer", False, mark)) - began
    need("it is off within a second", prompt(took), f"{took:.2f} s")
    wait("lull says why", lambda: w.attributes("foot_warmer")["refusal"] == "in_bed_unmeasured",
         lambda: w.attributes("foot_warmer"))
    w.command(do="stop_play")
    return f"{took * 1000:.0f} ms"


def a_plug_that_toggles_is_refused_with_the_remedy(w: World) -> None:
    mark = w.mark()
    w.command(do="set", device="heat_pad", level=40)
    wait("lull refuses", lambda: w.attributes("heat_pad").get("refusal") == "timer_missing",
         lambda: w.attributes("heat_pad"))
    why = w.attributes("heat_pad")["why"]
    need("it says what is wrong and what to do", "countdown" in why and "choose a plug" in why, why)
    need("it was told nothing but OFF", all(e["do"] == "off" for e in w.told("heat_pad", mark)),
         w.told("heat_pad", mark))
    w.command(do="set", device="heat_pad", level=0)
    return why


def stop_over_mqtt_ends_everything_within_a_second(w: World) -> None:
    empty_bed(w)  # in which somebody lies since the heat ended for it
    w.do("room_presence", presence=True)
    seen = []
    for say in (lambda: w.command(do="stop"), lambda: w.client.publish(w.topic("hub/on/set"), "OFF")):
        mark = warm(w, "both")
        w.switched("massage", True, mark)
        began = time.time()
        say()
        for device in ("foot_warmer", "massage"):
            took = moment(w.switched(device, False, mark)) - began
            need(f"{device} is off within a second of STOP", prompt(took), f"{took:.2f} s")
            seen.append(f"{took * 1000:.0f} ms")
        wait("STOP is shown", lambda: w.said("hub/on") == "OFF")
        off = w.mark()
        w.command(do="play", routine="both")
        wait("the refusal is told", lambda: "STOP" in w.said("hub/decision"), lambda: w.said("hub/decision"))
        need("nothing starts until a person releases it", not w.log("foot_warmer,massage", "state", off))
        for device in ("foot_warmer", "leg_massage"):
            wait(f"{device} is proved off", lambda: w.attributes(device).get("off_proved"))
        w.command(do="release")
        wait("STOP is released", lambda: w.said("hub/on") == "ON")
    return ", ".join(seen)


def heat_without_a_lease_is_ended(w: World) -> None:
    mark = w.mark()
    w.do("foot_warmer", button="on")
    on = w.switched("foot_warmer", True, mark)
    took = moment(w.switched("foot_warmer", False, mark)) - moment(on)
    return f"after {took * 1000:.0f} ms"


EVENING = [everything_is_off_before_anything_else, heat_begins_on_a_lease_in_an_empty_bed,
           the_wind_down_dims_the_lamp_by_one_fade, vibrations_of_the_legs_cause_a_replay,
           heat_is_renewed_and_ends_proved_with_its_routine, the_replay_is_gentle_leased_and_ends,
           the_lamp_goes_off_at_the_end, massage_on_the_dimmer_reaches_its_level_and_ends,
           heat_ends_at_once_when_somebody_gets_into_bed,
           a_plug_that_toggles_is_refused_with_the_remedy, stop_over_mqtt_ends_everything_within_a_second,
           heat_without_a_lease_is_ended]


def main() -> int:
    skip_unless_set_up()
    lull, names = sys.argv[1], sys.argv[2:]
    # Everything after the set-up tests builds on the last of them: without it there is no heat.
    tests = [t for t in [set_up] + SET_UP + [the_evening_begins] + EVENING + DEATHS
             if not names or t.__name__ in names or t in (set_up, a_plug_that_keeps_its_time_limit_passes)]
    failed = 0
    began = time.monotonic()
    with World(lull, DEVICES, CONFIG) as w:
        first = True
        for test in tests:
            if test in EVENING and first and test is not EVENING[0]:
                fresh_night(w)
            first = first and test not in EVENING
            start = time.monotonic()
            words = test.__name__.replace("_", " ")
            try:
                note = test(w)
                print(f"ok     {words} ({time.monotonic() - start:.1f} s{': ' + note if note else ''})", flush=True)
            except Exception as failure:  # also a test that builds on one that failed; the others have their say
                failed += 1
                kind = "" if isinstance(failure, Failure) else f"{type(failure).__name__}: "
                print(f"FAILED {words} ({time.monotonic() - start:.1f} s)\n       {kind}{failure}", flush=True)
    print(f"{len(tests) - failed} of {len(tests)} passed in {time.monotonic() - began:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # ctest's timeout: end the others too
    sys.exit(main())
