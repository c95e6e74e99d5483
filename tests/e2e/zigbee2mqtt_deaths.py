"""Sudden deaths on the real Zigbee2MQTT: of lull, of Zigbee2MQTT, of the broker, of single frames on the air."""

from __future__ import annotations

import json
import time

from world import LEASE, SLACK, World, moment, need, wait
from zigbee2mqtt_house import fresh_night, on_times, prompt, warm


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
    took = moment(w.switched("foot_warmer", False, mark)) - began
    missed = w.log("foot_warmer", "missed", mark)
    need("three were lost on the radio", len(missed) == 3, missed)
    wait("lull has the proof", lambda: w.attributes("foot_warmer").get("off_proved"), lambda: w.attributes("foot_warmer"))
    need("three lost frames are no fault", not w.attributes("foot_warmer")["faulty"], w.attributes("foot_warmer"))
    return f"off after {took:.1f} s"


def a_hung_zigbee2mqtt_brings_no_late_heat(w: World) -> None:
    fresh_night(w)
    mark = w.mark()
    w.ask("/z2m", {"do": "hang"})
    w.command(do="play", routine="warm the bed")
    wait("lull gives it up", lambda: w.attributes("foot_warmer").get("faulty"),
         lambda: w.attributes("foot_warmer"))
    w.ask("/z2m", {"do": "resume"})  # now it reads all that waited in its socket, the ON too
    wait("lull has the proof that it is off", lambda: w.attributes("foot_warmer").get("off_proved"),
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
    need("cold within a second", prompt(took), f"{took:.2f} s")
    need("by a command, not by its timer", w.log("foot_warmer", "state", mark)[-1]["why"] == "command")
    return f"after {took * 1000:.0f} ms"


def a_dead_broker_and_a_dead_lull_leave_the_plug_cold_by_its_own_timer(w: World) -> None:
    fresh_night(w)
    mark = warm(w)
    w.time_scale(30)  # one lease in ten seconds
    killed = w.broker.kill()
    w.lull.kill()
    off = w.switched("foot_warmer", False, mark)
    need("by its own timer", off["why"] == "device timer expired", off)
    need("within one lease", moment(off) - killed <= LEASE / 30 + 2 + SLACK, moment(off) - killed)
    w.start_broker()
    w.listen()
    # A broker that keeps nothing on disk forgot the list of devices, and Zigbee2MQTT tells it only when it starts.
    w.ask("/z2m", {"do": "stop"})
    w.ask("/z2m", {"do": "start"})


def a_killed_zigbee2mqtt_leaves_the_plug_cold_and_is_told_off_first(w: World) -> None:
    fresh_night(w)
    mark = warm(w)
    w.time_scale(30)
    killed = time.time()
    w.ask("/z2m", {"do": "kill"})
    wait("lull says that it is out of reach", lambda: w.attributes("foot_warmer").get("refusal") == "unreachable"
         and w.said("device/foot_warmer/reachable") == "OFF", lambda: w.attributes("foot_warmer"))
    off = w.switched("foot_warmer", False, mark)
    need("by its own timer", off["why"] == "device timer expired", off)
    need("within one lease", moment(off) - killed <= LEASE / 30 + 2 + SLACK, moment(off) - killed)
    w.command(do="set", device="foot_warmer", level=40)
    wait("lull refuses heat", lambda: w.attributes("foot_warmer")["why"] == "it is out of reach",
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
    wait("lull has the proof, and reaches it again", lambda: w.attributes("foot_warmer").get("off_proved")
         and w.said("device/foot_warmer/reachable") == "ON", lambda: w.attributes("foot_warmer"))
    mark = warm(w)
    need("and it heats again on a lease", on_times(w.told("foot_warmer", mark)), w.told("foot_warmer", mark))
    w.lull.end()


def a_retained_on_is_found_cleared_and_told(w: World) -> None:
    w.ask("/z2m", {"do": "stop"})
    topic, by_address = "zigbee2mqtt/foot_warmer/set", "zigbee2mqtt/0xa4c1380000000002/set"
    for planted in (topic, by_address):
        w.client.publish(planted, '{"state":"ON"}', retain=True)
    mark, heard = w.mark(), len(w.client.messages)
    w.start_lull()

    def told():
        return next((m for m in w.client.messages[heard:] if m.topic == w.topic("event/message")
                     and topic in m.text), None)
    wait("a person is told", told, w.lull.tail)
    for planted in (topic, by_address):  # the bridge's list of devices, which has the address, is retained too
        wait("the stored command is cleared",
             lambda: any(m.topic == planted and not m.payload for m in w.client.messages[heard:]), w.lull.tail)
    w.ask("/z2m", {"do": "start"})
    w.until_ready()
    need("nothing heats", not any(e["on"] for e in w.log("foot_warmer", "state", mark)),
         w.log("foot_warmer", "state", mark))
    w.listen()  # anew: what the broker still stores would come first
    need("and nothing is stored there any more", not any(m.retained and m.topic in (topic, by_address) for m in w.client.messages))


DEATHS = [a_restart_resumes_nothing, a_lost_on_is_sent_again, a_lost_off_is_repeated_until_the_device_proves_it,
          a_hung_zigbee2mqtt_brings_no_late_heat,
          a_killed_lull_leaves_the_plug_cold_by_its_last_will,
          a_dead_broker_and_a_dead_lull_leave_the_plug_cold_by_its_own_timer,
          a_killed_zigbee2mqtt_leaves_the_plug_cold_and_is_told_off_first, a_retained_on_is_found_cleared_and_told]
