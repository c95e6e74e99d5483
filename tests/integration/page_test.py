#!/usr/bin/env python3
# The page's door of a real `lull demo` process: the API says what MQTT says, every answer is as openapi.json has it,
# and strangers, slow, forged, oversized or half-open, get a clear refusal.      page_test.py LULL
import base64
import gzip
import hashlib
import http.client
import json
import os
import re
import socket
import struct
import subprocess
import sys
import tempfile
import time
import unittest

LULL = sys.argv.pop(1) if len(sys.argv) > 1 else "build/release/lull"
SLOW = int(os.environ.get("LULL_SLOW", 1))  # a sanitizer takes that much more time, and memory too


class Demo:
    """A demo at a night's ordinary speed that stays up; one for all tests of this file."""

    def __init__(self, speed=60):
        self.out = tempfile.TemporaryDirectory()
        self.process = subprocess.Popen([LULL, "demo", "--speed", str(speed), "--stay", "--out", self.out.name],
                                        stdout=subprocess.PIPE, text=True)
        self.port = self.broker = None
        deadline = time.monotonic() + 20
        while self.port is None and time.monotonic() < deadline:
            line = self.process.stdout.readline()
            if found := re.search(r"Broker on 127\.0\.0\.1:(\d+)", line):
                self.broker = int(found[1])
            if found := re.search(r"http://127\.0\.0\.1:(\d+)/", line):
                self.port = int(found[1])
        assert self.port, "the demo did not say where its page is"
        os.set_blocking(self.process.stdout.fileno(), False)

    def drain(self):
        try:
            while self.process.stdout.read(65536):
                pass
        except (TypeError, BlockingIOError):
            pass

    def end(self):
        self.process.terminate()
        try:
            self.process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.out.cleanup()

    def memory_kb(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read())[1])


class Answer:
    def __init__(self, status, fields, body):
        self.status, self.fields, self.body = status, fields, body

    def json(self):
        return json.loads(self.body)


def ask(port, method, path, body=None, **fields):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(method, path, body, {k.replace("_", "-"): v for k, v in fields.items()})
    reply = connection.getresponse()
    answer = Answer(reply.status, {k.lower(): v for k, v in reply.getheaders()}, reply.read())
    connection.close()
    return answer


def tell(port, do, **more):
    return ask(port, "POST", "/api/v1/commands", json.dumps({"do": do, **more}), Content_Type="application/json")


class WebSocket:
    """As small as a client can be: text messages, masked, whole."""
    clock = None  # what time the server last said it was

    def __init__(self, port, path="/api/v1/live", **fields):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Upgrade: websocket", "Connection: Upgrade",
                 f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13"]
        lines += [f"{k}: {v}" for k, v in fields.items()]
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        self.waiting = b""
        while b"\r\n\r\n" not in self.waiting:
            more = self.socket.recv(4096)
            if not more:
                break
            self.waiting += more
        head, _, self.waiting = self.waiting.partition(b"\r\n\r\n")
        self.status = int(head.split()[1])
        if self.status == 101:
            expected = base64.b64encode(hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest())
            assert expected in head, head

    def take(self, n):
        while len(self.waiting) < n:
            more = self.socket.recv(65536)
            if not more:
                raise EOFError
            self.waiting += more
        taken, self.waiting = self.waiting[:n], self.waiting[n:]
        return taken

    def hear(self):
        while True:
            first, second = self.take(2)
            length = second & 0x7F
            if length == 126:
                length = struct.unpack(">H", self.take(2))[0]
            elif length == 127:
                length = struct.unpack(">Q", self.take(8))[0]
            payload = self.take(length)
            if first & 0x0F == 1:
                said = json.loads(payload)
                if "clock" not in said:
                    return said
                self.clock = said["clock"]
            if first & 0x0F == 8:
                raise EOFError
            if first & 0x0F == 9:
                self.send(payload, 0x8A)

    def send(self, payload, first=0x81):
        payload = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        mask = os.urandom(4)
        length = bytes([0x80 | len(payload)]) if len(payload) < 126 else b"\xfe" + struct.pack(">H", len(payload))
        self.socket.sendall(bytes([first]) + length + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(payload)))

    def close(self):
        self.socket.close()


