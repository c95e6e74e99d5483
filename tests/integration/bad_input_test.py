#!/usr/bin/env python3
"""Nonsense on every topic that the running program listens to, and what lies on the broker from before."""
import random
import time

from story import MAT, MOTOR, Story, main

def malformed(random_bytes):
    """One of each kind of nonsense."""
    deep = b"[" * 10000 + b"]" * 10000
    return [b"", b"\x00", b"\xff\xfe\xfd", b"\xc3\x28 not UTF-8", b"{" * 10000, deep,
            b'{"a":' * 10000 + b"1" + b"}" * 10000, b"x" * 70000, b'{"power":"' + b"O" * 70000 + b'"}',
            b"NaN", b"nan", b"inf", b"-1", b"1e999", b"-1e-999", b"99999999999999999999999", b"0x41", b"0,5", b" 1 ",
            b"null", b"true", b"[]", b"{}", b'""', b'{"power":null}', b'{"power":1,"level":"x","left":[]}',
            b'{"power":{"power":"ON"},"level":-5,"left":1e300}', b'{"level":1e308,"left":-1}', b'{"c":"NaN"}',
            b'{"c":1e999}', b'{"c":-274}', b'{"c":null}', b'{"c":[1,2]}', b'{"rms_mg":"a","peak_mg":{},"n":-1}',
            b'{"rms_mg":1e400,"peak_mg":0,"n":2.5}', b'{"do":', b'{"do":"play"}', b'{"do":{"do":"play"}}',
            b'{"do":"set","device":7,"level":"all"}', b'{"do":"set","device":"Heat mat","level":NaN}',
            b'{"do":"set","device":"Heat mat","level":1e9}', b'{"do":"set","device":"Heat mat","level":-1}',
            b'{"do":"set","device":"../../etc/passwd","level":50}', b'{"do":"set","device":"Heat mat","levl":50}',
            b'{"do":"play","routine":"wind-down","minutes":1}', b'{"do":"play","routine":"\xff"}',
            b'{"do":"word","word":"' + b"w" * 3000 + b'"}', b'{"do":"play","do":"stop_play","routine":1}',
            b"ON\x00", b"ON OFF", b"%s%s%n", b"'; DROP TABLE doses; --", "\u202eNO".encode(),
            random_bytes(300), random_bytes(5000)]


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


class BadInput(Story):
    def test_nonsense_on_every_topic_kills_nothing_and_starts_nothing(self):
        mark = self.begin()
        dice = random.Random(7)
        topics = ["legmotor/state", "legmotor/alive", "heatmat/relay", "heatmat/auto_off", "heatmat/surface",
                  "heatmat/alive", "lull/pad/left/status", "lull/pad/left/number/lease/state",
                  "lull/pad/left/number/vibration/state", "lull/pad/left/sensor/interlock/state",
                  "lull/anklet/kit/status", "lull/anklet/kit/movement", "homeassistant/status"]
        topics += [self.room.topic(t) for t in
                   ("command", "hub/on/set", "hub/replay/set", "hub/nothing/set", "hub/night_replay/set",
                    "hub/not_tonight/set", "massage/on/set", "massage/level/set", "massage/program/set",
                    "device/heat_mat/on/set", "device/heat_mat/heat/set", "device/leg_motor/on/set",
                    "device/leg_motor/level/set", "device/leg_motor/program/set", "device/ankle/on/set",
                    "device/none/on/set", "device/a/b/set", "routine/wind-down/on/set", "routine/x/on/set",
                    "rule/Restless/on/set", "rule/y/on/set")]
        bad, sent = self.room.client(), 0
        for topic in topics:
            for payload in malformed(dice.randbytes):
                if topic.endswith("level/set") and payload.strip() == b"1":
                    continue  # one percent of massage is a wish
                bad.publish(topic, payload, qos=1, wait=sent % 100 == 0)
                sent += 1
        for payload in (b"ON", b"1", b"100", b"PRESS"):  # well formed, for things that are not there or take no command
            for topic in ("device/ankle/on/set", "device/none/on/set", "routine/x/on/set", "hub/nothing/set"):
                bad.publish(self.room.topic(topic), payload, qos=1)
        # Proof that everything was read: a wish that is sound still works, and the program is still there.
        self.assertTrue(self.room.lull.alive(), self.log()[-3000:])
        self.room.wire.publish(self.room.topic("command"), "stop", qos=1)
        self.assertIsNotNone(self.room.wire.wait(self.room.topic("hub/on"), "OFF", since=mark, within=20))
        time.sleep(1)
        self.assertEqual([(m.topic, m.payload[:60]) for m in self.room.ons(mark)], [], "nothing is switched on")
        self.assertTrue(self.room.lull.alive(), self.log()[-3000:])
        self.assertEqual(self.healthz()[0], 200)
        lines = [line.split(" warning ", 1)[1] for line in self.log().splitlines() if " warning " in line]
        print("%d messages of nonsense on %d topics: %d warnings" % (sent, len(topics), len(lines)))
        self.assertGreater(len(lines), 25)
        self.assertEqual(len(lines), len(set(lines)), "nothing is said twice")
        self.assertLessEqual(len(lines), 2 * len(topics) + 2, "once a source, and once if it is too large")
        self.assertEqual([line for line in lines if len(line) > 600], [], "and in few words")
        self.assertEqual(self.room.lull.ends(20), 0, self.log()[-3000:])

    def test_late_doubled_reordered_and_forged_reports_never_switch_on(self):
        mark = self.begin()
        dice, bad = random.Random(11), self.room.client()
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


if __name__ == "__main__":
    main()
