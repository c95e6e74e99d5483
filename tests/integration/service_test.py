#!/usr/bin/env python3
"""The running program against a real broker: service_test.py LULL [test names]. Prints what it measured.

LULL_KEEP=1 keeps the folders with everybody's logs.
"""
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import unittest

from bedroom import CONFIG, OFF_WORDS, Bedroom, is_on_word
from mqtt import Client, Program

LULL = ""
MAT, MOTOR, PAD = "heatmat/relay/set", "legmotor/set", "lull/pad/left/number/vibration/command"


def lull(*arguments, within=30):
    """(exit code, what it printed, what it complained)."""
    done = subprocess.run([LULL, *arguments], capture_output=True, timeout=within, stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def eventually(met, within=10.0):
    deadline = time.time() + within
    while not met():
        if time.time() > deadline:
            return False
        time.sleep(0.01)
    return True


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


class Story(unittest.TestCase):
    config = CONFIG

    def setUp(self):
        self.room = Bedroom(LULL, self.config)
        self.addCleanup(self.room.close)

    def begin(self, **how):
        mark = self.room.start(**how)
        self.assertIsNotNone(self.room.ready(mark), "everything is proved off soon after the start\n" + self.log())
        return mark

    def log(self):
        return self.room.lull.log()

    def starts(self, device):
        """A person starts a device, and it runs."""
        name, part = {MAT: ("Heat mat", self.room.mat), MOTOR: ("Leg motor", self.room.motor),
                      PAD: ("Leg massage", self.room.pad)}[device]
        self.room.command("set", device=name, level=50, minutes=10)
        self.assertTrue(eventually(part.runs), name + " runs when a person asks for it\n" + self.log())
        return part

    def healthz(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.room.http, timeout=5)
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())


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
        found = [m for m in later.messages if m.topic.startswith("homeassistant/device/")]
        self.assertGreaterEqual(len(found), 5, "discovery waits for a Home Assistant that comes later")
        for m in found:
            self.assertTrue(m.retained)
            json.loads(m.payload)
        retained = [m for m in later.messages if m.topic.endswith(("/set", "/command")) and m.retained]
        self.assertEqual(retained, [], "no command lies on the broker")

    def test_sigterm_switches_off_proves_it_and_leaves_with_offline(self):
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
        self.assertTrue(eventually(lambda: "broker:" in self.log().split("ready")[-1], 20) or True)
        time.sleep(0.5)
        self.assertEqual(self.room.lull.ends(20), 1)
        self.assertIn("not proved off: there is no connection to the broker", self.log())

    def test_kill_9_while_heating_the_broker_says_off_for_us(self):
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
        flood, ended = Client(self.room.broker.port), threading.Event()

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
        flood.close()
        print("STOP to OFF while %.0f messages/s arrive: p50 %.1f ms, p99 %.1f ms" %
              (flood.poured, percentile(took, 0.5), percentile(took, 0.99)))
        self.assertLess(max(took), 500)

    def test_stop_outlives_restarts_and_only_release_ends_it(self):
        self.begin()
        self.starts(MOTOR)
        self.room.wire.publish(self.room.topic("command"), "stop", qos=1)
        self.assertTrue(eventually(lambda: not self.room.motor.runs(), 2))
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
        # Ten minutes of rest after a massage, also over a restart: the pad was not used yet.
        self.starts(PAD)


