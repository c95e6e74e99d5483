#!/usr/bin/env python3
"""The running program against a real broker: start, STOP, broker, disk, end. Prints what it measured."""
import json
import os
import random
import subprocess
import threading
import time

from bedroom import OFF_WORDS
from story import MAT, MOTOR, PAD, Story, eventually, lull, main, percentile

class StartAndEnd(Story):
    def test_everything_goes_off_first_and_nothing_starts(self):
        mark = self.begin()
        time.sleep(1.5)
        words = [m for m in self.room.wire.since(mark)
                 if m.topic in OFF_WORDS or m.topic in ("legmotor/get", "heatmat/ask", "heatmat/auto_off/set")]
        asks = [i for i, m in enumerate(words) if m.topic not in OFF_WORDS]
        for topic in OFF_WORDS:
            first = next(i for i, m in enumerate(words) if m.topic == topic)
            self.assertEqual(words[first].payload, OFF_WORDS[topic])
            self.assertLess(first, asks[0], "OFF goes to %s before anything is asked" % topic)
        self.assertEqual(self.room.ons(mark), [], "nothing is switched on by a start")

        later = self.room.listener("lull/#", "homeassistant/#")
        self.assertTrue(later.wait(self.room.topic("status"), "online").retained)
        time.sleep(0.5)
        found = [m for m in later.messages if m.topic.startswith("homeassistant/device/")]
        self.assertGreaterEqual(len(found), 5, "discovery waits for a Home Assistant that comes later")
        for m in found:
            self.assertTrue(m.retained)
            json.loads(m.payload)
        retained = [m for m in later.messages if m.topic.endswith(("/set", "/command")) and m.retained]
        self.assertEqual(retained, [], "no command lies on the broker")

    def test_sigterm_switches_off_proves_it_and_leaves_with_offline(self):
        self.room.know_that_the_mat_was_tested()
        self.begin()
        mat, motor = self.starts(MAT), self.starts(MOTOR)
        mark, at = self.room.wire.mark(), time.time()
        code = self.room.lull.ends(15)
        print("SIGTERM with heat and massage running: gone after %.0f ms" % ((time.time() - at) * 1e3))
        self.assertEqual(code, 0, self.log())
        self.assertFalse(mat.runs() or motor.runs())
        offline = self.room.wire.wait(self.room.topic("status"), "offline", since=mark)
        self.assertIsNotNone(offline, "it says that it is gone")
        for topic in (MAT, MOTOR):
            self.assertLess(self.room.offs(mark, topic)[0].at, offline.at, "OFF first, then goodbye")
        late = self.room.listener(self.room.topic("status"))
        self.assertTrue(late.wait("#", "offline").retained)

    def test_a_device_that_does_not_prove_its_off_is_named_and_the_exit_code_is_1(self):
        self.begin()
        self.starts(MOTOR)
        self.room.motor.deaf = True
        self.assertEqual(self.room.lull.ends(20), 1)
        self.assertIn("not proved off: Leg motor", self.log())
        self.assertNotIn("Heat mat", self.log().split("not proved off")[1])

    def test_without_a_broker_it_ends_at_once_and_says_that_nothing_was_proved(self):
        self.begin()
        self.room.broker.kill()
        self.assertTrue(eventually(lambda: "warning broker:" in self.log()), "it notices")
        self.assertEqual(self.room.lull.ends(20), 1)
        self.assertIn("not proved off: there is no connection to the broker", self.log())

    def test_kill_9_while_heating_the_broker_says_off_for_us(self):
        self.room.know_that_the_mat_was_tested()
        for attempt in range(3):
            mark = self.begin(state=os.path.join(self.room.folder, "state-%d" % attempt))
            mat = self.starts(MAT)
            mark, at = self.room.wire.mark(), time.time()
            self.room.lull.kill()
            off = self.room.wire.wait(MAT, "0", since=mark, within=5)
            self.assertIsNotNone(off, "the will says OFF")
            print("kill -9 while heating: OFF on the wire after %.1f ms" % ((off.at - at) * 1e3))
            self.assertLess(off.at - at, 1.0)
            self.assertTrue(eventually(lambda: not mat.runs(), 1))


