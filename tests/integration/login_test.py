#!/usr/bin/env python3
# The page for somebody at another machine: TLS, a login, roles, and what a stranger, a thief of cookies or a guesser of
# passwords gets.      login_test.py LULL
import http.client
import json
import os
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import unittest

LULL = sys.argv.pop(1) if len(sys.argv) > 1 else "build/release/lull"
PASSWORD = "Kohlrabi-7319-horse"
HOME = """
home: {name: Ana, time_zone: Europe/Berlin}
sleepers: [{name: Ana}]
devices: [{name: Leg massage, is: massage_pad, speaks: esphome, at: lull/pad/left, for: Ana}]
routines: {relief: {for: 10min, tracks: [{massage: Leg massage, level: 30%, at: 0min, for: 10min}]}}
http: {address: 0.0.0.0, port: PORT, certificate: lull.pem, key: lull.key, users: users}
"""


def address_of_ours():
    """One that is not loopback: to Lull, whoever comes from there is somebody else."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return probe.getsockname()[0]
        except OSError:
            return "127.0.0.1"


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as door:
        return door.getsockname()[1]


class Login(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.address = address_of_ours()
        if cls.address.startswith("127."):
            raise unittest.SkipTest("this machine has no address but loopback")
        cls.folder = tempfile.TemporaryDirectory()
        at = lambda name: os.path.join(cls.folder.name, name)
        subprocess.run(["openssl", "req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                        "-keyout", at("lull.key"), "-out", at("lull.pem"), "-subj", "/CN=lull", "-days", "2",
                        "-addext", "subjectAltName=IP:127.0.0.1,IP:" + cls.address], check=True, capture_output=True)
        os.chmod(at("lull.key"), 0o600)
        with open(at("users"), "w") as users:
            os.chmod(at("users"), 0o600)
            for user, role in (("ana", "admin"), ("ben", "partner"), ("eve", "sleeper")):
                line = subprocess.run([LULL, "password", "--user", user, "--role", role], input=PASSWORD + "\n", text=True,
                                      capture_output=True, check=True).stdout
                assert PASSWORD not in line and "$argon2id$" in line, line
                users.write(line)
        cls.port = free_port()
        with open(at("lull.yaml"), "w") as file:
            file.write(HOME.replace("PORT", str(cls.port)))
        cls.log = open(at("log"), "w+")
        cls.process = subprocess.Popen([LULL, "run", "--config", at("lull.yaml"), "--state", at("state")], stderr=cls.log)
        cls.context = ssl.create_default_context(cafile=at("lull.pem"))
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                if cls.ask(cls.address, "GET", "/healthz")[0] in (200, 503):
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("no page: " + open(at("log")).read())

    @classmethod
    def tearDownClass(cls):
        cls.process.terminate()
        cls.process.wait(20)
        cls.log.seek(0)
        said = cls.log.read()
        cls.log.close()
        cls.folder.cleanup()
        assert PASSWORD not in said and "argon2id" not in said and "lull=" not in said, "a secret in the log"

    @classmethod
    def ask(cls, address, method, path, body=None, **fields):
        connection = http.client.HTTPSConnection(address, cls.port, timeout=20, context=cls.context)
        if body is not None and not isinstance(body, str):
            body, fields = json.dumps(body), {"Content_Type": "application/json", **fields}
        connection.request(method, path, body, {k.replace("_", "-"): v for k, v in fields.items()})
        reply = connection.getresponse()
        text = reply.read().decode()
        connection.close()
        return reply.status, dict(reply.getheaders()), text

    def log_in(self, user, password=PASSWORD):
        status, fields, text = self.ask(self.address, "POST", "/api/v1/session", {"user": user, "password": password})
        self.assertEqual(status, 200, text)
        cookie = fields["Set-Cookie"]
        for word in ("HttpOnly", "Secure", "SameSite=Strict"):
            self.assertIn(word, cookie)
        return cookie.split(";")[0]

    def test_a_stranger_sees_nothing_of_the_house(self):
        for path in ("/api/v1/state", "/api/v1/nights", "/api/v1/trends", "/api/v1/why?at=2026-01-01T00:00:00Z"):
            status, _, text = self.ask(self.address, "GET", path)
            self.assertEqual((status, json.loads(text)["code"]), (401, "log_in"), path)
        status, _, text = self.ask(self.address, "POST", "/api/v1/commands", {"do": "stop"})
        self.assertEqual(status, 401)
        status, _, text = self.ask(self.address, "GET", "/metrics")
        self.assertEqual(status, 200)
        self.assertIn("lull_broker_up", text)
        self.assertNotIn("lull_sleeper", text)
        self.assertIn("lull_sleeper", self.ask("127.0.0.1", "GET", "/metrics")[2])

    def test_this_machine_needs_no_login(self):
        self.assertEqual(self.ask("127.0.0.1", "GET", "/api/v1/state")[0], 200)
        self.assertEqual(self.ask("127.0.0.1", "GET", "/api/v1/state", X_Forwarded_For="192.0.2.9")[0], 403)

    def test_without_tls_there_is_no_answer(self):
        plain = http.client.HTTPConnection(self.address, self.port, timeout=10)
        with self.assertRaises((OSError, http.client.HTTPException)):
            plain.request("GET", "/healthz")
            plain.getresponse()
        plain.close()

    def test_a_login_opens_and_a_logout_closes(self):
        cookie = self.log_in("ana")
        self.assertEqual(self.ask(self.address, "GET", "/api/v1/state", Cookie=cookie)[0], 200)
        self.assertEqual(json.loads(self.ask(self.address, "GET", "/api/v1/session", Cookie=cookie)[2]),
                         {"user": "ana", "role": "admin"})
        self.assertEqual(self.ask(self.address, "POST", "/api/v1/commands", {"do": "stop"}, Cookie=cookie,
                                  Origin="https://evil.example")[0], 403)
        self.assertEqual(self.ask(self.address, "POST", "/api/v1/commands", {"do": "stop"}, Cookie=cookie,
                                  Origin=f"https://{self.address}:{self.port}")[0], 202)
        self.assertEqual(self.ask(self.address, "POST", "/api/v1/commands", {"do": "release"}, Cookie=cookie)[0], 202)
        other = self.log_in("ana")
        self.assertEqual(self.ask(self.address, "DELETE", "/api/v1/session", Cookie=cookie)[0], 204)
        self.assertEqual(self.ask(self.address, "GET", "/api/v1/state", Cookie=cookie)[0], 401, "a cookie played again")
        self.assertEqual(self.ask(self.address, "GET", "/api/v1/state", Cookie=other)[0], 200)
        self.assertEqual(self.ask(self.address, "DELETE", "/api/v1/sessions", Cookie=other)[0], 204)
        self.assertEqual(self.ask(self.address, "GET", "/api/v1/state", Cookie=other)[0], 401)

    def test_a_partner_sees_and_stops_and_reads_no_diary(self):
        cookie = self.log_in("ben")
        status, _, text = self.ask(self.address, "GET", "/api/v1/state", Cookie=cookie)
        state = json.loads(text)
        self.assertEqual((status, state["last_night"], state["sleepers"][0]["index"]), (200, [], None))
        theirs = (state["sleepers"][0]["replays_tonight"], state["last_decision"])
        self.assertEqual(theirs, (None, None), "0 would be a figure")
        state = json.loads(self.ask("127.0.0.1", "GET", "/api/v1/state")[2])
        self.assertEqual(state["sleepers"][0]["replays_tonight"], 0, "which others are told")
        for path in ("/api/v1/nights", "/api/v1/trends", "/api/v1/decisions?night=2026-11-21"):
            self.assertEqual(self.ask(self.address, "GET", path, Cookie=cookie)[0], 403, path)
        wish = lambda command: self.ask(self.address, "POST", "/api/v1/commands", command, Cookie=cookie)[0]
        self.assertEqual(wish({"do": "play", "routine": "relief"}), 403)
        self.assertEqual(wish({"do": "set", "device": "Leg massage", "level": 20}), 403)
        self.assertEqual(wish({"do": "stop"}), 202)
        self.assertEqual(wish({"do": "release"}), 403)
        self.ask("127.0.0.1", "POST", "/api/v1/commands", {"do": "release"})
        self.assertEqual(self.ask(self.address, "POST", "/api/v1/check", "home: {}", Cookie=cookie)[0], 403)

    def test_zz_who_guesses_is_made_to_wait(self):  # last: from this address everybody has to
        answers = [self.ask(self.address, "POST", "/api/v1/session", {"user": "eve", "password": f"wrong-{i}"})[0]
                   for i in range(9)]
        self.assertEqual(answers[:2], [401, 401])
        self.assertEqual(answers[-1], 429)
        status, fields, _ = self.ask(self.address, "POST", "/api/v1/session", {"user": "eve", "password": PASSWORD})
        self.assertEqual(status, 429, "not even with the right one, for a while")
        self.assertGreaterEqual(int(fields["Retry-After"]), 1)
        self.assertEqual(self.ask("127.0.0.1", "GET", "/healthz")[0] in (200, 503), True)


if __name__ == "__main__":
    unittest.main(verbosity=2)
