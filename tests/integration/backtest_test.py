#!/usr/bin/env python3
"""Changed settings on recorded nights, asked of the program itself: backtest_test.py LULL [test names].

One demo is lived for all tests. At 1500 times the speed of life a pad may confirm late, so what really happened is
compared loosely; that equal settings give an equal night is held exactly by tests/stories.
"""
import csv
import io
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

LULL = ""


def lull(*arguments, within=120):
    done = subprocess.run([LULL, *arguments], capture_output=True, timeout=within, stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


class Backtest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="lull-backtest-test-")
        cls.demo = os.path.join(cls.folder, "demo")
        code, said, complaint = lull("demo", "--speed", "1500", "--seed", "3", "--out", cls.demo)
        if code not in (0, 1):
            raise AssertionError(said[-2000:] + complaint)
        cls.config = os.path.join(cls.demo, "lull.yaml")

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder, True)

    def changed(self, name, *replacements):
        with open(self.config) as f:
            text = f.read()
        for was, becomes in replacements:
            self.assertIn(was, text)
            text = text.replace(was, becomes)
        path = os.path.join(self.folder, name)
        with open(path, "w") as f:
            f.write(text)
        return path

    def recording(self, name, *restless, seconds=4 * 3600, header="t,counts,occupied,pad_on"):
        """Quiet but for kicks each 20 s in the given stretches (second from, second to)."""
        dice, path = random.Random(name), os.path.join(self.folder, name)
        with open(path, "w") as f:
            f.write(header + "\n")
            for t in range(seconds):
                kick = t % 20 == 0 and any(a <= t < b for a, b in restless)
                f.write("%d,%d,1,0\n" % (t, 120 if kick else dice.randrange(2)))
        return path

    def outcome(self, *arguments):
        code, said, complaint = lull("backtest", "--json", *arguments)
        self.assertEqual(code, 0, complaint)
        return json.loads(said)

    # ---- the journal

    def test_a_demos_folder_is_tested_with_its_own_settings(self):
        code, said, complaint = lull("backtest", "--config", self.config, "--state", self.demo)
        self.assertEqual(code, 0, complaint)
        self.assertIn("2026-11-21", said)
        self.assertIn("what really happened", said)
        self.assertIn("No effect", said.replace("no effect", "No effect"))
        out = self.outcome("--config", self.config, "--state", self.demo)
        night = out["nights"][0]
        self.assertEqual(out["lull_backtest"], 1)
        self.assertGreaterEqual(len(night["would"]["sessions"]), 1)
        self.assertAlmostEqual(len(night["would"]["sessions"]), len(night["was"]["sessions"]), delta=1)
        self.assertEqual(lull("replay", self.demo)[0], 0, "and nothing of it was changed")

    def test_a_rule_that_is_forbidden_shows_what_it_would_have_cost(self):
        fewer = self.changed("fewer.yaml", ("limits: {per_night: 3", "limits: {per_night: 1"))
        out = self.outcome("--config", fewer, "--state", self.demo)["nights"][0]
        count = lambda world: sum(s["routine"] == "night-relief" and s["asked_by"].startswith("rule Restless")
                                  for s in world["sessions"])
        self.assertLessEqual(count(out["would"]), 1)
        if count(out["was"]) > 1:
            self.assertTrue(any("1 of 1 times used tonight" in n["text"] for n in out["would"]["not_done"]), out)

    def test_another_file_can_stand_beside(self):
        never = self.changed("never.yaml", ("when: {restless: Ana}", "when: {said: legs}"))
        out = self.outcome("--config", never, "--against", self.config, "--state", self.demo)
        self.assertIn("lull.yaml", out["beside"])
        self.assertLessEqual(len(out["nights"][0]["would"]["sessions"]), len(out["nights"][0]["was"]["sessions"]))

    def test_the_weeks_and_the_tables_of_a_demo(self):
        code, said, complaint = lull("report", "--state", self.demo, "--weeks", "4")
        self.assertEqual(code, 0, complaint)
        self.assertIn("2026-11-21", said)
        self.assertIn("Not enough nights yet", said)
        code, said, _ = lull("report", "--state", self.demo, "--weeks", "4", "--json")
        self.assertEqual((code, json.loads(said)["sleepers"][0]["weeks"][0]["monday"]), (0, "2026-11-16"))
        for arguments in (["--csv"], ["--csv", "nights"], ["--csv", "nights", "--night", "2026-11-21"]):
            code, said, complaint = lull("report", "--state", self.demo, *arguments)
            self.assertEqual(code, 0, complaint)
            rows = list(csv.DictReader(io.StringIO(said)))
            self.assertEqual([r["night"] for r in rows], ["2026-11-21"])
            self.assertGreater(float(rows[0]["massage_min"]), 10)
        code, said, _ = lull("report", "--state", self.demo, "--csv", "minutes")
        rows = list(csv.DictReader(io.StringIO(said)))
        self.assertGreater(len(rows), 300)
        self.assertEqual({r["state"] for r in rows}, {"measured", "gated"})
        self.assertTrue(all(r["movements"] == "" for r in rows if r["state"] == "gated"))

    # ---- recordings

    def test_recordings_tell_what_would_have_been(self):
        files = [self.recording("n1.csv", (7200, 7600)), self.recording("n2.csv", (6000, 6400), (9000, 9400)),
                 self.recording("n3.csv")]
        out = self.outcome("--config", self.config, *files)
        self.assertEqual([len(n["would"]["episodes"]) for n in out["nights"]], [1, 2, 0])
        relief = [sum(s["routine"] == "night-relief" for s in n["would"]["sessions"]) for n in out["nights"]]
        self.assertEqual(relief, [1, 2, 0])
        self.assertTrue(all(n["was"] is None for n in out["nights"]))
        self.assertTrue(any("counts" in note for note in out["notes"]), "the anklet was taken for what was recorded")
        self.assertEqual(len(self.outcome("--config", self.config, "--nights", "2", *files)["nights"]), 2)
        less = self.changed("less.yaml", ("apart: 30min", "apart: 2h"))
        out = self.outcome("--config", less, "--against", self.config, *files)
        self.assertEqual(out["both"]["would"]["sessions"] - out["both"]["was"]["sessions"], -1)

    def test_how_fast_it_is(self):
        files = [self.recording("s%d.csv" % i, (7200, 7600), seconds=8 * 3600) for i in range(12)]
        began = time.time()
        self.outcome("--config", self.config, *files)
        took = time.time() - began
        print("%d nights of 8 h in %.2f s: %.0f nights a minute" % (len(files), took, 60 * len(files) / took))
        began = time.time()
        self.outcome("--config", self.config, "--state", self.demo)
        print("a night of a journal in %.2f s" % (time.time() - began))

    # ---- what is wrong is named

    def refused(self, code, word, *arguments):
        got, said, complaint = lull("backtest", *arguments)
        self.assertEqual(got, code, " ".join(arguments) + "\n" + said + complaint)
        self.assertIn(word, complaint)

    def test_what_cannot_be_used_is_named(self):
        good = self.recording("good.csv", seconds=600)
        bare = self.recording("bare.csv", seconds=600, header="t,steps,occupied,pad_on")
        broken = self.changed("broken.yaml", ("level: 40%", "level: 140%"))
        deaf = self.changed("deaf.yaml", ("is: movement,    speaks: esphome,     at: lull/anklet/ana,  for: Ana, stream: acceleration",
                                          "is: presence, speaks: zigbee2mqtt, at: Ankle, for: Ana"),
                            ("when: {restless: Ana}", "when: {said: legs}"))
        self.refused(2, "--state", "--config", self.config)
        self.refused(2, "either", "--config", self.config, "--state", self.demo, good)
        self.refused(2, "--config", "--state", self.demo)
        self.refused(2, "--nights", "--config", self.config, "--nights", "0", good)
        self.refused(2, "--begins", "--config", self.config, "--begins", "half past ten", good)
        self.refused(2, "--epoch", "--config", self.config, "--epoch", "a while", good)
        self.refused(1, "140", "--config", broken, good)
        self.refused(1, "/nonexistent", "--config", self.config, "/nonexistent.csv")
        self.refused(1, "/nonexistent", "--config", self.config, "--state", "/nonexistent")
        self.refused(1, "counts", "--config", self.config, bare)
        self.refused(1, "movement sensor for Ana", "--config", deaf, good)
        self.refused(1, "Ana", "--config", self.config, "--sleeper", "Nobody", good)
        empty = os.path.join(self.folder, "empty")
        os.makedirs(empty, exist_ok=True)
        self.refused(1, empty, "--config", self.config, "--state", empty)
        damaged = os.path.join(self.folder, "damaged")
        os.makedirs(damaged, exist_ok=True)
        with open(os.path.join(damaged, "lull.db"), "wb") as f:
            f.write(b"SQLite format 3\0" + bytes(4096))
        self.refused(1, "lull.db", "--config", self.config, "--state", damaged)


if __name__ == "__main__":
    LULL = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=1)
