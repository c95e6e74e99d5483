#!/usr/bin/env python3
"""lull score from outside: recordings made here, what is said of bad ones, and recorded nights when there are any."""
import csv
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

LULL = ""
RECORDINGS = os.environ.get("LULL_RECORDINGS", "")


def lull(*arguments, within=60):
    """(exit code, what it printed, what it complained)."""
    done = subprocess.run([LULL, *arguments], capture_output=True, timeout=within, stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def night(minutes=480):
    """Minute counts of a night: ten restless minutes at two hours, else still."""
    return [90 if 120 <= i < 130 else 0 for i in range(minutes)]


class Score(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="lull-score-test-")
        self.addCleanup(shutil.rmtree, self.folder, True)

    def file(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w") as f:
            f.write(text)
        return path

    def counts(self, values, name="night.csv", step=60):
        rows = ["timestamp,counts"]
        for i, value in enumerate(values):
            s = i * step
            rows.append("2026-11-%02dT%02d:%02d:%02d,%s" % (21 + s // 86400, s // 3600 % 24, s // 60 % 60, s % 60, value))
        return self.file(name, "\n".join(rows) + "\n")

    def facts(self, *arguments):
        code, said, complaint = lull("score", *arguments, "--json")
        self.assertEqual(code, 0, complaint)
        return json.loads(said)

    def labels(self, path):
        with open(path) as f:
            return list(csv.DictReader(f))

    def fails(self, path, *words, form="counts", method="oakley", more=()):
        code, said, complaint = lull("score", path, "--format", form, "--method", method, *more)
        self.assertEqual(code, 1, said + complaint)
        self.assertEqual(said, "", "a recording that is wrong gives no figures")
        self.assertEqual(len(complaint.strip().splitlines()), 1, complaint)
        for word in words:
            self.assertIn(word, complaint)

    # ---- what it does ------------------------------------------------------------------------------------------

    def test_a_night_of_counts_and_its_labels(self):
        out = os.path.join(self.folder, "labels.csv")
        path = self.counts(night())
        facts = self.facts(path, "--format", "counts", "--method", "oakley", "--out", out)
        self.assertEqual((facts["epochs"], facts["wake"], facts["missing"]), (480, 10, 0))
        self.assertEqual(facts["nights_by"], "the whole recording")
        one = facts["nights"][0]
        self.assertEqual((one["tst_min"], one["waso_min"], one["awakenings"], one["coverage_pct"]), (470, 10, 1, 100))
        rows = self.labels(out)
        self.assertEqual(list(rows[0]), ["start", "index", "label"])
        self.assertEqual(rows[120], {"start": "2026-11-21T02:00:00", "index": "111.600000", "label": "W"})
        self.assertEqual("".join(r["label"] for r in rows), "S" * 120 + "W" * 10 + "S" * 350)
        code, said, _ = lull("score", path, "--format", "counts", "--method", "oakley")
        self.assertEqual(code, 0)
        self.assertIn("480 min in bed, 100 % measured", said)

    def test_every_method_of_counts_answers(self):
        path = self.counts(night(), step=60)
        tens = self.counts([v // 6 for v in night(120) for _ in range(6)], "tens.csv", 10)
        for method in ("sadeh", "sadeh-1994", "cole-kripke", "cole-kripke+webster", "cole-kripke-plain", "oakley-20", "oakley-80",
                       "sadeh+webster", "oakley-60"):
            self.assertEqual(self.facts(path, "--format", "counts", "--method", method)["epochs"], 480, method)
        for method in ("cole-kripke-10s", "cole-kripke-30s", "sadeh"):
            self.assertEqual(self.facts(tens, "--format", "counts", "--method", method)["epochs"], 120, method)
        self.assertEqual(self.facts(tens, "--format", "counts", "--method", "oakley")["epoch_s"], 30)
        self.assertEqual(self.facts(tens, "--format", "counts", "--method", "oakley", "--epoch", "60s")["epochs"], 120)

    def test_json_lines_and_csv_say_the_same(self):
        lines = "".join(json.dumps({"t": i * 60, "counts": v}) + "\n" for i, v in enumerate(night()))
        a = self.facts(self.file("night.jsonl", lines), "--format", "counts", "--method", "sadeh")
        b = self.facts(self.counts(night()), "--format", "counts", "--method", "sadeh")
        self.assertEqual((a["sleep"], a["wake"]), (b["sleep"], b["wake"]))

    def test_time_in_bed_by_hours_and_by_labels(self):
        path = self.counts(night(1440))
        facts = self.facts(path, "--format", "counts", "--method", "oakley", "--in-bed", "01:00", "--out-of-bed", "05:00")
        self.assertEqual(facts["nights"][0]["tib_min"], 240)
        rows = "timestamp,sleep\n" + "".join("2026-11-21T%02d:%02d:00,%d\n" % (i // 60, i % 60, i % 60 < 50) for i in range(300))
        labelled = self.facts(self.file("labels.csv", rows), "--format", "counts", "--method", "labels")
        self.assertEqual(labelled["nights"][0]["tst_min"], 250)
        self.assertEqual(labelled["nights"][0]["awakenings_5min"], 4)

    def test_the_detector_lists_its_episode_and_the_count_that_crossed(self):
        lively = [count and count + i % 7 for i, count in enumerate(night())]  # equal ones are a frozen sensor
        facts = self.facts(self.counts(lively), "--format", "counts", "--method", "detect")
        self.assertEqual(len(facts["episodes"]), 1, facts)
        episode = facts["episodes"][0]
        self.assertTrue("2026-11-21T02:03:00" <= episode["start"] <= "2026-11-21T02:10:00", episode)
        self.assertGreaterEqual(episode["count"], episode["need"])
        vibration = self.file("vibration.txt", "".join("%d\n" % t for t in (100, 4000, 4070, 4140, 4210, 4280)))
        self.assertEqual(len(self.facts(vibration, "--format", "vibration", "--method", "detect")["episodes"]), 1)

    def test_leg_movements_with_and_without_a_hypnogram(self):
        events = "onset_s,offset_s,leg\n" + "".join("%d,%d,%s\n" % (100 + 20 * i, 102 + 20 * i, "LR"[i % 2]) for i in range(6))
        path, out = self.file("x.events.csv", events), os.path.join(self.folder, "movements.csv")
        facts = self.facts(path, "--format", "movements", "--method", "wasm", "--out", out)
        self.assertEqual(facts["merged"]["estimated_periodic"], 6)
        self.assertIsNone(facts["merged"]["estimated_periodic_per_sleep_hour"], "nothing is known of sleep")
        self.assertEqual(facts["left"]["movements"], 3)
        self.assertEqual([r["plm"] for r in self.labels(out)], ["1"] * 6)
        self.file("x.hypnogram.txt", "S" * 120)
        self.assertEqual(self.facts(path, "--format", "movements", "--method", "aasm")["merged"]["estimated_periodic_per_sleep_hour"], 6)
        bad = self.file("bad.txt", "SSXS")
        self.fails(path, "bad.txt", "must be S, W", form="movements", method="wasm", more=("--hypnogram", bad))

    def leg(self, seconds=120, kicks=((60, 2),), per_g=1000, columns="x_mg,y_mg,z_mg"):
        rows = [columns]
        for i in range(seconds * 25):
            kick = any(at <= i / 25 < at + length for at, length in kicks)
            rows.append("%d,%d,%d" % ((150 * math.sin(i) if kick else i % 3) * per_g / 1000, i % 2, per_g))
        return "\n".join(rows) + "\n"

    def test_raw_acceleration_of_a_leg_and_of_a_wrist(self):
        path = self.file("leg25hz.csv", self.leg())
        facts = self.facts(path, "--format", "leg", "--method", "wasm")
        self.assertEqual(facts["merged"]["movements"], 1)
        unnamed = self.file("leg.csv", self.leg())
        self.fails(unnamed, "--epoch", form="leg", method="wasm")
        self.assertEqual(self.facts(unnamed, "--format", "leg", "--method", "aasm", "--epoch", "40ms")["heard"], 1)
        wrist = self.facts(path, "--format", "raw", "--method", "van-hees")
        self.assertEqual(wrist["epochs"], 24)
        self.assertEqual(self.facts(path, "--format", "leg", "--method", "detect")["episodes"], [])

    # ---- bad input ---------------------------------------------------------------------------------------------

    def test_wrong_usage_is_2(self):
        path = self.counts(night(60))
        for wrong in ([], [path], [path, "--format", "counts"], [path, "--format", "tea", "--method", "sadeh"],
                      [path, "--format", "counts", "--method", "wasm"], [path, "--format", "movements", "--method", "sadeh"],
                      [path, "--format", "counts", "--method", "detect+webster"], [path, "--format", "counts", "--method", "oakley-0"],
                      [path, "--format", "counts", "--method", "oakley", "--epoch", "60"],
                      [path, "--format", "counts", "--method", "oakley", "--in-bed", "22:30"],
                      [path, "--format", "counts", "--method", "oakley", "--in-bed", "25:00", "--out-of-bed", "07:00"]):
            code, _, complaint = lull("score", *wrong)
            self.assertEqual(code, 2, wrong)
            self.assertTrue(complaint.strip(), wrong)
        self.assertEqual(lull("score", "--help")[0], 0)

    def test_files_that_are_no_recording(self):
        self.fails("/nonexistent.csv", "/nonexistent.csv")
        self.fails(self.folder, self.folder)
        self.fails(self.file("empty.csv", ""), "empty.csv", "no rows")
        self.fails(self.file("numbers.csv", "0,1\n60,2\n"), "numbers.csv:1", "header line")
        self.fails(self.file("short.csv", "t,counts\n0,1\n60\n"), "short.csv:3", "names 2 columns")
        self.fails(self.file("steps.csv", "t,steps\n0,1\n60,2\n"), "t, steps", "--column")
        self.fails(self.counts(night(60)), "no column sheep", more=("--column", "sheep"))
        self.fails(self.file("untimed.csv", "counts,x\n0,1\n60,1\n"), "--epoch 60s")

    def test_values_that_are_no_counts(self):
        self.fails(self.file("word.csv", "t,counts\n0,1\n60,many\n"), "word.csv:3", "many", "must be a number")
        self.fails(self.file("half.csv", "t,counts\n0,1\n60,1.5\n"), "half.csv:3", "whole numbers")
        self.fails(self.file("acc.csv", "t,acc_mg\n0,1\n60,1\n"), "not activity counts", more=("--column", "acc_mg"))
        self.fails(self.file("when.csv", "timestamp,counts\nyesterday,1\n"), "when.csv:2", "yesterday", "2026-11-21T23:30:00")

    def test_wrong_units_of_time(self):
        self.fails(self.counts(night(60)), "cannot be made", more=("--epoch", "30s"))
        self.fails(self.counts(night(60), step=90), "cannot be made", method="sadeh")
        self.fails(self.counts(night(60)), "60 s", method="sadeh", more=("--epoch", "120s"))

    def test_what_a_sensor_cannot_mean_is_a_marked_gap_and_no_movement(self):
        for wrong in ("NaN", "-3", "2147483648", "2147483647", "65535", "inf", "1e300"):
            values = [0] * 480
            values[200] = wrong
            path, out = self.counts(values), os.path.join(self.folder, "labels.csv")
            code, said, complaint = lull("score", path, "--format", "counts", "--method", "oakley", "--json", "--out", out)
            self.assertEqual(code, 0, complaint)
            facts = json.loads(said)
            self.assertEqual((facts["wake"], facts["missing"]), (0, 1), wrong)
            self.assertEqual(facts["notes"][0]["line"], 202, wrong)
            self.assertIn("line 202", complaint)
            self.assertEqual(self.labels(out)[200], {"start": "2026-11-21T03:20:00", "index": "", "label": ""})
            self.assertEqual(self.facts(path, "--format", "counts", "--method", "detect")["movements"], 0, wrong)
        stuck = self.facts(self.counts([0] * 100 + [77] * 200 + [0] * 100), "--format", "counts", "--method", "oakley")
        self.assertEqual((stuck["missing"], stuck["wake"]), (200, 0))
        self.assertIn("no_score", stuck["nights"][0])
        self.assertIsNone(stuck["nights"][0]["tst_min"])

    def test_clocks_that_jump(self):
        with open(self.counts(night())) as f:
            good = f.read().splitlines()
        def told(lines, **_):
            return self.facts(self.file("clock.csv", "\n".join(lines) + "\n"), "--format", "counts", "--method", "oakley")
        whole = told(good)
        gap = told(good[:201] + good[231:])
        self.assertEqual((gap["epochs"], gap["missing"] >= 30), (480, True))
        self.assertEqual(gap["wake"], whole["wake"], "a gap makes no movement")
        doubled = told(good[:50] + good[40:])
        self.assertEqual((doubled["epochs"], doubled["missing"], doubled["wake"]), (480, 0, 10))
        self.assertTrue(doubled["notes"])
        shuffled = told(good[:1] + good[:0:-1])
        self.assertEqual((shuffled["missing"], shuffled["wake"]), (0, 10))
        contradicted = told(good[:300] + [line.rsplit(",", 1)[0] + ",500" for line in good[240:300]] + good[300:])
        self.assertEqual((contradicted["missing"] >= 60, contradicted["wake"]), (True, 10), "an hour told twice, differently")
        self.fails(self.file("leap.csv", "\n".join(good[:50] + ["2099-01-01T00:00:00,5"]) + "\n"), "line 51", "clock")

    def test_acceleration_that_cannot_be(self):
        self.fails(self.file("a25hz.csv", self.leg(columns="x,y,z")), "x_mg", form="leg", method="wasm")
        self.fails(self.file("a25hz.csv", self.leg(columns="x_g,y_g,z_g")), "32 g", form="leg", method="wasm")
        self.fails(self.file("a25hz.csv", self.leg(per_g=1, kicks=())), "must be near 1000", form="leg", method="wasm")
        still = self.leg(kicks=()).splitlines()
        wild = still[:2000] + ["16000,-16000,16000"] * 50 + ["nan,0,1000"] * 25 + still[2075:]
        facts = self.facts(self.file("a25hz.csv", "\n".join(wild) + "\n"), "--format", "leg", "--method", "wasm")
        self.assertEqual(facts["heard"], 0, "saturated is missing, not a movement")
        self.assertEqual(len(facts["notes"]), 2)

    def test_movements_that_cannot_be(self):
        for line, word in (("5,4,L", "ends before"), ("5,6,X", "must be L or R"), ("-5,6,L", "seconds"), ("a,6,L", "must be a number")):
            self.fails(self.file("m.csv", "onset_s,offset_s,leg\n1,2,L\n%s\n" % line), "m.csv:3", word, form="movements", method="wasm")
        self.fails(self.file("m.csv", "onset,length\n1,2\n"), "offset_s", form="movements", method="wasm")
        doubled = self.facts(self.file("m.csv", "onset_s,offset_s,leg\n30,32,L\n1,2,L\n30,32,L\n"), "--format", "movements", "--method", "wasm")
        self.assertEqual((doubled["heard"], len(doubled["notes"])), (2, 2))

    # ---- recorded nights ---------------------------------------------------------------------------------------

    @unittest.skipUnless(os.path.isdir(os.path.join(RECORDINGS, "actigraph-day1")), "LULL_RECORDINGS names no recorded nights")
    def test_every_recorded_layout_is_read_as_it_is(self):
        here = lambda *parts: os.path.join(RECORDINGS, *parts)
        out = os.path.join(self.folder, "labels.csv")
        def equal(path, method, theirs, form="counts", ours="label"):
            self.facts(path, "--format", form, "--method", method, "--out", out)
            with open(path) as f:
                wanted = [r[theirs] for r in csv.DictReader(line for line in f if not line.startswith("#"))]
            got = [r[ours] for r in self.labels(out)]
            self.assertEqual(len(got), len(wanted))
            return sum(1 for a, b in zip(got, wanted) if b and a != b)
        day = here("actigraph-day1", "epochs60.csv")
        self.assertEqual(equal(day, "sadeh", "actilife_sadeh"), 0)
        self.assertEqual(equal(day, "cole-kripke", "actilife_cole_kripke"), 0)
        by_minutes = [r["label"] for r in self.labels(out)]
        self.facts(here("actigraph-day1", "epochs10.csv"), "--format", "counts", "--method", "cole-kripke", "--out", out)
        by_tens = [r["label"] for r in self.labels(out)]
        self.assertEqual(by_tens[:-1], by_minutes[:-1])
        self.assertEqual(by_tens[-1], "", "the last ten seconds are not in the file: missing, not zero")
        self.assertLessEqual(equal(here("actiware-a", "epochs30.csv"), "oakley", "actiware_sleep_wake") +
                             equal(here("actiware-b", "epochs60.csv"), "oakley", "actiware_sleep_wake"), 1)
        for person in ("01", "03"):
            self.assertEqual(equal(here("actiwatch-multinight", "person%s.csv" % person), "oakley", "oakley40"), 0)
        with open(here("actiware-a", "reference_nights.csv")) as f:
            wanted = list(csv.DictReader(f))
        facts = self.facts(here("actiware-a", "epochs30.csv"), "--format", "counts", "--method", "oakley")
        self.assertEqual([n["as_actiware"]["waso_min"] for n in facts["nights"]], [float(w["waso_min"]) for w in wanted])
        self.assertEqual([n["as_actiware"]["onset"] for n in facts["nights"]], [w["start"] for w in wanted])
        facts = self.facts(here("zangle-synthetic", "angle5s.csv"), "--format", "raw", "--method", "hdcza")
        with open(here("zangle-synthetic", "reference.json")) as f:
            window = json.load(f)["hdcza"]
        self.assertEqual(len(facts["nights"]), 1)
        self.assertLessEqual(abs(facts["nights"][0]["first"] - window["start"]), 1)
        self.assertLessEqual(abs(facts["nights"][0]["end"] - window["end"]), 1)
        for one in ("night01", "night06", "edges"):
            for method, key in (("wasm", "wasm"), ("wasm-lenient", "wasm_variant"), ("aasm", "aasm")):
                facts = self.facts(here("plm-synthetic", one + ".events.csv"), "--format", "movements", "--method", method)
                with open(here("plm-synthetic", one + ".summary.json")) as f:
                    wanted = json.load(f)[key]
                self.assertAlmostEqual(facts["merged"]["estimated_periodic_per_sleep_hour"], wanted["plmsi"], 3)
        facts = self.facts(here("restless-synthetic", "leg25hz.csv"), "--format", "leg", "--method", "wasm")
        self.assertEqual(facts["heard"], 38)
        for form, file, more in (("counts", "night2.csv", ()), ("counts", "night2.csv", ("--column", "radar")),
                                 ("counts", "night2.csv", ("--column", "load_var")), ("vibration", "night2.zigbee.txt", ())):
            facts = self.facts(here("restless-synthetic", file), "--format", form, "--method", "detect", *more)
            self.assertGreaterEqual(len(facts["episodes"]), 2, (file, more))
        self.facts(here("daqtometer-1hz", "night.csv"), "--format", "counts", "--method", "oakley", "--epoch", "60s")
        self.facts(here("oxford-acc-30s", "week.csv"), "--format", "counts", "--method", "labels")


if __name__ == "__main__":
    LULL = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=1)
