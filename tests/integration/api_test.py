#!/usr/bin/env python3
# The API of a real `lull demo` process after a whole night: every path of openapi.json is walked, and every answer is as
# it says; and MQTT says the same as the API.      api_test.py LULL
import json
import re
import time
import unittest

import doors
import doors_agree
from mqtt import Client
from web import Demo, ask, tell
from schema import problems

NIGHT = "2026-11-21"


class TheApi(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.demo = Demo(speed=600)
        cls.port = cls.demo.port
        cls.document = ask(cls.port, "GET", "/api/v1/openapi.json").json()
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline:
            cls.demo.drain()
            at = ask(cls.port, "GET", "/api/v1/state").json()["at"]
            if at and at > "2026-11-22T06:00":
                return
            time.sleep(0.5)
        raise AssertionError("the night does not end")

    @classmethod
    def tearDownClass(cls):
        cls.demo.end()

    def fits(self, method, path, answer):
        """The answer is one that the document has for this path, and its body as the schema says."""
        responses = self.document["paths"][path][method.lower()]["responses"]
        self.assertIn(str(answer.status), responses, (path, answer.status, answer.body[:300]))
        content = responses[str(answer.status)].get("content", {})
        kind = answer.fields.get("content-type", "").split(";")[0]
        self.assertIn(kind, content, (path, answer.status, kind))
        if kind.endswith("json"):
            wrong = problems(content[kind]["schema"], answer.json(), self.document)
            self.assertEqual(wrong, [], f"{method} {path}")

    def get(self, path, query="", status=200, **parts):
        answer = ask(self.port, "GET", path.format(**parts) + query)
        self.assertEqual(answer.status, status, (path, query, answer.body[:300]))
        self.fits("GET", path, answer)
        return answer

    def test_every_path_answers_as_the_document_says(self):
        walked = set()
        for path, methods in self.document["paths"].items():
            if "get" not in methods or path == "/api/v1/live":
                continue
            query = {"/api/v1/decisions": f"?night={NIGHT}", "/api/v1/why": "?at=2026-11-22T02:00:00%2B01:00",
                     "/api/v1/trends": "?weeks=2"}.get(path, "")
            self.get(path, query, night=NIGHT)
            walked.add(path)
        self.assertGreaterEqual(len(walked), 12)
        live = ask(self.port, "GET", "/api/v1/live")
        self.assertEqual(live.status, 426)
        self.fits("GET", "/api/v1/live", live)

    def test_a_night_can_be_read_drawn_and_copied(self):
        night = self.get("/api/v1/nights/{night}", night=NIGHT).json()
        self.assertEqual(self.get("/api/v1/nights").json()[0]["night"], NIGHT)
        lanes = {s["lane"] for s in night["lanes"]["spans"]}
        self.assertLessEqual({"in_bed", "play", "massage"}, lanes)
        self.assertGreater(len(night["lanes"]["movement"][0]["minutes"]), 300)
        self.assertTrue(self.get("/api/v1/nights/{night}/picture.svg", night=NIGHT).body.rstrip().endswith(b"</svg>"))
        self.assertTrue(self.get("/api/v1/nights/{night}/picture.png", night=NIGHT).body.startswith(b"\x89PNG"))
        self.assertGreater(self.get("/api/v1/nights/{night}/data.csv", night=NIGHT).body.count(b"\n"), 300)

    def test_why_is_told_with_its_numbers(self):
        all_night = self.get("/api/v1/decisions", f"?night={NIGHT}").json()["decisions"]
        part = self.get("/api/v1/decisions", f"?night={NIGHT}&from=2026-11-21T22:00:00%2B01:00&to=2026-11-21T23:00:00Z")
        self.assertGreater(len(all_night), len(part.json()["decisions"]))
        why = self.get("/api/v1/why", "?at=2026-11-21T22:30:00%2B01:00").json()
        self.assertTrue(why["running"])
        self.assertTrue(any(s["about"].startswith("rule ") for s in why["standpoints"]))

    def test_what_is_wrong_is_said_with_what_would_be_right(self):
        for path, query, status in (("/api/v1/nights/{night}", "", 404), ("/api/v1/nights/{night}/picture.svg", "", 404),
                                    ("/api/v1/decisions", "", 422), ("/api/v1/decisions", "?night=never", 422),
                                    ("/api/v1/decisions", f"?night={NIGHT}&from=now", 422), ("/api/v1/why", "", 422),
                                    ("/api/v1/why", "?at=2026-11-21T02:00", 422), ("/api/v1/trends", "?weeks=0", 422),
                                    ("/api/v1/why", "?at=1999-01-01T00:00:00Z", 404)):
            self.get(path, query, status, night="1999-01-01")

    def test_a_configuration_is_checked(self):
        text = "home: {name: X, time_zone: Nowhere/Else}\nsleepers: [{name: Ana}]\n"
        checked = ask(self.port, "POST", "/api/v1/check", text, Content_Type="application/yaml")
        self.fits("POST", "/api/v1/check", checked)
        self.assertFalse(checked.json()["fine"])
        self.assertIn("/home/time_zone", [p["path"] for p in checked.json()["problems"]])
        huge = ask(self.port, "POST", "/api/v1/check", "# " + "x" * 900_000, Content_Type="application/yaml")
        self.assertEqual(huge.status, 200, huge.body[:200])

    def test_a_rule_can_be_left_out_of_nights_that_were(self):
        def run(body, status=200):
            answer = ask(self.port, "POST", "/api/v1/backtest", json.dumps(body), Content_Type="application/json")
            self.assertEqual(answer.status, status, answer.body[:300])
            self.fits("POST", "/api/v1/backtest", answer)
            return answer.json()
        with_all, without = run({"nights": 3}), run({"nights": 3, "rules": {"Restless at night": False}})
        def sessions(outcome):
            return [s["routine"] for n in outcome["nights"] for s in n["would"]["sessions"]]
        self.assertNotIn("night-relief", sessions(without))
        self.assertLess(len(sessions(without)), len(sessions(with_all)) + 1)
        run({"rules": {"None such": False}}, 422)
        run([], 400)

    def test_every_command_of_the_document_is_known(self):
        values = {"routine": "wind-down", "device": "Leg massage", "rule": "Bedtime", "sleeper": "Ana", "flag": "sedatives",
                  "word": "legs", "on": False}
        for schema in self.document["components"]["schemas"]["Command"]["oneOf"]:
            do = schema["properties"]["do"]["const"]
            if do in ("stop", "test"):  # told of in page_test.py; a set-up test takes minutes
                continue
            more = {k: values[k] for k in schema["properties"] if k in values}
            self.assertEqual(problems(self.document["components"]["schemas"]["Command"], {"do": do, **more}, self.document), [])
            answer = tell(self.port, do, **more)
            self.assertIn(answer.status, (202, 409), (do, answer.body))
            self.fits("POST", "/api/v1/commands", answer)
        tell(self.port, "allow", rule="Bedtime", on=True)
        tell(self.port, "allow", routine="wind-down", on=True)
        tell(self.port, "night_replay", on=True)


    def test_in_german_no_sentence_is_english(self):
        """What somebody reads in German is German: the names of a household apart, no sentence is as it was."""
        names = {"about", "asked_by", "door", "owner", "step"}
        sentences = {"advice", "counting", "detail", "disagreement", "ended_by", "estimate", "in_words", "limits", "next_text",
                     "off_because", "no_figures_because", "plan", "remarks", "remedy", "signs_of_waking", "status_why",
                     "text", "until", "why"}
        state = ask(self.port, "GET", "/api/v1/state").json()
        theirs = {r["name"] for r in state["rules"]} | {r["id"] for r in state["routines"]} | {
            d["name"] for d in state["devices"]} | {"warming the bed"}
        english = re.compile(r"\b(the|is|it|of|not|for|when|after|by|asked|has|that|with|are|nothing|needed|used|left|"
                             r"until|from|switched|heard|movements|and)\b")

        def said(value, key=""):
            if isinstance(value, dict):
                for name, part in value.items():
                    yield from said(part, name)
            elif isinstance(value, list):
                for part in value:
                    yield from said(part, key)
            elif isinstance(value, str) and key in sentences | names:
                yield key, value

        def german(method, path, body=None):
            return ask(self.port, method, path, body, Accept_Language="de", Content_Type="application/json").json()
        why = "/api/v1/why?at=2026-11-2"
        answers = [german("GET", path) for path in (
            "/api/v1/state", f"/api/v1/decisions?night={NIGHT}", f"/api/v1/nights/{NIGHT}", "/api/v1/nights",
            why + "1T22:40:00%2B01:00", why + "2T00:20:00%2B01:00", why + "2T02:20:00%2B01:00", why + "2T05:00:00%2B01:00",
            "/api/v1/nights/1999-01-01", "/api/v1/why?at=1999-01-01T00:00:00Z")]
        answers.append(german("POST", "/api/v1/backtest", '{"nights":3}'))
        answers.append(german("POST", "/api/v1/commands", '{"do":"softer"}'))
        checked = set()
        for key, text in (pair for answer in answers for pair in said(answer)):
            rest = text
            for name in sorted(theirs, key=len, reverse=True):
                rest = re.sub(re.escape(name), "", rest, flags=re.I)
            self.assertIsNone(english.search(rest), f"{key}: {text}")
            checked.add(text)
        self.assertGreater(len(checked), 100)
        self.assertIn("Wenn Ana ins Bett geht", str(answers[0]))
        svg = self.get("/api/v1/nights/{night}/picture.svg", "?lang=de", night=NIGHT).body.decode()
        words = re.findall(r">([^<>]*[a-z]{2}[^<>]*)<", svg)
        self.assertIn("Samstag, 21. November 2026", words)
        named = re.compile("|".join(re.escape(name) for name in sorted(theirs, key=len, reverse=True)), re.I)
        for text in words:
            self.assertIsNone(english.search(named.sub("", text)), f"in the picture: {text}")
        self.assertNotEqual(self.get("/api/v1/nights/{night}/picture.png", "?lang=de", night=NIGHT).body,
                            self.get("/api/v1/nights/{night}/picture.png", night=NIGHT).body)
        table = [self.get("/api/v1/nights/{night}/data.csv", lang, night=NIGHT).body for lang in ("", "?lang=de")]
        self.assertEqual(*(t.splitlines()[:400] for t in table), "a table is for programs; the night goes on meanwhile")
        for body in ("", "{", '{"do":"dance"}', '{"do":"set","device":"x"}', '{"do":"set","device":"Leg massage","level":101}',
                     '{"do":"play","routine":"none"}', '{"do":"replay","on":1}', "[" * 2000, '{"do":"allow","rule":"x"}',
                     '{"do":"word"}', '{"do":"not_tonight","on":1}', '{"do":"flag_tonight","sleeper":"Ana","flag":"x"}',
                     '{"do":"softer","by":"me"}', '{"do":"extend","minutes":100}', '{"do":"test","device":"Bedside lamp"}'):
            problem = german("POST", "/api/v1/commands", body)
            for key in ("detail", "remedy"):
                said_in_german = re.sub("„[^“]*“", "", problem.get(key, ""))  # a field of the command is called as it is
                self.assertIsNone(english.search(named.sub("", said_in_german)), problem)

    def test_mqtt_says_the_same(self):
        mqtt = Client(self.demo.broker)
        self.addCleanup(mqtt.close)
        mqtt.subscribe("lull/+/#")
        time.sleep(1)

        def differences():
            state = ask(self.port, "GET", "/api/v1/state").json()
            said = {m.topic.split("/", 2)[2]: m.payload.decode("utf-8", "replace") for m in list(mqtt.messages)
                    if m.topic.startswith("lull/" + state["install"]) and m.topic.count("/") > 1}
            return list(doors_agree.differences(said, state))

        # They are told within a tenth of a second of each other; time goes on in between.
        deadline = time.monotonic() + 15
        while found := differences():
            if time.monotonic() > deadline:
                self.fail("\n".join(found))
            time.sleep(0.3)
        tell(self.port, "stop")
        deadline = time.monotonic() + 15
        while differences() or not ask(self.port, "GET", "/api/v1/state").json()["stopped"]:
            self.assertLess(time.monotonic(), deadline, differences())
            time.sleep(0.3)
        tell(self.port, "release")

    def test_all_four_doors_have_the_same_states_and_commands(self):
        mqtt = Client(self.demo.broker)
        self.addCleanup(mqtt.close)
        mqtt.subscribe("lull/+/#", "homeassistant/device/+/config")
        time.sleep(2)
        said = {m.topic.split("/", 2)[2]: m.payload for m in mqtt.messages
                if m.topic.startswith("lull/") and m.topic.count("/") > 1 and not m.topic.startswith("lull/pad/")
                and not m.topic.startswith("lull/anklet/")}
        configs = [json.loads(m.payload) for m in mqtt.messages if m.topic.startswith("homeassistant/") and m.payload]
        self.assertTrue(configs)
        entities = [e for config in configs for e in config["components"].values()]
        self.assertEqual(list(doors.differences(self.document, said, entities)), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
