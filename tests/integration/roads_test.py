#!/usr/bin/env python3
"""Two roads in and two roads out, seen on the wire: STOP from every door, OFF by the guards, nothing heard twice."""
import json
import multiprocessing
import os
import random
import sqlite3
import time

from afternoon import ZONE
from bedroom import CONFIG, OFF_WORDS
from between import Between
from mqtt import Client
from story import MAT, MOTOR, PAD, Story, eventually, lull, main

BUTTON = """  - {name: Bedside button, is: button, speaks: zigbee2mqtt, at: Bedside button}
  - {name: Dimmer, is: button, speaks: zigbee2mqtt, at: Dimmer, stop_on: [brightness_move_down]}
routines:
"""


WARMER = """  - {name: Foot warmer, is: heat_pad, speaks: esphome, at: lull/pad/left, for: Kit}
routines:
"""


class WarmPad(Story):
    config = CONFIG.replace("routines:\n", WARMER, 1)  # so that the guard hears the pad, too

    def test_a_pad_is_used_again_after_only_the_main_session_was_lost(self):
        """Its retained "online" is heard by both, and by the main session once more each time that one begins."""
        TwoRoads.begin_between(self)
        mark = self.room.wire.mark()
        self.between.cut(self.main_session)
        self.assertIsNotNone(self.room.wire.wait(self.room.topic("status"), "online", since=mark, within=30), self.log())
        self.assertIsNotNone(self.room.ready(mark, 30), self.log())
        self.starts(PAD)


FOOT = """  - name: %(Side)s foot
    is: massage_pad
    speaks: mqtt
    at: feet/%(side)s
    for: Kit
    hears:
      - {topic: feet/%(side)s, pointer: /power, means: on, yes: ON, no: OFF}
      - {topic: feet/%(side)s, pointer: /level, means: level}
      - {topic: feet/%(side)s, pointer: /left, means: timer_left}
    says:
      on: {topic: feet/set, payload: '{"%(side)s":{level},"off_after":{seconds}}'}
      off: {topic: feet/set, payload: '{"%(side)s":0}'}
      ask: {topic: feet/get, payload: "%(side)s"}
"""


class TwoPadsOnOneTopic(Story):
    """One controller, two pads: what is said to one must not take anything back from the other."""
    config = CONFIG.replace("routines:\n", "".join(FOOT % {"side": side, "Side": side.title()} for side in ("left", "right")).replace(
        "%", "%%") + "routines:\n", 1)

    def setUp(self):
        super().setUp()
        self.feet = {"left": (0, 0.0), "right": (0, 0.0)}
        self.controller = self.room.client()
        self.controller.subscribe("feet/set", "feet/get", handler=self.told)

    def told(self, m):
        if m.topic == "feet/set":
            said = json.loads(m.payload)
            side = next(key for key in said if key in self.feet)
            self.feet[side] = (said[side], time.time() + said.get("off_after", 0))
        else:
            side = m.payload.decode()
        level, until = self.feet[side]
        self.controller.publish("feet/" + side, {"power": "ON" if level else "OFF", "level": level,
                                                 "left": max(0, int(until - time.time())) if level else 0})

    def test_an_on_of_one_takes_no_off_of_the_other_back(self):
        self.begin()
        self.room.command("set", device="Left foot", level=60, minutes=10)
        self.assertTrue(eventually(lambda: self.feet["left"][0] > 55, 30), self.log())  # it comes up slowly
        between = 0
        for level in (50, 40, 30, 20, 10):
            self.room.command("set", device="Right foot", level=10, minutes=10)
            self.assertTrue(eventually(lambda: self.feet["right"][0], 5), self.log())
            time.sleep(1.5)  # what is asked of it then is no hand, and the air is free
            mark = self.room.wire.mark()
            self.room.command("set", device="Right foot", level=0)
            self.room.command("set", device="Left foot", level=level, minutes=10)

            def heard(words, wanted=b""):
                return [m for m in self.room.wire.since(mark) if m.topic == "feet/set" and words in m.payload]
            self.assertTrue(eventually(lambda: heard(b'"right":0'), 5), self.log())
            first = heard(b'"right":0')[0]
            time.sleep(0.5)
            offs = [m for m in heard(b'"right":0') if m.at < first.at + 0.5]
            self.assertEqual(len(offs), 2, "its OFF leaves by both roads: %s" % [(m.at - first.at, m.payload)
                                                                                 for m in heard(b"")])
            between += any(first.at < m.at < offs[1].at for m in heard(b'"left"') if b"off_after" in m.payload)
        print("an ON of the one between both OFFs of the other: %d of 5 times" % between)


