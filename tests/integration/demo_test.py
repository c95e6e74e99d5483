#!/usr/bin/env python3
"""One simulated night, as a newcomer sees it: demo_test.py LULL [test names].

At 1500 times the speed of life the twelve seconds in which a device must confirm are eight milliseconds: a false "did
not confirm" may appear in the story. Only promises are asserted.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
import xml.etree.ElementTree

LULL = ""
SPEED = "600" if os.environ.get("LULL_SLOW") else "1500"  # with a sanitizer in it the bedroom could not keep up
FILES = ("report.json", "report.txt", "night.svg", "night.png", "lull.yaml", "lull.log")


def lull(*arguments, within=120):
    """(exit code, what it printed, what it complained)."""
    done = subprocess.run([LULL, *arguments], capture_output=True, timeout=within, stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


class Demo(unittest.TestCase):
    def setUp(self):
        self.out = tempfile.mkdtemp(prefix="lull-demo-test-")
        self.addCleanup(shutil.rmtree, self.out, True)

    def bytes_of(self, name):
        with open(os.path.join(self.out, name), "rb") as f:
            return f.read()

    def night(self, *more):
        began = time.time()
        code, said, complaint = lull("demo", "--speed", SPEED, "--seed", "3", "--out", self.out, *more)
        took = time.time() - began
        print("a night in %.1f s %s" % (took, " ".join(more)))
        self.assertEqual(code, 0, said[-2000:] + complaint)
        for name in FILES:
            self.assertGreater(len(self.bytes_of(name)), 100, name)
        self.assertIn(os.path.join(self.out, "night.png"), said, "it says where the picture is")
        return said

    def look_at_what_is_left(self):
        png = self.bytes_of("night.png")
        self.assertEqual(png[:8] + png[12:16], b"\x89PNG\r\n\x1a\nIHDR")
        self.assertEqual(png[-8:-4], b"IEND")
        svg = xml.etree.ElementTree.fromstring(self.bytes_of("night.svg"))
        self.assertTrue(svg.tag.endswith("svg"))
        report = json.loads(self.bytes_of("report.json"))
        self.assertEqual(report["night"], "2026-11-21")
        self.assertIn("2026", self.bytes_of("report.txt").decode())

        code, said, complaint = lull("replay", self.out)
        self.assertEqual((code, "all equal" in said), (0, True), said + complaint)
        code, said, complaint = lull("why", "02:00", "--state", self.out)
        self.assertEqual(code, 0, complaint)
        self.assertIn("At 2026-11-22", said)
        self.assertIn("what it would have needed", said)
        code, said, complaint = lull("why", "02:00", "--json", "--state", self.out)
        self.assertEqual(code, 0, complaint)
        self.assertTrue(json.loads(said)["running"], said)
        self.assertGreater(len(json.loads(said)["standpoints"]), 3)
        picture = os.path.join(self.out, "again.svg")
        code, said, complaint = lull("report", "--state", self.out, "--picture", picture)
        self.assertEqual(code, 0, complaint)
        self.assertEqual(self.bytes_of("again.svg"), self.bytes_of("night.svg"), "the same night, the same picture")
        self.assertEqual(said, self.bytes_of("report.txt").decode())
        code, said, complaint = lull("report", "--state", self.out, "--json")
        self.assertEqual((code, json.loads(said)), (0, report), complaint)

    def test_a_night_ends_well_and_everything_about_it_can_be_asked(self):
        said = self.night()
        self.look_at_what_is_left()
        self.assertIn("night-relief", self.bytes_of("lull.log").decode() + said, "restless legs were answered")

    def test_a_night_with_faults_ends_well_too(self):
        self.night("--faults")
        self.look_at_what_is_left()

    def test_a_second_demo_in_the_same_folder_begins_anew(self):
        self.night()
        first = self.bytes_of("journal/lull.db")
        self.night()
        self.assertNotEqual(self.bytes_of("journal/lull.db"), first)
        self.look_at_what_is_left()

    def test_a_folder_that_cannot_be_written_is_named(self):
        blocked = os.path.join(self.out, "a-file")
        with open(blocked, "w") as f:
            f.write("not a folder")
        code, _, complaint = lull("demo", "--out", os.path.join(blocked, "below"), within=20)
        self.assertEqual(code, 1)
        self.assertIn(blocked, complaint)

    def test_ctrl_c_ends_it_within_seconds_and_still_tells_the_night_so_far(self):
        demo = subprocess.Popen([LULL, "demo", "--speed", "600", "--out", self.out], stdout=subprocess.DEVNULL,
                                stderr=subprocess.PIPE)
        time.sleep(4)
        demo.send_signal(2)
        began = time.time()
        _, complaint = demo.communicate(timeout=20)
        print("ctrl-c: gone after %.1f s" % (time.time() - began))
        self.assertIn(demo.returncode, (0, 1), complaint)  # 1: at this speed a radio may be too slow to prove the off
        self.assertGreater(len(self.bytes_of("report.txt")), 100)
        self.assertEqual(lull("replay", self.out)[0], 0)


if __name__ == "__main__":
    LULL = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2)
