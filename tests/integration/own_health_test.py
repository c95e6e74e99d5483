#!/usr/bin/env python3
"""The running program's own health: a loop that hangs, a process that was stopped, a bridge that says it is online.

Only the loop's thread is stopped, and for real: ptrace(2) stops one thread and leaves the others, here the supervisor
and Paho's, as a disk or a lock that never comes back would. Nothing in the program knows of it.
"""
import ctypes
import json
import os
import signal
import sqlite3
import threading
import time

from bedroom import CONFIG
from story import MAT, MOTOR, Story, eventually, lull, main

PTRACE_SEIZE, PTRACE_INTERRUPT, WALL = 0x4206, 0x4207, 0x40000000
libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]


def stop_thread(tid):
    """Stops this one thread for ever; the tracer is this test."""
    for request in (PTRACE_SEIZE, PTRACE_INTERRUPT):
        if libc.ptrace(request, tid, None, None) != 0:
            raise OSError(ctypes.get_errno(), "ptrace")
    os.waitpid(tid, WALL)


class ALoopThatHangs(Story):
    warms = True

    def test_ends_the_process_and_the_heater_is_off_long_before(self):
        self.begin()
        mat = self.starts(MAT)
        mark, at = self.room.wire.mark(), time.time()
        stop_thread(self.room.lull.pid)  # the loop runs on the first thread
        off = self.room.wire.wait(MAT, "0", since=mark, within=20)
        self.assertIsNotNone(off, "the guard pings from the loop: a loop that hangs loses its will")
        print("loop hung while heating: OFF by the will after %.1f s" % (off.at - at))
        self.assertLess(off.at - at, 12)
        self.assertTrue(eventually(lambda: not mat.runs(), 2))
        pid, status = 0, 0
        while time.time() - at < 30 and pid == 0:
            pid, status = os.waitpid(self.room.lull.pid, os.WNOHANG | WALL)
            time.sleep(0.05)
        print("loop hung: the process ended after %.1f s" % (time.time() - at))
        self.assertNotEqual(pid, 0, "the supervisor lets the process die")
        self.assertTrue(os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGABRT, status)
        self.assertLess(time.time() - at, 22)
        self.room.lull.process.returncode = -signal.SIGABRT  # taken above, not by Popen
        self.assertIn("the loop hangs", self.log())
        self.assertIsNotNone(self.room.wire.wait(self.room.topic("status"), "offline", since=mark))
        self.begin()
        self.assertFalse(mat.runs(), "and the next run starts nothing")


class AProcessThatWasStopped(Story):
    warms = True

    def test_says_off_first_and_doubts_everything(self):
        self.begin()
        mat = self.starts(MAT)
        os.kill(self.room.lull.pid, signal.SIGSTOP)
        time.sleep(7)
        self.room.mat.deaf = True  # nobody proves anything, for as long as we look
        mark = self.room.wire.mark()
        os.kill(self.room.lull.pid, signal.SIGCONT)
        self.assertTrue(eventually(lambda: "the loop stood still for" in self.log(), 3), self.log())
        off = self.room.wire.wait(MAT, "0", since=mark, within=3)
        self.assertIsNotNone(off, "heat goes off first")
        time.sleep(1)
        self.assertEqual(self.room.ons(mark), [], "and nothing comes on before it was proved off")
        self.assertTrue(self.room.lull.alive(), "the supervisor lost the same time and knows that nobody hangs")
        self.room.mat.deaf = False
        self.assertTrue(eventually(mat.runs, 30), "what was wished for goes on once everything is proved off\n" + self.log())


    def test_obeys_nothing_that_was_said_meanwhile_by_whatever_door(self):
        self.begin()
        os.kill(self.room.lull.pid, signal.SIGSTOP)
        mark = self.room.wire.mark()
        for topic, word in (("command", {"do": "set", "device": "Leg massage", "level": 40}),
                            ("command", {"do": "play", "routine": "wind-down"}),
                            ("device/leg_motor/on/set", "ON"), ("routine/wind-down/on/set", "ON")):
            self.room.wire.publish(self.room.topic(topic), word, wait=False)
        time.sleep(5.5)
        os.kill(self.room.lull.pid, signal.SIGCONT)
        self.assertTrue(eventually(lambda: self.log().count("asked for something while Lull stood still") == 4, 10),
                        self.log())
        time.sleep(2)
        self.assertEqual(self.room.ons(mark), [], self.log())

    def test_knows_what_it_missed_before_it_hears_the_page_or_the_command_line(self):
        self.begin()
        self.starts(MOTOR)
        os.kill(self.room.lull.pid, signal.SIGSTOP)
        asked = threading.Thread(target=lull, args=("stop", "--state", self.room.state))
        asked.start()  # before the next tick is due: then this is what the loop finds first
        time.sleep(6.5)
        os.kill(self.room.lull.pid, signal.SIGCONT)
        asked.join()
        self.room.lull.ends(15)
        with sqlite3.connect(os.path.join(self.room.state, "lull.db")) as journal:
            said = [text for text, in journal.execute("SELECT text FROM event WHERE text IS NOT NULL ORDER BY id")]
        stalled = next(i for i, text in enumerate(said) if '"stalled"' in text)
        stop = next(i for i, text in enumerate(said) if '"stop_all"' in text)
        self.assertLess(stalled, stop, said[min(stalled, stop):][:5])