class TwoRoads(Story):
    warms = True

    def begin_between(self):
        self.between = Between(self.room.broker.port)
        self.addCleanup(self.between.close)
        with open(self.room.config_path) as f:
            text = f.read().replace("127.0.0.1:%d" % self.room.broker.port, "127.0.0.1:%d" % self.between.port)
        with open(self.room.config_path, "w") as f:
            f.write(text)
        mark = self.begin()
        self.main_session, self.guard = "lull-" + self.room.install, self.room.install + "-guard"
        return mark

    def test_off_leaves_by_both_roads(self):
        self.begin()
        for device in (MAT, MOTOR):
            self.starts(device)
        mark = self.room.wire.mark()
        self.room.wire.publish(self.room.topic("command"), "stop")
        for topic in (MAT, MOTOR, PAD):
            self.assertTrue(eventually(lambda: len(self.room.offs(mark, topic)) >= 2, 2), topic)
        self.assertLess(self.room.offs(mark, MOTOR)[1].at - self.room.offs(mark, MOTOR)[0].at, 1.0)

    def test_no_copy_of_an_off_follows_the_next_on(self):
        self.begin()
        self.starts(MOTOR)
        for _ in range(5):
            mark = self.room.wire.mark()
            self.room.command("set", device="Leg motor", level=0)
            self.room.command("set", device="Leg motor", level=50, minutes=10)
            on = lambda: [m for m in self.room.ons(mark) if m.topic == MOTOR]
            self.assertTrue(eventually(on, 5), self.log())
            time.sleep(0.1)
            self.assertFalse([m for m in self.room.offs(mark, MOTOR) if m.at > on()[0].at], "it runs, and is told OFF")
            self.assertTrue(self.room.motor.runs())

    def test_a_stop_is_heard_while_the_main_session_lags_and_its_late_copies_change_nothing(self):
        self.begin_between()
        motor = self.starts(MOTOR)
        self.between.lag = {self.main_session: 3.0}
        mark, at = self.room.wire.mark(), time.time()
        self.room.wire.publish(self.room.topic("command"), "stop", qos=1)
        off = self.room.wire.wait(MOTOR, OFF_WORDS[MOTOR], since=mark, within=2)
        self.assertIsNotNone(off, "by the guard\n" + self.log())
        print("main session 3 s behind: STOP to OFF %.1f ms" % ((off.at - at) * 1e3))
        self.assertTrue(eventually(lambda: not motor.runs(), 1))
        self.assertIsNotNone(self.room.wire.wait(self.room.topic("hub/on"), "OFF", since=mark, within=5))
        mark = self.room.wire.mark()
        self.room.command("release")
        self.assertIsNotNone(self.room.wire.wait(self.room.topic("hub/on"), "ON", since=mark, within=5), self.log())
        mark = self.room.wire.mark()
        time.sleep(8)  # all copies have come by now
        self.assertEqual(self.room.wire.since(mark, self.room.topic("hub/on")), [], "no late STOP latches again")
        self.assertEqual(self.log().count("STOP: released by"), 1, "nor does a late release count")

    def test_a_stop_is_heard_without_the_guard_too_and_when_it_is_back(self):
        self.begin_between()
        self.between.refused = [self.guard]
        motor = self.starts(MOTOR)
        self.between.cut(self.guard)
        mark = self.room.wire.mark()
        self.room.wire.publish(self.room.topic("hub/on/set"), "OFF")
        self.assertTrue(eventually(lambda: not motor.runs(), 2), self.log())
        self.assertIsNotNone(self.room.wire.wait(self.room.topic("hub/on"), "OFF", since=mark, within=5))
        self.room.command("release")
        self.assertIsNotNone(self.room.wire.wait(self.room.topic("hub/on"), "ON", since=mark, within=5))
        self.between.refused = []
        time.sleep(5)  # the guard tries again after 4 s at most
        for n in range(20):  # whichever road brings it first: each is heard, each once
            mark = self.room.wire.mark()
            self.room.command("stop" if n % 2 == 0 else "release")
            self.assertIsNotNone(self.room.wire.wait(self.room.topic("hub/on"), "ON" if n % 2 else "OFF", since=mark,
                                                     within=3), "wish %d\n%s" % (n, self.log()))

    def test_one_report_of_off_is_no_two(self):
        """The mat says OFF once; the main session's copy comes later than the next question. It proves nothing."""
        self.begin_between()
        mat = self.starts(MAT)
        self.between.lag = {self.main_session: 3.0}
        mat.deaf = True  # from here on it says nothing by itself
        self.room.wire.publish(self.room.topic("command"), "stop", qos=1)
        self.room.wire.publish("heatmat/relay", "0", qos=1)  # one word of the relay, perhaps an old one
        time.sleep(7)
        code, _, complaint = lull("stop", "--state", self.room.state, within=40)
        self.assertEqual(code, 1)
        self.assertIn("Heat mat", complaint)
        mat.deaf = False
        self.between.lag = {}
        self.assertTrue(eventually(lambda: lull("stop", "--state", self.room.state, within=40)[0] == 0, 40), self.log())

    def test_at_a_start_all_off_leaves_by_the_guards_before_the_main_session_is_up(self):
        self.begin()
        self.room.lull.kill()
        time.sleep(1)
        begun, mark = time.time(), self.room.wire.mark()
        self.begin()
        online = self.room.wire.wait(self.room.topic("status"), "online", since=mark)
        for topic in (MAT, MOTOR, PAD):
            first = self.room.offs(mark, topic)[0]
            print("start to OFF for %s: %.0f ms; online after %.0f ms" %
                  (topic, (first.at - begun) * 1e3, (online.at - begun) * 1e3))
            self.assertLess(first.at, online.at)


