#!/usr/bin/env python3
"""The running program from outside: its command line, its exit codes, systemd."""
import json
import os
import signal
import socket
import subprocess
import time

import story
from afternoon import clock
from mqtt import Program
from story import MOTOR, Story, lull, main

class CommandLine(Story):
    def test_a_broken_configuration_names_every_problem_and_starts_nothing(self):
        broken = os.path.join(self.room.folder, "broken.yaml")
        with open(self.room.config_path) as f:
            text = f.read()
        with open(broken, "w") as f:
            for right, wrong in (("level: 40%", "level: 140%"), ("for: 20min", "for: 20"),
                                 ("at: legmotor", "att: legmotor"), ("time_zone: ", "time_zone: Atlantis/")):
                text = text.replace(right, wrong)
            f.write(text)
        mark = self.room.wire.mark()
        code, said, complaint = lull("run", "--config", broken, "--state", self.room.state)
        self.assertEqual(code, 1)
        for word in ("broken.yaml:", "140", "20", "att", "Atlantis"):
            self.assertIn(word, complaint)
        self.assertEqual(self.room.wire.since(mark, "lull/+/status"), [])
        self.assertFalse(os.path.exists(self.room.state), "nothing was begun")
        code, said, _ = lull("check", broken)
        self.assertEqual(code, 1)
        self.assertGreaterEqual(len(said.splitlines()), 4, said)
        code, said, _ = lull("check", "--json", broken)
        self.assertEqual(code, 1)
        for one in json.loads(said)["problems"]:
            self.assertTrue(one["file"] and one["line"] and one["what"], one)
        code, _, complaint = lull("run", "--config", "/nonexistent/lull.yaml", "--state", self.room.state)
        self.assertEqual(code, 1)
        self.assertIn("/nonexistent/lull.yaml", complaint)

    def test_a_state_folder_that_cannot_be_used_is_named(self):
        blocked = os.path.join(self.room.folder, "a-file")
        with open(blocked, "w") as f:
            f.write("not a folder")
        for state in (blocked, os.path.join(blocked, "below"), "/proc/lull"):
            code, _, complaint = lull("run", "--config", self.room.config_path, "--state", state)
            self.assertEqual(code, 1, complaint)
            self.assertIn(state, complaint)
            said = [line for line in complaint.strip().splitlines() if not line.startswith("hint: ")]
            self.assertEqual(len(said), 1, complaint)

    def test_a_second_lull_on_the_same_state_is_turned_away_with_the_pid_of_the_first(self):
        self.begin()
        code, _, complaint = lull("run", "--config", self.room.config_path, "--state", self.room.state)
        self.assertEqual(code, 1)
        self.assertIn("process %d" % self.room.lull.pid, complaint)
        self.assertTrue(self.room.lull.alive())

    def test_every_command_explains_itself_and_wrong_usage_is_2(self):
        for command in ("run", "demo", "check", "report", "why", "replay", "score", "backtest", "health",
                        "version"):
            code, said, _ = lull(command, "--help")
            self.assertEqual(code, 0, command)
            self.assertIn("--help", said)
        code, said, _ = lull("version")
        self.assertEqual((code, said.split()[0]), (0, "lull"))
        self.assertEqual(lull("--version")[:2], (0, said))
        for wrong in ([], ["dance"], ["run"], ["run", "--confg", "x"], ["check"], ["report"], ["why"], ["replay"],
                      ["demo", "--speed", "0"], ["demo", "--speed", "nan"], ["demo", "--seed", "x"],
                      ["health", "--port", "x"], ["health", "--address", "nowhere"], ["version", "extra"],
                      ["why", "25:00", "--state", "/tmp"], ["why", "2", "--state", "/tmp"]):
            code, _, complaint = lull(*wrong)
            self.assertEqual(code, 2, " ".join(wrong))
            self.assertTrue(complaint.strip(), wrong)

    def test_what_was_recorded_is_told_as_json_and_replays_equal(self):
        self.begin()
        self.starts(MOTOR)
        time.sleep(1.5)
        now = clock()
        for running in (True, False):  # beside the running program, and after it
            if not running:
                self.assertEqual(self.room.lull.ends(15), 0)
            code, said, complaint = lull("report", "--json", "--state", self.room.state)
            self.assertEqual(code, 0, complaint)
            self.assertIn("night", json.loads(said))
            code, said, complaint = lull("why", now, "--json", "--state", self.room.state)
            self.assertEqual(code, 0, complaint)
            told = json.loads(said)
            self.assertTrue(told["standpoints"], said)
            self.assertTrue(any("Leg motor" in d["about"] for d in told["decisions"]), said)
            code, said, complaint = lull("replay", "--json", self.room.state)
            self.assertEqual(code, 0, said + complaint)
            self.assertTrue(json.loads(said)["equal"])
        self.assertEqual(lull("report", "--state", self.room.state)[0], 0)
        self.assertEqual(lull("why", now, "--state", self.room.state)[0], 0)
        self.assertEqual(lull("replay", self.room.state)[0], 0)
        picture = os.path.join(self.room.folder, "night.gif")
        self.assertEqual(lull("report", "--state", self.room.state, "--picture", picture)[0], 2)
        for command in (["report", "--state"], ["why", "02:00", "--state"], ["replay"]):
            code, _, complaint = lull(*command, "/nonexistent")
            self.assertEqual(code, 1)
            self.assertIn("/nonexistent", complaint)

    def test_health_tells_when_nobody_is_there(self):
        code, _, complaint = lull("health", "--port", str(self.room.http))
        self.assertEqual(code, 1)
        self.assertIn(str(self.room.http), complaint)
        self.begin()
        self.assertEqual(self.healthz(), (200, {"status": "ok", "detail": "watching"}))
        self.assertEqual(lull("health", "--port", str(self.room.http))[0], 0)


