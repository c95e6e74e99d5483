#!/usr/bin/env python3
"""Devices that only Home Assistant knows, with a stand-in for it: OFF first, nothing on by itself, and whatever is not
known is unreachable. The real one is in tests/e2e/entities_test.py."""
import datetime
import os
import time

from home import Home
from story import Story, eventually, main

TOKEN = "eyJ-Kohlrabi-7319-horse"
CONFIG = """
home: {time_zone: UTC}
broker: mqtt://127.0.0.1:%(broker)d
http: {enabled: true, port: %(http)d}
sleepers: [{name: Kit}]
devices:
  - {name: Lamp, is: light, speaks: home_assistant, at: light.bedside, hears: [{topic: sensor.lamp_power, means: watts}]}
  - {name: Feet, is: massage_pad, speaks: home_assistant, at: number.feet, full: 10, own_cut_off: 10min, for: Kit,
     says: {on: {topic: select.select_option, payload: '{"entity_id":"select.timer","option":"10 min"}'}}}
  - {name: Bed, is: presence, speaks: home_assistant, at: binary_sensor.bed, for: Kit}
  - {name: Knob, is: button, speaks: home_assistant, at: event.knob}
  - {name: Ankle, is: movement, speaks: home_assistant, at: binary_sensor.ankle, for: Kit}
routines:
  relief: {for: 10min, tracks: [{massage: Feet, program: steady, level: 30%%, at: 0min, for: 10min}]}
rules:
  - {name: Knob, when: {button: Knob, action: press}, play: relief}
home_assistant: {url: "http://127.0.0.1:PORT", token_file: token}
"""
FEET, LAMP = "number.feet", "light.bedside"