class WhatIsOld(Story):
    """Each message as old as its sender says, on whichever session it comes."""
    config = CONFIG.replace("routines:\n", """  - {name: Bedside button, is: button, speaks: zigbee2mqtt, at: Bedside button}
  - {name: Bed, is: presence, speaks: zigbee2mqtt, at: Bed, for: Kit}
routines:
""", 1).replace("rules:\n", """rules:
  - {name: Pressed, when: {button: Bedside button, action: single}, play: wind-down}
""", 1)

    def ages(self):
        """What the journal has of each kind of event: its ages in ms, 0 where it was fresh."""
        found = {}
        with sqlite3.connect(os.path.join(self.room.state, "lull.db")) as journal:
            for text, in journal.execute("SELECT text FROM event WHERE text IS NOT NULL ORDER BY id"):
                for name, fields in json.loads(text).items():
                    if isinstance(fields, dict):
                        found.setdefault(name, []).append(fields.get("age_ms", 0))
        return found

    def test_reaches_the_core_by_the_guard_and_by_the_main_session(self):
        self.begin()
        say, now = self.room.wire.publish, lambda: int(time.time() * 1000)
        mark = self.room.wire.mark()
        say("zigbee2mqtt/Bedside button", {"action": "single", "last_seen": now() - 60_000}, qos=1)  # the guard's
        say("zigbee2mqtt/Bed", {"occupancy": True, "last_seen": now() - 30_000}, qos=1)  # the main session's
        say("lull/anklet/kit/movement", {"rms_mg": 1, "peak_mg": 2, "n": 25, "up_ms": 1000}, qos=1)
        time.sleep(3)
        say("lull/anklet/kit/movement", {"rms_mg": 1, "peak_mg": 2, "n": 25, "up_ms": 1100}, qos=1)
        self.assertEqual(self.room.ons(mark), [], "a press of a minute ago begins nothing\n" + self.log())
        say("zigbee2mqtt/Bedside button", {"action": "single", "last_seen": now()}, qos=1)
        self.assertTrue(eventually(self.room.motor.runs, 5), "and one of now does\n" + self.log())
        self.room.lull.ends(15)
        ages = self.ages()
        self.assertEqual(len(ages["button_pressed"]), 2)
        self.assertAlmostEqual(ages["button_pressed"][0], 60_000, delta=2000)
        self.assertEqual(ages["button_pressed"][1], 0)
        self.assertAlmostEqual(ages["occupancy_reported"][0], 30_000, delta=2000)
        self.assertEqual(ages["movement_reported"][0], 0)
        self.assertAlmostEqual(ages["movement_reported"][1], 2900, delta=800)


class ABridgeThatHangs(Story):
    config = CONFIG.replace(
        "routines:", "  - {name: Bed, is: presence, speaks: zigbee2mqtt, at: Bed, for: Kit}\nroutines:")

    def look(self):
        mark = self.room.wire.mark()
        self.room.command("preflight")
        found = self.room.wire.wait(self.room.topic("hub/ready_for_the_night/attributes"),
                                    lambda p: b'"looked_at":"' in p, since=mark, within=10)
        self.assertIsNotNone(found, self.log())
        return {c["about"]: c for c in json.loads(found.payload)["checks"]}

    def test_is_found_before_the_night_though_it_says_that_it_is_online(self):
        bridge = self.room.client()
        bridge.publish("zigbee2mqtt/bridge/state", '{"state":"online"}', retain=True)
        bridge.publish("zigbee2mqtt/bridge/devices", "[]", retain=True)
        self.begin()
        hung = self.look()["zigbee2mqtt"]
        self.assertEqual(hung["state"], "wrong")
        self.assertIn("says that it is online, but does not answer", hung["text"])
        self.assertIn("Restart it", hung["remedy"])
        told = self.room.wire.wait(self.room.topic("event/message"), lambda p: b"Tonight:" in p)
        self.assertIn(b"does not answer", told.payload)
        self.assertIsNotNone(self.room.wire.wait(self.room.topic("hub/ready_for_the_night"), "OFF"))

        def answer(m):
            if m.topic == "zigbee2mqtt/bridge/request/health_check" and m.payload:
                asked = json.loads(m.payload)
                bridge.publish("zigbee2mqtt/bridge/response/health_check",
                               {"data": {"healthy": True}, "status": "ok", "transaction": asked["transaction"]})

        bridge.subscribe("zigbee2mqtt/bridge/request/health_check", handler=answer)
        self.assertEqual(self.look()["zigbee2mqtt"]["state"], "fine")


if __name__ == "__main__":
    main()