class WhatLiesOnTheBroker(Story):
    def test_a_retained_command_is_found_cleared_and_reported(self):
        before = self.room.wire
        before.publish(MOTOR, '{"power":"ON","level":60,"off_after":300}', retain=True, qos=1)
        before.publish("lull/pad/left/number/lease/command", "300", retain=True, qos=1)
        for device in (self.room.motor, self.room.pad):  # the broker has just told them; a person ends that
            device.level = device.vibration = 0
        mark = self.begin()
        self.assertIsNotNone(before.wait(MOTOR, b"", since=mark, within=5), "cleared")
        later = self.room.listener(MOTOR, "lull/pad/left/number/lease/command")
        time.sleep(0.3)
        self.assertEqual([m for m in later.messages if m.retained], [])
        told = before.wait(self.room.topic("event/message"), lambda p: b"legmotor/set" in p, since=mark)
        self.assertIsNotNone(told, "a person is told\n" + self.log())
        self.assertIn("a stored command was found on legmotor/set", self.log())
        self.assertEqual(self.room.ons(mark), [])

    def test_retained_states_and_wishes_start_nothing(self):
        mark = self.begin()
        install = self.room.install
        self.assertEqual(self.room.lull.ends(15), 0)
        lies = {"legmotor/state": '{"power":"ON","level":60,"left":250}', "heatmat/relay": "1",
                "heatmat/auto_off": "300", "heatmat/surface": '{"c":20}', "lull/anklet/kit/status": "online",
                "lull/pad/left/number/vibration/state": "60", "lull/pad/left/number/lease/state": "900",
                "lull/anklet/kit/movement": '{"rms_mg": 900, "peak_mg": 900, "n": 25}',
                "lull/%s/command" % install: '{"do":"play","routine":"wind-down"}',
                "lull/%s/routine/wind-down/on/set" % install: "ON", "lull/%s/device/heat_mat/on/set" % install: "ON",
                "lull/%s/hub/replay/set" % install: "PRESS"}
        for topic, payload in lies.items():
            self.room.wire.publish(topic, payload, retain=True, qos=1)
        mark = self.begin()
        time.sleep(2.5)
        self.assertEqual(self.room.ons(mark), [])
        later = self.room.listener("lull/%s/#" % install)
        time.sleep(0.3)
        left = [m.topic for m in later.messages if m.retained and m.topic in lies]
        self.assertEqual(left, [], "retained wishes are taken off the broker")
        self.assertIn("was retained", self.log())


def malformed(random_bytes):
    """One of each kind of nonsense."""
    deep = b"[" * 10000 + b"]" * 10000
    return [b"", b"\x00", b"\xff\xfe\xfd", b"\xc3\x28 not UTF-8", b"{" * 10000, deep, b'{"a":' * 10000 + b"1" + b"}" * 10000,
            b"x" * 70000, b'{"power":"' + b"O" * 70000 + b'"}', b"NaN", b"nan", b"inf", b"-1", b"1e999", b"-1e-999",
            b"99999999999999999999999", b"0x41", b"0,5", b" 1 ", b"null", b"true", b"[]", b"{}", b'""', b'{"power":null}',
            b'{"power":1,"level":"x","left":[]}', b'{"power":{"power":"ON"},"level":-5,"left":1e300}',
            b'{"level":1e308,"left":-1}', b'{"c":"NaN"}', b'{"c":1e999}', b'{"c":-274}', b'{"c":null}', b'{"c":[1,2]}',
            b'{"rms_mg":"a","peak_mg":{},"n":-1}', b'{"rms_mg":1e400,"peak_mg":0,"n":2.5}', b'{"do":', b'{"do":"play"}',
            b'{"do":{"do":"play"}}', b'{"do":"set","device":7,"level":"all"}', b'{"do":"set","device":"Heat mat","level":NaN}',
            b'{"do":"set","device":"Heat mat","level":1e9}', b'{"do":"set","device":"Heat mat","level":-1}',
            b'{"do":"set","device":"../../etc/passwd","level":50}', b'{"do":"set","device":"Heat mat","levl":50}',
            b'{"do":"play","routine":"wind-down","minutes":1}', b'{"do":"play","routine":"\xff"}',
            b'{"do":"word","word":"' + b"w" * 3000 + b'"}', b'{"do":"play","do":"stop_play","routine":1}', b"ON\x00", b"ON OFF",
            b"%s%s%n", b"'; DROP TABLE doses; --", "\u202eNO".encode(), random_bytes(300), random_bytes(5000)]


