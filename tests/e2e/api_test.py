#!/usr/bin/env python3
# The API under real inspectors: schemathesis asks everything that openapi.json allows and much that it does not, and
# Prometheus' own promtool reads /metrics. Each is skipped, saying so, where it is not set up.      api_test.py LULL
import os
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
from web import Demo, ask  # noqa: E402: it takes LULL from the arguments

CACHE = os.environ.get("LULL_PEERS_DIR") or os.path.join(
    os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "lull-peers")
SCHEMATHESIS = os.environ.get("LULL_SCHEMATHESIS") or os.path.join(CACHE, "schemathesis", "venv", "bin", "schemathesis")
EXAMPLES = os.environ.get("LULL_SCHEMATHESIS_EXAMPLES", "25")


class Inspected(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.demo = Demo(speed=600)

    @classmethod
    def tearDownClass(cls):
        cls.demo.end()

    @unittest.skipUnless(os.path.exists(SCHEMATHESIS), "schemathesis is not set up: ./dev peers schemathesis")
    def test_schemathesis_finds_no_fault(self):
        done = subprocess.run(
            [SCHEMATHESIS, "run", f"http://127.0.0.1:{self.demo.port}/api/v1/openapi.json", "--exclude-path", "/api/v1/live",
             "--max-examples", EXAMPLES, "--seed", "1", "--request-timeout", "60", "--checks",
             "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,"
             "unsupported_method", "--no-color"], capture_output=True, text=True, timeout=1200,
            cwd=self.demo.out.name)
        self.assertEqual(done.returncode, 0, done.stdout[-6000:] + done.stderr[-2000:])
        self.assertEqual(ask(self.demo.port, "GET", "/healthz").status, 200)

    @unittest.skipUnless(shutil.which("promtool"), "promtool is not there: apt-get install prometheus")
    def test_promtool_accepts_the_metrics(self):
        metrics = ask(self.demo.port, "GET", "/metrics").body
        done = subprocess.run(["promtool", "check", "metrics"], input=metrics, capture_output=True)
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, b""))


if __name__ == "__main__":
    unittest.main(verbosity=2)
