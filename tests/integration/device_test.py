#!/usr/bin/env python3
"""lull device: what the running service thinks of its heaters, and their set-up test, as a person at a terminal sees it."""
import json
import os
import resource
import signal
import subprocess
import time

from story import MAT, Story, eventually, lull, main


class Device(Story):
    def device(self, *arguments, within=120):
        return lull("device", *arguments, "--config", self.room.config_path, "--state", self.room.running_state,
                    within=within)

    def test_without_a_running_service_it_says_so_and_how_to_start_it(self):
        self.begin()
        self.assertEqual(self.room.lull.ends(15), 0)
        code, said, complaint = self.device("test", "Heat mat")
        self.assertEqual((code, said), (1, ""))
        self.assertIn("Lull is not running on this broker", complaint)
        self.room.broker.kill()
        code, _, complaint = self.device("list")
        self.assertEqual(code, 1)
        self.assertIn("no broker answers there", complaint)

    def test_usage_is_checked(self):
        self.assertEqual(lull("device")[0], 2)
        self.assertEqual(lull("device", "test")[0], 2)
        self.begin()
        code, _, complaint = self.device("test", "Ankle")
        self.assertEqual(code, 2)
        self.assertIn("Heat mat", complaint, "it says which there are")

    def test_a_sensor_is_shown_with_what_it_cannot_tell(self):
        self.begin()
        code, said, complaint = self.device("show", "Ankle")
        self.assertEqual(code, 0, said + complaint)
        self.assertIn("what it cannot tell: ", said)
        code, said, _ = self.device("show", "Ankle", "--json")
        sensor = json.loads(said)
        self.assertEqual((code, sensor["kind"], sensor["reachable"]), (0, "movement", True), said)
        self.assertIn(sensor["limits"], self.device("list")[1])
        code, _, complaint = self.device("show", "Nobody")
        self.assertEqual(code, 2)
        self.assertIn("Ankle", complaint, "it says which there are")

    def test_a_heater_is_refused_tested_live_and_used(self):
        mark = self.begin()
        code, said, _ = self.device("list")
        self.assertEqual(code, 0)
        self.assertIn("trial_needed", said)
        self.assertIn('lull device test "Heat mat"', said)
        self.room.command("set", device="Heat mat", level=50)
        time.sleep(2)
        self.assertEqual([m for m in self.room.ons(mark) if m.topic == MAT], [], "not before its test")
        self.room.command("set", device="Heat mat", level=0)

        mark, at = self.room.wire.mark(), time.time()
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        code, said, complaint = self.device("test", "Heat mat")
        worked = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
        self.assertLess(worked, (time.time() - at) / 5, "it waits for the device without turning in circles")
        print("a set-up test took %.0f s:\n%s" % (time.time() - at, said))
        self.assertEqual(code, 0, said + complaint + self.log())
        self.assertIn("its auto-off reads 10 s", said)
        self.assertIn("passed: off by itself", said)
        self.assertEqual(len([m for m in self.room.ons(mark) if m.topic == MAT]), 3, "one, one more, and its renewal")
        steps = [json.loads(m.payload) for m in self.room.wire.since(mark)
                 if m.topic == self.room.topic("event/test")]
        self.assertEqual([s["state"] for s in steps][-1], "passed")
        self.assertEqual(sorted(s["step"] for s in steps), [s["step"] for s in steps], "the steps come in order")
        self.assertTrue(eventually(lambda: self.room.mat.auto_off == 300), "armed for a lease again")

        code, said, _ = self.device("show", "Heat mat", "--json")
        gate = json.loads(said)
        self.assertEqual((code, gate["conforming"], gate["test"]["state"]), (0, True, "passed"), said)
        self.starts(MAT)
        self.room.lull.kill()  # and a restart remembers it
        self.begin()
        self.assertEqual(self.device("show", "Heat mat")[0], 0)

    def test_a_mat_that_forgets_its_auto_off_fails_and_is_switched_off(self):
        self.begin()
        self.room.mat.forgets = True
        code, said, complaint = self.device("test", "Heat mat")
        self.assertEqual(code, 1, said + complaint)
        self.assertIn("it stayed on", said)
        self.assertFalse(self.room.mat.on)
        code, said, _ = self.device("show", "Heat mat")
        self.assertEqual(code, 1)
        self.assertIn("forgets its time limit", said)

    def test_ctrl_c_ends_the_test_and_switches_it_off(self):
        self.begin()
        test = subprocess.Popen([os.path.abspath(self.room.lull_path), "device", "test", "Heat mat", "--config",
                                 self.room.config_path, "--state", self.room.running_state], stdout=subprocess.PIPE)
        self.assertTrue(eventually(self.room.mat.runs, 30), self.log())
        test.send_signal(signal.SIGINT)
        said = test.communicate(timeout=20)[0].decode()
        self.assertEqual(test.returncode, 1, said)
        self.assertIn("broken off: somebody on the command line switched it off", said)
        self.assertTrue(eventually(lambda: not self.room.mat.on, 3))


if __name__ == "__main__":
    main()