class Stop(Story):
    def test_stop_overtakes_a_flood_and_stays_until_it_is_released(self):
        mark = self.begin()
        flood, ended = self.room.client(), threading.Event()

        def pour():
            dice, n, begun = random.Random(1), 0, time.time()
            while not ended.is_set():
                n += 1
                flood.publish(dice.choice(["heatmat/surface", "lull/anklet/kit/movement", "legmotor/alive"]),
                              '{"c": %.1f, "rms_mg": 1, "peak_mg": 2, "n": 25}' % dice.uniform(29, 31))
                time.sleep(max(0, begun + n / 500 - time.time()))
            flood.poured = n / (time.time() - begun)

        # The mat stays cold here: a flooded thermometer would be one more doubt.
        thread = threading.Thread(target=pour)
        thread.start()
        try:
            took = []
            for _ in range(20):
                self.starts(MOTOR)
                mark, at = self.room.wire.mark(), time.time()
                self.room.wire.publish(self.room.topic("command"), "stop")
                off = self.room.wire.wait(MOTOR, OFF_WORDS[MOTOR], since=mark, within=5)
                self.assertIsNotNone(off, "STOP works on the first try")
                took.append((off.at - at) * 1e3)
                self.assertIsNotNone(self.room.wire.wait(self.room.topic("hub/on"), "OFF", since=mark))
                mark = self.room.wire.mark()
                self.room.command("release")
                self.room.wire.wait(self.room.topic("hub/on"), "ON", since=mark)
        finally:
            ended.set()
            thread.join()
        print("STOP to OFF while %.0f messages/s arrive: p50 %.1f ms, p99 %.1f ms" %
              (flood.poured, percentile(took, 0.5), percentile(took, 0.99)))
        self.assertLess(max(took), 500)

    def test_stop_outlives_restarts_and_only_release_ends_it(self):
        self.begin()
        self.starts(MOTOR)
        self.room.wire.publish(self.room.topic("command"), "stop", qos=1)
        self.assertIsNotNone(self.room.wire.wait(self.room.topic("hub/on"), "OFF"), "it says that it has stopped")
        self.assertFalse(self.room.motor.runs())
        self.room.lull.kill()
        mark = self.begin()
        self.assertEqual(self.room.wire.wait(self.room.topic("hub/on"), since=mark).payload, b"OFF")
        for do in ({"do": "play", "routine": "wind-down"}, {"do": "set", "device": "Leg motor", "level": 40},
                   {"do": "replay"}, {"do": "resume"}, {"do": "word", "word": "good night"}):
            self.room.wire.publish(self.room.topic("command"), do, qos=1)
        self.room.wire.publish(self.room.topic("device/leg_motor/on/set"), "ON", qos=1)
        self.room.wire.publish(self.room.topic("routine/wind-down/on/set"), "ON", qos=1)
        time.sleep(2.5)
        self.assertEqual(self.room.ons(mark), [], "STOP holds against every wish\n" + self.log())
        self.assertEqual(self.room.lull.ends(15), 0)
        mark = self.begin()
        self.room.command("release")
        self.assertIsNotNone(self.room.wire.wait(self.room.topic("hub/on"), "ON", since=mark))
        # Ten minutes of rest after a massage, also over a restart, and for the sleeper, not only for the motor: that
        # is what stands in the way now, and STOP no more.
        self.room.command("set", device="Leg massage", level=40)
        self.assertTrue(eventually(lambda: "it rests for another" in self.log(), 10), self.log())


class Broker(Story):
    def test_after_the_broker_came_back_everything_is_off_first_and_said_again(self):
        self.begin()
        self.starts(MOTOR)
        self.room.broker.kill()
        time.sleep(1)
        self.assertEqual(self.healthz()[0], 503, "without a broker it is not well")
        code, said, complaint = lull("health", "--port", str(self.room.http))
        self.assertEqual(code, 1, said + complaint)
        json.loads(said)
        self.room.broker.start()
        back = time.time()
        wire = self.room.wire = self.room.listener()
        self.room.plug_in()
        online = wire.wait("lull/+/status", "online", within=30)
        self.assertIsNotNone(online, self.log())
        print("broker back: online after %.1f s" % (online.at - back))
        for topic, payload in OFF_WORDS.items():
            off = wire.wait(topic, payload, within=5)
            self.assertIsNotNone(off, topic)
            self.assertLessEqual(off.at, online.at, "OFF before online")
        self.assertIsNotNone(wire.wait("homeassistant/device/+/config"))
        self.assertIsNotNone(wire.wait(self.room.topic("hub/status")))
        self.assertIsNotNone(self.room.ready(0), self.log())
        # What a person asked for ten minutes may go on, but only after the device itself said that it was off.
        proved = wire.wait("legmotor/state", lambda p: b"OFF" in p)
        for m in self.room.ons(0):
            self.assertGreater(m.at, proved.at, "OFF, proved, and only then anything else")
        self.assertTrue(eventually(lambda: self.healthz()[0] == 200))
        self.assertEqual(lull("health", "--port", str(self.room.http))[0], 0)


class Disk(Story):
    def test_a_full_disk_stops_the_massage_tells_a_person_and_heals(self):
        small = os.path.join(self.room.folder, "small")
        os.mkdir(small)
        made = os.geteuid() == 0 and subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1500k", "tmpfs", small],
                                                    capture_output=True)
        if not made or made.returncode:
            self.skipTest("only root may mount a tiny disk: " + (made.stderr.decode() if made else "we are not root"))
        self.addCleanup(subprocess.run, ["umount", "-l", small])
        self.begin(state=os.path.join(small, "state"))
        motor = self.starts(MOTOR)
        mark, filler, at = self.room.wire.mark(), os.path.join(small, "filler"), time.time()
        with open(filler, "wb", 0) as f:
            try:
                while True:
                    f.write(b"\0" * 4096)
            except OSError:
                pass
        # Restless legs fill what pages SQLite still has of its own.
        noise, ended = self.room.client(), threading.Event()

        def toss():
            n = 0
            while not ended.wait(0.002):
                n += 1
                noise.publish("heatmat/surface", {"c": 30 + n % 10 / 10})
        thread = threading.Thread(target=toss)
        thread.start()
        try:
            self.assertTrue(eventually(lambda: not motor.runs(), 60), self.log()[-2000:])
            print("disk full: massage off after %.1f s" % (time.time() - at))
            told = self.room.wire.wait(self.room.topic("event/message"), lambda p: b"cannot write" in p, mark)
            self.assertIsNotNone(told, "a person is told")
            self.assertEqual(self.healthz()[0], 503)
            refused = self.room.wire.mark()
            self.room.command("set", device="Leg massage", level=40)
            time.sleep(2)
            self.assertEqual([m for m in self.room.ons(refused) if m.topic == PAD], [], "no dose that cannot be kept")
        finally:
            ended.set()
            thread.join()
        os.remove(filler)
        self.assertTrue(eventually(lambda: self.healthz()[0] == 200, 60), self.log()[-2000:])
        self.room.command("set", device="Leg massage", level=40)
        self.assertTrue(eventually(self.room.pad.runs, 10), self.log()[-2000:])
        self.assertEqual(self.room.lull.ends(15), 0, self.log()[-2000:])


if __name__ == "__main__":
    main()