def patched(state, patch):
    """RFC 7396. What becomes null is no longer there."""
    state = dict(state)
    for key, value in patch.items():
        if value is None:
            state.pop(key, None)
        elif isinstance(value, dict) and isinstance(state.get(key), dict):
            state[key] = patched(state[key], value)
        else:
            state[key] = value
    return state


def without_nulls(value):
    return {k: without_nulls(v) for k, v in value.items() if v is not None} if isinstance(value, dict) else value


class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.demo = Demo()
        cls.port = cls.demo.port
        cls.until(lambda: cls.state()["ready"], "ready")

    @classmethod
    def tearDownClass(cls):
        cls.demo.end()

    @classmethod
    def state(cls):
        cls.demo.drain()
        return ask(cls.port, "GET", "/api/v1/state").json()

    @classmethod
    def until(cls, holds, what, seconds=30):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if holds():
                return
            time.sleep(0.1)
        raise AssertionError(f"{what}: not within {seconds} s")

    def device(self, name):
        return next(d for d in self.state()["devices"] if d["name"] == name)

    # ---- commands ----

    def test_stop_is_accepted_and_the_proof_is_in_the_state(self):
        answer = tell(self.port, "stop")
        self.assertEqual(answer.status, 202, answer.body)
        self.until(lambda: self.state()["stopped"] and all(
            d["off"]["proved"] for d in self.state()["devices"] if d["kind"] in ("heat_pad", "massage_pad")), "proved off")
        refused = tell(self.port, "replay")
        self.assertEqual(refused.status, 409)
        self.assertIn("STOP", refused.json()["detail"])
        self.assertEqual(tell(self.port, "release").status, 202)
        self.until(lambda: not self.state()["stopped"], "released")

    def test_a_level_comes_back_from_the_device(self):
        self.until(lambda: not self.state()["stopped"], "not stopped")
        self.assertEqual(tell(self.port, "set", device="Leg massage", level=30, minutes=10).status, 202)
        self.until(lambda: self.device("Leg massage")["on"], "on")
        self.assertEqual(tell(self.port, "set", device="Leg massage", level=0).status, 202)
        self.until(lambda: self.device("Leg massage")["off"]["proved"], "off")

    def test_what_is_not_understood_is_refused_with_what_would_be_right(self):
        for body, status in (("", 400), ("{", 400), ('{"do":"dance"}', 422), ('{"do":"set","device":"x"}', 422),
                             ('{"do":"play","routine":"none"}', 422), ('{"do":"replay","on":1}', 422), ("[" * 2000, 400)):
            answer = ask(self.port, "POST", "/api/v1/commands", body, Content_Type="application/json")
            self.assertEqual(answer.status, status, (body[:40], answer.body))
            self.assertEqual(answer.fields["content-type"], "application/problem+json")
            self.assertTrue(answer.json()["remedy"])
        self.assertEqual(ask(self.port, "POST", "/api/v1/commands", '{"do":"stop"}').status, 415)
        self.assertFalse(self.state()["stopped"])

    # ---- live ----

    def test_a_rule_and_a_routine_rest_for_tonight_and_come_back(self):
        def rests(kind, key, name):
            return next(one for one in self.state()[kind] if one[key] == name)["on_tonight"] is False
        for kind, key, what in (("rules", "name", {"rule": "Bedtime"}), ("routines", "id", {"routine": "wind-down"})):
            name = next(iter(what.values()))
            self.assertEqual(tell(self.port, "allow", on=False, tonight=True, **what).status, 202)
            self.until(lambda: rests(kind, key, name), f"{name} rests")
            self.assertTrue(any(line.startswith(f"{name}: off for tonight; back") for line in self.state()["plan"]))
            self.assertEqual(tell(self.port, "allow", on=True, tonight=True, **what).status, 202)
            self.until(lambda: not rests(kind, key, name), f"{name} is back")

    def test_a_start_that_was_long_on_its_way_begins_nothing(self):
        self.until(lambda: self.state()["ready"], "it is ready")
        def late(do, ms, **more):
            return tell(self.port, do, asked_at=int(time.time() * 1000) - ms, **more)
        answer = late("play", 6_000, routine="night-relief")
        self.assertEqual((answer.status, answer.json()["code"]), (409, "too_late"), answer.body)
        self.assertIn("what is older than 4 s begins nothing", answer.json()["detail"])
        self.assertNotIn("night-relief", [p["routine"] for p in self.state()["plays"]])
        ahead = late("play", -60_000, routine="night-relief")
        self.assertEqual((ahead.status, ahead.json()["code"]), (422, "clock_ahead"), ahead.body)
        self.assertEqual(late("softer", 600_000).json().get("code"), "not_done", "nothing plays, but late it is not")
        live = WebSocket(self.port)
        self.addCleanup(live.close)
        while live.clock is None:
            live.hear()
        self.assertLess(abs(live.clock - time.time() * 1000), 5_000)
        self.assertEqual(late("stop", 600_000).status, 202, "a STOP is never too late")
        self.until(lambda: self.state()["stopped"], "it is stopped")
        self.assertEqual(late("release", 6_000).json()["code"], "too_late")
        self.assertEqual(tell(self.port, "release").status, 202)

    def test_what_is_watched_is_what_is_asked_for(self):
        live = WebSocket(self.port)
        first = live.hear()
        state, seq = first["state"], first["seq"]
        live.send({"id": "c1", "command": {"do": "not_tonight", "on": True}})
        answered = False
        deadline = time.monotonic() + 10
        while not (answered and state.get("not_tonight")) and time.monotonic() < deadline:
            message = live.hear()
            if "id" in message:
                self.assertEqual((message["id"], message["accepted"]), ("c1", True))
                answered = True
                continue
            self.assertEqual(message["seq"], seq + 1, "nothing is missed")
            seq, state = message["seq"], patched(state, message["patch"])
        self.assertTrue(answered and state["not_tonight"])
        live.send({"id": "c2", "command": {"do": "dance"}})
        while "id" not in (message := live.hear()):
            seq, state = message["seq"], patched(state, message["patch"])
        self.assertEqual(message["problem"]["code"], "command_unclear")
        live.close()
        tell(self.port, "not_tonight", on=False)
        # After the break: what was missed, and no gap.
        again = WebSocket(self.port, f"/api/v1/live?since={seq}")
        message = again.hear()
        self.assertEqual(message["seq"], seq + 1)
        while state.get("not_tonight"):
            state, seq = patched(state, message["patch"]), message["seq"]
            message = again.hear()
        again.close()
        anew = WebSocket(self.port, "/api/v1/live?since=17")
        self.assertIn("state", anew.hear())
        anew.close()

    def test_a_page_hears_something_every_few_seconds(self):
        live = WebSocket(self.port)
        live.hear()
        begun = time.monotonic()
        live.hear()
        self.assertLess(time.monotonic() - begun, 7)
        live.close()

    def test_a_page_that_does_not_read_is_dropped(self):
        slow = WebSocket(self.port)
        slow.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        before = self.demo.memory_kb()
        for i in range(400):
            slow.send({"id": "x" * 3000, "command": {"do": "dance"}})
        time.sleep(1)
        self.assertEqual(ask(self.port, "GET", "/healthz").status, 200)
        self.assertLess(self.demo.memory_kb() - before, 4000 * SLOW)
        slow.close()

    def test_fifty_pages_are_told_and_cost_little(self):
        ask(self.port, "GET", "/api/v1/state")
        before = self.demo.memory_kb()
        pages = [WebSocket(self.port) for _ in range(50)]
        for page in pages:
            self.assertIn("state", page.hear())
        news = [page.hear()["seq"] for page in pages]
        self.assertLess(max(news) - min(news), 20)
        cost = self.demo.memory_kb() - before
        print(f"50 pages that watch cost {cost} KiB", flush=True)
        self.assertLess(cost, 50 * 100 * SLOW)
        for page in pages:
            page.close()

    # ---- strangers ----

    def test_somebody_elses_page_is_refused(self):
        body, kind = '{"do":"stop"}', {"Content_Type": "application/json"}
        self.assertEqual(ask(self.port, "POST", "/api/v1/commands", body, Origin="https://evil.example", **kind).status, 403)
        self.assertEqual(ask(self.port, "POST", "/api/v1/commands", body, Origin="null", **kind).status, 403)
        self.assertEqual(ask(self.port, "GET", "/api/v1/state", Host="evil.example").status, 421)
        self.assertEqual(ask(self.port, "GET", "/api/v1/state", X_Forwarded_For="192.0.2.1").status, 403)
        forged = WebSocket(self.port, Origin="http://evil.example")
        self.assertEqual(forged.status, 403)
        forged.close()
        own = f"http://127.0.0.1:{self.port}"
        self.assertEqual(ask(self.port, "POST", "/api/v1/commands", '{"do":"dance"}', Origin=own, **kind).status, 422)
        self.assertFalse(self.state()["stopped"])

    def test_every_answer_bears_the_fields_that_protect_a_browser(self):
        for path in ("/", "/api/v1/state", "/nowhere", "/healthz"):
            fields = ask(self.port, "GET", path).fields
            self.assertEqual(fields["x-content-type-options"], "nosniff", path)
            self.assertIn("default-src 'none'", fields["content-security-policy"])
            self.assertNotIn("unsafe", fields["content-security-policy"])
            self.assertEqual(fields["referrer-policy"], "no-referrer")

    def test_the_pages_come_from_the_program_and_are_asked_for_once(self):
        home = ask(self.port, "GET", "/")
        if home.status == 404:
            self.skipTest(home.json()["detail"])
        for path in ("/", "/bed", "/night/2026-11-21", "/trends", "/rules"):
            page = ask(self.port, "GET", path, Accept_Encoding="gzip")
            self.assertEqual((page.status, page.fields["content-type"]), (200, "text/html; charset=utf-8"), path)
            self.assertEqual(page.fields["content-encoding"], "gzip")
            self.assertEqual(gzip.decompress(page.body), ask(self.port, "GET", path).body, "also for who takes no gzip")
            again = ask(self.port, "GET", path, If_None_Match=page.fields["etag"])
            self.assertEqual((again.status, again.body), (304, b""))
        for path in re.findall(r'(?:src|href)="(?:\./)?(assets/[^"]+)"', home.body.decode()):
            asset = ask(self.port, "GET", "/" + path)
            self.assertEqual(asset.status, 200, path)
            self.assertIn("immutable", asset.fields["cache-control"])
        self.assertEqual(ask(self.port, "GET", "/night").fields["location"], "night/")
        self.assertNotIn(b"<style", home.body)
        self.assertNotRegex(home.body.decode(), r"<script(?![^>]*src=)")

    def test_paths_lead_to_no_file(self):
        for path in ("/../../etc/passwd", "/assets/../../etc/passwd", "/%2e%2e/etc/passwd", "/assets/%00", "//etc/passwd",
                     "/api/v1/nights/..%2f..%2fetc", "/api/v1/nights/2026-11-21/../../../etc/passwd", "/night/../bed"):
            answer = ask(self.port, "GET", path)
            self.assertIn(answer.status, (404, 422), (path, answer.status))
            self.assertNotIn(b"root:", answer.body)

    def test_too_much_is_refused(self):
        for size, status in ((70_000, 413), (2_000_000, 413)):
            try:
                answer = ask(self.port, "POST", "/api/v1/commands", "x" * size, Content_Type="application/json")
                self.assertEqual(answer.status, status)
            except (BrokenPipeError, ConnectionResetError):
                pass  # the refusal came while we still wrote
        self.assertEqual(ask(self.port, "GET", "/" + "a" * 9000).status, 431)
        self.assertEqual(ask(self.port, "GET", "/api/v1/state", X_Long="b" * 9000).status, 431)
        self.assertEqual(ask(self.port, "GET", "/api/v1/state", "a body").status, 413)

    def test_a_thousand_slow_ones_keep_nobody_from_stopping(self):
        before = self.demo.memory_kb()
        slow = []
        for i in range(1000):
            one = socket.create_connection(("127.0.0.1", self.port), timeout=5)
            try:
                one.sendall((b"", b"GET /api", b"POST /api/v1/commands HTTP/1.1\r\nContent-Length: 60000\r\nHost: 127.0.0.1\r\n"
                             b"Content-Type: application/json\r\n\r\n{")[i % 3])
            except OSError:
                pass
            slow.append(one)
        begun = time.monotonic()
        self.assertEqual(tell(self.port, "stop").status, 202)
        self.addCleanup(tell, self.port, "release")
        self.assertLess(time.monotonic() - begun, 2)
        for one in slow:
            one.close()
        self.assertLess(self.demo.memory_kb() - before, 6000 * SLOW)
        tell(self.port, "release")
        self.until(lambda: not self.state()["stopped"], "released")


if __name__ == "__main__":
    unittest.main(verbosity=2)
