"""A small MQTT 3.1.1 client, a real mosquitto and the program under test, for tests in plain Python.

Nothing here is built on Lull's own MQTT code: what it says is read from the wire by somebody else.
"""
import collections
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import threading
import time


class Message(collections.namedtuple("Message", "topic payload retained at")):
    """payload: bytes; retained: it lay there before we subscribed; at: time.time()."""

    @property
    def text(self):
        return self.payload.decode("utf-8", "replace")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def matches(topic_filter, topic):
    """MQTT 3.1.1, section 4.7."""
    wanted, levels = topic_filter.split("/"), topic.split("/")
    for i, word in enumerate(wanted):
        if word == "#":
            return True
        if i >= len(levels) or word not in ("+", levels[i]):
            return False
    return len(wanted) == len(levels)


def _text(value):
    value = value.encode() if isinstance(value, str) else value
    return struct.pack("!H", len(value)) + value


def _packet(head, body):
    size, rest = b"", len(body)
    while True:
        rest, low = divmod(rest, 128)
        size += bytes([low | (0x80 if rest else 0)])
        if not rest:
            return bytes([head]) + size + body


class Client:
    """One connection with a thread that reads. Everything heard is kept in order in `messages`."""

    def __init__(self, port, name=None, seconds=10, qos=0):
        """Tries for so long to reach a broker that may just be starting. `qos`: of what is published without one."""
        self.messages = []  # only ever grows: a reader may keep an index into it
        self._news, self._writing = threading.Condition(), threading.Lock()
        self._handlers, self._acks, self._next, self._qos = [], set(), 0, qos
        self.connected = False
        deadline = time.monotonic() + seconds
        while True:
            try:
                self._socket = socket.create_connection(("127.0.0.1", port), seconds)
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.02)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.settimeout(None)
        self._file = self._socket.makefile("rb")
        name = name or "test-%d-%d" % (os.getpid(), id(self) & 0xFFFFFF)
        self._send(_packet(0x10, _text("MQTT") + b"\x04\x02\x00\x00" + _text(name)))
        head, body = self._read()
        if head >> 4 != 2 or body[1] != 0:
            raise ConnectionError("the broker refused the test's client: %r" % (body,))
        self.connected = True
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _send(self, data):
        with self._writing:
            self._socket.sendall(data)

    def _read(self):
        head = self._file.read(1)
        if not head:
            raise ConnectionError("the broker closed the connection")
        size, shift = 0, 0
        while True:
            byte = self._file.read(1)[0]
            size |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return head[0], self._file.read(size)

    def _listen(self):
        try:
            while True:
                head, body = self._read()
                kind = head >> 4
                if kind == 3:
                    self._took(head, body)
                elif kind in (4, 9):  # PUBACK, SUBACK
                    with self._news:
                        self._acks.add(struct.unpack_from("!H", body)[0])
                        self._news.notify_all()
        except (OSError, ConnectionError, IndexError, ValueError, struct.error):
            with self._news:
                self.connected = False
                self._news.notify_all()

    def _took(self, head, body):
        at = time.time()
        size = struct.unpack_from("!H", body)[0]
        topic, rest = body[2:2 + size].decode("utf-8", "replace"), body[2 + size:]
        if (head >> 1) & 3:
            packet, rest = rest[:2], rest[2:]
            self._send(b"\x40\x02" + packet)
        message = Message(topic, rest, bool(head & 1), at)
        with self._news:
            self.messages.append(message)
            self._news.notify_all()
        for topic_filter, handler in self._handlers:
            if matches(topic_filter, topic):
                handler(message)

    def _id(self):
        with self._writing:
            self._next = self._next % 65535 + 1
            return self._next

    def _acked(self, packet, within=20):
        with self._news:
            if not self._news.wait_for(lambda: packet in self._acks or not self.connected, within):
                raise TimeoutError("the broker did not acknowledge")
            self._acks.discard(packet)

    def subscribe(self, *filters, handler=None):
        """Returns when the broker confirmed. `handler` runs on the reading thread and must not wait."""
        for f in filters:
            if handler:
                self._handlers.append((f, handler))
            packet = self._id()
            self._send(_packet(0x82, struct.pack("!H", packet) + _text(f) + b"\x01"))
            self._acked(packet)

    def publish(self, topic, payload=b"", retain=False, qos=None, wait=True):
        """At QoS 1 it returns when the broker has it."""
        qos = self._qos if qos is None else qos
        if isinstance(payload, (dict, list)):
            payload = json.dumps(payload)
        payload = payload.encode() if isinstance(payload, str) else payload
        packet = self._id() if qos else 0
        body = _text(topic) + (struct.pack("!H", packet) if qos else b"") + payload
        self._send(_packet(0x30 | qos << 1 | int(retain), body))
        if qos and wait:
            self._acked(packet)

    def words(self, said):
        """Many (topic, payload) at QoS 0 as the bytes that say them, for write()."""
        return b"".join(_packet(0x30, _text(topic) + payload.encode()) for topic, payload in said)

    def write(self, words):
        self._send(words)

    def mark(self):
        """A place in `messages`: what comes after it is news."""
        with self._news:
            return len(self.messages)

    def since(self, mark, topic_filter="#"):
        with self._news:
            return [m for m in self.messages[mark:] if matches(topic_filter, m.topic)]

    def last(self, topic):
        """The newest message of exactly this topic, or None."""
        with self._news:
            return next((m for m in reversed(self.messages) if m.topic == topic), None)

    def wait(self, topic_filter, met=lambda payload: True, since=0, within=10):
        """The first message since `since` whose payload `met`, a value or a function, accepts; else None."""
        wanted = met if callable(met) else lambda p: p == (met.encode() if isinstance(met, str) else met)
        deadline, at = time.monotonic() + within, since
        with self._news:
            while True:
                while at < len(self.messages):
                    m = self.messages[at]
                    at += 1
                    if matches(topic_filter, m.topic) and wanted(m.payload):
                        return m
                left = deadline - time.monotonic()
                if left <= 0 or not self.connected:
                    return None
                self._news.wait(left)

    def close(self):
        try:
            self._send(b"\xe0\x00")
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        if self._thread is not threading.current_thread():
            self._thread.join(5)
        self._file.close()
        self._socket.close()


