# A real `lull demo` process and its web door, for the tests of the page: HTTP and WebSockets in plain Python.
import base64
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

    def __init__(self, speed=60, more=()):
        self.out = tempfile.TemporaryDirectory()
        self.process = subprocess.Popen([LULL, "demo", "--speed", str(speed), "--stay", "--out", self.out.name, *more],
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


class InADemo(unittest.TestCase):
    """One demo for all tests of a class."""
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
