#!/usr/bin/env python3
"""Lull tells phones by ntfy, over HTTPS: each trouble gets its sentence, who is refused does not knock again, and
nothing that happens there delays a STOP."""
import http.client
import json
import os
import subprocess
import tempfile
import time

from bedroom import CONFIG
from ntfy import Ntfy, certificates
from schema import problems
from story import PAD, Story, eventually, main

TOKEN, TOPIC = "tk_Kohlrabi7319horse", "lull-kit-q7Xw2mLp94"


class ByNtfy(Story):
    config = CONFIG + ("ntfy:\n  url: URL\n  token_file: token\n  ca: CA\n"
                       "  topics: {Kit: {topic: %s, about: [notice, fault, summary]}}\n" % TOPIC)

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp()
        cls.ca, cls.certificate, cls.key = certificates(cls.folder)

    def setUp(self):
        super().setUp()
        self.ntfy = Ntfy(self.certificate, self.key, TOKEN)
        self.addCleanup(self.ntfy.close)
        self.give(TOKEN)
        with open(self.room.config_path) as f:
            self.text = f.read()
        self.at("https://localhost:%d" % self.ntfy.port, self.ca)

    def give(self, token):
        with open(os.path.join(self.room.folder, "token"), "w") as f:
            f.write(token + "\n")
        os.chmod(f.name, 0o600)

    def at(self, url, ca=""):
        with open(self.room.config_path, "w") as f:
            f.write(self.text.replace("URL", url).replace("  ca: CA\n", "  ca: %s\n" % ca if ca else ""))

    def look(self):
        from story import LULL
        done = subprocess.run([LULL, "check", self.room.config_path, "--connect"], capture_output=True, text=True,
                              timeout=60, stdin=subprocess.DEVNULL)
        self.assertNotIn(TOKEN, done.stdout + done.stderr)
        return done.returncode, done.stdout + done.stderr

    def says(self, words):
        return self.log().count(words)

    def speaks(self, again=False):
        """Something is told: a notice. Three devices are asked for while STOP is on."""
        if not again:
            self.room.command("stop")
        self.room.command("set", device="Leg massage", level=50)


class Looks(ByNtfy):
    def test_each_trouble_has_its_sentence_and_nobody_is_told_anything(self):
        code, said = self.look()
        self.assertEqual(code, 0, said)
        self.assertIn("ntfy at localhost: answers, and knows the token", said)
        for odd, words in ((500, "HTTP 500"), ("noise", "speaks no HTTP"), ("rude", "without an answer"),
                           ("babble", "a line without an end")):
            with self.subTest(odd):
                self.ntfy.odd = odd
                code, said = self.look()
                self.assertEqual(code, 1, said)
                self.assertIn(words, said)
        self.ntfy.odd = "endless"
        self.assertIn("ntfy at localhost: answers", self.look()[1], "its first line says all")
        self.ntfy.odd = ""
        self.give("tk_another")
        self.assertIn("does not know the token", self.look()[1])
        os.chmod(os.path.join(self.room.folder, "token"), 0o644)
        self.assertIn("chmod 600", self.look()[1])
        self.give(TOKEN)
        self.ntfy.close()
        self.assertIn("nobody answers at", self.look()[1])
        self.assertEqual(self.ntfy.messages, [])

    def test_its_certificate_is_checked(self):
        port = self.ntfy.port
        for url, ca, words in (("https://localhost:%d", "", "name the right one as `ca`"),
                               ("https://127.0.0.1:%d", self.ca, "for another name than 127.0.0.1"),
                               ("https://localhost:%d", "/nothing.pem", "no certificate (PEM)")):
            self.at(url % port, ca)
            code, said = self.look()
            self.assertEqual(code, 1, said)
            self.assertIn(words, said)
        self.assertEqual(self.ntfy.tried, [], "and no stranger was told the token")


class Runs(ByNtfy):
    def test_a_phone_is_told_and_the_token_is_nowhere(self):
        self.begin()
        self.speaks()
        self.assertTrue(eventually(lambda: self.ntfy.told("STOP is still on", "/" + TOPIC)), self.log())
        message = self.ntfy.told("STOP is still on")[0]
        self.assertEqual((message.method, message.headers["priority"], message.headers["title"]), ("PUT", "2", "Lull"))
        self.assertEqual(self.room.lull.ends(15), 0)
        for folder, _, names in os.walk(self.room.state):
            for name in names:
                with open(os.path.join(folder, name), "rb") as f:
                    self.assertNotIn(TOKEN.encode(), f.read(), name)
        self.assertNotIn(TOKEN, self.log())

    def test_who_is_refused_does_not_knock_again_until_the_token_is_another(self):
        self.give("tk_revoked")
        self.begin()
        self.room.pad.dead = True
        self.speaks()
        self.assertTrue(eventually(lambda: self.says("ntfy: refused: it does not know the token")), self.log())
        for _ in range(4):
            self.speaks(again=True)
            time.sleep(1)
        self.assertEqual(self.ntfy.tried, ["Bearer tk_revoked"])
        self.assertEqual(self.says("ntfy: refused"), 1)
        self.give(TOKEN)
        self.assertTrue(eventually(lambda: self.ntfy.told("STOP is still on"), 40), self.log())
        self.assertNotIn("revoked", self.log())

    def test_it_is_told_when_the_server_is_back(self):
        self.ntfy.odd = 503
        self.begin()
        self.speaks()
        self.assertTrue(eventually(lambda: self.says("ntfy: cannot be reached: the server is in trouble")), self.log())
        self.ntfy.odd = ""
        self.assertTrue(eventually(lambda: self.ntfy.told("STOP is still on"), 20), self.log())
        self.assertTrue(eventually(lambda: self.says("ntfy: messages arrive again")), self.log())


    def test_what_arrived_is_not_told_twice_however_long_the_answer_is(self):
        self.begin()
        self.ntfy.odd = "long head"
        self.speaks()
        self.assertTrue(eventually(lambda: self.ntfy.messages), self.log())
        time.sleep(5)  # who did not understand the answer would have told it again by now
        self.assertEqual(len(self.ntfy.messages), 1, self.log())
        self.assertEqual(self.room.wire.wait(self.room.topic("hub/ntfy"), "working", within=5).payload, b"working")
        self.ntfy.odd = "long line"
        self.speaks(again=True)
        self.assertTrue(eventually(lambda: len(self.ntfy.messages) == 2), self.log())
        time.sleep(5)
        self.assertEqual(len(self.ntfy.messages), 2, self.log())
        self.assertEqual(self.says("ntfy: "), 0, self.log())