class Mosquitto:
    """A real broker on a free port of the loopback, with nothing kept on disk."""

    def __init__(self, folder, port=None):
        self.port, self.folder, self.process = port or free_port(), folder, None
        self.program = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
        self.start()

    def start(self):
        config = os.path.join(self.folder, "mosquitto.conf")
        with open(config, "w") as f:
            f.write("listener %d 127.0.0.1\nallow_anonymous true\npersistence false\nset_tcp_nodelay true\n"
                    "max_queued_messages 5000\nlog_dest none\n" % self.port)
            if os.geteuid() == 0:
                f.write("user root\n")
        self.process = subprocess.Popen([self.program, "-c", config], stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        for _ in range(500):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.02)
        raise RuntimeError("mosquitto does not take connections")

    def kill(self):
        self.process.kill()
        self.process.wait()

    def close(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait()


class Program:
    """The program under test as a process; what it logs goes to a file."""

    def __init__(self, arguments, log, env=None):
        self.log_path = log
        self._log = open(log, "ab")
        self.process = subprocess.Popen(arguments, stdout=self._log, stderr=self._log, stdin=subprocess.DEVNULL,
                                        env={**os.environ, **(env or {})})
        self.pid = self.process.pid

    def alive(self):
        return self.process.poll() is None

    def log(self):
        with open(self.log_path, errors="replace") as f:
            return f.read()

    def ends(self, within=20, sign=signal.SIGTERM):
        """Its exit code after the signal; None when it does not end."""
        if sign is not None and self.alive():
            self.process.send_signal(sign)
        try:
            return self.process.wait(within)
        except subprocess.TimeoutExpired:
            return None

    def kill(self):
        if self.alive():
            self.process.kill()
        self.process.wait()
        self._log.close()