class BadInput(Story):
    def test_nonsense_on_every_topic_kills_nothing_and_starts_nothing(self):
        mark = self.begin()
        dice = random.Random(7)
        topics = ["legmotor/state", "legmotor/alive", "heatmat/relay", "heatmat/auto_off", "heatmat/surface",
                  "heatmat/alive", "lull/pad/left/status", "lull/pad/left/number/lease/state",
                  "lull/pad/left/number/vibration/state", "lull/pad/left/sensor/interlock/state",
                  "lull/anklet/kit/status", "lull/anklet/kit/movement", "homeassistant/status", MOTOR, "legmotor/get",
                  "lull/pad/left/number/lease/command"]
        topics += [self.room.topic(t) for t in
                   ("command", "hub/on/set", "hub/replay/set", "hub/nothing/set", "hub/night_replay/set", "hub/not_tonight/set",
                    "massage/on/set", "massage/level/set", "massage/program/set", "device/heat_mat/on/set",
                    "device/heat_mat/heat/set", "device/leg_motor/on/set", "device/leg_motor/level/set",
                    "device/leg_motor/program/set", "device/ankle/on/set", "device/none/on/set", "device/a/b/set",
                    "routine/wind-down/on/set", "routine/x/on/set", "rule/Restless/on/set", "rule/y/on/set")]
        corpus = malformed(dice.randbytes)
        bad = Client(self.room.broker.port)
        sent = 0
        for topic in topics:
            device_commands = topic in (MOTOR, "lull/pad/left/number/lease/command")
            for payload in corpus:
                if topic.endswith(("massage/level/set", "leg_motor/level/set")) and payload.strip() in (b"1", b"0"):
                    continue  # that is a wish
                if device_commands and self.room.motor and topic == MOTOR and payload not in (b"", b"x" * 70000):
                    continue  # the scripted motor is not what is tested
                if device_commands and topic != MOTOR:
                    continue
                bad.publish(topic, payload, qos=1, wait=False)
                sent += 1
                if sent % 200 == 0:
                    time.sleep(0.2)
        for payload in (b"ON", b"1", b"100"):  # well formed, but for things that do not exist or take no command
            for topic in ("device/ankle/on/set", "device/none/on/set", "routine/x/on/set", "hub/nothing/set"):
                bad.publish(self.room.topic(topic), payload, qos=1)
        for topic in (t for t in topics if t.endswith("/set") or t.endswith("/command")):  # and retained ones
            if topic.startswith("lull/" + self.room.install):
                bad.publish(topic, b"ON", retain=False, qos=0) if False else None
        # Proof that everything was read: a wish that is sound still works, and the program is still there.
        self.assertTrue(self.room.lull.alive(), self.log()[-3000:])
        self.room.wire.publish(self.room.topic("command"), "stop", qos=1)
        self.assertIsNotNone(self.room.wire.wait(self.room.topic("hub/on"), "OFF", since=mark, within=20))
        time.sleep(1)
        self.assertEqual([(m.topic, m.payload[:60]) for m in self.room.ons(mark)], [], "nothing is switched on")
        self.assertTrue(self.room.lull.alive(), self.log()[-3000:])
        self.assertEqual(self.healthz()[0], 200)
        lines = [line.split(" ", 2)[2] for line in self.log().splitlines() if " warn" in line]
        print("%d messages of nonsense on %d topics: %d warnings" % (sent, len(topics), len(lines)))
        self.assertGreater(len(lines), 20)
        self.assertEqual(len(lines), len(set(lines)), "nothing is said twice")
        self.assertLessEqual(len(lines), 600)
        self.assertEqual([line for line in lines if len(line) > 600], [], "and in few words")
        self.assertEqual(self.room.lull.ends(20), 0, self.log()[-3000:])

    def test_late_doubled_reordered_and_forged_reports_never_switch_on(self):
        mark = self.begin()
        dice, bad = random.Random(11), Client(self.room.broker.port)
        reports = [("legmotor/state", b'{"power":"OFF","level":0,"left":0}'), ("legmotor/alive", b"offline"),
                   ("legmotor/alive", b"online"), ("heatmat/relay", b"0"), ("heatmat/auto_off", b"300"),
                   ("heatmat/auto_off", b"0"), ("heatmat/surface", b'{"c":12}'), ("heatmat/surface", b'{"c":40.5}'),
                   ("heatmat/alive", b"offline"), ("heatmat/alive", b"online"), ("lull/pad/left/status", b"offline"),
                   ("lull/pad/left/status", b"online"), ("lull/pad/left/number/lease/state", b"900"),
                   ("lull/pad/left/number/vibration/state", b"0"), ("lull/pad/left/sensor/interlock/state", b"leased"),
                   ("lull/anklet/kit/status", b"online"), ("homeassistant/status", b"online"),
                   ("homeassistant/status", b"offline"), ("heatmat/relay", b"1"),
                   ("legmotor/state", b'{"power":"ON","level":60,"left":300}')]
        for _ in range(1500):
            topic, payload = dice.choice(reports)
            for _ in range(dice.choice((1, 1, 2))):
                bad.publish(topic, payload, retain=dice.random() < 0.2, qos=1, wait=False)
            if dice.random() < 0.05:
                time.sleep(0.02)
        time.sleep(2)
        self.assertEqual([(m.topic, m.payload[:60]) for m in self.room.ons(mark)], [], "a report is no wish")
        self.assertTrue(self.room.lull.alive(), self.log()[-3000:])
        # Whoever says "on" without a lease is told OFF.
        mark = self.room.wire.mark()
        bad.publish("heatmat/relay", "1", qos=1)
        self.assertIsNotNone(self.room.wire.wait(MAT, "0", since=mark, within=35), "heat without a lease is ended")


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
        self.assertEqual(self.room.ons(0), [], "what was interrupted does not go on by itself")
        self.assertTrue(eventually(lambda: self.healthz()[0] == 200))
        self.assertEqual(lull("health", "--port", str(self.room.http))[0], 0)