def pour(port, ended, rate=20000 / int(os.environ.get("LULL_SLOW", 1))):
    """Far more than a house says, on topics of devices; in a process of its own, and written in blocks. LULL_SLOW: how much less
    the program can carry than a released one, with a sanitizer in it."""
    client, dice, n, begun = Client(port, "the-others"), random.Random(1), 0, time.monotonic()
    block = client.words([("lull/anklet/kit/movement" if i % 2 else "heatmat/surface",
                           '{"rms_mg":%.1f,"peak_mg":12,"n":25,"c":30}' % dice.uniform(1, 9)) for i in range(100)])
    while not ended.is_set():
        client.write(block)
        n += 100
        time.sleep(max(0, begun + n / rate - time.monotonic()))


class EachWish(Story):
    """What the journal has of it: one wish is one event, and each STOP has its OFF."""

    def wishes(self):
        found = []
        with sqlite3.connect(os.path.join(self.room.state, "lull.db")) as journal:
            for text, in journal.execute("SELECT text FROM event WHERE text LIKE '%\"asked\"%' ORDER BY id"):
                found.append(list(json.loads(text)["asked"]["command"])[0])
        return found

    def stops_and_releases(self, times):
        for n in range(times):
            mark, at = self.room.wire.mark(), time.time()
            self.room.wire.publish(self.room.topic("hub/on/set"), "OFF")
            off = self.room.wire.wait(PAD, "0", since=mark, within=3)
            self.assertIsNotNone(off, "STOP %d has no OFF\n%s" % (n, self.log()))
            self.took.append((off.at - at) * 1e3)
            self.assertIsNotNone(self.room.wire.wait(self.room.topic("hub/on"), "OFF", since=mark, within=3), self.log())
            mark = self.room.wire.mark()
            self.room.wire.publish(self.room.topic("hub/on/set"), "ON")
            self.assertIsNotNone(self.room.wire.wait(self.room.topic("hub/on"), "ON", since=mark, within=3), self.log())

    def test_is_heard_once_though_two_sessions_and_two_filters_bring_it(self):
        self.took = []
        self.begin()
        self.stops_and_releases(5)
        self.room.lull.ends(15)
        self.assertEqual(self.wishes(), ["stop_all", "release"] * 5)

    def test_is_heard_once_in_a_flood_too(self):
        self.took = []
        self.begin()
        ended = multiprocessing.Event()
        others = multiprocessing.Process(target=pour, args=(self.room.broker.port, ended), daemon=True)
        others.start()
        time.sleep(1)
        try:
            self.stops_and_releases(20)
        finally:
            ended.set()
            others.join(10)
        print("STOP to OFF in a flood: %s ms" % ", ".join("%.1f" % t for t in sorted(self.took)))
        self.room.lull.ends(20)
        self.assertEqual(self.wishes(), ["stop_all", "release"] * 20)


