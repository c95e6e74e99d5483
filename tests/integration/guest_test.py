#!/usr/bin/env python3
"""Lull as a guest of Home Assistant's WebSocket, with a stand-in for the other side: each trouble gets its sentence, a
refused token is tried once, and nothing that happens there delays a STOP."""
import json
import os
import subprocess
import threading
import time

from bedroom import CONFIG
from home import Home
from story import PAD, Story, eventually, main

TOKEN = "eyJ-Kohlrabi-7319-horse"


class Guest(Story):
    config = CONFIG + ("home_assistant:\n  url: URL\n  token_file: token\n  ca: CA\n"
                       "  notify: {Kit: {to: mobile_app_pixel, about: [notice, fault, restless]}}\n")

    def setUp(self):
        super().setUp()
        self.home = Home(TOKEN)
        self.addCleanup(self.home.close)
        self.give(TOKEN)
        self.at("http://127.0.0.1:%d" % self.home.port)

    def give(self, token):
        with open(os.path.join(self.room.folder, "token"), "w") as f:
            f.write(token + "\n")
        os.chmod(f.name, 0o600)

    def at(self, url, ca=""):
        with open(self.room.config_path) as f:
            text = f.read()
        self.text = getattr(self, "text", text)
        with open(self.room.config_path, "w") as f:
            f.write(self.text.replace("URL", url).replace("  ca: CA\n", "  ca: %s\n" % ca if ca else ""))

    def look(self, environment=None):
        from story import LULL
        done = subprocess.run([LULL, "check", self.room.config_path, "--connect"], capture_output=True, text=True,
                              timeout=60, env=dict(os.environ, **(environment or {})), stdin=subprocess.DEVNULL)
        self.assertNotIn(TOKEN, done.stdout + done.stderr)
        return done.returncode, done.stdout + done.stderr

    def says(self, words):
        return self.log().count(words)