class Systemd(Story):
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


class CommandLine(Story):
    def test_a_broken_configuration_names_every_problem_and_starts_nothing(self):
        broken = os.path.join(self.room.folder, "broken.yaml")
        with open(self.room.config_path) as f:
            text = f.read()
        with open(broken, "w") as f:
            f.write(text.replace("level: 40%", "level: 140%").replace("for: 20min", "for: 20").replace("at: legmotor", "att: legmotor")
                    .replace("time_zone: Europe/Berlin", "time_zone: Europe/Berlln"))
        mark = self.room.wire.mark()
        code, said, complaint = lull("run", "--config", broken, "--state", self.room.state)
        self.assertEqual(code, 1)
        for word in ("broken.yaml:", "140", "20", "att", "Berlln"):
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
            self.assertEqual(len(complaint.strip().splitlines()), 1, complaint)

    def test_a_second_lull_on_the_same_state_is_turned_away_with_the_pid_of_the_first(self):
        self.begin()
        code, _, complaint = lull("run", "--config", self.room.config_path, "--state", self.room.state)
        self.assertEqual(code, 1)
        self.assertIn("process %d" % self.room.lull.pid, complaint)
        self.assertTrue(self.room.lull.alive())

    def test_every_command_explains_itself_and_wrong_usage_is_2(self):
        for command in ("run", "demo", "check", "report", "why", "replay", "health", "version"):
            code, said, _ = lull(command, "--help")
            self.assertEqual(code, 0, command)
            self.assertIn("--help", said)
        code, said, _ = lull("version")
        self.assertEqual((code, said.split()[0]), (0, "lull"))
        self.assertEqual(lull("--version")[:2], (0, said))
        for wrong in ([], ["dance"], ["run"], ["run", "--confg", "x"], ["check"], ["report"], ["why"], ["replay"],
                      ["demo", "--speed", "0"], ["demo", "--speed", "nan"], ["demo", "--seed", "x"], ["health", "--port", "x"],
                      ["health", "--address", "nowhere"], ["why", "25:00", "--state", "/tmp"], ["why", "2", "--state", "/tmp"],
                      ["version", "extra"]):
            code, _, complaint = lull(*wrong)
            self.assertEqual(code, 2, " ".join(wrong))
            self.assertTrue(complaint.strip(), wrong)

    def test_what_was_recorded_is_told_as_json_and_replays_equal(self):
        self.begin()
        self.starts(MOTOR)
        time.sleep(1.5)
        now = time.strftime("%H:%M", time.gmtime(time.time() + 3600 * (2 if time.localtime().tm_isdst else 1)))
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
        noise, ended = Client(self.room.broker.port), threading.Event()

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
            told = self.room.wire.wait(self.room.topic("event/message"), lambda p: b"cannot write to its disk" in p, since=mark)
            self.assertIsNotNone(told, "a person is told")
            self.assertEqual(self.healthz()[0], 503)
            refused = self.room.wire.mark()
            self.room.command("set", device="Leg massage", level=40)
            time.sleep(2)
            self.assertEqual([m for m in self.room.ons(refused) if m.topic == PAD], [], "no dose is given that cannot be kept")
        finally:
            ended.set()
            thread.join()
        os.remove(filler)
        self.assertTrue(eventually(lambda: self.healthz()[0] == 200, 60), self.log()[-2000:])
        self.room.command("set", device="Leg massage", level=40)
        self.assertTrue(eventually(self.room.pad.runs, 10), self.log()[-2000:])
        self.assertEqual(self.room.lull.ends(15), 0, self.log()[-2000:])


if __name__ == "__main__":
    LULL = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2)
