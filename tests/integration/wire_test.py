#!/usr/bin/env python3
"""The running program behind a bad wire, and on a disk that takes nothing more. Prints what it measured."""
import os
import random
import time

from bedroom import CONFIG
from story import MAT, MOTOR, Story, eventually, main
from wire import ALL, GUARDS, MAIN, Fault, Wire

LEASE = 120  # a household's own, the shortest there is
TIGHT = CONFIG.replace("sleepers:", "limits: {heat_lease: 2min}\nsleepers:", 1)
BAD_DISK = os.environ.get("LULL_BAD_DISK_LIBRARY", "")


class BadWire(Story):
    warms = True
    config = TIGHT

    def setUp(self):
        super().setUp()
        self.bad = Wire(self.room.broker.port)
        self.addCleanup(self.bad.close)
        with open(self.room.config_path) as f:
            text = f.read()
        with open(self.room.config_path, "w") as f:  # the devices and we ourselves stay on the good wire
            f.write(text.replace("127.0.0.1:%d" % self.room.broker.port, "127.0.0.1:%d" % self.bad.port))

    def off_after(self, began, within, what):
        self.assertTrue(eventually(lambda: not self.room.mat.runs(), within), what + "\n" + self.log()[-3000:])
        print("%s: off after %.1f s" % (what, time.time() - began))

    def comes_back(self):
        """Alive all the time, connected anew, nothing switched on by that, and well."""
        mark = self.room.wire.mark()
        self.bad.mends()
        self.assertTrue(eventually(lambda: self.healthz()[0] == 200, 40), self.log()[-3000:])
        self.assertTrue(self.room.lull.alive())
        self.assertIsNotNone(self.room.attributes("heat_mat", lambda a: a.get("off_proved"), 0, 30))
        return mark

    def test_a_slow_and_narrow_wire_carries_heat_and_a_stop(self):
        self.begin()
        self.bad.breaks(ALL, lambda: Fault(latency=0.15, rate=20000))
        self.starts(MAT)
        mark, at = self.room.wire.mark(), time.time()
        self.room.wire.publish(self.room.topic("command"), "stop", qos=1)
        self.off_after(at, 5, "STOP over a wire with 300 ms there and back")
        time.sleep(2)
        self.assertEqual(self.room.ons(mark), [])
        self.comes_back()

    def test_a_cable_that_was_pulled_ends_the_heat_by_the_last_will(self):
        self.begin()
        self.starts(MAT)
        at = time.time()
        self.assertGreaterEqual(len(self.bad.breaks(ALL, lambda: Fault(dead=True))), 2, "the main link and a guard at least")
        self.off_after(at, 15, "half-open, no FIN, nobody answers")
        self.assertTrue(eventually(lambda: self.healthz()[0] == 503, 60), "it notices by itself")
        mark = self.comes_back()
        time.sleep(3)
        # What a person asked for ten minutes may go on; but not before the mat has shown that it is off.
        if self.room.ons(mark):
            self.assertLess(self.room.offs(mark, MAT)[0].at, self.room.ons(mark)[0].at)

    def test_a_main_link_that_stands_still_leaves_the_other_road(self):
        self.begin()
        self.starts(MAT)
        at = time.time()
        self.assertEqual(len(self.bad.breaks(MAIN, lambda: Fault(dead=True))), 1)
        # Nobody says OFF for a guard that is well: Lull itself must, when it hears no thermometer or no broker.
        self.off_after(at, 75, "the main link alone stands still")
        self.assertIsNotNone(self.room.wire.wait(MAT, "0", within=1))
        self.comes_back()

    def test_a_guard_that_is_lost_ends_the_heat(self):
        self.begin()
        self.starts(MAT)
        at = time.time()
        self.assertGreaterEqual(len(self.bad.breaks(GUARDS, lambda: Fault(dead=True))), 1)
        self.off_after(at, 15, "the guard's wire alone is dead")
        self.room.command("set", device="Leg motor", level=40)
        self.assertTrue(eventually(self.room.motor.runs, 10), "massage needs no guard\n" + self.log()[-2000:])
        self.comes_back()

    def is_well(self):
        """Connected, and still so two seconds later: the first connections after a bad one may fail, too."""
        def connected():
            return self.healthz()[0] == 200 and any(c.name and MAIN(c.name) and c.client.fileno() >= 0
                                                    for c in list(self.bad.connections))
        if not connected():
            return False
        time.sleep(2)
        return connected()

    def test_packets_cut_in_the_middle_and_noise_are_the_end_of_a_connection_only(self):
        self.begin()
        self.starts(MAT)
        for n, make in enumerate((lambda: Fault(cut=37), lambda: Fault(noise=b"\xff\xff\xff\xff\xff\xff"),
                                  lambda: Fault(noise=b"\x30\x7f\x00\x05heat"), lambda: Fault(cut=1),
                                  lambda: Fault(noise=random.Random(1).randbytes(512)))):
            at = time.time()
            broken = [c for c in self.bad.breaks(ALL, make, later_too=False) if MAIN(c.name)]
            self.assertTrue(broken, "the main link was up")
            # A packet that lies about its length is believed until nothing was heard for 20 s.
            self.assertTrue(eventually(lambda: all(c.client.fileno() < 0 for c in broken), 60), "%d is given up" % n)
            self.assertTrue(eventually(self.is_well, 60), self.log()[-3000:])
            self.assertTrue(self.room.lull.alive(), "noise %d" % n)
            print("broken packets, %d: well again after %.1f s" % (n, time.time() - at))
        mark = self.room.wire.mark()
        self.room.command("stop")
        self.assertIsNotNone(self.room.wire.wait(MAT, "0", since=mark), self.log()[-2000:])
        self.assertTrue(eventually(lambda: not self.room.mat.runs(), 5))
        self.assertEqual(self.room.lull.ends(20), 0, self.log()[-2000:])

    def test_a_packet_that_lies_about_its_length_makes_nobody_deaf_for_long(self):
        self.begin()
        self.starts(MAT)
        at = time.time()
        # 256 MB are to come: a wire that only counts bytes is deaf for a night, and its pings look well.
        self.assertEqual(len(self.bad.breaks(MAIN, lambda: Fault(noise=b"\x30\xff\xff\xff\x7f"), later_too=False)), 1)
        self.assertTrue(eventually(lambda: b"not even an answer" in self.log().encode(), 30), self.log()[-2000:])
        print("a packet of 256 MB that never ends: given up after %.1f s" % (time.time() - at))
        self.assertTrue(eventually(self.is_well, 20), self.log()[-2000:])
        mark = self.room.wire.mark()
        self.room.wire.publish(self.room.topic("command"), "stop", qos=1)
        self.assertIsNotNone(self.room.wire.wait(MAT, "0", since=mark), self.log()[-2000:])


