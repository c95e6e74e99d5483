#!/usr/bin/env python3
"""The broker dies while a heater is on: nothing can be proved any more, and the roads that are up tell. Both others are:
the stand-ins for Home Assistant's WebSocket and for ntfy."""
import os
import tempfile
import time

from bedroom import CONFIG
from home import Home
from ntfy import Ntfy, certificates
from story import MAT, Story, eventually, main

TOKEN = "tk_Kohlrabi7319horse"
WORDS = "Heat mat has not shown that it is off"


class TheBrokerDies(Story):
    warms = True
    config = CONFIG + ("home_assistant:\n  url: http://127.0.0.1:HOME\n  token_file: token\n"
                       "  notify: {Kit: mobile_app_pixel}\n"
                       "ntfy: {url: \"https://localhost:NTFY\", token_file: token, ca: CA, topics: {Kit: kit}}\n")

    def setUp(self):
        folder = tempfile.mkdtemp()
        ca, certificate, key = certificates(folder)
        self.home, self.ntfy = Home(TOKEN), Ntfy(certificate, key, TOKEN)
        self.addCleanup(self.home.close)
        self.addCleanup(self.ntfy.close)
        for word, value in (("HOME", self.home.port), ("NTFY", self.ntfy.port), ("CA", ca)):
            self.config = self.config.replace(word, str(value))
        super().setUp()

    def give_token(self):
        with open(os.path.join(self.room.folder, "token"), "w") as f:
            f.write(TOKEN + "\n")
        os.chmod(f.name, 0o600)

    def by_home(self):
        return [(service, data) for service, data in self.home.messages if WORDS in data.get("message", "")]

    def test_while_a_heater_is_on_and_each_road_that_is_up_tells(self):
        self.give_token()
        self.begin()
        self.assertTrue(eventually(lambda: self.home.taps), self.log())
        self.starts(MAT)
        self.room.broker.kill()
        died = time.monotonic()
        self.assertFalse(eventually(self.by_home, 50), "a broker that restarts is back by then\n" + self.log())
        self.assertTrue(eventually(lambda: self.by_home() and self.ntfy.told(WORDS), 40), self.log())
        print("told %.0f s after the broker died" % (time.monotonic() - died))
        service, data = self.by_home()[0]
        self.assertEqual(service, "mobile_app_pixel")
        self.assertEqual(data["data"]["push"]["sound"]["critical"], 1, "through Do not disturb")
        self.assertEqual(self.ntfy.told(WORDS)[0].headers["priority"], "5")
        self.assertIn("its own timer ends it", data["message"])
        self.assertEqual(len(self.ntfy.told(WORDS)), 1)

        # And the broker, when it is back; who was told does not hear it twice.
        self.room.broker.start()
        self.room.clients.clear()
        self.room.wire = self.room.listener()
        self.room.plug_in()
        heard = self.room.wire.wait(self.room.topic("event/message"), lambda p: WORDS.encode() in p, within=30)
        self.assertIsNotNone(heard, self.log())
        self.assertTrue(eventually(lambda: not self.room.mat.runs()), self.log())
        time.sleep(2)
        self.assertEqual((len(self.by_home()), len(self.ntfy.told(WORDS))), (1, 1))


if __name__ == "__main__":
    main()