class Entities(Story):
    config = CONFIG

    def setUp(self):
        super().setUp()
        self.home = Home(TOKEN)
        self.addCleanup(self.home.close)
        token = os.path.join(self.room.folder, "token")
        with open(token, "w") as f:
            f.write(TOKEN + "\n")
        os.chmod(token, 0o600)
        with open(self.room.config_path) as f:
            text = f.read().replace("PORT", str(self.home.port))
        with open(self.room.config_path, "w") as f:
            f.write(text)
        self.home.become(FEET, "0.0", max=10)
        self.home.become("select.timer", "Off")
        self.home.become(LAMP, "on", brightness=200)
        self.home.become("sensor.lamp_power", "4.0", ago=60)
        self.home.become("binary_sensor.bed", "on", ago=60)
        self.home.become("binary_sensor.ankle", "off")
        self.home.become("event.knob", "2026-11-30T22:00:00+00:00", event_type="press")

    def said(self, entity, since=0):
        return [data.get("value", action) for action, data in self.home.calls[since:]
                if data.get("entity_id") == entity and "update_entity" not in action]

    def is_shown(self, what, wanted, within=15, since=0):
        met = self.room.wire.wait(self.room.topic(what), wanted, since=since, within=within)
        self.assertIsNotNone(met, "%s %s\n" % (what, wanted) + self.log())

    def begin(self):
        self.room.start()
        self.assertTrue(eventually(lambda: self.home.listeners, 15), self.log())
        self.is_shown("device/feet/reachable", "ON")

    def feet(self):
        return float(self.home.states[FEET]["s"])

    def press(self, action):
        now = datetime.datetime.now(datetime.timezone.utc)  # the state of an event is the time when it was
        self.home.become("event.knob", now.isoformat(timespec="milliseconds"), event_type=action)

    def press_until_it_runs(self):
        """Right after a start nobody knows how old a press is, and on a busy machine that takes a while."""
        for _ in range(10):
            self.press("press")
            if eventually(lambda: self.feet() > 0, 3):
                return
        self.fail("a press starts it\n" + self.log())

    def says(self, words):
        return self.log().count(words)

    def ready(self):
        """Feet is proved off: it may run."""
        def off():
            last = self.room.wire.last(self.room.topic("device/feet/attributes"))
            return last and b'"off_proof":"word"' in last.payload.replace(b" ", b"")
        self.assertTrue(eventually(off, 20), self.log())

    def test_the_first_word_to_a_pad_is_off_and_a_lamp_is_left_alone(self):
        self.home.become(FEET, "4.0")
        self.begin()
        self.assertTrue(eventually(lambda: self.said(FEET)), self.log())
        self.assertEqual(self.said(FEET)[0], 0)
        self.assertTrue(eventually(lambda: self.feet() == 0))
        self.ready()
        time.sleep(2)
        self.assertEqual({v for v in self.said(FEET)}, {0}, "nothing switches it on")
        self.assertEqual(self.said(LAMP), [], "nobody asked anything of the lamp")

    def test_a_press_starts_it_with_its_own_timer_first_and_stop_ends_it(self):
        self.begin()
        self.ready()
        mark = len(self.home.calls)
        self.press_until_it_runs()
        self.assertEqual(self.said("select.timer", mark)[0], "select.select_option")
        order = [data["entity_id"] for action, data in self.home.calls[mark:] if "update" not in action]
        self.assertLess(order.index("select.timer"), order.index(FEET))
        self.assertEqual(self.feet(), 1, "it begins with the gentlest step")
        began = time.monotonic()
        self.room.command("stop")
        self.assertTrue(eventually(lambda: self.feet() == 0), self.log())
        print("STOP to Home Assistant: %.0f ms" % ((time.monotonic() - began) * 1000))
        self.ready()
        self.press("press")
        time.sleep(2)
        self.assertEqual(self.feet(), 0, "STOP is latched")

    def test_a_lost_connection_is_out_of_reach_and_what_comes_back_is_told_off_first(self):
        self.begin()
        self.ready()
        self.press_until_it_runs()
        mark, heard = len(self.home.calls), self.room.wire.mark()
        self.home.drop()
        self.is_shown("device/feet/reachable", "OFF", since=heard)
        self.assertTrue(eventually(lambda: self.home.listeners, 15), self.log())
        self.assertTrue(eventually(lambda: self.feet() == 0, 15), self.log())
        self.assertEqual(self.said(FEET, mark)[0], 0)
        begun = self.says("begins, asked for by rule Knob")
        time.sleep(3)
        self.assertEqual((begun, self.says("begins, asked for by rule Knob")), (1, 1), "no press is heard twice")

    def test_unavailable_is_out_of_reach_and_unknown_is_doubt(self):
        self.begin()
        self.ready()
        for state in ("unavailable", "unknown"):
            heard = self.room.wire.mark()
            self.home.deaf.add(FEET)
            self.home.become(FEET, state)
            self.is_shown("device/feet/reachable", "OFF", since=heard)
            time.sleep(0.5)
            mark = len(self.home.calls)
            self.press("press")
            time.sleep(2)
            self.assertEqual([v for v in self.said(FEET, mark) if v], [], state)
            if state == "unavailable":
                self.assertEqual(self.home.calls[mark:], [], "Home Assistant would only write a warning each time")
            self.home.deaf.clear()
            mark, heard = len(self.home.calls), self.room.wire.mark()
            self.home.become(FEET, "0.0")
            self.is_shown("device/feet/reachable", "ON", since=heard)
            self.assertTrue(eventually(lambda: self.said(FEET, mark)), self.log())
            self.assertEqual(self.said(FEET, mark)[0], 0, "and OFF is its first word")

    def test_what_comes_back_is_how_things_were_and_no_reading(self):
        self.begin()
        def draws(watts):
            self.is_shown("device/lamp/attributes", lambda p: b'"watts":%d' % watts in p.replace(b" ", b""))
        self.home.become("sensor.lamp_power", "5.0")
        draws(5)
        self.home.become("sensor.lamp_power", "unavailable")
        self.home.become("sensor.lamp_power", "9.0")  # its bridge is back, and says once more what it said last
        self.home.become("light.bedside", "off")      # told after it
        self.is_shown("device/lamp/on", "OFF")
        self.assertIsNone(self.room.wire.wait(self.room.topic("device/lamp/attributes"),
                                              lambda p: b'"watts":9' in p.replace(b" ", b""), within=2))
        self.home.become("sensor.lamp_power", "7.0")
        draws(7)

    def test_what_home_assistant_refuses_is_a_fault_and_told(self):
        self.home.become(FEET, "0.0", max=0.5)
        self.begin()
        self.ready()
        self.assertIn("write `full: 0.5`", self.log())
        self.room.command("set", device="Feet", level=30)
        self.assertTrue(eventually(lambda: "outside valid range" in self.log(), 20), self.log())
        self.assertEqual(self.feet(), 0)
        self.is_shown("device/feet/attributes", lambda p: b'"faulty":true' in p)

    def test_a_kick_and_a_bed_are_heard_once_and_by_their_age(self):
        self.home.become("binary_sensor.bed", "off", ago=4000)
        self.begin()
        self.assertIsNone(self.room.wire.wait(self.room.topic("sleeper/kit/in_bed"), "OFF", within=2),
                          "that it was empty an hour ago tells nothing")
        self.home.become("binary_sensor.bed", "on")
        self.is_shown("sleeper/kit/in_bed", "ON")

    def test_what_is_not_there_is_named(self):
        del self.home.states["binary_sensor.ankle"]
        from story import lull
        code, said, _ = lull("check", self.room.config_path, "--connect")
        self.assertEqual(code, 1, said)
        self.assertIn("binary_sensor.ankle: not there", said)
        self.begin()
        self.is_shown("hub/home_assistant/attributes", lambda p: b"binary_sensor.ankle" in p)

    def test_states_that_are_refused_or_late_are_asked_for_again(self):
        from story import lull
        refusal = {"code": "invalid_format", "message": "Entity ID feet is an invalid entity ID for dictionary value"}
        for answer, words in ((refusal, "(invalid_format: Entity ID feet"), (None, "(timeout")):
            self.home.refuses["subscribe_entities"] = answer
            began = time.monotonic()
            code, said, _ = lull("check", self.room.config_path, "--connect")
            self.assertEqual(code, 1, said)
            self.assertIn("does not tell the states of entities " + words, said)
            self.assertIn("as Ana (administrator)", said)
            self.assertNotIn("not there", said, "nobody knows")
            self.assertLess(time.monotonic() - began, 12)
        self.assertEqual(len(self.home.unsubscribed), 1, "what was late is not wanted any more; what was refused never was")
        self.home.refuses["subscribe_entities"] = refusal
        self.room.start()
        self.is_shown("hub/home_assistant/attributes",
                      lambda p: b"does not tell the states of entities (invalid_format" in p and b'"user":"Ana"' in p)
        self.is_shown("device/feet/reachable", "OFF")
        self.home.refuses.clear()
        heard = self.room.wire.mark()
        self.is_shown("device/feet/reachable", "ON", within=40, since=heard)
        self.is_shown("hub/home_assistant/attributes", lambda p: b"does not tell" not in p, since=heard)
        self.ready()
        self.assertEqual(self.said(FEET)[0], 0, "OFF is its first word")
        self.assertEqual(self.home.connections, 3, "on the same connection")

    def test_our_own_entity_is_no_device(self):
        from story import lull
        with open(self.room.config_path) as f:
            text = f.read()
        with open(self.room.config_path, "w") as f:
            f.write(text.replace("light.bedside", "switch.lull"))
        code, said, _ = lull("check", self.room.config_path)
        self.assertEqual(code, 1, said)
        self.assertIn("switch.lull is Lull's own entity", said)


if __name__ == "__main__":
    main()