class Disk(Story):
    warms = True

    def begins_on_a_bad_disk(self, does):
        """The file that makes it do so while it exists."""
        if not BAD_DISK:
            self.skipTest("LULL_BAD_DISK_LIBRARY names no library (ctest does)")
        # A program with the address sanitizer would refuse to begin behind any library that is loaded before it.
        sanitizer = ":".join(filter(None, [os.environ.get("ASAN_OPTIONS"), "verify_asan_link_order=0"]))
        self.begin(env={"LD_PRELOAD": BAD_DISK, "LULL_BAD_DISK": self.room.state, "LULL_BAD_DISK_DOES": self.room.folder,
                        "ASAN_OPTIONS": sanitizer})
        return os.path.join(self.room.folder, does)

    def test_a_stop_on_a_slow_disk_is_off_at_once_and_shown_when_it_will_last(self):
        flag = self.begins_on_a_bad_disk("slow")
        mat, shown = self.starts(MAT), self.room.topic("hub/on")
        open(flag, "w").close()
        mark, at = self.room.wire.mark(), time.time()
        self.room.wire.publish(self.room.topic("command"), "stop", qos=1)
        off = self.room.wire.wait(MAT, "0", since=mark)
        self.assertIsNotNone(off, self.log()[-2000:])
        self.assertLess(off.at - at, 0.5, "no OFF waits for a disk")
        seen = self.room.wire.wait(shown, "OFF", since=mark, within=15)
        self.assertIsNotNone(seen, self.log()[-2000:])
        print("a disk that takes 0.3 s a write: STOP's OFF after %.0f ms, shown as latched after %.1f s" %
              ((off.at - at) * 1e3, seen.at - at))
        self.room.lull.kill()  # what was shown must outlive this
        self.assertFalse(mat.runs())
        os.remove(flag)
        mark = self.begin()
        self.assertIsNotNone(self.room.wire.wait(shown, "OFF", since=mark))
        self.room.command("set", device="Leg motor", level=40)
        time.sleep(2)
        self.assertEqual(self.room.ons(mark), [], self.log()[-2000:])

    def test_a_store_that_became_read_only_ends_the_heat_and_says_so_and_heals(self):
        flag = self.begins_on_a_bad_disk("read-only")
        mat = self.starts(MAT)
        mark, at = self.room.wire.mark(), time.time()
        open(flag, "w").close()
        self.assertTrue(eventually(lambda: not mat.runs(), 30), self.log()[-3000:])
        print("read-only store: heat off after %.1f s" % (time.time() - at))
        told = self.room.wire.wait(self.room.topic("event/message"), lambda p: b"cannot write" in p, mark)
        self.assertIsNotNone(told, "a person is told")
        self.assertIn(b"cannot be written", told.payload, "and why")
        self.assertEqual(self.healthz()[0], 503)
        refused = self.room.wire.mark()
        self.room.command("set", device="Leg motor", level=40)
        time.sleep(2)
        self.assertEqual([m for m in self.room.ons(refused) if m.topic == MOTOR], [], "no dose that cannot be kept")
        os.remove(flag)
        self.assertTrue(eventually(lambda: self.healthz()[0] == 200, 60), self.log()[-3000:])
        self.room.command("set", device="Leg motor", level=40)
        self.assertTrue(eventually(self.room.motor.runs, 10), self.log()[-2000:])
        self.assertEqual(self.room.lull.ends(15), 0, self.log()[-2000:])


if __name__ == "__main__":
    main()
