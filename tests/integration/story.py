"""What every story of the running program shares: a bedroom, lull's command line, patience."""
import http.client
import json
import os
import subprocess
import sys
import time
import unittest

from bedroom import CONFIG, Bedroom

MAT, MOTOR, PAD = "heatmat/relay/set", "legmotor/set", "lull/pad/left/number/vibration/command"
LULL = ""


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
    warms = False  # whether these stories switch the mat on: then its set-up test was passed, once for all of them

    def setUp(self):
        self.room = Bedroom(LULL, self.config)
        self.addCleanup(self.room.close)
        if self.warms:
            self.room.know_that_the_mat_was_tested()

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
        text = answer.read()
        connection.close()
        return answer.status, json.loads(text)


def main():
    """STORY_TEST.PY LULL [names]: LULL is the program. LULL_KEEP=1 keeps the folders with everybody's logs."""
    global LULL
    LULL = os.path.abspath(sys.argv.pop(1))
    unittest.main("__main__", verbosity=2)