class Systemd(Story):
    def test_its_unit_is_installed_beside_it_and_starts_what_the_manual_says(self):
        to = os.path.join(self.room.folder, "usr")
        subprocess.run(["cmake", "--install", os.path.dirname(story.LULL), "--prefix", to], check=True, capture_output=True)
        said = subprocess.run([os.path.join(to, "bin", "lull"), "version"], check=True, capture_output=True, text=True)
        self.assertEqual(said.stdout.split()[0], "lull")
        with open(os.path.join(to, "lib", "systemd", "system", "lull.service")) as f:
            start = next(line.split("=", 1)[1].split() for line in f if line.startswith("ExecStart="))
        self.assertEqual(start, "lull run --config /etc/lull/lull.yaml --state /var/lib/lull".split())

    def listen(self, name):
        manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(manager.close)
        manager.bind("\0" + name[1:] if name[0] == "@" else name)
        manager.settimeout(10)
        return manager

    def test_it_says_ready_alive_and_stopping(self):
        for name in (os.path.join(self.room.folder, "notify"), "@lull-test-%d" % os.getpid()):
            manager = self.listen(name)
            self.room.start({"NOTIFY_SOCKET": name, "WATCHDOG_USEC": "6000000", "WATCHDOG_PID": ""})
            words, came = [], []
            while words.count(b"WATCHDOG=1") < 3:
                words.append(manager.recv(100))
                came.append(time.time())
            alive = [at for word, at in zip(words, came) if word == b"WATCHDOG=1"]
            self.assertEqual(words.count(b"READY=1"), 1, words)
            for one, next_one in zip(alive, alive[1:]):
                self.assertLess(next_one - one, 2.9, "three times in the span of the watchdog")
                self.assertGreater(next_one - one, 0.9, "and not more often than needed")
            self.room.lull.process.send_signal(signal.SIGTERM)
            while (word := manager.recv(100)) == b"WATCHDOG=1":
                pass
            self.assertEqual(word, b"STOPPING=1")
            self.assertEqual(self.room.lull.ends(15, None), 0)

    def test_its_own_broker_does_not_say_ready_for_it(self):
        name, config = os.path.join(self.room.folder, "notify"), os.path.join(self.room.folder, "alone.yaml")
        with open(self.room.config_path) as f, open(config, "w") as alone:
            alone.writelines(line for line in f if not line.startswith("broker:"))
        manager, words = self.listen(name), []
        program = Program([story.LULL, "run", "--config", config, "--state", self.room.state],
                          os.path.join(self.room.folder, "alone.log"),
                          {"NOTIFY_SOCKET": name, "WATCHDOG_USEC": "3000000"})
        self.addCleanup(program.kill)
        while b"READY=1" not in words:  # its devices are elsewhere and never answer: after 5 s
            words.append(manager.recv(100))
        self.assertGreater(words.count(b"WATCHDOG=1"), 2, "who says ready this early? %r" % (words,))
        self.assertNotEqual(program.ends(25), None)
        self.assertIn("own broker on", program.log())

    def test_a_hung_loop_falls_silent(self):
        name = os.path.join(self.room.folder, "notify")
        manager = self.listen(name)
        self.room.start({"NOTIFY_SOCKET": name, "WATCHDOG_USEC": "3000000"})
        while manager.recv(100) != b"WATCHDOG=1":
            pass
        os.kill(self.room.lull.pid, signal.SIGSTOP)
        manager.settimeout(0.2)
        try:
            while True:
                manager.recv(100)
        except TimeoutError:
            pass
        manager.settimeout(3)
        with self.assertRaises(TimeoutError):
            manager.recv(100)
        os.kill(self.room.lull.pid, signal.SIGCONT)

    def test_a_silent_device_does_not_hold_up_the_start_for_ever(self):
        self.room.motor.deaf = True
        name = os.path.join(self.room.folder, "notify")
        manager = self.listen(name)
        at = time.time()
        self.room.start({"NOTIFY_SOCKET": name})
        self.assertEqual(manager.recv(100), b"READY=1")
        self.assertLess(time.time() - at, 8)


if __name__ == "__main__":
    main()