class Doors(Story):
    config = CONFIG.replace("routines:\n", BUTTON, 1)

    def latched(self, mark):
        self.assertIsNotNone(self.room.wire.wait(self.room.topic("hub/on"), "OFF", since=mark), self.log())
        self.room.command("release")
        self.assertIsNotNone(self.room.wire.wait(self.room.topic("hub/on"), "ON", since=mark))

    def test_the_command_line_stops_waits_for_the_proof_and_releases(self):
        self.begin()
        motor = self.starts(MOTOR)
        at = time.time()
        code, said, complaint = lull("stop", "--state", self.room.state)
        print("lull stop: all proved off after %.0f ms" % ((time.time() - at) * 1e3))
        self.assertEqual((code, complaint), (0, ""), self.log())
        self.assertIn("everything has shown that it is off", said)
        self.assertFalse(motor.runs())
        self.room.command("set", device="Leg motor", level=50)
        time.sleep(0.5)
        self.assertFalse(motor.runs(), "latched")
        self.assertEqual(lull("release", "--state", self.room.state)[0], 0)
        self.room.lull.ends(15)
        code, said, complaint = lull("stop", "--state", self.room.state)
        self.assertEqual((code, said), (1, ""))
        self.assertIn("has no running Lull", complaint)
        self.assertEqual(lull("stop", "--stat", self.room.state)[0], 2, "wrong usage")

    def test_the_command_line_names_what_did_not_go_off(self):
        self.begin()
        self.starts(MOTOR)
        self.room.motor.deaf = True
        code, _, complaint = lull("stop", "--state", self.room.state, within=40)
        self.assertEqual(code, 1)
        self.assertIn("not proved yet: Leg motor;", complaint)

    def test_a_long_press_stops_without_any_rule(self):
        self.begin()
        for topic, action in (("Bedside button", "hold"), ("Bedside button", "button_1_hold"),
                              ("Bedside button", "long"), ("Dimmer", "brightness_move_down")):
            mark = self.room.wire.mark()
            self.room.wire.publish("zigbee2mqtt/" + topic, {"action": action})
            self.latched(mark)
        mark = self.room.wire.mark()
        for topic, action in (("Bedside button", "hold_release"), ("Bedside button", "single"), ("Dimmer", "hold")):
            self.room.wire.publish("zigbee2mqtt/" + topic, {"action": action})
        time.sleep(1)
        self.assertIsNone(self.room.wire.wait(self.room.topic("hub/on"), "OFF", since=mark, within=0))

    def test_home_assistants_words_stop_too(self):
        self.begin()
        for topic, word in (("hub/on/set", "OFF"), ("command", "stop"), ("command", {"do": "stop", "by": "phone"})):
            mark = self.room.wire.mark()
            self.room.wire.publish(self.room.topic(topic), word)
            self.latched(mark)


MANY = 40
HOUSE = """home: {name: Forty, time_zone: ZONE}
broker: mqtt://127.0.0.1:%(broker)d
http: {address: 127.0.0.1, port: %(http)d}
devices:
""" + "".join("""  - name: Motor %d
    is: massage_pad
    speaks: mqtt
    at: motor%d
    hears:
      - {topic: motor%d/state, means: on, yes: ON, no: OFF}
      - {topic: motor%d/left, means: timer_left}
    says:
      on: {topic: motor%d/set, payload: 'ON {seconds}'}
      off: {topic: motor%d/set, payload: 'OFF'}
      ask: {topic: motor%d/get, payload: '?'}
""" % ((n,) * 7) for n in range(MANY))


class Forty(Story):
    config = HOUSE.replace("ZONE", ZONE)

    def test_a_stop_of_forty_actuators_leaves_at_once(self):
        """A broker takes 20 unacknowledged messages of a session; Paho then pauses for a second."""
        devices, runs = self.room.client(), {}

        def obey(m):
            name = m.topic.split("/")[0]
            if m.topic.endswith("/set"):
                runs[name] = m.payload.startswith(b"ON")
            devices.publish(name + "/state", "ON" if runs.get(name) else "OFF")
        devices.subscribe("+/set", "+/get", handler=obey)
        self.begin()
        took = []
        for _ in range(5):
            mark, at = self.room.wire.mark(), time.time()
            self.room.wire.publish(self.room.topic("command"), "stop")
            off = lambda: {m.topic for m in self.room.wire.since(mark, "+/set") if m.payload == b"OFF"}
            self.assertTrue(eventually(lambda: len(off()) == MANY, 5), "%d of %d" % (len(off()), MANY))
            last = {}
            for m in self.room.wire.since(mark, "+/set"):
                last.setdefault(m.topic, m.at)
            took.append((max(last.values()) - at) * 1e3)
            time.sleep(0.3)
            self.room.command("release")
            time.sleep(0.5)
        print("STOP to the last of 40 OFFs: %s ms" % ", ".join("%.1f" % t for t in took))
        self.assertLess(sorted(took)[2], 300)
        self.assertEqual(lull("stop", "--state", self.room.state)[0], 0, self.log())


if __name__ == "__main__":
    main()