class IsShown(ByNtfy):
    """Where a household looks: Home Assistant's sensor, the API, the metrics. Nowhere by what it is reached."""

    def state(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.room.http, timeout=5)
        self.addCleanup(connection.close)
        connection.request("GET", "/api/v1/state", headers={"Accept-Language": "de"})
        whole = json.loads(connection.getresponse().read())
        connection.request("GET", "/api/v1/openapi.json")
        document = json.loads(connection.getresponse().read())
        self.assertEqual(list(problems({"$ref": "#/components/schemas/State"}, whole, document)), [])
        connection.request("GET", "/metrics")
        numbers = dict(line.split(" ", 1) for line in connection.getresponse().read().decode().splitlines() if line[0] != "#")
        return whole["ntfy"], {name[len("lull_ntfy_"):]: n for name, n in numbers.items() if name.startswith("lull_ntfy_")}

    def shows(self, state, met=lambda facts: True, since=0):
        self.assertIsNotNone(self.room.wire.wait(self.room.topic("hub/ntfy"), state, since, within=20), self.log())
        said = self.room.wire.wait(self.room.topic("hub/ntfy/attributes"), lambda p: bool(p) and met(json.loads(p)), since,
                                   within=20)
        self.assertIsNotNone(said, "%s\n%s" % (state, self.log()))
        return json.loads(said.payload)

    def test_what_became_of_the_messages(self):
        self.begin()
        self.assertEqual(self.shows("not_tried"), {"waiting": 0, "lost": 0})
        self.assertEqual(self.state()[1], {"waiting": "0", "lost_total": "0"})
        config = self.room.wire.wait("homeassistant/device/%s/config" % ("lull_" + self.room.install[:8] + "_hub"))
        self.assertEqual(json.loads(config.payload)["components"]["ntfy"]["state_topic"], self.room.topic("hub/ntfy"))

        self.ntfy.odd = 503
        mark = self.room.wire.mark()
        self.speaks()
        facts = self.shows("unreachable", lambda f: f["waiting"] > 0, mark)
        self.assertIn("the server is in trouble (HTTP 503)", facts["last_failure"])
        self.assertIn("last_failed", facts)
        self.assertNotIn("last_told", facts)
        road, numbers = self.state()
        self.assertEqual(road["state"], "unreachable")
        self.assertEqual(road["last_failure"], "nicht zu erreichen: der Server hat Schwierigkeiten (HTTP 503)")
        self.assertEqual(numbers["up"], "0")
        self.assertGreater(int(numbers["waiting"]), 0)

        self.ntfy.odd = ""
        facts = self.shows("working", lambda f: "last_told" in f and f["waiting"] == 0, mark)
        self.assertIn("the server is in trouble", facts["last_failure"], "what was is not forgotten")
        road, numbers = self.state()
        self.assertEqual((road["state"], road["last_told"], numbers["up"]), ("working", facts["last_told"], "1"))

        self.give("tk_revoked")
        mark = self.room.wire.mark()
        self.speaks(again=True)
        self.assertIn("does not know the token", self.shows("refused", since=mark)["last_failure"])
        for m in self.room.wire.since(0):
            for secret in (TOKEN, "tk_revoked", TOPIC):
                self.assertNotIn(secret.encode(), m.payload, m.topic)
        for secret in (TOKEN, "tk_revoked", TOPIC):
            self.assertNotIn(secret, json.dumps(self.state()) + self.log())


class Hangs(ByNtfy):
    """One story for each way to hang."""

    def stops_while(self, odd):
        self.ntfy.odd = odd
        self.begin()
        self.speaks()
        self.room.command("release")
        self.assertTrue(eventually(lambda: self.ntfy.connections), self.log())
        self.starts(PAD)
        began = time.monotonic()
        self.room.command("stop")
        self.assertTrue(eventually(lambda: not self.room.pad.runs()), self.log())
        took = time.monotonic() - began
        began = time.monotonic()
        self.assertEqual(self.room.lull.ends(15), 0)
        print("ntfy is %s: STOP after %.0f ms, the end after %.1f s" % (odd, took * 1000, time.monotonic() - began))
        self.assertLess(took, 1)
        self.assertLess(time.monotonic() - began, 5)
        self.assertLess(self.ntfy.connections, 6, "and it is not asked in a loop")


for one in ("silent", "deaf", "drip", "endless", "flood", "rude", "noise"):
    setattr(Hangs, "test_while_ntfy_is_" + one, lambda self, odd=one: self.stops_while(odd))


if __name__ == "__main__":
    main()