class LooksAround(Guest):
    def test_a_good_token_is_told_whose_it_is_and_which_phones_are_there(self):
        code, said = self.look()
        self.assertEqual(code, 0, said)
        self.assertIn("connected, version 2026.11.0, as Ana (administrator)", said)
        self.assertIn("notify.mobile_app_pixel: there", said)
        self.assertEqual(self.home.messages, [], "and nobody was told anything")
        self.assertEqual(self.home.closes, [1000], "and it left as one leaves")

    def test_each_trouble_has_its_sentence(self):
        for odd, words in (("403", "banned this machine"), ("404", "no Home Assistant"), ("502", "not running"),
                           ("400", "a proxy before Home Assistant"), ("stranger", "is no JSON"),
                           ("huge", "more than 4 MiB"), ("silent", "no WebSocket comes about")):
            with self.subTest(odd):
                self.home.odd = odd
                code, said = self.look()
                self.assertEqual(code, 1, said)
                self.assertIn(words, said)
        self.home.odd = ""
        self.give("another")
        self.assertIn("refuses the token", self.look()[1])
        os.chmod(os.path.join(self.room.folder, "token"), 0o644)
        self.assertIn("chmod 600", self.look()[1])
        os.remove(os.path.join(self.room.folder, "token"))
        self.assertIn("cannot be read", self.look()[1])
        self.assertIn("as Ana", self.look({"LULL_HOME_ASSISTANT_TOKEN": TOKEN})[1], "the environment goes before the file")
        self.home.services.clear()
        self.give(TOKEN)
        code, said = self.look()
        self.assertEqual(code, 1, said)
        self.assertIn("notify.mobile_app_pixel: not there", said)
        self.home.close()
        self.assertIn("nobody answers at", self.look()[1])
        self.at("http://no.such.host.invalid")
        self.assertRegex(self.look()[1], "cannot be resolved|could not be looked up in time")

    def test_as_an_app_it_goes_the_supervisors_way(self):
        with open(self.room.config_path, "w") as f:
            f.write(self.text.replace("  url: URL\n  token_file: token\n  ca: CA\n", ""))
        self.assertIn("there is no `url`", self.look()[1])
        self.assertIn("Home Assistant at supervisor:80", self.look({"SUPERVISOR_TOKEN": "x"})[1])

    def test_tls_is_checked(self):
        folder = self.room.folder

        def openssl(*arguments):
            subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)
        new = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2")
        openssl("req", "-x509", *new, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=home")
        openssl("req", *new[:-2], "-keyout", "it.key", "-out", "it.csr", "-subj", "/CN=it")
        with open(os.path.join(folder, "ext"), "w") as f:
            f.write("subjectAltName=DNS:localhost\n")
        openssl("x509", "-req", "-in", "it.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
                "-extfile", "ext", "-out", "it.pem")
        home = Home(TOKEN, tls=(os.path.join(folder, "it.pem"), os.path.join(folder, "it.key")))
        self.addCleanup(home.close)
        for url, ca, words in (("https://localhost:%d", "ca.pem", "as Ana (administrator)"),
                               ("https://localhost:%d", "", "name the right one as `ca`"),
                               ("https://127.0.0.1:%d", "ca.pem", "for another name than 127.0.0.1"),
                               ("https://localhost:%d", "nothing.pem", "no certificate (PEM)")):
            self.at(url % home.port, os.path.join(folder, ca) if ca else "")
            self.assertIn(words, self.look()[1], url + " " + ca)
        self.at("https://127.0.0.1:%d" % self.home.port, os.path.join(folder, "ca.pem"))
        self.assertIn("is it the port for https?", self.look()[1])
        self.assertEqual(home.tried, [TOKEN], "and no stranger was told the token")
        self.assertEqual(self.home.tried, [])


class Runs(Guest):
    def test_a_refused_token_is_tried_once(self):
        self.give("revoked")
        self.begin()
        self.assertTrue(eventually(lambda: self.says("refuses the token") == 1), self.log())
        time.sleep(8)  # who loops would be there some four times by now
        self.assertEqual(self.home.tried, ["revoked"])
        self.assertEqual(self.home.connections, 1)
        self.assertEqual(self.says("refuses the token"), 1)
        self.give(TOKEN)
        self.assertTrue(eventually(lambda: self.says("home assistant: connected"), 40), "another token is tried\n" + self.log())
        self.assertEqual(self.home.tried, ["revoked", TOKEN])

    def test_a_phone_is_told_and_its_tap_is_a_wish_and_the_token_is_nowhere(self):
        self.begin()
        self.assertTrue(eventually(lambda: self.home.taps), self.log())
        self.starts(PAD)
        self.room.command("stop")
        self.assertTrue(eventually(lambda: not self.room.pad.runs()))
        self.room.command("set", device="Leg massage", level=50)
        def told():
            return [service for service, data in self.home.messages if "STOP is still on" in data["message"]]
        self.assertTrue(eventually(told), self.log())
        self.assertEqual(told(), ["mobile_app_pixel"])
        for forged in ("LULL_PHONE_STOP_0", "LULL_PHONE_RELEASE_0", "LULL_STOP"):
            self.home.tap(forged)
        self.assertTrue(eventually(lambda: self.says("a tap on a phone was refused") == 1), self.log())
        self.assertEqual(self.room.lull.ends(15), 0)
        self.assertEqual(self.home.closes, [1000], "it left as one leaves")
        for folder, _, names in os.walk(self.room.state):
            for name in names:
                with open(os.path.join(folder, name), "rb") as f:
                    self.assertNotIn(TOKEN.encode(), f.read(), name)
        self.assertNotIn(TOKEN, self.log())

    def stop_takes(self):
        self.starts(PAD)
        began = time.monotonic()
        self.room.command("stop")
        self.assertTrue(eventually(lambda: not self.room.pad.runs()), self.log())
        took = time.monotonic() - began
        self.room.command("release")
        return took

    def test_a_flood_of_news_from_there_delays_no_stop(self):
        self.begin()
        self.assertTrue(eventually(lambda: self.home.taps), self.log())
        conversation, number = self.home.taps[0]
        news = {"id": number, "type": "event", "event": {"event_type": "x", "data": {"list": list(range(2000))}}}
        ended = threading.Event()

        def flood():
            try:
                while not ended.is_set():
                    conversation.say([news] * 5)
            except OSError:
                pass
        threading.Thread(target=flood, daemon=True).start()
        took = self.stop_takes()
        ended.set()
        print("STOP under a flood: %.0f ms" % (took * 1000))
        self.assertLess(took, 1)

    def test_a_home_that_hangs_delays_neither_stop_nor_the_end(self):
        self.home.odd = "deaf"
        self.begin()
        self.assertTrue(eventually(lambda: self.says("home assistant: connected")), self.log())
        self.assertLess(self.stop_takes(), 1)
        began = time.monotonic()
        self.assertEqual(self.room.lull.ends(15), 0)
        self.assertLess(time.monotonic() - began, 5)

    def test_it_comes_back_when_the_home_does(self):
        self.begin()
        self.assertTrue(eventually(lambda: self.home.taps), self.log())
        for conversation, _ in self.home.taps:
            conversation.guest.shutdown(2)
        self.assertTrue(eventually(lambda: self.says("home assistant: connected") == 2, 15), self.log())
        self.assertEqual(self.home.tried, [TOKEN, TOKEN])
        with_state = self.room.wire.wait(self.room.topic("hub/home_assistant"), "connected", within=5)
        self.assertIsNotNone(with_state)
        said = self.room.wire.wait(self.room.topic("hub/home_assistant/attributes"),
                                   lambda p: bool(p) and json.loads(p).get("user") == "Ana", within=5)
        self.assertEqual(json.loads(said.payload)["phones"], [{"name": "mobile_app_pixel", "reached_by": "service"}])


if __name__ == "__main__":
    main()
